// Typed messages between page scripts, views and the worker. Views talk through a port and requests; page scripts may
// send only the three kinds of `PageRequests`, and the worker treats them as hostile (a renderer can be hijacked).
import type { CommandOrder, ErrorCode, Params, PhoneNumber } from '@offhook/protocol';
import { systemClock } from './clock.ts';
import type { PhoneState, RefusalCode } from './phone.ts';

/** What came of an order, in the form that views and the chip show. `failed` never left this browser or was denied. */
export type OrderResult =
  | { type: 'done'; callId?: string | undefined }
  | {
      type: 'failed';
      code: RefusalCode | 'relay-unreachable' | 'not-paired' | 'no-line' | 'site-not-enabled';
      params?: Params | undefined;
    }
  /** The order may have reached the phone system: nobody repeats it, the line's real state decides. */
  | { type: 'unknown' };

/** What a number would become, and whether it may be dialled. */
export interface DialPreview {
  dialled?: string | undefined;
  number?: PhoneNumber | undefined;
  decision: 'allowed' | 'confirm' | 'refused';
  code?: ErrorCode | 'relay-unreachable' | undefined;
  params?: Params | undefined;
}

/** How the page script behaves on this site. */
export interface PageSettings {
  /** The agent's default country, for reading numbers without country code. */
  country: string;
  /** Whether a click on a `tel:` link dials. */
  takesTelLinks: boolean;
}

/** From gate and page script. `dial` carries what the chip showed. */
export interface PageRequests {
  'gate-found': { request: Record<string, never>; answer: { isInjected: boolean } };
  'page-settings': { request: Record<string, never>; answer: PageSettings | { isDisabled: true } };
  dial: { request: { number: PhoneNumber; shownText: string; from: 'chip' | 'link' }; answer: OrderResult };
}

/** From our own pages (popup, options). */
export interface ViewRequests {
  'get-state': { request: Record<string, never>; answer: PhoneState };
  command: { request: { lineId: string; callId?: string | undefined; order: CommandOrder }; answer: OrderResult };
  preview: { request: { lineId: string; number: PhoneNumber }; answer: DialPreview };
  /** Relay address and code, as typed or as read from a pairing link. */
  pair: {
    request: { relayUrl: string; code: string; deviceName: string };
    answer: { type: 'paired'; userName: string } | { type: 'failed'; code: ErrorCode | 'relay-unreachable' };
  };
  unpair: { request: Record<string, never>; answer: { type: 'done' } };
  'open-contact': { request: { callId: string }; answer: { type: 'done' } | { type: 'failed' } };
  /** A site was enabled, paused or removed; the worker looks for itself at what holds now. */
  'site-changed': { request: Record<string, never>; answer: { type: 'done' } };
}

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

const PAGE_REQUESTS: readonly RequestName[] = ['gate-found', 'page-settings', 'dial'] satisfies (keyof PageRequests)[];
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
 * A view's connection to the worker: hears every state, sends requests. It comes back when the worker was stopped: at
 * once, or ever more slowly while nothing is heard from it.
 */
export function connectViewTo(
  runtime: ViewRuntime,
  onState: (state: PhoneState) => void,
  after = systemClock.after,
): { send: Send; close(): void } {
  let port: Port | undefined;
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
      if (!isClosed) onState(message as PhoneState);
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

/**
 * The worker's side of the views: the function that it answers sends a state to all of them. Each gets the `current` one
 * when it opens. A port of anything but our own pages gets nothing: states carry names and numbers.
 */
export function serveViews(
  options: OwnIdentity & { onConnect: ConnectEvents; current(): Promise<PhoneState> },
): (state: PhoneState) => void {
  const ports = new Set<Port>();

  function post(port: Port, state: PhoneState): void {
    try {
      port.postMessage(state);
    } catch {
      // The view has gone and the browser did not say so yet.
      ports.delete(port);
    }
  }

  options.onConnect.addListener((port) => {
    if (port.name !== VIEW_PORT) return;
    if (!port.sender || !isOwnPage(port.sender, options)) return port.disconnect();
    ports.add(port);
    port.onDisconnect.addListener(() => void ports.delete(port));
    void options.current().then((state) => {
      if (ports.has(port)) post(port, state);
    });
  });
  return (state) => {
    for (const port of [...ports]) post(port, state);
  };
}
