// The people of the demo CRM (people.csv): invented, with numbers that the regulators reserve for fiction or, where a
// country reserves none, that are plainly samples, and account numbers of a bank that does not exist. `npm start` gives
// the relay the same file as its contacts.
import rows from './people.csv?raw';

export interface Person {
  /** `'c001'` */
  id: string;
  name: string;
  company: string;
  city: string;
  country: string;
  /** E.164; how it is written on the page is the page's affair. */
  phone: string;
  mobile: string;
  /** ISO date of the last contact. */
  lastContact: string;
  order: string;
  iban: string;
}

/** Everybody, in the order of the list. */
export const PEOPLE: readonly Person[] = rows.trim().split('\n').slice(1).map(readPerson);

const COUNTRY_NAMES: Readonly<Record<string, string>> = {
  DE: 'Germany',
  AT: 'Austria',
  CH: 'Switzerland',
  FR: 'France',
  GB: 'United Kingdom',
  IT: 'Italy',
  ES: 'Spain',
  NL: 'Netherlands',
  BE: 'Belgium',
  PL: 'Poland',
  PT: 'Portugal',
  SE: 'Sweden',
  DK: 'Denmark',
  US: 'United States',
  CA: 'Canada',
  AU: 'Australia',
  IN: 'India',
};

/** The countries that people live in, by code, with their names. */
export const COUNTRIES: readonly (readonly [code: string, name: string])[] = Object.entries(COUNTRY_NAMES);

/** The name of a person's country. */
export function countryName({ country }: Pick<Person, 'country'>): string {
  return COUNTRY_NAMES[country] ?? country;
}

/** The person of this id. */
export function personOf(id: string): Person | undefined {
  return PEOPLE.find((person) => person.id === id);
}

/** `AK` for Anna Krüger: what stands in the round badge. */
export function initials({ name }: Pick<Person, 'name'>): string {
  return name
    .split(' ')
    .map((part) => part.charAt(0))
    .join('');
}

/** The habit of writing numbers that this record was typed in with: always the same one. */
export function habitOf({ id }: Pick<Person, 'id'>): number {
  return Number(id.slice(1)) - 1;
}

/** Other numbers of the same company: the last digits counted on, within the reserved range. */
export function sibling(e164: string, step: number): string {
  const last = Number(e164.slice(-2));
  return `${e164.slice(0, -2)}${String((last + step * 3) % 100).padStart(2, '0')}`;
}

function readPerson(row: string): Person {
  const [id = '', name = '', company = '', city = '', country = '', ...numbers] = row.trim().split(';');
  const [phone = '', mobile = '', lastContact = '', order = '', iban = ''] = numbers;
  return { id, name, company, city, country, phone, mobile, lastContact, order, iban };
}
