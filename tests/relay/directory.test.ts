// Whose number it is: found in memory, for the tenant alone, exact before probable.

import { locationOf } from '@offhook/protocol/location-settings';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { contactUrl } from '../../relay/src/contact-url.ts';
import { ContactsError } from '../../relay/src/contacts/source.ts';
import { createDirectory, type DirectorySource } from '../../relay/src/directory.ts';
import type { StoredContact } from '../../relay/src/store/store.ts';
import { createFakeClock } from '../fakes/clock.ts';

const log = pino({ level: 'silent' });
const e164 = (number: string) => ({ kind: 'e164', number }) as const;

function aContact(
  contactId: string,
  numbers: string[],
  over: Partial<Omit<StoredContact, 'numbers'>> = {},
): StoredContact {
  return { contactId, name: `Sample ${contactId}`, numbers: numbers.map((number) => ({ number })), ...over };
}

function sourceOf(contacts: readonly StoredContact[], failure?: Error): DirectorySource['source'] {
  return {
    async *read({ onFault }) {
      onFault({ line: 7, reason: 'odd' });
      yield* contacts;
      if (failure) throw failure;
    },
  };
}

// A store of two tenants in memory.
function aStore() {
  const rows = new Map<string, StoredContact[]>();
  return {
    tenants: async () => ['a', 'b'].map((tenantId) => ({ tenantId, name: tenantId, country: 'DE' })),
    async contacts(tenantId: string) {
      const own = [...rows].filter(([key]) => key.startsWith(`${tenantId}/`));
      return own.flatMap(([key, list]) => list.map((contact) => ({ ...contact, source: key.split('/')[1] ?? '' })));
    },
    contactImport: async () => undefined,
    async replaceContacts(tenantId: string, source: string, contacts: readonly StoredContact[]) {
      rows.set(`${tenantId}/${source}`, [...contacts]);
    },
  };
}

function aDirectory(sources: DirectorySource[] = []) {
  const store = aStore();
  return { store, directory: createDirectory({ store, sources, clock: createFakeClock(), log }) };
}

describe('matching', () => {
  async function withContacts(...contacts: StoredContact[]) {
    const { store, directory } = aDirectory();
    await store.replaceContacts('a', 'crm', contacts);
    await directory.load();
    return (number: string) =>
      directory.match('a', e164(number)).map(({ contactId, match }) => `${contactId} ${match}`);
  }

  test('all contacts with the number are found, exactly', async () => {
    const match = await withContacts(
      aContact('1', ['+493023125042', '+491713920001']),
      aContact('2', ['+493023125042']),
      aContact('3', ['+493023125043']),
    );
    expect(match('+493023125042')).toEqual(['crm:1 exact', 'crm:2 exact']);
    expect(match('+491713920001')).toEqual(['crm:1 exact']);
    expect(match('+493023125044')).toEqual([]);
  });

  test('a desk behind a known switchboard is probable, an exact contact goes before it, a neighbour is nobody', async () => {
    const match = await withContacts(aContact('switchboard', ['+4930231250']), aContact('desk', ['+493023125042']));
    expect(match('+493023125099')).toEqual(['crm:switchboard probable']);
    expect(match('+493023125042')).toEqual(['crm:desk exact']);
    expect(match('+493023126042')).toEqual([]);
    const neighbour = await withContacts(aContact('direct', ['+493023125040']));
    expect(neighbour('+493023125042')).toEqual([]);
  });

  test('only public numbers have contacts, and another tenant has its own', async () => {
    const { store, directory } = aDirectory();
    await store.replaceContacts('a', 'crm', [aContact('1', ['+493023125042'])]);
    await directory.load();
    expect(directory.match('a', { kind: 'internal', number: '18' })).toEqual([]);
    expect(directory.match('a', { kind: 'anonymous' })).toEqual([]);
    expect(directory.match('b', e164('+493023125042'))).toEqual([]);
    expect(directory.match('nobody', e164('+493023125042'))).toEqual([]);
  });

  test('the number that calls is put into the address of the contact', async () => {
    const { store, directory } = aDirectory();
    const url = 'https://crm.example/search?phone={number}';
    await store.replaceContacts('a', 'crm', [aContact('1', ['+493023125042'], { url, company: 'Sample AG' })]);
    await directory.load();
    expect(directory.match('a', e164('+493023125042'))).toEqual([
      {
        contactId: 'crm:1',
        name: 'Sample 1',
        company: 'Sample AG',
        url: 'https://crm.example/search?phone=%2B493023125042',
        source: 'crm',
        match: 'exact',
      },
    ]);
  });
});

describe('the address of a contact', () => {
  const berlin = locationOf({ country: 'DE', areaCode: '30', outsideLine: '0' });
  test.each([
    ['https://crm.example/?q={number}', 'https://crm.example/?q=%2B493023125042'],
    ['https://crm.example/{number.plain}', 'https://crm.example/493023125042'],
    ['https://crm.example/?q={number.national}', 'https://crm.example/?q=03023125042'],
    ['https://crm.example/?q={number.dialled}', 'https://crm.example/?q=003023125042'],
    ['https://crm.example/?q={number.display}', 'https://crm.example/?q=030%2023125042'],
    // The file's own braces are none of ours.
    ['https://crm.example/?q={number.other}&v={view}', 'https://crm.example/?q={number.other}&v={view}'],
  ])('%s is filled', (url, filled) => {
    expect(contactUrl(url, '+493023125042', berlin)).toBe(filled);
  });

  test('has its place empty without a number', () => {
    expect(contactUrl('https://crm.example/?q={number.plain}', '', berlin)).toBe('https://crm.example/?q=');
  });

  test('has the international form where nobody knows from where is called', () => {
    const filled = contactUrl('https://crm.example/?q={number.dialled}', '+493023125042', undefined);
    expect(filled).toBe('https://crm.example/?q=%2B493023125042');
  });
});

