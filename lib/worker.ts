// The background worker's composition: which parts there are, and in which order they start. The worker may die at any
// moment, so every browser listener is registered synchronously when this is called, and each waits for `ready`.
import { PhoneNumberSchema, type ServerMessage } from '@offhook/protocol';
import * as v from 'valibot';
import type { Browser } from 'webextension-polyfill';
import { badgeOf } from './badge.ts';
import { type Caller, createCaller, type Notifications } from './caller.ts';
import { loadDeviceKey } from './device-key.ts';
import { type T, t } from './i18n.ts';
import { createInjection, type Injection } from './injection.ts';
import { createLink, type Link, type LinkClock } from './link.ts';
import { answerRequests, type Handlers, type OrderResult, type Sender, serveViews } from './messages.ts';
import { createOrders, type Orders } from './orders.ts';
import { enrol, webSocketOrigin } from './pairing.ts';
import { ownCallsOf, ownLinesOf, type PhoneState } from './phone.ts';
import { createPhoneHolder, type PhoneHolder } from './phone-holder.ts';
import { guessCountry, loadConnection, loadSettings, saveConnection } from './settings.ts';
import { tabForRecord } from './sites.ts';
import { createWords } from './words.ts';

export interface WorkerOptions {
  browser: Browser;
  /** `'chrome'` takes notification buttons and dies after 30 s of silence, `'firefox'` is held by a 20 s alarm. */
  kind: 'chrome' | 'firefox';
}

interface Parts {
  browser: Browser;
  holder: PhoneHolder;
  orders: Orders;
  injection: Injection;
  caller: Caller;
  connection: ConnectionKeeper;
  /** Resolves when the last worker's memory is back and the link is on its way. */
  ready: Promise<void>;
}

interface ConnectionKeeper {
  /** Starts (or restarts) the link for the relay that is stored now. */
  start(): Promise<void>;
  link(): Link | undefined;
}

const clock: LinkClock = {
  now: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

const LINE_WAIT_MS = 6_000;
const ALARM = 'revive';
const DialRequestSchema = v.object({
  number: PhoneNumberSchema,
  shownText: v.pipe(v.string(), v.maxLength(256)),
  from: v.picklist(['chip', 'link']),
});

/** Starts the worker. Call it once, synchronously, at the top level of the background script. */
export function startWorker({ browser, kind }: WorkerOptions): void {
  const country = guessCountry({
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    language: browser.i18n.getUILanguage(),
  });
  const holder = createPhoneHolder({ memory: browser.storage.session, clock, country });
  const connection = createConnection({ browser, holder, kind, onMessage: (message) => take(message) });
  const orders = createOrders({
    send: (message) => connection.link()?.send(message) ?? false,
    clock,
    newId: () => crypto.randomUUID(),
  });
  const caller = createWorkerCaller({ browser, holder, orders, connection, kind });
  const injection = createInjection(browser);
  const ready = holder.restore().then(() => connection.start());
  const parts: Parts = { browser, holder, orders, injection, caller, connection, ready };

  function take(message: ServerMessage): void {
    holder.apply({ type: 'message', message, at: Date.now() });
    orders.onMessage(message);
    if (message.type === 'notify' && !message.show) void caller.onCleared(message.callId);
  }

  const publish = serveViews(browser.runtime.onConnect, async () => {
    await ready;
    return holder.state();
  });
  holder.onChange((state, before) => {
    publish(state);
    void caller.update();
    if (state.link.type === 'online' && before.link.type !== 'online') orders.onOnline();
    showBadge(browser, state, before);
  });
  answerRequests(
    {
      onMessage: browser.runtime.onMessage,
      ownId: browser.runtime.id,
      ownOrigin: browser.runtime.getURL('').replace(/\/$/, ''),
    },
    handlersOf(parts),
  );
  listenToBrowser(parts, kind);
  showBadge(browser, holder.state());
}

// ---- the link

interface ConnectionOptions {
  browser: Browser;
  holder: PhoneHolder;
  kind: WorkerOptions['kind'];
  onMessage(message: ServerMessage): void;
}

function createConnection({ browser, holder, kind, onMessage }: ConnectionOptions): ConnectionKeeper {
  let link: Link | undefined;
  let journal: string | undefined;
  return {
    link: () => link,
    async start() {
      link?.close();
      link = undefined;
      const stored = await loadConnection(browser.storage.local);
      if (!stored) return holder.apply({ type: 'forgotten' });
      const key = await loadDeviceKey();
      const platform = await browser.runtime.getPlatformInfo();
      link = createLink({
        origin: stored.origin,
        device: stored.device,
        sign: key.sign,
        client: { name: 'offhook', version: browser.runtime.getManifest().version, os: platform.os, browser: kind },
        openSocket,
        clock,
        random: Math.random,
        resume: () => ({ cursor: holder.state().cursor, journal }),
        onMessage(message) {
          if (message.type === 'journal' && message.id === undefined) journal = message.cursor;
          onMessage(message);
        },
        onStatus: (status) => holder.apply({ type: 'link', status }),
      });
    },
  };
}

function openSocket(url: string, subprotocol: string): WebSocket {
  return new WebSocket(url, subprotocol);
}

// ---- incoming calls

function createWorkerCaller(options: {
  browser: Browser;
  holder: PhoneHolder;
  orders: Orders;
  connection: ConnectionKeeper;
  kind: WorkerOptions['kind'];
}): Caller {
  const { browser, holder, orders, connection, kind } = options;
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
    openContact: (url) => openRecord(browser, url),
    seen: (callId, action) => void connection.link()?.send({ type: 'seen', callId, action }),
  });
}

