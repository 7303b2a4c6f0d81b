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

/** The state after the pointer was seen at `place`, or after time has passed with it there. */
export function nextHover<Mark>(state: Hover<Mark>, place: Place<Mark>, nowMs: number): Hover<Mark> {
  switch (state.type) {
    case 'idle':
      return place.type === 'number' ? { type: 'waiting', mark: place.mark, since: nowMs } : state;
    case 'waiting':
      if (place.type !== 'number') return { type: 'idle' };
      if (place.mark !== state.mark) return { type: 'waiting', mark: place.mark, since: nowMs };
      return nowMs - state.since >= DWELL_MS ? { type: 'shown', mark: state.mark } : state;
    case 'shown':
      if (isAtHome(state.mark, place)) return state;
      return { type: 'leaving', mark: state.mark, since: nowMs };
    case 'leaving':
      if (isAtHome(state.mark, place)) return { type: 'shown', mark: state.mark };
      if (nowMs - state.since < LINGER_MS) return state;
      return nextHover({ type: 'idle' }, place, nowMs);
    default:
      return state satisfies never;
  }
}

/** When the machine wants to be asked again although the pointer rests, or undefined. */
export function wakeAt<Mark>(state: Hover<Mark>): number | undefined {
  if (state.type === 'waiting') return state.since + DWELL_MS;
  return state.type === 'leaving' ? state.since + LINGER_MS : undefined;
}

function isAtHome<Mark>(mark: Mark, place: Place<Mark>): boolean {
  return place.type === 'chip' || (place.type === 'number' && place.mark === mark);
}
