// The journal as one connection gets it: what it missed since its cursor, then every entry as it changes, and pages of
// the past on request. Entries are made for this viewer alone, from the conversations that touch watched lines, by the
// rights that hold when the frame is sent. A cursor never stands behind something that was not sent.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ClientMessage, GoneEntry, JournalEntry, ServerMessage } from '@offhook/protocol';
import type { Viewer } from './access.ts';
import { bytesOf, partsOf } from './frame-parts.ts';
import type { JournalFanOut, JournalWatcher } from './journal-fan-out.ts';
import { entryTest } from './journal-filter.ts';
import type { Outlet } from './outlet.ts';
import { type Conversation, pageEndOf, type Store } from './store/store.ts';

/** The journal as feeds see it. */
export interface JournalFeedContext {
  since: Store['journalSince'];
  page: Store['journalPage'];
  seq: Store['journalSeq'];
  /** Tells of each conversation after it was saved, in the order of `seq`. */
  fanOut: JournalFanOut;
  /** The conversation for this viewer; undefined if no leg is on a watched line. */
  entryFor(viewer: Viewer, conversation: Conversation): JournalEntry | GoneEntry | undefined;
  /** The lines whose calls this viewer may know. */
  watchedLines(viewer: Viewer): readonly string[];
}

export interface JournalFeed {
  /** Starts the live stream, after what was missed since `cursor`; without one only what comes from now on. */
  start(cursor: string | undefined): Promise<void>;
  /** Ends the live stream. */
  stop(): void;
  /** The viewer's rights changed: from now on the calls are told of that may be known now. */
  rewatch(): void;
  page(request: ClientMessage & { type: 'journal-page' }): Promise<void>;
  close(): void;
}

export interface JournalFeedOptions {
  send(message: ServerMessage): void;
  outlet: Outlet;
  context: JournalFeedContext;
  viewer(): Viewer | undefined;
}

const PAGE_SIZE = 50;
const CATCH_UP_SIZE = 200;
// A search goes on in small steps, so that calls are not kept waiting (measured: 4 ms a step with 500 lines and 200,000
// calls). One that finds little stops here, after less than a second of work; the client asks on if the agent wants it.
const SEARCH_STEP = 25;
const MOST_SEARCHED = 5_000;

interface Stream {
  /** Caught up: what happens is sent as it comes. */
  isLive: boolean;
}

/** The journal's stream for one connection. */
export function createJournalFeed(options: JournalFeedOptions): JournalFeed {
  const { context, viewer, outlet, send } = options;
  let stream: Stream | undefined;
  let isClosed = false;
  const watcher: JournalWatcher = {
    told(conversation) {
      if (!stream?.isLive) return;
      const [entry] = entriesOf([conversation], options);
      if (entry) send({ type: 'journal', cursor: String(conversation.seq), items: [entry.item], more: false });
    },
  };

  function rewatch(): void {
    const who = viewer();
    if (who && stream) context.fanOut.watch(watcher, who);
  }

  // While this runs, news is only counted: it is durable when it is told of, and read in its turn. So a cursor that the
  // client keeps never jumps over what is still to be read.
  async function catchUp(current: Stream, fromSeq: number): Promise<void> {
    let seq = fromSeq;
    for (let isBehind = true; isBehind && current === stream; ) {
      const who = viewer();
      if (!who) return;
      const { tenantId } = who.tenant;
      const toldBefore = context.fanOut.toldCount(tenantId);
      const found = await context.since({ tenantId, seq, limit: CATCH_UP_SIZE });
      await emptied(outlet);
      if (current !== stream) return;
      const reached = found.at(-1)?.seq ?? seq;
      isBehind = found.length === CATCH_UP_SIZE || context.fanOut.toldCount(tenantId) > toldBefore;
      sendAll(found, { reached, isBehind });
      seq = reached;
    }
    current.isLive = true;
  }

  function sendAll(
    found: readonly Conversation[],
    { reached, isBehind }: { reached: number; isBehind: boolean },
  ): void {
    const frames = framesOf(entriesOf(found, options));
    frames.forEach((entries, index) => {
      const isLast = index === frames.length - 1;
      const cursor = String(isLast ? reached : (entries.at(-1)?.conversation.seq ?? reached));
      send({ type: 'journal', cursor, items: entries.map(({ item }) => item), more: isBehind || !isLast });
    });
  }

  return {
    async start(cursor) {
      if (stream || isClosed) return;
      const current: Stream = { isLive: false };
      stream = current;
      rewatch();
      // A cursor from the future is of a journal that was replaced by an older backup.
      const newest = await context.seq();
      await catchUp(current, Math.min(cursorSeq(cursor) ?? newest, newest));
    },
    stop() {
      stream = undefined;
      context.fanOut.unwatch(watcher);
    },
    rewatch,
    async page(request) {
      const page = await pageOf(request, options);
      if (page && !isClosed) send(page);
    },
    close() {
      isClosed = true;
      stream = undefined;
      context.fanOut.unwatch(watcher);
      outlet.close();
    },
  };
}

