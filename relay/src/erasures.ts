// Erasing a number from the journal: every conversation with it loses its numbers, names, times and notes. A list of what
// was erased, as hashes, lies beside the database, so that a backup that is put back is cleaned at the next start. What is
// erased is never written into the log.
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import type { PhoneNumber } from '@offhook/protocol';
import type { Logger } from 'pino';
import * as v from 'valibot';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import { keyOf } from './journal-settings.ts';
import type { Conversation, Erasure, Store } from './store/store.ts';

export interface ErasuresOptions {
  store: Pick<Store, 'eachConversation' | 'erasures' | 'addErasure' | 'tenants'>;
  journal: Pick<Journal, 'erase'>;
  /** The list beside the database. */
  file: string;
  clock: Clock;
  log: Logger;
}

/** How many conversations were erased, and how many with the number still go on: ask again when they are over. */
export interface Erased {
  erased: number;
  running: number;
}

export interface Erasures {
  erase(tenantId: string, numbers: readonly PhoneNumber[]): Promise<Erased>;
}

const SaltRow = v.object({ salt: v.string() });
const ErasureRow = v.object({ tenantId: v.string(), numberHash: v.string(), erasedAt: v.string() });

/** Reads the list, and erases again what a restored database holds of it. */
export async function openErasures(options: ErasuresOptions): Promise<Erasures> {
  const { store, file, clock, log } = options;
  const { salt, listed } = await readList(file);
  const hashOf = (key: string) => createHmac('sha256', salt).update(key).digest('base64url');
  const done = new Set(
    (await store.erasures()).map((one) => JSON.stringify([one.tenantId, one.numberHash, one.erasedAt])),
  );
  const forgotten = listed.filter((one) => !done.has(JSON.stringify([one.tenantId, one.numberHash, one.erasedAt])));
  const tenantIds = new Set((await store.tenants()).map(({ tenantId }) => tenantId));
  for (const erasure of forgotten.filter(({ tenantId }) => tenantIds.has(tenantId))) {
    const { tenantId, numberHash, erasedAt } = erasure;
    const { erased } = await eraseAll(options, tenantId, (one, key) => {
      return one.startedAt <= erasedAt && hashOf(key) === numberHash;
    });
    await store.addErasure(erasure);
    log.info({ tenant: tenantId, erased }, 'what had been erased before a restore was erased again');
  }
  return {
    async erase(tenantId, numbers) {
      const keys = new Set(numbers.flatMap((number) => keyOf(number) ?? []));
      const erasedAt = new Date(clock.now()).toISOString();
      // Listed first: should the relay die half-way, the next start goes on.
      for (const key of keys) await list({ tenantId, numberHash: hashOf(key), erasedAt });
      const outcome = await eraseAll(options, tenantId, (_one, key) => keys.has(key));
      for (const key of keys) await store.addErasure({ tenantId, numberHash: hashOf(key), erasedAt });
      log.info({ tenant: tenantId, ...outcome }, 'a number was erased from the journal');
      return outcome;
    },
  };

  async function list(erasure: Erasure): Promise<void> {
    if (!existsSync(file)) await writeFile(file, `${JSON.stringify({ salt })}\n`, { mode: 0o600, flush: true });
    // A line that a power cut tore must not swallow the next one.
    const isTorn = !(await readFile(file, 'utf8')).endsWith('\n');
    await appendFile(file, `${isTorn ? '\n' : ''}${JSON.stringify(erasure)}\n`, { flush: true });
  }
}

async function eraseAll(
  { store, journal }: ErasuresOptions,
  tenantId: string,
  isMeant: (conversation: Conversation, key: string) => boolean,
): Promise<Erased> {
  const found: string[] = [];
  await store.eachConversation(tenantId, (conversation) => {
    const keys = conversation.legs.flatMap(({ remote, dialled, direction }) => [
      keyOf(remote.number),
      direction === 'inbound' || !dialled ? undefined : keyOf(dialled),
    ]);
    if (keys.some((key) => key !== undefined && isMeant(conversation, key))) found.push(conversation.conversationId);
  });
  const erased = await journal.erase(found);
  return { erased, running: found.length - erased };
}

async function readList(file: string): Promise<{ salt: string; listed: Erasure[] }> {
  if (!existsSync(file)) return { salt: randomBytes(24).toString('base64url'), listed: [] };
  const [head = '{}', ...rows] = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), SaltRow), head);
  if (!read.success && rows.length === 0) {
    // Torn before anything was listed.
    await rm(file);
    return readList(file);
  }
  if (!read.success) throw new Error(`the list of erased numbers, ${file}, is damaged: take it from a backup`);
  // A last line that a power cut tore is one that was never answered for.
  const listed = rows.flatMap((row) => {
    const erasure = v.safeParse(v.pipe(v.string(), v.parseJson(), ErasureRow), row);
    return erasure.success ? [erasure.output] : [];
  });
  return { salt: read.output.salt, listed };
}
