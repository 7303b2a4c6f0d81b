// The background worker's composition: which parts there are, and in which order they start. The worker may die at any
// moment, so every browser listener is registered synchronously when this is called, and each waits for `ready`.
import type { ServerMessage } from '@offhook/protocol';
import type { Browser } from 'webextension-polyfill';
import { badgeOf } from './badge.ts';
import { type Caller, createCaller, type Notifications } from './caller.ts';
import type { Clock } from './clock.ts';
import { createConnection, type DeviceKeys, type RelayConnection } from './connection.ts';
import type { T } from './i18n.ts';
import { createInjection, type Injection } from './injection.ts';
import { answerRequests, serveViews } from './messages.ts';
import { createOrders, type Orders } from './orders.ts';
import { ownCallsOf, type PhoneState } from './phone.ts';
import { createPhoneHolder, type PhoneHolder } from './phone-holder.ts';
import type { OpenSocket } from './relay-socket.ts';
import { handlersOf } from './requests.ts';
import { guessCountry, loadSettings } from './settings.ts';
import { siteOf, tabForRecord } from './sites.ts';
import { createWords } from './words.ts';

export interface WorkerOptions {
  browser: Browser;
  /** `'chrome'` takes notification buttons and dies after 30 s of silence, `'firefox'` is held by a 20 s alarm. */
  kind: 'chrome' | 'firefox';
  t: T;
  clock: Clock;
  openSocket: OpenSocket;
  keys: DeviceKeys;
  /** Calls the listener whenever the browser comes back online. */
  onNetworkUp(listener: () => void): void;
}

interface Parts {
  holder: PhoneHolder;
  orders: Orders;
  injection: Injection;
  caller: Caller;
  connection: RelayConnection;
  ready: Promise<void>;
}

const SEEN_WAIT_MS = 10_000;
const STALE_CALLS_MS = 600_000;
const ALARM = 'revive';

/** Starts the worker. Call it once, synchronously, at the top level of the background script. */
export function startWorker(options: WorkerOptions): void {
  const { browser, clock, keys, openSocket } = options;
  const holder = createPhoneHolder({ memory: browser.storage.session, clock, country: countryOf(browser) });
  const orders = createOrders({
    send: (message) => connection.send(message),
    clock,
    newId: () => crypto.randomUUID(),
  });
  const connection = createConnection({
    store: browser.storage.local,
    keys,
    holder,
    openSocket,
    clock,
    random: Math.random,
    client: () => clientOf(options),
    onMessage: take,
    onSignedIn: orders.onSignedIn,
    onForgotten: orders.abandon,
  });
  const caller = createWorkerCaller(options, { holder, orders, connection });
  const injection = createInjection(browser);
  const ready = holder.restore().then(() => connection.start());
  const parts: Parts = { holder, orders, injection, caller, connection, ready };

  function take(message: ServerMessage): void {
    holder.apply({ type: 'message', message, at: clock.now() });
    orders.onMessage(message);
    if (message.type === 'notify' && !message.show) void caller.onCleared(message.callId);
  }

  listenToViews(options, parts);
  listenToBrowser(options, parts);
}

function countryOf(browser: Browser): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return guessCountry({ timeZone, language: browser.i18n.getUILanguage() });
}

async function clientOf({ browser, kind }: WorkerOptions) {
  const { os } = await browser.runtime.getPlatformInfo();
  return { name: 'offhook', version: browser.runtime.getManifest().version, os, browser: kind };
}

// ---- incoming calls

function createWorkerCaller(
  { browser, kind, t }: WorkerOptions,
  { holder, orders, connection }: Pick<Parts, 'holder' | 'orders' | 'connection'>,
): Caller {
  // Chromium alone can update a notification; the types describe what both browsers have.
  const { update } = browser.notifications as Pick<Notifications, 'update'>;
  return createCaller({
    notifications: {
      create: (id, content) => browser.notifications.create(id, content),
      clear: (id) => browser.notifications.clear(id),
      getAll: () => browser.notifications.getAll(),
      ...(update && { update: (id, content) => update(id, content) }),
    },
    memory: browser.storage.session,
    iconUrl: browser.runtime.getURL('icon/128.png'),
    hasButtons: kind === 'chrome',
    words: () => createWords({ t, country: holder.state().country }),
    state: holder.state,
    mayNotify: async () => (await loadSettings(browser.storage.local)).notifies,
    give: orders.give,
    openContact: (url) => openContact(browser, url),
    // A click may be what started this worker: then the link is still coming up.
    seen: (callId, action) =>
      void holder
        .until(({ link }) => link.type === 'online', SEEN_WAIT_MS)
        .then(() => connection.send({ type: 'seen', callId, action })),
  });
}

