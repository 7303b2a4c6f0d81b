// Typed messages between page scripts, views and the worker. Views talk through a port and requests; page scripts may
// send only the few kinds of `PageRequests`, and the worker treats them as hostile (a renderer can be hijacked).
import type {
  ClientMessage,
  CommandOrder,
  Disposition,
  ErrorCode,
  JournalEntry,
  NumberType,
  Params,
  PhoneNumber,
} from '@offhook/protocol';
import type { AskedCalls } from './asked-calls.ts';
import { systemClock } from './clock.ts';
import type { SignInFailure, SignInOffer } from './company-sign-in.ts';
import type { ContactRequests } from './contact-messages.ts';
import type { EntryFormRequest } from './entry-forms.ts';
import type { JournalState } from './journal.ts';
import type { NumberOutlook } from './number-outlook.ts';
import type { DialRequest, ExplainedText, FoundBecause, NumberFacts } from './page-facts.ts';
import type { PhoneState, RefusalCode } from './phone.ts';
import type { SiteRule } from './site-rules.ts';
import type { SiteWish, WishResult } from './site-wishes.ts';

/** What came of an order, in the form that views and the chip show. `failed` never left this browser or was denied. */
export type OrderResult =
  | { type: 'done'; callId?: string | undefined }
  | {
      type: 'failed';
      code:
        | RefusalCode
        | 'relay-unreachable'
        | 'relay-not-allowed'
        | 'not-paired'
        | 'no-line'
        | 'site-not-enabled'
        | 'in-call'
        /** A transfer from a page to a number that has to be confirmed. */
        | 'transfer-unconfirmed'
        | 'sign-in-cancelled';
      params?: Params | undefined;
    }
  /** The order may have reached the phone system: nobody repeats it, the line's real state decides. */
  | { type: 'unknown' };

/** What a number would become, and whether it may be dialled. */
export interface DialPreview {
  dialled?: string | undefined;
  number?: PhoneNumber | undefined;
  /** Only public numbers have one. */
  numberType?: NumberType | undefined;
  decision: 'allowed' | 'confirm' | 'refused';
  code?: ErrorCode | 'relay-unreachable' | undefined;
  params?: Params | undefined;
}

/**
 * How the page script behaves on this site: `country` is the one for reading numbers without country code, the site's own
 * or the agent's. What the site's rule does not say is left out.
 */
export interface PageSettings extends Omit<SiteRule, 'state' | 'click' | 'country'> {
  country: string;
  /** Who says so: the site's rule, the agent (or the company for all of them), or nobody. */
  countryFrom?: 'site' | 'agent' | 'default' | undefined;
  /** The site that decisions made here are about, `'crm.example'`, and whether the company alone decides there. */
  site?: { name: string; isLocked: boolean } | undefined;
  /** Whether a click on a phone link dials: one of `tel:`, or one that begins as the rule's `phoneLinks` do. */
  takesTelLinks: boolean;
  /** Words, in small letters, before the country of the one record that a page shows: it goes before `country`. */
  countryLabels?: readonly string[] | undefined;
  /** Whether a click on a number's own text dials; the page does not get that click then. */
  takesTextClicks?: boolean | undefined;
}

/** From gate and page script. `dial` carries what the chip showed. */
export interface PageRequests {
  'gate-found': { request: Record<string, never>; answer: { isInjected: boolean } };
  'page-settings': { request: Record<string, never>; answer: PageSettings | { isDisabled: true } };
  /** What would become of a number, as far as this browser knows; the relay is not asked. */
  'number-outlook': { request: { number: PhoneNumber }; answer: NumberOutlook | { isDisabled: true } };
  dial: { request: DialRequest; answer: OrderResult };
  /** Whom a number belongs to, asked of the relay when the agent opens the card. */
  'number-facts': { request: { number: PhoneNumber }; answer: NumberFacts | { isDisabled: true } };
  /** What the agent decides on the card about the page's own site. */
  'site-wish': { request: { wish: SiteWish }; answer: WishResult };
}

/** A number on the page in front, as its page script read it. */
export interface PageNumber {
  number: PhoneNumber;
  /** As it stands on the page. */
  text: string;
  isFax: boolean;
  /** Why it was taken for one. */
  why?: FoundBecause | undefined;
}

/** Everything that views show of the world. */
export interface Desk {
  phone: PhoneState;
  journal: JournalState;
  /**
   * The call whose contact was opened by itself a moment ago, which can be taken back; null where there is none, since
   * Chromium carries no undefined and the view would go on offering it.
   */
  opened?: { callId: string } | null | undefined;
}

/** An answer that could not be had. */
export interface FailedAnswer {
  type: 'failed';
  code: RefusalCode | 'relay-unreachable' | 'not-paired';
}