async function openRecord(browser: Browser, url: string): Promise<void> {
  const tab = tabForRecord(url, await browser.tabs.query({}));
  if (tab?.id === undefined) {
    await browser.tabs.create({ url });
    return;
  }
  await browser.tabs.update(tab.id, tab.url === url ? { active: true } : { url, active: true });
  if (tab.windowId !== undefined) await browser.windows.update(tab.windowId, { focused: true });
}

// ---- requests of pages and views

function handlersOf(parts: Parts): Handlers {
  const { browser, holder, orders, injection, connection, ready } = parts;
  return {
    'gate-found': async (_request, sender) => ({ isInjected: await injection.injectPage(sender) }),
    async 'page-settings'(_request, sender) {
      if (!(await injection.isAllowed(sender))) return { isDisabled: true };
      const settings = await loadSettings(browser.storage.local);
      return { country: settings.country ?? holder.state().country, takesTelLinks: settings.takesTelLinks };
    },
    dial: (request, sender) => dial(parts, request, sender),
    async 'get-state'() {
      await ready;
      return holder.state();
    },
    async command(request) {
      await ready;
      return orders.give(request);
    },
    async preview(request) {
      await ready;
      await holder.until(isUsable, LINE_WAIT_MS);
      return orders.preview(request);
    },
    async pair({ relayUrl, code, deviceName }) {
      const key = await loadDeviceKey();
      const origin = webSocketOrigin(relayUrl);
      const paired = await enrol({ origin, code, publicKey: key.publicKey, deviceName, openSocket, clock });
      if (paired.type === 'failed') return paired;
      const { device, userName } = paired;
      holder.apply({ type: 'forgotten' });
      await saveConnection(browser.storage.local, { origin, device, userName });
      await connection.start();
      return { type: 'paired', userName };
    },
    async unpair() {
      await saveConnection(browser.storage.local, undefined);
      await connection.start();
      return { type: 'done' };
    },
    async 'open-contact'({ callId }) {
      const url = ownCallsOf(holder.state()).find(({ call }) => call.callId === callId)?.call.remote.contact?.url;
      if (url === undefined) return { type: 'failed' };
      await openRecord(browser, url);
      return { type: 'done' };
    },
    async 'site-changed'() {
      await injection.update({ openTabs: 'inject' });
      return { type: 'done' };
    },
  };
}

async function dial({ browser, holder, orders, injection, ready }: Parts, request: unknown, sender: Sender): Promise<OrderResult> {
  const read = v.safeParse(DialRequestSchema, request);
  if (!read.success) return { type: 'failed', code: 'number-invalid' };
  if (!(await injection.isAllowed(sender))) return { type: 'failed', code: 'site-not-enabled' };
  await ready;
  if (!(await loadConnection(browser.storage.local))) return { type: 'failed', code: 'not-paired' };
  const state = await holder.until(isUsable, LINE_WAIT_MS);
  if (!state) return { type: 'failed', code: 'relay-unreachable' };
  const line = ownLinesOf(state).find((held) => held.line.capabilities.includes('makeCall')) ?? ownLinesOf(state)[0];
  if (!line) return { type: 'failed', code: 'no-line' };
  return orders.give({
    lineId: line.line.lineId,
    order: { name: 'makeCall', args: { number: read.output.number } },
  });
}

function isUsable(state: PhoneState): boolean {
  return state.link.type === 'online' && state.cursor !== undefined && state.lines.length > 0;
}

// ---- the browser's events

function listenToBrowser({ browser, holder, injection, caller, connection, ready }: Parts, kind: WorkerOptions['kind']): void {
  const wake = () => void ready.then(() => connection.link()?.wake());
  // An alarm survives the worker, but not an update of the extension: made anew at every start.
  void browser.alarms.create(ALARM, { periodInMinutes: kind === 'chrome' ? 0.5 : 1 / 3 });
  browser.alarms.onAlarm.addListener(wake);
  browser.runtime.onStartup.addListener(wake);
  browser.idle.onStateChanged.addListener((state) => {
    if (state === 'active') wake();
  });
  globalThis.addEventListener('online', wake);
  browser.runtime.onInstalled.addListener(() => void injection.update({ openTabs: 'inject' }));
  browser.permissions.onAdded.addListener(() => void injection.update({ openTabs: 'inject' }));
  browser.permissions.onRemoved.addListener(() => void injection.update({ openTabs: 'leave' }));
  browser.notifications.onClicked.addListener((id) => void ready.then(() => caller.onClicked(id)));
  browser.notifications.onButtonClicked.addListener((id, index) => void ready.then(() => caller.onButton(id, index)));
  browser.notifications.onClosed.addListener((id, byUser) => void ready.then(() => caller.onClosed(id, byUser)));
  // A worker that never idles would never be updated: it waits for the end of the calls, not longer.
  browser.runtime.onUpdateAvailable.addListener(() => {
    const reloadWhenFree = () => {
      if (ownCallsOf(holder.state()).length === 0) browser.runtime.reload();
    };
    holder.onChange(reloadWhenFree);
    reloadWhenFree();
  });
}

function showBadge(browser: Browser, state: PhoneState, before?: PhoneState): void {
  const badge = badgeOf(state);
  if (before && JSON.stringify(badgeOf(before)) === JSON.stringify(badge)) return;
  const suffix = badge.icon === 'idle' ? '' : `-${badge.icon}`;
  const say: T = t;
  void browser.action.setIcon({ path: { 16: `icon/16${suffix}.png`, 32: `icon/32${suffix}.png` } });
  void browser.action.setBadgeText({ text: badge.text });
  void browser.action.setTitle({ title: `Offhook · ${say(badge.title)}` });
}
