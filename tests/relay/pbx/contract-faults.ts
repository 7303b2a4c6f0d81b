// What goes wrong between a phone system and its driver: joins late, breaks, carries rubbish, comes in pieces, refuses,
// falls silent, floods. Afterwards lines and calls are right again, or shown as unknown; nothing is made up.
import { expect } from 'vitest';
import { openCompany } from './company.ts';
import { isBlind, type Show } from './contract-cells.ts';
import { answeredCall, CALLEE, CALLER, OWN, type Stage } from './contract-stage.ts';

const LONGEST_PAUSE_MS = 120_000;
const LONGEST_SILENCE_MS = 600_000;
const STEP_MS = 50;
const FLOOD = 2_000;

/** Tests that need a wire. */
export function testFaults(show: Show): void {
  testBreaks(show);
  show('fault/garbage', 'survives garbage, unknown events and known ones with wrong contents', async (stage) => {
    await stage.faults.garbage();
    await seesTheNextCall(stage);
    return undefined;
  });
  show(
    'fault/half-messages',
    'understands what comes in pieces, cut in the middle of messages and characters',
    async (stage) => {
      await stage.faults.pieces();
      if (isBlind(stage)) return seesTheNextCall(stage);
      await stage.hands.callIn({ from: stage.writes(CALLER), name: 'Jürgen Sämple', to: OWN });
      const { remote } = await stage.company.untilLeg({ lineKey: stage.own, state: 'offering' });
      expect(remote.name ?? 'Jürgen Sämple').toBe('Jürgen Sämple');
      await stage.company.shows('the caller', stage.own, ({ calls }) => {
        const [call] = calls;
        return call?.remote.number.kind === 'e164' && call.remote.number.number === CALLER.number;
      });
      return undefined;
    },
  );
  show('fault/flood', `sees the call behind ${FLOOD} changes, and ends with the lines as they are`, async (stage) => {
    await stage.faults.flood(FLOOD);
    await seesTheNextCall(stage);
    for (const extension of ['11', '12'] as const) {
      const { state } = stage.company.line(stage.subject.lineKeyOf(extension));
      expect(['idle', 'unknown']).toContain(state);
    }
    return undefined;
  });
  show('fault/login-refused', 'says in words that logging in was refused, and nothing of the password', loginRefused);
  testSilence(show);
}

/** Tests that need none. */
export function testLives(show: Show): void {
  show('rule/snapshot', 'connects by itself and names every line with what it can do', async (stage) => {
    const { lines, legs } = await stage.company.driver.snapshot();
    const keys = (['10', '11', '12'] as const).map((extension) => stage.subject.lineKeyOf(extension));
    expect(lines.map(({ lineKey }) => lineKey)).toEqual(expect.arrayContaining(keys));
    expect(lines.map(({ extension }) => extension)).toEqual(expect.arrayContaining(['10', '11', '12']));
    expect(legs).toEqual([]);
    return undefined;
  });
  show('rule/restrictions', 'tells agents of no restriction that it does not declare', async (stage) => {
    const { lines } = await stage.company.driver.snapshot();
    const declared = stage.declaration.restrictions.map(({ code }) => code);
    expect(lines.flatMap(({ restrictions }) => restrictions ?? []).filter((code) => !declared.includes(code))).toEqual(
      [],
    );
    return undefined;
  });
  show('rule/closed', 'emits nothing after it was closed or aborted, and can be closed twice', async (stage) => {
    const { subject, location } = stage;
    const other = await openCompany((context) => subject.open(context), { clock: subject.clock, location });
    await other.untilStatus('connected');
    await other.close();
    await other.driver.close();
    const told = other.events.length;
    await subject.hands.callIn?.({ from: stage.writes(CALLER), to: OWN });
    await subject.settled();
    expect(other.events.length).toBe(told);
    return undefined;
  });
}

function testBreaks(show: Show): void {
  show(
    'fault/reconnect',
    'comes back after a break, finds the call under the same key, and sees how it ends',
    async (stage) => {
      if (!stage.tells('callSeen')) {
        await broken(stage);
        return 'limited';
      }
      const leg = await answeredCall(stage);
      const [before] = stage.company.line(stage.own).calls;
      await broken(stage);
      if (stage.tells('runningCalls')) {
        const after = await stage.company.shows('the call again', stage.own, ({ state }) => state === 'busy');
        expect(after.calls.map(({ callId, conversationId }) => ({ callId, conversationId }))).toEqual([
          { callId: before?.callId, conversationId: before?.conversationId },
        ]);
      }
      await stage.hands.farHangsUp(OWN);
      await stage.company.shows('free, without a second call', stage.own, ({ state, calls }) => {
        return state === 'idle' && calls.every(({ callKey }) => callKey === leg.callKey);
      });
      return undefined;
    },
  );
  show(
    'fault/call-in-the-break',
    'finds out after a break that a call is over, and that another one came',
    async (stage) => {
      if (!stage.tells('callSeen') || !stage.tells('runningCalls')) return 'no';
      const first = await answeredCall(stage);
      const mark = stage.company.events.length;
      await stage.faults.cut();
      await stage.company.untilStatus('disconnected', mark);
      await stage.hands.farHangsUp(OWN);
      await stage.hands.callIn({ from: stage.writes(CALLER), to: OWN });
      await backInTouch(stage, mark);
      const { calls } = await stage.company.shows('the second call', stage.own, ({ state }) => state === 'ringing');
      expect(calls.filter(({ callKey }) => callKey === first.callKey).every(({ state }) => state === 'ended')).toBe(
        true,
      );
      return undefined;
    },
  );
  show(
    'fault/order-in-the-break',
    'refuses an order while it is out of touch, which is then never carried out',
    async (stage) => {
      const mark = stage.company.events.length;
      await stage.faults.cut();
      await stage.company.untilStatus('disconnected', mark);
      expect((await stage.makeCall()).result).toMatchObject({ type: 'rejected', code: 'pbx-unreachable' });
      await backInTouch(stage, mark);
      expect(await stage.subject.received()).toEqual([]);
      return undefined;
    },
  );
}

