// Story, in Firefox: nothing happens for a while, and the one socket holds. Firefox suspends an event page after 30 seconds
// whatever its socket does; only an alarm keeps it. Real time, since it is the browser's own clock that is watched: three
// minutes in the full run, in the short one twice as long as Firefox would wait.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { ADA, ANNA, eventually } from '../e2e/world.ts';
import { describeInFirefox, type FirefoxWorld, openFirefoxWorld, seenDuring } from './world.ts';

const HELD_MS = process.env['OFFHOOK_FULL'] === '1' ? 180_000 : 75_000;

describeInFirefox('a quiet Firefox', () => {
  let world: FirefoxWorld;
  let agent: FirefoxAgent;

  beforeAll(async () => {
    world = await openFirefoxWorld();
    agent = await world.agent('ada');
  });
  afterAll(() => world.close());

  const signIns = () => world.stage.relay.output().split('"msg":"signed in"').length - 1;

  test('holds one socket while nothing happens, and then a call comes up at once', async () => {
    const page = await agent.openPage('about:blank');
    const bornAt = await agent.workerBornAt();
    await eventually('one signed-in extension', world.signedIn, (count) => count === 1);
    const before = signIns();
    const states = await seenDuring(HELD_MS, agent.workerState);
    expect(new Set(states)).toEqual(new Set(['running']));
    expect(await world.signedIn()).toBe(1);
    expect(signIns()).toBe(before);
    expect(world.stage.relay.output()).not.toContain('session ended by the relay');
    await world.stage.desk.callIn({ from: ANNA.reported, to: ADA });
    await eventually(
      'a notification',
      () => agent.notifications(),
      (ids) => ids.length === 1,
    );
    // It came by the very socket: neither an alarm nor another sign-in brought it.
    expect(signIns()).toBe(before);
    expect(await agent.workerBornAt()).toBe(bornAt);
    await page.close();
  });
});
