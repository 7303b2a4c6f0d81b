// Contacts from a web service: pages by link or by number, parts by path; only hosts that may be asked, and never another one.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isPrivateAddress } from '../../../relay/src/contacts/addresses.ts';
import { createJsonSource, type JsonOptions } from '../../../relay/src/contacts/json.ts';
import { ContactsError } from '../../../relay/src/contacts/source.ts';
import { readWhole } from './reading.ts';

const FIELDS = {
  id: 'key',
  name: 'person.name',
  company: 'firm',
  email: 'mails',
  numbers: { 'phones.*.number': '', 'fax.0': 'Fax' },
};
const anna = {
  key: 17,
  person: { name: 'Anna Sample' },
  firm: 'Sample AG',
  mails: ['anna@sample.example'],
  phones: [{ number: '030 23125042' }, { number: '0171 3920001' }],
  fax: ['030 23125099'],
};
const ben = { key: 18, person: { name: 'Ben Sample' }, phones: [{ number: '+44 20 7946 0018' }] };

let server: Server;
let base = '';
let asked: { path: string; headers: IncomingHttpHeaders }[] = [];
let answer: (path: string) => { status?: number; body: unknown; location?: string } = () => ({ body: [] });

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push({ path, headers: request.headers });
    const { status = 200, body, location } = answer(path);
    response.writeHead(status, location === undefined ? {} : { location });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  base = `http://127.0.0.1:${address.port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const sourceOf = (over: Partial<JsonOptions> = {}) =>
  createJsonSource({
    ...{ url: `${base}/people`, country: 'DE', fields: FIELDS, list: 'data.items', privateHosts: ['127.0.0.1'] },
    headers: () => ({ authorization: 'Bearer sample-token' }),
    ...over,
  });
async function failureOf(over: Partial<JsonOptions> = {}): Promise<string> {
  const failure = await readWhole(sourceOf(over)).catch((error: unknown) => error);
  if (failure instanceof ContactsError) return failure.message;
  throw failure instanceof Error ? failure : new Error('it was answered');
}

test('objects become contacts by the paths of their parts', async () => {
  answer = () => ({ body: { data: { items: [anna, ben] } } });
  const { contacts, faults } = await readWhole(sourceOf());
  expect(faults).toEqual([]);
  expect(contacts[0]).toEqual({
    contactId: '17',
    name: 'Anna Sample',
    company: 'Sample AG',
    numbers: [
      { number: '+493023125042' },
      { number: '+491713920001' },
      { number: '+493023125099', label: 'Fax', isFax: true },
    ],
    emails: ['anna@sample.example'],
  });
  expect(contacts).toHaveLength(2);
  expect(asked[0]?.headers.authorization).toBe('Bearer sample-token');
});

describe('pages', () => {
  test('by a link in the answer', async () => {
    answer = (path) => {
      const next = path === '/people' ? '/people?after=1' : undefined;
      return { body: { data: { items: [path === '/people' ? anna : ben] }, links: { next } } };
    };
    expect((await readWhole(sourceOf({ next: 'links.next' }))).contacts).toHaveLength(2);
  });

  test('by number, until one is empty', async () => {
    answer = (path) => ({
      body: { data: { items: { '0': [anna], '1': [ben] }[/page=(\d)/.exec(path)?.[1] ?? ''] ?? [] } },
    });
    expect((await readWhole(sourceOf({ page: { parameter: 'page', first: 0 } }))).contacts).toHaveLength(2);
    expect(asked.map(({ path }) => path)).toEqual(['/people?page=0', '/people?page=1', '/people?page=2']);
  });

  test('a circle, and a link to another host, end the import before the token goes there', async () => {
    answer = () => ({ body: { data: { items: [anna] }, links: { next: '/people' } } });
    expect(await failureOf({ next: 'links.next' })).toMatch(/in a circle/);
    answer = () => ({ body: { data: { items: [anna] }, links: { next: 'https://elsewhere.example/x' } } });
    expect(await failureOf({ next: 'links.next' })).toMatch(/elsewhere \(elsewhere\.example\), which is not followed/);
  });
});

describe('what is no answer', () => {
  test.each([
    ['a refusal', { status: 401, body: '' }, /401: the credentials are not accepted/],
    ['a page that is not there', { status: 404, body: '' }, /404: there is nothing at this address/],
    ['no JSON', { body: '<html>' }, /something that is no JSON/],
    ['no list', { body: { data: {} } }, /no list at "data\.items"/],
    [
      'a redirect elsewhere',
      { status: 302, body: '', location: 'https://elsewhere.example/' },
      /which is not followed/,
    ],
    ['a redirect without end', { status: 302, body: '', location: '/people' }, /sends on and on/],
    ['too much', { body: 'x'.repeat(60_000) }, /larger than 50000 bytes/],
  ])('%s', async (_what, given, words) => {
    answer = () => given;
    const failure = await failureOf({ limits: { maxBytes: 50_000 } });
    expect(failure).toMatch(words);
    expect(failure).not.toContain('sample-token');
  });

  test('an object of the wrong shape is a row without numbers, not a failure', async () => {
    answer = () => ({
      body: { data: { items: [null, 7, [], { phones: 'x', person: { name: 'A' } }, { __proto__: 1 }, ben] } },
    });
    expect((await readWhole(sourceOf())).contacts.map(({ name }) => name)).toEqual(['Ben Sample']);
  });
});

describe('whom a source may ask', () => {
  test('a private address only where it is named, whatever it is called', async () => {
    answer = () => ({ body: { data: { items: [] } } });
    expect(await failureOf({ privateHosts: [] })).toMatch(/is not https/);
    expect(await failureOf({ url: 'https://127.0.0.1:1/', privateHosts: [] })).toMatch(
      /an address of a private network/,
    );
    expect(await failureOf({ url: 'https://[::1]:1/', privateHosts: [] })).toMatch(/an address of a private network/);
    expect(await failureOf({ url: 'https://2130706433/', privateHosts: [] })).toMatch(
      /an address of a private network/,
    );
    expect(await failureOf({ url: 'https://localhost:1/', privateHosts: [] })).toMatch(
      /localhost is (?:127\.0\.0\.1|::1), an address of a private/,
    );
    expect(asked).toEqual([]);
  });

  test('a password in the address is refused', async () => {
    expect(await failureOf({ url: 'https://anna:sample@crm.example/' })).toMatch(/belongs into a secret/);
  });

  test.each([
    '10.0.0.1',
    '127.9.9.9',
    '169.254.169.254',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::',
    'fd00::1',
    'fe80::1%eth0',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '224.0.0.1',
    '255.255.255.255',
    'no address',
  ])('%s is private', (address) => expect(isPrivateAddress(address)).toBe(true));

  test.each(['192.0.2.7', '8.8.8.8', '172.32.0.1', '2001:db8::7', '::ffff:8.8.8.8'])('%s is not', (address) =>
    expect(isPrivateAddress(address)).toBe(false),
  );
});
