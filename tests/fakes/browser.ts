// A browser in memory, as far as the worker uses one: storage, notifications, permissions, tabs, scripts, events. It
// outlives the workers that are started in it.
import type { Browser, Scripting } from 'webextension-polyfill';
import type { NotificationContent } from '#lib/call-notice.ts';
import type { SiteTab } from '#lib/sites.ts';
import { createFakeEvent } from './browser-event.ts';
import { createFakeMessaging, OWN_ID, OWN_ORIGIN } from './messaging.ts';
import { createFakeStorage } from './storage.ts';

type Registered = Scripting.RegisteredContentScript;

/** The scripts that are registered, with the browser's own strictness about their ids. */
function createFakeScripting() {
  const registered = new Map<string, Registered>();
  const injected: { target: object; files: string[] }[] = [];
  const goneTabs = new Set<number>();
  /** The frames that the browser lets us into. */
  const frames = [0];
  /** What a function that is run in a frame answers; else true. */
  const answers = new Map<number, unknown>();
  let registrations = 0;
  return {
    registered,
    injected,
    goneTabs,
    frames,
    answers,
    registrations: () => registrations,
    api: {
      async getRegisteredContentScripts({ ids }: { ids: string[] }) {
        await undefined;
        return ids.flatMap((id) => registered.get(id) ?? []);
      },
      async registerContentScripts(scripts: Registered[]) {
        await undefined;
        for (const script of scripts) {
          if (registered.has(script.id)) throw new Error(`Duplicate script ID '${script.id}'`);
          registrations += 1;
          registered.set(script.id, script);
        }
      },
      async unregisterContentScripts({ ids }: { ids: string[] }) {
        await undefined;
        for (const id of ids) if (!registered.delete(id)) throw new Error(`Nonexistent script ID '${id}'`);
      },
      async executeScript(injection: { target: { tabId: number }; files: string[] }) {
        if (goneTabs.has(injection.target.tabId)) throw new Error('No tab with id');
        // A probe for frames leaves nothing there.
        if ('files' in injection) injected.push(injection);
        return frames.map((frameId) => ({ frameId, result: answers.has(frameId) ? answers.get(frameId) : true }));
      },
    },
  };
}

interface FakeWindow {
  id: number;
  left: number;
  top: number;
  width: number;
  height: number;
  focused: boolean;
  type: string;
}

/** Windows on one screen of 1920 × 1080, one of them in front; what is opened where no screen is, is refused. */
function createFakeWindows() {
  const front: FakeWindow = { id: 1, left: 0, top: 0, width: 1200, height: 900, focused: true, type: 'normal' };
  const open = new Map([[front.id, front]]);
  /** The pages in them; one that has not loaded has no address yet. */
  const pages: { id: number; windowId: number; url: string }[] = [];
  const created: object[] = [];
  const focused: number[] = [];
  const onRemoved = createFakeEvent<(id: number) => void>();
  let lastId = 100;

  /** The agent closes it, or its last page goes. */
  function closed(id: number): void {
    open.delete(id);
    for (const page of pages.filter(({ windowId }) => windowId === id)) pages.splice(pages.indexOf(page), 1);
    onRemoved.emit(id);
  }

  return {
    open,
    created,
    pages,
    focused,
    onRemoved,
    closed,
    removePages(ids: readonly number[]) {
      for (const id of ids) {
        const at = pages.findIndex((page) => page.id === id);
        const [page] = pages.splice(at, at === -1 ? 0 : 1);
        if (!page) throw new Error(`No tab with id: ${id}.`);
        if (!pages.some(({ windowId }) => windowId === page.windowId)) closed(page.windowId);
      }
    },
    api: {
      onRemoved,
      async create({ url, focused: isFocused = true, ...asked }: Partial<FakeWindow> & { url: string }) {
        await undefined;
        const { left = 20, top = 20, width = 400, height = 400, type = 'normal' } = asked;
        if (left > 1820 || top > 980 || left < -300) throw new Error('Invalid value for bounds.');
        lastId += 1;
        const opened = { id: lastId, left, top, width, height, focused: isFocused, type };
        created.push({ url, focused: isFocused, ...asked });
        open.set(lastId, opened);
        pages.push({ id: lastId, windowId: lastId, url });
        return opened;
      },
      async get(id: number) {
        await undefined;
        if (!open.has(id)) throw new Error(`No window with id: ${id}.`);
        return open.get(id);
      },
      getLastFocused: async () => front,
      async update(id: number, { focused: isFocused }: { focused?: boolean }) {
        if (isFocused) focused.push(id);
      },
    },
  };
}

function createFakeNotifications() {
  const standing = new Map<string, NotificationContent>();
  const created: string[] = [];
  return {
    standing,
    created,
    api: {
      onClicked: createFakeEvent<(id: string) => void>(),
      onButtonClicked: createFakeEvent<(id: string, index: number) => void>(),
      onClosed: createFakeEvent<(id: string, byUser: boolean) => void>(),
      async create(id: string, content: NotificationContent) {
        created.push(id);
        standing.set(id, content);
        return id;
      },
      async update(id: string, content: NotificationContent) {
        if (standing.has(id)) standing.set(id, content);
        return standing.has(id);
      },
      clear: async (id: string) => standing.delete(id),
      getAll: async () => Object.fromEntries([...standing.keys()].map((id) => [id, true])),
    },
  };
}

