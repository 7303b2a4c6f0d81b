// Every number of the demo CRM, in every habit of writing it, is read back as the number that it is.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findNumbers } from '#lib/numbers/find.ts';
import { international, nationalParts, written } from '../../../demo/crm/writing.ts';

const rows = readFileSync(new URL('../../../demo/crm/people.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1);
const people = rows.map((row) => row.split(';'));

test('the demo CRM has at least 40 people, each with an own number', () => {
  const phones = people.map(([, , , , , phone]) => phone);
  expect(phones.length).toBeGreaterThanOrEqual(40);
  expect(new Set(phones).size).toBe(phones.length);
});

test.each(people.map(([id = '', , , , country = '', phone = '', mobile = '']) => ({ id, country, phone, mobile })))(
  '$id: $phone and $mobile are found in every form, at home and with country code abroad',
  ({ country, phone, mobile }) => {
    for (const number of [phone, mobile]) {
      const forms = [0, 1, 2, 3, 4, 5].map((habit) => written(number, habit));
      for (const text of [...forms, nationalParts(number).join('')]) {
        expect(findNumbers(text, { country }).map((found) => found.number)).toEqual([number]);
      }
      expect(findNumbers(international(number), { country: 'DE' }).map((found) => found.number)).toEqual([number]);
    }
  },
);

test('no order, account or date of the demo CRM is read as a number', () => {
  const others = people.flatMap(([, , , , , , , date = '', order = '', iban = '']) => [date, order, iban]);
  const found = others.flatMap((text) => ['DE', 'GB', 'FR', 'US'].flatMap((country) => findNumbers(text, { country })));
  expect(found).toEqual([]);
});
