// Contacts from a real CardDAV server (Radicale), and from a fake one that does what others do: found by discovery, whole at
// first, changes alone from then on.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type CarddavOptions, createCarddavSource } from '../../../relay/src/contacts/carddav.ts';
import { ContactsError } from '../../../relay/src/contacts/source.ts';
import { readWhole } from './reading.ts';
import { aFolder, type Folder, missing, type RunningServer, startRadicale, titled } from './servers.ts';

const AUTH = { username: 'anna', password: 'sample-password' };
const BASIC = `Basic ${Buffer.from('anna:sample-password').toString('base64')}`;

function card(index: number, over: { name?: string; more?: string } = {}): string {
  const { name = `Sample Person ${index}`, more = '' } = over;
  const number = `TEL;TYPE=WORK:+49 30 23125${String(index % 1000).padStart(3, '0')}`;
  return `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:card-${index}\r\nFN:${name}\r\nN:;;;;\r\n${number}\r\n${more}END:VCARD\r\n`;
}

async function failureOf(options: CarddavOptions): Promise<string> {
  const failure = await readWhole(createCarddavSource(options)).catch((error: unknown) => error);
  if (failure instanceof ContactsError) return failure.message;
  throw failure instanceof Error ? failure : new Error('the server was read');
}

describe.skipIf(missing.radicale)(titled('Radicale', missing.radicale, 'radicale'), () => {
  let folder: Folder;
  let server: RunningServer;
  let base = '';
  beforeAll(async () => {
    folder = aFolder();
    server = await startRadicale(folder);
    base = `http://127.0.0.1:${server.port}`;
    await make('team', 'Team');
    await make('club', 'Club');
    const all = Array.from({ length: 120 }, (_, index) => card(index)).join('');
    // A whole book at once is what Radicale takes in place of 120 requests.
    await send('PUT', '/anna/team/', all, { 'content-type': 'text/vcard', 'x-radicale-tag': 'VADDRESSBOOK' });
    await send('PUT', '/anna/club/one.vcf', card(500));
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    folder?.close();
  });

  async function send(method: string, path: string, body = '', headers: Record<string, string> = {}): Promise<string> {
    const type = { 'content-type': 'text/vcard' };
    const options = { method, headers: { authorization: BASIC, ...type, ...headers } };
    const response = await fetch(`${base}${path}`, body === '' ? options : { ...options, body });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.text();
  }

  const make = (id: string, name: string) =>
    send(
      'MKCOL',
      `/anna/${id}/`,
      '<D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:set><D:prop><D:resourcetype><D:collection/>' +
        `<C:addressbook/></D:resourcetype><D:displayname>${name}</D:displayname></D:prop></D:set></D:mkcol>`,
      { 'content-type': 'application/xml' },
    );
  const optionsOf = (over: Partial<CarddavOptions> = {}): CarddavOptions => ({
    url: base,
    country: 'DE',
    credentials: () => AUTH,
    privateHosts: ['127.0.0.1'],
    ...over,
  });
  const read = (over: Partial<CarddavOptions> = {}, last?: Parameters<typeof readWhole>[1]) =>
    readWhole(createCarddavSource(optionsOf(over)), last);

  test('the address books of an account are found from the server’s address alone, and read whole', async () => {
    const { contacts, faults, mark } = await read({ addressBooks: ['team', 'Club'] });
    expect(contacts).toHaveLength(121);
    expect(faults).toEqual([]);
    expect(contacts.find(({ name }) => name === 'Sample Person 42')?.numbers).toEqual([
      { number: '+493023125042', label: 'Work' },
    ]);
    expect(mark).toBeDefined();
  });

  test('one book is read by its name or by its address', async () => {
    expect((await read({ addressBooks: ['Club'] })).contacts).toHaveLength(1);
    expect((await read({ url: `${base}/anna/club/` })).contacts).toHaveLength(1);
    expect(await failureOf(optionsOf({ addressBooks: ['None'] }))).toMatch(
      // The server names them in an order of its own; the book that was put as a whole lost its name to its address.
      /no address book of that name: there are (?=.*"anna\/team")(?=.*"Club")/,
    );
  });

  test('after the first time only what changed is asked for: new, changed and removed cards, the others as they were', async () => {
    await make('diary', 'Diary');
    const only = { addressBooks: ['Diary'] };
    for (const index of [1, 2, 3]) await send('PUT', `/anna/diary/${index}.vcf`, card(index));
    const first = await read(only);
    expect(first.contacts.map(({ name }) => name).sort()).toEqual([1, 2, 3].map((n) => `Sample Person ${n}`));

    const none = await read(only, first.last());
    expect(none.numbers).toEqual([]);
    expect(none.contacts).toEqual(first.contacts);

    await send('PUT', '/anna/diary/2.vcf', card(2, { name: 'Sample Renamed' }));
    await send('PUT', '/anna/diary/4.vcf', card(4));
    await send('DELETE', '/anna/diary/3.vcf');
    const second = await read(only, none.last());
    expect(second.contacts.map(({ name }) => name).sort()).toEqual([
      'Sample Person 1',
      'Sample Person 4',
      'Sample Renamed',
    ]);
    // Two cards were read, not three: the untouched one is the one from before.
    expect(second.numbers).toHaveLength(2);
  });

  test('a mark that was made with other settings, or that the server does not know, leads to a whole reading', async () => {
    const first = await read({ addressBooks: ['Club'] });
    const moved = await read({ addressBooks: ['Club'], country: 'AT' }, first.last());
    expect(moved.numbers).toHaveLength(1);
    const last = first.last();
    const mark = last.mark.replace(/ns\/sync\/\w{8}/, 'ns/sync/00000000');
    expect(mark).not.toBe(last.mark);
    const forgotten = await read({ addressBooks: ['Club'] }, { ...last, mark });
    expect(forgotten.numbers).toHaveLength(1);
    expect(forgotten.contacts).toEqual(first.contacts);
  });

  test('a wrong password is told in words that do not hold it; a private address is asked only where it is named', async () => {
    const wrong = await failureOf(optionsOf({ credentials: () => ({ ...AUTH, password: 'sample-wrong' }) }));
    expect(wrong).toMatch(/401: the credentials are not accepted/);
    expect(wrong).not.toContain('sample-wrong');
    expect(await failureOf(optionsOf({ privateHosts: [] }))).toMatch(/is not https/);
  });
});

