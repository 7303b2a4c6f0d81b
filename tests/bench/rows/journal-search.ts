// A journal of a million calls, paged and searched by an agent through the relay, a process of its own: how long does
// everybody else wait meanwhile? The event loop is watched from within. Beside it the same search as one query, during
// which nothing else would happen.
import { createPrivateKey, sign } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { proofText } from '@offhook/protocol';
import { openDatabase } from '../../../relay/src/store/database.ts';
import { signInTo } from '../../relay/process-rig.ts';
import type { WireClient } from '../../relay/wire-client.ts';
import { sharedNow } from '../crowd/child.ts';
import { type Agent, type Company, foundCompany, lineIdIn, startRelayFor } from '../crowd/company.ts';
import { openBenchExchange } from '../crowd/exchange.ts';
import type { RowFamily } from '../row.ts';

const ID = 'journal-search';
const OWN = 'of it on the processor';
const LATER = 'until the answers are there';
// Nobody has had calls on this agent's lines: all of the journal is looked through for his page.
const QUIET_AGENT = 0;
const BUSY_LINES_FROM = 30;
const SECONDS_A_CALL = 5;

/** A million calls. */
export const journalSearch = journalFamily({ calls: 1_000_000, agents: 200, rounds: 7 });

/** The family, at any size. */
export function journalFamily(size: { calls: number; agents: number; rounds: number }): RowFamily {
  return {
    rows: [
      {
        id: ID,
        unit: 'ms',
        ours: `longest standstill of the relay while a journal of ${size.calls} calls is paged and searched`,
        reference: 'the search as one query, which stands still as long as it takes',
      },
    ],
    rounds: size.rounds,
    warmUpRounds: 1,
    async open({ say, atEnd }) {
      const company = await foundCompany({ agents: size.agents, watchers: 20 }, atEnd);
      const startedAt = sharedNow();
      fillJournal(company, size.calls);
      say(`${size.calls} calls were written in ${((sharedNow() - startedAt) / 1000).toFixed(1)} s`);
      const exchange = await openBenchExchange({ ...company, legs: [] }, { asksSnapshot: true });
      atEnd(() => exchange.close());
      const relay = await startRelayFor(company, { pbxPort: exchange.port }, atEnd);
      await exchange.isWatched;
      const url = relay.origin.replace(/^ws/, 'http');
      const [quiet, busy] = [await agentAt(url, company, QUIET_AGENT), await agentAt(url, company, BUSY_LINES_FROM)];
      for (const { socket } of [quiet, busy]) atEnd(() => socket.terminate());
      const db = new DatabaseSync(join(company.folder, 'data/relay.db'), { readOnly: true });
      atEnd(() => db.close());
      const pinging = setInterval(() => {
        for (const client of [quiet, busy]) client.send({ type: 'ping', n: 1 });
      }, PING_EVERY_MS);
      atEnd(() => clearInterval(pinging));
      let [waitedMs, own] = [Number.NaN, Number.NaN];
      return {
        async ours() {
          await relay.standstill();
          const askedAt = sharedNow();
          await Promise.all([pagesOf(quiet, {}), pagesOf(busy, {}), pagesOf(busy, { text: 'nobody of that name' })]);
          await pagesOf(busy, { text: '030 23125 777' });
          waitedMs = sharedNow() - askedAt;
          const { wallMs, ownMs } = await relay.standstill();
          own = ownMs;
          return { [ID]: wallMs };
        },
        async reference() {
          const askedAt = sharedNow();
          db.prepare(QUERY).all('%nobody of that name%');
          return { [ID]: sharedNow() - askedAt };
        },
        others: { [OWN]: async () => ({ [ID]: own }), [LATER]: async () => ({ [ID]: waitedMs }) },
      };
    },
  };
}

const QUERY = `
  SELECT c.conversationId FROM conversation AS c JOIN leg USING (conversationId)
  WHERE leg.remote LIKE ? ORDER BY c.startedAt DESC LIMIT 50`;
const PAGES = 2;
// As extensions do, or the relay takes who waits for long for dead.
const PING_EVERY_MS = 20_000;

/** The first pages, as somebody scrolls. */
async function pagesOf(client: WireClient, filter: object): Promise<void> {
  let before: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    questions += 1;
    client.send({ type: 'journal-page', id: `q${questions}`, filter, ...(before !== undefined && { before }) });
    const answer = await client.next('journal');
    if (!answer.more) return;
    before = answer.cursor;
  }
}

async function agentAt(url: string, { agents }: Company, n: number): Promise<WireClient> {
  const { client } = await signInTo(url, deviceOf(agents[n]!, url)); // as many were founded
  await client.next('snapshot');
  return client;
}

function deviceOf({ device, key }: Agent, url: string) {
  const privateKey = createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' });
  const origin = url.replace(/^http/, 'ws');
  return {
    device,
    proof(nonce: string, dialled = origin) {
      const text = Buffer.from(proofText({ nonce, device, origin: dialled }));
      return sign('sha256', text, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    },
  };
}

// Made by the database itself, which is a hundred times faster than call by call. The ids lie in no order, as real ones.
function fillJournal({ folder, agents }: Company, calls: number): void {
  const db = openDatabase(join(folder, 'data/relay.db'));
  const id = `printf('v%08x%08d', (i * 2654435761) % 4294967296, i)`;
  // Two months: what is older than a tenant keeps would be taken out meanwhile.
  const first = Math.floor(Date.now() / 1000) - (calls + 1) * SECONDS_A_CALL;
  const at = `strftime('%Y-%m-%dT%H:%M:%fZ', ${first} + i * ${SECONDS_A_CALL}, 'unixepoch')`;
  const lineIds = JSON.stringify(agents.slice(BUSY_LINES_FROM).map((_, n) => lineIdIn(BUSY_LINES_FROM + n)));
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${calls})`;
  db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -500000; BEGIN');
  // Indexes are made at the end, in one go each.
  const indexes = db
    .prepare(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL AND tbl_name IN ('conversation', 'leg')",
    )
    .all();
  for (const { name } of indexes) db.exec(`DROP INDEX ${String(name)}`);
  db.exec(`CREATE TEMP TABLE lines AS SELECT key AS n, value AS lineId FROM json_each('${lineIds}')`);
  db.exec('CREATE INDEX temp.lines_n ON lines (n)');
  db.exec(`${numbers} INSERT INTO conversation (conversationId, tenantId, direction, startedAt, mergedInto, seq)
    SELECT ${id}, 'sample', 'inbound', ${at}, NULL, i + 1 FROM n`);
  db.exec(`${numbers} INSERT INTO leg (conversationId, position, callId, lineId, direction, remote, dialled, groupName, cause,
      startedAt, connectedAt, endedAt, isEstimated)
    SELECT ${id}, 0, 'c' || i, lineId, 'inbound',
      printf('{"number":{"kind":"e164","number":"+493023125%03d"},"name":"Sample caller %d"}', i % 1000, i),
      NULL, NULL, 'normal', ${at}, ${at}, ${at}, 0
    FROM n JOIN lines ON lines.n = i % ${agents.length - BUSY_LINES_FROM} ORDER BY 1`);
  for (const { sql } of indexes) db.exec(String(sql));
  db.exec(`UPDATE journal_cursor SET seq = ${calls}; COMMIT`);
  db.close();
}

let questions = 0;
