// Who is at the other end, as two lines of text. A name that only the telephone network claims is never the headline.
import type { Call, Remote } from '@offhook/protocol';
import type { Words } from '#lib/words.ts';

export interface Party {
  /** A verified name, else the number in words. */
  title: string;
  /** Company and number, or whom the caller claims to be. */
  details: readonly string[];
  /** Two letters for a known name; undefined for a number. */
  initials: string | undefined;
}

/** How the other party of a call is shown. */
export function partyOf({ number, name, contact, verified }: Remote, words: Words): Party {
  if (contact) {
    const isExact = contact.match === 'exact';
    return {
      title: isExact ? contact.name : words.t('caller_perhaps', { name: contact.name }),
      details: [contact.company ?? '', words.number(number, { isKnown: true })].filter((text) => text !== ''),
      initials: initialsOf(contact.name),
    };
  }
  const shown = words.number(number, { isKnown: false });
  if (name && verified) return { title: name, details: [shown], initials: initialsOf(name) };
  return {
    title: shown,
    details: name ? [words.t('caller_claims', { name })] : [],
    initials: undefined,
  };
}

function initialsOf(name: string): string | undefined {
  const starts = name
    .split(/[\s,]+/)
    .flatMap((word) => [...word].filter((letter) => /\p{L}/u.test(letter)).slice(0, 1));
  const [first, ...rest] = starts;
  return first === undefined ? undefined : `${first}${rest.at(-1) ?? ''}`.toUpperCase();
}

/** Whether the other party's number can be dialled again. */
export function isDiallable({ remote }: Pick<Call, 'remote'>): boolean {
  return remote.number.kind === 'e164' || remote.number.kind === 'internal';
}
