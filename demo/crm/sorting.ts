// Which people the list shows, and in which order. Pure.
import type { Person } from './people.ts';

/** The columns that the list can be sorted by. */
export type SortKey = 'name' | 'company' | 'country' | 'order' | 'lastContact';

export interface Order {
  key: SortKey;
  direction: 'ascending' | 'descending';
}

export interface Wanted {
  /** Words that all have to occur in name, company or city, or a number in any grouping. */
  search: string;
  /** `'DE'`; empty for all. */
  country: string;
  /** Undefined: as in the file. */
  order: Order | undefined;
}

/** The people wanted, sorted as people expect names to be. */
export function peopleShown(people: readonly Person[], { search, country, order }: Wanted): readonly Person[] {
  const fits = searchFor(search.trim().toLowerCase());
  const found = people.filter((person) => (country === '' || person.country === country) && fits(person));
  if (!order) return found;
  const { compare } = new Intl.Collator('de');
  const sign = order.direction === 'ascending' ? 1 : -1;
  return found.toSorted((a, b) => sign * compare(a[order.key], b[order.key]));
}

/** What a click on a column's head leads to: ascending, then descending, then as in the file. */
export function nextOrder(order: Order | undefined, key: SortKey): Order | undefined {
  if (order?.key !== key) return { key, direction: 'ascending' };
  return order.direction === 'ascending' ? { key, direction: 'descending' } : undefined;
}

// A number is searched as a whole, however it is grouped; anything else word by word.
function searchFor(search: string): (person: Person) => boolean {
  const digits = search.replace(/\D/g, '').replace(/^0+/, '');
  if (digits.length >= 3 && !/\p{L}/u.test(search)) {
    return ({ phone, mobile }) => phone.includes(digits) || mobile.includes(digits);
  }
  const words = search.split(/\s+/);
  return ({ name, company, city }) => {
    const text = `${name} ${company} ${city}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
