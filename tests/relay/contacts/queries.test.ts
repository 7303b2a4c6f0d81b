// Contacts from queries: over an SQLite file and over a real PostgreSQL. Neither is ever written to, and a query that takes too
// long is ended.
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresSource, type PostgresOptions } from '../../../relay/src/contacts/postgres-query.ts';
import { type ContactSource, ContactsError } from '../../../relay/src/contacts/source.ts';
import { createSqliteSource, type SqliteOptions } from '../../../relay/src/contacts/sqlite-query.ts';
import { readWhole } from './reading.ts';
import { aFolder, type Folder, missing, type RunningServer, startPostgres, titled } from './servers.ts';

const ROWS = 1_234;
const QUERY =
  'SELECT id, full_name AS name, firm AS company, phone, mobile, fax, mail AS email FROM person ORDER BY id';
const MAKE = `CREATE TABLE person (id BIGINT PRIMARY KEY, full_name TEXT, firm TEXT, phone TEXT, mobile TEXT, fax TEXT, mail TEXT);
CREATE TABLE secret (word TEXT);`;
const ANNA = {
  contactId: '9007199254740993',
  name: 'Anna Sample',
  company: 'Sample AG',
  numbers: [
    { number: '+493023125042' },
    { number: '+491713920001', label: 'Mobile' },
    { number: '+493023125099', label: 'Fax', isFax: true },
  ],
  emails: ['anna@sample.example'],
};
const INSERT_ANNA =
  "INSERT INTO person VALUES (9007199254740993, 'Anna Sample', 'Sample AG', '030 23125042', '0171 3920001', '030 23125099', 'Anna@Sample.example');";

async function failureOf(source: ContactSource, signal?: AbortSignal): Promise<string> {
  const failure = await readWhole(source, undefined, signal).catch((error: unknown) => error);
  if (failure instanceof ContactsError) return failure.message;
  throw failure instanceof Error ? failure : new Error('the query was answered');
}

describe('SQLite', () => {
  let folder: Folder;
  let file = '';
  beforeAll(() => {
    folder = aFolder();
    file = `${folder.path}/crm.db`;
    const db = new DatabaseSync(file);
    db.exec(`${MAKE} ${INSERT_ANNA}
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS - 1})
      INSERT INTO person SELECT i, 'Person ' || i, NULL, printf('030 23125%03d', i % 1000), NULL, NULL, NULL FROM n;`);
    db.close();
  });
  afterAll(() => folder.close());
  const sourceOf = (over: Partial<SqliteOptions> = {}) =>
    createSqliteSource({ file, query: QUERY, country: 'DE', ...over });

  test('rows become contacts by the names of their columns, ids keep all of their digits', async () => {
    const { contacts, faults } = await readWhole(sourceOf());
    expect(contacts).toHaveLength(ROWS);
    expect(faults).toEqual([]);
    expect(contacts.at(-1)).toEqual(ANNA);
  });

  test('columns are what the configuration says they are', async () => {
    const fields = { name: 'a', numbers: { b: 'Desk' } };
    const query = "SELECT 'Ben' AS a, '030 23125001' AS b, '030 23125002' AS phone";
    const { contacts } = await readWhole(sourceOf({ query, fields }));
    expect(contacts[0]).toMatchObject({ name: 'Ben', numbers: [{ number: '+493023125001', label: 'Desk' }] });
  });

  test.each([
    ['INSERT INTO secret VALUES (1) RETURNING word AS phone', /readonly|read-only|only/i],
    ['SELECT phone FROM missing', /no such table/],
    ['SELECT full_name AS name FROM person', /no column for telephone numbers among name/],
  ])('%s is refused', async (query, words) => {
    expect(await failureOf(sourceOf({ query }))).toMatch(words);
  });

  test('a query without end is ended, and one that is not wanted any more, too', async () => {
    const query = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS phone FROM n';
    expect(await failureOf(sourceOf({ query, timeoutMs: 1_500 }))).toMatch(/took longer than 1\.5 s/);
    const end = new AbortController();
    const reading = readWhole(sourceOf({ query }), undefined, end.signal);
    end.abort(new Error('no more'));
    await expect(reading).rejects.toThrow('no more');
  });

  test('limits hold', async () => {
    expect(await failureOf(sourceOf({ limits: { maxRows: 600 } }))).toMatch(/more than 600 rows/);
    expect(await failureOf(sourceOf({ limits: { maxBytes: 1_000 } }))).toMatch(/larger than 1000 bytes/);
    expect(await failureOf(sourceOf({ limits: { maxFields: 3 } }))).toMatch(/more than 3 columns/);
    expect(await failureOf(sourceOf({ file: `${folder.path}/none.db` }))).toMatch(/there is no such file/);
  });
});

