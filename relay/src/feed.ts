// Keeps one connection's picture of the lines complete: a snapshot or one delta after each subscription, then a delta
// per change. State first: a client needs the newest state of a line, not every step, so what waits behind a backlog is
// only which lines changed. Frames are made at the moment they are sent, from the rights that hold then.
import type { Contact, Location, PhoneNumber } from '@offhook/protocol';
import { mayWatch, type Viewer } from './access.ts';
import type { Clock } from './clock.ts';
import { deltaText, type FanOut, type LineWatcher } from './fan-out.ts';
import { PART_BYTES, partsOf } from './frame-parts.ts';
import { type Sight, sightOf } from './line-view.ts';
import type { MadeFrame } from './made-frame.ts';
import type { Outlet } from './outlet.ts';
import type { BoardLine } from './switchboard.ts';

/** The present as feeds see it. Lines never vanish. */
export interface FeedContext {
  clock: Clock;
  /** Changes when the order of revisions may have been lost; an opaque word. */
  epoch: string;
  rev(tenantId: string): number;
  lines(tenantId: string): readonly BoardLine[];
  line(lineId: string): BoardLine | undefined;
  onChange(listener: (change: { tenantId: string; lineId: string }) => void): () => void;
  /** Tells feeds of the lines that they watch. */
  fanOut: FanOut;
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
  /** The viewer's rights changed: from now on the lines are watched that are granted now. */
  rewatch(): void;
  /** After that, everything is sent anew. */
  restart(): void;
  close(): void;
}

/** The connection that a feed is for. It is asked for each delivery: as few steps as can be lead to what it knows. */
export interface FeedClient {
  /** With the rights of this moment; undefined while nobody has signed in. */
  readonly viewer: Viewer | undefined;
  /** The network has taken all that was sent: a frame would be on its way at once. */
  isTaking(): boolean;
  /** Sends a frame that others get, too. */
  sendMade(frame: MadeFrame): void;
}

export interface FeedOptions {
  client: FeedClient;
  /** Sends a message that is JSON already. */
  sendText(text: string): void;
  outlet: Outlet;
  context: FeedContext;
}

interface FeedState extends FeedOptions, LineWatcher {
  /** Undefined before the subscription and after the end. */
  wanted: ReadonlySet<string> | undefined;
  /** All lines are wanted. */
  wantsAll: boolean;
  /** As whom the fan-out knows this feed. */
  watchesAs: Viewer | undefined;
  /** What the client does not have yet; undefined while it has everything. */
  backlog: Backlog | undefined;
}

interface Backlog {
  /** Lines of the snapshot parts that were not sent yet. */
  plan: string[][];
  parts: number;
  planRev: number;
  /** Lines that the client does not have as they are. */
  changed: Set<string>;
  /** Up to here, every change was sent. */
  completeRev: number;
  /** A delta is due even if nothing changed: the answer to a subscription. */
  owesDelta: boolean;
}

/** A feed for one connection. */
export function createFeed({ context, client, outlet, sendText }: FeedOptions): Feed {
  // What each delivery looks at comes first and lies together, for the processor's cache.
  const feed: FeedState = {
    client,
    wanted: undefined,
    backlog: undefined,
    watchesAs: undefined,
    wantsAll: false,
    context,
    changed,
    take,
    outlet,
    sendText,
  };
  return {
    position: () => ({ epoch: context.epoch, rev: completeRevOf(feed) }),
    subscribe(lines, sinceRev) {
      const who = client.viewer;
      if (!who) return;
      const completeRev = completeRevOf(feed);
      feed.wanted = new Set(lines);
      feed.wantsAll = feed.wanted.has('*');
      watch(feed, who);
      if (sinceRev === undefined) planSnapshot(feed, who, completeRev);
      else {
        const missed = linesOf(feed, who).filter(({ rev }) => rev > sinceRev);
        feed.backlog = catchUp(missed, sinceRev);
      }
      pump(feed);
    },
    rewatch() {
      const who = client.viewer;
      if (who && feed.wanted) watch(feed, who);
    },
    restart() {
      const who = client.viewer;
      if (!who || !feed.wanted) return;
      planSnapshot(feed, who, completeRevOf(feed));
      pump(feed);
    },
    close() {
      context.fanOut.unwatch(feed);
      outlet.close();
      feed.wanted = undefined;
    },
  };
}

function catchUp(changedLines: readonly BoardLine[], completeRev: number): Backlog {
  const lineIds = new Set(changedLines.map(({ lineId }) => lineId));
  return { plan: [], parts: 0, planRev: 0, changed: lineIds, completeRev, owesDelta: true };
}

function watch(feed: FeedState, who: Viewer): void {
  feed.watchesAs = who;
  feed.context.fanOut.watch(feed, who);
}

// Who has everything and takes everything gets the frame that all get who see the line alike. `known` is the sight of the
// viewer that this feed was entered with: rights that changed since make it worthless. One function for all feeds, which
// are gone through in thousands: what each would hold of its own for this is not in the processor's cache.
function changed(this: FeedState, line: BoardLine, known?: Sight): MadeFrame | undefined {
  const who = this.client.viewer;
  if (!who || !this.wanted) return undefined;
  if (this.backlog) {
    putOff(this, this.backlog, line);
    return undefined;
  }
  const sight = (who === this.watchesAs && known) || sightOf(who, line.lineId);
  // Of lines that this viewer does not see, not even the time of a change is told.
  if (!isVisible(this, line, sight)) return undefined;
  // Asked here rather than before it is sent: what is far from the processor is fetched faster with nothing in between.
  if (this.client.isTaking()) return this.context.fanOut.deltaFor(sight, line);
  // Of the change before this one there was nothing left to tell.
  this.backlog = { ...catchUp([], line.rev - 1), owesDelta: false };
  putOff(this, this.backlog, line);
  return undefined;
}