// The address comes from the company's contacts: only web pages are opened, never a script, a file or a browser page.
async function openContact(browser: Browser, url: string): Promise<boolean> {
  if (siteOf(url) === undefined) return false;
  const tab = tabForRecord(url, await browser.tabs.query({}));
  if (tab?.id === undefined) {
    await browser.tabs.create({ url });
    return true;
  }
  await browser.tabs.update(tab.id, tab.url === url ? { active: true } : { url, active: true });
  if (tab.windowId !== undefined) await browser.windows.update(tab.windowId, { focused: true });
  return true;
}

// ---- what the worker hears and shows

function listenToViews(options: WorkerOptions, parts: Parts): void {
  const { browser } = options;
  const { holder, caller, connection, ready } = parts;
  const self = { ownId: browser.runtime.id, ownOrigin: browser.runtime.getURL('').replace(/\/$/, '') };
  const publish = serveViews({
    ...self,
    onConnect: browser.runtime.onConnect,
    async current() {
      await ready;
      connection.retry();
      return holder.state();
    },
  });
  const handlers = handlersOf({
    ...parts,
    store: browser.storage.local,
    openContact: (url) => openContact(browser, url),
  });
  answerRequests({ ...self, onMessage: browser.runtime.onMessage }, handlers);
  const badge = createBadge(options, holder);
  badge.show();
  holder.onChange((state) => {
    publish(state);
    // The notification first: drawing an icon takes the browser longer than it takes the agent to look up.
    void caller.update().finally(badge.show);
  });
}

function listenToBrowser({ browser, kind, clock, onNetworkUp }: WorkerOptions, parts: Parts): void {
  const { holder, orders, injection, caller, connection, ready } = parts;
  const isChrome = kind === 'chrome';
  const wake = () => void ready.then(connection.wake);
  const probe = () => void ready.then(connection.probe);
  // An alarm survives the worker, but not an update of the extension: made anew at every start.
  void browser.alarms.create(ALARM, { periodInMinutes: isChrome ? 0.5 : 1 / 3 });
  browser.alarms.onAlarm.addListener(wake);
  browser.runtime.onStartup.addListener(wake);
  browser.idle.onStateChanged.addListener((state) => {
    if (state === 'active') probe();
  });
  onNetworkUp(probe);
  browser.runtime.onInstalled.addListener(() => void injection.update({ openTabs: 'inject' }));
  browser.permissions.onAdded.addListener(() => void injection.update({ openTabs: 'inject' }));
  browser.permissions.onRemoved.addListener(() => void injection.update({ openTabs: 'leave' }));
  browser.notifications.onClicked.addListener((id) => void ready.then(() => caller.onClicked(id)));
  if (isChrome) {
    browser.notifications.onButtonClicked.addListener((id, index) => void ready.then(() => caller.onButton(id, index)));
  }
  // Firefox always says that the user closed it, even when we did (bug 1413188): there it means nothing.
  browser.notifications.onClosed.addListener((id, byUser) => {
    void ready.then(() => caller.onClosed(id, byUser && isChrome));
  });
  browser.runtime.onUpdateAvailable.addListener(() => {
    const reloadWhenFree = () => {
      if (!orders.isBusy() && isFree(holder.state(), clock.now())) browser.runtime.reload();
    };
    holder.onChange(reloadWhenFree);
    void ready.then(reloadWhenFree);
  });
}

/**
 * Whether a restart disturbs no call. A worker that never idles would never be updated, so it waits for the end of the
 * calls, not longer; of what it has not heard for ten minutes it waits for nothing.
 */
function isFree(state: PhoneState, now: number): boolean {
  if (state.link.type === 'unpaired' || state.link.type === 'refused') return true;
  if (state.link.type === 'online') return ownCallsOf(state).length === 0;
  return state.heardAt !== undefined && now - state.heardAt > STALE_CALLS_MS;
}

/** The toolbar icon, drawn anew only when it changes. */
function createBadge({ browser, t }: WorkerOptions, holder: PhoneHolder): { show(): void } {
  let drawn = '';
  return {
    show() {
      const badge = badgeOf(holder.state());
      if (JSON.stringify(badge) === drawn) return;
      drawn = JSON.stringify(badge);
      const suffix = badge.icon === 'idle' ? '' : `-${badge.icon}`;
      void browser.action.setIcon({ path: { 16: `icon/16${suffix}.png`, 32: `icon/32${suffix}.png` } });
      void browser.action.setBadgeText({ text: badge.text });
      void browser.action.setTitle({ title: `Offhook · ${t(badge.title)}` });
    },
  };
}
