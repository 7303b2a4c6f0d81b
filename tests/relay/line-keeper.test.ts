// Lines in step with their phone systems: taken over by rule or by hand, over a real switchboard and a real database.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locationOf } from '@offhook/protocol/location-settings';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { lineIdOf } from '../../relay/src/call-ids.ts';
import { createLineKeeper, type LineRules } from '../../relay/src/line-keeper.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import { createSwitchboard } from '../../relay/src/switchboard.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { settled } from './builders.ts';
import { aLeg, aLine, hearingJournal, PBX, TENANT } from './switchboard-rig.ts';

const TAKE_ALL: LineRules = { name: '{name}', new: 'accept', renamed: 'accept', vanished: 'keep' };
const ASK: LineRules = { name: '{name}', new: 'ask', renamed: 'ask', vanished: 'keep' };

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function rigWith(rules: LineRules, known: readonly string[] = []) {
  const dir = mkdtempSync(join(tmpdir(), 'offhook-lines-'));
  const store = openSqliteStore(dir);
  closers.push(
    () => rmSync(dir, { recursive: true }),
    () => store.close(),
  );
  await store.seed({
    tenants: [{ tenantId: TENANT, name: 'Sample Ltd', country: 'DE' }],
    users: [{ userId: 'anna', tenantId: TENANT, login: 'anna', displayName: 'Anna Sample' }],
    grants: known.map((lineKey) => ({
      ...{ userId: 'anna', lineId: lineIdOf(PBX, lineKey) },
      ...{ rights: ['watch'], isOwn: true },
    })),
    lines: known.map((lineKey) => ({
      ...{ lineId: lineIdOf(PBX, lineKey), tenantId: TENANT, pbxId: PBX },
      ...{ lineKey, extension: lineKey, name: `Line ${lineKey}` },
    })),
  });
  const words: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void words.push(line) });
  const journal = hearingJournal();
  const location = locationOf({ country: 'DE', areaCode: '30' });
  const board = createSwitchboard({
    clock: createFakeClock(),
    log,
    epoch: 'first',
    journal,
    locationOf: () => location,
  });
  let written: Promise<unknown> = Promise.resolve();
  const keeper = createLineKeeper({
    ...{ switchboard: board, store, lineIdOf, log },
    retireLines: (tenantId, lineIds) => {
      const retired = written.then(() => store.changePeople([{ type: 'retire-lines', tenantId, lineIds }]));
      written = retired;
      return retired;
    },
  });
  const lines = await store.lines();
  const attached = keeper.attach({ pbxId: PBX, tenantId: TENANT, tenantName: 'Sample Ltd', rules, lines });
  board.attach({ pbxId: PBX, tenantId: TENANT, lines: attached });
  const retired: string[] = [];
  keeper.onRetired((tenantId) => retired.push(tenantId));
  return {
    keeper,
    store,
    retired,
    words,
    journal,
    reports: (keys: readonly string[], names: Record<string, string> = {}, legs = [] as ReturnType<typeof aLeg>[]) =>
      keeper.applySnapshot(PBX, {
        lines: keys.map((lineKey) => aLine({ lineKey, name: names[lineKey] ?? `Line ${lineKey}` })),
        legs,
      }),
    onBoard: () => board.lines(TENANT).map(({ extension, name }) => `${extension} ${name}`),
    callsOnBoard: () => board.lines(TENANT).flatMap(({ calls }) => calls.map(({ callKey }) => callKey)),
    /** Writing is in turn: what was written before this is there. */
    stored: async () => {
      await written;
      return (await store.lines()).map(({ extension, name }) => `${extension} ${name}`);
    },
    /** Resolves when this line is there; what has to wait for its turn comes a moment later. */
    untilStored: async (named: string) => {
      while (!(await store.lines()).some(({ extension, name }) => `${extension} ${name}` === named)) await settled();
    },
    /** Nothing is retired in the store before this promise settles. */
    holdUntil: (free: Promise<void>) => {
      written = free;
    },
    differences: () => keeper.differences().map(({ change, line, now }) => [change, line.name, now?.name]),
  };
}