describe('importing', () => {
  test('a source is read, stored and found at once, and its oddities are reported', async () => {
    const contacts = [aContact('1', ['+493023125042']), aContact('1', ['+493023125043', '+491713920001'])];
    const { store, directory } = aDirectory([{ id: 'crm', tenantId: 'a', source: sourceOf(contacts) }]);
    const report = await directory.importSource('crm');
    expect(report).toMatchObject({ contacts: 2, numbers: 3, faultCount: 1, faults: [{ line: 7, reason: 'odd' }] });
    expect(directory.match('a', e164('+493023125043')).map((one) => one.contactId)).toEqual(['crm:1~2']);
    expect(await store.contacts('a')).toHaveLength(2);
  });

  test('a source that breaks off leaves the contacts of before', async () => {
    const failure = new ContactsError('broken');
    const broken = sourceOf([aContact('new', ['+493023125043'])], failure);
    const { store, directory } = aDirectory([{ id: 'crm', tenantId: 'a', source: broken }]);
    await store.replaceContacts('a', 'crm', [aContact('old', ['+493023125042'])]);
    await directory.load();
    await expect(directory.importSource('crm')).rejects.toBe(failure);
    expect(directory.match('a', e164('+493023125042'))).toHaveLength(1);
    expect(directory.match('a', e164('+493023125043'))).toEqual([]);
  });

  test('a source that nobody configured is an error', async () => {
    await expect(aDirectory().directory.importSource('none')).rejects.toThrow('no contact source none');
  });
});

test('an import that is broken off rejects and changes nothing', async () => {
  const store = aStore();
  await store.replaceContacts('a', 'crm', [aContact('old', ['+493023125042'])]);
  const end = new AbortController();
  const source: DirectorySource['source'] = {
    async *read() {
      yield aContact('new', ['+493023125043']);
      end.abort();
    },
  };
  const sources = [{ id: 'crm', tenantId: 'a', source }];
  const directory = createDirectory({ store, sources, clock: createFakeClock(), log, signal: end.signal });
  await directory.load();
  await expect(directory.importSource('crm')).rejects.toThrow(/abort/i);
  expect(directory.match('a', e164('+493023125042'))).toHaveLength(1);
  expect(await store.contacts('a')).toHaveLength(1);
});

describe('looking up and searching', () => {
  const mobile = { number: '+491713920001', label: 'Mobile' };

  test('a contact comes with all its numbers, as the source has them, and its record is opened by the right one', async () => {
    const { store, directory } = aDirectory();
    const numbers = [{ number: '+493023125042' }, mobile];
    const url = 'https://crm.example/search?phone={number}';
    await store.replaceContacts('a', 'crm', [{ contactId: '1', name: 'Anna Müller', url, numbers }]);
    await directory.load();
    const found = (number: string) => ({
      contact: {
        contactId: 'crm:1',
        name: 'Anna Müller',
        url: `https://crm.example/search?phone=${encodeURIComponent(number)}`,
        source: 'crm',
        match: 'exact',
      },
      numbers: [{ number: e164('+493023125042') }, { number: e164('+491713920001'), label: 'Mobile' }],
    });
    expect(directory.lookUp('a', e164('+491713920001'))).toEqual([found('+491713920001')]);
    const searched = await directory.search('a', { text: 'mull', limit: 5 });
    expect(searched).toEqual({ matches: [found('+493023125042')], more: false });
  });

  test('a tenant never finds the contacts of another one', async () => {
    const { store, directory } = aDirectory();
    await store.replaceContacts('a', 'crm', [aContact('1', ['+493023125042'])]);
    await store.replaceContacts('b', 'crm', [aContact('2', ['+493023125042'])]);
    await directory.load();
    for (const [tenantId, ids] of [
      ['a', ['crm:1']],
      ['b', ['crm:2']],
      ['c', []],
    ] as const) {
      const byName = await directory.search(tenantId, { text: 'sample', limit: 50 });
      const byDigits = await directory.search(tenantId, { text: '030 23125', limit: 50 });
      for (const matches of [byName.matches, byDigits.matches, directory.lookUp(tenantId, e164('+493023125042'))]) {
        expect(matches.map(({ contact }) => contact.contactId)).toEqual(ids);
      }
    }
  });

  test('no more numbers than a frame may hold come with a contact', async () => {
    const { store, directory } = aDirectory();
    const numbers = Array.from({ length: 32 }, (_, n) => `+4930231250${10 + n}`);
    await store.replaceContacts('a', 'crm', [aContact('1', numbers)]);
    await directory.load();
    expect((await directory.search('a', { text: 'sample', limit: 1 })).matches[0]?.numbers).toHaveLength(20);
  });
});
