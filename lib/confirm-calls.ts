// The one small window in which asked calls are confirmed, and what waits in it. It opens for the first, stays for the
// others, and is never a second one, however many links a page opens.
import type { AskedCall, AskedCalls } from './asked-calls.ts';
import { isByPerson, NO_ASKED_CALLS, readAskedCalls, withAsked, withoutAsked } from './asked-calls.ts';
import type { Place } from './caller-place.ts';
import type { Windows } from './caller-window.ts';
import type { Clock } from './clock.ts';
import { createTurns } from './in-turn.ts';
import type { KeyValueStore } from './settings.ts';

/** Where the asked calls stand in session storage; views hear of changes there. */
export const ASKED_KEY = 'askedCalls';
const WINDOW_KEY = 'confirmWindow';
const SIZE = { width: 400, height: 400 };
// Whoever closes a window has not read what came into it less than this before: it was closed for what stood there.
const UNREAD_MS = 500;

export interface ConfirmCallsOptions {
  windows: Pick<Windows, 'open' | 'isOpen' | 'find' | 'front' | 'focus' | 'flash'>;
  /** For as long as the browser runs. */
  memory: KeyValueStore;
  clock: Clock;
  newId(): string;
}

export interface ConfirmCalls {
  /** Shows the card of a call; resolves when its window stands. */
  ask(call: Omit<AskedCall, 'id'>): Promise<void>;
  /** What waits now; `done` has been decided about, or all of them. */
  waiting(done?: string | 'all'): Promise<AskedCalls>;
  /** A window went; with it, what waited in it, but for a call that came while it was being closed. */
  onRemoved(windowId: number): Promise<void>;
}

/** The asked calls of one worker. */
export function createConfirmCalls({ windows, memory, clock, newId }: ConfirmCallsOptions): ConfirmCalls {
  // Two links at once must not both find no window.
  const inTurn = createTurns();
  const load = async () => readAskedCalls((await memory.get(ASKED_KEY))[ASKED_KEY]);
  const save = (asked: AskedCalls) => memory.set({ [ASKED_KEY]: asked });
  // When each call came into a window that stood already. A worker that dies in that half second forgets it.
  const joinedAt = new Map<string, number>();

  async function standing(): Promise<number | undefined> {
    const known = (await memory.get(WINDOW_KEY))[WINDOW_KEY];
    return typeof known === 'number' && (await windows.isOpen(known)) ? known : windows.find();
  }

  async function show(open: number | undefined, call: AskedCall): Promise<void> {
    if (open === undefined) {
      const front = await windows.front();
      const opened = await windows.open(front ? middleOf(front) : SIZE).catch(() => windows.open(SIZE));
      return memory.set({ [WINDOW_KEY]: opened.id });
    }
    // A page that goes on asking does not keep taking the focus.
    return call.from === 'page' ? windows.flash(open) : windows.focus(open);
  }

  return {
    ask: (asked) =>
      inTurn(async () => {
        const call = { ...asked, id: newId() };
        const open = await standing();
        const { pageTimes, ...waiting } = await load();
        // What waited in a window that is gone waits no more.
        const before = { ...(open === undefined ? NO_ASKED_CALLS : waiting), pageTimes };
        const after = withAsked(before, call, clock.now());
        await save(after);
        if (open !== undefined) joinedAt.set(call.id, clock.now());
        if (after.calls.length > before.calls.length || isByPerson(call)) await show(open, call);
      }),
    waiting: (done) =>
      inTurn(async () => {
        const asked = await load();
        if (done === undefined) return asked;
        const left = withoutAsked(asked, done);
        await save(left);
        return left;
      }),
    onRemoved: (windowId) =>
      inTurn(async () => {
        if ((await memory.get(WINDOW_KEY))[WINDOW_KEY] !== windowId) return;
        const { pageTimes, calls } = await load();
        const unread = calls.filter(
          ({ id }) => clock.now() - (joinedAt.get(id) ?? Number.NEGATIVE_INFINITY) < UNREAD_MS,
        );
        joinedAt.clear();
        await save({ ...NO_ASKED_CALLS, calls: unread, pageTimes });
        await memory.remove(WINDOW_KEY);
        const [first] = unread;
        if (first) await show(undefined, first);
      }),
  };
}

function middleOf({ left, top, width, height }: Place): Place {
  return {
    ...SIZE,
    left: Math.round(left + (width - SIZE.width) / 2),
    top: Math.round(top + (height - SIZE.height) / 3),
  };
}
