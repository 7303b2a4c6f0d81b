// One person in several sources is one contact, with what each of them knows, and with nothing of a source that is not for
// whoever asks.
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { areNamesAlike, mergedHits, type SourcedContact } from '../../relay/src/contact-merge.ts';
import { createDirectory } from '../../relay/src/directory.ts';
import { createFakeClock } from '../fakes/clock.ts';

const e164 = (number: string) => ({ kind: 'e164', number }) as const;

function aContact(source: string, contactId: string, over: Partial<SourcedContact> = {}): SourcedContact {
  return { source, contactId, name: 'Anna Sample', numbers: [{ number: '+493023125042' }], ...over };
}

async function directoryOf(...contacts: SourcedContact[]) {
  const store = {
    tenants: async () => [{ tenantId: 'a', name: 'a', country: 'DE' }],
    contacts: async () => contacts,
    replaceContacts: async () => undefined,
    contactImport: async () => undefined,
  };
  const sources = ['crm', 'ldap', 'book'].map((id) => ({ id, tenantId: 'a', source: { read: async function* () {} } }));
  const directory = createDirectory({ store, sources, clock: createFakeClock(), log: pino({ level: 'silent' }) });
  await directory.load();
  return directory;
}

describe('names', () => {
  test.each([
    ['Anna Sample', 'Sample, Anna', true],
    ['Anna Sample', 'Dr. Anna Maria Sample', true],
    ['Anna Sample', 'A. Sample', true],
    ['Jörg Müller', 'Joerg Mueller', true],
    ['Sample', 'Sample', true],
    ['Sample', 'Anna Sample', false],
    ['Anna Sample', 'Ben Sample', false],
    ['Sample AG', 'Anna Sample', false],
    ['A. B.', 'Anna Ber', false],
  ])('%s and %s: %s', (a, b, alike) => {
    expect(areNamesAlike(a, b)).toBe(alike);
    expect(areNamesAlike(b, a)).toBe(alike);
  });
});

describe('merging', () => {
  test('the same number and a name that is alike is one person, with the numbers of both; the first source’s words win', async () => {
    const directory = await directoryOf(
      aContact('crm', '1', { url: 'https://crm.example/1' }),
      aContact('ldap', 'anna', {
        name: 'Sample, Anna',
        company: 'Sample AG',
        numbers: [
          { number: '+493023125042', label: 'Desk' },
          { number: '+491713920001', label: 'Mobile' },
        ],
      }),
    );
    const [found, ...others] = directory.lookUp('a', e164('+493023125042'));
    expect(others).toEqual([]);
    expect(found).toEqual({
      contact: {
        contactId: 'crm:1',
        name: 'Anna Sample',
        company: 'Sample AG',
        url: 'https://crm.example/1',
        source: 'crm',
        match: 'exact',
        also: [{ source: 'ldap', contactId: 'ldap:anna' }],
      },
      numbers: [{ number: e164('+493023125042') }, { number: e164('+491713920001'), label: 'Mobile' }],
    });
  });

  test('the same e-mail address is enough, also by way of a third source', async () => {
    const directory = await directoryOf(
      aContact('crm', '1', { name: 'A. S.', emails: ['anna@sample.example'] }),
      aContact('ldap', '2', {
        name: 'Anna Sample',
        emails: ['anna@sample.example'],
        numbers: [{ number: '+493023125043' }],
      }),
      aContact('book', '3', {
        name: 'Sample Anna',
        numbers: [{ number: '+493023125043' }, { number: '+493023125044' }],
      }),
    );
    const [found] = directory.lookUp('a', e164('+493023125042'));
    expect(found?.contact.also?.map(({ contactId }) => contactId)).toEqual(['ldap:2', 'book:3']);
    expect(directory.numbersOf('a', 'crm:1')).toEqual(['+493023125042', '+493023125043', '+493023125044']);
  });

  test('two people of one source, and two of one company, stay two', async () => {
    const directory = await directoryOf(
      aContact('crm', '1'),
      aContact('crm', '2'),
      aContact('ldap', '3', { name: 'Ben Sample' }),
    );
    expect(
      directory
        .match('a', e164('+493023125042'))
        .map(({ contactId }) => contactId)
        .sort(),
    ).toEqual(['crm:1', 'crm:2', 'ldap:3']);
  });

  test('a search shows one person once', async () => {
    const directory = await directoryOf(aContact('crm', '1'), aContact('ldap', '2'));
    expect((await directory.search('a', { text: 'anna', limit: 9 })).matches).toHaveLength(1);
  });

  test('of a source that is hidden there is no number, no company and no word', async () => {
    const directory = await directoryOf(
      aContact('crm', '1', { emails: ['anna@sample.example'] }),
      aContact('ldap', '2', {
        company: 'Secret AG',
        emails: ['anna@sample.example'],
        numbers: [{ number: '+493023125099' }],
      }),
    );
    const hidden = new Set(['ldap']);
    const told = JSON.stringify([
      directory.lookUp('a', e164('+493023125042'), hidden),
      directory.lookUp('a', e164('+493023125099'), hidden),
      directory.contact('a', 'crm:1', hidden),
      directory.numbersOf('a', 'crm:1', hidden),
      await directory.search('a', { text: 'anna', limit: 9 }, hidden),
    ]);
    expect(told).not.toMatch(/ldap|Secret|99/);
  });

  test('whatever is shared: every contact is in one person at most, no person has two contacts of a source, none is lost', () => {
    const contact = fc.record({
      source: fc.constantFrom('crm', 'ldap', 'book'),
      name: fc.constantFrom('Anna Sample', 'Sample Anna', 'Ben Sample', 'A Sample'),
      numbers: fc.array(
        fc.constantFrom('+493023125001', '+493023125002', '+493023125003').map((number) => ({ number })),
        { minLength: 1, maxLength: 2 },
      ),
      emails: fc.array(fc.constantFrom('a@sample.example', 'b@sample.example'), { maxLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(contact, { maxLength: 12 }), (list) => {
        const all = list.map((one, index): SourcedContact => ({ ...one, contactId: String(index) }));
        const merged = mergedHits(
          all.map((entry) => ({ entry })),
          () => all,
        );
        const persons = merged.map(({ entry }) => [entry, ...(entry.also ?? [])]);
        const ids = persons.flat().map(({ contactId }) => contactId);
        expect(ids.toSorted()).toEqual(all.map(({ contactId }) => contactId).toSorted());
        for (const person of persons) expect(new Set(person.map(({ source }) => source)).size).toBe(person.length);
      }),
    );
  });
});
