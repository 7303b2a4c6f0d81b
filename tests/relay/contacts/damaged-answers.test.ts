// What servers of contacts answer, damaged in ways that a seed chooses: read as far as it makes sense, or refused in words,
// and never anything else. (Files that are damaged: vcard.test.ts.)
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { multistatusOf } from '../../../relay/src/contacts/dav-xml.ts';
import { createJsonSource } from '../../../relay/src/contacts/json.ts';
import { ContactsError } from '../../../relay/src/contacts/source.ts';
import { mutated, randomOf } from '../../fakes/mutated-frames.ts';
import { readWhole } from './reading.ts';

const isFull = process.env['OFFHOOK_FULL'] === '1';
const ROUNDS = isFull ? 10_000 : 300;
const LIMIT_MS = isFull ? 900_000 : 120_000;
const SEED = 20_261_122;

const BOOK = `<?xml version="1.0"?>
<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:response><d:href>/book/a.vcf</d:href>
<d:propstat><d:prop><d:getetag>"1"</d:getetag><c:address-data>BEGIN:VCARD</c:address-data></d:prop>
<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response><d:response><d:href>/book/b.vcf</d:href>
<d:status>HTTP/1.1 404 Not Found</d:status></d:response><d:sync-token>t-7</d:sync-token></d:multistatus>`;

test(`${ROUNDS} damaged answers of a CardDAV server: what stands in them, or a ContactsError`, () => {
  const random = randomOf(SEED);
  let read = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const xml = mutated(BOOK, random);
    try {
      const { responses } = multistatusOf(xml);
      for (const { status = 0, href } of responses)
        expect([Number.isInteger(status), typeof href]).toEqual([true, 'string']);
      read += 1;
    } catch (error) {
      if (!(error instanceof ContactsError)) throw new Error(`round ${round}: ${xml}`, { cause: error });
    }
  }
  // Damage that leaves nothing to be read, or none at all, would prove nothing.
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(ROUNDS);
});

const PAGE = JSON.stringify({
  items: [
    {
      key: 17,
      person: { name: 'Anna Sample' },
      firm: 'Sample AG',
      phones: [{ number: '030 23125042' }],
      mails: ['a@b.example'],
    },
    { key: 18, person: { name: 'Ben Sample' }, phones: [{ number: '+44 20 7946 0018' }, { number: null }] },
  ],
  next: '',
});

test(
  `${ROUNDS} damaged answers of a web service: contacts with good numbers, or a ContactsError`,
  async () => {
    const random = randomOf(SEED);
    let page = PAGE;
    const server = createServer((_request, response) => response.end(page)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no address');
    const source = createJsonSource({
      url: `http://127.0.0.1:${address.port}/people`,
      headers: () => ({}),
      list: 'items',
      next: 'next',
      fields: { id: 'key', name: 'person.name', company: 'firm', email: 'mails', numbers: { 'phones.*.number': '' } },
      privateHosts: ['127.0.0.1'],
      country: 'DE',
    });
    let read = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      page = mutated(PAGE, random);
      const result = await readWhole(source).catch((error: unknown) => error);
      if (result instanceof ContactsError) continue;
      if (result instanceof Error) throw new Error(`round ${round}: ${page}`, { cause: result });
      const { contacts } = result as Awaited<ReturnType<typeof readWhole>>; // what is no error is the reading
      for (const { name, numbers } of contacts) {
        expect([name === '', numbers.filter(({ number }) => !/^\+[1-9][0-9]{1,14}$/.test(number))]).toEqual([
          false,
          [],
        ]);
      }
      read += 1;
    }
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(ROUNDS);
  },
  LIMIT_MS,
);
