// What is special about TAPIMaster: four ways to hand a line over, framing that can be set, and no word back. The TAPIMaster
// is a fake on loopback.
import { mkdtempSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DriverOrder } from '../../../../relay/src/pbx/driver.ts';
import { openTapiMasterDriver } from '../../../../relay/src/pbx/tapimaster/driver.ts';
import { TapiMasterOptionsSchema } from '../../../../relay/src/pbx/tapimaster/options.ts';
import { createFakeClock, type FakeClock } from '../../../fakes/clock.ts';
import { type FakeTapiMaster, startFakeTapiMaster } from '../../../fakes/tapimaster.ts';
import { settled } from '../../builders.ts';
import { type WatchedDriver, watchDriver } from '../watched-driver.ts';

type Written = Partial<v.InferInput<typeof TapiMasterOptionsSchema>>;
const LINES = [{ extension: '100', name: 'Sample Desk' }, { extension: '102' }];
const NUMBER = { kind: 'e164', number: '+493023125042' } as const;
const CALL: Omit<DriverOrder, 'commandKey'> = {
  ...{ lineKey: '100', dialString: '0003023125042' },
  order: { name: 'makeCall', args: { number: NUMBER } },
};
const LINE = 'MakeCall 100 0003023125042';

let clock: FakeClock;
let tapiMaster: FakeTapiMaster;
let watched: WatchedDriver;
let folder: string;
beforeEach(async () => {
  clock = createFakeClock();
  tapiMaster = await startFakeTapiMaster();
  folder = mkdtempSync(join(tmpdir(), 'offhook-cti-out-'));
});
afterEach(async () => {
  await watched.driver.close();
  await tapiMaster.close();
  rmSync(folder, { recursive: true });
});

const open = async (written: Written = {}) => {
  const port = written.mode === 'udp' ? tapiMaster.udp : tapiMaster.tcp;
  const options = v.parse(TapiMasterOptionsSchema, { port, lines: LINES, folder, ...written });
  watched = watchDriver((context) => openTapiMasterDriver(options, context), clock);
  await watched.untilStatus('connected');
};
const outcomes = () => watched.events.flatMap((event) => (event.type === 'outcome' ? [event.outcome.state] : []));

describe('a command is handed over', () => {
  it.each(['tcp', 'udp', 'http'] as const)('by %s', async (mode) => {
    await open({ mode });
    const { result, commandKey } = await watched.order(CALL);
    expect(result).toEqual({ type: 'sent' });
    await tapiMaster.heard(1);
    expect(tapiMaster.lines).toEqual([LINE]);
    expect(await watched.untilOutcome(commandKey)).toMatchObject({ state: 'done', callKey: commandKey });
  });

  it('by a file that is taken back when no TAPIMaster has taken it: one that starts later dials nothing old', async () => {
    await open({ mode: 'file' });
    await watched.order(CALL);
    clock.advance(14_000);
    await settled();
    expect(readdirSync(folder)).toHaveLength(1);
    clock.advance(1_000);
    while (readdirSync(folder).length > 0) await settled();
  });

  it('by a file that is only there under its name when it is whole', async () => {
    await open({ mode: 'file' });
    const seen: string[] = [];
    const { promise: isThere, resolve } = Promise.withResolvers<void>();
    const watcher = watch(folder, (_, name) => {
      seen.push(String(name).replace(/.*\./, '.'));
      if (seen.includes('.CTI')) resolve();
    });
    expect((await watched.order(CALL)).result).toEqual({ type: 'sent' });
    await isThere;
    watcher.close();
    expect(seen[0]).toBe('.tmp');
    await watched.order({ lineKey: '100', order: { name: 'setDnd', args: { on: true } } });
    const names = readdirSync(folder).sort();
    expect(names).toHaveLength(2);
    expect(names.every((name) => name.endsWith('.CTI'))).toBe(true);
    expect(names.map((name) => readFileSync(join(folder, name), 'latin1'))).toEqual([
      `${LINE}\r\n`,
      'Forward 100 *\r\n',
    ]);
  });

  it('a plus is a plus in an address, too', async () => {
    await open({ mode: 'http' });
    await watched.order({ ...CALL, dialString: '+493023125042' });
    await tapiMaster.heard(1);
    expect(tapiMaster.lines).toEqual(['MakeCall 100 +493023125042']);
    expect(tapiMaster.bytes().toString()).toContain('GET /MakeCall%20100%20%2B493023125042 HTTP/1.1\r\n');
  });

  it('over one connection that stays open, where that is wanted', async () => {
    await open({ keepOpen: true });
    for (let count = 1; count <= 3; count += 1) {
      await watched.order({ lineKey: '100', order: { name: 'setDnd', args: { on: true } } });
      await tapiMaster.heard(count);
    }
    expect(tapiMaster.connections()).toBe(1);
  });
});

