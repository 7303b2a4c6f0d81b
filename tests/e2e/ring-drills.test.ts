// Drills: whatever dies, sleeps or comes at the wrong moment while the phone rings, the agent learns of each call once, and
// is told no more of it once it is over. "Once" is counted from the wrapped `notifications.create` and from the `seen`
// frames in the relay's log. `npm test` takes a sample of the moments; OFFHOOK_FULL=1 takes all of them.
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import {
  ADA,
  ANNA,
  BEN,
  closeCallerWindows,
  createdNotifications,
  eventually,
  LINK_LIMIT_MS,
  openWorld,
  PAUL,
  seenFrames,
  type World,
  waitForText,
} from './world.ts';

const IS_FULL = process.env['OFFHOOK_FULL'] === '1';
const GROUP = '90';
/** Longer than a notification counts as new. */
const NEW_MS = 500;
const inFull = <Value>(all: readonly Value[], sample: readonly Value[]) => (IS_FULL ? all : sample);

/** A moment of a call's life: what happens to it last, and how long after that the worker dies. */
const PHASES = ['rings', 'answered', 'given up', 'opened', 'hung up'] as const;
type Phase = (typeof PHASES)[number];
const MOMENTS: Record<Phase, readonly number[]> = {
  rings: inFull([0, 5, 10, 20, 35, 60, 100, 160, 250, 500], [0, 10, 35, 100]),
  answered: inFull([0, 5, 15, 30, 60, 100, 200, 400], [0, 30]),
  'given up': inFull([0, 5, 15, 30, 60, 100, 200], [5]),
  opened: inFull([0, 10, 30, 80, 200], [10]),
  'hung up': inFull([0, 20, 60, 150], [20]),
};

