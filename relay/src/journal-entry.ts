// One conversation as one viewer may see it. Pure. The outcome is read from the whole conversation, since a call that a
// colleague took was missed by nobody; everything else from the legs on the viewer's lines alone.
import type { Contact, GoneEntry, JournalEntry, Outcome, PhoneNumber, Right } from '@offhook/protocol';
import { remoteFor } from './line-view.ts';
import { MAX_NOTE_BYTES, shortened } from './names.ts';
import type { Conversation, ConversationDraft, JournalLeg } from './store/store.ts';

/** Whoever looks at the journal. */
export interface JournalViewer {
  /** Who looks, to know what is his own. */
  userId?: string | undefined;
  /** Rights on a line; a leg counts as seen only with `watch`. */
  rightsOn(lineId: string): ReadonlySet<Right>;
  contactOf(number: PhoneNumber): Contact | undefined;
  /** A line's name, if this viewer may know it. */
  lineName(lineId: string): string | undefined;
}

/**
 * The viewer's entry; undefined if no leg was on a watched line. A conversation that became part of another one is `gone`.
 * `outcome` is there as soon as it cannot change any more.
 */
export function entryOf(conversation: Conversation, viewer: JournalViewer): JournalEntry | GoneEntry | undefined {
  const seen = conversation.legs.filter(({ lineId }) => viewer.rightsOn(lineId).has('watch'));
  const leg = mainLeg(seen);
  if (!leg) return undefined;
  const entryId = conversation.conversationId;
  if (conversation.mergedInto !== undefined) return { entryId, gone: true };
  const rights = viewer.rightsOn(leg.lineId);
  const outcome = outcomeOf(leg, conversation);
  const endedAt = endOf(seen);
  const answerer = outcome === 'answeredElsewhere' ? answererOf(leg, conversation.legs) : undefined;
  const answeredBy = answerer && viewer.lineName(answerer.lineId);
  const showsDialled = rights.has('see-numbers') || leg.direction === 'inbound';
  return {
    entryId,
    conversationId: conversation.conversationId,
    direction: leg.direction,
    lineId: leg.lineId,
    ...(leg.group !== undefined && { group: leg.group }),
    remote: remoteFor(rights, {
      ...leg.remote,
      contact: viewer.contactOf(leg.remote.number),
      isColleague: leg.direction === 'internal',
    }),
    ...(leg.dialled && showsDialled && { dialled: leg.dialled }),
    startedAt: [...seen].sort(byStart)[0]?.startedAt ?? leg.startedAt,
    ...(leg.connectedAt !== undefined && { answeredAt: leg.connectedAt }),
    ...(endedAt !== undefined && { endedAt }),
    isEstimated: leg.isEstimated,
    ...(outcome && { outcome }),
    ...(answeredBy !== undefined && { answeredBy }),
    ...(leg.cause && { cause: leg.cause }),
    ...noteFor(conversation, viewer),
    ...callBackFor(conversation, { viewer, rights }),
  };
}

/** Whether any leg is on a line that this viewer watches: the conversation is an entry for it. */
export function isSeen({ legs }: ConversationDraft, { rightsOn }: Pick<JournalViewer, 'rightsOn'>): boolean {
  return legs.some(({ lineId }) => rightsOn(lineId).has('watch'));
}

/**
 * Whether this viewer may read and write what agents say of the conversation: a note names people and numbers, so both
 * rights are needed on one of the lines that it touches.
 */
export function mayReadNote({ legs }: ConversationDraft, { rightsOn }: Pick<JournalViewer, 'rightsOn'>): boolean {
  return legs.some(({ lineId }) => {
    const rights = rightsOn(lineId);
    return rights.has('watch') && rights.has('see-numbers') && rights.has('see-names');
  });
}

// Notes of conversations that became one may be longer together than one may be on the wire.
function noteFor(conversation: Conversation, viewer: JournalViewer): Pick<JournalEntry, 'note' | 'disposition'> {
  const { text, disposition } = conversation.note ?? {};
  const isShown = text !== undefined && mayReadNote(conversation, viewer);
  return { ...(isShown && { note: shortened(text, MAX_NOTE_BYTES) }), ...(disposition && { disposition }) };
}

