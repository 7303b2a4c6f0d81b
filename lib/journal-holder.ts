// Holds the journal for one worker's life: what the relay tells, the newest page after each sign-in, and how far the agent
// has looked. Session storage carries it over a worker's death; it is gone with the pairing.
import type { ClientMessage, ServerMessage } from '@offhook/protocol';
import type { Clock } from './clock.ts';
import { type HeldJournal, type JournalEvent, reduceJournal } from './journal.ts';
import type { Questions } from './questions.ts';
import type { KeyValueStore } from './settings.ts';

export interface JournalHolder {
  state(): HeldJournal;
  apply(event: JournalEvent): void;
  onChange(listener: () => void): void;
  /** Loads what the worker before this one knew. Never rejects. */
  restore(): Promise<void>;
  onMessage(message: ServerMessage): void;
  /** The picture of the phones is complete, so the stream runs: asks for the newest page. */
  onOnline(): void;
  /** The agent has looked at everything that started until then. */
  see(until: string): void;
}

export interface JournalHolderOptions {
  memory: KeyValueStore;
  clock: Clock;
  ask: Questions['ask'];
  send(message: ClientMessage): boolean;
}

const KEY = 'journal';
const SAVE_PAUSE_MS = 250;

/** A holder that starts empty. */
export function createJournalHolder({ memory, clock, ask, send }: JournalHolderOptions): JournalHolder {
  const listeners = new Set<() => void>();
  // What the stream told while a page was on its way is newer than the page.
  const toldSince = new Set<string>();
  let held: HeldJournal = { entries: [], isLoaded: false };
  let isSaving = false;
  let pages = 0;

  function apply(event: JournalEvent): void {
    const before = held;
    held = reduceJournal(held, event);
    if (event.type === 'stream') for (const { entryId } of event.items) toldSince.add(entryId);
    // A page that was asked for before is not this journal's any more.
    if (event.type === 'forgotten') pages += 1;
    if (held === before) return;
    // What must be forgotten is not left lying until the pause is over.
    if (event.type === 'forgotten') write();
    else save();
    for (const listener of [...listeners]) listener();
  }

  function save(): void {
    if (isSaving) return;
    isSaving = true;
    clock.after(SAVE_PAUSE_MS, () => {
      isSaving = false;
      write();
    });
  }

  // Storage that is full or broken costs the next worker its first picture, nothing else.
  function write(): void {
    memory.set({ [KEY]: held }).catch(() => undefined);
  }

  async function fetchNewest(): Promise<void> {
    pages += 1;
    const page = pages;
    toldSince.clear();
    const answer = await ask({ type: 'journal-page' });
    // A later sign-in asked again.
    if (answer.type !== 'journal' || page !== pages) return;
    apply({ type: 'newest', items: answer.items, hasMore: answer.more, toldSince: new Set(toldSince) });
  }

  return {
    state: () => held,
    apply,
    onChange: (listener) => void listeners.add(listener),
    async restore() {
      const stored = await memory.get(KEY).then(
        (found) => found[KEY],
        () => undefined,
      );
      // Session storage holds only what this extension wrote in this browser session, with this very code.
      if (typeof stored === 'object' && stored !== null) apply({ type: 'restored', journal: stored as HeldJournal });
    },
    onMessage(message) {
      if (message.type === 'journal' && message.id === undefined) {
        apply({ type: 'stream', items: message.items, cursor: message.cursor });
      }
      // A relay that knows of none says nothing.
      if (message.type === 'welcome' && held.gaps) apply({ type: 'gaps', gaps: [] });
      if (message.type === 'journal-gaps') apply({ type: 'gaps', gaps: message.gaps });
      if (message.type === 'journal-seen') {
        const { seenUntil } = held;
        apply({ type: 'seen', until: message.until });
        // Looked at while the relay was away.
        if (seenUntil !== undefined && seenUntil > message.until) send({ type: 'see-journal', until: seenUntil });
      }
    },
    onOnline: () => void fetchNewest(),
    see(until) {
      if (held.seenUntil !== undefined && held.seenUntil >= until) return;
      apply({ type: 'seen', until });
      send({ type: 'see-journal', until });
    },
  };
}