function testSilence(show: Show): void {
  show(
    'fault/silence',
    'takes a phone system that is silent as out of touch, and shows its lines as unknown since then',
    async (stage) => {
      const since = stage.subject.clock.now();
      const mark = stage.company.events.length;
      await stage.faults.silence();
      await moveUntil(stage, () => told(stage, 'disconnected', mark), LONGEST_SILENCE_MS);
      const line = await stage.company.shows('unknown', stage.own, ({ state }) => state === 'unknown');
      expect(line.unavailableReason).toBe('pbxUnreachable');
      expect(line.asOf).toBeGreaterThanOrEqual(since);
      return undefined;
    },
  );
  show(
    'fault/order-into-silence',
    'never claims that an order was carried out when nothing came back, nor repeats it',
    async (stage) => {
      const mark = stage.company.events.length;
      await stage.faults.silence();
      let ending: { error: unknown } | { sent: string } | undefined;
      const sending = stage.makeCall().then(
        ({ result }) => {
          ending = { sent: result.type };
        },
        (error: unknown) => {
          ending = { error };
        },
      );
      await moveUntil(stage, () => ending !== undefined, LONGEST_SILENCE_MS);
      await sending;
      if (ending && 'error' in ending) expect(ending.error).toMatchObject({ name: 'PbxError' });
      else expect(ending).toEqual({ sent: 'sent' });
      await moveUntil(stage, () => told(stage, 'disconnected', mark), LONGEST_SILENCE_MS);
      const outcomes = stage.company.events.flatMap((event) => (event.type === 'outcome' ? [event.outcome.state] : []));
      expect(outcomes).not.toContain('done');
      expect((await stage.subject.received()).length).toBeLessThanOrEqual(1);
      return undefined;
    },
  );
}

async function seesTheNextCall(stage: Stage): Promise<undefined> {
  if (isBlind(stage)) {
    expect((await stage.makeCall(CALLEE)).result).toEqual({ type: 'sent' });
    return undefined;
  }
  await stage.hands.callIn({ from: stage.writes(CALLER), to: OWN });
  // Some would rather begin anew than trust a connection that carried rubbish.
  for (let waitedMs = 0; !isRinging(stage) && waitedMs < LONGEST_PAUSE_MS; waitedMs += STEP_MS) {
    await turn();
    if (told(stage, 'disconnected', 0)) stage.subject.clock.advance(STEP_MS);
    else await stage.subject.settled();
    if (!told(stage, 'disconnected', 0)) break;
  }
  await stage.company.shows('ringing', stage.own, ({ state }) => state === 'ringing');
  return undefined;
}

function isRinging(stage: Stage): boolean {
  return stage.company.line(stage.own).state === 'ringing';
}

async function loginRefused(stage: Stage) {
  const mark = stage.company.events.length;
  await stage.faults.refuseLogin();
  await stage.company.untilStatus('disconnected', mark);
  const again = stage.company.events.length;
  await moveUntil(stage, () => told(stage, 'disconnected', again), LONGEST_PAUSE_MS);
  const status = await stage.company.untilStatus('disconnected', again);
  const reason = status.type === 'disconnected' ? status.reason : '';
  expect(reason).toMatch(/log(?:ging|ged)?[ -]?in|sign(?:ing)?[ -]in|password|credential|secret/i);
  expect(stage.subject.secrets.filter((secret) => reason.includes(secret))).toEqual([]);
  return undefined;
}

async function broken(stage: Stage): Promise<void> {
  const mark = stage.company.events.length;
  await stage.faults.cut();
  await backInTouch(stage, mark);
}

// The clock goes on until the driver tries again and not further, or the attempt's own time limit would pass with it.
async function backInTouch(stage: Stage, mark: number): Promise<void> {
  await stage.company.untilStatus('disconnected', mark);
  await moveUntil(stage, () => told(stage, 'connecting', mark) || told(stage, 'connected', mark), LONGEST_PAUSE_MS);
  await stage.company.untilStatus('connected', mark);
  await stage.subject.settled();
}

async function moveUntil(stage: Stage, isThere: () => boolean, longestMs: number): Promise<void> {
  for (let movedMs = 0; !isThere() && movedMs < longestMs; movedMs += STEP_MS) {
    await turn();
    stage.subject.clock.advance(STEP_MS);
  }
  await turn();
}

function told(stage: Stage, type: 'connecting' | 'connected' | 'disconnected', fromIndex: number): boolean {
  return stage.company.events.slice(fromIndex).some((event) => event.type === 'status' && event.status.type === type);
}

// What has arrived is read before the clock moves on.
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
