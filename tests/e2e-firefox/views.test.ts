// Story, in Firefox: the sidebar is the workplace, and the caller window comes up when the phone rings without breaking into
// what the agent types, although Firefox opens every window in front.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { FirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { ADA, ANNA, eventually, PAUL, press, waitForText } from '../e2e/world.ts';
import { describeInFirefox, type FirefoxWorld, openFirefoxWorld } from './world.ts';

describeInFirefox('the views in Firefox', () => {
  let world: FirefoxWorld;
  let agent: FirefoxAgent;
  let crm: Page;

  beforeAll(async () => {
    world = await openFirefoxWorld();
    agent = await world.agent('ada');
    crm = await agent.openPage(world.crm.url);
    await crm.bringToFront();
  });
  afterAll(() => world.close());
  afterEach(async () => {
    await world.stage.desk.hangUp(ADA);
    await world.stage.desk.farHangsUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    // One may be going by itself just now.
    for (const page of await agent.callerWindows()) await page.close().catch(() => undefined);
    await noCallerWindow();
    await eventually(
      'no notification',
      () => agent.notifications(),
      (ids) => ids.length === 0,
    );
    // Only a window that has the focus gets it back.
    await eventually('the focus to be in the page', hasFocus, (is) => is);
  });

  /** Types on and on, five keys a second, until it is stopped: what has to happen meanwhile takes its own time. */
  function slowHand(page: Page) {
    let typed = '';
    let isOver = false;
    const typing = (async () => {
      while (!isOver) {
        await page.keyboard.type('e', { delay: 200 });
        typed += 'e';
      }
    })();
    const stop = async (): Promise<string> => {
      isOver = true;
      await typing;
      return typed;
    };
    onTestFinished(async () => void (await stop()));
    return {
      stop,
      /** Resolves when so many more keys were typed. */
      async types(count: number): Promise<void> {
        const before = typed.length;
        const isDone = (length: number) => length >= before + count;
        await Promise.race([typing, eventually(`${count} keys`, () => typed.length, isDone, 60_000)]);
      },
    };
  }

  const ring = (from: string) => world.stage.desk.callIn({ from, to: ADA });
  const windows = (kind: 'page' | 'caller') => async () =>
    (await agent.windows()).filter((window) => window.kind === kind);
  const hasFocus = async () =>
    (await windows('page')())[0]?.isActive === true && (await crm.evaluate(() => document.hasFocus()));
  const noCallerWindow = () => eventually('no caller window', windows('caller'), (found) => found.length === 0);

  test('the sidebar shows the own line, and who calls', async () => {
    await agent.openSidebar();
    const said = () => agent.inside('sidebar', 'view.document.body.innerText');
    await eventually('the own line', said, (text) => String(text).includes('Ada Sample'));
    await ring(PAUL.reported);
    await eventually('the caller', said, (text) => String(text).includes(PAUL.name));
    await agent.callerWindow();
  });

  test('the caller window comes up once, and the keyboard stays in the page', async () => {
    await crm.focus('input[type="search"]');
    await ring(ANNA.reported);
    const caller = await agent.callerWindow();
    await waitForText(caller, ANNA.name);
    await eventually('the focus to be back', hasFocus, (is) => is);
    expect(await crm.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    expect(await windows('caller')()).toEqual([{ kind: 'caller', isActive: false }]);
  });

  test('it waits until the agent has stopped typing', async () => {
    await crm.focus('input[type="search"]');
    const hand = slowHand(crm);
    await hand.types(2);
    await ring(ANNA.reported);
    await eventually(
      'the notification',
      () => agent.notifications(),
      (ids) => ids.length === 1,
    );
    await hand.types(11);
    expect(await windows('caller')()).toEqual([]);
    const typed = await hand.stop();
    expect(await crm.$eval('input[type="search"]', (input) => (input as HTMLInputElement).value)).toBe(typed);
    await waitForText(await agent.callerWindow(), ANNA.name);
  });

  test('it answers the call, which no button of a notification can do here', async () => {
    await ring(ANNA.reported);
    await press(await agent.callerWindow(), 'Answer');
    await world.stage.lineUntil(ADA, 'a connected call', ({ calls }) =>
      calls.some(({ state }) => state === 'connected'),
    );
  });

  test('a note that is being written when the event page is suspended reaches the relay whole', async () => {
    await ring(ANNA.reported);
    const caller = await agent.callerWindow();
    await press(caller, 'Answer');
    const field = await caller.waitForSelector('textarea');
    await field?.type('Wants the ');
    await agent.stopWorker();
    await field?.type('blue one');
    const [entry] = await eventually(
      'the note to be kept',
      () => world.stage.journal(),
      (all) => all[0]?.note === 'Wants the blue one',
    );
    expect(entry?.remote.contact?.name).toBe(ANNA.name);
  });

  test('the journal is a page of its own, with the call that was missed', async () => {
    const [last] = await world.stage.journal();
    await ring(PAUL.reported);
    await agent.callerWindow();
    await world.stage.desk.farHangsUp(ADA);
    const [entry] = await eventually(
      'the missed call',
      () => world.stage.journal(),
      (all) => all[0]?.entryId !== last?.entryId && all[0]?.outcome === 'missed',
    );
    const journal = await agent.openView('journal.html');
    const row = `.journal-row--missed[data-entry-id="${entry?.entryId}"]`;
    await eventually(
      'the row',
      () => journal.evaluate((selector) => document.querySelector(selector)?.textContent ?? '', row),
      (text) => text.includes(PAUL.name),
    );
    await journal.close();
    await crm.bringToFront();
  });

  test('it goes away when the caller gives up', async () => {
    await ring(PAUL.reported);
    await waitForText(await agent.callerWindow(), PAUL.name);
    await world.stage.desk.farHangsUp(ADA);
    await noCallerWindow();
  });
});
