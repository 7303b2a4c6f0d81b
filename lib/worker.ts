// The background worker's composition: which parts there are, and in which order they start. The worker may die at any
// moment, so every browser listener is registered synchronously when this is called, and each waits for `ready`.
import type { Browser, Storage } from 'webextension-polyfill';
import { createAnnouncements } from './announcements.ts';
import { windowsOf } from './browser-windows.ts';
import type { Caller } from './caller.ts';
import { type CallerWindow, createCallerWindow } from './caller-window.ts';
import type { ConfirmCalls } from './confirm-calls.ts';
import { createContactOpener } from './contact-opener.ts';
import { openContactPage } from './contact-pages.ts';
import { createDesk } from './desk.ts';
import { openEntryForm } from './entry-forms.ts';
import { createFrontPage, type FrontPage } from './front-page.ts';
import { createInjection, type Injection } from './injection.ts';
import { answerRequests, type OrderResult, serveViews } from './messages.ts';
import { openNumberList } from './number-list.ts';
import { createOpenedContact, type OpenedContact } from './opened-contact.ts';
import type { Orders } from './orders.ts';
import { listenForOutsideCalls } from './outside-calls.ts';
import { ownCallsOf, type PhoneState } from './phone.ts';
import { POLICY_KEY, settingsInForce } from './policy.ts';
import { isQuiet } from './quiet.ts';
import { handlersOf } from './requests.ts';
import type { Ringer, RingPlayer } from './ringer.ts';
import { ruleText } from './rule-text.ts';
import { isSample } from './sample-call.ts';
import type { Settings } from './settings.ts';
import { createShortcuts, type Shortcuts } from './shortcuts.ts';
import { createToolbar } from './toolbar.ts';
import { createWords } from './words.ts';
import { createWorkerLink, type WorkerLink, type WorkerLinkOptions } from './worker-link.ts';

export interface WorkerOptions extends WorkerLinkOptions {
  /** Where a ringtone is heard. */
  player: RingPlayer;
  /** Calls the listener whenever the browser comes back online. */
  onNetworkUp(listener: () => void): void;
}

/** What the agent sees without opening a view. */
interface Edge {
  caller: Caller;
  ringer: Ringer;
  window: CallerWindow;
  contacts: { update(): Promise<void> };
  /** The contact that was opened by itself. */
  opened: OpenedContact;
  toolbar: { show(): void };
  front: FrontPage;
  injection: Injection;
  /** What waits to be confirmed. */
  confirmCalls: ConfirmCalls;
  /** The agent types in one of our own views. */
  onTyping(): void;
}

type Parts = WorkerLink & Edge;

const SEEN_WAIT_MS = 10_000;
const STALE_CALLS_MS = 600_000;
const TYPING_MS = 3_000;
const ALARM = 'revive';

/** Starts the worker. Call it once, synchronously, at the top level of the background script. */
export function startWorker(options: WorkerOptions): void {
  const link = createWorkerLink(options);
  const parts: Parts = { ...link, ...createEdge(options, link) };
  listenToViews(options, parts);
  listenToBrowser(options, parts);
  listenToAgent(options, parts);
}

function giveTo({ orders, sample }: Pick<WorkerLink, 'orders' | 'sample'>) {
  return async (order: Parameters<Orders['give']>[0] & { callId: string }): Promise<OrderResult> =>
    isSample(order.callId) ? sample.give(order.order) : orders.give(order);
}

// ---- incoming calls