describe('a forward', () => {
  it.each(['busy', 'noAnswer'] as const)('when %s has no word', async (when) => {
    await open();
    const { result } = await watched.order({
      ...{ lineKey: '100', dialString: '102' },
      order: { name: 'setForward', args: { when, to: NUMBER } },
    });
    expect(result).toMatchObject({ type: 'rejected', code: 'not-supported' });
    expect(tapiMaster.lines).toEqual([]);
  });
});

describe('a call that nobody tells about', () => {
  it('is assumed as ordered, is never said to be answered, and runs out', async () => {
    await open({ assumeSeconds: 20 });
    const { commandKey } = await watched.order(CALL);
    const leg = await watched.untilLeg({ callKey: commandKey, state: 'initiated' });
    expect(leg).toMatchObject({ answerReported: false, isPartial: true, remote: { number: NUMBER.number } });
    await watched.untilOutcome(commandKey);
    clock.advance(19_999);
    expect((await watched.driver.snapshot()).legs).toHaveLength(1);
    clock.advance(1);
    expect((await watched.driver.snapshot()).legs).toEqual([]);
    expect(watched.statesOf(commandKey)).toEqual(['initiated', 'ended']);
    expect((await watched.untilLeg({ callKey: commandKey, state: 'ended' })).cause).toBe('unknown');
  });

  it('can be dropped, and is not assumed any more then', async () => {
    await open();
    const { commandKey } = await watched.order(CALL);
    const drop = { lineKey: '100', order: { name: 'drop', args: {} } } as const;
    expect((await watched.order({ ...drop, callKey: 'another' })).result).toMatchObject({ code: 'call-unknown' });
    expect((await watched.order({ ...drop, callKey: commandKey })).result).toEqual({ type: 'sent' });
    await watched.untilLeg({ callKey: commandKey, state: 'ended' });
    expect(tapiMaster.lines).toEqual([LINE, 'Drop 100']);
  });

  it('gives way to the next one on its line', async () => {
    await open();
    const { commandKey } = await watched.order(CALL);
    await watched.order({ ...CALL, dialString: '102' });
    await watched.untilLeg({ callKey: commandKey, state: 'ended' });
    expect((await watched.driver.snapshot()).legs).toMatchObject([{ direction: 'internal', state: 'initiated' }]);
  });

  it('leaves the line unknown, not idle', async () => {
    await open();
    expect((await watched.driver.snapshot()).lines).toMatchObject([{ lamp: 'unknown' }, { lamp: 'unknown' }]);
  });
});

