// What every view starts with: nothing is shown before it is known, and everything that changes is shown.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Browser } from 'webextension-polyfill';
import { EMPTY_JOURNAL } from '#lib/journal.ts';
import { serveViews } from '#lib/messages.ts';
import { loadSettings, saveSettings } from '#lib/settings.ts';
import { openView, type Scene, sidePanelOpener } from '#lib/view.ts';
import { aLine, aState } from '../components/builders.ts';
import { tOf } from '../components/test-words.ts';
import { createFakeEvent } from '../fakes/browser-event.ts';
import { createFakeMessaging, OWN_ID, OWN_ORIGIN } from '../fakes/messaging.ts';
import { createFakeStorage } from '../fakes/storage.ts';
import { settled } from '../fakes/worker-world.ts';

function setUp() {
  const messaging = createFakeMessaging();
  const local = createFakeStorage();
  const events = {
    onChanged: createFakeEvent<(changes: object, area: string) => void>(),
    onActivated: createFakeEvent<() => void>(),
    onUpdated: createFakeEvent<(id: number, change: object, tab: object) => void>(),
    onFocusChanged: createFakeEvent<() => void>(),
  };
  const opened: object[] = [];
  const openTabs: { id: number; windowId: number; url: string }[] = [];
  const parts = {
    storage: { local, onChanged: events.onChanged },
    tabs: {
      onActivated: events.onActivated,
      onUpdated: events.onUpdated,
      query: async ({ url }: { url: string }) => openTabs.filter((tab) => tab.url === url),
      create: async (tab: object) => opened.push(tab),
      update: async (id: number, tab: object) => opened.push({ id, ...tab }),
    },
    windows: { onFocusChanged: events.onFocusChanged, update: async (id: number) => opened.push({ windowId: id }) },
    runtime: { ...messaging.viewRuntime(), getURL: (path: string) => `${OWN_ORIGIN}/${path}` },
  };
  const views = serveViews({
    ...{ ownId: OWN_ID, ownOrigin: OWN_ORIGIN, onConnect: messaging.onConnect },
    current: async () => ({ phone: aState([]), journal: EMPTY_JOURNAL }),
  });
  const scenes: Scene[] = [];
  const document = { documentElement: { lang: '' } };
  const doors = openView({
    browser: parts as unknown as Browser, // the parts that a view uses
    t: tOf('de'),
    document: document as Document, // its language is all that is set
    show: (scene) => scenes.push(scene),
  });
  return { ...events, messaging, doors, document, local, opened, openTabs, scenes, views };
}

beforeEach(() => {
  vi.stubGlobal('navigator', { language: 'de-DE', userAgent: 'Chrome/156 Linux' });
  return () => vi.unstubAllGlobals();
});

describe('a view', () => {
  test('is shown once worker and settings are known, in the language of its words', async () => {
    const { scenes, document } = setUp();
    expect(scenes).toEqual([]);
    await settled();
    expect(scenes.at(-1)).toMatchObject({
      desk: { journal: EMPTY_JOURNAL },
      settings: { notifies: true },
      pageTurn: 0,
      userTurn: 0,
    });
    expect([document.documentElement.lang, scenes.at(-1)?.words.t('action_answer')]).toEqual(['de', 'Annehmen']);
  });

  test('is shown anew when the worker says something, and when settings change', async () => {
    const { scenes, views, local, onChanged } = setUp();
    await settled();
    views.publish({ phone: aState([aLine()]) });
    expect(scenes.at(-1)?.desk.phone.lines).toHaveLength(1);
    await saveSettings(local, { country: 'AT', notifies: false });
    onChanged.emit({}, 'session');
    await settled();
    expect(scenes.at(-1)?.settings.notifies).toBe(true);
    onChanged.emit({}, 'local');
    await settled();
    expect(scenes.at(-1)?.settings.notifies).toBe(false);
    const austrian = { kind: 'e164', number: '+4312345678' } as const;
    expect(scenes.at(-1)?.words.number(austrian, { isKnown: false })).toMatch(/^0/);
  });

  test('learns when another page may be in front', async () => {
    const { scenes, onActivated, onUpdated, onFocusChanged } = setUp();
    await settled();
    onActivated.emit();
    onFocusChanged.emit();
    onUpdated.emit(1, { status: 'complete' }, { active: true });
    onUpdated.emit(1, { status: 'loading' }, { active: true });
    onUpdated.emit(2, { status: 'complete' }, { active: false });
    expect(scenes.at(-1)?.pageTurn).toBe(3);
  });

  test('says with each note who is signed in, and with nothing else', async () => {
    const { doors, messaging, views } = setUp();
    await settled();
    const asked: object[] = [];
    messaging.onMessage.addListener(async (message) => {
      const { name, request } = message as { name: string; request: object }; // as views send them
      asked.push({ name, ...request });
    });
    await doors.send('note', { entryId: 'c1', text: 'W' });
    views.publish({ phone: aState([], { user: { userId: 'ada', name: 'Ada Sample' } }) });
    await doors.send('note', { entryId: 'c1', text: 'Wa' });
    await doors.send('unpair', {});
    expect(asked).toEqual([
      { name: 'note', entryId: 'c1', text: 'W', userId: 'mia' },
      { name: 'note', entryId: 'c1', text: 'Wa', userId: 'ada' },
      { name: 'unpair' },
    ]);
  });

  test('is another one for another user, and stays what it is while nobody is known', async () => {
    const { scenes, views } = setUp();
    await settled();
    const turnAfter = (userId: string | undefined) => {
      views.publish({ phone: aState([], { user: userId === undefined ? undefined : { userId, name: 'Sample' } }) });
      return scenes.at(-1)?.userTurn;
    };
    expect([undefined, 'mia', 'ada', undefined, 'ada', 'mia'].map(turnAfter)).toEqual([0, 0, 1, 1, 1, 2]);
  });

  test('keeps what the agent changes', async () => {
    const { doors, local } = setUp();
    await doors.onChangeSettings({ favourites: ['line-11'] });
    expect((await loadSettings(local)).favourites).toEqual(['line-11']);
  });

  test('opens the journal in the tab that shows it, else in a new one', async () => {
    const { doors, opened, openTabs } = setUp();
    doors.onOpenJournal();
    await settled();
    openTabs.push({ id: 4, windowId: 2, url: `${OWN_ORIGIN}/journal.html` });
    doors.onOpenJournal();
    await settled();
    expect(opened).toEqual([{ url: `${OWN_ORIGIN}/journal.html` }, { id: 4, active: true }, { windowId: 2 }]);
  });
});

test('the panel opens beside the page in either browser, and is not offered where there is none', () => {
  const calls: object[] = [];
  const open = (where: object) => calls.push(where ?? 'sidebar');
  vi.stubGlobal('chrome', { sidePanel: { open } });
  sidePanelOpener(3)?.();
  vi.stubGlobal('chrome', { sidebarAction: { open: () => open(['sidebar']) } });
  sidePanelOpener(3)?.();
  vi.stubGlobal('chrome', {});
  expect([sidePanelOpener(3), calls]).toEqual([undefined, [{ windowId: 3 }, ['sidebar']]]);
});