describe('by rule', () => {
  it('takes over what is new and renamed, and keeps what has vanished', async () => {
    const rig = await rigWith(TAKE_ALL, ['10', '11']);
    rig.reports(['11', '12'], { '11': 'Hugo Sample' });
    expect(rig.onBoard()).toEqual(['10 Line 10', '11 Hugo Sample', '12 Line 12']);
    expect(await rig.stored()).toEqual(['10 Line 10', '11 Hugo Sample', '12 Line 12']);
    expect(rig.differences()).toEqual([['vanished', 'Line 10', undefined]]);
  });

  it('retires what has vanished where that is wanted: off the board, out of the store, and whoever watched is told', async () => {
    const rig = await rigWith({ ...TAKE_ALL, vanished: 'retire' }, ['10', '11', '12']);
    rig.reports(['11', '12']);
    expect(rig.onBoard()).toEqual(['11 Line 11', '12 Line 12']);
    expect(await rig.stored()).toEqual(['11 Line 11', '12 Line 12']);
    expect(rig.retired).toEqual([TENANT]);
    expect(rig.differences()).toEqual([]);
  });

  it('retires nothing by rule when more than half has vanished at once, and says so', async () => {
    const keys = ['10', '11', '12', '13', '14', '15'];
    const rig = await rigWith({ ...TAKE_ALL, vanished: 'retire' }, keys);
    rig.reports(['10', '11']);
    expect(rig.onBoard()).toHaveLength(6);
    expect(rig.differences()).toHaveLength(4);
    expect(rig.words.join()).toContain('more than half');
    rig.reports([]);
    expect(rig.onBoard()).toHaveLength(6);
  });

  it('retires nothing by rule when a small company’s phone system has lost all its lines', async () => {
    const rig = await rigWith({ ...TAKE_ALL, vanished: 'retire' }, ['10', '11']);
    rig.reports([]);
    expect(rig.onBoard()).toEqual(['10 Line 10', '11 Line 11']);
    expect(rig.differences()).toHaveLength(2);
  });

  it('ends the calls of a retired line for the journal, and brings a line back that is reported again', async () => {
    const rig = await rigWith({ ...TAKE_ALL, vanished: 'retire' }, ['10', '11', '12']);
    rig.reports(['10', '11', '12'], {}, [aLeg({ lineKey: '10', callKey: 'k', state: 'connected' })]);
    rig.reports(['11', '12']);
    expect(rig.journal.legs.at(-1)?.call).toMatchObject({ callKey: 'k', state: 'ended' });
    rig.reports(['10', '11', '12']);
    expect(rig.onBoard()).toEqual(['10 Line 10', '11 Line 11', '12 Line 12']);
  });

  it('an extension that is given anew is nobody’s: grants on the retired line do not come back to life', async () => {
    const rig = await rigWith({ ...TAKE_ALL, vanished: 'retire' }, ['10', '11', '12']);
    rig.reports(['11', '12']);
    rig.reports(['10', '11', '12'], { '10': 'Hugo Sample' });
    await rig.untilStored('10 Hugo Sample');
    expect((await rig.store.grants()).map(({ lineId }) => lineId)).toEqual([lineIdOf(PBX, '11'), lineIdOf(PBX, '12')]);
  });

  it('a line that comes back while its retirement is being written down stays', async () => {
    const rig = await rigWith({ ...TAKE_ALL, vanished: 'retire' }, ['10', '11', '12']);
    const { promise, resolve } = Promise.withResolvers<void>();
    rig.holdUntil(promise);
    rig.reports(['11', '12']);
    rig.reports(['10', '11', '12']);
    resolve();
    await rig.stored();
    // What came back is written behind it.
    await rig.untilStored('10 Line 10');
    expect(await rig.stored()).toEqual(['10 Line 10', '11 Line 11', '12 Line 12']);
  });
});

