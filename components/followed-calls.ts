// The calls that the caller window follows, from the first ring until what was written about them is done. Pure: the view
// keeps the list and asks for the next one. A call that is not heard of while the link is away stays as it was.
import type { Call } from '@offhook/protocol';
import type { PhoneState } from '#lib/phone.ts';
import { callsOf, type OwnCall } from './own-calls.ts';

/** Where a followed call stands. `overAt` is `Date.now()` of this browser. */
export type Stage =
  | { type: 'ringing' }
  | { type: 'running' }
  /** It was talked: its note is still open. */
  | { type: 'talked'; overAt: number }
  /** Nobody answered it here: there is only something to say. */
  | { type: 'gone'; overAt: number };

export interface Followed extends OwnCall {
  stage: Stage;
}

/** How long it is said that a call was answered elsewhere or missed. */
const GONE_SHOWN_MS = 3000;

/**
 * The followed calls in the light of a new state. Calls that come in are taken up, those that the agent started are not.
 * `isFresh`: whether the state is the present, so that a call that is not in it is over.
 */
export function follow(
  before: readonly Followed[],
  phone: PhoneState,
  { now, isFresh }: { now: number; isFresh: boolean },
): readonly Followed[] {
  const own = callsOf(phone.lines.filter(({ line }) => line.isOwn));
  const known = new Set(before.map(({ call }) => call.callId));
  const kept = before.map((one) => {
    const heard = own.find(({ call }) => call.callId === one.call.callId);
    if (heard) return { ...heard, stage: stageAfter(one.stage, heard.call, now) };
    return isFresh && !isOver(one.stage) ? vanished(one, now) : one;
  });
  const fresh = own
    .filter(({ call }) => !known.has(call.callId) && comesIn(call))
    .map((heard) => ({ ...heard, stage: stageAfter({ type: 'ringing' }, heard.call, now) }));
  return [...kept, ...fresh].filter(({ stage }) => stage.type !== 'gone' || now - stage.overAt < GONE_SHOWN_MS);
}

function comesIn({ state, direction }: Call): boolean {
  if (state === 'offering') return true;
  return direction === 'inbound' && state !== 'ended' && state !== 'failed';
}

function isOver(stage: Stage): boolean {
  return stage.type === 'talked' || stage.type === 'gone';
}

function stageAfter(before: Stage, call: Call, now: number): Stage {
  if (isOver(before)) return before;
  if (call.state === 'offering') return { type: 'ringing' };
  if (call.state !== 'ended' && call.state !== 'failed') return { type: 'running' };
  const wasTalked = before.type === 'running' || call.connectedMs !== undefined;
  return { type: wasTalked ? 'talked' : 'gone', overAt: now };
}

// The relay keeps what is over for a minute; a worker that slept longer never hears the end.
function vanished(one: Followed, now: number): Followed {
  const call: Call = { ...one.call, state: 'ended', cause: 'unknown', capabilities: [] };
  return { ...one, call, stage: { type: one.stage.type === 'running' ? 'talked' : 'gone', overAt: now } };
}

const ORDER: Record<Stage['type'], number> = { ringing: 0, running: 1, talked: 2, gone: 3 };

/**
 * The calls as they are shown: what rings first, and each conversation once, however many own lines it rings on; of those
 * the line that talks, else one that can answer.
 */
export function shownCalls(followed: readonly Followed[]): readonly Followed[] {
  const byConversation = new Map<string, Followed>();
  for (const one of followed) {
    const other = byConversation.get(one.call.conversationId);
    if (!other || isBetter(one, other)) byConversation.set(one.call.conversationId, one);
  }
  return [...byConversation.values()].sort((a, b) => ORDER[a.stage.type] - ORDER[b.stage.type]);
}

function isBetter(one: Followed, other: Followed): boolean {
  const rank = ({ stage, call }: Followed) => {
    if (stage.type === 'running') return 0;
    if (stage.type === 'ringing') return call.capabilities.includes('answer') ? 1 : 2;
    return stage.type === 'talked' ? 3 : 4;
  };
  return rank(one) < rank(other);
}
