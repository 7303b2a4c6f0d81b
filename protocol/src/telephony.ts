// The words of telephony that relay and extension share: states, causes, commands, rights and numbers as closed unions.
// A newer side may send words that this side does not know yet: every union here says what such a word is read as,
// so that one new word never loses a frame. Sources: TAPI LINECALLSTATE, CSTA III connection states, BLF practice,
// NFON CTI API; docs/architecture.md (glossary) names them word by word.
import * as v from 'valibot';

/** What a line shows to its watchers (busy lamp field). `unknown` means that the PBX does not tell. */
export const LINE_STATES = ['idle', 'ringing', 'busy', 'busyRinging', 'held', 'unavailable', 'unknown'] as const;
export type LineState = (typeof LINE_STATES)[number];

export const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/**
 * The life of a call. Outbound: initiated → prompting (our own phone rings because of our click) → dialing → ringback
 * (queued before or after it) → connected ↔ held → ended; inbound: offering → connected. `connected` means that the far
 * end answered, never that our own handset was lifted.
 */
export const CALL_STATES = [
  'initiated',
  'prompting',
  'dialing',
  'ringback',
  'queued',
  'offering',
  'connected',
  'held',
  'failed',
  'ended',
] as const;
export type CallState = (typeof CALL_STATES)[number];

/** Why a call failed or ended. */
export const CAUSES = [
  'normal',
  'busy',
  'noAnswer',
  'rejected',
  'cancelled',
  'answeredElsewhere',
  'pickedUp',
  'forwarded',
  'transferred',
  'unreachable',
  'invalidNumber',
  'dnd',
  'blocked',
  'ownPhoneNotAnswered',
  'congestion',
  'networkFailure',
  'permission',
  'unknown',
] as const;
export type Cause = (typeof CAUSES)[number];

/** What can be asked of a line or of a call. Capabilities are a list of these. */
export const COMMANDS = [
  'makeCall',
  'answer',
  'drop',
  'hold',
  'retrieve',
  'toggle',
  'redirect',
  'transfer',
  'conference',
  'pickup',
  'setForward',
  'setDnd',
  'sendDtmf',
] as const;
export type CommandName = (typeof COMMANDS)[number];

/** How far a command came. `unknown`: it may have reached the PBX and is never sent again. */
export const COMMAND_STATES = ['accepted', 'sent', 'done', 'failed', 'unknown'] as const;
export type CommandState = (typeof COMMAND_STATES)[number];

/**
 * How a conversation ended, in the journal. `unclear`: the phone system does not report such calls as a whole, or its link
 * was down, so nobody knows whether it was missed.
 */