/** The browser and what the test sees of it. */
export function createFakeBrowser({ origins = [] as string[], manifest = {} as object } = {}) {
  const messaging = createFakeMessaging();
  const scripting = createFakeScripting();
  const notifications = createFakeNotifications();
  const windows = createFakeWindows();
  const asked: { tabId: number; frameId: number; name: string }[] = [];
  const pageScripts = new Map<number, (name: string) => unknown>();
  const storage = { local: createFakeStorage(), session: createFakeStorage() };
  /** What the company set; browsers refuse to answer where there is nothing. */
  const company: { policy?: Record<string, unknown> } = {};
  const managed = {
    async get() {
      if (!company.policy) throw new Error('Managed storage manifest not found');
      return structuredClone(company.policy);
    },
  };
  const tabs: SiteTab[] = [];
  const opened: object[] = [];
  const badges: string[] = [];
  const texts: string[] = [];
  const titles: string[] = [];
  const alarms: object[] = [];
  let reloads = 0;
  /** Entries of the menu by id, and the tabs that have gone back. */
  const menus = new Map<string, object>();
  const wentBack: number[] = [];
  const events = {
    onAlarm: createFakeEvent<() => void>(),
    onStartup: createFakeEvent<() => void>(),
    onInstalled: createFakeEvent<(details: { reason: string }) => void>(),
    onUpdateAvailable: createFakeEvent<() => void>(),
    onIdle: createFakeEvent<(state: string) => void>(),
    onAdded: createFakeEvent<() => void>(),
    onRemoved: createFakeEvent<() => void>(),
    onStorageChanged: createFakeEvent<(changes: object, area: string) => void>(),
    onCommand: createFakeEvent<(name: string) => void>(),
    onTabUpdated: createFakeEvent<(tabId: number, change: object, tab: SiteTab) => void>(),
    onMenuClicked: createFakeEvent<(click: object, tab?: { id: number }) => void>(),
  };
  const parts = {
    storage: { ...storage, managed, onChanged: events.onStorageChanged },
    scripting: scripting.api,
    notifications: notifications.api,
    permissions: {
      getAll: async () => ({ origins: [...origins] }),
      onAdded: events.onAdded,
      onRemoved: events.onRemoved,
    },
    tabs: {
      query: async ({
        active,
        ...where
      }: {
        url?: string;
        active?: boolean;
        windowId?: number;
        windowType?: string;
      } = {}) => {
        const { url, windowId, windowType } = where;
        if (url === undefined && windowId === undefined) return active ? tabs.filter((tab) => tab.active) : tabs;
        return windows.pages.filter(
          (page) =>
            (url === undefined || page.url === url) &&
            (windowId === undefined || page.windowId === windowId) &&
            (windowType === undefined || windows.open.get(page.windowId)?.type === windowType),
        );
      },
      remove: async (ids: number[]) => windows.removePages(ids),
      async sendMessage(tabId: number, { name }: { name: string }, { frameId = 0 }: { frameId?: number } = {}) {
        asked.push({ tabId, frameId, name });
        const script = pageScripts.get(frameId);
        if (!script) throw new Error('Could not establish connection. Receiving end does not exist.');
        return script(name);
      },
      onUpdated: events.onTabUpdated,
      goBack: async (id: number) => void wentBack.push(id),
      create: async (what: object) => opened.push(what),
      update: async (id: number, what: object) => opened.push({ id, ...what }),
    },
    windows: {
      ...windows.api,
      async update(id: number, what: { focused?: boolean }) {
        opened.push({ windowId: id, ...what });
        await windows.api.update(id, what);
      },
    },
    commands: { onCommand: events.onCommand },
    contextMenus: {
      onClicked: events.onMenuClicked,
      removeAll: async () => menus.clear(),
      create: ({ id, ...entry }: { id: string }) => void menus.set(id, entry),
      update: async (id: string, entry: object) => void menus.set(id, { ...menus.get(id), ...entry }),
    },
    alarms: { create: async (name: string, info: object) => alarms.push({ name, ...info }), onAlarm: events.onAlarm },
    idle: { onStateChanged: events.onIdle },
    i18n: { getUILanguage: () => 'de' },
    action: {
      setIcon: async ({ path }: { path: Record<string, string> }) => void badges.push(path['16'] ?? ''),
      setBadgeText: async ({ text }: { text: string }) => void texts.push(text),
      setTitle: async ({ title }: { title: string }) => void titles.push(title),
    },
    runtime: {
      id: OWN_ID,
      getURL: (path: string) => `${OWN_ORIGIN}/${path}`,
      getManifest: () => ({ version: '0.1.0', ...manifest }),
      getPlatformInfo: async () => ({ os: 'linux' }),
      reload: () => {
        reloads += 1;
      },
      get onMessage() {
        return messaging.onMessage;
      },
      get onConnect() {
        return messaging.onConnect;
      },
      onStartup: events.onStartup,
      onInstalled: events.onInstalled,
      onUpdateAvailable: events.onUpdateAvailable,
    },
  };
  return {
    // The worker uses these parts of a browser and no others; what is missing fails loudly.
    browser: parts as unknown as Browser,
    origins,
    storage,
    company,
    messaging,
    scripting,
    notifications,
    windows,
    /** What page scripts answer, by frame. */
    pageScripts,
    asked,
    texts,
    titles,
    events,
    tabs,
    opened,
    badges,
    menus,
    wentBack,
    alarms,
    reloads: () => reloads,
  };
}