function take(this: FeedState, frame: MadeFrame): void {
  this.client.sendMade(frame);
}

function putOff(feed: FeedState, backlog: Backlog, line: BoardLine): void {
  backlog.changed.add(line.lineId);
  pump(feed);
}

function planSnapshot(feed: FeedState, who: Viewer, completeRev: number): void {
  const { context } = feed;
  const plan = partsFor(feed, who, linesOf(feed, who));
  const planRev = context.fanOut.toldRev(who.tenant.tenantId);
  feed.backlog = { plan, parts: plan.length, planRev, changed: new Set(), completeRev, owesDelta: false };
}

function completeRevOf({ wanted, backlog, context, client }: FeedState): number {
  if (backlog) return backlog.completeRev;
  return wanted ? context.fanOut.toldRev(client.viewer?.tenant.tenantId ?? '') : 0;
}

// One frame after the other, as the network takes them. A frame may end the session, and the feed with it.
function pump(feed: FeedState): void {
  const { outlet, client } = feed;
  outlet.whenEmpty(() => {
    while (feed.wanted && feed.backlog) {
      const who = client.viewer;
      if (!who) return;
      if (feed.backlog.plan.length > 0) sendPart(feed, feed.backlog, who);
      else sendDelta(feed, feed.backlog, who);
      if (feed.wanted && !outlet.isEmpty()) return pump(feed);
    }
  });
}

function sendPart(feed: FeedState, backlog: Backlog, who: Viewer): void {
  const { sendText, context } = feed;
  const { planRev: rev, parts } = backlog;
  const part = parts - backlog.plan.length + 1;
  const lines = textsOf(feed, who, backlog.plan.shift() ?? []);
  // The revision of the plan: what changed since then follows as a delta. Nothing is complete before the last part.
  if (backlog.plan.length === 0) settle(feed, backlog, rev);
  const head = JSON.stringify({ type: 'snapshot', epoch: context.epoch, rev, aclRev: who.aclRev });
  sendText(`${head.slice(0, -1)},"lines":[${lines.join(',')}],"part":${part},"parts":${parts}}`);
}

function sendDelta(feed: FeedState, backlog: Backlog, who: Viewer): void {
  const { sendText, context } = feed;
  const lines: string[] = [];
  let bytes = 0;
  for (const lineId of backlog.changed) {
    for (const line of textsOf(feed, who, [lineId])) {
      bytes += sizeOf(line);
      lines.push(line);
    }
    backlog.changed.delete(lineId);
    if (bytes > PART_BYTES) break;
  }
  // A client that resumes takes the first answer for the whole: what does not fit into one delta needs numbered parts.
  if (backlog.owesDelta && backlog.changed.size > 0) return planSnapshot(feed, who, backlog.completeRev);
  if (backlog.changed.size === 0) settle(feed, backlog, context.fanOut.toldRev(who.tenant.tenantId));
  if (lines.length === 0 && !backlog.owesDelta) return;
  backlog.owesDelta = false;
  sendText(deltaText({ epoch: context.epoch, rev: backlog.completeRev }, lines));
}

/** Everything up to that revision is sent with the frame that follows. */
function settle(feed: FeedState, backlog: Backlog, rev: number): void {
  backlog.completeRev = rev;
  if (backlog.changed.size === 0) feed.backlog = undefined;
}

/** The lines as the viewer may see them now, each as JSON. */
function textsOf(feed: FeedState, who: Viewer, lineIds: readonly string[]): string[] {
  const { context } = feed;
  return lineIds
    .flatMap((lineId) => context.line(lineId) ?? [])
    .filter((line) => isVisible(feed, line, sightOf(who, line.lineId)))
    .map((line) => context.fanOut.textFor(who, line));
}

function isVisible({ wanted, wantsAll }: FeedState, line: BoardLine, sight: Sight): boolean {
  const isWanted = wantsAll || wanted?.has(line.lineId) || false;
  return isWanted && mayWatch(sight, line);
}

// Thousands of agents that look again at once must not each go through thousands of lines that are not theirs.
function linesOf({ context }: FeedState, { tenant, linesWith }: Viewer): readonly BoardLine[] {
  const watched = linesWith('watch');
  if (watched === 'all') return context.lines(tenant.tenantId);
  return [...watched].flatMap((lineId) => context.line(lineId) ?? []);
}

// What the viewer does not see takes no room in any part.
function partsFor(feed: FeedState, who: Viewer, lines: readonly BoardLine[]): string[][] {
  const sized = lines.flatMap(({ lineId }) => {
    return textsOf(feed, who, [lineId]).map((text) => ({ lineId, bytes: sizeOf(text) }));
  });
  return partsOf(sized, ({ bytes }) => bytes).map((part) => part.map(({ lineId }) => lineId));
}

/** What a line adds to a frame. */
function sizeOf(text: string): number {
  return Buffer.byteLength(text) + 1;
}