/** From our own pages (side panel, popup, caller window, journal, options). */
export interface ViewRequests extends ContactRequests {
  'get-state': { request: Record<string, never>; answer: Desk };
  /** A page of the past, from the relay; `before` is the `cursor` of the page before it. */
  'journal-page': {
    request: { before?: string | undefined; filter?: JournalFilter | undefined };
    answer: { type: 'page'; entries: readonly JournalEntry[]; cursor: string; more: boolean } | FailedAnswer;
  };
  /**
   * Writes about a call, at every keystroke: the worker keeps it at once, sends it in its own time and shows the draft
   * in `JournalState.drafts` until the relay has kept it.
   */
  note: {
    request: {
      entryId: string;
      text?: string | undefined;
      /** The whole note that the field showed when the typing began. */
      base?: string | undefined;
      disposition?: Disposition | null | undefined;
      /** Who was signed in when it was written: `openView` adds it, and what another one wrote is not kept. */
      userId?: string | undefined;
    };
    answer: { type: 'done' };
  };
  /** Takes it on to call back after a missed call, or gives that up. */
  'call-back': { request: { entryId: string; take: boolean }; answer: { type: 'done' } | FailedAnswer };
  /** The agent has looked at the journal up to an entry that started then. */
  'see-journal': { request: { until: string }; answer: { type: 'done' } };
  /** The numbers of the tab in front, in all its frames, in the order of the page. */
  'page-numbers': { request: Record<string, never>; answer: { numbers: readonly PageNumber[] } };
  /** What became of the digits that are selected on the tab in front; none where nothing is selected. */
  'selection-reasons': { request: Record<string, never>; answer: { reasons: readonly ExplainedText[] } };
  /** Sites of frames on the page in front that are not in use, so that their numbers are missing: at most three. */
  'page-frames': { request: Record<string, never>; answer: { sites: readonly string[] } };
  /** Calls that wait to be confirmed; `done` (an id, or `'all'`) has been decided about. */
  'asked-calls': { request: { done?: string }; answer: AskedCalls };
  /** Silences the ringtone for the calls that ring now. */
  'mute-ring': { request: Record<string, never>; answer: { type: 'done' } };
  /** A pretended call to this browser alone, through everything that a real one goes through; `callId` starts `sample:`. */
  'sample-call': { request: Record<string, never>; answer: { callId: string } };
  command: { request: { lineId: string; callId?: string | undefined; order: CommandOrder }; answer: OrderResult };
  preview: { request: { lineId: string; number: PhoneNumber }; answer: DialPreview };
  /** Relay address and code, as typed or as read from a pairing link. */
  pair: {
    request: { relayUrl: string; code: string; deviceName: string };
    answer:
      | { type: 'paired'; userName: string }
      | { type: 'failed'; code: ErrorCode | 'relay-unreachable' | 'relay-not-allowed' };
  };
  /** Whether the relay at this address takes the company's account. */
  'sign-in-offer': { request: { relayUrl: string }; answer: SignInOffer };
  /** Signs in with the company's account: a page of the provider opens. A view may be gone before it is over. */
  'sign-in': {
    request: { relayUrl: string; deviceName: string };
    answer: { type: 'paired'; userName: string } | SignInFailure;
  };
  unpair: { request: Record<string, never>; answer: { type: 'done' } };
  /** Opens a form of the CRM for a call, in a tab in front. */
  'open-entry-form': { request: EntryFormRequest; answer: { type: 'done' } | { type: 'failed' } };
  /** A site was enabled, paused or removed; the worker looks for itself at what holds now. */
  'site-changed': { request: Record<string, never>; answer: { type: 'done' } };
}

export type JournalFilter = NonNullable<(ClientMessage & { type: 'journal-page' })['filter']>;

export type Requests = PageRequests & ViewRequests;
export type RequestName = keyof Requests;

/** Sends a request to the worker and resolves with its answer. */
export type Send = <Name extends RequestName>(
  name: Name,
  request: Requests[Name]['request'],
) => Promise<Requests[Name]['answer']>;

/** Who sent a message, as the browser says it. */
export interface Sender {
  id?: string | undefined;
  url?: string | undefined;
  origin?: string | undefined;
  documentId?: string | undefined;
  frameId?: number | undefined;
  tab?: { id?: number | undefined; url?: string | undefined } | undefined;
}

interface MessageEvents {
  addListener(listener: (message: unknown, sender: Sender) => Promise<unknown> | undefined): void;
}

