// What each request of our own views does; page-requests.ts answers those of pages, whom nobody can trust.
import type { ConfirmCalls } from './confirm-calls.ts';
import { confirmingElsewhere } from './confirm-elsewhere.ts';
import type { RelayConnection } from './connection.ts';
import type { ContactPages } from './contact-pages.ts';
import type { ContactMemory } from './contacts.ts';
import { entryFormUrl } from './entry-forms.ts';
import type { FrontPage } from './front-page.ts';
import type { Injection } from './injection.ts';
import type { JournalHolder } from './journal-holder.ts';
import type { Desk, FailedAnswer, Handlers } from './messages.ts';
import type { Notes } from './notes.ts';
import type { OpenedContact } from './opened-contact.ts';
import type { Orders } from './orders.ts';
import { pageHandlersOf } from './page-requests.ts';
import type { PhoneHolder } from './phone-holder.ts';
import { mayPairWith, type SettingAreas, settingsInForce } from './policy.ts';
import type { Questions } from './questions.ts';
import type { RecalledCalls } from './recalled-calls.ts';
import { isSample, type SampleCall } from './sample-call.ts';
import type { SilentSignIn } from './silent-sign-in.ts';
import type { Words } from './words.ts';

/** The worker's parts that requests reach. */
export interface RequestParts {
  storage: SettingAreas;
  holder: PhoneHolder;
  orders: Orders;
  questions: Questions;
  journal: JournalHolder;
  notes: Notes;
  sample: SampleCall;
  pages: ContactPages;
  front: FrontPage;
  injection: Injection;
  connection: RelayConnection;
  silent: Pick<SilentSignIn, 'stop'>;
  confirmCalls: Pick<ConfirmCalls, 'ask' | 'waiting'>;
  desk: { current(): Desk };
  /** Resolves when the last worker's memory is back and the link is on its way. */
  ready: Promise<void>;
  /** Opens a contact's page; false where there is none to open. */
  openContact(url: string): Promise<boolean>;
  /** Opens a form of the CRM in a tab of its own; false where there is none to open. */
  openForm(url: string): Promise<boolean>;
  opened: Pick<OpenedContact, 'undo'>;
  /** What the relay says of numbers is kept, for when it cannot be asked. */
  recalled: Pick<RecalledCalls, 'told'>;
  memory: Pick<ContactMemory, 'recall'>;
  /** Silences the ringtone for the calls that ring now. */
  muteRing(): Promise<void>;
  words(): Words;
  now(): number;
  /** The agent types in one of our own views. */
  onTyping(): void;
}

const MAX_SEARCH_LENGTH = 128;
const MOST_MATCHES = 20;
const MOST_FRAMES = 3;

/** One handler for each request; see messages.ts for who may send which. */
export function handlersOf(parts: RequestParts): Handlers {
  const { holder, orders, injection, connection, ready } = parts;
  const contacts = contactHandlers(parts);
  const pages = pageHandlersOf({ ...parts, lookup: contacts.lookup, history: contacts.history });
  return {
    ...pages,
    dial: confirmingElsewhere(pages.dial, parts.confirmCalls),
    ...journalHandlers(parts),
    ...contacts,
    async 'get-state'() {
      await ready;
      return parts.desk.current();
    },
    async command(request) {
      await ready;
      return request.callId !== undefined && isSample(request.callId)
        ? parts.sample.give(request.order)
        : orders.give(request);
    },
    async preview(request) {
      parts.onTyping();
      await ready;
      await holder.settled();
      return orders.preview(request);
    },
    async pair(request) {
      await ready;
      const { policy } = await settingsInForce(parts.storage);
      return mayPairWith(policy, request.relayUrl)
        ? connection.pair(request)
        : { type: 'failed', code: 'relay-not-allowed' };
    },
    'sign-in-offer': ({ relayUrl }) => connection.signInOffer(relayUrl),
    async 'sign-in'(request) {
      await ready;
      const { policy } = await settingsInForce(parts.storage);
      return mayPairWith(policy, request.relayUrl)
        ? connection.signIn({ ...request, isSilent: false })
        : { type: 'failed', code: 'relay-not-allowed' };
    },
    async unpair() {
      await ready;
      await parts.silent.stop();
      await connection.unpair();
      return { type: 'done' };
    },
    'page-numbers': async () => ({ numbers: await parts.front.numbers().catch(() => []) }),
    'selection-reasons': async () => ({ reasons: await parts.front.selectionReasons().catch(() => []) }),
    'page-frames': async () => {
      const sites = await parts.front
        .framedSites()
        .then((framed) => injection.withoutAccess(framed))
        .catch(() => []);
      return { sites: sites.slice(0, MOST_FRAMES) };
    },
    'asked-calls': ({ done }) => parts.confirmCalls.waiting(done),
    async 'undo-open'() {
      await ready;
      return { type: (await parts.opened.undo()) ? 'done' : 'failed' };
    },
    async 'mute-ring'() {
      await ready;
      await parts.muteRing();
      return { type: 'done' };
    },
    async 'sample-call'() {
      await ready;
      return { callId: parts.sample.start() };
    },
    async 'site-changed'() {
      await injection.update({ openTabs: 'inject' });
      return { type: 'done' };
    },
  };
}

