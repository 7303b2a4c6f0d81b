// Story, in Firefox: pages that want a call which nobody made, that want to know what is not theirs, or that want the
// extension to fail. The same pages and the same rules as in Chromium; the phone system tells what was called.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOSTILE_GUARD, type HostileGround, openGround } from '../e2e/hostile-ground.ts';
import { expectToHold, pagesToTry } from '../e2e/hostile-rules.ts';
import { CALL_ATTACKS } from '../fixtures/hostile/call-attacks.ts';
import { PAGE_ATTACKS } from '../fixtures/hostile/page-attacks.ts';
import { UNSEEN } from '../fixtures/hostile/unseen-chips.ts';
import { hostileVisitorOf } from './hostile-visitor.ts';
import { describeInFirefox, type FirefoxWorld, openFirefoxWorld } from './world.ts';

describeInFirefox('a hostile page in Firefox gets no call but the person’s, learns nothing and stops nothing', () => {
  let world: FirefoxWorld;
  let ground: HostileGround;
  beforeAll(async () => {
    world = await openFirefoxWorld({ guard: HOSTILE_GUARD });
    const visitor = hostileVisitorOf(await world.agent('ada', { prefs: { 'intl.accept_languages': 'en' } }));
    ground = await openGround({ first: 500, stage: world.stage, visitor });
  });
  // Also what came late.
  afterAll(async () => {
    expect(await ground.unaccounted()).toEqual([]);
    await ground.close();
    await world.close();
  });

  // What a person can see is judged otherwise than in Chromium: those pages are all tried each time.
  const pages = new Set([...UNSEEN, ...pagesToTry(CALL_ATTACKS, -7), ...pagesToTry(PAGE_ATTACKS, -9)]);
  test.each([...pages])('$name', async (page) => {
    expectToHold(page, await ground.visit(page));
  });
});