interface Port {
  sender?: Sender | undefined;
  onMessage: { addListener(listener: (message: unknown) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
  postMessage(message: unknown): void;
  disconnect(): void;
}

/** The browser's messaging as far as it is used; an in-memory pair stands in for it in tests. */
export interface ViewRuntime {
  sendMessage(message: unknown): Promise<unknown>;
  connect(info: { name: string }): Port;
}

/** One handler for each request. Those of `PageRequests` get the sender, to judge where it comes from. */
export type Handlers = {
  [Name in RequestName]: (request: Requests[Name]['request'], sender: Sender) => Promise<Requests[Name]['answer']>;
};

const PAGE_REQUESTS: readonly RequestName[] = [
  'gate-found',
  'page-settings',
  'number-outlook',
  'dial',
  'number-facts',
  'site-wish',
] satisfies (keyof PageRequests)[];
const VIEW_PORT = 'view';

/** Who we are, to tell our own pages from content scripts. */
export interface OwnIdentity {
  ownId: string;
  /** `'chrome-extension://<id>'` */
  ownOrigin: string;
}

/**
 * Answers requests in the worker. Anything but a page request is only taken from our own pages: a content script runs in
 * a renderer that its page may have taken over. Register it synchronously at the worker's start.
 */
export function answerRequests(options: OwnIdentity & { onMessage: MessageEvents }, handlers: Handlers): void {
  options.onMessage.addListener((message, sender) => {
    const read = readRequest(message, handlers);
    if (!read || sender.id !== options.ownId) return undefined;
    if (!PAGE_REQUESTS.includes(read.name) && !isOwnPage(sender, options)) return undefined;
    // The name decides the request's type; handlers of page requests read theirs by schema, views are our own code.
    const handle = handlers[read.name] as (request: unknown, sender: Sender) => Promise<unknown>;
    return handle(read.request, sender);
  });
}

// `origin` is the browser's own word where there is one; `url` alone is what a renderer says of itself.
function isOwnPage({ id, url, origin }: Sender, { ownId, ownOrigin }: OwnIdentity): boolean {
  return id === ownId && (origin ?? ownOrigin) === ownOrigin && (url ?? '').startsWith(`${ownOrigin}/`);
}

function readRequest(message: unknown, handlers: Handlers): { name: RequestName; request: unknown } | undefined {
  if (typeof message !== 'object' || message === null || !('name' in message) || !('request' in message))
    return undefined;
  const { name, request } = message;
  return isRequestName(name, handlers) ? { name, request } : undefined;
}

function isRequestName(name: unknown, handlers: Handlers): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(handlers, name);
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * A view's connection to the worker: hears of every change once it knows phone and journal, sends requests. It comes back
 * when the worker was stopped: at once, or ever more slowly while nothing is heard from it.
 */
export function connectViewTo(
  runtime: ViewRuntime,
  onDesk: (desk: Desk) => void,
  after = systemClock.after,
): { send: Send; close(): void } {
  let port: Port | undefined;
  let known: Partial<Desk> = {};
  let pauseMs = 0;
  let isClosed = false;
  let cancelRetry: (() => void) | undefined;

  function open(): void {
    try {
      port = runtime.connect({ name: VIEW_PORT });
    } catch {
      // The extension was updated or removed under this page.
      return retry();
    }
    port.onMessage.addListener((message) => {
      pauseMs = 0;
      // The worker is our own code: what comes through this port has the shape that it sent.
      const change = message as Partial<Desk>;
      known = { ...known, ...change, ...(change.phone && { phone: laterOf(known.phone, change.phone) }) };
      const { phone, journal, opened } = known;
      if (phone && journal && !isClosed) onDesk({ phone, journal, opened });
    });
    port.onDisconnect.addListener(retry);
  }

  function retry(): void {
    if (isClosed) return;
    cancelRetry = after(pauseMs, open);
    pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2));
  }

  open();
  return {
    send: (name, request) => runtime.sendMessage({ name, request }) as ReturnType<Send>,
    close() {
      isClosed = true;
      cancelRetry?.();
      port?.disconnect();
    },
  };
}

interface ConnectEvents {
  addListener(listener: (port: Port & { name: string }) => void): void;
}

/** What the worker sends into views. */
export interface Views {
  /** Sends what changed to all of them. */
  publish(change: Partial<Desk>): void;
  /** Whether any is open. */
  areOpen(): boolean;
}

// A worker that was just started knows what the one before had written down, and that may be older than what its views
// have seen: a call that is talked on would ring again for a moment, and what is being typed about it would be gone.
function laterOf(known: PhoneState | undefined, next: PhoneState): PhoneState {
  const isComingUp = next.link.type === 'connecting' || next.link.type === 'offline';
  const isSameUser = next.user !== undefined && next.user.userId === known?.user?.userId;
  const isBehind = next.cursor?.epoch === known?.cursor?.epoch && (next.cursor?.rev ?? 0) < (known?.cursor?.rev ?? 0);
  return known && isComingUp && isSameUser && isBehind ? { ...known, link: next.link } : next;
}

/**
 * The worker's side of the views. Each gets everything that is `current` when it opens, and after that what changed. A
 * port of anything but our own pages gets nothing: they carry names and numbers.
 */
export function serveViews(
  options: OwnIdentity & { onConnect: ConnectEvents; current(): Promise<Desk>; onGone?(): void },
): Views {
  const ports = new Set<Port>();

  function post(port: Port, change: Partial<Desk>): void {
    try {
      port.postMessage(change);
    } catch {
      // The view has gone and the browser did not say so yet.
      ports.delete(port);
    }
  }

  options.onConnect.addListener((port) => {
    if (port.name !== VIEW_PORT) return;
    if (!port.sender || !isOwnPage(port.sender, options)) return port.disconnect();
    ports.add(port);
    port.onDisconnect.addListener(() => {
      ports.delete(port);
      options.onGone?.();
    });
    void options.current().then((desk) => {
      if (ports.has(port)) post(port, desk);
    });
  });
  return {
    publish(change) {
      for (const port of [...ports]) post(port, change);
    },
    areOpen: () => ports.size > 0,
  };
}
