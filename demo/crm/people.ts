// The people of the demo CRM (people.csv): invented, with numbers that the regulators reserve for fiction and account
// numbers of a bank that does not exist. `npm start` gives the relay the same file as its contacts.
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

function readPerson(row: string): Person {
  const [id = '', name = '', company = '', city = '', country = '', ...numbers] = row.trim().split(';');
  const [phone = '', mobile = '', lastContact = '', order = '', iban = ''] = numbers;
  return { id, name, company, city, country, phone, mobile, lastContact, order, iban };
}
