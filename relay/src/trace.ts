// For the hunt for a fault: what went over the wires, phone systems' and browsers', in one order and on one clock. Nothing is
// kept unless somebody asked, and then for a while. Secrets, numbers, names and what people wrote are taken out before a
// frame is kept; and nothing here may ever hold up or break what it looks at.
import { COMMANDS, ERROR_CODES } from '@offhook/protocol';
import type { Clock } from './clock.ts';
import { maskText } from './log.ts';

/** Where a frame went. `who` is a phone system's id, or a connection's. */
export interface Traced {
  wire: 'pbx' | 'browser';
  /** As seen from the relay. */
  way: 'in' | 'out';
  who: string;
  /** Text is read as JSON. */
  frame: unknown;
}

export interface TraceState {
  isOn: boolean;
  /** When it began and ends or ended, milliseconds since 1970; undefined if nothing was traced. */
  startedAt?: number | undefined;
  endsAt?: number | undefined;
  frames: number;
  bytes: number;
  /** Not kept: too many at once, or pushed out by newer ones. */
  lost: number;
}

export interface Trace {
  /** Whether frames are kept: asked first where frames are many. */
  isOn(): boolean;
  /** Keeps a frame while the trace is on; otherwise costs nothing. Never throws. */
  note(traced: Traced): void;
  /** Forgets what was kept and begins anew. It ends by itself. */
  start(forMs: number): void;
  /** What was kept stays for an hour, to be bundled. */
  stop(): void;
  state(): TraceState;
  /** What was kept, oldest first: `{"ms":12.3,"wire":"pbx","way":"in","who":"main","frame":{…}}`. */
  lines(): readonly string[];
}

/** A trace that is off. `now` is monotonic, in milliseconds. */
export function createTrace({ clock, now }: { clock: Clock; now: () => number }): Trace {
  let ring: Ring | undefined;
  let cancelTimer = () => {};

  function stop(): void {
    if (!ring?.isOn) return;
    ring.isOn = false;
    ring.endsAt = clock.now();
    cancelTimer();
    const kept = ring;
    cancelTimer = clock.after(KEEP_MS, () => {
      if (ring === kept) ring = undefined;
    });
  }

  return {
    isOn: () => ring?.isOn ?? false,
    note(traced) {
      if (ring?.isOn) keep(ring, traced, now());
    },
    start(forMs) {
      cancelTimer();
      ring = newRing({ startedAt: clock.now(), beganAt: now(), endsAt: clock.now() + forMs });
      cancelTimer = clock.after(forMs, stop);
    },
    stop,
    state() {
      if (!ring) return { isOn: false, frames: 0, bytes: 0, lost: 0 };
      const { isOn, startedAt, endsAt, bytes, lost } = ring;
      return { isOn, startedAt, endsAt, frames: ring.lines.length - ring.head, bytes, lost };
    },
    lines: () => ring?.lines.slice(ring.head) ?? [],
  };
}

/** A value without secrets, numbers, names and words of people, cut to a size that is good to read. */
export function redacted(value: unknown, key = '', depth = 0): unknown {
  if (typeof value === 'string') return redactedText(value, key);
  if (typeof value === 'number') return Math.abs(value) >= LARGE && !TIME_KEY.test(key) ? '[number]' : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MOST_DEPTH) return '[…]';
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => redacted(item, key, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [masked(name), redacted(inner, name, depth + 1)]),
  );
}

const KEEP_MS = 3_600_000;
const MOST_FRAMES = 20_000;
const MOST_BYTES = 16_000_000;
// A flood is seen by its beginning; keeping all of it would cost the calls.
const MOST_PER_SECOND = 2_000;
const MOST_FRAME_BYTES = 16_384;
const MOST_TEXT = 256;
const MOST_ITEMS = 50;
const MOST_DEPTH = 8;
const LARGE = 100_000;
// Points in time and durations say what they are by their names.
const TIME_KEY = /(?:Ms|At|Bytes)$|^(?:since|connectedSince|asOf|rev|aclRev|seq)$/;
const SECRET_KEY =
  /^(?:proof|nonce|publicKey|ticket|answer|confirm|digits)$|passw|passphrase|secret|token|credential|authorization/i;
const WORDS_KEY =
  /^(?:name|displayName|login|by|answeredBy|group|device|company|label|text|note|base|subject|dial|url|email|address)$/;
const KNOWN_WORDS: ReadonlySet<string> = new Set([...COMMANDS, ...ERROR_CODES]);

interface Ring {
  isOn: boolean;
  startedAt: number;
  beganAt: number;
  endsAt: number;
  lines: string[];
  /** Where the kept ones begin; what is before it was pushed out. */
  head: number;
  bytes: number;
  lost: number;
  second: number;
  inSecond: number;
}

function newRing(begin: Pick<Ring, 'startedAt' | 'beganAt' | 'endsAt'>): Ring {
  return { ...begin, isOn: true, lines: [], head: 0, bytes: 0, lost: 0, second: -1, inSecond: 0 };
}

function keep(ring: Ring, { wire, way, who, frame }: Traced, now: number): void {
  const ms = now - ring.beganAt;
  if (isTooMany(ring, ms)) {
    ring.lost += 1;
    return;
  }
  const about = JSON.stringify({ ms: Math.round(ms * 10) / 10, wire, way, who });
  const line = `${about.slice(0, -1)},"frame":${readable(frame)}}`;
  ring.lines.push(line);
  ring.bytes += line.length;
  while (ring.lines.length - ring.head > MOST_FRAMES || ring.bytes > MOST_BYTES) {
    ring.bytes -= ring.lines[ring.head]?.length ?? 0;
    ring.head += 1;
    ring.lost += 1;
  }
  // Now and then, since moving the whole list for every frame would cost more than the frame.
  if (ring.head > MOST_FRAMES) {
    ring.lines.splice(0, ring.head);
    ring.head = 0;
  }
}

function isTooMany(ring: Ring, ms: number): boolean {
  const second = Math.floor(ms / 1000);
  if (second !== ring.second) {
    ring.second = second;
    ring.inSecond = 0;
  }
  ring.inSecond += 1;
  return ring.inSecond > MOST_PER_SECOND;
}

// What cannot be read is told by its size: it may hold anything.
function readable(frame: unknown): string {
  try {
    if (typeof frame !== 'string') return JSON.stringify(redacted(frame) ?? null);
    if (frame.length > MOST_FRAME_BYTES) return JSON.stringify({ type: typeOf(frame), bytes: frame.length });
    return JSON.stringify(redacted(JSON.parse(frame)));
  } catch {
    return JSON.stringify({ unreadable: typeof frame === 'string' ? frame.length : true });
  }
}

function typeOf(frame: string): string {
  return /^\{"type":"([a-z-]{1,32})"/.exec(frame)?.[1] ?? 'unknown';
}

function redactedText(text: string, key: string): string {
  if (SECRET_KEY.test(key)) return '[secret]';
  if (key === 'code' || key === 'name') {
    return KNOWN_WORDS.has(text) ? text : key === 'code' ? '[secret]' : `[${text.length} characters]`;
  }
  if (WORDS_KEY.test(key)) return `[${text.length} characters]`;
  return masked(text.slice(0, MOST_TEXT));
}

// Most texts have no digit at all: looking closely at each took four fifths of the time.
function masked(text: string): string {
  return /\p{Nd}/u.test(text) ? maskText(text) : text;
}
