// What every driver owes the relay, as tests. A driver's own test file hands in a harness: the driver over a phone system
// (or a loopback fake of one) whose outside world and handsets the tests play.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canFollow } from '../../../relay/src/call-states.ts';
import type { Leg } from '../../../relay/src/pbx/driver.ts';
import type { Desk } from '../../../relay/src/pbx/simulator/desk-client.ts';
import type { FakeClock } from '../../fakes/clock.ts';
import type { TcpProxy } from '../../fakes/tcp-proxy.ts';
import { testWire } from './contract-wire.ts';
import type { WatchedDriver } from './watched-driver.ts';

/** The hands of the outside world and on the phones. Lines go by their key. */
export type PbxWorld = Pick<
  Desk,
  'callIn' | 'lift' | 'hangUp' | 'reject' | 'farAnswers' | 'farHangsUp' | 'setRegistered' | 'setDnd' | 'goSilent'
>;

/** A phone system with the lines 10, 11, 12 and the ring group 90 of all three. No call runs. */
export interface DriverRig {
  world: PbxWorld;
  /** The relay's clock, and the phone system's own. */
  clock: FakeClock;
  pbxClock: FakeClock;
  openDriver(): WatchedDriver;
  /** Resolves when the phone system has this order, though the driver may never hear of it. */
  arrived(commandKey: string): Promise<void>;
  close(): Promise<void>;
  /** The wire between driver and phone system, where there is one. */
  wire?: Omit<TcpProxy, 'port' | 'close'>;
}

export interface DriverHarness {
  open(): Promise<DriverRig>;
  hasWire: boolean;
}

const NUMBER = '03023125042';
const OWN_PHONE_RINGS_MS = 30_000;