export const OUTCOMES = [
  'answered',
  'missed',
  'noAnswer',
  'busy',
  'failed',
  'answeredElsewhere',
  'forwarded',
  'unclear',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What an agent says came of a call, beside what the phone system says. */
export const DISPOSITIONS = ['resolved', 'callBack', 'leftMessage', 'wrongNumber'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** Why calls may be missing in the journal: the relay was down, or its link to the phone system. */
export const GAP_REASONS = ['relay', 'pbx'] as const;
export type GapReason = (typeof GAP_REASONS)[number];

/** What a grant lets a user do with a line. `control` includes `watch`. */
export const RIGHTS = ['watch', 'control', 'pickup', 'see-numbers', 'see-names'] as const;
export type Right = (typeof RIGHTS)[number];

/** What the guard says of a number before it is dialled. */
export const DECISIONS = ['allowed', 'confirm', 'refused'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What kind of public number it is, as far as its digits say. */
export const NUMBER_TYPES = [
  'mobile',
  'fixed',
  'fixedOrMobile',
  'premium',
  'sharedCost',
  'tollFree',
  'voip',
  'personal',
  'pager',
  'uan',
  'voicemail',
  'unknown',
] as const;
export type NumberType = (typeof NUMBER_TYPES)[number];

export const SEEN_ACTIONS = ['shown', 'dismissed', 'opened'] as const;
export type SeenAction = (typeof SEEN_ACTIONS)[number];

/** Why a device is told to show or to clear a call's notification. */
export const NOTIFY_REASONS = ['speaker', 'takeover', 'dismissed', 'opened'] as const;
export type NotifyReason = (typeof NOTIFY_REASONS)[number];

/**
 * What a phone system does not tell or do, where agents would otherwise wonder: told with each line that it holds for.
 * docs/phone-systems.md says which phone system has which.
 */
export const PBX_RESTRICTIONS = [
  'group-calls-not-reported',
  'forwarded-calls-not-reported',
  'conferences-not-reported',
  'one-device-per-line',
  'drop-own-calls-only',
  'answer-not-reported',
  'calls-not-reported',
  'running-calls-not-reported',
  'hold-at-the-phone',
  'answer-at-the-phone',
] as const;
export type PbxRestriction = (typeof PBX_RESTRICTIONS)[number];

/** Why a line is `unavailable`. */
export const UNAVAILABLE_REASONS = ['noPhone', 'pbxUnreachable', 'unknown'] as const;
export type UnavailableReason = (typeof UNAVAILABLE_REASONS)[number];

/**
 * A schema that reads one of `words`, and any other string as `fallback`: the tolerant reading of a union that the
 * other side may have extended. Anything but a string is still an error.
 */
export function wordOf<const Word extends string, const Fallback extends string>(
  words: readonly Word[],
  fallback: Fallback,
) {
  return v.pipe(
    v.string(),
    v.maxLength(64),
    v.transform((text): Word | Fallback => words.find((word) => word === text) ?? fallback),
  );
}

/** A schema for a list of words that drops those this side does not know. */
export function wordsOf<const Word extends string>(words: readonly Word[]) {
  return v.pipe(
    v.array(v.pipe(v.string(), v.maxLength(64))),
    v.maxLength(64),
    v.transform((list): Word[] => words.filter((word) => list.includes(word))),
  );
}

/** `+` and up to 15 digits, as ITU-T E.164 has it. */
export const E164_PATTERN = /^\+[1-9][0-9]{1,14}$/;
const DIGITS_PATTERN = /^[0-9]{1,15}$/;
const CODE_PATTERN = /^[0-9*#]{1,32}$/;

const digits = (pattern: RegExp) => v.pipe(v.string(), v.regex(pattern));

const KnownNumberSchema = v.variant('kind', [
  v.object({
    kind: v.literal('e164'),
    number: digits(E164_PATTERN),
    extension: v.optional(digits(DIGITS_PATTERN)),
  }),
  v.object({ kind: v.literal('internal'), number: digits(DIGITS_PATTERN) }),
  v.object({ kind: v.literal('service'), number: digits(DIGITS_PATTERN) }),
  v.object({ kind: v.literal('code'), code: digits(CODE_PATTERN) }),
  v.object({ kind: v.literal('anonymous') }),
  v.object({ kind: v.literal('hidden') }),
  v.object({ kind: v.literal('raw'), text: v.pipe(v.string(), v.maxLength(256)) }),
]);

/**
 * A telephone number in all the forms that a PBX, a page or a person gives one:
 * `e164` a public number · `internal` an extension · `service` a short number such as 112 that must never get a country
 * code · `code` a feature code such as `*21#` · `anonymous` withheld by the caller · `hidden` the viewer has no right to
 * see it · `raw` nothing better is known.
 */
export type PhoneNumber = v.InferOutput<typeof KnownNumberSchema>;

/** Strict reading of a number: what a client sends must be one of the known kinds. */
export const PhoneNumberSchema: v.GenericSchema<unknown, PhoneNumber> = KnownNumberSchema;

/** Tolerant reading of a number: a kind that this side does not know becomes `raw` with whatever text it carries. */
export const AnyPhoneNumberSchema: v.GenericSchema<unknown, PhoneNumber> = v.union([
  KnownNumberSchema,
  v.pipe(
    v.looseObject({ kind: v.string() }),
    v.transform((odd): PhoneNumber => {
      const text = [odd['number'], odd['text'], odd['code']].find((part) => typeof part === 'string');
      return { kind: 'raw', text: String(text ?? '').slice(0, 256) };
    }),
  ),
]);
