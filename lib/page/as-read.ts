// A number as it was read, for the chip that was reached by the keyboard: with its country code, so that it shows how a
// national spelling was understood. Uses the metadata that the finder needs anyway; a page shall not load two sets.
import type { PhoneNumber } from '@offhook/protocol';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { T } from '#lib/i18n.ts';

/** `'+49 30 23125042'`, with its extension; what is no public number as it is dialled. */
export function numberAsRead(number: PhoneNumber, t: T): string {
  if (number.kind === 'internal' || number.kind === 'service') return number.number;
  if (number.kind !== 'e164') return t('number_none');
  const text = parsePhoneNumberFromString(number.number)?.formatInternational() ?? number.number;
  const { extension } = number;
  return extension === undefined ? text : t('number_with_extension', { number: text, extension });
}