describe('what comes back, or does not', () => {
  it.each(['answers', 'closes', 'silent'] as const)('TAPIMaster %s: the command is done', async (manner) => {
    await open();
    tapiMaster.behave(manner);
    const { commandKey } = await watched.order(CALL);
    await tapiMaster.heard(1);
    if (manner === 'silent') {
      expect(outcomes()).toEqual([]);
      clock.advance(1_500);
    }
    expect((await watched.untilOutcome(commandKey)).state).toBe('done');
  });

  it('a connection that breaks behind the command: nobody knows, and nothing is claimed', async () => {
    await open({ keepOpen: true });
    tapiMaster.behave('resets');
    const mark = watched.events.length;
    await watched.order(CALL);
    await watched.untilStatus('disconnected', mark);
    clock.advance(60_000);
    expect(outcomes()).toEqual([]);
    expect(tapiMaster.lines).toEqual([LINE]);
  });

  it('a status of HTTP that says no: refused', async () => {
    await open({ mode: 'http' });
    tapiMaster.behave({ status: 403 });
    const { commandKey } = await watched.order(CALL);
    expect(await watched.untilOutcome(commandKey)).toMatchObject({ state: 'failed', code: 'pbx-rejected' });
    await watched.untilLeg({ callKey: commandKey, state: 'ended' });
  });

  it('a status of HTTP that comes in two pieces is read as one', async () => {
    await open({ mode: 'http' });
    tapiMaster.behave({ status: 403, inPieces: true });
    const { commandKey } = await watched.order(CALL);
    expect(await watched.untilOutcome(commandKey)).toMatchObject({ state: 'failed', code: 'pbx-rejected' });
  });

  it.each([500, 502, 503, 504, 302])(
    'status %i of HTTP: it may have been dialled, so nothing is claimed',
    async (status) => {
      await open({ mode: 'http' });
      tapiMaster.behave({ status });
      const { commandKey } = await watched.order(CALL);
      await tapiMaster.heard(1);
      await tapiMaster.untilLeft();
      clock.advance(2_000);
      await settled();
      expect(outcomes()).toEqual([]);
      // The call that it may have become can still be hung up.
      const { legs } = await watched.driver.snapshot();
      expect(legs).toMatchObject([{ callKey: commandKey, state: 'initiated', capabilities: ['drop'] }]);
    },
  );
});

describe('a TAPIMaster that is not there', () => {
  it.each(['tcp', 'http'] as const)('is looked for again, and orders are refused meanwhile: %s', async (mode) => {
    const gone = await startFakeTapiMaster();
    await gone.close();
    const options = v.parse(TapiMasterOptionsSchema, { mode, port: gone.tcp, lines: LINES });
    watched = watchDriver((context) => openTapiMasterDriver(options, context), clock);
    const status = await watched.untilStatus('disconnected');
    expect(status).toMatchObject({ reason: expect.stringContaining(`127.0.0.1:${gone.tcp}`) });
    expect((await watched.order(CALL)).result).toEqual({ type: 'rejected', code: 'pbx-unreachable' });
    const mark = watched.events.length;
    clock.advance(30_000);
    await watched.untilStatus('disconnected', mark);
  });

  it('is missed as soon as a standing connection breaks, and found again', async () => {
    await open({ keepOpen: true });
    const mark = watched.events.length;
    tapiMaster.cut();
    await watched.untilStatus('disconnected', mark);
    expect((await watched.order(CALL)).result).toEqual({ type: 'rejected', code: 'pbx-unreachable' });
    clock.advance(1_000);
    await watched.untilStatus('connected', mark);
    expect(tapiMaster.lines).toEqual([]);
  });

  it('is missed at the next look where every command has its own connection', async () => {
    await open({ checkSeconds: 5 });
    const mark = watched.events.length;
    await tapiMaster.close();
    clock.advance(5_000);
    await watched.untilStatus('disconnected', mark);
    tapiMaster = await startFakeTapiMaster();
  });

  it('by UDP: the machine there says that nobody listens', async () => {
    const gone = await startFakeTapiMaster();
    await gone.close();
    await open({ mode: 'udp', port: gone.udp });
    const { commandKey } = await watched.order(CALL);
    expect(await watched.untilOutcome(commandKey)).toMatchObject({ state: 'failed', code: 'pbx-unreachable' });
  });

  it('by files: the folder is not there', async () => {
    const options = v.parse(TapiMasterOptionsSchema, { mode: 'file', folder: join(folder, 'no'), lines: LINES });
    watched = watchDriver((context) => openTapiMasterDriver(options, context), clock);
    expect(await watched.untilStatus('disconnected')).toMatchObject({ reason: expect.stringContaining('folder') });
  });
});
