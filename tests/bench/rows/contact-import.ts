// What it costs to bring a contact into the relay, from each kind of source: read, numbers judged, compared with the import
// before, stored, found. Beside it the bare library that reads the same source and throws everything away. Real servers where
// there are any; a kind whose server is not installed fails its row and says what it needs.

import { once } from 'node:events';
import { createReadStream, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { parse } from 'csv-parse';
import ICAL from 'ical.js';
import { Client } from 'ldapts';
import pg from 'pg';
import { pino } from 'pino';
import { systemClock } from '../../../relay/src/clock.ts';
import { createCarddavSource } from '../../../relay/src/contacts/carddav.ts';
import { createCsvSource } from '../../../relay/src/contacts/csv.ts';
import { createJsonSource } from '../../../relay/src/contacts/json.ts';
import { createLdapSource } from '../../../relay/src/contacts/ldap.ts';
import { createPostgresSource } from '../../../relay/src/contacts/postgres-query.ts';
import type { ContactSource } from '../../../relay/src/contacts/source.ts';
import { createSqliteSource } from '../../../relay/src/contacts/sqlite-query.ts';
import { createVcardSource } from '../../../relay/src/contacts/vcard.ts';
import { createDirectory } from '../../../relay/src/directory.ts';
import { openSqliteStore } from '../../../relay/src/store/sqlite.ts';
import { createCertificate } from '../../relay/contacts/certificate.ts';
import {
  aFolder,
  type Folder,
  missing,
  startPostgres,
  startRadicale,
  startSlapd,
} from '../../relay/contacts/servers.ts';
import { sharedNow } from '../crowd/child.ts';
import type { Ground, RowFamily } from '../row.ts';

interface Kind {
  name: string;
  reference: string;
  contacts: number;
  /** Makes the source ready, and answers it with the bare way to read it. */
  open(
    folder: Folder,
    contacts: number,
    atEnd: Ground['atEnd'],
  ): Promise<{ source: ContactSource; bare(): Promise<number> }>;
}

const TENANT = 'sample';
const ROUNDS = 7;

const nameOf = (index: number) => `Sample Person ${index}`;
const numberOf = (index: number) => `030 23125${String(index % 1_000).padStart(3, '0')}`;
const indexes = (count: number) => Array.from({ length: count }, (_, index) => index);
const cardOf = (index: number) =>
  `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u${index}\r\nFN:${nameOf(index)}\r\nN:Person;Sample;;;\r\nTEL;TYPE=WORK:${numberOf(index)}\r\nEND:VCARD\r\n`;

const csv: Kind = {
  name: 'csv',
  reference: 'csv-parse alone',
  contacts: 20_000,
  async open(folder, contacts) {
    const rows = indexes(contacts).map((index) => `${index};${nameOf(index)};Sample AG;${numberOf(index)}`);
    const file = folder.file('contacts.csv', `ID;Name;Firma;Telefon\n${rows.join('\n')}\n`);
    return {
      source: createCsvSource({ file, country: 'DE' }),
      async bare() {
        let count = -1;
        for await (const _row of createReadStream(file).pipe(parse({ delimiter: ';' }))) count += 1;
        return count;
      },
    };
  },
};

const vcard: Kind = {
  name: 'vcard',
  reference: 'ical.js alone, the whole file at once',
  contacts: 20_000,
  async open(folder, contacts) {
    const file = folder.file('contacts.vcf', indexes(contacts).map(cardOf).join(''));
    return {
      source: createVcardSource({ file, country: 'DE' }),
      bare: async () => ICAL.parse(readFileSync(file, 'utf8')).length,
    };
  },
};

const FILL = 'CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, phone TEXT);';

const sqlite: Kind = {
  name: 'sqlite',
  reference: 'the same query in this process',
  contacts: 20_000,
  async open(folder, contacts) {
    const file = `${folder.path}/crm.db`;
    const db = new DatabaseSync(file);
    db.exec(`${FILL} WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${contacts})
      INSERT INTO person SELECT i, 'Sample Person ' || i, printf('030 23125%03d', i % 1000) FROM n;`);
    const query = 'SELECT id, name, phone FROM person';
    return {
      source: createSqliteSource({ file, query, country: 'DE' }),
      bare: async () => db.prepare(query).all().length,
    };
  },
};

const postgres: Kind = {
  name: 'postgres',
  reference: 'pg alone, all rows at once',
  contacts: 20_000,
  async open(folder, contacts, atEnd) {
    if (missing.postgres) throw new Error('needs postgresql-15');
    const server = await startPostgres(
      folder,
      `${FILL} GRANT SELECT ON person TO reader;
       INSERT INTO person SELECT i, 'Sample Person ' || i, '030 23125' || lpad((i % 1000)::text, 3, '0') FROM generate_series(0, ${contacts - 1}) AS i;`,
    );
    atEnd(() => server.close());
    const place = { host: '127.0.0.1', port: server.port, database: 'crm', user: 'reader' };
    const query = 'SELECT id, name, phone FROM person';
    return {
      source: createPostgresSource({ ...place, query, country: 'DE', password: () => 'sample-password' }),
      async bare() {
        const client = new pg.Client({ ...place, password: 'sample-password' });
        await client.connect();
        const { rows } = await client.query(query);
        await client.end();
        return rows.length;
      },
    };
  },
};

const json: Kind = {
  name: 'json',
  reference: 'fetch and JSON.parse of the same pages',
  contacts: 20_000,
  async open(_folder, contacts, atEnd) {
    const size = 500;
    const pages = Math.ceil(contacts / size);
    const people = indexes(contacts).map((index) => ({
      id: `${index}`,
      name: nameOf(index),
      phones: [{ number: numberOf(index) }],
    }));
    const texts = indexes(pages).map((page) => JSON.stringify({ items: people.slice(page * size, (page + 1) * size) }));
    const server = createServer((request, response) => {
      response.end(texts[Number(/page=(\d+)/.exec(request.url ?? '')?.[1])] ?? '{"items":[]}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    atEnd(() => server.close());
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no address');
    const url = `http://127.0.0.1:${address.port}/`;
    return {
      source: createJsonSource({
        ...{ url, country: 'DE', list: 'items', privateHosts: ['127.0.0.1'], page: { parameter: 'page', first: 0 } },
        fields: { id: 'id', name: 'name', numbers: { 'phones.*.number': '' } },
        headers: () => ({}),
      }),
      async bare() {
        let count = 0;
        for (const page of indexes(pages)) {
          const { items } = (await (await fetch(`${url}?page=${page}`)).json()) as { items: unknown[] }; // our own server's
          count += items.length;
        }
        return count;
      },
    };
  },
};

const ldap: Kind = {
  name: 'ldap',
  reference: 'ldapts alone, the same pages of a real OpenLDAP',
  contacts: 5_000,
  async open(folder, contacts, atEnd) {
    if (missing.slapd) throw new Error('needs slapd');
    const ldif = indexes(contacts).map((index) => {
      const id = `dn: uid=p${index},ou=people,dc=example\nobjectClass: inetOrgPerson\nuid: p${index}`;
      return `${id}\ncn: ${nameOf(index)}\nsn: Person\ntelephoneNumber: ${numberOf(index)}\n`;
    });
    const server = await startSlapd(folder, { ldif: ldif.join('\n'), tls: createCertificate(folder) });
    atEnd(() => server.close());
    const url = `ldap://127.0.0.1:${server.port}`;
    const base = 'ou=people,dc=example';
    const reader = { bindDn: 'cn=reader,dc=example', password: 'sample-reader' };
    return {
      source: createLdapSource({ url, base, country: 'DE', credentials: () => reader }),
      async bare() {
        const client = new Client({ url });
        await client.bind(reader.bindDn, reader.password);
        const { searchEntries } = await client.search(base, {
          filter: '(telephoneNumber=*)',
          paged: { pageSize: 500 },
        });
        await client.unbind();
        return searchEntries.length;
      },
    };
  },
};

const carddav: Kind = {
  name: 'carddav',
  reference: 'the whole book of a real Radicale by one GET',
  contacts: 200,
  async open(folder, contacts, atEnd) {
    if (missing.radicale) throw new Error('needs radicale');
    const server = await startRadicale(folder);
    atEnd(() => server.close());
    const url = `http://127.0.0.1:${server.port}/anna/team/`;
    const authorization = `Basic ${Buffer.from('anna:sample-password').toString('base64')}`;
    const headers = { authorization, 'content-type': 'text/vcard', 'x-radicale-tag': 'VADDRESSBOOK' };
    const body = indexes(contacts).map(cardOf).join('');
    const put = await fetch(url, { method: 'PUT', headers, body });
    if (!put.ok) throw new Error(`the address book was not taken: ${put.status}`);
    return {
      source: createCarddavSource({
        ...{ url, country: 'DE', privateHosts: ['127.0.0.1'] },
        credentials: () => ({ username: 'anna', password: 'sample-password' }),
      }),
      bare: async () =>
        (await (await fetch(url, { headers: { authorization } })).text()).split('BEGIN:VCARD').length - 1,
    };
  },
};

/** One family a kind, so that one without its server leaves the others their figures. */
export const contactImports: readonly RowFamily[] = [csv, vcard, sqlite, postgres, json, ldap, carddav].map((kind) =>
  importFamily(kind, { contacts: kind.contacts, rounds: ROUNDS }),
);

/** The quick ones, small. */
export const fewContactImports: readonly RowFamily[] = [csv, vcard, sqlite, json].map((kind) =>
  importFamily(kind, { contacts: 50, rounds: 1 }),
);

function importFamily(kind: Kind, size: { contacts: number; rounds: number }): RowFamily {
  const id = `contact-import-${kind.name}`;
  return {
    rows: [
      {
        id,
        unit: 'µs',
        ours: `a contact of ${size.contacts} into the relay, read to found`,
        reference: kind.reference,
      },
    ],
    rounds: size.rounds,
    warmUpRounds: 1,
    async open({ say, atEnd }) {
      const folder = aFolder();
      atEnd(() => folder.close());
      const { source, bare } = await kind.open(folder, size.contacts, atEnd);
      const data = aFolder();
      const store = openSqliteStore(data.path);
      atEnd(async () => {
        await store.close();
        data.close();
      });
      await store.seed({
        tenants: [{ tenantId: TENANT, name: 'Sample', country: 'DE' }],
        users: [],
        lines: [],
        grants: [],
      });
      const sources = [{ id: 'crm', tenantId: TENANT, source }];
      const directory = createDirectory({ store, sources, clock: systemClock, log: pino({ level: 'silent' }) });
      const timed = (read: () => Promise<number>) => async () => {
        const startedAt = sharedNow();
        const count = await read();
        const tookMs = sharedNow() - startedAt;
        if (count !== size.contacts) throw new Error(`${count} of ${size.contacts} contacts were read`);
        return { [id]: (1000 * tookMs) / count };
      };
      // All of it each time, also where a source could tell the changes alone.
      const ours = timed(async () => (await directory.importSource('crm', { isWhole: true })).contacts);
      const [whole, peak] = [(await ours())[id] ?? 0, process.memoryUsage().rss];
      say(`${Math.round(1e6 / whole)} contacts a second; ${(peak / 1e6).toFixed(0)} MB resident`);
      return { ours, reference: timed(bare) };
    },
  };
}
