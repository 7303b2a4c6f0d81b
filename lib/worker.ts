// The background worker's composition: which parts there are, and in which order they start. The worker may die at any
// moment, so every browser listener is registered synchronously when this is called, and each waits for `ready`.
import type { ServerMessage } from '@offhook/protocol';
import type { Browser, Storage } from 'webextension-polyfill';
import { windowsOf } from './browser-windows.ts';
import { type Caller, createCaller, type Notifications } from './caller.ts';
import { type CallerWindow, createCallerWindow } from './caller-window.ts';
import type { Clock } from './clock.ts';
import type { ConfirmCalls } from './confirm-calls.ts';
import { createConnection, type DeviceKeys, type RelayConnection } from './connection.ts';
import { createContactOpener } from './contact-opener.ts';
import { type ContactPages, createContactPages, openContactPage } from './contact-pages.ts';
import { createDesk } from './desk.ts';
import { openEntryForm } from './entry-forms.ts';
import { createFrontPage, type FrontPage } from './front-page.ts';
import type { T } from './i18n.ts';
import { createInjection, type Injection } from './injection.ts';
import { createJournalHolder, type JournalHolder } from './journal-holder.ts';
import { answerRequests, type OrderResult, serveViews } from './messages.ts';
import { createNotes, type Notes } from './notes.ts';
import { openNumberList } from './number-list.ts';
import { createOrders, type Orders } from './orders.ts';
import { listenForOutsideCalls } from './outside-calls.ts';
import { isUnrighted, ownCallsOf, type PhoneState } from './phone.ts';
import { createPhoneHolder, type PhoneHolder } from './phone-holder.ts';
import { POLICY_KEY, settingsInForce } from './policy.ts';
import { createQuestions, type Questions } from './questions.ts';
import type { OpenSocket } from './relay-socket.ts';
import { handlersOf } from './requests.ts';
import { ruleText } from './rule-text.ts';
import { createSampleCall, isSample, type SampleCall } from './sample-call.ts';
import { guessCountry, type Settings } from './settings.ts';
import { createShortcuts, type Shortcuts } from './shortcuts.ts';
import { createSpeaker, type Speaker } from './speaker.ts';
import { createToolbar } from './toolbar.ts';
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

/** What talks to the relay and remembers what it said. */
interface Link {
  holder: PhoneHolder;
  /** The phones as they are shown, with a pretended call if there is one. */
  sample: SampleCall;
  speaker: Speaker;
  orders: Orders;
  questions: Questions;
  journal: JournalHolder;
  notes: Notes;
  pages: ContactPages;
  connection: RelayConnection;
  ready: Promise<void>;
  /** To be told of messages that only matter at the edge. */
  onMessage(listener: (message: ServerMessage) => void): void;
}

/** What the agent sees without opening a view. */
interface Edge {
  caller: Caller;
  window: CallerWindow;
  contacts: { update(): Promise<void> };
  toolbar: { show(): void };
  front: FrontPage;
  injection: Injection;
  /** What waits to be confirmed. */
  confirmCalls: ConfirmCalls;
  /** The agent types in one of our own views. */
  onTyping(): void;
}

type Parts = Link & Edge;

const SEEN_WAIT_MS = 10_000;
const STALE_CALLS_MS = 600_000;
const TYPING_MS = 3_000;
const ALARM = 'revive';

/** Starts the worker. Call it once, synchronously, at the top level of the background script. */
export function startWorker(options: WorkerOptions): void {
  const link = createLinkParts(options);
  const parts: Parts = { ...link, ...createEdge(options, link) };
  listenToViews(options, parts);
  listenToBrowser(options, parts);
  listenToAgent(options, parts);
}

// ---- the relay

function createLinkParts({ browser, kind, t, clock, keys, openSocket }: WorkerOptions): Link {
  const { local, session } = browser.storage;
  const newId = () => crypto.randomUUID();
  const send: RelayConnection['send'] = (message) => connection.send(message);
  const listeners: ((message: ServerMessage) => void)[] = [];
  const holder = createPhoneHolder({ memory: session, clock, country: countryOf(browser) });
  const orders = createOrders({ send, clock, newId });
  const questions = createQuestions({ send, clock, newId });
  const journal = createJournalHolder({ memory: session, clock, ask: questions.ask, send });
  const notes = createNotes({ store: local, clock, send, newId, onKept: journal.apply });
  // What the relay told, and what was written for it, beside the picture of the phones.
  const forget = () => {
    journal.apply({ type: 'forgotten' });
    notes.forget();
    // Storage that fails here fails for every part; the browser forgets it when it closes.
    pages.forget().catch(() => undefined);
  };
  const connection = createConnection({
    store: local,
    keys,
    holder,
    openSocket,
    clock,
    random: Math.random,
    journalCursor: () => journal.state().cursor,
    client: () => clientOf({ browser, kind }),
    onMessage(message) {
      holder.apply({ type: 'message', message, at: clock.now() });
      for (const part of [orders, questions, journal, notes]) part.onMessage(message);
      for (const listener of listeners) listener(message);
    },
    onSignedIn() {
      for (const part of [orders, questions, notes]) part.onSignedIn();
    },
    onForgotten() {
      orders.abandon();
      questions.abandon();
      forget();
    },
  });
  holder.onChange(({ link }, before) => {
    if (link.type === 'online' && before.link.type !== 'online') journal.onOnline();
    if (isUnrighted(link) && !isUnrighted(before.link)) forget();
  });
  const speaker = createSpeaker({ state: holder.state });
  const sample = createSampleCall({ phone: holder, clock, newId, name: () => t('sample_call_name') });
  const pages = createContactPages({ memory: session, phone: sample.state, journal: journal.state });
  const memories = Promise.all([holder.restore(), journal.restore(), notes.restore()]);
  const ready = memories.then(() => connection.start());
  return {
    ...{ holder, sample, speaker, orders, questions, journal, notes, pages, connection, ready },
    onMessage: (listener) => void listeners.push(listener),
  };
}

