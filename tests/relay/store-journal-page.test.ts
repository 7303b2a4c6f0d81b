// Pages of the journal where the viewer's own calls are few among many, or long ago: found all the same, step by step.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../relay/src/store/database.ts';
import { journalIn } from '../../relay/src/store/sqlite-journal.ts';
import { peopleIn } from '../../relay/src/store/sqlite-people.ts';
import { pageEndOf } from '../../relay/src/store/store.ts';

const dir = mkdtempSync(join(tmpdir(), 'offhook-page-'));
const db = openDatabase(join(dir, 'relay.db'));
const store = journalIn(db);
// One line was busy first, then the other; a third one has a call now and then.
const EARLY = 600;
const CALLS = 1_300;
const SELDOM_EVERY = 250;

function lineOf(n: number): string {
  if (n % SELDOM_EVERY === 0) return 'seldom';
  return n < EARLY ? 'early' : 'late';
}

beforeAll(async () => {
  // What is tested is finding: nothing here has to survive a power cut.
  db.exec('PRAGMA synchronous = OFF');
  await peopleIn(db).seed({ tenants: [{ tenantId: 'a', name: 'A', country: 'DE' }], users: [], lines: [], grants: [] });
  for (let n = 0; n < CALLS; n += 1) {
    const startedAt = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
    const remote = { number: { kind: 'anonymous' } as const };
    const leg = {
      callId: `c${n}`,
      lineId: lineOf(n),
      direction: 'inbound' as const,
      remote,
      startedAt,
      isEstimated: false,
    };
    const legs = [{ ...leg, endedAt: startedAt }];
    await store.saveConversation({ conversationId: `v${n}`, tenantId: 'a', direction: 'inbound', startedAt, legs });
  }
});

afterAll(() => {
  db.close();
  rmSync(dir, { recursive: true });
});

function newestOf(line: string): string[] {
  const all = Array.from({ length: CALLS }, (_, n) => CALLS - 1 - n);
  return all.filter((n) => lineOf(n) === line).map((n) => `v${n}`);
}

/** All pages, one after the other. */
async function allOf(lineIds: string[], limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let before: string | undefined; ; ) {
    const page = await store.journalPage({ tenantId: 'a', lineIds, before, limit });
    ids.push(...page.map(({ conversationId }) => conversationId));
    const last = page.at(-1);
    if (page.length < limit || !last) return ids;
    before = pageEndOf(last);
  }
}

const nobodies = Array.from({ length: 9 }, (_, n) => `nobody-${n}`);

test.each([
  ['few calls', ['seldom']],
  ['few calls, among many lines', ['seldom', ...nobodies]],
  ['many calls, long ago', ['early']],
  ['many calls, long ago, among many lines', ['early', ...nobodies]],
])('of a line with %s each one is on one page, newest first', async (_, lineIds) => {
  expect(await allOf(lineIds, 40)).toEqual(newestOf(lineIds[0] ?? ''));
});

test('while calls of long ago are looked for, other work has its turns', async () => {
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const page = await store.journalPage({ tenantId: 'a', lineIds: ['early'], limit: 10 });
  isDone = true;
  expect(page).toHaveLength(10);
  expect(turns).toBeGreaterThanOrEqual(2);
});
