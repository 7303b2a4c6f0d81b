// Story: the system's own notification, as an agent sees it on the desktop: it says who calls and which number was called,
// its click opens the contact in the CRM, its Answer button answers, and it goes with the call.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { readPicture } from '../views/picture.ts';
import { describeOnDesktop, openVirtualDesktop, type VirtualDesktop } from './virtual-desktop.ts';
import { ADA, ANNA, eventually, openWorld, type World } from './world.ts';

describeOnDesktop('the notification on the desktop', () => {
  let world: World;
  let desktop: VirtualDesktop;
  let agent: Agent;
  let crm: Page;
  let pictures: string;

  beforeAll(async () => {
    pictures = mkdtempSync(join(tmpdir(), 'offhook-screen-'));
    desktop = await openVirtualDesktop();
    world = await openWorld();
    agent = await world.agent('ada', { headless: false, env: desktop.env, lang: 'en' });
    crm = await agent.openPage(world.crm.url);
  });
  afterAll(async () => {
    await world.close();
    await desktop.close();
    rmSync(pictures, { recursive: true, force: true });
  });
  afterEach(async () => {
    while ((await world.stage.desk.farHangsUp(ADA)) || (await world.stage.desk.hangUp(ADA)));
    await shown(0);
  });

  const shown = (count: number) => eventually(`${count} notifications`, desktop.shown, (now) => now === count);
  const lit = async () => {
    const picture = join(pictures, 'screen.png');
    await desktop.screenshot(picture);
    return litPixels(picture);
  };
  const ring = () => world.stage.desk.callIn({ from: ANNA.reported, to: ADA });

  test('is on the screen while it rings, and gone with the call', async () => {
    await shown(0);
    // What the daemon counts it draws a moment later.
    await eventually('a dark corner', lit, (pixels) => pixels === 0);
    await ring();
    await shown(1);
    await eventually('something in the corner', lit, (pixels) => pixels > 5_000);
    await world.stage.desk.farHangsUp(ADA);
    await shown(0);
    await eventually('the name', desktop.newest, (newest) => newest?.summary.includes(ANNA.name) === true);
  });

  test('its click opens the contact', async () => {
    await ring();
    await shown(1);
    await desktop.press();
    await crm.waitForFunction((path) => location.pathname === path, { polling: 50 }, ANNA.page);
  });

  test('its Answer button answers, although the worker was stopped meanwhile', async () => {
    await ring();
    await shown(1);
    await agent.stopWorker();
    await desktop.pressButton('Answer');
    await world.stage.lineUntil(ADA, 'a connected call', ({ calls }) =>
      calls.some(({ state }) => state === 'connected'),
    );
    await shown(0);
  });
});

// Of the corner in which nothing but notifications is: the browser's own windows end before it.
const CORNER = { left: 1_070, bottom: 100 };

function litPixels(path: string): number {
  const { width, data } = readPicture(readFileSync(path));
  let lit = 0;
  for (let y = 0; y < CORNER.bottom; y += 1) {
    for (let x = CORNER.left; x < width; x += 1) {
      const at = (y * width + x) * 4;
      if ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0) > 0) lit += 1;
    }
  }
  return lit;
}
