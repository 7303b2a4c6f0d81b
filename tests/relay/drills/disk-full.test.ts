// The relay's disk runs full in the middle of a day: a small file system of its own, filled to the last byte. Nothing may be
// dialled that cannot be recorded first, nobody may be kept from seeing lines, and all is well again when there is room.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JournalEntry, ServerMessage } from '@offhook/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { callIdOf, lineIdOf } from '../../../relay/src/call-ids.ts';
import { callControl, controlPath } from '../../../relay/src/control.ts';
import type { ControlItem } from '../../../relay/src/control-commands.ts';
import { AGENTS, type Office, openOffice, PBX } from '../kills/office.ts';
import { pairBrowser, runRelay } from '../process-rig.ts';

const SIZE = '6m';
const AGENT = AGENTS[0];
type Result = ServerMessage & { type: 'result' };

const dir = mkdtempSync(join(tmpdir(), 'offhook-small-disk-'));
const filler = join(dir, 'filler');
const isMounted = mounts();

function mounts(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'offhook', dir], { stdio: 'ignore' });
    return true;
  } catch {
    // A container without the right to mount.
    return false;
  }
}

/** Takes every byte that is left, the last page included. */
function fill(): void {
  for (const bytes of [65_536, 4_096, 1]) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(bytes), { flag: 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}

let office: Office;
let results: Result[];
let entries: Map<string, JournalEntry>;
let gaps: string[];

beforeEach(async () => {
  if (!isMounted) return;
  [results, entries, gaps] = [[], new Map(), []];
  office = await openOffice({ message: (agent, message) => hear(agent, message), frame: () => true }, { dir });
  await office.start();
  await office.until('the lines', () => office.picture.size === 12);
});
afterEach(async () => {
  if (!isMounted) return;
  await office.close();
  for (const name of ['filler', 'data', 'relay.yaml']) rmSync(join(dir, name), { recursive: true, force: true });
});
beforeAll(() => {
  if (!isMounted) console.info('skipped: needs root on Linux, and the right to mount a small file system');
});
afterAll(() => {
  if (isMounted) execFileSync('umount', ['--lazy', dir]);
  rmdirSync(dir);
});

function hear(agent: string, message: ServerMessage): void {
  if (agent !== AGENT) return;
  if (message.type === 'result') results.push(message);
  if (message.type === 'journal')
    for (const item of message.items) if (!('gone' in item)) entries.set(item.entryId, item);
  if (message.type === 'journal-gaps') gaps = message.gaps.map(({ reason }) => reason);
}

async function dial(key: string): Promise<Result> {
  const number = { kind: 'e164', number: '+493023125042' };
  const order = { type: 'command', id: key, key, lineId: lineIdOf(PBX, AGENT), name: 'makeCall', deadlineMs: 10_000 };
  office.clientOf(AGENT)?.send({ ...order, args: { number } });
  const end = () => results.find((one) => one.key === key && !['accepted', 'sent'].includes(one.state));
  await office.until(`an end of ${key}`, () => end() !== undefined);
  return end() as Result; // waited for
}

/** The answer to something that is kept in the journal. */
async function say(id: string, message: object): Promise<Result> {
  office.clientOf(AGENT)?.send({ id, ...message });
  const answer = () => results.find((one) => one.id === id);
  await office.until(`an answer to ${id}`, () => answer() !== undefined);
  return answer() as Result; // waited for
}

async function statusNow(): Promise<ControlItem<'status'>> {
  const found: ControlItem<'status'>[] = [];
  await callControl(controlPath(office.dataDir), 'status', {}, { onItem: (item) => found.push(item) });
  return found[0] as ControlItem<'status'>; // it answers with one
}

/** What `/healthz` answers, and what is wrong by the status. */
async function healthOf(): Promise<unknown[]> {
  const { url, storeProblem } = await statusNow();
  const answer = await fetch(`${url}/healthz`);
  return [answer.status, await answer.json(), storeProblem];
}

async function hangUp(): Promise<void> {
  office.exchange.hands.hangUp(AGENT);
  await office.until('a free line', () => office.picture.get(lineIdOf(PBX, AGENT))?.state === 'idle');
}

async function ringing(to: string): Promise<string> {
  const { callKeys } = office.exchange.callIn({ to, from: '03023125050' });
  const callId = callIdOf(PBX, callKeys[0] ?? '', to);
  const shown = () => office.picture.get(lineIdOf(PBX, to))?.calls.some((call) => call.callId === callId) === true;
  await office.until('the call that rings', shown);
  return callId;
}

function writtenCalls(): unknown[] {
  const db = new DatabaseSync(join(office.dataDir, 'relay.db'), { readOnly: true });
  const rows = db.prepare('SELECT callId FROM leg').all();
  const integrity = db.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
  db.close();
  expect(integrity).toBe('ok');
  return rows.map(({ callId }) => callId);
}

describe.skipIf(!isMounted)('while the disk is full', () => {
  test('nothing is dialled, which is said; calls are shown all the same; with room again all goes on', async () => {
    expect(await dial('before')).toMatchObject({ state: 'done' });
    await hangUp();
    await office.until('the first call in the journal', () => entries.size === 1);
    fill();
    expect(await dial('full')).toMatchObject({ state: 'failed', code: 'store-unavailable' });
    expect(office.exchange.received()).toHaveLength(1);
    const callId = await ringing('13');
    await office.logged(/the journal could not be written/);
    expect(entries.size).toBe(1);
    rmSync(filler);
    await office.until('the call of that time in the journal', () => entries.size === 2);
    expect(writtenCalls()).toContain(callId);
    expect(await dial('after')).toMatchObject({ state: 'done' });
    expect(office.exchange.received()).toHaveLength(2);
  });

  test('an order of that time, asked about again when there is room, is dialled once or never', async () => {
    fill();
    expect(await dial('again')).toMatchObject({ state: 'failed', code: 'store-unavailable' });
    rmSync(filler);
    results = [];
    await dial('again');
    await dial('again');
    expect(office.exchange.received().length).toBeLessThanOrEqual(1);
  });

  test('a note and a promise to call back are refused in words of their own, and kept when they come again', async () => {
    expect(await dial('before')).toMatchObject({ state: 'done' });
    await hangUp();
    await office.until('the first call in the journal', () => entries.size === 1);
    const [entryId = ''] = entries.keys();
    const note = { type: 'note', entryId, text: 'Wants an offer.' };
    const callBack = { type: 'call-back', entryId, take: true };
    fill();
    expect(await say('note', { ...note, key: 'note' })).toMatchObject({ state: 'failed', code: 'store-unavailable' });
    // Behind a call that cannot be written down either.
    await ringing('13');
    await office.logged(/the journal could not be written/);
    expect(await say('note-again', { ...note, key: 'note' })).toMatchObject({ code: 'store-unavailable' });
    expect(await say('call-back', callBack)).toMatchObject({ state: 'failed', code: 'store-unavailable' });
    rmSync(filler);
    await office.until('the call of that time in the journal', () => entries.size === 2);
    expect(await say('note-last', { ...note, key: 'note' })).toMatchObject({ state: 'done' });
    await office.until('the note in the journal', () => entries.get(entryId)?.note === 'Wants an offer.');
    expect(await say('call-back-last', callBack)).toMatchObject({ state: 'done' });
  });

  test('the health check, the status and the doctor say so, and who changes something is told', async () => {
    expect(await healthOf()).toEqual([200, { status: 'ok' }, undefined]);
    fill();
    expect(await healthOf()).toEqual([503, { status: 'store-unavailable' }, 'full']);
    const doctor = runRelay(['doctor', '--json', '--config', join(dir, 'relay.yaml')]);
    expect((await doctor.ended).code).toBe(1);
    expect(doctor.out()).toMatch(/"check":"writing","state":"fail".*"remedy":"make room/);
    const adding = callControl(
      controlPath(office.dataDir),
      'addGroup',
      { group: '@sample' },
      { onItem: () => undefined },
    );
    await expect(adding).rejects.toThrow(/cannot write to its disk/);
    rmSync(filler);
    expect(await dial('after')).toMatchObject({ state: 'done' });
    expect(await healthOf()).toEqual([200, { status: 'ok' }, undefined]);
  });

  test('agents sign in and see their lines; a new browser is told why not, and its code stays good', async () => {
    const codes: string[] = [];
    const onItem = ({ code }: ControlItem<'pair'>) => codes.push(code);
    await callControl(controlPath(office.dataDir), 'pair', { user: `agent-${AGENT}` }, { onItem });
    const { url } = await statusNow();
    fill();
    await expect(pairBrowser(url, codes[0] ?? '')).rejects.toThrow('4504 store-unavailable');
    await office.signInAnew(AGENT);
    await office.until('the lines', () => office.picture.size === 12);
    const callId = await ringing('14');
    expect(callId).not.toBe('');
    rmSync(filler);
    expect(await pairBrowser(url, codes[0] ?? '')).toHaveProperty('device');
  });

  test('a relay that dies then comes back without damage, and says from when on calls may be missing', async () => {
    const before = writtenCalls();
    fill();
    await ringing('15');
    await office.kill();
    rmSync(filler);
    office.exchange.hands.reject('15');
    await office.start();
    await office.until('the gap', () => gaps.includes('relay'));
    expect(writtenCalls()).toEqual(expect.arrayContaining(before));
    expect(await dial('after')).toMatchObject({ state: 'done' });
  });
});
