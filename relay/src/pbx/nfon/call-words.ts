// NFON's words for a call → ours. Pure. NFON tells events, in no guaranteed order, and words that its documentation does not
// know: what is not understood says nothing. It never makes an extension of a number, nor the other way round.
import type { CallState, Cause } from '@offhook/protocol';
import type { CallEvent } from './wire.ts';

/** From the view of the extension. */
export type Way = 'inbound' | 'outbound';

/** How far a leg came before an event, as far as a cause depends on it. */
export interface Before {
  state: CallState;
  /** The own phone of an ordered call was lifted. */
  isLifted: boolean;
  isOrdered: boolean;
  /** We ended it ourselves. */
  isDropped: boolean;
}

/** What an event says of a leg; undefined for nothing. */
export interface News {
  state: CallState;
  cause?: Cause | undefined;
}

/** The extension's own way, as the event says, or as its numbers tell. */
export function wayOf({ direction, callee, extension }: CallEvent): Way {
  if (direction === 'inbound' || direction === 'outbound') return direction;
  return callee !== undefined && callee === extension ? 'inbound' : 'outbound';
}

/** What an event makes of a leg that was so far `before`, or of none. */
export function newsOf({ state, error }: CallEvent, way: Way, before: Before | undefined): News | undefined {
  switch (state) {
    case 'answer':
    // In no document, but sent.
    case 'bridge':
      return { state: 'connected' };
    case 'hangup':
      return { state: 'ended', cause: error === undefined ? hangUpCause(way, before) : errorCause(error, way, before) };
    case 'end':
      return endNews(error, way, before);
    default:
      return way === 'inbound' ? inboundNews(state) : outboundNews(state);
  }
}

/** Whether the event says that the own phone of an ordered call was lifted. */
export function saysLifted({ state }: CallEvent): boolean {
  return state === 'caller-answer' || state === 'dial' || state === 'ring';
}

/** How far a state is on a call's way: what is less far than what was told is old news. */
export function rankOf(state: CallState): number {
  return RANKS[state];
}

/**
 * A party's number as the relay reads it: with a plus where NFON says that it is a public one, else as it stands. Undefined
 * when it is withheld.
 */
export function partyOf(number: string | undefined, context: string | undefined): string | undefined {
  const text = number?.trim();
  if (!text) return undefined;
  return context === 'global' && /^[1-9][0-9]{6,14}$/.test(text) ? `+${text}` : text;
}

/** Whether a number that NFON writes out in full is this extension's: `'4930231250' + '18'`. */
export function endsWithExtension(number: string | undefined, extension: string): boolean {
  const digits = number?.replace(/[^0-9]/g, '') ?? '';
  return digits.length > extension.length && digits.endsWith(extension);
}

const RANKS: Record<CallState, number> = {
  initiated: 0,
  prompting: 1,
  dialing: 2,
  queued: 3,
  ringback: 3,
  offering: 3,
  connected: 4,
  held: 4,
  failed: 5,
  ended: 6,
};

function inboundNews(state: string): News | undefined {
  return state === 'ring' ? { state: 'offering' } : undefined;
}

function outboundNews(state: string): News | undefined {
  switch (state) {
    case 'start':
    case 'caller-wait':
      return { state: 'initiated' };
    case 'caller-dial':
    case 'caller-ring':
      return { state: 'prompting' };
    case 'caller-answer':
    case 'dial':
      return { state: 'dialing' };
    case 'ring':
      return { state: 'ringback' };
    default:
      return undefined;
  }
}

// It ends the request, not the call: only with an error, and before the answer, is the call over, too.
function endNews(error: string | undefined, way: Way, before: Before | undefined): News | undefined {
  if (error === undefined || before?.state === 'connected') return undefined;
  const cause = errorCause(error, way, before);
  const isHandsetUp = way === 'outbound' && before?.isLifted === true;
  return { state: isHandsetUp ? 'failed' : 'ended', cause };
}

// The own phone is called first, and busy or not lifted there says nothing of the far end.
function errorCause(error: string, way: Way, before: Before | undefined): Cause {
  if (error === 'cancel') return 'cancelled';
  const isOwnPhone = way === 'outbound' && before?.isOrdered === true && !before.isLifted;
  if (isOwnPhone) return error === 'unspecified' ? 'unknown' : 'ownPhoneNotAnswered';
  switch (error) {
    case 'timeout':
      return 'noAnswer';
    case 'busy':
      return 'busy';
    case 'reject':
      return 'rejected';
    default:
      return 'unknown';
  }
}

// NFON does not say why. What is certain is said: that it was answered, that we ended it, that nobody answered.
function hangUpCause(way: Way, before: Before | undefined): Cause {
  if (before?.state === 'connected') return 'normal';
  if (before?.isDropped) return 'cancelled';
  if (way === 'inbound' || before?.state === 'ringback') return 'noAnswer';
  return before?.isOrdered && !before.isLifted ? 'ownPhoneNotAnswered' : 'unknown';
}
