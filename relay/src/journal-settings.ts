// What of the calls is kept, and for how long: `journal` in relay.yaml. Each tenant may have its own rules; without any, a
// call is kept for 90 days.
import type { Location, PhoneNumber } from '@offhook/protocol';
import { readNumber } from '@offhook/protocol/number';
import * as v from 'valibot';
import type { JournalLeg } from './store/store.ts';

const LONGEST_DAYS = 3_660;
const DEFAULT_DAYS = 90;
const DAY_MS = 86_400_000;

// Calls are known by their whole number: of a beginning nobody can tell what belongs before it. Extensions are short.
function canMatch(text: string): boolean {
  return !text.endsWith('*') || /^(?:\+[1-9][0-9]*|[1-9][0-9]{0,5})$/.test(text.replace(/[^+0-9]/g, ''));
}

/** The rules of one tenant. A number may end with `*`: every number that begins like this. */
export const JournalSettingsSchema = v.strictObject({
  tenant: v.optional(v.string()),
  keepDays: v.optional(
    v.pipe(
      v.number(),
      v.integer('should be a whole number'),
      v.minValue(1, 'should be at least 1'),
      v.maxValue(LONGEST_DAYS, `should be at most ${LONGEST_DAYS}`),
    ),
    DEFAULT_DAYS,
  ),
  todayOnly: v.optional(v.boolean(), false),
  neverNumbers: v.optional(
    v.array(
      v.pipe(
        v.string('should be a number in quotes, such as "+49 30 23125042"'),
        v.regex(/^\+?[0-9 ()/.-]{2,30}\*?$/, 'should be a number, such as "+49 30 23125042" or "+49 30 231250*"'),
        v.check(
          canMatch,
          'needs + and the country code before a beginning, such as "+49 30 231250*": it would never match',
        ),
      ),
    ),
    [],
  ),
  neverLines: v.optional(v.array(v.pipe(v.string('should be an extension in quotes'), v.regex(/^[0-9*#]{1,15}$/))), []),
});
export type JournalSettings = v.InferOutput<typeof JournalSettingsSchema>;

/** The rules of a tenant that has none of its own. */
export const USUAL_JOURNAL_SETTINGS: JournalSettings = v.parse(JournalSettingsSchema, {});

/** Calls that began before this time, in milliseconds since 1970, are not kept any longer. Today is the relay's own day. */
export function keptSince({ keepDays, todayOnly }: JournalSettings, now: number): number {
  return todayOnly ? new Date(now).setHours(0, 0, 0, 0) : now - keepDays * DAY_MS;
}

/** A test for legs that make their whole call one that is never written down; undefined where there is no such rule. */
export function neverTest(
  { neverNumbers, neverLines }: JournalSettings,
  { location, extensionOf }: { location: Location; extensionOf(lineId: string): string | undefined },
): ((leg: JournalLeg) => boolean) | undefined {
  if (neverNumbers.length === 0 && neverLines.length === 0) return undefined;
  const whole = new Set(
    neverNumbers.filter((text) => !text.endsWith('*')).map((text) => keyOf(readNumber(text, location))),
  );
  const beginnings = neverNumbers.filter((text) => text.endsWith('*')).map((text) => text.replace(/[^+0-9]/g, ''));
  const isNever = (number: PhoneNumber | undefined) => {
    const key = number && keyOf(number);
    return key !== undefined && (whole.has(key) || beginnings.some((beginning) => key.startsWith(beginning)));
  };
  // A line that was busy has no leg of its own: whom the colleague called says that it was this line.
  const isNeverLine = (number: PhoneNumber | undefined) =>
    number?.kind === 'internal' && neverLines.includes(number.number);
  return ({ lineId, remote, dialled, direction }) =>
    isNever(remote.number) ||
    // Of a call that comes in, what was dialled is a number of ours.
    (direction !== 'inbound' && isNever(dialled)) ||
    neverLines.includes(extensionOf(lineId) ?? '') ||
    isNeverLine(remote.number) ||
    isNeverLine(dialled);
}

/** One text for one number, whoever reported it; undefined for what is no number. */
export function keyOf(number: PhoneNumber): string | undefined {
  switch (number.kind) {
    case 'e164':
    case 'internal':
    case 'service':
      return number.number;
    case 'code':
      return number.code;
    case 'raw':
      return number.text.replace(/[^+0-9*#]/g, '') || undefined;
    case 'anonymous':
    case 'hidden':
      return undefined;
    default:
      return number satisfies never;
  }
}
