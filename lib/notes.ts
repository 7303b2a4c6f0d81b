// What agents write about calls, on its way to the relay. Every keystroke is in local storage before it is answered for,
// so that neither the end of the call, nor the relay's absence, nor the worker's or the browser's death loses it. A note
// is sent under one key until the relay has said what became of it, again and again while it is only busy; it never goes to another relay than the one it was
// written for.
import type { ClientMessage, Disposition, ServerMessage } from '@offhook/protocol';
import type { Clock } from './clock.ts';
import type { JournalEvent, NoteDraft } from './journal.ts';
import type { RefusalCode } from './phone.ts';
import type { KeyValueStore } from './settings.ts';

export interface Notes {
  /** Loads what earlier workers could not bring to the relay. Never rejects. */
  restore(): Promise<void>;
  /** Keeps what was written; resolves once it is stored. What is left out stays as it is. */
  write(entryId: string, written: Written): Promise<void>;
  /** Sends what waits for a pause in the typing, of one call or of all: the call is over, or the view has gone. */
  flush(entryId?: string): void;
  /** To be told of every message, since answers come that way. */
  onMessage(message: ServerMessage): void;
  /** To be told of each sign-in. */
  onSignedIn(): void;
  /** What is not kept yet, by entry. */
  drafts(options: { isOnline: boolean }): Record<string, NoteDraft>;
  /** Whether something was written about this call since the worker started, or is not kept yet. */
  isAbout(entryId: string): boolean;
  onChange(listener: () => void): void;
  /** The pairing ended, and with it the right to tell the relay anything. */
  forget(): void;
}

/** A part of what is written about a call; `''` and `null` take back. */
export interface Written {
  text?: string | undefined;
  /** The whole note that its writer saw when he began; what others wrote since then is not replaced. */
  base?: string | undefined;
  disposition?: Disposition | null | undefined;
}

export interface NotesOptions {
  store: KeyValueStore;
  clock: Clock;
  /** Sends to the relay; false when the link is down. */
  send(message: ClientMessage): boolean;
  newId(): string;
  /** The relay has it. */
  onKept(event: JournalEvent & { type: 'kept' }): void;
}

interface Note {
  /** Written, and not given to the relay yet. */
  edits?: Written | undefined;
  /** On its way, under this key, until a result comes. */
  sent?: (Written & { key: string }) | undefined;
  failed?: RefusalCode | undefined;
  writtenAt: number;
}

const KEY = 'notes';
const TYPING_PAUSE_MS = 600;
const MAX_BYTES = 8192;
// In JSON, so that text and base together always fit a frame; without its base a note replaces less, and loses nothing.
const MAX_BASE_BYTES = 12_288;
// The relay is busy or its disk failed: nothing is wrong with the note.
const PASSING: readonly RefusalCode[] = ['internal', 'rate-limited', 'store-unavailable'];
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;
// What the relay refuses is tried again at every sign-in, but not for ever.
const GIVE_UP_MS = 7 * 24 * 3_600_000;

/** The notes of one worker. */
export function createNotes(options: NotesOptions): Notes {
  const { clock } = options;
  const notes = new Map<string, Note>();
  const touched = new Set<string>();
  const pauses = new Map<string, () => void>();
  const retries = createRetries(clock);
  // Keys of notes whose entries the relay has told anew since they were sent.
  const told = new Set<string | undefined>();
  const listeners = new Set<() => void>();
  const storage = createStorage(options.store, () => Object.fromEntries(notes));

  function changed(): Promise<void> {
    for (const listener of [...listeners]) listener();
    return storage.write();
  }

  function send(entryId: string): void {
    pauses.get(entryId)?.();
    pauses.delete(entryId);
    const note = notes.get(entryId);
    // One at a time: two on the way could arrive in either order.
    if (!note?.edits || note.sent) return;
    if (isTooLong(note.edits)) return void put(entryId, { ...note, failed: 'too-large' });
    void put(entryId, { sent: { ...note.edits, key: options.newId() }, writtenAt: note.writtenAt });
    transmit(entryId);
  }

  function put(entryId: string, note: Note): Promise<void> {
    notes.set(entryId, note);
    return changed();
  }

  function transmit(entryId: string): void {
    const sent = notes.get(entryId)?.sent;
    if (!sent) return;
    told.delete(sent.key);
    options.send({ type: 'note', id: sent.key, entryId, ...sent });
  }

  function onResult(key: string, code: RefusalCode | undefined): void {
    const [entryId, note] = [...notes].find(([, { sent }]) => sent?.key === key) ?? [];
    if (entryId === undefined || !note?.sent) return;
    // Said while it lasts: somebody has to make room.
    if (code === 'store-unavailable') void put(entryId, { ...note, failed: code });
    if (code !== undefined && PASSING.includes(code)) return retries.later(key, () => transmit(entryId));
    retries.forget(key);
    const { key: _done, ...written } = note.sent;
    const { writtenAt } = note;
    if (code !== undefined) return void put(entryId, { edits: joined(written, note.edits), failed: code, writtenAt });
    const { text, disposition } = written;
    // What the relay told of the entry meanwhile holds what was written, and what others wrote beside it.
    if (!told.delete(key)) options.onKept({ type: 'kept', entryId, ...present({ text, disposition }) });
    if (note.edits) notes.set(entryId, { edits: note.edits, writtenAt });
    else notes.delete(entryId);
    void changed();
    // What was written meanwhile has waited long enough if its pause is over.
    if (note.edits && !pauses.has(entryId)) send(entryId);
  }

  return {
    async restore() {
      for (const [entryId, note] of await storage.read()) {
        if (clock.now() - note.writtenAt < GIVE_UP_MS) notes.set(entryId, note);
      }
      if (notes.size > 0) for (const listener of [...listeners]) listener();
    },
    write(entryId, written) {
      touched.add(entryId);
      pauses.get(entryId)?.();
      pauses.set(
        entryId,
        clock.after(TYPING_PAUSE_MS, () => send(entryId)),
      );
      return put(entryId, { ...grown(notes.get(entryId), written), writtenAt: clock.now() });
    },
    flush(entryId) {
      for (const id of entryId === undefined ? [...notes.keys()] : [entryId]) send(id);
    },
    onMessage(message) {
      for (const entryId of entriesToldIn(message)) told.add(notes.get(entryId)?.sent?.key);
      if (message.type === 'result' && message.state === 'done') onResult(message.key, undefined);
      if (message.type === 'result' && (message.state === 'failed' || message.state === 'unknown')) {
        onResult(message.key, message.code ?? 'internal');
      }
      if (message.type === 'error' && message.id !== undefined) onResult(message.id, message.code);
    },
    onSignedIn() {
      retries.forgetAll();
      for (const entryId of [...notes.keys()]) {
        transmit(entryId);
        if (!pauses.has(entryId)) send(entryId);
      }
    },
    drafts: ({ isOnline }) =>
      Object.fromEntries([...notes].map(([entryId, note]) => [entryId, draftOf(note, { isOnline })])),
    isAbout: (entryId) => touched.has(entryId) || notes.has(entryId),
    onChange: (listener) => void listeners.add(listener),
    forget() {
      for (const cancel of pauses.values()) cancel();
      pauses.clear();
      retries.forgetAll();
      told.clear();
      notes.clear();
      touched.clear();
      void changed();
    },
  };
}

