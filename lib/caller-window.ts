// The small window that comes up when the phone rings: one for all calls of its time. It opens once, however often the
// worker dies; it goes when nobody of this line took the call; what was answered here stays until the agent is done with
// it. It never takes the focus, and what the agent closed stays closed for that call.
import type { Call } from '@offhook/protocol';
import * as v from 'valibot';
import { offeredIn } from './caller.ts';
import { loadCallerPlace, type Place } from './caller-place.ts';
import type { Clock } from './clock.ts';
import { createTurns } from './in-turn.ts';
import { ownCallsOf, type PhoneState } from './phone.ts';
import type { KeyValueStore } from './settings.ts';

/** The browser's windows as far as they are used. */
export interface Windows {
  /** Opens the window without the focus where the browser can; rejects for a place off all screens. */
  open(place: Partial<Place> & { width: number; height: number }): Promise<{ id: number; isFocused: boolean }>;
  close(id: number): Promise<void>;
  isOpen(id: number): Promise<boolean>;
  /** One that an earlier worker opened and did not live to remember. */
  find(): Promise<number | undefined>;
  /** The window that was used last, which is on a screen for sure. */
  front(): Promise<(Place & { id: number; isFocused: boolean }) | undefined>;
  focus(id: number): Promise<void>;
  /** Lets the window be noticed although it stands behind another one. */
  flash(id: number): Promise<void>;
}

export interface CallerWindowOptions {
  windows: Windows;
  /** For as long as the browser runs. */
  memory: KeyValueStore;
  /** For the place. */
  store: KeyValueStore;
  clock: Clock;
  state(): PhoneState;
  mayOpen(): Promise<boolean>;
  /** Whether it is this device that announces the call. */
  maySpeak(callId: string): boolean;
  /** Whether opening it now would break into the agent's typing, which it does where a browser only opens windows in front. */
  wouldDisturb(): Promise<boolean>;
  /** Whether something was written about this conversation: then the view decides when it closes. */
  isWrittenAbout(conversationId: string): boolean;
  /** The agent closed the window over a call that still rings. */
  onDismissed(callId: string): void;
}

export interface CallerWindow {
  /** Looks at the present state. */
  update(): Promise<void>;
  /** A window went. */
  onRemoved(windowId: number): Promise<void>;
  /** Another device of this agent dealt with the call. */
  onCleared(callId: string): Promise<void>;
}

const KEY = 'callerWindow';
const SIZE = { width: 400, height: 440 };
const MARGIN = { right: 24, top: 96 };
// The window says for a moment what became of the call.
const FAREWELL_MS = 4_000;
const TYPING_WAIT_MS = 1_000;

const MemorySchema = v.object({
  windowId: v.fallback(v.optional(v.number()), undefined),
  /** What became of each call that the window was opened for. */
  calls: v.fallback(v.record(v.string(), v.picklist(['rang', 'answered', 'cleared'])), {}),
});
type Memory = v.InferOutput<typeof MemorySchema>;

/** The caller window of one worker. */
export function createCallerWindow(options: CallerWindowOptions): CallerWindow {
  const { windows, clock } = options;
  // Two states in quick succession must not both find no window.
  const inTurn = createTurns();
  let nextLook: Promise<void> | undefined;
  let farewell: { cancel(): void; isOver: boolean } | undefined;
  let cancelWait: (() => void) | undefined;

  async function look(): Promise<void> {
    nextLook = undefined;
    const state = options.state();
    // What is remembered from the last worker is no reason to open or to close anything.
    if (state.link.type === 'connecting' || state.link.type === 'offline') return;
    const memory = withStates(await load(options.memory), state);
    const news = [...offeredIn(state).keys()].filter(
      (callId) => !Object.hasOwn(memory.calls, callId) && options.maySpeak(callId),
    );
    if (news.length > 0 && (await options.mayOpen())) await showFor(news, memory);
    else if (memory.windowId !== undefined && !hasReason(memory, state)) await leave(memory);
    else await save(options.memory, memory);
    if (hasReason(memory, state)) stopFarewell();
  }

  async function showFor(news: readonly string[], memory: Memory): Promise<void> {
    const standing = await standingWindow(memory);
    if (standing === undefined && (await options.wouldDisturb())) return waitForPause();
    const windowId = standing ?? (await open(options));
    for (const callId of news) memory.calls[callId] = 'rang';
    await save(options.memory, { ...memory, windowId });
  }

  async function standingWindow({ windowId }: Memory): Promise<number | undefined> {
    if (windowId !== undefined && (await windows.isOpen(windowId))) return windowId;
    return windows.find();
  }

  function waitForPause(): void {
    cancelWait?.();
    cancelWait = clock.after(TYPING_WAIT_MS, () => void update());
  }

  async function leave(memory: Memory): Promise<void> {
    if (farewell?.isOver || !Object.values(memory.calls).includes('rang')) {
      stopFarewell();
      if (memory.windowId !== undefined) await windows.close(memory.windowId);
      return save(options.memory, { ...memory, windowId: undefined });
    }
    await save(options.memory, memory);
    if (farewell) return;
    const begun = { isOver: false, cancel: () => {} };
    begun.cancel = clock.after(FAREWELL_MS, () => {
      begun.isOver = true;
      void update();
    });
    farewell = begun;
  }

  function stopFarewell(): void {
    farewell?.cancel();
    farewell = undefined;
  }

  function hasReason({ calls }: Memory, state: PhoneState): boolean {
    const offered = offeredIn(state);
    if (state.link.type !== 'online') return false;
    return Object.entries(calls).some(
      ([callId, fate]) =>
        fate === 'answered' ||
        (fate === 'rang' && (offered.has(callId) || options.isWrittenAbout(conversationOf(callId, state)))),
    );
  }

  // A call that is over stays in its line for a minute; its conversation is needed no longer than that.
  function conversationOf(callId: string, state: PhoneState): string {
    return callsOn(state).find((call) => call.callId === callId)?.conversationId ?? '';
  }

  function update(): Promise<void> {
    // A look that has not begun yet will see this state, too.
    nextLook ??= inTurn(look);
    return nextLook;
  }

  return {
    update,
    onRemoved: (windowId) =>
      inTurn(async () => {
        const memory = await load(options.memory);
        if (memory.windowId !== windowId) return;
        // Its calls stay remembered: the window does not come up again for them.
        await save(options.memory, { ...memory, windowId: undefined });
        // With the last window the browser itself goes: that says nothing of the call, which other devices announce then.
        if ((await windows.front()) === undefined) return;
        for (const callId of offeredIn(options.state()).keys()) {
          if (memory.calls[callId] === 'rang') options.onDismissed(callId);
        }
      }),
    onCleared: (callId) =>
      inTurn(async () => {
        const memory = await load(options.memory);
        if (memory.calls[callId] !== 'answered') memory.calls[callId] = 'cleared';
        await save(options.memory, memory);
        await look();
      }),
  };
}

