// Keeps one connection's picture of the lines complete: a snapshot or one delta after each subscription, then a delta
// per change. State first: a client needs the newest state of a line, not every step, so what waits behind a backlog is
// only which lines changed. Frames are made at the moment they are sent, from the rights that hold then.
import type { Contact, Line, Location, PhoneNumber, ServerMessage } from '@offhook/protocol';
import { refusalOf, type Viewer } from './access.ts';
import type { Clock } from './clock.ts';
import { bytesOf, PART_BYTES, partsOf } from './frame-parts.ts';
import { lineFor } from './line-view.ts';
import type { Outlet } from './outlet.ts';
import type { BoardLine } from './switchboard.ts';

/** The present as feeds see it. Lines are told of one by one, each right after it got its revision; they never vanish. */
export interface FeedContext {
  clock: Clock;
  /** Changes when the order of revisions may have been lost; an opaque word. */
  epoch: string;
  rev(tenantId: string): number;
  lines(tenantId: string): readonly BoardLine[];
  line(lineId: string): BoardLine | undefined;
  changedSince(tenantId: string, rev: number): readonly BoardLine[];
  onChange(listener: (change: { tenantId: string; lineId: string }) => void): () => void;
  locationOf(pbxId: string): Location;
  contactOf(tenantId: string, number: PhoneNumber, hidden?: ReadonlySet<string>): Contact | undefined;
}

export interface Feed {
  /** Up to where the client has everything: rev 0 before it has anything. */
  position(): { epoch: string; rev: number };
  /**
   * Starts (or replaces) the subscription. With `sinceRev`, which the client has already, only what is newer is sent, in
   * one delta; if that is too much for one, a snapshot is sent all the same.
   */
  subscribe(lines: readonly string[], sinceRev?: number): void;
  /** The viewer's rights changed: everything is sent anew. */
  restart(): void;
  close(): void;
}

export interface FeedOptions {
  send(message: ServerMessage): void;
  outlet: Outlet;
  context: FeedContext;
  viewer(): Viewer | undefined;
}

interface FeedState {
  options: FeedOptions;
  /** Undefined before the subscription and after the end. */
  wanted: ReadonlySet<string> | undefined;
  /** Lines of the snapshot parts that were not sent yet. */
  plan: string[][];
  parts: number;
  planRev: number;
  /** Lines that the client does not have as they are. */
  changed: Set<string>;
  /** Up to here, every change was sent or is in `plan` or `changed`. */
  seenRev: number;
  /** Up to here, every change was sent. */
  completeRev: number;
  /** A delta is due even if nothing changed: the answer to a subscription. */
  owesDelta: boolean;
}

/** A feed for one connection. */
export function createFeed(options: FeedOptions): Feed {
  const { context, viewer, outlet } = options;
  const feed: FeedState = {
    options,
    wanted: undefined,
    plan: [],
    parts: 0,
    planRev: 0,
    changed: new Set(),
    seenRev: 0,
    completeRev: 0,
    owesDelta: false,
  };
  const stopListening = context.onChange(({ tenantId, lineId }) => {
    if (!feed.wanted || tenantId !== viewer()?.tenant.tenantId) return;
    note(feed, tenantId, lineId);
    pump(feed);
  });
  return {
    position: () => ({ epoch: context.epoch, rev: isComplete(feed) ? feed.seenRev : feed.completeRev }),
    subscribe(lines, sinceRev) {
      const who = viewer();
      if (!who) return;
      feed.wanted = new Set(lines);
      if (sinceRev === undefined) return begin(feed, who);
      const { tenantId } = who.tenant;
      feed.plan = [];
      feed.changed = new Set(context.changedSince(tenantId, sinceRev).map(({ lineId }) => lineId));
      feed.completeRev = sinceRev;
      feed.seenRev = context.rev(tenantId);
      feed.owesDelta = true;
      pump(feed);
    },
    restart() {
      const who = viewer();
      if (who && feed.wanted) begin(feed, who);
    },
    close() {
      stopListening();
      outlet.close();
      feed.wanted = undefined;
    },
  };
}

// Each change is told of by itself. Should one have been left out, all lines since are looked up, so that a revision is
// never claimed for a line that was not sent.
function note(feed: FeedState, tenantId: string, lineId: string): void {
  const { context } = feed.options;
  const rev = context.rev(tenantId);
  if (rev === feed.seenRev + 1) feed.changed.add(lineId);
  else for (const line of context.changedSince(tenantId, feed.seenRev)) feed.changed.add(line.lineId);
  feed.seenRev = rev;
}

