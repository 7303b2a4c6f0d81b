// A browser in memory, as far as the worker uses one: storage, notifications, permissions, tabs, scripts, events. It
// outlives the workers that are started in it.
import type { Browser, Scripting } from 'webextension-polyfill';
import type { NotificationContent } from '#lib/caller.ts';
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
  let registrations = 0;
  return {
    registered,
    injected,
    goneTabs,
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
        injected.push(injection);
        return [];
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
export function createFakeBrowser({ origins = [] as string[] } = {}) {
  const messaging = createFakeMessaging();
  const scripting = createFakeScripting();
  const notifications = createFakeNotifications();
  const storage = { local: createFakeStorage(), session: createFakeStorage() };
  const tabs: SiteTab[] = [];
  const opened: object[] = [];
  const badges: string[] = [];
  const alarms: object[] = [];
  let reloads = 0;
  const events = {
    onAlarm: createFakeEvent<() => void>(),
    onStartup: createFakeEvent<() => void>(),
    onInstalled: createFakeEvent<() => void>(),
    onUpdateAvailable: createFakeEvent<() => void>(),
    onIdle: createFakeEvent<(state: string) => void>(),
    onAdded: createFakeEvent<() => void>(),
    onRemoved: createFakeEvent<() => void>(),
  };
  const parts = {
    storage,
    scripting: scripting.api,
    notifications: notifications.api,
    permissions: {
      getAll: async () => ({ origins: [...origins] }),
      onAdded: events.onAdded,
      onRemoved: events.onRemoved,
    },
    tabs: {
      query: async () => tabs,
      create: async (what: object) => opened.push(what),
      update: async (id: number, what: object) => opened.push({ id, ...what }),
    },
    windows: { update: async (id: number, what: object) => opened.push({ windowId: id, ...what }) },
    alarms: { create: async (name: string, info: object) => alarms.push({ name, ...info }), onAlarm: events.onAlarm },
    idle: { onStateChanged: events.onIdle },
    i18n: { getUILanguage: () => 'de' },
    action: {
      setIcon: async ({ path }: { path: Record<string, string> }) => void badges.push(path['16'] ?? ''),
      setBadgeText: async () => undefined,
      setTitle: async () => undefined,
    },
    runtime: {
      id: OWN_ID,
      getURL: (path: string) => `${OWN_ORIGIN}/${path}`,
      getManifest: () => ({ version: '0.1.0' }),
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
    messaging,
    scripting,
    notifications,
    events,
    tabs,
    opened,
    badges,
    alarms,
    reloads: () => reloads,
  };
}