describe('other servers', () => {
  let server: Server;
  let asked: string[] = [];
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  type Answer = (request: {
    method: string;
    path: string;
    body: string;
  }) => [status: number, body: string, headers?: object];
  async function serving(answer: Answer): Promise<string> {
    asked = [];
    server = createServer(async (request, response) => {
      const { method = '', url: path = '' } = request;
      asked.push(`${method} ${path}`);
      const [status, body, headers = {}] = answer({ method, path, body: await bodyOf(request) });
      response.writeHead(status, { ...headers }).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no address');
    return `http://127.0.0.1:${address.port}`;
  }

  async function bodyOf(request: IncomingMessage): Promise<string> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    return body;
  }

  const optionsOf = (url: string): CarddavOptions => ({
    url,
    country: 'DE',
    credentials: () => AUTH,
    privateHosts: ['127.0.0.1'],
  });
  const multistatus = (inner: string) =>
    `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav">${inner}</d:multistatus>`;
  const response = (href: string, props: string) =>
    `<d:response><d:href>${href}</d:href><d:propstat><d:prop>${props}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
  const aBook = (reports = '') =>
    multistatus(
      response(
        '/book/',
        `<d:resourcetype><d:collection/><card:addressbook/></d:resourcetype><d:displayname>B</d:displayname>${reports}`,
      ),
    );
  const cards = (paths: readonly string[], of: (path: string) => string) =>
    multistatus(
      paths.map((path) => response(path, `<card:address-data><![CDATA[${of(path)}]]></card:address-data>`)).join(''),
    );

  test('without sync-collection the cards’ tags are compared, and only what differs is asked for', async () => {
    let tags: Record<string, string> = { '/book/1.vcf': 'a', '/book/2.vcf': 'a', '/book/3.vcf': 'a' };
    let wanted: string[] = [];
    const url = await serving(({ method, body }) => {
      if (method === 'PROPFIND' && body.includes('displayname')) return [207, aBook()];
      if (method === 'PROPFIND') {
        const own = Object.entries(tags).map(([path, tag]) => response(path, `<d:getetag>"${tag}"</d:getetag>`));
        return [207, multistatus(own.join(''))];
      }
      wanted = [...body.matchAll(/<D:href>([^<]*)</g)].map(([, href = '']) => href);
      return [207, cards(wanted, (path) => card(Number(path.match(/\d/)?.[0])))];
    });
    const source = createCarddavSource(optionsOf(`${url}/book/`));
    const first = await readWhole(source);
    expect(first.contacts).toHaveLength(3);
    tags = { '/book/1.vcf': 'a', '/book/2.vcf': 'b' };
    const second = await readWhole(source, first.last());
    expect(wanted).toEqual(['/book/2.vcf']);
    expect(second.contacts.map(({ name }) => name).sort()).toEqual(['Sample Person 1', 'Sample Person 2']);
  });

  test('one card that cannot be read is told by its path, and the others come in', async () => {
    const url = await serving(({ method, body }) => {
      if (body.includes('displayname')) return [207, aBook()];
      const paths = ['/book/1.vcf', '/book/2.vcf'];
      if (method === 'PROPFIND')
        return [207, multistatus(paths.map((path) => response(path, '<d:getetag>1</d:getetag>')).join(''))];
      return [207, cards(paths, (path) => (path.includes('1') ? 'BEGIN:VCARD\r\nFN:Half' : card(2)))];
    });
    const { contacts, faults } = await readWhole(createCarddavSource(optionsOf(`${url}/book/`)));
    expect(contacts.map(({ name }) => name)).toEqual(['Sample Person 2']);
    expect(faults).toEqual([{ line: 1, place: '/book/1.vcf', reason: expect.stringContaining('never ends') }]);
  });

  test('whoever sends on to another host, or names an address there, does not get the password', async () => {
    const url = await serving(() => [302, '', { location: 'https://elsewhere.example/book/' }]);
    expect(await failureOf(optionsOf(url))).toMatch(/sends on to https:\/\/elsewhere\.example, which is not followed/);
    server.close();
    const home = multistatus(
      response(
        '/',
        '<card:addressbook-home-set><d:href>https://elsewhere.example/</d:href></card:addressbook-home-set>',
      ),
    );
    expect(await failureOf(optionsOf(await serving(() => [207, home])))).toMatch(
      /names an address elsewhere \(elsewhere\.example\)/,
    );
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['no XML', 'hello', /cannot be read/],
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', /cannot be read/],
    ['a thousand elements within each other', '<a>'.repeat(1000) + '</a>'.repeat(1000), /cannot be read/],
    ['nothing', multistatus(''), /there is no address book/],
  ])('an answer with %s is told', async (_what, body, words) => {
    expect(await failureOf(optionsOf(await serving(() => [207, body])))).toMatch(words);
  });

  test('more than is allowed is broken off', async () => {
    const url = await serving(() => [207, 'x'.repeat(100_000)]);
    expect(await failureOf({ ...optionsOf(url), limits: { maxBytes: 50_000 } })).toMatch(/larger than 50000 bytes/);
  });
});
