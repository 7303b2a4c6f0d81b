// A CSV file from whatever program becomes contacts with numbers in E.164; what is odd is told with its line.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CsvOptions, createCsvSource } from '../../relay/src/contacts/csv.ts';
import { delimiterOf, fieldsOf } from '../../relay/src/contacts/csv-header.ts';
import { openContactSource } from '../../relay/src/contacts/index.ts';
import { ContactsError, type RowFault } from '../../relay/src/contacts/source.ts';
import type { StoredContact } from '../../relay/src/store/store.ts';

const E164 = /^\+[1-9][0-9]{1,14}$/;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offhook-contacts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function contactsIn(content: string | Buffer, options: Partial<CsvOptions> = {}) {
  const file = join(folder, 'contacts.csv');
  writeFileSync(file, content);
  return readAll({ file, country: 'DE', ...options });
}

async function readAll(options: CsvOptions) {
  const contacts: StoredContact[] = [];
  const faults: RowFault[] = [];
  for await (const contact of createCsvSource(options).read({ onFault: (fault) => faults.push(fault) }))
    contacts.push(contact);
  return { contacts, faults };
}

async function errorOf(content: string | Buffer, options: Partial<CsvOptions> = {}): Promise<ContactsError> {
  try {
    await contactsIn(content, options);
  } catch (error) {
    if (error instanceof ContactsError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

describe('columns', () => {
  test.each([
    ['Name,Company,Phone,Mobile,Fax,URL', ['name', 'company', 'number', 'number', 'number', 'url']],
    ['Vorname,Nachname,Firma,Telefon geschäftlich,Handy', ['firstName', 'lastName', 'company', 'number', 'number']],
    ['First Name,Last Name,Company Main Phone,Business Fax', ['firstName', 'lastName', 'number', 'number']],
    ['Name,Phone 1 - Type,Phone 1 - Value,E-mail 1 - Value', ['name', 'ignored', 'number', 'email']],
    ['E-mail Address,E-mail Display Name,E-Mail-Typ', ['email', 'ignored', 'ignored']],
    ['Kundennummer,Ansprechpartner,Rufnummer,Ort', ['id', 'name', 'number', 'ignored']],
  ])('%s', (header, fields) => {
    expect(fieldsOf(header.split(','))).toEqual(fields);
  });

  test.each([
    ['a;b;c,d', ';'],
    ['a\tb\tc', '\t'],
    ['a,b', ','],
    ['"a;b;c;d",e', ','],
    ['alone', ','],
  ])('the separator of %j is %j', (line, sign) => {
    expect(delimiterOf(line)).toBe(sign);
  });
});

describe('rows', () => {
  test('numbers are read with the country of the source, several in one cell are taken apart', async () => {
    const { contacts, faults } = await contactsIn(
      'Name;Telefon;Mobil\nAnna Sample;030 23125042 / 0171 3920001;+44 20 7946 0018\nBen Sample;(030) 23125-110;\n',
    );
    expect(contacts.map(({ numbers }) => numbers.map(({ number }) => number))).toEqual([
      ['+493023125042', '+491713920001', '+442079460018'],
      ['+493023125110'],
    ]);
    expect(faults).toEqual([]);
  });

  test('a number is called what its column is called, where that says more than "phone"', async () => {
    const { contacts } = await contactsIn(
      'Name;Telefon;Phone 2 - Value;Rufnummer 3;mobil;Telefon privat\n' +
        'Anna;030 23125001;030 23125002;030 23125003;0171 3920001;030 23125004\n',
    );
    expect(contacts[0]?.numbers.map(({ label }) => label)).toEqual([
      undefined,
      undefined,
      undefined,
      'Mobil',
      'Telefon privat',
    ]);
  });

  test('fax numbers come last, but what somebody answers, too, is no fax number', async () => {
    const { contacts } = await contactsIn(
      'Name;Fax;Telefax 2;Telefon;Mobil\nAnna;030 23125001;030 23125002;030 23125001;0171 3920001\n',
    );
    expect(contacts[0]?.numbers).toEqual([
      { number: '+493023125001' },
      { number: '+491713920001', label: 'Mobil' },
      { number: '+493023125002', label: 'Telefax 2', isFax: true },
    ]);
  });

  test('a heading that would steer a terminal is a label without what steers, and is cut', async () => {
    const { contacts } = await contactsIn(`Name,"Mobile \u202e\u001b[31m${'x'.repeat(100)}"\nAnna,030 23125001\n`);
    expect(contacts[0]?.numbers[0]?.label).toBe(`Mobile [31m${'x'.repeat(53)}`);
  });

  test('a row without numbers is left out in silence, one with an unreadable number or no name with its line', async () => {
    const { contacts, faults } = await contactsIn(
      'Name,Phone\n"Two\nlines",030 23125042\nNo Number,\nOdd Number,by mail only\n,030 23125043\n\n,\n',
    );
    expect(contacts.map((contact) => contact.name)).toEqual(['Two lines']);
    expect(faults).toEqual([
      { line: 5, reason: 'column 2 holds no public telephone number' },
      { line: 6, reason: 'no name and no company' },
    ]);
  });

  test('a company stands in for a missing name; first and last name are joined', async () => {
    const { contacts } = await contactsIn(
      'Vorname,Nachname,Firma,Telefon\nAnna,Sample,,030 23125042\n,,Sample AG,030 23125043\n',
    );
    expect(contacts.map(({ name, company }) => [name, company])).toEqual([
      ['Anna Sample', undefined],
      ['Sample AG', 'Sample AG'],
    ]);
  });

  test('names lose control and bidi characters and are at most 128 long', async () => {
    const { contacts } = await contactsIn(
      `Name,Phone\n"A\u202enn\u0007a\u2066 \u001b[31mSample",030 23125042\n${'x'.repeat(300)},030 23125043\n`,
    );
    expect(contacts[0]?.name).toBe('A nn a [31mSample');
    expect(contacts[1]?.name).toHaveLength(128);
  });

  test('a row keeps its id from import to import, with and without an id column', async () => {
    const csv = 'Name,Phone\nAnna Sample,030 23125042\nBen Sample,030 23125043\n';
    const [first, second] = [await contactsIn(csv), await contactsIn(csv.replace('Name', 'name'))];
    expect(first.contacts.map((one) => one.contactId)).toEqual(second.contacts.map((one) => one.contactId));
    expect(first.contacts[0]?.contactId).not.toBe(first.contacts[1]?.contactId);
    expect((await contactsIn('ID,Name,Phone\nc001,Anna,030 23125042\n')).contacts[0]?.contactId).toBe('c001');
  });

  test('addresses: the template, a row that has its own, one that follows the CRM, and none that is dangerous', async () => {
    const csv = [
      'ID,Name,Phone,URL',
      'c 1,A,030 23125001,',
      'c2,B,030 23125002,https://other.example/b',
      'c3,C,030 23125003,{crm}/people/c3?n={number}',
      'c4,D,030 23125004,javascript:alert(1)',
    ].join('\n');
    const { contacts, faults } = await contactsIn(csv, { urlTemplate: 'https://crm.example:8443/contacts/{id}' });
    expect(contacts.slice(1).map((contact) => contact.url)).toEqual([
      'https://other.example/b',
      'https://crm.example:8443/people/c3?n={number}',
      undefined,
    ]);
    expect(contacts[0]?.url).toBe('https://crm.example:8443/contacts/c%201');
    expect(faults).toEqual([{ line: 5, reason: expect.stringContaining('http') }]);
    expect((await contactsIn('Name,Phone\nA,030 23125001')).contacts[0]).not.toHaveProperty('url');
  });
});

describe('encodings', () => {
  const csv = 'Name;Telefon\nBjörn Größe;030 23125042\n';
  const utf16 = Buffer.concat([
    Buffer.from([0xff, 0xfe]),
    Buffer.from(csv.replace(';', '\t').replace(';', '\t'), 'utf16le'),
  ]);
  test.each([
    ['UTF-8', Buffer.from(csv)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${csv}`)],
    ['Windows-1252', Buffer.from(csv, 'latin1')],
    ['UTF-16 from Excel', utf16],
    ['sep= before the header', Buffer.from(`sep=;\r\n${csv.replaceAll('\n', '\r\n')}`)],
  ])('%s', async (_title, bytes) => {
    const { contacts } = await contactsIn(bytes);
    expect(contacts).toEqual([
      expect.objectContaining({ name: 'Björn Größe', numbers: [{ number: '+493023125042' }] }),
    ]);
  });

  test('a Windows-1252 file is recognised by its last byte, however long it is', async () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => `Sample ${index};030 23125042`);
    const { contacts } = await contactsIn(
      Buffer.from(`Name;Telefon\n${rows.join('\n')}\nGröße;030 23125043`, 'latin1'),
    );
    expect(contacts.at(-1)?.name).toBe('Größe');
    expect(contacts).toHaveLength(10_001);
  });
});

describe('files that cannot be read', () => {
  test('a missing file, an empty one, one without a column for numbers', async () => {
    await expect(readAll({ file: join(folder, 'none.csv'), country: 'DE' })).rejects.toThrow(
      /none\.csv: there is no such file/,
    );
    expect((await errorOf('')).message).toMatch(/is empty/);
    const error = await errorOf('\n\nName,Town\nAnna,Berlin\n');
    expect(error.message).toMatch(/contacts\.csv:3: no column for telephone numbers/);
    expect(error.line).toBe(3);
  });

  test('a quotation mark that is never closed, a row without end: the line is named', async () => {
    const error = await errorOf('Name,Phone\nAnna,030 23125042\n"Ben,030 23125043\nCleo,030 23125044\n');
    expect(error.message).toMatch(/contacts\.csv:\d+: a quotation mark is opened and never closed/);
    const long = await errorOf(`Name,Phone\n"${'x'.repeat(300_000)}`);
    expect(long.message).toMatch(/contacts\.csv:\d: a row longer than 262144 characters/);
  });

  test('too many rows and too many bytes are refused, the latter before anything is read', async () => {
    const error = await errorOf('Name,Phone\nA,030 23125001\nB,030 23125002\nC,030 23125003\n', { maxRows: 2 });
    expect(error.message).toMatch(/contacts\.csv:4: more than 2 rows/);
    expect((await errorOf('Name,Phone\nA,030 23125001\n', { maxBytes: 20 })).message).toMatch(/larger than 20 bytes/);
  });

  test('a gigabyte of nothing is refused without being held in memory', async () => {
    const file = join(folder, 'huge.csv');
    writeFileSync(file, 'Name,Phone\n');
    truncateSync(file, 1_000_000_000);
    const before = process.memoryUsage().rss;
    await expect(readAll({ file, country: 'DE' })).rejects.toThrow(/larger than 50000000 bytes/);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });

  test('whatever the bytes are: contacts with good numbers, or a ContactsError', async () => {
    const piece = fc.constantFrom(
      'Name',
      'Phone',
      ',',
      ';',
      '\n',
      '\r\n',
      '"',
      '030 23125042',
      '\u0000',
      'ä',
      '\ufeff',
      '+49',
      'x',
    );
    const text = fc.array(piece, { maxLength: 40 }).map((parts) => Buffer.from(parts.join('')));
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, fc.uint8Array({ maxLength: 200 })), async (bytes) => {
        try {
          for (const { numbers, name } of (await contactsIn(Buffer.from(bytes))).contacts) {
            expect(numbers.every(({ number }) => E164.test(number))).toBe(true);
            expect(name).not.toBe('');
          }
        } catch (error) {
          expect(error).toBeInstanceOf(ContactsError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('the sample contacts are read without a fault, all thirty', async () => {
  const file = join(import.meta.dirname, '../../relay/sample/contacts.csv');
  const { contacts, faults } = await readAll({
    file,
    country: 'DE',
    urlTemplate: 'http://127.0.0.1:8740/contacts/{id}',
  });
  expect(faults).toEqual([]);
  expect(contacts).toHaveLength(30);
  expect(contacts[0]).toEqual({
    contactId: 'c001',
    name: 'Alma Beispiel',
    company: 'Contoso Sample GmbH',
    url: 'http://127.0.0.1:8740/contacts/c001',
    numbers: [
      { number: '+493023125042' },
      { number: '+491713920001', label: 'Mobile' },
      { number: '+493023125099', label: 'Fax', isFax: true },
    ],
  });
  expect(contacts.every((contact) => contact.url?.endsWith(contact.contactId))).toBe(true);
});

test('a csv entry of the configuration opens a CSV source', async () => {
  const file = join(import.meta.dirname, '../../relay/sample/contacts.csv');
  const source = openContactSource({ id: 'crm', kind: 'csv', file, country: 'DE', tenant: 'sample' }, () => '');
  const names: string[] = [];
  for await (const contact of source.read({ onFault: () => undefined })) names.push(contact.name);
  expect(names).toContain('Emily Sample');
});
