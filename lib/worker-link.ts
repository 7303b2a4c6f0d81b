// What of the worker talks to the relay and remembers what it said: composed here, used by worker.ts. Nothing in it shows
// anything to the agent.
import type { ServerMessage } from '@offhook/protocol';
import type { Browser } from 'webextension-polyfill';
import { deviceNameOf } from './active-site.ts';
import { withChosenPhone } from './chosen-phone.ts';
import type { Clock } from './clock.ts';
import { identityDoorOf } from './company-sign-in.ts';
import { createConnection, type DeviceKeys, type RelayConnection } from './connection.ts';
import { type ContactPages, createContactPages } from './contact-pages.ts';
import { type ContactMemory, type ContactStore, createContactMemory } from './contacts.ts';
import type { T } from './i18n.ts';
import { createJournalHolder, type JournalHolder } from './journal-holder.ts';
import { createNotes, type Notes } from './notes.ts';
import { createOrders, type Orders } from './orders.ts';
import { clientOf, countryOf } from './own-browser.ts';
import { isUnrighted } from './phone.ts';
import { createPhoneHolder, type PhoneHolder } from './phone-holder.ts';
import { settingsInForce, silentRelayOf } from './policy.ts';
import { createQuestions, type Questions } from './questions.ts';
import { createRecalledCalls, type RecalledCalls } from './recalled-calls.ts';
import type { OpenSocket } from './relay-socket.ts';
import { createSampleCall, type SampleCall } from './sample-call.ts';
import { loadSettings } from './settings.ts';
import { createSilentSignIn, type SilentSignIn } from './silent-sign-in.ts';
import { createSpeaker, type Speaker } from './speaker.ts';

export interface WorkerLinkOptions {
  browser: Browser;
  /** `'chrome'` takes notification buttons and dies after 30 s of silence, `'firefox'` is held by a 20 s alarm. */
  kind: 'chrome' | 'firefox';
  t: T;
  clock: Clock;
  openSocket: OpenSocket;
  keys: DeviceKeys;
  /** Where names of callers are kept. */
  contactStore: ContactStore;
}

/** What talks to the relay and remembers what it said. */
export interface WorkerLink {
  holder: PhoneHolder;
  /** What the relay said of numbers, and what this browser remembers of them. */
  recalled: RecalledCalls;
  memory: ContactMemory;
  /** The phones as they are shown, with a pretended call if there is one. */
  sample: SampleCall;
  speaker: Speaker;
  orders: Orders;
  questions: Questions;
  journal: JournalHolder;
  notes: Notes;
  pages: ContactPages;
  connection: RelayConnection;
  silent: SilentSignIn;
  ready: Promise<void>;
  /** To be told of messages that only matter at the edge. */
  onMessage(listener: (message: ServerMessage) => void): void;
}

/** Composes it; `ready` resolves when the last worker's memory is back and the link is on its way. */
export function createWorkerLink(options: WorkerLinkOptions): WorkerLink {
  const { browser, kind, t, clock, keys, contactStore, openSocket } = options;
  const { local, session } = browser.storage;
  const newId = () => crypto.randomUUID();
  const send: RelayConnection['send'] = (message) => connection.send(message);
  const listeners: ((message: ServerMessage) => void)[] = [];
  const holder = createPhoneHolder({ memory: session, clock, country: countryOf(browser) });
  const orders = withChosenPhone(createOrders({ send, clock, newId }), {
    phones: async () => (await loadSettings(local)).phones,
    line: (lineId) => holder.state().lines.find(({ line }) => line.lineId === lineId)?.line,
  });
  const questions = createQuestions({ send, clock, newId });
  const journal = createJournalHolder({ memory: session, clock, ask: questions.ask, send });
  const notes = createNotes({ store: local, clock, send, newId, onKept: journal.apply });
  // What the relay told, and what was written for it, beside the picture of the phones.
  const forget = () => {
    journal.apply({ type: 'forgotten' });
    notes.forget();
    // Storage that fails here fails for every part; the browser forgets it when it closes.
    pages.forget().catch(() => undefined);
    void recalled.forget();
  };
  const connection = createConnection({
    store: local,
    keys,
    holder,
    openSocket,
    identity: identityDoorOf(browser, kind),
    clock,
    random: Math.random,
    journalCursor: () => journal.state().cursor,
    client: () => clientOf({ browser, kind }),
    onMessage(message) {
      holder.apply({ type: 'message', message, at: clock.now() });
      for (const part of [orders, questions, journal, notes]) part.onMessage(message);
      recalled.onMessage(message);
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
  const memory = createContactMemory({ store: contactStore, now: clock.now });
  const recalled = createRecalledCalls({ phone: holder, memory });
  const sample = createSampleCall({ phone: recalled, clock, newId, name: () => t('sample_call_name') });
  const pages = createContactPages({ memory: session, phone: sample.state, journal: journal.state });
  const memories = Promise.all([holder.restore(), journal.restore(), notes.restore()]);
  const ready = memories.then(() => connection.start());
  const silent = createSilentSignIn({
    memory: session,
    clock,
    state: holder.state,
    relay: async () => silentRelayOf((await settingsInForce(browser.storage)).policy),
    signIn: (relayUrl) =>
      connection.signIn({ relayUrl, deviceName: deviceNameOf(navigator.userAgent), isSilent: true }),
  });
  // The worker before may have died while it forgot them.
  void ready.then(() => {
    const { link } = holder.state();
    if (link.type === 'unpaired' || isUnrighted(link)) void recalled.forget();
  });
  void ready.then(silent.attempt);
  return {
    ...{
      holder,
      recalled,
      memory,
      sample,
      speaker,
      orders,
      questions,
      journal,
      notes,
      pages,
      connection,
      silent,
      ready,
    },
    onMessage: (listener) => void listeners.push(listener),
  };
}
