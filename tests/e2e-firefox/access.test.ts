// Story, in Firefox: the extension is paired by the toolbar's popup; the relay pins the origin, which is random in every
// Firefox, to the device; and a second agent sees nothing but the own line.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { ADA, ANNA, BEN, eventually, PAUL, waitForText } from '../e2e/world.ts';
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
    const isThere = (all: unknown[]) => all.some((one) => (one as { sessions: number }).sessions > 0); // the list's own shape
    const devices = await eventually('a session', () => world.stage.cli('devices'), isThere);
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
    // A notification comes after what views say; the browser keeps all that it was ever asked to show.
    const shown = await eventually('a notification', ben.shownNotifications, (all) => all.length > 0);
    expect(shown.map(({ title }) => title.includes(PAUL.name))).toEqual([true]);
  });
});