describe.skipIf(missing.postgres)(titled('PostgreSQL', missing.postgres, 'postgresql'), () => {
  let folder: Folder;
  let server: RunningServer;
  beforeAll(async () => {
    folder = aFolder();
    server = await startPostgres(
      folder,
      `${MAKE} ${INSERT_ANNA} GRANT SELECT ON person TO reader; GRANT INSERT ON secret TO reader;
       INSERT INTO person SELECT i, 'Person ' || i, NULL, '030 23125' || lpad((i % 1000)::text, 3, '0') FROM generate_series(1, ${ROWS - 1}) AS i;
       CREATE FUNCTION writes() RETURNS TEXT LANGUAGE plpgsql AS $$ BEGIN INSERT INTO secret VALUES ('x'); RETURN '1'; END $$;`,
    );
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    folder?.close();
  });
  const sourceOf = (over: Partial<PostgresOptions> = {}) =>
    createPostgresSource({
      ...{ host: '127.0.0.1', port: server.port, database: 'crm', user: 'reader', country: 'DE' },
      password: () => 'sample-password',
      query: QUERY,
      ...over,
    });

  test('rows become contacts by the names of their columns, batch by batch, ids keep all of their digits', async () => {
    const { contacts, faults } = await readWhole(sourceOf());
    expect(contacts).toHaveLength(ROWS);
    expect(faults).toEqual([]);
    expect(contacts.at(-1)).toEqual(ANNA);
  });

  test.each([
    ['SELECT writes() AS phone', /the query would write/],
    ['SELECT word AS phone FROM secret', /no right to read/],
    ['SELECT phone FROM nothing', /names a table that is not there \(.*"nothing"/],
    ['SELECT nothing AS phone FROM person', /names a column that is not there/],
    ['SELEC phone', /the query is not right/],
    ['SELECT 1 AS phone; COMMIT; DROP TABLE person', /the query is not right/],
    ['SELECT full_name AS name FROM person -- done', /no column for telephone numbers/],
  ])('%s is refused', async (query, words) => {
    expect(await failureOf(sourceOf({ query }))).toMatch(words);
  });

  test('a query that takes too long is ended by the server', async () => {
    expect(await failureOf(sourceOf({ query: 'SELECT pg_sleep(60)::text AS phone', timeoutMs: 100 }))).toMatch(
      /took too long/,
    );
  });

  test('an import that is broken off ends its connection', async () => {
    const end = new AbortController();
    const reading = readWhole(sourceOf({ query: 'SELECT pg_sleep(60)::text AS phone' }), undefined, end.signal);
    end.abort(new Error('no more'));
    await expect(reading).rejects.toThrow('no more');
  });

  test('a wrong password, a database that is not there, a server without TLS: in words, never with the password', async () => {
    const wrong = await failureOf(sourceOf({ password: () => 'sample-wrong' }));
    expect(wrong).toMatch(/the password is not accepted/);
    expect(wrong).not.toContain('sample-wrong');
    expect(await failureOf(sourceOf({ database: 'none' }))).toMatch(/there is no such database/);
    expect(await failureOf(sourceOf({ tls: {} }))).toMatch(/does not support SSL/);
  });
});
