// A screen on which caller windows come and go, and workers that keep them: what survives a worker, and a way to let it
// die at any step.

import type { Place } from '#lib/caller-place.ts';
import { type CallerWindow, createCallerWindow } from '#lib/caller-window.ts';
import { aState } from '../components/builders.ts';
import { createFakeClock } from './clock.ts';
import { createFakeStorage } from './storage.ts';

/** What survives a worker: windows, storage, time, and what the relay says. */
export function createScreen({ kind = 'chrome' as 'chrome' | 'firefox' } = {}) {
  return {
    kind,
    clock: createFakeClock(),
    memory: createFakeStorage(),
    store: createFakeStorage(),
    state: aState([]),
    mayOpen: true,
    isSpeaker: (_callId: string) => true,
    isTyping: false,
    written: new Set<string>(),
    /** Windows that stand, with the places that they were opened at. */
    standing: new Map<number, Partial<Place>>(),
    opened: [] as Partial<Place>[],
    focused: [] as number[],
    flashed: [] as number[],
    dismissed: [] as string[],
    /** The last window is gone. */
    isEmpty: false,
    front: { id: 1, left: 100, top: 100, width: 1200, height: 800, isFocused: true },
    lastId: 10,
  };
}
/** See `createScreen`. */
export type Screen = ReturnType<typeof createScreen>;

const SCREEN = { width: 1920, height: 1080 };

/** A worker whose every call to the browser goes through `step` on its way out and on its way back. */
export function startCallerWindow(screen: Screen, step: () => Promise<void> = async () => {}): CallerWindow {
  async function through<Result>(action: () => Result | Promise<Result>): Promise<Result> {
    await step();
    const result = await action();
    await step();
    return result;
  }

  return createCallerWindow({
    maySpeak: (callId) => screen.isSpeaker(callId),
    windows: {
      open: (place) =>
        through(() => {
          const { left = 20, top = 20 } = place;
          const isOff = left < 0 || top < 0 || left + place.width > SCREEN.width || top + place.height > SCREEN.height;
          if (isOff) throw new Error('Invalid value for bounds.');
          screen.lastId += 1;
          screen.standing.set(screen.lastId, place);
          screen.opened.push(place);
          return { id: screen.lastId, isFocused: screen.kind === 'firefox' };
        }),
      close: (id) => through(() => void screen.standing.delete(id)),
      isOpen: (id) => through(() => screen.standing.has(id)),
      find: () => through(() => [...screen.standing.keys()][0]),
      front: () => through(() => (screen.isEmpty ? undefined : screen.front)),
      focus: (id) => through(() => void screen.focused.push(id)),
      flash: (id) => through(() => void screen.flashed.push(id)),
    },
    memory: {
      get: (key) => through(() => screen.memory.get(key)),
      set: (items) => through(() => screen.memory.set(items)),
      remove: screen.memory.remove,
    },
    store: screen.store,
    clock: screen.clock,
    state: () => screen.state,
    mayOpen: () => through(() => screen.mayOpen),
    wouldDisturb: () => through(() => screen.isTyping),
    isWrittenAbout: (conversationId) => screen.written.has(conversationId),
    onDismissed: (callId) => screen.dismissed.push(callId),
  });
}
