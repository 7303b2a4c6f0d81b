// The relay dies in the middle of calls and comes back over the same database: the phone system went on meanwhile.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lineIdOf } from '../../relay/src/call-ids.ts';
import { openJournal } from '../../relay/src/journal.ts';
import { openInProcessSimulator } from '../../relay/src/pbx/simulator/driver.ts';
import { createExchange } from '../../relay/src/pbx/simulator/exchange.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import { createSwitchboard } from '../../relay/src/switchboard.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { BERLIN, PBX, TENANT } from './switchboard-rig.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'offhook-journal-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const clock = createFakeClock();
const log = pino({ level: 'silent' });

/** One run of the relay's core. It dies with what happened so far saved; nothing says goodbye to the phone system. */
async function run(exchange: ReturnType<typeof createExchange>) {
  const store = openSqliteStore(dataDir);
  const tenants = [{ tenantId: TENANT, name: 'Sample company', country: 'DE' }];
  await store.seed({ tenants, users: [], lines: [], grants: [] });
  const journal = await openJournal({ store, clock, log });
  const board = createSwitchboard({ clock, log, epoch: 'e', journal, locationOf: () => BERLIN });
  board.attach({ pbxId: PBX, tenantId: TENANT, lines: [] });
  const end = new AbortController();
  const emit = board.handle.bind(undefined, PBX);
  const driver = openInProcessSimulator({ exchange }, { signal: end.signal, emit, log, clock });
  board.applySnapshot(PBX, await driver.snapshot());
  await journal.drained();
  const page = () => store.journalPage({ tenantId: TENANT, lineIds: 'all', limit: 100 });
  return {
    board,
    journal,
    page,
    async die() {
      await journal.drained();
      end.abort();
      board.close();
      await store.close();
    },
  };
}

it('a call that went on is one row with its first times, one that ended meanwhile has an estimated end', async () => {
  const exchange = createExchange({ clock });
  const first = await run(exchange);
  exchange.callIn({ from: '03023125042', to: '90' });
  exchange.hands.lift('11');
  exchange.callIn({ from: '03023125043', to: '13' });
  const before = first.board.lines(TENANT).flatMap(({ calls }) => calls.map(({ conversationId }) => conversationId));
  const answeredAt = new Date(clock.now()).toISOString();
  await first.die();

  clock.advance(30_000);
  exchange.hands.farHangsUp('13');
  clock.advance(30_000);

  const second = await run(exchange);
  const [running] = second.board.line(lineIdOf(PBX, '11'))?.calls ?? [];
  expect(running?.state).toBe('connected');
  expect(before).toContain(running?.conversationId);
  const rows = await second.page();
  expect(new Set(rows.map(({ conversationId }) => conversationId))).toEqual(new Set(before));
  expect(rows).toHaveLength(2);
  const lost = rows.find(({ conversationId }) => conversationId !== running?.conversationId);
  expect(lost?.legs).toMatchObject([
    { cause: 'unknown', isEstimated: true, endedAt: new Date(clock.now()).toISOString() },
  ]);

  exchange.hands.farHangsUp('11');
  await second.journal.drained();
  const over = (await second.page()).find(({ conversationId }) => conversationId === running?.conversationId);
  expect(over?.legs).toHaveLength(3);
  expect(over?.legs.find(({ lineId }) => lineId === lineIdOf(PBX, '11'))).toMatchObject({
    connectedAt: answeredAt,
    cause: 'normal',
    isEstimated: false,
  });
  await second.die();
});

it('a transfer that joins two conversations leaves one row, also after another restart', async () => {
  const exchange = createExchange({ clock });
  const first = await run(exchange);
  exchange.callIn({ from: '03023125042', to: '10' });
  exchange.hands.lift('10');
  const held = exchange.snapshot().legs[0]?.callKey;
  exchange.order({ commandKey: 'a', name: 'hold', lineKey: '10', callKey: held });
  clock.advance(1000);
  exchange.order({ commandKey: 'b', name: 'makeCall', lineKey: '10', dialString: '12' });
  exchange.hands.lift('12');
  await first.journal.drained();
  expect(await first.page()).toHaveLength(2);
  const asked = exchange.snapshot().legs.find(({ lineKey, callKey }) => lineKey === '10' && callKey !== held);
  exchange.order({ commandKey: 'c', name: 'transfer', lineKey: '10', callKey: asked?.callKey, otherCallKey: held });
  await first.die();

  const second = await run(exchange);
  exchange.hands.farHangsUp('12');
  await second.journal.drained();
  const rows = await second.page();
  expect(rows.map(({ legs }) => legs.map(({ endedAt }) => endedAt !== undefined))).toEqual([[true, true, true]]);
  await second.die();
});
