// A number as it was read, for the chip that was reached by the keyboard: with its country code, so that it shows how a
// national spelling was understood. Without the national grouping, which the worker knows and a page need not load.
import type { PhoneNumber } from '@offhook/protocol';
import type { T } from '#lib/i18n.ts';
import { readInternational } from '#lib/numbers/numbering-plan.ts';

/** `'+49 3023125042'`, with its extension; what is no public number as it is dialled. */
export function numberAsRead(number: PhoneNumber, t: T): string {
  if (number.kind === 'internal' || number.kind === 'service') return number.number;
  if (number.kind !== 'e164') return t('number_none');
  const read = readInternational(number.number.slice(1));
  const text = read ? `+${read.callingCode} ${read.national}` : number.number;
  const { extension } = number;
  return extension === undefined ? text : t('number_with_extension', { number: text, extension });
}
