// The driver of NFON's CTI API for one K-account: two streams that are kept up, a picture made of them, orders. It brings
// the parts of this folder together and decides what counts as being in touch: both streams are there, and the states that
// they began with are known.
import type { Logger } from 'pino';
import { retryPauseMs } from '../../clock.ts';
import type { DriverContext, DriverEvent, OpenDriver, PbxStatus } from '../driver.ts';
import { type Api, createApi } from './api.ts';
import { type CallBook, createCallBook } from './calls.ts';
import { type Feed, openFeed } from './feed.ts';
import { ApiError, createHttp } from './http.ts';
import { createLineBook, type LineBook } from './lines.ts';
import type { NfonOptions } from './options.ts';
import { carryOut } from './orders.ts';
import { authStrategyOf, createSignIn, type SignIn } from './sign-in.ts';
import { readCallEvents, readStates, type StateEvent } from './wire.ts';

const PAUSES = { firstMs: 1_000, longestMs: 60_000 };
// Wrong credentials are not tried again and again: accounts get locked.
const REFUSED_PAUSE_MS = 30_000;
const LIST_EVERY_MS = 900_000;
// A line is idle a moment before or after its call's hang-up: so long, the hang-up may still come.
const IDLE_MS = 10_000;

interface Link {
  options: NfonOptions;
  context: DriverContext;
  log: Logger;
  api: Api;
  signIn: SignIn;
  lines: LineBook;
  calls: CallBook;
  phase: 'trying' | 'up' | 'waiting' | 'closed';
  attempts: number;
  /** What the server asked for between two tries. */
  leastPauseMs: number;
  feeds: Feed[];
  cancelTimers: Map<string, () => void>;
  tell(event: DriverEvent): void;
}

/** Opens the driver. It connects by itself, and stays at it until closed. */
export const openNfonDriver: OpenDriver<NfonOptions> = (options, context, readSecret) => {
  const { signal, clock, log } = context;
  const end = new AbortController();
  const http = createHttp({
    userAgent: `offhook/${context.version ?? '0'} (${options.account})`,
    clock,
    signal: end.signal,
  });
  const strategy = authStrategyOf({ options, send: http.send, readPassword: () => readSecret(options.password) });
  const signIn = createSignIn(strategy, clock);
  const api = createApi({ baseUrl: options.baseUrl, http, signIn });
  const lines = createLineBook(options);
  const link: Link = {
    options,
    context,
    log,
    api,
    signIn,
    lines,
    calls: createCallBook({
      account: options.account,
      clock,
      isExtension: lines.isExtension,
      emit: (leg) => link.phase === 'up' && link.tell({ type: 'leg', leg }),
    }),
    phase: signal.aborted ? 'closed' : 'waiting',
    attempts: 0,
    leastPauseMs: 0,
    feeds: [],
    cancelTimers: new Map(),
    tell(event) {
      if (link.phase !== 'closed') context.emit(event);
    },
  };
  const desk = { options, api, calls: link.calls, clock, log, signal: end.signal, isExtension: lines.isExtension };
  const shut = () => close(link, end);
  signal.addEventListener('abort', shut, { once: true });
  // Nobody hears of it before the driver is there.
  queueMicrotask(() => void connect(link));
  return {
    async snapshot() {
      return { lines: lines.reports(), legs: link.calls.legs() };
    },
    async command(order) {
      if (link.phase !== 'up') return { type: 'rejected', code: 'pbx-unreachable' };
      return carryOut({ ...desk, tell: (outcome) => link.tell({ type: 'outcome', outcome }) }, order);
    },
    async close() {
      shut();
    },
  };
};

function close(link: Link, end: AbortController): void {
  link.phase = 'closed';
  for (const feed of link.feeds) feed.close();
  for (const cancel of link.cancelTimers.values()) cancel();
  link.cancelTimers.clear();
  link.signIn.close();
  link.calls.close();
  end.abort();
}

function after(link: Link, name: string, delayMs: number, action: () => void): void {
  link.cancelTimers.get(name)?.();
  const cancel = link.context.clock.after(delayMs, () => {
    link.cancelTimers.delete(name);
    action();
  });
  link.cancelTimers.set(name, cancel);
}

async function connect(link: Link): Promise<void> {
  if (link.phase === 'closed') return;
  const { api, lines, calls, context } = link;
  link.phase = 'trying';
  status(link, { type: 'connecting' });
  const beganAt = context.clock.elapsed();
  const feeds = [openCalls(link), openStates(link)];
  link.feeds = feeds;
  const isGone = () => link.feeds !== feeds || link.phase !== 'trying';
  try {
    await Promise.all(feeds.map(({ opened }) => opened));
    // Asked for when the streams are there, so that nothing falls in between.
    const [extensions, states] = await Promise.all([api.extensions(), api.states()]);
    if (isGone()) return;
    lines.setExtensions(extensions.items);
    for (const state of states.items) if (isOurs(link, state)) lines.setState(state);
    endOnIdleLines(link, beganAt);
    link.phase = 'up';
    link.attempts = 0;
    after(link, 'list', LIST_EVERY_MS, () => void readList(link));
    link.log.info({ lines: extensions.items.length, odd: extensions.odd, calls: calls.legs().length }, 'NFON is there');
    status(link, { type: 'connected' });
  } catch (error) {
    if (isGone()) return;
    const isRefused = error instanceof ApiError && (error.status === 401 || error.status === 403);
    lose(
      link,
      error instanceof ApiError ? error.message : 'NFON could not be reached',
      isRefused ? REFUSED_PAUSE_MS : 0,
    );
  }
}

