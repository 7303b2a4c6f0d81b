// Tells those connections of a changed line that watch it, and no others: who works in a company of thousands hears of a
// few lines. Those who see a line alike get the same frame, which is made once. It decides nothing about rights: who is
// told looks up for itself, with the rights of that moment, whether it may see the line.
import type { Contact, PhoneNumber } from '@offhook/protocol';
import type { Viewer } from './access.ts';
import type { Clock } from './clock.ts';
import { lineIn, type Sight, sightKeyOf, sightOf } from './line-view.ts';
import { type MadeFrame, madeFrame } from './made-frame.ts';
import type { BoardLine } from './switchboard.ts';
import { createWatchIndex } from './watch-index.ts';

/** A connection that wants to be told. */
export interface LineWatcher {
  /** One of the lines has changed; it is told of right after it got its revision. */
  changed(line: BoardLine): void;
}

export interface FanOutOptions {
  clock: Pick<Clock, 'now' | 'elapsed' | 'after'>;
  /** Changes when the order of revisions may have been lost; an opaque word. */
  epoch: string;
  rev(tenantId: string): number;
  line(lineId: string): BoardLine | undefined;
  changedSince(tenantId: string, rev: number): readonly BoardLine[];
  onChange(listener: (change: { tenantId: string; lineId: string }) => void): () => void;
  contactOf(tenantId: string, number: PhoneNumber, hidden?: ReadonlySet<string>): Contact | undefined;
}

export interface FanOut {
  /** From now on the watcher hears of the lines that the viewer watches. Once more replaces what was there. */
  watch(watcher: LineWatcher, viewer: Viewer): void;
  unwatch(watcher: LineWatcher): void;
  /** Up to here the watchers were told of every change of the tenant's lines. */
  toldRev(tenantId: string): number;
  /** The line as the viewer sees it, as JSON; call it only for lines that the viewer watches. */
  textFor(viewer: Viewer, line: BoardLine): string;
  /** A delta with that line alone, complete up to its revision. */
  deltaFor(viewer: Viewer, line: BoardLine): MadeFrame;
}

interface Texts {
  /** By the clock that does not jump. */
  madeAt: number;
  bySight: Map<string, string>;
}

/** A frame, and the sight that it was made for. */
interface SeenFrame extends Sight {
  key: string;
  frame: MadeFrame;
}

// Rights and rule sets have a few combinations, also where sources are hidden from many groups.
const MOST_SIGHTS = 64;
// Ages of calls stand in a line's text. This much older they may be, as if the frame had been so long on its way.
const AGES_KEEP_MS = 50;
// Long enough for thousands that come back at once.
const TEXTS_KEEP_MS = 1_000;

/** The fan-out of one relay. */
export function createFanOut(options: FanOutOptions): FanOut {
  const index = createWatchIndex<LineWatcher>();
  const toldRevs = new Map<string, number>();
  const texts = new Map<BoardLine, Texts>();
  // The frames of the change that is being told of.
  let current: { line: BoardLine; frames: SeenFrame[] } | undefined;

  function toldRev(tenantId: string): number {
    const told = toldRevs.get(tenantId) ?? options.rev(tenantId);
    toldRevs.set(tenantId, told);
    return told;
  }

  function tell(line: BoardLine): void {
    current = { line, frames: [] };
    for (const watcher of index.of(line.tenantId, [line.lineId])) watcher.changed(line);
    current = undefined;
  }

  // Each change is told of by itself. Should one have been left out, all lines since are looked up, so that a revision is
  // never claimed for a line that was not sent.
  options.onChange(({ tenantId, lineId }) => {
    const rev = options.rev(tenantId);
    const before = toldRevs.get(tenantId) ?? rev - 1;
    toldRevs.set(tenantId, rev);
    const line = options.line(lineId);
    if (line && rev === before + 1) return tell(line);
    for (const missed of [...options.changedSince(tenantId, before)].sort((a, b) => a.rev - b.rev)) tell(missed);
  });

  function textFor(viewer: Viewer, line: BoardLine): string {
    const sight = sightOf(viewer, line.lineId);
    return textIn(sightKeyOf(sight), sight, line);
  }

  function textIn(key: string, sight: Sight, line: BoardLine): string {
    const now = options.clock.elapsed();
    let known = texts.get(line);
    // A line without calls has nothing that grows older.
    if (!known || (line.calls.length > 0 && now - known.madeAt > AGES_KEEP_MS)) {
      if (texts.size === 0) options.clock.after(TEXTS_KEEP_MS, () => texts.clear());
      known = { madeAt: now, bySight: new Map() };
      texts.set(line, known);
    }
    const text = known.bySight.get(key) ?? freshText(sight, line);
    known.bySight.set(key, text);
    return text;
  }

  function freshText(sight: Sight, line: BoardLine): string {
    return JSON.stringify(lineIn(sight, line, { now: options.clock.now(), contactOf: options.contactOf }));
  }

  // A handful of sights at most: comparing them costs less than a key for each delivery.
  function frameOf(frames: SeenFrame[], sight: Sight, line: BoardLine): MadeFrame {
    const { rights, isOwn, hidden } = sight;
    const same = frames.find((one) => one.rights === rights && one.isOwn === isOwn && one.hidden === hidden);
    if (same) return same.frame;
    const key = sightKeyOf(sight);
    const alike = frames.find((one) => one.key === key);
    // Most lines change again before anybody asks for this text once more: it is not kept.
    const frame = alike?.frame ?? deltaOf(line, freshText(sight, line));
    if (frames.length < MOST_SIGHTS) frames.push({ rights, isOwn, hidden, key, frame });
    return frame;
  }

  function deltaOf(line: BoardLine, text: string): MadeFrame {
    return madeFrame(deltaText({ epoch: options.epoch, rev: line.rev }, [text]));
  }

  return {
    watch: index.set,
    unwatch: index.remove,
    toldRev,
    textFor,
    deltaFor(viewer, line) {
      const sight = sightOf(viewer, line.lineId);
      if (current?.line === line) return frameOf(current.frames, sight, line);
      return deltaOf(line, textIn(sightKeyOf(sight), sight, line));
    },
  };
}

/** A delta of lines that are JSON already. */
export function deltaText({ epoch, rev }: { epoch: string; rev: number }, lines: readonly string[]): string {
  return `{"type":"delta","epoch":${JSON.stringify(epoch)},"rev":${rev},"lines":[${lines.join(',')}]}`;
}
