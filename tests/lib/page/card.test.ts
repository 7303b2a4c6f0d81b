// What the card knows of a number by the page alone: by which country it was read, who said so, and what can be decided.
import { describe, expect, test } from 'vitest';
import { findNumbers } from '#lib/numbers/find.ts';
import { numberOf } from '#lib/numbers/one-number.ts';
import { type ReadBy, readingOf } from '#lib/page/card.ts';
import type { Target } from '#lib/page/target.ts';

const SITE = { name: 'crm.example', isLocked: false };

function target(text: string, { country = 'DE', before }: { country?: string; before?: string } = {}): Target {
  const [found] = findNumbers(text, { country, ...(before !== undefined && { before }) });
  if (!found) throw new Error(`${text} is none`);
  const nothing = { element: undefined, boxes: () => [], current: () => undefined };
  return {
    ...nothing,
    number: numberOf(found),
    text: text.slice(found.start, found.end),
    isFax: false,
    isField: true,
    place: { found, text, before },
  };
}

const read = (text: string, settings: Partial<ReadBy> = {}, before?: string) => {
  const by: ReadBy = { country: 'DE', countryFrom: 'agent', site: SITE, ...settings };
  return readingOf(target(text, { country: by.country, ...(before !== undefined && { before }) }), by);
};

describe('the country', () => {
  test.each<[string, string, Partial<ReadBy>, object]>([
    ['its own plus', '+41 44 668 18 00', {}, { code: 'CH', callingCode: '41', source: 'number' }],
    ['its own 00', '0041 44 668 18 00', {}, { code: 'CH', callingCode: '41', source: 'number' }],
    ['the agent’s', '030 23125042', {}, { code: 'DE', callingCode: '49', source: 'agent' }],
    ['the site’s', '044 668 18 00', { country: 'CH', countryFrom: 'site' }, { code: 'CH', source: 'site' }],
    ['the record’s', '044 668 18 00', { country: 'CH', countryFrom: 'record' }, { code: 'CH', source: 'record' }],
    ['nobody’s choice', '030 23125042', { countryFrom: undefined }, { code: 'DE', source: 'default' }],
  ])('is %s', (_, text, settings, country) => {
    expect(read(text, settings).country).toMatchObject(country);
  });

  test('can be another one only where the number does not say it', () => {
    expect(read('+49 30 23125042').choices.countries).toEqual([]);
    expect(read('030 23125042').choices.countries).toEqual(expect.arrayContaining(['DE', 'CH', 'US']));
  });

  test('of a phone link is read from its address, not from what it shows', () => {
    const link = { ...target('030 23125042'), place: undefined, href: 'tel:+493023125042' };
    expect(readingOf(link, { country: 'DE' })).toMatchObject({
      country: { source: 'number' },
      because: { rule: 'link' },
      choices: { canExclude: false, column: undefined },
    });
  });
});

describe('why', () => {
  test.each([
    ['the word in front of it', 'Tel. 030 23125042', undefined, { rule: 'label', label: 'Tel' }],
    ['the two words', 'Telefon Büro: 030 23125042', undefined, { rule: 'label', label: 'Telefon Büro' }],
    ['the title above it', '030 23125042', 'Contact: Phone', { rule: 'label', label: 'Phone' }],
    ['nothing but how it is written', '030 23125042', undefined, { rule: 'national' }],
  ])('%s', (_, text, before, because) => {
    expect(read(text, {}, before).because).toEqual(because);
  });

  test('a column that somebody named is said to be one, and not offered again', () => {
    const { because, choices } = read('030 23125042', { alwaysColumns: ['phone '] }, 'Contact: Phone');
    expect(because).toEqual({ rule: 'site-column', label: 'Phone' });
    expect(choices.column).toBeUndefined();
  });
});

test('a column is offered by the title that is nearest', () => {
  expect(read('030 23125042', {}, 'Contact: Phone').choices.column).toBe('Phone');
  expect(read('030 23125042').choices.column).toBeUndefined();
});

test('without a site to decide about nothing is offered', () => {
  expect(read('030 23125042', { site: undefined }).choices).toMatchObject({ isLocked: true });
});
