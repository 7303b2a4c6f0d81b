// Hover intent as a pure machine: when the chip appears and when it goes away by itself. Time comes in with each event;
// the shell asks `wakeAt` when to tell it that time has passed.

/** Where the pointer is. `other`: neither on a number nor on the chip. */
export type Place<Mark> = { type: 'number'; mark: Mark } | { type: 'chip' } | { type: 'other' };

export type Hover<Mark> =
  | { type: 'idle' }
  | { type: 'waiting'; mark: Mark; since: number }
  | { type: 'shown'; mark: Mark }
  | { type: 'leaving'; mark: Mark; since: number };

/** How long the pointer rests on a number before the chip appears. */
export const DWELL_MS = 120;
/** How long it may be away, on its way to the chip for instance, before the chip goes. */
export const LINGER_MS = 450;
/** The same for a card, which is farther to go to and was asked for. */
export const CARD_LINGER_MS = 1_000;

/** What was seen. `isSame`: the same number, also where the page has drawn it anew. */
export interface Seen<Mark> {
  place: Place<Mark>;
  nowMs: number;
  isSame: (a: Mark, b: Mark) => boolean;
  /** How long what is shown may be left; `LINGER_MS` unless it says so. */
  lingerMs?: number;
}

/** The state after the pointer was seen somewhere, or after time has passed with it there. */
export function nextHover<Mark>(state: Hover<Mark>, seen: Seen<Mark>): Hover<Mark> {
  const { place, nowMs, isSame, lingerMs = LINGER_MS } = seen;
  const isAt = (mark: Mark) => place.type === 'number' && isSame(place.mark, mark);
  switch (state.type) {
    case 'idle':
      return place.type === 'number' ? { type: 'waiting', mark: place.mark, since: nowMs } : state;
    case 'waiting':
      if (place.type !== 'number') return { type: 'idle' };
      if (!isAt(state.mark)) return { type: 'waiting', mark: place.mark, since: nowMs };
      // The number as it is drawn now is the one that is meant.
      return nowMs - state.since >= DWELL_MS ? { type: 'shown', mark: place.mark } : { ...state, mark: place.mark };
    case 'shown':
      if (place.type === 'chip' || isAt(state.mark)) return state;
      return { type: 'leaving', mark: state.mark, since: nowMs };
    case 'leaving':
      if (place.type === 'chip' || isAt(state.mark)) return { type: 'shown', mark: state.mark };
      if (nowMs - state.since < lingerMs) return state;
      return nextHover({ type: 'idle' }, seen);
    default:
      return state satisfies never;
  }
}

/** When the machine wants to be asked again although the pointer rests, or undefined. */
export function wakeAt<Mark>(state: Hover<Mark>, lingerMs = LINGER_MS): number | undefined {
  if (state.type === 'waiting') return state.since + DWELL_MS;
  return state.type === 'leaving' ? state.since + lingerMs : undefined;
}
