// Holds the picture of the phones for one worker's life: reduces what happens, remembers it for the next worker in
// session storage, and tells who wants to know.

import type { Clock } from './clock.ts';
import { emptyPhone, type PhoneEvent, type PhoneState, reducePhone } from './phone.ts';
import type { KeyValueStore } from './settings.ts';

export interface PhoneHolder {
  state(): PhoneState;
  apply(event: PhoneEvent): void;
  /** Resolves with the state once it fits, or with undefined after `withinMs`. */
  until(fits: (state: PhoneState) => boolean, withinMs: number): Promise<PhoneState | undefined>;
  /**
   * Resolves with the state once waiting any longer would change nothing by itself, or with undefined after six seconds. A
   * worker that was only just started knows no call before.
   */
  settled(): Promise<PhoneState | undefined>;
  onChange(listener: (state: PhoneState, before: PhoneState) => void): void;
  /** Loads what the worker before this one knew; it is shown with its age until the relay answers. Never rejects. */
  restore(): Promise<void>;
}

const KEY = 'phone';
const SAVE_PAUSE_MS = 250;
const SETTLE_LIMIT_MS = 6_000;

/** A holder that starts empty. */
export function createPhoneHolder(options: { memory: KeyValueStore; clock: Clock; country: string }): PhoneHolder {
  const { memory, clock } = options;
  const listeners = new Set<(state: PhoneState, before: PhoneState) => void>();
  let state = emptyPhone(options.country);
  let isSaving = false;

  function apply(event: PhoneEvent): void {
    const before = state;
    state = reducePhone(state, event);
    if (state === before) return;
    save();
    for (const listener of [...listeners]) listener(state, before);
  }

  // A burst of changes is written once; what a dying worker did not write, the relay sends again.
  function save(): void {
    if (isSaving) return;
    isSaving = true;
    clock.after(SAVE_PAUSE_MS, () => {
      isSaving = false;
      // Storage that is full or broken costs the next worker its first picture, nothing else.
      memory.set({ [KEY]: { ...state, assembling: undefined } }).catch(() => undefined);
    });
  }

  function until(fits: (state: PhoneState) => boolean, withinMs: number): Promise<PhoneState | undefined> {
    if (fits(state)) return Promise.resolve(state);
    return new Promise((resolve) => {
      const listener = (changed: PhoneState) => {
        if (fits(changed)) finish(changed);
      };
      const cancel = clock.after(withinMs, () => finish(undefined));
      function finish(found: PhoneState | undefined): void {
        cancel();
        listeners.delete(listener);
        resolve(found);
      }
      listeners.add(listener);
    });
  }

  return {
    state: () => state,
    apply,
    onChange: (listener) => void listeners.add(listener),
    until,
    settled: () => until(isSettled, SETTLE_LIMIT_MS),
    async restore() {
      const stored = await memory.get(KEY).then(
        (found) => found[KEY],
        () => undefined,
      );
      // Session storage holds only what this extension wrote in this browser session, with this very code.
      if (typeof stored === 'object' && stored !== null) apply({ type: 'restored', state: stored as PhoneState });
    },
  };
}

function isSettled({ link }: PhoneState): boolean {
  return link.type === 'online' || link.type === 'refused' || link.type === 'unpaired';
}