// Who promised to call back is a colleague, whose name is told like any other.
function callBackFor(
  { callBack }: Conversation,
  { viewer, rights }: { viewer: JournalViewer; rights: ReadonlySet<Right> },
): Pick<JournalEntry, 'callBack'> {
  if (!callBack) return {};
  const isMine = callBack.userId === viewer.userId;
  const by = isMine || rights.has('see-names') ? callBack.name : undefined;
  return { callBack: { ...(by !== undefined && { by }), isMine, at: callBack.takenAt } };
}

// How the conversation came out for one of its legs; undefined while that is open.
function outcomeOf(leg: JournalLeg, { legs }: Conversation): Outcome | undefined {
  if (leg.connectedAt !== undefined) return 'answered';
  if (leg.endedAt === undefined && leg.cause === undefined) return undefined;
  if (isOutgoing(leg, legs)) return outgoingOutcome(leg);
  if (leg.cause === 'answeredElsewhere' || leg.cause === 'pickedUp') return 'answeredElsewhere';
  if (answererOf(leg, legs)) return 'answeredElsewhere';
  // Somebody may still answer it.
  if (legs.some(({ endedAt }) => endedAt === undefined)) return undefined;
  const isSentOn = legs.every(({ cause, connectedAt }) => cause === 'forwarded' && connectedAt === undefined);
  if (isSentOn) return 'forwarded';
  // Of a call that is reported in part only, or whose end nobody saw, nobody says that it was missed.
  return legs.some((one) => one.isPartial || isLost(one)) ? 'unclear' : 'missed';
}

// The link broke, or the relay stopped, while it rang: somebody may have answered it meanwhile.
function isLost({ isEstimated, cause, connectedAt }: JournalLeg): boolean {
  return isEstimated && cause === 'unknown' && connectedAt === undefined;
}

function outgoingOutcome({ cause, isPartial }: JournalLeg): Outcome {
  switch (cause) {
    case 'busy':
      return 'busy';
    case 'noAnswer':
    // Who gave up while it rang was not answered either.
    case 'cancelled':
      return 'noAnswer';
    case 'forwarded':
      return 'forwarded';
    default:
      // Of a call that was ordered and never told of again, nobody knows.
      return isPartial && (cause === undefined || cause === 'unknown') ? 'unclear' : 'failed';
  }
}

// A call between colleagues has an outgoing leg and incoming ones: who called sees at the other end what was dialled.
function isOutgoing(leg: JournalLeg, legs: readonly JournalLeg[]): boolean {
  if (leg.direction !== 'internal') return leg.direction === 'outbound';
  if (leg.dialled) return JSON.stringify(leg.dialled) === JSON.stringify(leg.remote.number);
  return leg.group === undefined && legs.find(({ direction }) => direction === 'internal') === leg;
}

// Who answered before this leg began (and then asked a colleague) did not answer it.
function answererOf(leg: JournalLeg, legs: readonly JournalLeg[]): JournalLeg | undefined {
  return legs.find((one) => {
    const { connectedAt } = one;
    return connectedAt !== undefined && connectedAt >= leg.startedAt && !isOutgoing(one, legs);
  });
}

// The leg that spoke says most; of several, and if none did, the first.
function mainLeg(legs: readonly JournalLeg[]): JournalLeg | undefined {
  const spoke = legs.filter(({ connectedAt }) => connectedAt !== undefined);
  return [...(spoke.length > 0 ? spoke : legs)].sort(byStart)[0];
}

function byStart(a: JournalLeg, b: JournalLeg): number {
  if (a.startedAt === b.startedAt) return 0;
  return a.startedAt < b.startedAt ? -1 : 1;
}

function endOf(legs: readonly JournalLeg[]): string | undefined {
  let latest = '';
  for (const { endedAt } of legs) {
    if (endedAt === undefined) return undefined;
    if (endedAt > latest) latest = endedAt;
  }
  return latest;
}