describe('drills of the ringing phone', () => {
  let world: World;
  let agent: Agent;
  let popup: Page;
  let createdBefore: ReadonlySet<string>;
  let entriesBefore: ReadonlySet<string>;

  beforeAll(async () => {
    world = await openWorld({ guard: { perHour: 1_000_000, burstPerMinute: 1_000_000 } });
    agent = await world.agent('ada');
    // A view asks its worker back to life, as the side panel of an agent at work does.
    popup = await agent.openView('popup.html');
    await waitForText(popup, 'Line 10');
  });
  afterAll(() => world.close());
  afterEach(async () => {
    await atRest();
  });

  const ring = (from: string = ANNA.reported, to: string = ADA) => world.stage.desk.callIn({ from, to });
  const idle = (line: string) => world.stage.lineUntil(line, 'an idle line', ({ state }) => state === 'idle');
  const standing = async (count: number): Promise<string[]> => {
    const ids = await eventually(
      `${count} notifications`,
      // The worker may die while it is asked.
      () => agent.notifications().catch(() => undefined),
      (now) => now?.length === count,
      LINK_LIMIT_MS,
    );
    return ids ?? [];
  };
  const created = async () => (await createdNotifications(agent)).filter((id) => !createdBefore.has(id));
  const entryIds = async () => (await world.stage.journal()).map(({ entryId }) => entryId);
  /** Waits until just so many calls are in the journal that were not there before, all of them over. */
  const newEntries = (count: number, moment: string) =>
    eventually(
      `${count} new entries, ${moment}`,
      async () => (await world.stage.journal()).filter(({ entryId }) => !entriesBefore.has(entryId)),
      (entries) => entries.length === count && entries.every(({ endedAt }) => endedAt !== undefined),
    );

  /** Waits until the browser knows that all calls are over: what it has not heard of yet it may still show. */
  async function heard(): Promise<void> {
    const ask =
      "chrome.storage.session.get('phone').then(({ phone }) => phone.lines.flatMap(({ line }) => line.calls).filter(({ state }) => state === 'ended').map(({ callId }) => callId))";
    await eventually(
      'the browser to know that all calls are over',
      async () => {
        const { calls } = await world.stage.lineUntil(ADA, 'anything', () => true);
        const known = await agent.inWorker(ask).catch(() => []);
        return calls.filter(({ callId }) => !(known as string[]).includes(callId)); // as the line above has it
      },
      (unknown) => unknown.length === 0,
      LINK_LIMIT_MS,
    );
  }

  async function atRest(): Promise<void> {
    const { desk } = world.stage;
    for (const line of [ADA, BEN]) while ((await desk.farHangsUp(line)) || (await desk.hangUp(line)));
    await idle(ADA);
    await idle(BEN);
    await heard();
    await standing(0);
    // One that stays for its note.
    await closeCallerWindows(agent);
  }

  async function begin(): Promise<void> {
    createdBefore = new Set(await createdNotifications(agent));
    entriesBefore = new Set(await entryIds());
  }

  /** Each of these was shown once, and said to be shown at most once: what dies right before the word has not said it. */
  function expectOnce(ids: readonly string[], calls: number, moment: string): void {
    expect([...new Set(ids)].length, `${moment}: ${ids.join(', ')}`).toBe(ids.length);
    expect(ids.length, moment).toBe(calls);
    const shown = seenFrames(world.stage, 'shown').filter((callId) => ids.includes(`call:${callId}`));
    expect(new Set(shown).size, `${moment}: seen`).toBe(shown.length);
  }

  /** Lets a call come as far as the phase says. */
  async function live(phase: Phase): Promise<void> {
    const { desk } = world.stage;
    await ring();
    if (phase === 'rings') return;
    const [id = ''] = await standing(1);
    if (phase === 'given up') await desk.farHangsUp(ADA);
    if (phase === 'opened') {
      // Nobody clicks what has only just come up: a new one is let alone for a moment, and would not be gone at once.
      await pause(NEW_MS);
      await agent.pressNotification(id, -1);
    }
    if (phase === 'answered' || phase === 'hung up') await desk.lift(ADA);
    if (phase !== 'hung up') return;
    await standing(0);
    await desk.hangUp(ADA);
  }

  test.each(PHASES)('the worker is stopped at moments after the call %s: shown once, gone once over', async (phase) => {
    for (const afterMs of MOMENTS[phase]) {
      const moment = `${phase}, ${afterMs} ms later`;
      await begin();
      await live(phase);
      await pause(afterMs);
      await agent.stopWorker();
      await standing(phase === 'rings' ? 1 : 0);
      if (phase === 'opened') await waitForText(popup, ANNA.name);
      await atRest();
      expectOnce(await created(), 1, moment);
      await newEntries(1, moment);
    }
  });

  test('a relay that is killed at moments while it rings finds the call again, and nobody hears of it twice', async () => {
    for (const afterMs of inFull([0, 10, 30, 80, 200, 500], [0, 80])) {
      await begin();
      await ring(PAUL.reported);
      await pause(afterMs);
      await world.stage.relay.kill();
      await world.stage.relay.start();
      await standing(1);
      await world.stage.desk.lift(ADA);
      await standing(0);
      await atRest();
      expectOnce(await created(), 1, `${afterMs} ms`);
      await newEntries(1, `${afterMs} ms`);
    }
  });

  test('a colleague of the group answers at moments of its ringing: nothing is left, and nobody missed it', async () => {
    for (const afterMs of inFull([0, 5, 10, 20, 40, 80, 160, 300, 600], [0, 40, 160])) {
      await begin();
      await ring(ANNA.reported, GROUP);
      await pause(afterMs);
      await world.stage.desk.lift(BEN);
      await world.stage.lineUntil(BEN, 'a call that is answered', ({ state }) => state === 'busy');
      await idle(ADA);
      await standing(0);
      await eventually('no window', agent.callerWindowCount, (count) => count === 0);
      await atRest();
      const ids = await created();
      expect(ids.length, `${afterMs} ms`).toBeLessThanOrEqual(1);
      const [entry] = await newEntries(1, `${afterMs} ms`);
      expect([entry?.group, entry?.outcome]).toEqual(['Sales', 'answered']);
    }
  });

  test('many calls in a minute: each is shown once, and nothing is left of them', async () => {
    const count = IS_FULL ? 50 : 8;
    await begin();
    for (let call = 0; call < count; call += 1) {
      await ring(call % 2 === 0 ? ANNA.reported : PAUL.reported);
      await standing(1);
      await world.stage.desk.farHangsUp(ADA);
      await standing(0);
    }
    expectOnce(await created(), count, 'all');
    await newEntries(count, 'all');
  });

  test('the laptop sleeps: what rings at its waking is shown once, what came and went is in the journal', async () => {
    await begin();
    await sleeping(async () => {
      await ring(PAUL.reported);
      await pause(100);
      await world.stage.desk.farHangsUp(ADA);
      await idle(ADA);
      // In full until the relay has given the browser up.
      await pause(IS_FULL ? 60_000 : 1_000);
      await ring(ANNA.reported);
      await pause(500);
    });
    const [id] = await standing(1);
    await waitForText(popup, ANNA.name);
    await world.stage.desk.lift(ADA);
    await standing(0);
    await atRest();
    const ids = await created();
    // The first one may still have been on its way into the browser.
    expect(ids).toContain(id);
    expect(new Set(ids).size).toBe(ids.length);
    await newEntries(2, 'awake');
  });

  test.each([3_600_000, -3_600_000])(
    'the clock jumps by %i ms while it rings: one notification, no call is lost',
    async (jumpMs) => {
      await begin();
      await ring();
      const [id = ''] = await standing(1);
      await agent.inWorker(`{ const now = Date.now; Date.now = () => now() + ${jumpMs}; }`);
      await world.stage.desk.lift(ADA);
      await standing(0);
      await ring(PAUL.reported);
      await standing(1);
      await atRest();
      const ids = await created();
      expectOnce(ids, 2, String(jumpMs));
      expect(ids).toContain(id);
      await newEntries(2, String(jumpMs));
      await agent.stopWorker();
      await waitForText(popup, 'Line 10');
    },
  );

  /** Neither the browser nor anything that it started runs meanwhile. */
  async function sleeping(meanwhile: () => Promise<void>): Promise<void> {
    const { pid } = agent.browser.process() ?? {};
    if (pid === undefined) throw new Error('the browser has no process');
    // Puppeteer starts it as the head of a group.
    process.kill(-pid, 'SIGSTOP');
    try {
      await meanwhile();
    } finally {
      process.kill(-pid, 'SIGCONT');
    }
  }
});
