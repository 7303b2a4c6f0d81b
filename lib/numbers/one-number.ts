// A text that is meant to hold one number, as a selection is → that number: the first that is found, else the text as a
// whole where it is one. Pure.
import type { PhoneNumber } from '@offhook/protocol';
import { type FoundNumber, findNumbers } from './find.ts';
import { readWrittenNumber } from './written-number.ts';

/** The number, and the text that was taken for it. */
export interface OneNumber {
  number: PhoneNumber;
  text: string;
  isFax: boolean;
  /** Where it was found among other words. */
  found?: FoundNumber | undefined;
}

const MAX_SHOWN_LENGTH = 256;

/** The first number of a text, or the text as a whole where it is one, extensions and service numbers too. */
export function oneNumberIn(text: string, { country }: { country: string }): OneNumber | undefined {
  const all = findNumbers(text, { country });
  const found = all.find(({ kind }) => kind !== 'fax') ?? all[0];
  if (found) {
    return { number: numberOf(found), text: text.slice(found.start, found.end), isFax: found.kind === 'fax', found };
  }
  const whole = text.trim();
  const number = whole === '' || /\p{L}/u.test(whole) ? undefined : readWrittenNumber(whole, country);
  if (number === undefined || number.kind === 'code') return undefined;
  return { number, text: whole.slice(0, MAX_SHOWN_LENGTH), isFax: false };
}

/** The number that a found one stands for. */
export function numberOf({ kind, number, extension }: Pick<FoundNumber, 'kind' | 'number' | 'extension'>): PhoneNumber {
  if (kind === 'internal') return { kind: 'internal', number };
  return extension === undefined ? { kind: 'e164', number } : { kind: 'e164', number, extension };
}
