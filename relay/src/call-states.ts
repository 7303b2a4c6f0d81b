// What may follow what in the life of a call, and what a line shows for its calls. Pure; the one place that knows the order
// of states. A call never goes backwards: news that would take it back are old news.
import type { CallState, LineState, UnavailableReason } from '@offhook/protocol';

const AFTER_ANSWER = ['connected', 'held', 'failed', 'ended'] as const;

// Steps may be skipped (a link was down, a phone system tells less), never taken back. `held` before `connected` was seen
// is such a skip. Queue and ringing tone take turns.
const NEXT: Record<CallState, readonly CallState[]> = {
  initiated: ['prompting', 'dialing', 'queued', 'ringback', ...AFTER_ANSWER],
  prompting: ['dialing', 'queued', 'ringback', ...AFTER_ANSWER],
  dialing: ['queued', 'ringback', ...AFTER_ANSWER],
  queued: ['ringback', ...AFTER_ANSWER],
  ringback: ['queued', ...AFTER_ANSWER],
  offering: ['connected', 'held', 'ended'],
  connected: ['held', 'ended'],
  held: ['connected', 'ended'],
  failed: ['ended'],
  ended: [],
};

/** Whether a call in state `from` may be told to be in `to`. Staying where it is counts, but for what is over. */
export function canFollow(from: CallState, to: CallState): boolean {
  return from === to ? from !== 'ended' : NEXT[from].includes(to);
}

/** Whether the far end has answered. */
export function isAnswered(state: CallState): boolean {
  return state === 'connected' || state === 'held';
}

/** What is known of a line besides its calls; `isRegistered` is undefined where the phone system does not tell. */
export type LineNews =
  | { type: 'unreachable' }
  | { type: 'unreported' }
  | { type: 'reported'; isRegistered: boolean | undefined; lamp?: 'idle' | 'ringing' | 'busy' | 'unknown' | undefined };

/** What a line shows. While the phone system is out of reach that is `unknown`, whatever its calls were. */
export function lineStateOf(
  calls: readonly { state: CallState }[],
  news: LineNews,
): { state: LineState; unavailableReason?: UnavailableReason } {
  if (news.type === 'unreachable') return { state: 'unknown', unavailableReason: 'pbxUnreachable' };
  if (news.type === 'unreported') return { state: 'unknown' };
  const live = calls.filter(({ state }) => state !== 'ended');
  const isRinging = live.some(({ state }) => state === 'offering');
  const inUse = live.filter(({ state }) => state !== 'offering');
  if (isRinging) return { state: inUse.length > 0 ? 'busyRinging' : 'ringing' };
  if (inUse.length > 0) return { state: inUse.every(({ state }) => state === 'held') ? 'held' : 'busy' };
  // Calls that the phone system does not tell leg by leg, or that were there before.
  if (news.lamp === 'ringing' || news.lamp === 'busy' || news.lamp === 'unknown') return { state: news.lamp };
  return news.isRegistered === false ? { state: 'unavailable', unavailableReason: 'noPhone' } : { state: 'idle' };
}
