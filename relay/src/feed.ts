// Keeps one connection's picture of the lines complete: a snapshot or one delta after each subscription, then a delta
// per change. State first: a client needs the newest state of a line, not every step, so behind a backlog changes of
// one line become one.
import { type Contact, type Line, MAX_SERVER_BYTES, type PhoneNumber, type ServerMessage } from '@offhook/protocol';
import type { Location } from '@offhook/protocol/dial-plan';
import type { Viewer } from './access.ts';
import type { Clock } from './clock.ts';
import { lineFor } from './line-view.ts';
import type { BoardLine } from './switchboard.ts';

/** The present as feeds see it. */
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
  contactOf(tenantId: string, number: PhoneNumber): Contact | undefined;
}

export interface Feed {
  /** Up to where this connection is complete, once what still waits has been sent. */
  position(): { epoch: string; rev: number };
  /** Starts (or replaces) the subscription; with `sinceRev` only what is newer is sent. */
  subscribe(lines: readonly string[], sinceRev?: number): void;
  /** The viewer's rights changed: everything is sent anew. */
  restart(): void;
  close(): void;
}

export interface FeedOptions {
  send(message: ServerMessage): void;
  bufferedBytes(): number;
  context: FeedContext;
  viewer(): Viewer | undefined;
}

const COALESCE_MS = 25;
// Room for the frame around the lines.
const MAX_PART_BYTES = MAX_SERVER_BYTES - 4096;

/** A feed for one connection. */
export function createFeed({ send, bufferedBytes, context, viewer }: FeedOptions): Feed {
  let wanted: ReadonlySet<string> | undefined;
  const changed = new Set<string>();
  let completeRev = 0;
  let cancelFlush: (() => void) | undefined;
  const stopListening = context.onChange(({ tenantId, lineId }) => {
    const who = viewer();
    if (!wanted || tenantId !== who?.tenant.tenantId || !isVisible(who, lineId)) return;
    changed.add(lineId);
    // At once while nothing waits; behind a backlog, together.
    if (bufferedBytes() === 0) flush();
    else cancelFlush ??= context.clock.after(COALESCE_MS, flush);
  });

  function isVisible(who: Viewer, lineId: string): boolean {
    return (wanted?.has('*') || wanted?.has(lineId) || false) && who.rightsOn(lineId).has('watch');
  }

  function latest(): number {
    const who = viewer();
    return who ? context.rev(who.tenant.tenantId) : 0;
  }

  function present(who: Viewer, lines: readonly BoardLine[]): Line[] {
    const byExtension = namesOf(context, who.tenant.tenantId);
    const view = {
      now: context.clock.now(),
      contactOf: context.contactOf,
      lineNameOf: (_tenantId: string, extension: string) => byExtension().get(extension),
    };
    return lines.filter((line) => isVisible(who, line.lineId)).map((line) => lineFor(who, line, view));
  }

  function flush(): void {
    cancelFlush?.();
    cancelFlush = undefined;
    const who = viewer();
    if (!who || changed.size === 0) return;
    const lines = [...changed].flatMap((lineId) => context.line(lineId) ?? []);
    changed.clear();
    sendDelta(present(who, lines));
  }

  // Only the last part may say that this connection is complete up to now.
  function sendDelta(lines: readonly Line[]): void {
    const parts = partsOf(lines);
    const all = parts.length === 0 ? [[]] : parts;
    all.forEach((part, index) => {
      const isLast = index === all.length - 1;
      send({ type: 'delta', epoch: context.epoch, rev: isLast ? latest() : completeRev, lines: part });
    });
    completeRev = latest();
  }

  function sendSnapshot(who: Viewer): void {
    changed.clear();
    const parts = partsOf(present(who, context.lines(who.tenant.tenantId)));
    const all = parts.length === 0 ? [[]] : parts;
    all.forEach((lines, index) => {
      send({
        type: 'snapshot',
        epoch: context.epoch,
        rev: latest(),
        aclRev: who.aclRev,
        lines,
        part: index + 1,
        parts: all.length,
      });
    });
    completeRev = latest();
  }

  return {
    position() {
      flush();
      return { epoch: context.epoch, rev: latest() };
    },
    subscribe(lines, sinceRev) {
      wanted = new Set(lines);
      const who = viewer();
      if (!who) return;
      if (sinceRev === undefined) return sendSnapshot(who);
      completeRev = sinceRev;
      changed.clear();
      sendDelta(present(who, context.changedSince(who.tenant.tenantId, sinceRev)));
    },
    restart() {
      const who = viewer();
      if (who && wanted) sendSnapshot(who);
    },
    close() {
      stopListening();
      cancelFlush?.();
      wanted = undefined;
    },
  };
}

// Made once per frame at most, and only if a line has an internal call.
function namesOf(context: FeedContext, tenantId: string): () => ReadonlyMap<string, string> {
  let names: ReadonlyMap<string, string> | undefined;
  return () => {
    names ??= new Map(context.lines(tenantId).map((line) => [line.extension, line.name]));
    return names;
  };
}

function partsOf(lines: readonly Line[]): Line[][] {
  const parts: Line[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const size = Buffer.byteLength(JSON.stringify(line)) + 1;
    if (bytes + size > MAX_PART_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(line);
    bytes += size;
  }
  return parts;
}
