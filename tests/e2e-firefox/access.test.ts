// Story, in Firefox: the extension is paired by the toolbar's popup; the relay pins the origin, which is random in every
// Firefox, to the device; and a second agent sees nothing but the own line.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { ADA, ANNA, BEN, PAUL, waitForText } from '../e2e/world.ts';
import { describeInFirefox, type FirefoxWorld, openFirefoxWorld } from './world.ts';

describeInFirefox('access in Firefox', () => {
  let world: FirefoxWorld;
  let ben: FirefoxAgent;

  beforeAll(async () => {
    world = await openFirefoxWorld();
    ben = await world.agent('ben');
  });
  afterAll(() => world.close());

  test('the device is known to the relay as a Firefox of this agent', async () => {
    const devices = await world.stage.cli('devices');
    expect(devices).toMatchObject([{ user: 'ben', browser: 'firefox', sessions: 1 }]);
  });

  test('a second agent sees the own line alone, and the calls of no other', async () => {
    const popup = await ben.openView('popup.html');
    await waitForText(popup, `Line ${BEN}`);
    await world.stage.desk.callIn({ from: ANNA.reported, to: ADA });
    await world.stage.desk.lift(ADA);
    await world.stage.lineUntil(ADA, 'a connected call', ({ calls }) =>
      calls.some(({ state }) => state === 'connected'),
    );
    // The own call comes after all that: when it is here, everything before it would be, too.
    await world.stage.desk.callIn({ from: PAUL.reported, to: BEN });
    await waitForText(popup, PAUL.name);
    const said = await popup.evaluate(() => document.body.textContent);
    expect(said).not.toContain(ANNA.name);
    expect(said).not.toContain('Ada');
    expect((await ben.shownNotifications()).map(({ title }) => title.includes(PAUL.name))).toEqual([true]);
  });
});
