// Story: the phone rings while the agent works in a page. A window says who it is, does not take the keyboard away, and
// stays for as long as it is of use; what is written in it is never lost.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import {
  ADA,
  ANNA,
  BEN,
  closeCallerWindows,
  eventually,
  openWorld,
  PAUL,
  press,
  type World,
  waitForText,
} from './world.ts';

describe('the caller window', () => {
  let world: World;
  let agent: Agent;
  let crm: Page;

  beforeAll(async () => {
    world = await openWorld();
    agent = await world.agent('ada');
    crm = await agent.openPage(world.crm.url);
  });
  afterAll(() => world.close());
  afterEach(async () => {
    const { desk } = world.stage;
    for (const line of [ADA, BEN]) while ((await desk.farHangsUp(line)) || (await desk.hangUp(line)));
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    await closeCallerWindows(agent);
  });

  const openWindows = () => agent.callerWindowCount();
  const callerWindow = () => agent.callerWindow();
  const ring = (from: string = ANNA.reported, to = ADA) => world.stage.desk.callIn({ from, to });
  /** The window that the worker has opened and written down; 0 for none, or where the worker ends while it is asked. */
  const rememberedWindow = async () => {
    const ask = 'chrome.storage.session.get("callerWindow").then(({callerWindow: w}) => w?.windowId ?? 0)';
    return Number(await agent.inWorker(ask).catch(() => 0));
  };
  const noteOf = async (text: string) => (await world.stage.journal()).filter(({ note }) => note === text);

  test('opens while the agent types, and every key still reaches the page', async () => {
    await crm.bringToFront();
    await crm.evaluate(() => {
      const field = Object.assign(document.createElement('input'), { id: 'typed' });
      document.body.prepend(field);
      field.focus();
    });
    await crm.keyboard.type('before ');
    await ring();
    const opened = callerWindow();
    await crm.keyboard.type('while the window opens ', { delay: 20 });
    const caller = await opened;
    await waitForText(caller, ANNA.name);
    await crm.keyboard.type('after');
    const typed = await crm.$eval('#typed', (field) => (field as HTMLInputElement).value); // the field from above
    expect(typed).toBe('before while the window opens after');
    expect(await crm.evaluate(() => document.hasFocus())).toBe(true);
    await crm.$eval('#typed', (field) => field.remove());
  });

  test('goes when the caller gives up, after it has said so', async () => {
    await ring();
    const caller = await callerWindow();
    await waitForText(caller, ANNA.name);
    await world.stage.desk.farHangsUp(ADA);
    await eventually('no window', openWindows, (count) => count === 0);
  });

  test('shows a second call beside the conversation, in the same window', async () => {
    await ring();
    const caller = await callerWindow();
    await press(caller, 'Answer');
    await waitForText(caller, 'In call');
    await ring(PAUL.reported);
    await waitForText(caller, PAUL.name);
    expect(openWindows()).toBe(1);
  });

  test('goes when a colleague of the group answered', async () => {
    await ring(ANNA.reported, '90');
    await callerWindow();
    await world.stage.desk.lift(BEN);
    await eventually('no window', openWindows, (count) => count === 0);
  });

  test('is there once although the worker was stopped while it rings, and goes afterwards', async () => {
    await ring();
    await callerWindow();
    await agent.stopWorker();
    await eventually('the worker again', rememberedWindow, (windowId) => windowId > 0);
    expect(openWindows()).toBe(1);
    await world.stage.desk.farHangsUp(ADA);
    await eventually('no window', openWindows, (count) => count === 0);
  });

  test('follows the call to its note, which is kept although worker and call end while it is written', async () => {
    await ring();
    const caller = await callerWindow();
    await press(caller, 'Answer');
    const field = await caller.waitForSelector('textarea');
    await field?.type('Wants an offer');
    await agent.stopWorker();
    await field?.type(' for 20 seats.');
    await world.stage.desk.farHangsUp(ADA);
    await eventually(
      'the note in the journal',
      () => noteOf('Wants an offer for 20 seats.'),
      (found) => found.length === 1,
    );
    expect(openWindows()).toBe(1);
    expect(await caller.$eval('textarea', ({ value }) => value)).toBe('Wants an offer for 20 seats.');
  });

  test('a note is in the journal although the window is closed over it at once', async () => {
    await ring();
    const caller = await callerWindow();
    await press(caller, 'Answer');
    await (await caller.waitForSelector('textarea'))?.type('Closed at once.');
    await caller.close();
    await eventually(
      'the note in the journal',
      () => noteOf('Closed at once.'),
      (found) => found.length === 1,
    );
  });

  test('stands where the last one stood, and never off the screen', async () => {
    await ring();
    // It remembers where it is moved to from its first look on.
    await waitForText(await callerWindow(), ANNA.name);
    await eventually('the window to be remembered', rememberedWindow, (windowId) => windowId > 0);
    const move = (place: string) =>
      agent.inWorker(
        `chrome.storage.session.get('callerWindow').then(({callerWindow: w}) => chrome.windows.update(w.windowId, ${place}))`,
      );
    await move('{left: 120, top: 60, width: 430, height: 470}');
    const stored = () =>
      agent.inWorker(
        'chrome.storage.local.get("callerPlace").then(({callerPlace: p}) => p && [p.left, p.top, p.width, p.height].join())',
      );
    await eventually('the place', stored, (place) => place === '120,60,430,470');
    await world.stage.desk.farHangsUp(ADA);
    await eventually('no window', openWindows, (count) => count === 0);
    const placed = () =>
      agent.inWorker('chrome.windows.getAll().then((all) => all.find(({type}) => type === "popup") ?? {})');
    await ring();
    await callerWindow();
    await eventually('a new window', rememberedWindow, (windowId) => windowId > 0);
    expect(await placed()).toMatchObject({ left: 120, top: 60, width: 430, height: 470 });
    await world.stage.desk.farHangsUp(ADA);
    await eventually('no window', openWindows, (count) => count === 0);
    await agent.inWorker('chrome.storage.local.set({callerPlace: {left: 9000, top: 9000, width: 430, height: 470}})');
    await ring();
    await callerWindow();
    await eventually('a new window', rememberedWindow, (windowId) => windowId > 0);
    expect(await placed()).toMatchObject({ width: 430, height: 470 });
  });

  test('a test call rings like a real one, and the relay knows nothing of it', async () => {
    const options = await agent.openView('options.html');
    const ask = 'chrome.runtime.sendMessage({name: "sample-call", request: {}})';
    const { callId } = (await options.evaluate(ask)) as { callId: string }; // the worker's own answer
    const caller = await callerWindow();
    await waitForText(caller, 'Test call');
    await eventually(
      'a notification',
      () => agent.notifications(),
      (ids) => ids.includes(`call:${callId}`),
    );
    await press(caller, 'Answer');
    await press(caller, 'Hang up');
    await eventually(
      'no notification',
      () => agent.notifications(),
      (ids) => ids.length === 0,
    );
    expect((await world.stage.desk.state()).legs).toEqual([]);
    await options.close();
  });

  test('is one window for fifty calls in a minute, and neither it nor a notification is left of them', async () => {
    const { desk, journal } = world.stage;
    const before = (await journal()).length;
    for (let call = 0; call < 50; call += 1) {
      await ring(call % 2 === 0 ? ANNA.reported : PAUL.reported);
      expect(openWindows()).toBeLessThanOrEqual(1);
      await desk.farHangsUp(ADA);
    }
    await eventually('no window', openWindows, (count) => count === 0);
    await eventually('no notification', agent.notifications, (ids) => ids.length === 0);
    await eventually('fifty entries more', journal, (entries) => entries.length === Math.min(100, before + 50));
  });
});
