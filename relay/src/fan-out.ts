// Tells those connections of a changed line that watch it, and no others: who works in a company of thousands hears of a
// few lines. Those who see a line alike get the same frame, which is made once. It decides nothing about rights: who is
// told looks up for itself, with the rights of that moment, whether it may see the line.
import type { Contact, PhoneNumber } from '@offhook/protocol';
import type { Viewer } from './access.ts';
import type { Clock } from './clock.ts';
import { lineIn, type Sight, sightKeyOf, sightOf, type ViewContext } from './line-view.ts';
import { type MadeFrame, madeFrame } from './made-frame.ts';
import type { BoardLine } from './switchboard.ts';
import { createWatchIndex } from './watch-index.ts';

/** A connection that wants to be told. */
export interface LineWatcher {
  /**
   * One of the lines has changed, and right now got its revision. Answers the frame to be taken, or undefined if there is
   * none to be taken now. `sight` is how the viewer who was entered sees the line, so that it holds for this viewer alone;
   * it is not known for those who watch all lines.
   */
  changed(line: BoardLine, sight?: Sight): MadeFrame | undefined;
  /** Sends that frame, in the same turn: all who watch the line were asked, and nothing else has happened since. */
  take(frame: MadeFrame): void;
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
  /** A delta with that line alone, complete up to its revision, for whoever has that sight of it. */
  deltaFor(sight: Sight, line: BoardLine): MadeFrame;
}

interface Texts {
  /** By the clock that does not jump. */
  madeAt: number;
  bySight: Map<string, string>;
}

/** A frame, and the sight that it was made for. */
interface SeenFrame {
  sight: Sight;
  frame: MadeFrame;
}

// Rights and rule sets have a few combinations, also where sources are hidden from many groups.
const MOST_SIGHTS = 64;
// Ages of calls stand in a line's text. This much older they may be, as if the frame had been so long on its way.
const AGES_KEEP_MS = 50;
// Long enough for thousands that come back at once.
const TEXTS_KEEP_MS = 1_000;
const MINUTE_MS = 60_000;

/** The fan-out of one relay. */
export function createFanOut(options: FanOutOptions): FanOut {
  const sights = createSights();
  const index = createWatchIndex<LineWatcher, Sight>((viewer, lineId) => sights(sightOf(viewer, lineId)));
  const isoOf = createIsoWriter();
  const toldRevs = new Map<string, number>();
  const texts = new Map<BoardLine, Texts>();
  // The frames of the change that is being told of.
  let current: { line: BoardLine; frames: SeenFrame[]; context: ViewContext } | undefined;
  const deltaHead = `{"type":"delta","epoch":${JSON.stringify(options.epoch)},"rev":`;

  function toldRev(tenantId: string): number {
    const told = toldRevs.get(tenantId) ?? options.rev(tenantId);
    toldRevs.set(tenantId, told);
    return told;
  }

  function tell(line: BoardLine): void {
    const contactOf = askedOnce(options.contactOf);
    current = { line, frames: [], context: { now: options.clock.now(), isoOf, contactOf } };
    // All are asked before the first one is sent anything: a client that hears of a call wakes up, and where it does so on
    // this machine it takes the processor and its caches from whoever is still deciding.
    const takers: LineWatcher[] = [];
    const frames: MadeFrame[] = [];
    index.each(line.tenantId, [line.lineId], (watcher, sight) => {
      const frame = watcher.changed(line, sight);
      if (!frame) return;
      takers.push(watcher);
      frames.push(frame);
    });
    frames.forEach((frame, at) => {
      takers[at]?.take(frame);
    });
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
    const { contactOf } = options;
    const text = known.bySight.get(key) ?? freshText(sight, line, { now: options.clock.now(), isoOf, contactOf });
    known.bySight.set(key, text);
    return text;
  }

  // A handful of sights at most: comparing them costs less than a key for each delivery.
  function frameOf({ frames, line, context }: NonNullable<typeof current>, sight: Sight): MadeFrame {
    for (const one of frames) if (isSameSight(one.sight, sight)) return one.frame;
    const held = sights(sight);
    for (const one of frames) if (one.sight === held) return one.frame;
    // Most lines change again before anybody asks for this text once more: it is not kept.
    const frame = deltaOf(line, freshText(held, line, context));
    if (frames.length < MOST_SIGHTS) frames.push({ sight: held, frame });
    return frame;
  }

  function deltaOf(line: BoardLine, text: string): MadeFrame {
    return madeFrame(`${deltaHead}${line.rev},"lines":[${text}]}`);
  }

  return {
    watch: index.set,
    unwatch: index.remove,
    toldRev,
    textFor,
    deltaFor(sight, line) {
      if (current?.line === line) return frameOf(current, sight);
      return deltaOf(line, textIn(sightKeyOf(sight), sight, line));
    },
  };
}

// Thousands of watchers have few sights among them: each is held once. What is no longer in use goes with the others as
// soon as there are too many.
function createSights(): (sight: Sight) => Sight {
  let held: { sight: Sight; key: string }[] = [];
  return (sight) => {
    for (const one of held) if (isSameSight(one.sight, sight)) return one.sight;
    const key = sightKeyOf(sight);
    const alike = held.find((one) => one.key === key);
    if (alike) return alike.sight;
    if (held.length >= MOST_SIGHTS) held = [];
    held.push({ sight, key });
    return sight;
  };
}

function freshText(sight: Sight, line: BoardLine, context: ViewContext): string {
  return JSON.stringify(lineIn(sight, line, context));
}

// Most of those who are told of a change have the same sources: a caller is looked up once for all of them.
function askedOnce(contactOf: ViewContext['contactOf']): ViewContext['contactOf'] {
  const asked: { number: PhoneNumber; hidden: ReadonlySet<string> | undefined; contact: Contact | undefined }[] = [];
  return (tenantId, number, hidden) => {
    for (const one of asked) if (one.number === number && one.hidden === hidden) return one.contact;
    const contact = contactOf(tenantId, number, hidden);
    if (asked.length < MOST_SIGHTS) asked.push({ number, hidden, contact });
    return contact;
  };
}

// Times of one minute begin alike, and a Date that is made and written takes longer than the JSON of a call.
function createIsoWriter(): (time: number) => string {
  let minute = Number.NaN;
  let head = '';
  return (time) => {
    const inMinute = time % MINUTE_MS;
    if (time - inMinute !== minute) {
      minute = time - inMinute;
      head = new Date(minute).toISOString().slice(0, -'00.000Z'.length);
    }
    const seconds = String(Math.floor(inMinute / 1_000)).padStart(2, '0');
    return `${head}${seconds}.${String(inMinute % 1_000).padStart(3, '0')}Z`;
  };
}

function isSameSight(a: Sight, b: Sight): boolean {
  if (a === b) return true;
  return a.tenantId === b.tenantId && a.rights === b.rights && a.isOwn === b.isOwn && a.hidden === b.hidden;
}

/** A delta of lines that are JSON already. */
export function deltaText({ epoch, rev }: { epoch: string; rev: number }, lines: readonly string[]): string {
  return `{"type":"delta","epoch":${JSON.stringify(epoch)},"rev":${rev},"lines":[${lines.join(',')}]}`;
}