/** The answer to a request for a page; undefined once nobody is signed in. */
async function pageOf(
  { id, before, filter }: ClientMessage & { type: 'journal-page' },
  options: JournalFeedOptions,
): Promise<ServerMessage | undefined> {
  const { context, viewer } = options;
  const who = viewer();
  if (!who) return undefined;
  const watched = context.watchedLines(who);
  const lineIds = filter?.lineId === undefined ? watched : watched.filter((lineId) => lineId === filter.lineId);
  const isWanted = entryTest(filter ?? {});
  const entriesNow = (conversations: readonly Conversation[]) => {
    const entries = entriesOf(conversations, options);
    return isWanted ? entries.filter(({ item }) => !('gone' in item) && isWanted(item)) : entries;
  };
  const limit = isWanted ? SEARCH_STEP : PAGE_SIZE;
  const from = { tenantId: who.tenant.tenantId, lineIds, before, limit };
  const { found, place, isEnd } = await readPage(from, context, entriesNow);
  // Made anew: a right may have been lost while the store was searched.
  const [entries = [], ...rest] = framesOf(entriesNow(found));
  const last = rest.length > 0 ? entries.at(-1)?.conversation : undefined;
  const cursor = last ? pageEndOf(last) : (place ?? '');
  return { type: 'journal', id, cursor, items: entries.map(({ item }) => item), more: rest.length > 0 || !isEnd };
}

/** Reads on until there is a page of entries that are wanted; `place` is where the next one goes on. */
async function readPage(
  from: { tenantId: string; lineIds: readonly string[]; before: string | undefined; limit: number },
  context: JournalFeedContext,
  entriesNow: (conversations: readonly Conversation[]) => readonly EntryOfConversation[],
): Promise<{ found: Conversation[]; place: string | undefined; isEnd: boolean }> {
  const found: Conversation[] = [];
  let place = from.before;
  for (let searched = 0; searched < MOST_SEARCHED; searched += from.limit) {
    if (searched > 0) await nextTurn();
    const read = await context.page({ ...from, before: place });
    const wanted = entriesNow(read).map(({ conversation }) => conversation);
    const taken = wanted.slice(0, PAGE_SIZE - found.length);
    found.push(...taken);
    const isCut = taken.length < wanted.length;
    const last = isCut ? taken.at(-1) : read.at(-1);
    if (last) place = pageEndOf(last);
    if (!isCut && read.length < from.limit) return { found, place, isEnd: true };
    if (found.length === PAGE_SIZE) break;
  }
  return { found, place, isEnd: false };
}

interface EntryOfConversation {
  conversation: Conversation;
  item: JournalEntry | GoneEntry;
}

function entriesOf(found: readonly Conversation[], { context, viewer }: JournalFeedOptions): EntryOfConversation[] {
  const who = viewer();
  if (!who) return [];
  return found.flatMap((conversation) => {
    const item = conversation.tenantId === who.tenant.tenantId ? context.entryFor(who, conversation) : undefined;
    return item ? [{ conversation, item }] : [];
  });
}

function framesOf(entries: readonly EntryOfConversation[]): EntryOfConversation[][] {
  return partsOf(entries, ({ item }) => bytesOf(item));
}

function emptied(outlet: Outlet): Promise<void> {
  return new Promise((resolve) => outlet.whenEmpty(resolve));
}

function cursorSeq(cursor: string | undefined): number | undefined {
  return cursor !== undefined && /^[0-9]{1,15}$/.test(cursor) ? Number(cursor) : undefined;
}