/** Runs the contract for one driver. */
export function testDriverContract(name: string, harness: DriverHarness): void {
  let rig: DriverRig;
  let watched: WatchedDriver;
  beforeEach(async () => {
    rig = await harness.open();
    watched = rig.openDriver();
    await watched.untilStatus('connected');
  });
  afterEach(async () => {
    await watched.driver.close();
    await rig.close();
  });

  const dial = (dialString = NUMBER, lineKey = '10') =>
    watched.order({
      lineKey,
      dialString,
      order: { name: 'makeCall', args: { number: { kind: 'raw', text: dialString } } },
    });
  const legOrder = (leg: Leg, order: Parameters<WatchedDriver['order']>[0]['order']) =>
    watched.order({ lineKey: leg.lineKey, callKey: leg.callKey, order });
  const connectedCall = async (): Promise<Leg> => {
    await rig.world.callIn({ from: NUMBER, to: '10' });
    await watched.untilLeg({ lineKey: '10', state: 'offering' });
    await rig.world.lift('10');
    return watched.untilLeg({ lineKey: '10', state: 'connected' });
  };

  describe(`${name}: lines`, () => {
    it('connects by itself and names every line in the snapshot', async () => {
      const { lines, legs } = await watched.driver.snapshot();
      expect(lines.map(({ lineKey }) => lineKey)).toEqual(['10', '11', '12']);
      expect(lines.every((line) => line.isRegistered === true && line.capabilities.includes('makeCall'))).toBe(true);
      expect(legs).toEqual([]);
    });

    it('tells when a phone logs out and when do not disturb is on', async () => {
      await rig.world.setRegistered('11', 'loggedOut');
      await rig.world.setDnd('12', 'on');
      const lineOf = (lineKey: string) =>
        watched.until((event) => (event.type === 'line' && event.line.lineKey === lineKey ? event.line : undefined));
      expect((await lineOf('11')).isRegistered).toBe(false);
      expect((await lineOf('12')).dnd).toBe(true);
    });
  });

  describe(`${name}: outgoing calls`, () => {
    it('goes through every state, and is connected only when the far end answers', async () => {
      const { commandKey, result } = await dial();
      expect(result).toEqual({ type: 'sent' });
      const { callKey } = await watched.untilLeg({ lineKey: '10', state: 'prompting' });
      await rig.world.lift('10');
      await watched.untilLeg({ callKey, state: 'ringback' });
      expect(watched.statesOf(callKey)).not.toContain('connected');
      await rig.world.farAnswers('10');
      const connected = await watched.untilLeg({ callKey, state: 'connected' });
      await rig.world.farHangsUp('10');
      const ended = await watched.untilLeg({ callKey, state: 'ended' });
      expect(watched.statesOf(callKey)).toEqual([
        'initiated',
        'prompting',
        'dialing',
        'ringback',
        'connected',
        'ended',
      ]);
      expect(connected).toMatchObject({ direction: 'outbound', remote: { number: NUMBER }, commandKey });
      expect(connected.connectedSince).toBeGreaterThanOrEqual(connected.since);
      expect(ended.cause).toBe('normal');
      expect(await watched.untilOutcome(commandKey)).toMatchObject({ state: 'done', callKey });
    });

    it('says that the own phone was not lifted', async () => {
      await dial();
      const { callKey } = await watched.untilLeg({ lineKey: '10', state: 'prompting' });
      rig.pbxClock.advance(OWN_PHONE_RINGS_MS);
      expect((await watched.untilLeg({ callKey, state: 'ended' })).cause).toBe('ownPhoneNotAnswered');
    });

    it('says that the far end is busy', async () => {
      await dial();
      const { callKey } = await watched.untilLeg({ lineKey: '10', state: 'prompting' });
      await rig.world.lift('10');
      await rig.world.farHangsUp('10', 'busy');
      expect((await watched.untilLeg({ callKey, state: 'failed' })).cause).toBe('busy');
      await rig.world.hangUp('10');
      expect((await watched.untilLeg({ callKey, state: 'ended' })).cause).toBe('busy');
    });

    it('can be dropped while the far end rings', async () => {
      await dial();
      await rig.world.lift('10');
      const leg = await watched.untilLeg({ lineKey: '10', state: 'ringback' });
      const { commandKey } = await legOrder(leg, { name: 'drop', args: {} });
      expect((await watched.untilLeg({ callKey: leg.callKey, state: 'ended' })).cause).toBe('cancelled');
      expect((await watched.untilOutcome(commandKey)).state).toBe('done');
    });

    it('fails with a cause when the line has no phone or is in a call', async () => {
      await connectedCall();
      const busy = await dial();
      await rig.world.setRegistered('11', 'loggedOut');
      const unreachable = await dial(NUMBER, '11');
      expect(await watched.untilOutcome(busy.commandKey)).toMatchObject({
        state: 'failed',
        code: 'pbx-rejected',
        params: { cause: 'busy' },
      });
      expect((await watched.untilOutcome(unreachable.commandKey)).params).toEqual({ cause: 'unreachable' });
    });
  });

  describe(`${name}: incoming calls`, () => {
    it('is offered with the caller and the number that was called, and answered by order', async () => {
      await rig.world.callIn({ from: NUMBER, name: 'Sample Caller', to: '10' });
      const leg = await watched.untilLeg({ lineKey: '10', state: 'offering' });
      expect(leg).toMatchObject({
        direction: 'inbound',
        remote: { number: NUMBER, name: 'Sample Caller' },
        dialled: '10',
      });
      await legOrder(leg, { name: 'answer', args: {} });
      await watched.untilLeg({ callKey: leg.callKey, state: 'connected' });
      await rig.world.farHangsUp('10');
      expect((await watched.untilLeg({ callKey: leg.callKey, state: 'ended' })).cause).toBe('normal');
    });

    it('has no number when the caller withheld it', async () => {
      await rig.world.callIn({ from: NUMBER, to: '10', isWithheld: true });
      expect((await watched.untilLeg({ lineKey: '10', state: 'offering' })).remote.number).toBeUndefined();
    });

    it('ends as cancelled when the caller gives up, as rejected when it is declined', async () => {
      await rig.world.callIn({ from: NUMBER, to: '10' });
      await rig.world.callIn({ from: NUMBER, to: '11' });
      await rig.world.farHangsUp('10');
      const ringing = await watched.untilLeg({ lineKey: '11', state: 'offering' });
      await legOrder(ringing, { name: 'drop', args: {} });
      expect((await watched.untilLeg({ lineKey: '10', state: 'ended' })).cause).toBe('cancelled');
      expect((await watched.untilLeg({ lineKey: '11', state: 'ended' })).cause).toBe('rejected');
    });

    it('rings a whole group under one link, and ends elsewhere when one answers', async () => {
      await rig.world.callIn({ from: NUMBER, to: '90' });
      const rung = await Promise.all(
        ['10', '11', '12'].map((lineKey) => watched.untilLeg({ lineKey, state: 'offering' })),
      );
      expect(new Set(rung.map(({ linkKey }) => linkKey)).size).toBe(1);
      expect(new Set(rung.map(({ callKey }) => callKey)).size).toBe(3);
      expect(rung[0]?.group).toBeDefined();
      await rig.world.lift('11');
      const others = await Promise.all(['10', '12'].map((lineKey) => watched.untilLeg({ lineKey, state: 'ended' })));
      expect(others.map(({ cause }) => cause)).toEqual(['answeredElsewhere', 'answeredElsewhere']);
      expect((await watched.untilLeg({ lineKey: '11', state: 'connected' })).linkKey).toBe(rung[0]?.linkKey);
    });

    it('between colleagues, both ends belong to one conversation and are connected together', async () => {
      await dial('11');
      await rig.world.lift('10');
      const called = await watched.untilLeg({ lineKey: '11', state: 'offering' });
      const caller = await watched.untilLeg({ lineKey: '10', state: 'ringback' });
      expect([caller.direction, called.direction]).toEqual(['internal', 'internal']);
      expect(called.linkKey).toBe(caller.linkKey);
      expect([caller.remote.number, called.remote.number]).toEqual(['11', '10']);
      await rig.world.lift('11');
      await watched.untilLeg({ lineKey: '10', state: 'connected' });
      await watched.untilLeg({ lineKey: '11', state: 'connected' });
    });
  });

  describe(`${name}: orders for calls`, () => {
    it('does what a call says it can do: hold and retrieve', async () => {
      const leg = await connectedCall();
      expect(leg.capabilities).toEqual(expect.arrayContaining(['hold', 'drop']));
      await legOrder(leg, { name: 'hold', args: {} });
      const held = await watched.untilLeg({ callKey: leg.callKey, state: 'held' });
      expect(held.capabilities).toContain('retrieve');
      expect(held.capabilities).not.toContain('hold');
      const mark = watched.events.length;
      await legOrder(leg, { name: 'retrieve', args: {} });
      await watched.untilLeg({ callKey: leg.callKey, state: 'connected' }, mark);
    });

    it('refuses what a call does not offer as not supported, and changes nothing', async () => {
      const leg = await connectedCall();
      const before = await watched.driver.snapshot();
      const notOffered = (['answer', 'retrieve', 'conference'] as const).filter(
        (command) => !leg.capabilities.includes(command),
      );
      expect(notOffered.length).toBeGreaterThan(0);
      for (const command of notOffered) {
        const args = { otherCallId: 'x' };
        const { result } = await legOrder(
          leg,
          command === 'conference' ? { name: command, args } : { name: command, args: {} },
        );
        expect(result).toMatchObject({ type: 'rejected', code: 'not-supported' });
      }
      expect(await watched.driver.snapshot()).toEqual(before);
    });

    it('refuses an order for a call that is over', async () => {
      const leg = await connectedCall();
      await rig.world.farHangsUp('10');
      await watched.untilLeg({ callKey: leg.callKey, state: 'ended' });
      expect((await legOrder(leg, { name: 'drop', args: {} })).result).toMatchObject({
        type: 'rejected',
        code: 'call-unknown',
      });
    });

    it('redirects an offered call to a colleague', async () => {
      await rig.world.callIn({ from: NUMBER, to: '10' });
      const leg = await watched.untilLeg({ lineKey: '10', state: 'offering' });
      await watched.order({
        lineKey: '10',
        callKey: leg.callKey,
        dialString: '12',
        order: { name: 'redirect', args: { to: { kind: 'internal', number: '12' } } },
      });
      expect((await watched.untilLeg({ callKey: leg.callKey, state: 'ended' })).cause).toBe('forwarded');
      expect((await watched.untilLeg({ lineKey: '12', state: 'offering' })).linkKey).toBe(leg.linkKey);
    });

    it('picks a colleague’s call up', async () => {
      await rig.world.callIn({ from: NUMBER, to: '11' });
      const ringing = await watched.untilLeg({ lineKey: '11', state: 'offering' });
      await watched.order({ lineKey: '10', otherLineKey: '11', order: { name: 'pickup', args: { lineId: 'x' } } });
      expect((await watched.untilLeg({ lineKey: '10', state: 'connected' })).linkKey).toBe(ringing.linkKey);
      expect((await watched.untilLeg({ callKey: ringing.callKey, state: 'ended' })).cause).toBe('pickedUp');
    });

    it('joins two calls by a transfer and says that they belong together', async () => {
      const first = await connectedCall();
      await legOrder(first, { name: 'hold', args: {} });
      await watched.untilLeg({ callKey: first.callKey, state: 'held' });
      await dial('11');
      await watched.untilLeg({ lineKey: '11', state: 'offering' });
      await rig.world.lift('11');
      const second = await watched.until((event) =>
        event.type === 'leg' &&
        event.leg.lineKey === '10' &&
        event.leg.capabilities.includes('transfer') &&
        event.leg.state === 'connected'
          ? event.leg
          : undefined,
      );
      await watched.order({
        lineKey: '10',
        callKey: second.callKey,
        otherCallKey: first.callKey,
        order: { name: 'transfer', args: { otherCallId: 'x' } },
      });
      const linked = await watched.until((event) => (event.type === 'link' ? event.callKeys : undefined));
      expect(linked).toEqual(expect.arrayContaining([first.callKey, second.callKey]));
      expect((await watched.untilLeg({ callKey: first.callKey, state: 'ended' })).cause).toBe('transferred');
      const { legs } = await watched.driver.snapshot();
      expect(legs).toMatchObject([{ lineKey: '11', state: 'connected', remote: { number: NUMBER } }]);
    });

    it('never tells a state that takes a call back', async () => {
      const leg = await connectedCall();
      await legOrder(leg, { name: 'hold', args: {} });
      await dial('11');
      await rig.world.lift('11');
      await rig.world.callIn({ from: NUMBER, to: '12' });
      await rig.world.reject('12');
      await watched.untilLeg({ lineKey: '12', state: 'ended' });
      const keys = new Set(watched.events.flatMap((event) => (event.type === 'leg' ? [event.leg.callKey] : [])));
      for (const callKey of keys) {
        const states = watched.statesOf(callKey);
        const backward = states.filter((state, index) => index > 0 && !canFollow(states[index - 1] ?? 'ended', state));
        expect(backward).toEqual([]);
      }
    });
  });

  describe(`${name}: joining late and ending`, () => {
    it('finds the calls that were there before it', async () => {
      const leg = await connectedCall();
      const late = rig.openDriver();
      await late.untilStatus('connected');
      const { legs } = await late.driver.snapshot();
      expect(legs).toMatchObject([
        { callKey: leg.callKey, state: 'connected', since: leg.since, connectedSince: leg.connectedSince },
      ]);
      await late.driver.close();
    });

    it('emits nothing after it was closed or aborted', async () => {
      const other = rig.openDriver();
      await other.untilStatus('connected');
      other.abort();
      await watched.driver.close();
      const told = [watched.events.length, other.events.length];
      await rig.world.callIn({ from: NUMBER, to: '10' });
      expect([watched.events.length, other.events.length]).toEqual(told);
      await watched.driver.close();
    });
  });

  if (harness.hasWire) testWire(name, { rig: () => rig, watched: () => watched, dial, connectedCall });
}
