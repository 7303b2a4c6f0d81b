// The demo CRM's list: which people it shows for what is typed, and in which order.
import { describe, expect, test } from 'vitest';
import { PEOPLE } from '../../demo/crm/people.ts';
import { nextOrder, peopleShown } from '../../demo/crm/sorting.ts';

const ALL = { search: '', country: '', order: undefined };
const namesFor = (wanted: Partial<Parameters<typeof peopleShown>[1]>) =>
  peopleShown(PEOPLE, { ...ALL, ...wanted }).map(({ name }) => name);

describe('the list', () => {
  test('shows everybody, as in the file, when nothing is asked for', () => {
    expect(peopleShown(PEOPLE, ALL)).toEqual(PEOPLE);
  });

  test.each([
    ['anna krüger', ['Anna Krüger']],
    ['  KRÜGER  Dresden ', ['Anna Krüger']],
    ['elbe', ['Anna Krüger']],
    ['030/23125007', ['Anna Krüger']],
    ['+49 171 3920002', ['Paul Berger']],
    ['nobody of that name', []],
  ])('shows for %j those whom it fits', (search, names) => {
    expect(namesFor({ search })).toEqual(names);
  });

  test('shows one country only', () => {
    const shown = peopleShown(PEOPLE, { ...ALL, country: 'CH' });
    expect(shown.length).toBeGreaterThan(5);
    expect(new Set(shown.map(({ country }) => country))).toEqual(new Set(['CH']));
  });

  test('sorts names as people do, umlauts among their vowels', () => {
    const names = namesFor({ order: { key: 'name', direction: 'ascending' } });
    expect(names.indexOf('Élise Lacombe')).toBeLessThan(names.indexOf('Emil Sander'));
    expect(namesFor({ order: { key: 'name', direction: 'descending' } })).toEqual(names.toReversed());
  });

  test('goes with each click on a head: ascending, descending, as in the file; another head begins anew', () => {
    const first = nextOrder(undefined, 'name');
    const second = nextOrder(first, 'name');
    expect([first, second, nextOrder(second, 'name'), nextOrder(second, 'company')]).toEqual([
      { key: 'name', direction: 'ascending' },
      { key: 'name', direction: 'descending' },
      undefined,
      { key: 'company', direction: 'ascending' },
    ]);
  });
});
