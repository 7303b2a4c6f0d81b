// Three hundred names that want to be something else ring through the simulator: what the relay sends to browsers, keeps,
// prints and exports of them is text of one line, and no cell of the export is a formula.
import { afterEach, expect, test } from 'vitest';
import { readRows } from '../../fakes/csv-reader.ts';
import { HOSTILE_NAMES } from '../../fixtures/hostile-names.ts';
import { codeIn, type LoneRelay, pairBrowser, runRelay, signInTo, startLoneRelay } from '../process-rig.ts';

let relay: LoneRelay;
afterEach(() => relay.close());

// Control characters and what turns the direction of the text around it, written down apart from the relay's own list.
const STEERING = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069\u061c]/u;
const isFormula = (cell: string) => /^\s*[=+\-@＝＋－＠]/.test(cell) && !/^\+[0-9][0-9 ]*$/.test(cell);
const LONGEST_NAME = 128;
// What only some spreadsheets compute.
const NAMES = [...HOSTILE_NAMES, '＝1+1', '＋49', '－1', '＠SUM(1)', ' =1+1', '\u00a0=1+1'];

function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    return (key === 'name' || key === 'company') && typeof inner === 'string' ? [inner] : namesIn(inner);
  });
}

test(`${NAMES.length} hostile names: nothing of them steers a browser, a terminal or a spreadsheet`, async () => {
  relay = await startLoneRelay();
  const { frames, close } = await rungBy(
    (index) => `030231250${String(index % 100).padStart(2, '0')}`,
    (index) => NAMES[index] ?? '',
  );
  const names = frames.flatMap(namesIn);
  expect(names.length).toBeGreaterThan(NAMES.length);
  expect(names.filter((name) => STEERING.test(name) || name.length > LONGEST_NAME)).toEqual([]);
  // They came through, but for what was taken out of them.
  expect(names.some((name) => name.includes('<script>alert(1)</script>'))).toBe(true);
  expect(names.some((name) => name.startsWith('=HYPERLINK'))).toBe(true);

  const printed = await outputOf('journal', '--limit', '1000');
  expect(printed.split('\n').filter((line) => STEERING.test(line))).toEqual([]);
  const [, ...rows] = readRows((await outputOf('journal', 'export')).replaceAll('\n', '\r\n'), ',');
  expect(rows).toHaveLength(NAMES.length);
  expect(rows.flat().filter((cell) => isFormula(cell) || STEERING.test(cell))).toEqual([]);
  close();
});

test(`${NAMES.length} contacts with such names: nothing of them steers either`, async () => {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const numberOf = (index: number) => `03023125${String(index).padStart(3, '0')}`;
  const rows = NAMES.map((name, index) => [String(index), quoted(name), quoted(name), numberOf(index)].join(','));
  relay = await startLoneRelay({ contacts: `ID,Name,Company,Phone\r\n${rows.join('\r\n')}\r\n` });
  const { frames, close } = await rungBy(numberOf, () => 'Sample Caller');
  const names = frames.flatMap(namesIn);
  expect(names.filter((name) => STEERING.test(name) || name.length > LONGEST_NAME)).toEqual([]);
  expect(names.some((name) => name.includes('<script>alert(1)</script>'))).toBe(true);
  // Who has no name that can be shown is no contact.
  expect(frames.filter((frame) => JSON.stringify(frame).includes('"contact":')).length).toBeGreaterThan(NAMES.length);
  close();
});

/** Lets each of the names ring line 10 and give up; answers what a browser was told meanwhile. */
async function rungBy(numberOf: (index: number) => string, nameOf: (index: number) => string) {
  const device = await pairBrowser(relay.url, codeIn(await relay.cli('pair', 'ada')));
  const ended = new Set<string>();
  const { promise: allEnded, resolve } = Promise.withResolvers<void>();
  const { client } = await signInTo(relay.url, device, (message) => {
    for (const item of message.type === 'journal' ? message.items : []) {
      if (!('gone' in item) && item.endedAt !== undefined) ended.add(item.entryId);
    }
    if (ended.size === NAMES.length) resolve();
  });
  await client.next('snapshot');
  await client.next('journal');
  const { exchange } = relay.simulator;
  for (const index of NAMES.keys()) {
    exchange.callIn({ to: '10', from: numberOf(index), name: nameOf(index) });
    exchange.hands.reject('10');
  }
  await allEnded;
  return { frames: client.frames, close: () => client.socket.terminate() };
}

async function outputOf(...args: string[]): Promise<string> {
  const run = runRelay([...args, '--config', relay.config]);
  expect(await run.ended).toMatchObject({ code: 0 });
  return run.out();
}