function countryOf(browser: Browser): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return guessCountry({ timeZone, language: browser.i18n.getUILanguage() });
}

async function clientOf({ browser, kind }: Pick<WorkerOptions, 'browser' | 'kind'>) {
  const { os } = await browser.runtime.getPlatformInfo();
  return { name: 'offhook', version: browser.runtime.getManifest().version, os, browser: kind };
}

function giveTo({ orders, sample }: Pick<Link, 'orders' | 'sample'>) {
  return async (order: Parameters<Orders['give']>[0] & { callId: string }): Promise<OrderResult> =>
    isSample(order.callId) ? sample.give(order.order) : orders.give(order);
}

// ---- incoming calls

function createEdge(options: WorkerOptions, link: Link): Edge {
  const { browser, kind, t, clock } = options;
  const { local, session } = browser.storage;
  const { sample, notes } = link;
  const front = createFrontPage(browser, clock.after);
  let typedAt = Number.NEGATIVE_INFINITY;
  const isTyping = async () => clock.now() - typedAt < TYPING_MS || front.isTyping();
  return {
    front,
    injection: createInjection(browser),
    confirmCalls: listenForOutsideCalls({ browser, kind, t, clock, front }),
    caller: createWorkerCaller(options, link),
    window: createCallerWindow({
      windows: windowsOf({ browser, kind, page: 'caller.html', comes: 'behind' }),
      memory: session,
      store: local,
      clock,
      state: sample.state,
      maySpeak: link.speaker.maySpeak,
      mayOpen: async () => (await settingsInForce(browser.storage)).showsCallerWindow,
      wouldDisturb: async () => kind === 'firefox' && (await isTyping()),
      isWrittenAbout: notes.isAbout,
    }),
    contacts: createContactOpener({
      memory: session,
      state: link.holder.state,
      moment: async () => (await settingsInForce(browser.storage)).opensContact,
      isTyping,
      open: (url) => openContactPage(browser, url, 'quietly'),
    }),
    toolbar: createToolbar({ browser, t, phone: sample.state, journal: link.journal.state }),
    onTyping() {
      typedAt = clock.now();
    },
  };
}

function createWorkerCaller({ browser, kind, t }: WorkerOptions, link: Link): Caller {
  const { holder, sample, connection } = link;
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
    state: sample.state,
    maySpeak: link.speaker.maySpeak,
    mayNotify: async () => (await settingsInForce(browser.storage)).notifies,
    give: giveTo(link),
    openContact: (url) => openContactPage(browser, url),
    // A click may be what started this worker: then the link is still coming up. Of a pretended call nobody else knows.
    seen: (callId, action) =>
      isSample(callId)
        ? undefined
        : void holder
            .until(({ link: { type } }) => type === 'online', SEEN_WAIT_MS)
            .then(() => connection.send({ type: 'seen', callId, action })),
  });
}

// ---- what the worker hears and shows

function listenToViews(options: WorkerOptions, parts: Parts): void {
  const { browser, clock } = options;
  const { holder, sample, speaker, journal, notes, caller, window, contacts, toolbar, connection, ready } = parts;
  const self = { ownId: browser.runtime.id, ownOrigin: browser.runtime.getURL('').replace(/\/$/, '') };
  const desk = createDesk({ phone: sample, journal, notes, clock, publish: (change) => views.publish(change) });
  const views = serveViews({
    ...self,
    onConnect: browser.runtime.onConnect,
    async current() {
      await ready;
      connection.retry();
      return desk.current();
    },
    onGone: () => notes.flush(),
  });
  const handlers = handlersOf({
    ...parts,
    storage: browser.storage,
    desk,
    openContact: (url) => openContactPage(browser, url),
    openForm: (url) => openEntryForm(browser, url),
    words: () => createWords({ t: options.t, country: holder.state().country }),
    now: clock.now,
  });
  answerRequests({ ...self, onMessage: browser.runtime.onMessage }, handlers);
  toolbar.show();
  sample.onChange(() => {
    // The notification first: a window and an icon take the browser longer than it takes the agent to look up.
    void caller
      .update()
      .finally(() => {
        toolbar.show();
        return window.update();
      })
      .finally(contacts.update);
  });
  journal.onChange(toolbar.show);
  flushAtTheEnd(parts);
  parts.onMessage((message) => {
    if (speaker.onMessage(message)) void caller.update().finally(window.update);
    if (message.type !== 'notify' || message.show) return;
    void caller.onCleared(message.callId);
    void window.onCleared(message.callId);
  });
}