function status(link: Link, now: PbxStatus): void {
  link.tell({ type: 'status', status: now });
}

function lose(link: Link, reason: string, leastMs = 0): void {
  if (link.phase !== 'up' && link.phase !== 'trying') return;
  link.phase = 'waiting';
  for (const feed of link.feeds) feed.close();
  link.feeds = [];
  for (const cancel of link.cancelTimers.values()) cancel();
  link.cancelTimers.clear();
  const growingMs = retryPauseMs(link.attempts, { ...PAUSES, random: Math.random() });
  link.attempts += 1;
  const pauseMs = Math.max(leastMs, link.leastPauseMs, growingMs);
  after(link, 'try', pauseMs, () => void connect(link));
  status(link, { type: 'disconnected', reason });
}

function openCalls(link: Link): Feed {
  return openOne(link, 'calls', (json) => {
    const { items, odd } = readCallEvents(json);
    for (const event of items) {
      const left = link.calls.take(event);
      if (left) link.log.debug({ left }, 'an event of a call that is none of ours');
    }
    if (odd > 0) link.log.debug({ odd }, 'events of calls that nobody understands');
  });
}

function openStates(link: Link): Feed {
  return openOne(link, 'states', (json) => {
    const { items, odd } = readStates(json);
    for (const state of items) takeState(link, state);
    if (odd > 0) link.log.debug({ odd }, 'states that nobody understands');
  });
}

function openOne(link: Link, of: 'calls' | 'states', onEvent: (json: unknown) => void): Feed {
  const feed: Feed = openFeed({
    what: `the stream of ${of}`,
    clock: link.context.clock,
    silenceMs: link.options.silenceSeconds * 1000,
    begin: (options) => link.api.stream(of, options),
    onEvent,
    onGarbage: (bytes) => link.log.debug({ bytes }, 'NFON sent an event that is no JSON'),
    onRetry: (pauseMs) => {
      link.leastPauseMs = Math.min(PAUSES.longestMs, Math.max(0, pauseMs));
    },
    onRenewed: () => void catchUp(link, feed),
    onLost: (reason) => {
      if (link.feeds.includes(feed)) lose(link, reason);
    },
  });
  // Heard by whoever connects; not before all of them were asked.
  feed.opened.catch(() => undefined);
  return feed;
}

function isOurs({ options }: Link, { customer }: StateEvent): boolean {
  return customer === undefined || customer === options.account;
}

function takeState(link: Link, state: StateEvent): void {
  if (!isOurs(link, state)) return;
  const wasIdle = link.lines.isIdle(state.extension);
  const line = link.lines.setState(state);
  if (!line || link.phase !== 'up') return;
  link.tell({ type: 'line', line });
  if (line.lamp !== 'idle') return link.cancelTimers.get(`idle ${line.lineKey}`)?.();
  if (wasIdle) return;
  const idleAt = link.context.clock.elapsed();
  after(link, `idle ${line.lineKey}`, IDLE_MS, () => link.calls.lineIsIdle(line.lineKey, idleAt));
}

// A stream was replaced: what happened in between is in the states alone.
async function catchUp(link: Link, feed: Feed): Promise<void> {
  const before = link.context.clock.elapsed() - IDLE_MS;
  try {
    const { items } = await link.api.states();
    if (link.phase !== 'up' || !link.feeds.includes(feed)) return;
    for (const state of items) takeState(link, state);
    endOnIdleLines(link, before);
  } catch (error) {
    if (link.feeds.includes(feed)) lose(link, error instanceof ApiError ? error.message : 'NFON gave no states');
  }
}

function endOnIdleLines({ calls, lines }: Link, before: number): void {
  for (const { lineKey } of calls.legs()) if (lines.isIdle(lineKey)) calls.lineIsIdle(lineKey, before);
}

// Extensions come, go and get new names. Whoever asks for the picture after `connected` hears of all three.
async function readList(link: Link): Promise<void> {
  after(link, 'list', LIST_EVERY_MS, () => void readList(link));
  try {
    const before = namesOf(link);
    const { items } = await link.api.extensions();
    if (link.phase !== 'up') return;
    link.lines.setExtensions(items);
    if (namesOf(link) !== before) status(link, { type: 'connected' });
  } catch (error) {
    // It was good a while ago, and will be asked for again.
    link.log.warn({ err: error }, 'NFON gave no list of extensions');
  }
}

function namesOf({ lines }: Link): string {
  return JSON.stringify(lines.reports().map(({ extension, name }) => [extension, name]));
}
