// What is done with calls that are there, on a real Asterisk 16 with real SIP phones: hold, transfer, pickup, groups, what is
// switched on, and the link that breaks.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Leg } from '../../../../relay/src/pbx/driver.ts';
import { startPhone } from '../../../../scripts/asterisk/phone.ts';
import { asteriskRoot } from '../../../../scripts/asterisk/root.ts';
import { type Extension, type Ground, type Live, OUTSIDE, openGround, openLive } from './live-rig.ts';

const root = await asteriskRoot({ say: (text) => console.log(text) });
const missing = 'missing' in root ? `skipped: ${root.missing}` : undefined;

describe.skipIf(missing !== undefined)(`a real Asterisk (${missing ?? 'Debian 11'}): moves`, () => {
  let ground: Ground;
  let live: Live;
  beforeAll(async () => {
    if (!('missing' in root)) ground = await openGround(root);
  });
  afterEach(async () => {
    await ground.server.console('channel request hangup all');
    for (const line of ['100', '101', '102', '103']) {
      await live.company.shows('idle again', line, ({ calls }) => calls.every(({ state }) => state === 'ended'));
    }
    await live.close();
  });
  afterAll(() => ground?.close());

  const phone = (extension: Extension) => ground.phones[extension];
  /** 100 has called this colleague, and they talk. */
  async function talking(to: Extension = '101', from: Extension = '100'): Promise<Leg> {
    const mark = live.company.events.length;
    await phone(from).tell('dial', to);
    await live.company.untilLeg({ lineKey: to, state: 'offering' }, mark);
    await phone(to).tell('accept');
    await bridged(to, mark);
    return bridged(from, mark);
  }
  const bridged = (lineKey: string, mark = 0): Promise<Leg> =>
    live.company.until(
      `line ${lineKey} talking`,
      (event) =>
        event.type === 'leg' && event.leg.lineKey === lineKey && event.leg.capabilities.includes('sendDtmf')
          ? event.leg
          : undefined,
      mark,
    );

  it('12 a blind transfer: the colleague is sent on, and is in one conversation with the third', async () => {
    live = await openLive(ground);
    const leg = await talking();
    const { commandKey } = await live.onCall(
      leg,
      { name: 'redirect', args: { to: { kind: 'internal', number: '102' } } },
      { dialString: '102' },
    );
    await live.company.untilLeg({ lineKey: '102', state: 'offering' });
    await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(live.story('100').at(-1)).toBe('ended: transferred');
    await phone('102').tell('accept');
    const third = await live.company.untilLeg({ lineKey: '102', state: 'connected' });
    expect(third.remote.number).toBe('101');
    expect(await live.company.untilOutcome(commandKey)).toMatchObject({ state: 'done' });
    const [first] = await live.company.entries('100');
    const [last] = await live.company.entries('102');
    expect(last?.conversationId).toBe(first?.conversationId);
  });

  it('a call that was clicked can be sent on, too', async () => {
    live = await openLive(ground);
    await live.dial('100', '101');
    await live.company.untilLeg({ lineKey: '100', state: 'prompting' });
    await phone('100').tell('accept');
    await live.company.untilLeg({ lineKey: '101', state: 'offering' });
    await phone('101').tell('accept');
    const leg = await bridged('100');
    const to = { kind: 'internal', number: '102' } as const;
    await live.onCall(leg, { name: 'redirect', args: { to } }, { dialString: '102' });
    await live.company.untilLeg({ lineKey: '102', state: 'offering' });
    await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(live.story('100').at(-1)).toBe('ended: transferred');
    expect(live.story('101')).toEqual(['offering', 'connected']);
  });

  it('an order is dropped while the own phone rings: nobody is called', async () => {
    live = await openLive(ground);
    await live.dial('100', '101');
    const leg = await live.company.untilLeg({ lineKey: '100', state: 'prompting' });
    const { commandKey } = await live.onCall(leg, { name: 'drop', args: {} });
    expect(await live.company.untilOutcome(commandKey)).toMatchObject({ state: 'done' });
    await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(live.story('101')).toEqual([]);
  });

  it('13 a ringing call is sent to somebody else before it is answered', async () => {
    live = await openLive(ground);
    await ground.outside.tell('dial', `sip:100@127.0.0.1:${ground.server.sipPort}`);
    const leg = await live.company.untilLeg({ lineKey: '100', state: 'offering' });
    await live.onCall(
      leg,
      { name: 'redirect', args: { to: { kind: 'internal', number: '102' } } },
      { dialString: '102' },
    );
    const moved = await live.company.untilLeg({ lineKey: '102', state: 'offering' });
    expect(moved.remote.number).toBe(OUTSIDE);
    await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(live.story('100')).toEqual(['offering', 'ended: forwarded']);
    await phone('102').tell('accept');
    await live.company.untilLeg({ lineKey: '102', state: 'connected' });
    await ground.outside.tell('hangup');
    await live.company.untilLeg({ lineKey: '102', state: 'ended' });
    expect(await live.company.entries('102')).toMatchObject([{ outcome: 'answered' }]);
    expect(await live.company.entries('100')).toMatchObject([{ outcome: 'answeredElsewhere' }]);
  });

  it('14 an attended transfer: a held and a second call become one, and we are out', async () => {
    live = await openLive(ground);
    const first = await talking();
    await phone('100').tell('hold');
    await live.company.untilLeg({ lineKey: '100', state: 'held' });
    const mark = live.company.events.length;
    await live.dial('100', '102');
    const second = await live.company.untilLeg({ lineKey: '100', state: 'prompting' }, mark);
    await phone('100').tell('accept');
    await live.company.untilLeg({ lineKey: '102', state: 'offering' }, mark);
    await phone('102').tell('accept');
    await bridged('102', mark);
    const { commandKey } = await live.onCall(
      second,
      { name: 'transfer', args: { otherCallId: 'by-key' } },
      { otherCallKey: first.callKey },
    );
    expect(await live.company.untilOutcome(commandKey)).toMatchObject({ state: 'done' });
    await live.company.shows('out of it', '100', ({ calls }) => calls.every(({ state }) => state === 'ended'));
    expect(live.story('100').filter((step) => step.startsWith('ended'))).toEqual([
      'ended: transferred',
      'ended: transferred',
    ]);
    await live.company.shows('with 102', '101', ({ calls }) =>
      calls.some(({ state, remote }) => state === 'connected' && JSON.stringify(remote.number).includes('"102"')),
    );
  });

  it('a conference: all three in one room', async () => {
    live = await openLive(ground, { conferenceContext: 'offhook-conference' });
    const first = await talking();
    await phone('100').tell('hold');
    await live.company.untilLeg({ lineKey: '100', state: 'held' });
    const mark = live.company.events.length;
    await live.dial('100', '102');
    const second = await live.company.untilLeg({ lineKey: '100', state: 'prompting' }, mark);
    await phone('100').tell('accept');
    await live.company.untilLeg({ lineKey: '102', state: 'offering' }, mark);
    await phone('102').tell('accept');
    await bridged('102', mark);
    const { commandKey } = await live.onCall(
      second,
      { name: 'conference', args: { otherCallId: 'by-key' } },
      { otherCallKey: first.callKey },
    );
    expect(await live.company.untilOutcome(commandKey)).toMatchObject({ state: 'done' });
    await expect
      .poll(() => ground.server.console('confbridge list 100'), { timeout: 5_000 })
      .toMatch(/PJSIP\/10[012][\s\S]*PJSIP\/10[012][\s\S]*PJSIP\/10[012]/);
  });

  it('17 the phone holds and takes back', async () => {
    live = await openLive(ground);
    await talking();
    await phone('100').tell('hold');
    await live.company.untilLeg({ lineKey: '100', state: 'held' });
    await live.company.shows('held', '100', ({ state }) => state === 'held');
    await phone('100').tell('resume');
    await live.company.shows('busy', '100', ({ state }) => state === 'busy');
    expect(live.story('100')).toEqual(['dialing', 'ringback', 'connected', 'held', 'connected']);
  });

  it('16 the phone itself transfers', async () => {
    live = await openLive(ground);
    await talking();
    await phone('101').tell('transfer', '102');
    await live.company.untilLeg({ lineKey: '102', state: 'offering' });
    await live.company.untilLeg({ lineKey: '101', state: 'ended' });
    expect(live.story('101').at(-1)).toBe('ended: transferred');
  });

  it('18 a call is picked up at another phone', async () => {
    live = await openLive(ground);
    await phone('100').tell('dial', '101');
    await live.company.untilLeg({ lineKey: '101', state: 'offering' });
    await phone('102').tell('dial', '*8101');
    await live.company.untilLeg({ lineKey: '101', state: 'ended' });
    await bridged('102');
    expect(live.story('101')).toEqual(['offering', 'ended: pickedUp']);
    expect((await bridged('102')).remote.number).toBe('100');
    await phone('100').tell('hangup');
    await live.company.untilLeg({ lineKey: '102', state: 'ended' });
    await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(await live.company.entries('101')).toMatchObject([{ outcome: 'answeredElsewhere' }]);
    expect(await live.company.entries('100')).toMatchObject([{ outcome: 'answered' }]);
  });

  it('19 an order picks a call up: the own phone rings, and whoever lifts it has the caller', async () => {
    live = await openLive(ground);
    await phone('100').tell('dial', '101');
    await live.company.untilLeg({ lineKey: '101', state: 'offering' });
    const { commandKey } = await live.order({
      lineKey: '102',
      otherLineKey: '101',
      order: { name: 'pickup', args: { lineId: 'by-key' } },
    });
    const leg = await live.company.untilLeg({ lineKey: '102', state: 'prompting' });
    expect(leg).toMatchObject({ direction: 'internal', remote: { number: '100' } });
    await phone('102').tell('accept');
    await bridged('102');
    await live.company.untilLeg({ lineKey: '101', state: 'ended' });
    expect(live.story('101')).toEqual(['offering', 'ended: pickedUp']);
    expect(await live.company.untilOutcome(commandKey)).toMatchObject({ state: 'done', callKey: leg.callKey });
    await phone('100').tell('hangup');
    await live.company.untilLeg({ lineKey: '102', state: 'ended' });
    const [entry] = await live.company.entries('102');
    expect(entry).toMatchObject({ outcome: 'answered', remote: { number: { number: '100' } } });
  });

  for (const [number, what] of [
    ['500', 'a ring group'],
    ['501', 'a ring group behind Local channels'],
    ['502', 'a queue'],
  ] as const) {
    it(`${what}: one conversation, missed by nobody when a colleague answers`, async () => {
      live = await openLive(ground, { groups: { 500: 'Sales', 501: 'Sales', 502: 'Sales' } });
      await ground.outside.tell('dial', `sip:${number}@127.0.0.1:${ground.server.sipPort}`);
      const here = await live.company.untilLeg({ lineKey: '101', state: 'offering' });
      const there = await live.company.untilLeg({ lineKey: '102', state: 'offering' });
      expect([here, there]).toMatchObject([
        { group: 'Sales', direction: 'inbound', remote: { number: OUTSIDE } },
        { group: 'Sales', direction: 'inbound', remote: { number: OUTSIDE } },
      ]);
      await phone('102').tell('accept');
      await bridged('102');
      await live.company.untilLeg({ lineKey: '101', state: 'ended' });
      expect(live.story('101')).toEqual(['offering', 'ended: answeredElsewhere']);
      await ground.outside.tell('hangup');
      await live.company.untilLeg({ lineKey: '102', state: 'ended' });
      expect(await live.company.entries('101')).toMatchObject([{ outcome: 'answeredElsewhere', group: 'Sales' }]);
      expect(await live.company.entries('102')).toMatchObject([{ outcome: 'answered', group: 'Sales' }]);
      expect(live.company.events.filter((event) => event.type === 'leg' && event.leg.lineKey.length > 3)).toEqual([]);
    });
  }

  it('20 do not disturb by order: the line shows it, callers hear that it is so', async () => {
    live = await openLive(ground);
    const { commandKey } = await live.order({ lineKey: '101', order: { name: 'setDnd', args: { on: true } } });
    expect(await live.company.untilOutcome(commandKey)).toMatchObject({ state: 'done' });
    await live.company.shows('do not disturb', '101', ({ dnd }) => dnd === true);
    await live.dial('100', '101');
    await live.company.untilLeg({ lineKey: '100', state: 'prompting' });
    await phone('100').tell('accept');
    await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(live.story('100').at(-1)).toBe('ended: dnd');
    expect(live.story('101')).toEqual([]);
    await live.order({ lineKey: '101', order: { name: 'setDnd', args: { on: false } } });
    await live.company.shows('no more', '101', ({ dnd }) => dnd === false);
  });

  it('21 do not disturb at the phone is seen', async () => {
    live = await openLive(ground);
    await phone('101').tell('dial', '*78');
    await live.company.shows('do not disturb', '101', ({ dnd }) => dnd === true);
    await phone('101').tell('dial', '*79');
    await live.company.shows('no more', '101', ({ dnd }) => dnd === false);
  });

  it('22 a forward by order: the line shows it, and the other phone rings', async () => {
    live = await openLive(ground);
    await live.order({
      lineKey: '101',
      dialString: '103',
      order: { name: 'setForward', args: { when: 'all', to: { kind: 'internal', number: '103' } } },
    });
    await live.company.shows('a forward', '101', ({ forward }) => forward?.when === 'all');
    await phone('100').tell('dial', '101');
    const leg = await live.company.untilLeg({ lineKey: '103', state: 'offering' });
    expect(leg).toMatchObject({ direction: 'internal', remote: { number: '100' }, dialled: '101' });
    await phone('103').tell('accept');
    await bridged('103');
    await phone('100').tell('hangup');
    await live.company.untilLeg({ lineKey: '103', state: 'ended' });
    await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(await live.company.entries('100')).toMatchObject([{ outcome: 'answered' }]);
    await live.order({ lineKey: '101', order: { name: 'setForward', args: { when: 'all', to: null } } });
    await live.company.shows('no forward', '101', ({ forward }) => forward === null);
  });

  it('24 a phone that logs out, and in again', async () => {
    live = await openLive(ground);
    await phone('103').close();
    await live.company.shows('no phone', '103', ({ state, unavailableReason }) => {
      return state === 'unavailable' && unavailableReason === 'noPhone';
    });
    ground.phones['103'] = await startPhone({ user: '103', sipServerPort: ground.server.sipPort, password: 'pw103' });
    await live.company.shows('idle', '103', ({ state }) => state === 'idle');
  });

  it('a relay that comes later finds the call that runs', async () => {
    live = await openLive(ground);
    const leg = await talking();
    const second = await openLive(ground);
    expect(second.company.line('100').calls).toMatchObject([{ callKey: leg.callKey, state: 'connected' }]);
    // Though nobody told it who dialled.
    expect(second.company.line('100').calls).toMatchObject([
      { direction: 'internal', remote: { number: { number: '101' } } },
    ]);
    await second.close();
  });

  it('keys are sent to the far end', async () => {
    live = await openLive(ground);
    const leg = await talking();
    const { commandKey } = await live.onCall(leg, { name: 'sendDtmf', args: { digits: '12#' } });
    expect(await live.company.untilOutcome(commandKey)).toMatchObject({ state: 'done' });
  });
});
