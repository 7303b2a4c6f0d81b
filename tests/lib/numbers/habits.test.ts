// Every number of the demo CRM, in every habit of writing it, is read back as the number that it is.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findNumbers } from '#lib/numbers/find.ts';
import { type Person, sibling } from '../../../demo/crm/people.ts';
import { DEALS, MAILS, type Message, TICKETS } from '../../../demo/crm/stories.ts';
import { homely, international, nationalParts, written } from '../../../demo/crm/writing.ts';

const rows = readFileSync(new URL('../../../demo/crm/people.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1);
const people = rows.map((row) => row.split(';'));

test('the demo CRM has 500 people of 17 countries, each with two numbers that nobody else has', () => {
  const numbers = people.flatMap(([, , , , , phone, mobile]) => [phone, mobile]);
  expect(numbers).toHaveLength(1000);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(new Set(people.map(([, , , , country]) => country)).size).toBe(17);
});

test.each(people.map(([id = '', , , , country = '', phone = '', mobile = '']) => ({ id, country, phone, mobile })))(
  '$id: $phone and $mobile are found in every form, at home and with country code abroad',
  ({ country, phone, mobile }) => {
    for (const number of [phone, mobile]) {
      const atHome = [0, 1, 2, 3, 4, 5].map((habit) => homely(number, habit));
      for (const text of [...atHome, nationalParts(number).join('')]) {
        expect(findNumbers(text, { country }).map((found) => found.number)).toEqual([number]);
      }
      const abroad = [0, 1, 2, 3, 4, 5].map((habit) => written(number, habit));
      for (const text of [...abroad, international(number)]) {
        expect(findNumbers(text, { country: 'DE' }).map((found) => found.number)).toEqual([number]);
      }
    }
  },
);

test('no order, account or date of the demo CRM is read as a number', () => {
  const others = people.flatMap(([, , , , , , , date = '', order = '', iban = '']) => [date, order, iban]);
  const found = others.flatMap((text) => ['DE', 'GB', 'FR', 'US'].flatMap((country) => findNumbers(text, { country })));
  expect(found).toEqual([]);
});

test.each([
  ['deals', DEALS.flatMap(({ person, entries }) => entries.map(({ text }) => ({ person, text })))],
  ['tickets', TICKETS.flatMap(({ person, messages }) => messages.flatMap((message) => textsOf(person, message)))],
  ['mails', MAILS.flatMap((mail) => textsOf(mail.person, mail))],
])('in the %s of the demo CRM nothing is read as a number but the numbers of the people they are about', (_, texts) => {
  const wrong = texts.flatMap(({ person, text }) =>
    findNumbers(text, { country: 'DE' }).filter(({ number }) => !belongs(number, person)),
  );
  expect(texts.length).toBeGreaterThan(40);
  expect(texts.some(({ text }) => findNumbers(text, { country: 'DE' }).length > 0)).toBe(true);
  expect(wrong).toEqual([]);
});

function textsOf(person: Person, { paragraphs, quote = '', signature }: Message): { person: Person; text: string }[] {
  return [...paragraphs, quote, ...signature].map((text) => ({ person, text }));
}

const KONTOR = ['+493023125900', '+493023125901'];

function belongs(number: string, { phone, mobile }: Person): boolean {
  const steps = [0, 1, 2, 3, 4, 5, 6, 7];
  return [...KONTOR, ...[phone, mobile].flatMap((own) => steps.map((step) => sibling(own, step)))].includes(number);
}
