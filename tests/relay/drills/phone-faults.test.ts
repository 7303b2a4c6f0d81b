// The phone system misbehaves in the middle of calls. Whatever it was: what is not known is shown as unknown within ten
// seconds, and once the wire is good again every line is shown as the simulator itself has it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPhoneStage, type PhoneStage } from './phone-stage.ts';

const isFull = process.env['OFFHOOK_FULL'] === '1';
const RUNS = isFull ? 200 : 60;
const FLOODS = isFull ? 200 : 10;
const UNKNOWN_WITHIN_MS = 10_000;
const LINES = ['10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '21'];

let stage: PhoneStage;
let random: (below: number) => number;
beforeEach(() => {
  random = dice();
});
afterEach(() => stage.close());

// The same calls in every run (a linear congruential generator).
function dice(): (below: number) => number {
  let seed = 20_261_122;
  return (below) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 4_294_967_296) * below);
  };
}

/** Something that happens at a phone or outside, as it comes. */
function oneHand(): void {
  const { exchange } = stage;
  const { hands } = exchange;
  const line = LINES[random(LINES.length)] ?? '10';
  const other = LINES[random(LINES.length)] ?? '11';
  const doings: (() => unknown)[] = [
    () => exchange.callIn({ to: line, from: `0302312500${random(10)}`, name: 'Contoso Sample' }),
    () => exchange.callIn({ to: '90', from: `0302312501${random(10)}` }),
    () => hands.dial(line, other),
    () => hands.dial(line, `0302312502${random(10)}`),
    () => hands.farAnswers(line),
    () => hands.lift(line),
    () => hands.lift(line),
    () => hands.hangUp(line),
    () => hands.reject(line),
    () => hands.hold(line),
    () => hands.retrieve(line),
    () => hands.farHangsUp(line),
    () => hands.transfer(line, other),
    () => hands.setDnd(line, random(2) === 0 ? 'on' : 'off'),
    () => hands.setRegistered(line, random(4) === 0 ? 'loggedOut' : 'loggedIn'),
  ];
  doings[random(doings.length)]?.();
}

function someHands(count: number): void {
  for (let n = 0; n < count; n += 1) oneHand();
}

const GARBAGE = [
  '\u0000',
  '\u00ff\u00fe',
  '{"type":',
  'null',
  '[1,2]',
  '"}',
  '{"type":"weather"}',
  '\u202e',
  '9'.repeat(9_000),
];

/** Bytes that are no frame, and frames that are none of ours; never the end of a line of the simulator's own. */
function garbage(): string {
  const words = Array.from({ length: 1 + random(20) }, () => GARBAGE[random(GARBAGE.length)] ?? '');
  const events = [
    '{"type":"event","event":{"type":"leg","leg":{"lineKey":"10"}}}',
    '{"type":"event","event":{"type":"outcome","outcome":{"commandKey":"cmd-nobody","state":"done"}}}',
    '{"type":"snapshot","id":999999,"snapshot":{"lines":[],"legs":[]}}',
    '{"type":"welcome"}',
    '{"type":"ack","id":-1}',
  ];
  return `\n${words.join(random(2) === 0 ? '\n' : '')}\n${events[random(events.length)] ?? ''}\n`;
}

describe(`${RUNS} times in the middle of calls, the phone system`, () => {
  test('drops the connection', async () => {
    stage = await openPhoneStage();
    for (let run = 0; run < RUNS; run += 1) {
      someHands(8);
      const mark = stage.told.length;
      stage.proxy.cut();
      const waitedMs = await stage.until('unknown lines', () => stage.told.length > mark && stage.isUnknown());
      expect(waitedMs).toBeLessThanOrEqual(UNKNOWN_WITHIN_MS);
      someHands(8);
      await stage.converged();
    }
  });

  test('says nothing any more on a connection that stays open', async () => {
    stage = await openPhoneStage();
    for (let run = 0; run < RUNS; run += 1) {
      someHands(8);
      await stage.converged();
      stage.clock.advance(random(3_000));
      stage.proxy.freeze();
      someHands(8);
      expect(await stage.until('unknown lines', stage.isUnknown)).toBeLessThanOrEqual(UNKNOWN_WITHIN_MS);
      await stage.converged();
    }
  });

  test('sends garbage among its frames', async () => {
    stage = await openPhoneStage();
    for (let run = 0; run < RUNS; run += 1) {
      someHands(4);
      stage.proxy.inject(garbage());
      someHands(4);
      await stage.converged();
    }
    expect(stage.logged.join('')).toContain('is no frame');
  });

  test('tells of ten times more than ever happens, and drops the connection within it', async () => {
    stage = await openPhoneStage();
    for (let run = 0; run < FLOODS; run += 1) {
      someHands(400);
      if (run % 4 === 3) stage.proxy.cut();
      await stage.converged();
    }
  });

  test('refuses the login, and takes it again', async () => {
    stage = await openPhoneStage({ password: 'sample-secret-1' });
    await stage.converged();
    for (let run = 0; run < RUNS; run += 1) {
      stage.secret.value = `not-the-secret-${run}`;
      const mark = stage.told.length;
      stage.proxy.cut();
      const isRefused = () =>
        stage.told.slice(mark).some((one) => one.type === 'disconnected' && one.reason.includes('refused'));
      await stage.until('a refusal', isRefused);
      expect(stage.isUnknown()).toBe(true);
      someHands(8);
      stage.secret.value = 'sample-secret-1';
      await stage.converged();
    }
    expect(stage.logged.join('')).not.toMatch(/sample-secret|not-the-secret/);
  });
});
