// Contacts from a query over PostgreSQL: one read-only transaction with a time limit, its rows fetched by a cursor, so that
// neither side ever holds all of them. The query is the administrator's; nothing else ever gets into it.
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import pg from 'pg';
import { type ContactSettings, contactsOf } from './contact-of.ts';
import type { FieldNames } from './fields.ts';
import { type ContactSource, ContactsError, DEFAULT_LIMITS, type ReadLimits, type ReadOptions } from './source.ts';
import { type RowBatch, tableRecords } from './table.ts';

export interface PostgresOptions extends ContactSettings {
  host: string;
  port: number;
  database: string;
  user: string;
  /** Asked for at each import. */
  password(): string | undefined;
  /** Undefined: no encryption. */
  tls?: { ca?: string | undefined } | undefined;
  query: string;
  /** For each statement. */
  timeoutMs?: number | undefined;
  fields?: FieldNames | undefined;
  limits?: Partial<ReadLimits> | undefined;
}

const TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 15_000;
const BATCH_ROWS = 500;

/** A contact source over one query, which is asked anew at each import. */
export function createPostgresSource(options: PostgresOptions): ContactSource {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return {
    read(told: ReadOptions) {
      const records = tableRecords(batchesOf(options, told.signal), { fields: options.fields, limits, told });
      return contactsOf(records, options, told);
    },
  };
}

async function* batchesOf(options: PostgresOptions, signal: AbortSignal | undefined): AsyncIterable<RowBatch> {
  const socket = new Socket();
  const client = new pg.Client({ ...settingsOf(options), stream: () => socket });
  // What is lost between two statements is told by the next one.
  client.on('error', () => undefined);
  // A goodbye would wait for the query.
  const abort = () => socket.destroy();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
    await client.query('BEGIN TRANSACTION READ ONLY');
    await client.query(oneStatement(`DECLARE contacts NO SCROLL CURSOR FOR\n${options.query}\n`));
    for (;;) {
      const { fields, rows } = await client.query<unknown[]>({
        text: `FETCH ${BATCH_ROWS} FROM contacts`,
        rowMode: 'array',
      });
      yield { columns: fields.map(({ name }) => name), rows };
      if (rows.length < BATCH_ROWS) break;
    }
    await client.query('ROLLBACK');
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw error instanceof ContactsError ? error : errorOf(error, options);
  } finally {
    signal?.removeEventListener('abort', abort);
    if (!socket.destroyed) await client.end().catch(() => undefined);
  }
}

// The extended protocol takes one statement alone: nothing behind the query can end the transaction. The package's types do
// not know of it.
function oneStatement(text: string): pg.QueryConfig {
  return Object.assign({ text }, { queryMode: 'extended' });
}

function settingsOf({
  host,
  port,
  database,
  user,
  password,
  tls,
  timeoutMs = TIMEOUT_MS,
}: PostgresOptions): pg.ClientConfig {
  const secret = password();
  return {
    host,
    port,
    database,
    user,
    ...(secret !== undefined && { password: secret }),
    ssl: tls ? { rejectUnauthorized: true, ...(tls.ca !== undefined && { ca: readCa(tls.ca) }) } : false,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: timeoutMs,
    idle_in_transaction_session_timeout: 5 * timeoutMs,
    application_name: 'offhook-relay',
    options: '-c default_transaction_read_only=on',
    // Texts as the server writes them: whatever type a column has, numbers keep all of their digits.
    types: { getTypeParser: () => (value: string) => value },
  };
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ContactsError(`${file} (tls.ca) cannot be read`, { cause });
  }
}

// SQLSTATE, and what to do about it.
const WORDS: Record<string, string> = {
  '28P01': 'the password is not accepted: check "user" and the secret behind "password"',
  '28000': 'this user may not sign in from here: check pg_hba.conf',
  '3D000': 'there is no such database',
  '42501': 'this user has no right to read what the query asks for',
  '42601': 'the query is not right',
  '42703': 'the query names a column that is not there',
  '42P01': 'the query names a table that is not there',
  '25006': 'the query would write: only reading is allowed',
  '57014': 'the query took too long: make it faster, or raise "timeoutSeconds"',
};

function errorOf(cause: unknown, { host, port, database }: PostgresOptions): ContactsError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const said = cause instanceof Error ? cause.message : String(cause);
  const words = WORDS[code];
  const why = words === undefined ? said : code.startsWith('42') ? `${words} (${said})` : words;
  return new ContactsError(`${database} at ${host}:${port}: ${why}`, { cause });
}
