// A TAPIMaster server over a real command path: real store, access, guard and ledger, lines that a test sets by hand, and a
// phone system that writes down what it is told and does it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { createAccess } from '../../../relay/src/access.ts';
import { createCommands } from '../../../relay/src/commands.ts';
import { createGuard } from '../../../relay/src/guard.ts';
import type { DriverOrder, SendResult } from '../../../relay/src/pbx/driver.ts';
import { openSqliteStore } from '../../../relay/src/store/sqlite.ts';
import { openTapiMasterServer } from '../../../relay/src/tapimaster-server/server.ts';
import { tapiMasterServerSchema } from '../../../relay/src/tapimaster-server/settings.ts';
import { createFakeBoard } from '../../fakes/board.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { aLine, BERLIN, SILENT } from '../builders.ts';

export const KEY = 'sample-key-of-anna-0123456789';

const AddressSchema = v.pipe(
  v.string(),
  v.transform((text) => ({ host: text.slice(0, text.lastIndexOf(':')), port: Number(text.split(':').at(-1)) })),
);
const Schema = tapiMasterServerSchema(AddressSchema);

/** Settings of `tapiMasterServer` as in the file; ports are 0. */
export type Written = v.InferInput<typeof Schema>;

export const BY_ADDRESS: Written = {
  tcp: '127.0.0.1:0',
  udp: '127.0.0.1:0',
  callers: [{ user: 'anna', addresses: ['127.0.0.1'], plainGet: true }],
};
export const BY_KEY: Written = {
  tcp: '127.0.0.1:0',
  udp: '127.0.0.1:0',
  callers: [{ user: 'anna', key: 'secret:anna' }],
};

/** Anna has line 100, Ben line 200, of which Anna sees nothing; line 300 she may pick up. All are of one company. */
export async function startTapiMasterRig(written: Written, { keys = { anna: KEY } as Record<string, string> } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'offhook-tapimaster-'));
  const store = openSqliteStore(dir);
  const user = (login: string) => ({ userId: `user-${login}`, tenantId: 'tenant-1', login, displayName: login });
  await store.seed({
    tenants: [{ tenantId: 'tenant-1', name: 'Sample Ltd', country: 'DE' }],
    users: [user('anna'), user('ben')],
    lines: [],
    grants: [
      { userId: 'user-anna', lineId: 'line-100', rights: [], isOwn: true },
      { userId: 'user-anna', lineId: 'line-300', rights: ['watch', 'pickup'], isOwn: false },
      { userId: 'user-ben', lineId: 'line-200', rights: [], isOwn: true },
    ],
  });
  const clock = createFakeClock();
  const board = createFakeBoard();
  for (const extension of ['100', '200', '300']) {
    board.set(aLine({ lineId: `line-${extension}`, lineKey: extension, extension }));
  }
  const orders: DriverOrder[] = [];
  let pbx: (order: DriverOrder) => SendResult | 'silent' = () => ({ type: 'sent' });
  const commands = createCommands({
    ...{ store, clock, log: SILENT, line: board.line, hasLine: () => false, isContact: () => false },
    guard: createGuard({
      ...{ limits: { perHour: 100_000, burstPerMinute: 100_000 }, clock },
      countries: { has: () => false, learn: () => undefined },
    }),
    locationOf: () => BERLIN,
    callIdOf: (_pbxId, callKey) => callKey,
    async send(_pbxId, order) {
      orders.push(order);
      const answer = pbx(order);
      if (answer === 'silent') return { type: 'sent' };
      if (answer.type === 'sent') {
        setImmediate(() => void commands.settle('pbx-1', { commandKey: order.commandKey, state: 'done' }));
      }
      return answer;
    },
    outcomeTimeoutMs: 10_000,
  });
  const server = await openTapiMasterServer({
    ...{ settings: v.parse(Schema, written), file: join(dir, 'relay.yaml'), clock, log: SILENT, store, commands },
    readSecret: ({ name }) => keys[name] ?? '',
    access: createAccess({ store }),
    switchboard: board,
  }).catch(async (error: unknown) => {
    commands.close();
    await store.close();
    rmSync(dir, { recursive: true });
    throw error;
  });
  let closed: Promise<void> | undefined;
  const closeDoors = (): Promise<void> => {
    closed ??= server.close();
    return closed;
  };
  return {
    dir,
    ...{ clock, board, orders },
    tcp: server.ports.tcp ?? 0,
    udp: server.ports.udp ?? 0,
    /** What the phone system says to orders from now on. */
    answerWith(answer: typeof pbx): void {
      pbx = answer;
    },
    /** `'makeCall 100 003023125042'`, in the order in which they came. */
    told: () =>
      orders.map(({ order, lineKey, dialString }) => [order.name, lineKey, dialString].filter(Boolean).join(' ')),
    /** The server alone; what is behind it goes on. */
    closeDoors,
    async close() {
      await closeDoors();
      commands.close();
      await store.close();
      rmSync(dir, { recursive: true });
    },
  };
}

export type TapiMasterRig = Awaited<ReturnType<typeof startTapiMasterRig>>;
