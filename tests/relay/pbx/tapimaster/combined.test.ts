// TAPIMaster with another driver's eyes: what happens when one of the two fails. The other driver is the simulator's, in this
// process; TAPIMaster is a fake that carries commands out on the same exchange, or does not.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openInProcessSimulator } from '../../../../relay/src/pbx/simulator/driver.ts';
import { createExchange, type Exchange } from '../../../../relay/src/pbx/simulator/exchange.ts';
import { openTapiMasterDriver } from '../../../../relay/src/pbx/tapimaster/driver.ts';
import { TapiMasterOptionsSchema } from '../../../../relay/src/pbx/tapimaster/options.ts';
import { createFakeClock, type FakeClock } from '../../../fakes/clock.ts';
import { type FakeTapiMaster, startFakeTapiMaster } from '../../../fakes/tapimaster.ts';
import { settled } from '../../builders.ts';
import { type WatchedDriver, watchDriver } from '../watched-driver.ts';
import { carryOutLine } from './exchange-hands.ts';

const NUMBER = { kind: 'e164', number: '+493023125042' } as const;
const CALL = {
  ...{ lineKey: '10', dialString: '03023125042' },
  order: { name: 'makeCall', args: { number: NUMBER } },
} as const;

let clock: FakeClock;
let exchange: Exchange;
let tapiMaster: FakeTapiMaster;
let watched: WatchedDriver;
let isDeaf: boolean;
let logged: string;

beforeEach(async () => {
  clock = createFakeClock();
  isDeaf = false;
  logged = '';
  exchange = createExchange({ clock, lines: ['10', '11'].map((extension) => ({ extension, name: '' })) });
  tapiMaster = await startFakeTapiMaster((line) => {
    if (!isDeaf) carryOutLine(exchange, line, `tapimaster-${tapiMaster.lines.length}`);
  });
  const options = v.parse(TapiMasterOptionsSchema, { port: tapiMaster.tcp, checkSeconds: 5 });
  const log = pino({}, { write: hear });
  watched = watchDriver(
    (context) =>
      openTapiMasterDriver(options, { ...context, log }, (inner) => openInProcessSimulator({ exchange }, inner)),
    clock,
  );
  await watched.untilStatus('connected');
  await watched.driver.snapshot();
});
afterEach(async () => {
  await watched.driver.close();
  await tapiMaster.close();
});

const hear = (line: string): void => {
  logged += line;
};
const outcomes = () => watched.events.filter(({ type }) => type === 'outcome');

it('an order is done when its call is seen, which is known as the order’s own from then on', async () => {
  const { commandKey } = await watched.order(CALL);
  const { callKey } = (await watched.untilOutcome(commandKey)) ?? {};
  exchange.hands.lift('10');
  const leg = await watched.untilLeg({ lineKey: '10', state: 'ringback' });
  expect(leg).toMatchObject({ callKey, commandKey, capabilities: ['drop'] });
});

it('an order whose effect is never seen has no outcome, whatever TAPIMaster answers', async () => {
  isDeaf = true;
  await watched.order(CALL);
  await tapiMaster.heard(1);
  await settled();
  clock.advance(31_000);
  expect(outcomes()).toEqual([]);
});

it('somebody else’s call to another number is not taken for the order’s', async () => {
  isDeaf = true;
  await watched.order(CALL);
  exchange.hands.dial('10', '03023125099');
  const leg = await watched.untilLeg({ lineKey: '10', state: 'ringback' });
  expect(leg.commandKey).toBeUndefined();
  expect(outcomes()).toEqual([]);
});

it('without TAPIMaster orders are refused, calls go on being told, and the log says so once', async () => {
  const port = tapiMaster.tcp;
  await tapiMaster.close();
  expect((await watched.order(CALL)).result).toEqual({ type: 'rejected', code: 'pbx-unreachable' });
  exchange.callIn({ from: '03023125042', to: '10' });
  await watched.untilLeg({ lineKey: '10', state: 'offering' });
  while (!logged.includes('out of reach')) {
    clock.advance(1_000);
    await settled();
  }
  for (let times = 0; times < 50; times += 1) {
    clock.advance(1_000);
    await settled();
  }
  expect(logged.match(/out of reach/g)).toHaveLength(1);
  expect(logged).toContain(`127.0.0.1:${port}`);
  expect(watched.events.filter((event) => event.type === 'status').map(({ status }) => status.type)).toEqual([
    'connecting',
    'connected',
  ]);
  tapiMaster = await startFakeTapiMaster();
});

it('what one call offers changes with the others of its line', async () => {
  exchange.callIn({ from: '03023125042', to: '10' });
  await watched.untilLeg({ lineKey: '10', state: 'offering' });
  exchange.hands.lift('10');
  const first = await watched.untilLeg({ lineKey: '10', state: 'connected' });
  expect(first.capabilities).toEqual(['drop', 'redirect']);
  const mark = watched.events.length;
  exchange.callIn({ from: '03023125043', to: '10' });
  await watched.untilLeg({ lineKey: '10', state: 'offering' }, mark);
  const again = await watched.untilLeg({ callKey: first.callKey, state: 'connected' }, mark);
  expect(again.capabilities).toEqual([]);
});

it('nothing goes out after it was closed, over no way', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'offhook-closed-'));
  const options = v.parse(TapiMasterOptionsSchema, { mode: 'file', folder });
  const closed = watchDriver(
    (context) => openTapiMasterDriver(options, context, (inner) => openInProcessSimulator({ exchange }, inner)),
    clock,
  );
  await closed.untilStatus('connected');
  await closed.driver.snapshot();
  await closed.driver.close();
  expect(await closed.driver.command({ ...CALL, commandKey: 'late' })).toEqual({
    type: 'rejected',
    code: 'pbx-unreachable',
  });
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});