// In Firefox a new window always comes in front; the one that had the focus gets it back at once.
async function open({ windows, store }: CallerWindowOptions): Promise<number> {
  const front = await windows.front();
  const opened = await openNear(windows, { place: await loadCallerPlace(store), front });
  if (opened.isFocused && front?.isFocused) {
    await windows.focus(front.id);
    await windows.flash(opened.id);
  }
  return opened.id;
}

// Screens come and go: a place that no screen has any more becomes the nearest within the window that is in use.
async function openNear(
  windows: Windows,
  { place, front }: { place: Place | undefined; front: Place | undefined },
): Promise<{ id: number; isFocused: boolean }> {
  const size = place ? { width: place.width, height: place.height } : SIZE;
  const near = front && (place ? within(front, place) : within(front, cornerOf(front)));
  const candidates = [place, near, size];
  for (const candidate of candidates.filter((one) => one !== undefined)) {
    const opened = await windows.open(candidate).catch(() => undefined);
    if (opened) return opened;
  }
  return windows.open(SIZE);
}

// To the right, below the toolbars: lists and records begin at the left.
function cornerOf({ left, top, width }: Place): Place {
  return { ...SIZE, left: left + width - SIZE.width - MARGIN.right, top: top + MARGIN.top };
}

function within(frame: Place, { left, top, width, height }: Place): Place {
  const clamp = (at: number, from: number, space: number) => Math.round(Math.max(from, Math.min(at, from + space)));
  return {
    left: clamp(left, frame.left, frame.width - width),
    top: clamp(top, frame.top, frame.height - height),
    width,
    height,
  };
}

function callsOn(state: PhoneState): Call[] {
  return state.lines.filter(({ line }) => line.isOwn).flatMap(({ line }) => line.calls);
}

// What was answered here is known from the line; what is gone from it is forgotten, unless a window still stands for it.
function withStates(memory: Memory, state: PhoneState): Memory {
  const live = new Map(ownCallsOf(state).map(({ call }) => [call.callId, call.state]));
  const present = new Set(callsOn(state).map(({ callId }) => callId));
  const calls = Object.entries(memory.calls)
    .filter(([callId]) => memory.windowId !== undefined || present.has(callId))
    .map(([callId, fate]) => {
      const callState = live.get(callId);
      const isAnswered = callState === 'connected' || callState === 'held';
      // Over, and its window closed: no later window has to stay for it.
      const isDone = fate === 'answered' && callState === undefined && memory.windowId === undefined;
      return [callId, isAnswered ? 'answered' : isDone ? 'cleared' : fate] as const;
    });
  return { ...memory, calls: Object.fromEntries(calls) };
}

async function load(store: KeyValueStore): Promise<Memory> {
  const read = v.safeParse(MemorySchema, (await store.get(KEY))[KEY]);
  return read.success ? read.output : { windowId: undefined, calls: {} };
}

// Most looks change nothing.
async function save(store: KeyValueStore, memory: Memory): Promise<void> {
  const before = await load(store);
  if (JSON.stringify(before) !== JSON.stringify(memory)) await store.set({ [KEY]: memory });
}
