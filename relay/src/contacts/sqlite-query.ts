// Contacts from a query over an SQLite file. The file is opened for reading alone, and the query runs in a process of its
// own: a slow one keeps no call waiting, and one that never ends is ended, which nothing can do to a thread.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import * as v from 'valibot';
import { type ContactSettings, contactsOf } from './contact-of.ts';
import type { FieldNames } from './fields.ts';
import { type ContactSource, ContactsError, DEFAULT_LIMITS, type ReadLimits, type ReadOptions } from './source.ts';
import { type RowBatch, tableRecords } from './table.ts';

export interface SqliteOptions extends ContactSettings {
  file: string;
  query: string;
  /** For each batch of rows. */
  timeoutMs?: number | undefined;
  fields?: FieldNames | undefined;
  limits?: Partial<ReadLimits> | undefined;
}

const TIMEOUT_MS = 60_000;
const BATCH_ROWS = 500;

// JavaScript of its own, so that it needs no file beside the relay's one. Answers one batch for each word it is sent.
const PROGRAM = `
const { DatabaseSync } = require('node:sqlite');
const [file, query] = process.argv.slice(1);
const fail = (error) => process.send({ type: 'error', message: error.message });
try {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  db.exec('PRAGMA query_only = ON');
  const statement = db.prepare(query);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  const columns = statement.columns().map(({ name }) => name);
  const rows = statement.iterate();
  process.on('message', () => {
    try {
      const batch = [];
      while (batch.length < ${BATCH_ROWS}) {
        const next = rows.next();
        if (next.done) break;
        batch.push(next.value);
      }
      process.send({ type: 'batch', columns, rows: batch });
    } catch (error) {
      fail(error);
    }
  });
} catch (error) {
  fail(error);
}
`;

const Answer = v.variant('type', [
  v.object({ type: v.literal('batch'), columns: v.array(v.string()), rows: v.array(v.array(v.unknown())) }),
  v.object({ type: v.literal('error'), message: v.string() }),
]);

/** A contact source over one query, which is asked anew at each import. */
export function createSqliteSource(options: SqliteOptions): ContactSource {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return {
    read(told: ReadOptions) {
      const records = tableRecords(batchesOf(options, told.signal), { fields: options.fields, limits, told });
      return contactsOf(records, options, told);
    },
  };
}

async function* batchesOf(
  { file, query, timeoutMs = TIMEOUT_MS }: SqliteOptions,
  signal: AbortSignal | undefined,
): AsyncIterable<RowBatch> {
  if (!existsSync(file)) throw new ContactsError(`${file}: there is no such file`);
  const child = spawn(process.execPath, ['--no-warnings', '-e', PROGRAM, file, query], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    env: {},
  });
  const ended = once(child, 'close');
  try {
    for (;;) {
      const batch = await nextBatch(child, { file, timeoutMs, signal });
      yield batch;
      if (batch.rows.length < BATCH_ROWS) return;
    }
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

interface Waiting {
  file: string;
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

function nextBatch(child: ChildProcess, { file, timeoutMs, signal }: Waiting): Promise<RowBatch> {
  const { promise, resolve, reject } = Promise.withResolvers<RowBatch>();
  const fail = (why: string) => reject(new ContactsError(`${file}: ${why}`));
  const late = setTimeout(
    () => fail(`the query took longer than ${timeoutMs / 1000} s: make it faster, or raise "timeoutSeconds"`),
    timeoutMs,
  );
  const abort = () => reject(signal?.reason);
  const take = (message: unknown) => {
    const answer = v.parse(Answer, message);
    if (answer.type === 'batch') resolve(answer);
    else fail(answer.message);
  };
  const lost = () => fail('the process that asks the query ended by itself');
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  child.once('message', take);
  child.once('close', lost);
  // What cannot be sent is told by the end of the process.
  child.send('next', () => undefined);
  return promise.finally(() => {
    clearTimeout(late);
    signal?.removeEventListener('abort', abort);
    child.off('message', take);
    child.off('close', lost);
  });
}
