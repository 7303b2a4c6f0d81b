// The agent's own calls in the order in which they are shown. Pure: views draw what comes out of it.
import type { Call, Line } from '@offhook/protocol';
import type { JournalState, NoteDraft } from '#lib/journal.ts';
import type { HeldLine } from '#lib/phone.ts';

/** A call with the line that it is on, and when its frame arrived (`Date.now()`). */
export interface OwnCall {
  line: Line;
  call: Call;
  receivedAt: number;
}

/**
 * Oldest first: a new call is added below, so that "Hang up" never moves away from under the pointer.
 */
export function callsOf(own: readonly HeldLine[]): OwnCall[] {
  return own
    .flatMap(({ line, receivedAt }) => line.calls.map((call) => ({ line, call, receivedAt })))
    .sort((a, b) => a.receivedAt - a.call.ageMs - (b.receivedAt - b.call.ageMs));
}

/** Where each call has its place. */
export interface ArrangedCalls {
  /** Cards, and rows of held calls between them. */
  live: readonly OwnCall[];
  /** One line each, the newest first. */
  over: readonly OwnCall[];
}

/**
 * What is over comes after what goes on; without anything that goes on, the last one keeps its place and its card. So
 * does the one that the agent is writing about, whatever happens around it.
 */
export function arranged(calls: readonly OwnCall[], writingAbout: string | undefined): ArrangedCalls {
  const isOver = ({ call }: OwnCall) => call.state === 'ended';
  const goesOn = calls.some((one) => !isOver(one));
  const last = goesOn ? undefined : calls.at(-1);
  const hasCard = (one: OwnCall) => !isOver(one) || one === last || one.call.callId === writingAbout;
  return { live: calls.filter(hasCard), over: calls.filter((one) => !hasCard(one)).reverse() };
}

/** A text that is another one whenever calls come, go or change, and buttons with them. */
export function arrangementOf(calls: readonly OwnCall[]): string {
  return calls.map(({ call }) => `${call.callId} ${call.state}`).join();
}

/** What is written about a call so far. */
export interface WrittenAbout {
  entryId: string;
  /** The field stays the same when the call's conversation becomes part of another one. */
  fieldKey: string;
  drafts: JournalState['drafts'];
  note?: string | undefined;
  disposition?: JournalState['entries'][number]['disposition'];
  draft?: NoteDraft | undefined;
}

/** The note and outcome of a call, as the journal has them. */
export function writtenAbout({ callId, conversationId }: Call, { entries, drafts }: JournalState): WrittenAbout {
  const entry = entries.find(({ entryId }) => entryId === conversationId);
  // Ids come from outside: only what is really there counts.
  const draft = Object.hasOwn(drafts, conversationId) ? drafts[conversationId] : undefined;
  const { note, disposition } = entry ?? {};
  return { entryId: conversationId, fieldKey: callId, note, disposition, draft, drafts };
}

/** Whether something can be written about this call: it is one of the relay's, and no test call of this browser. */
export function canBeNoted({ callId }: Call): boolean {
  return !callId.startsWith('sample:');
}