function journalHandlers(
  parts: RequestParts,
): Pick<Handlers, 'journal-page' | 'note' | 'call-back' | 'see-journal' | 'open-entry-form'> {
  const { journal, notes, questions, ready } = parts;
  return {
    async 'journal-page'({ before, filter }) {
      const failure = await whyNotAsked(parts);
      if (failure) return failure;
      const answer = await questions.ask({
        type: 'journal-page',
        ...(before !== undefined && { before }),
        ...(filter && { filter }),
      });
      if (answer.type !== 'journal') return failureOf(answer);
      const entries = answer.items.flatMap((item) => ('gone' in item ? [] : [item]));
      return { type: 'page', entries, cursor: answer.cursor, more: answer.more };
    },
    async note({ entryId, userId, text, base, disposition }) {
      parts.onTyping();
      await ready;
      const { user } = parts.holder.state();
      // A field that outlived its pairing: what was written for one relay never reaches another.
      const isTheirs = user !== undefined && user.userId === userId;
      if (isTheirs && !isSample(entryId)) await notes.write(entryId, { text, base, disposition });
      return { type: 'done' };
    },
    async 'call-back'({ entryId, take }) {
      const failure = await whyNotAsked(parts);
      if (failure) return failure;
      const answer = await questions.ask({ type: 'call-back', entryId, take });
      if (answer.type !== 'result') return failureOf(answer);
      return answer.state === 'done' ? { type: 'done' } : { type: 'failed', code: answer.code ?? 'internal' };
    },
    async 'see-journal'({ until }) {
      await ready;
      journal.see(until);
      return { type: 'done' };
    },
    async 'open-entry-form'(request) {
      await ready;
      const { entryId, form } = request;
      const now = parts.now();
      const { phone, journal: shown } = parts.desk.current();
      const url = entryFormUrl(request, { phone, journal: shown, words: parts.words(), now });
      // A tab that the browser does not open is the same to who waits for it.
      const isOpen = url !== undefined && (await parts.openForm(url).catch(() => false));
      if (isOpen) journal.apply({ type: 'form-opened', entryId, form, at: now });
      return { type: isOpen ? 'done' : 'failed' };
    },
  };
}

function contactHandlers(
  parts: RequestParts,
): Pick<Handlers, 'search' | 'lookup' | 'history' | 'facts' | 'assign-contact' | 'open-contact'> {
  const { questions, pages, ready } = parts;

  async function found(answer: Awaited<ReturnType<Questions['ask']>>) {
    if (answer.type !== 'contacts') return failureOf(answer);
    const { matches, more } = answer;
    // Storage that fails costs the link to their pages, not the answer.
    await pages.remember(matches.map(({ contact }) => contact)).catch(() => undefined);
    return { type: 'found', matches, more } as const;
  }

  return {
    async search({ text }) {
      parts.onTyping();
      const asked = text.trim().slice(0, MAX_SEARCH_LENGTH);
      if (asked === '') return { type: 'found', matches: [], more: false };
      const failure = await whyNotAsked(parts);
      return failure ?? found(await questions.ask({ type: 'search', text: asked, limit: MOST_MATCHES }));
    },
    async lookup({ number }) {
      const failure = await whyNotAsked(parts);
      if (failure) return failure;
      const answer = await questions.ask({ type: 'lookup', number });
      if (answer.type === 'contacts') parts.recalled.told(number, answer.matches[0]?.contact);
      return found(answer);
    },
    async history({ contactId, number, limit }) {
      const failure = await whyNotAsked(parts);
      if (failure) return failure;
      const answer = await questions.ask({
        type: 'history',
        ...(contactId !== undefined && { contactId }),
        ...(number && { number }),
        limit,
      });
      if (answer.type !== 'journal') return failureOf(answer);
      const entries = answer.items.flatMap((item) => ('gone' in item ? [] : [item]));
      return { type: 'page', entries, more: answer.more };
    },
    async facts({ contactId, number, waits }) {
      const failure = await whyNotAsked(parts);
      if (failure) return failure;
      const met = number.kind === 'e164' && { number };
      const answer = await questions.ask({ type: 'facts', contactId, ...met, ...(waits && { wait: true }) });
      if (answer.type !== 'facts') return failureOf(answer);
      return { type: 'facts', facts: answer.facts, isComplete: answer.complete };
    },
    async 'assign-contact'({ number, contactId, undo }) {
      const failure = await whyNotAsked(parts);
      if (failure) return failure;
      const answer = await questions.ask({ type: 'assign-contact', number, contactId, ...(undo && { undo }) });
      if (answer.type !== 'result') return failureOf(answer);
      return answer.state === 'done' ? { type: 'done' } : { type: 'failed', code: answer.code ?? 'internal' };
    },
    async 'open-contact'(key) {
      await ready;
      const shown = 'entryId' in key ? key.url : undefined;
      const url = (await pages.urlOf(key)) ?? shown;
      const isOpen = url !== undefined && (await parts.openContact(url));
      return { type: isOpen ? 'done' : 'failed' };
    },
  };
}

/** Why the relay cannot be asked now, or undefined. A link that is just coming up is waited for by the question itself. */
async function whyNotAsked({ holder, ready }: RequestParts): Promise<FailedAnswer | undefined> {
  await ready;
  const { link } = holder.state();
  if (link.type === 'unpaired') return { type: 'failed', code: 'not-paired' };
  if (link.type === 'refused') return { type: 'failed', code: link.code };
  return link.type === 'offline' ? { type: 'failed', code: 'relay-unreachable' } : undefined;
}

// An answer of the wrong kind is the relay's mistake.
function failureOf(answer: Awaited<ReturnType<Questions['ask']>>): FailedAnswer {
  return { type: 'failed', code: answer.type === 'failed' ? answer.code : 'internal' };
}