// A note is given to the relay at once when its call is over: nobody knows how long this worker lives.
function flushAtTheEnd({ holder, notes }: Pick<Parts, 'holder' | 'notes'>): void {
  let live = new Set<string>();
  holder.onChange((state) => {
    const before = live;
    live = new Set(ownCallsOf(state).map(({ call }) => call.conversationId));
    for (const conversationId of before) if (!live.has(conversationId)) notes.flush(conversationId);
  });
}

function listenToBrowser({ browser, kind, clock, onNetworkUp }: WorkerOptions, parts: Parts): void {
  const { holder, orders, injection, connection, ready } = parts;
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
  browser.runtime.onInstalled.addListener(({ reason }) => {
    void injection.update({ openTabs: 'inject' });
    if (reason === 'install') void welcome(browser);
  });
  browser.permissions.onAdded.addListener(() => void injection.update({ openTabs: 'inject' }));
  browser.permissions.onRemoved.addListener(() => {
    // Pages that are open leave off at once.
    void injection.update({ openTabs: 'leave' }).finally(injection.announceSettings);
  });
  browser.runtime.onUpdateAvailable.addListener(() => {
    const reloadWhenFree = () => {
      if (!orders.isBusy() && isFree(holder.state(), clock.now())) browser.runtime.reload();
    };
    holder.onChange(reloadWhenFree);
    void ready.then(reloadWhenFree);
  });
}

// What pages do depends on these settings alone.
function changesPages(change: Storage.StorageChange | undefined): boolean {
  const shown = (value: unknown) => {
    const { country, takesTelLinks, siteRules } = (value ?? {}) as Partial<Settings>; // our own, read again by schema
    return JSON.stringify([country, takesTelLinks, siteRules]);
  };
  return change !== undefined && shown(change.oldValue) !== shown(change.newValue);
}

// Who installs the demo is led by its own pages.
async function welcome(browser: Browser): Promise<void> {
  const isDemo = browser.runtime.getManifest().host_permissions?.some((host) => host.startsWith('http://127.0.0.1/'));
  if (!isDemo) await browser.tabs.create({ url: browser.runtime.getURL('options.html#welcome') });
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

/** What the agent does outside of pages and views: presses notifications and keys, closes windows. */
function listenToAgent(options: WorkerOptions, parts: Parts): void {
  const { browser, kind } = options;
  const { caller, window, injection, ready } = parts;
  const isChrome = kind === 'chrome';
  browser.storage.onChanged.addListener((changes, area) => {
    if (area === 'local' && changesPages(changes['settings'])) void injection.announceSettings();
    // What the company sets holds at once, on pages that are open, too.
    if (area === 'managed' || (area === 'local' && changes[POLICY_KEY])) {
      void injection.update({ openTabs: 'inject' }).finally(injection.announceSettings);
    }
  });
  browser.notifications.onClicked.addListener((id) => void ready.then(() => caller.onClicked(id)));
  if (isChrome) {
    browser.notifications.onButtonClicked.addListener((id, index) => void ready.then(() => caller.onButton(id, index)));
  }
  // Firefox always says that the user closed it, even when we did (bug 1413188): there it means nothing.
  browser.notifications.onClosed.addListener((id, byUser) => {
    void ready.then(() => caller.onClosed(id, byUser && isChrome));
  });
  browser.windows.onRemoved.addListener((id) => void ready.then(() => window.onRemoved(id)));
  const shortcuts = createWorkerShortcuts(options, parts);
  browser.commands.onCommand.addListener((name) => void ready.then(() => shortcuts.run(name)));
}

function createWorkerShortcuts({ browser, clock, t }: WorkerOptions, parts: Parts): Shortcuts {
  const { holder, sample, caller, front } = parts;
  return createShortcuts({
    phone: sample,
    clock,
    settled: holder.settled,
    page: front,
    openList: () => openNumberList(browser),
    give: giveTo(parts),
    tell: caller.tell,
    say: (reason) => caller.say('shortcut', t(reason)),
    explain: ({ text, ...because }) =>
      caller.say('shortcut', t('shortcut_selection_why', { text: text.slice(0, 40), why: ruleText(t, because) })),
    async openContact(callId) {
      const found = ownCallsOf(sample.state()).find(({ call }) => call.callId === callId);
      const url = found?.call.remote.contact?.url;
      return url !== undefined && openContactPage(browser, url);
    },
  });
}