function createEdge(options: WorkerOptions, link: WorkerLink): Edge {
  const { browser, kind, t, clock } = options;
  const { local, session } = browser.storage;
  const { sample, notes } = link;
  const front = createFrontPage(browser, clock.after);
  let typedAt = Number.NEGATIVE_INFINITY;
  const opened = createOpenedContact({ browser, clock });
  const quietNow = async () =>
    isQuiet(await settingsInForce(browser.storage), { now: clock.now(), windows: browser.windows });
  const isTyping = async () => clock.now() - typedAt < TYPING_MS || front.isTyping();
  const edge: Edge = {
    front,
    opened,
    injection: createInjection(browser),
    confirmCalls: listenForOutsideCalls({ browser, kind, t, clock, front }),
    ...createAnnouncements({
      ...{ browser, kind, t, clock, sample, isQuiet: quietNow },
      ask: link.questions.ask,
      player: options.player,
      speaker: link.speaker,
      country: () => link.holder.state().country,
      settled: link.holder.settled,
      recollected: link.recalled.recollected,
      give: giveTo(link),
      openContact: (url) => openContactPage(browser, url),
      // A click may be what started this worker: then the link is still coming up.
      seen: (callId, action) =>
        void link.holder
          .until(({ link: { type } }) => type === 'online', SEEN_WAIT_MS)
          .then(() => link.connection.send({ type: 'seen', callId, action })),
      onDismissed(callId) {
        void edge.ringer.onCleared(callId);
        void edge.window.onCleared(callId);
      },
    }),
    window: createCallerWindow({
      windows: windowsOf({ browser, kind, page: 'caller.html', comes: 'behind' }),
      memory: session,
      store: local,
      clock,
      state: sample.state,
      maySpeak: link.speaker.maySpeak,
      mayOpen: async () => (await settingsInForce(browser.storage)).showsCallerWindow && !(await quietNow()),
      wouldDisturb: async () => kind === 'firefox' && (await isTyping()),
      isWrittenAbout: notes.isAbout,
      onDismissed(callId) {
        void edge.ringer.onCleared(callId);
        void edge.caller.dismiss(callId);
      },
    }),
    contacts: createContactOpener({
      memory: session,
      state: link.holder.state,
      maySpeak: link.speaker.maySpeak,
      moments: async () => ((await quietNow()) ? undefined : settingsInForce(browser.storage)),
      isTyping,
      open: opened.open,
    }),
    toolbar: createToolbar({ browser, t, phone: sample.state, journal: link.journal.state }),
    onTyping() {
      typedAt = clock.now();
    },
  };
  return edge;
}

// ---- what the worker hears and shows

function listenToViews(options: WorkerOptions, parts: Parts): void {
  const { browser, clock } = options;
  const {
    holder,
    sample,
    speaker,
    journal,
    notes,
    opened,
    caller,
    ringer,
    window,
    contacts,
    toolbar,
    connection,
    ready,
  } = parts;
  const self = { ownId: browser.runtime.id, ownOrigin: browser.runtime.getURL('').replace(/\/$/, '') };
  const desk = createDesk({ phone: sample, journal, notes, opened, clock, publish: (change) => views.publish(change) });
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
    openContact: async (url) => (await openContactPage(browser, url)) !== undefined,
    openForm: (url) => openEntryForm(browser, url),
    muteRing: ringer.mute,
    words: () => createWords({ t: options.t, country: holder.state().country }),
    now: clock.now,
  });
  answerRequests({ ...self, onMessage: browser.runtime.onMessage }, handlers);
  toolbar.show();
  sample.onChange(() => {
    void ringer.update();
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
    if (speaker.onMessage(message)) {
      void ringer.update();
      void caller.update().finally(window.update).finally(contacts.update);
    }
    if (message.type !== 'notify' || message.show) return;
    void ringer.onCleared(message.callId);
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
  const { holder, orders, injection, connection, silent, ready } = parts;
  const isChrome = kind === 'chrome';
  const wake = () => void ready.then(connection.wake).then(silent.attempt);
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
  const { caller, ringer, window, injection, silent, ready } = parts;
  const isChrome = kind === 'chrome';
  browser.storage.onChanged.addListener((changes, area) => {
    if (area === 'local' && changes['settings']) void ringer.update();
    if (area === 'local' && changesPages(changes['settings'])) void injection.announceSettings();
    // What the company sets holds at once, on pages that are open, too.
    if (area === 'managed' || (area === 'local' && changes[POLICY_KEY])) {
      void ready.then(silent.attempt);
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
      return url !== undefined && (await openContactPage(browser, url)) !== undefined;
    },
  });
}