function begin(feed: FeedState, who: Viewer): void {
  planSnapshot(feed, who);
  pump(feed);
}

function planSnapshot(feed: FeedState, who: Viewer): void {
  const { context } = feed.options;
  const { tenantId } = who.tenant;
  feed.plan = partsFor(feed, who, linesOf(feed, who));
  feed.parts = feed.plan.length;
  feed.changed.clear();
  feed.planRev = context.rev(tenantId);
  feed.seenRev = feed.planRev;
  feed.owesDelta = false;
}

function isComplete({ wanted, plan, changed, owesDelta }: FeedState): boolean {
  return wanted !== undefined && plan.length === 0 && changed.size === 0 && !owesDelta;
}

// One frame after the other, as the network takes them. A frame may end the session, and the feed with it.
function pump(feed: FeedState): void {
  const { outlet, viewer } = feed.options;
  outlet.whenEmpty(() => {
    while (feed.wanted && !isComplete(feed)) {
      const who = viewer();
      if (!who) return;
      if (feed.plan.length > 0) sendPart(feed, who);
      else sendDelta(feed, who);
      if (feed.wanted && !outlet.isEmpty()) return pump(feed);
    }
  });
}

function sendPart(feed: FeedState, who: Viewer): void {
  const { send, context } = feed.options;
  const part = feed.parts - feed.plan.length + 1;
  const lines = present(feed, who, feed.plan.shift() ?? []);
  // The revision of the plan: what changed since then follows as a delta. Nothing is complete before the last part.
  const { planRev: rev, parts } = feed;
  if (feed.plan.length === 0) feed.completeRev = rev;
  send({ type: 'snapshot', epoch: context.epoch, rev, aclRev: who.aclRev, lines, part, parts });
}

function sendDelta(feed: FeedState, who: Viewer): void {
  const { send, context } = feed.options;
  const lines: Line[] = [];
  let bytes = 0;
  for (const lineId of feed.changed) {
    for (const line of present(feed, who, [lineId])) {
      bytes += bytesOf(line);
      lines.push(line);
    }
    feed.changed.delete(lineId);
    if (bytes > PART_BYTES) break;
  }
  // A client that resumes takes the first answer for the whole: what does not fit into one delta needs numbered parts.
  if (feed.owesDelta && feed.changed.size > 0) return planSnapshot(feed, who);
  if (feed.changed.size === 0) feed.completeRev = feed.seenRev;
  // Of lines that this viewer does not see, not even the time of a change is told.
  if (lines.length === 0 && !feed.owesDelta) return;
  feed.owesDelta = false;
  send({ type: 'delta', epoch: context.epoch, rev: feed.completeRev, lines });
}

function present(feed: FeedState, who: Viewer, lineIds: readonly string[]): Line[] {
  const { context } = feed.options;
  const view = { now: context.clock.now(), contactOf: context.contactOf };
  return lineIds
    .flatMap((lineId) => context.line(lineId) ?? [])
    .filter((line) => isVisible(feed, who, line))
    .map((line) => lineFor(who, line, view));
}

function isVisible({ wanted }: FeedState, who: Viewer, line: BoardLine): boolean {
  const isWanted = wanted?.has('*') || wanted?.has(line.lineId) || false;
  return isWanted && refusalOf(who, line, 'watch') === undefined;
}

// Thousands of agents that look again at once must not each go through thousands of lines that are not theirs.
function linesOf({ options: { context } }: FeedState, { tenant, linesWith }: Viewer): readonly BoardLine[] {
  const watched = linesWith('watch');
  if (watched === 'all') return context.lines(tenant.tenantId);
  return [...watched].flatMap((lineId) => context.line(lineId) ?? []);
}

// What the viewer does not see takes no room in any part.
function partsFor(feed: FeedState, who: Viewer, lines: readonly BoardLine[]): string[][] {
  const sized = lines.flatMap(({ lineId }) => {
    return present(feed, who, [lineId]).map((line) => ({ lineId, bytes: bytesOf(line) }));
  });
  return partsOf(sized, ({ bytes }) => bytes).map((part) => part.map(({ lineId }) => lineId));
}
