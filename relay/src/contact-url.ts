// The address of a contact's record for the number that is asked for. The address comes from a file of contacts and may
// hold anything: what is no placeholder for a number stays as it stands there.
import type { Location } from '@offhook/protocol';
import { locationOf } from '@offhook/protocol/location-settings';
import { numberForms } from '@offhook/protocol/number-forms';
import { encodedValue, NUMBER_KEYS } from '@offhook/protocol/number-template';

const NUMBER_PLACEHOLDER = /\{(number(?:\.[a-z]+)?)\}/g;

/**
 * `'https://crm.example/search?phone={number}'` filled for `'+493023125042'`; without a number its place is empty. From
 * `location` follow `{number.dialled}` and what is a national number.
 */
export function contactUrl(url: string, e164: string, location: Location | undefined): string {
  if (!url.includes('{number')) return url;
  const place = location ?? locationOf({ country: 'XX', format: 'international' });
  const forms = e164 === '' ? undefined : numberForms({ kind: 'e164', number: e164 }, place);
  return url.replace(NUMBER_PLACEHOLDER, (placeholder, name: string) => {
    const key = NUMBER_KEYS.find((known) => known === name);
    return key === undefined ? placeholder : encodedValue(forms?.[key] ?? '');
  });
}