// By the live stream, which tells of a note before its result.
function entriesToldIn(message: ServerMessage): string[] {
  if (message.type !== 'journal' || message.id !== undefined) return [];
  return message.items.map(({ entryId }) => entryId);
}

// What keeps the part that is on its way from being kept keeps the new one, too; a refusal of what is not on its way is
// over with the next word.
function grown({ sent, edits, failed }: Partial<Note> = {}, written: Written): Omit<Note, 'writtenAt'> {
  return { sent, edits: joined(edits, written), ...(sent && failed !== undefined && { failed }) };
}

function draftOf({ sent, edits, failed }: Note, { isOnline }: { isOnline: boolean }): NoteDraft {
  const { text, disposition } = { ...sent, ...edits };
  // What is on its way all the same waits for the relay first.
  const hasFailed = failed !== undefined && (isOnline || !sent);
  const state = hasFailed ? ({ type: 'failed', code: failed } as const) : isOnline ? 'saving' : 'waiting';
  return { ...present({ text, disposition }), state };
}

// A field that is there without a value would hide the one below it.
function present({ text, base, disposition }: Written): Written {
  return {
    ...(text !== undefined && { text }),
    ...(base !== undefined && { base }),
    ...(disposition !== undefined && { disposition }),
  };
}

// What began first says what its writer saw: a later beginning saw the earlier text, which the relay does not have yet.
function joined(before: Written | undefined, { text, base, disposition }: Written = {}): Written {
  const isFirst = before?.text === undefined;
  const began = isFirst && text !== undefined && isShort(base) ? base : undefined;
  return { ...before, ...present({ text, base: began, disposition }) };
}

function isShort(base: string | undefined): boolean {
  return new TextEncoder().encode(JSON.stringify(base ?? '')).length <= MAX_BASE_BYTES;
}

function isTooLong({ text = '' }: Written): boolean {
  return new TextEncoder().encode(text).length > MAX_BYTES;
}

// Ever more slowly, for each key. Who signs in anew sends everything anyway, and starts from the beginning.
function createRetries({ after }: Clock) {
  const byKey = new Map<string, { pauseMs: number; cancel(): void }>();

  function forget(key: string): void {
    byKey.get(key)?.cancel();
    byKey.delete(key);
  }

  return {
    later(key: string, retry: () => void): void {
      const before = byKey.get(key);
      before?.cancel();
      const pauseMs = before ? Math.min(LONGEST_RETRY_MS, before.pauseMs * 2) : FIRST_RETRY_MS;
      byKey.set(key, { pauseMs, cancel: after(pauseMs, retry) });
    },
    forget,
    forgetAll(): void {
      for (const key of [...byKey.keys()]) forget(key);
    },
  };
}

// One write at a time, and what changes while it runs goes out with the next: however fast somebody types, storage holds
// the newest, and whoever waits is answered once theirs is in.
function createStorage(store: KeyValueStore, current: () => Record<string, Note>) {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function start(): Promise<void> {
    next = undefined;
    // Storage that is full or broken: the note still goes to the relay.
    running = store
      .set({ [KEY]: current() })
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  return {
    write(): Promise<void> {
      if (!running && !next) return start();
      next ??= Promise.resolve(running).then(start);
      return next;
    },
    async read(): Promise<[string, Note][]> {
      const stored = await store.get(KEY).then(
        (found) => found[KEY],
        () => undefined,
      );
      // Local storage holds only what this extension wrote.
      return typeof stored === 'object' && stored !== null ? Object.entries(stored as Record<string, Note>) : [];
    },
  };
}