describe('by hand', () => {
  it('shows a new line, and its calls, to nobody before it was accepted', async () => {
    const rig = await rigWith(ASK, ['10']);
    rig.reports(['10', '11'], {}, [aLeg({ lineKey: '11', callKey: 'unseen' })]);
    rig.keeper.handle(PBX, { type: 'leg', leg: aLeg({ lineKey: '11', callKey: 'unseen, too' }) });
    rig.keeper.handle(PBX, { type: 'line', line: aLine({ lineKey: '12' }) });
    expect([rig.onBoard(), rig.callsOnBoard(), await rig.stored()]).toEqual([['10 Line 10'], [], ['10 Line 10']]);
    expect(rig.differences()).toEqual([
      ['new', 'Line 11', undefined],
      ['new', 'Line 12', undefined],
    ]);
    const [eleven] = rig.keeper.differences();
    if (eleven) await rig.keeper.accept([eleven]);
    expect([rig.onBoard(), await rig.stored()]).toEqual([
      ['10 Line 10', '11 Line 11'],
      ['10 Line 10', '11 Line 11'],
    ]);
    rig.keeper.handle(PBX, { type: 'leg', leg: aLeg({ lineKey: '11', callKey: 'seen' }) });
    expect(rig.callsOnBoard()).toEqual(['seen']);
  });

  it('knows that a line rings which nobody accepted yet: 112 may be one', async () => {
    const rig = await rigWith(ASK, ['10']);
    expect(rig.keeper.hasExtension(PBX, '112')).toBe(false);
    rig.reports(['10', '112']);
    expect(rig.onBoard()).toEqual(['10 Line 10']);
    expect(rig.keeper.hasExtension(PBX, '112')).toBe(true);
    expect(rig.keeper.hasExtension('another', '112')).toBe(false);
  });

  it('goes on with the old name of a renamed line until the new one is accepted', async () => {
    const rig = await rigWith(ASK, ['10']);
    rig.reports(['10'], { '10': 'Hugo Sample' });
    expect(rig.onBoard()).toEqual(['10 Line 10']);
    expect(rig.differences()).toEqual([['renamed', 'Line 10', 'Hugo Sample']]);
    await rig.keeper.accept(rig.keeper.differences());
    expect([rig.onBoard(), await rig.stored()]).toEqual([['10 Hugo Sample'], ['10 Hugo Sample']]);
    expect(rig.differences()).toEqual([]);
  });

  it('does not take a line without a name for renamed', async () => {
    const rig = await rigWith(ASK, ['10']);
    rig.reports(['10'], { '10': '' });
    expect(rig.differences()).toEqual([]);
  });

  it('retires a vanished line when that is accepted, and nothing that came back meanwhile', async () => {
    const rig = await rigWith(ASK, ['10', '11']);
    rig.reports([]);
    const vanished = rig.keeper.differences();
    expect(rig.differences()).toHaveLength(2);
    rig.reports(['11']);
    await rig.keeper.accept(vanished);
    expect([rig.onBoard(), await rig.stored()]).toEqual([['11 Line 11'], ['11 Line 11']]);
    expect((await rig.store.grants()).map(({ lineId }) => lineId)).toEqual([lineIdOf(PBX, '11')]);
  });

  it('keeps the grants on a vanished line that nobody has accepted as gone', async () => {
    const rig = await rigWith(ASK, ['10', '11']);
    rig.reports(['11']);
    rig.reports(['10', '11']);
    expect(await rig.store.grants()).toHaveLength(2);
  });
});

describe('names', () => {
  it('are made by the pattern, before the first report and after it, while the store keeps the phone system’s own', async () => {
    const rules = { ...TAKE_ALL, name: '{extension} {name} ({e164})', mainNumber: '+493023125' };
    const rig = await rigWith(rules, ['10']);
    expect(rig.onBoard()).toEqual(['10 10 Line 10 (+49302312510)']);
    rig.reports(['10', '11']);
    expect(rig.onBoard()).toEqual(['10 10 Line 10 (+49302312510)', '11 11 Line 11 (+49302312511)']);
    expect(await rig.stored()).toEqual(['10 Line 10', '11 Line 11']);
  });

  it('can be tried with another pattern, changing nothing', async () => {
    const rig = await rigWith(TAKE_ALL, ['10']);
    expect(rig.keeper.named('{name}, {tenant}')).toEqual([
      { pbxId: PBX, extension: '10', name: 'Line 10, Sample Ltd' },
    ]);
    expect(rig.onBoard()).toEqual(['10 Line 10']);
  });

  it('that several lines have are warned of, once', async () => {
    const rig = await rigWith(TAKE_ALL);
    rig.reports(['10', '11'], { '10': 'Reception', '11': 'Reception' });
    rig.reports(['10', '11'], { '10': 'Reception', '11': 'Reception' });
    const warnings = rig.words.filter((line) => line.includes('same name'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('10 and 11');
  });
});
