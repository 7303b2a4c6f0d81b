// Events of one millisecond come in any order, and what comes late must change nothing; what is told once stays so.
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { openAsteriskDriver } from '../../../../relay/src/pbx/asterisk/driver.ts';
import type { DriverEvent } from '../../../../relay/src/pbx/driver.ts';
import type { Packet } from '../../../fakes/asterisk/ami-server.ts';
import { openPlayer, type Player } from './player.ts';

let player: Player;
afterEach(() => player.close());

const channel = (name: string, id: string, part: Packet = {}): Packet => ({
  Channel: name,
  Uniqueid: id,
  Linkedid: '1.1',
  Context: 'internal',
  ...part,
});
const TRUNK = channel('PJSIP/trunk-1', '1.1', { CallerIDNum: '03023125042', Exten: '600' });
const PHONE = channel('PJSIP/100-2', '1.2', { ConnectedLineNum: '03023125042' });
const OTHER = channel('PJSIP/100-3', '2.2', { ConnectedLineNum: '03023125043', Linkedid: '2.1' });

const event = (name: string, of: Packet, part: Packet = {}): Packet => ({ Event: name, ...of, ...part });
const up = (of: Packet) => event('Newstate', of, { ChannelStateDesc: 'Up' });
const rings = (of: Packet) => event('Newstate', of, { ChannelStateDesc: 'Ringing' });
const dest = (of: Packet): Packet =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [`Dest${key}`, value]));
const dials = (by: Packet, whom: Packet) => event('DialBegin', by, dest(whom));
const talks = (of: Packet) => event('BridgeEnter', of, { BridgeUniqueid: 'b' });
const ends = (of: Packet, Cause = '16') => event('Hangup', of, { Cause });
const rung = [event('Newchannel', TRUNK, { ChannelStateDesc: 'Ring' }), dials(TRUNK, PHONE), rings(PHONE)];

const legsSince = (mark: number) =>
  player.company.events.slice(mark).flatMap((one) => (one.type === 'leg' ? [one.leg.callKey] : []));

async function tell(...events: Packet[]): Promise<void> {
  player.server.tellAll(events);
  await player.heard();
}

describe('events of an Asterisk', () => {
  it('never take a call back: ringing that is told behind the answer is old news', async () => {
    player = await openPlayer();
    await tell(...rung, up(PHONE), rings(PHONE));
    expect(player.story('100')).toEqual(['offering', 'connected']);
  });

  it('of a call that is over bring nothing back', async () => {
    player = await openPlayer();
    await tell(...rung, ends(PHONE), rings(PHONE), up(PHONE));
    expect(player.story('100').map((step) => step.split(':')[0])).toEqual(['offering', 'ended']);
    expect(player.company.line('100').state).toBe('idle');
  });

  it('name the group to the end, whoever hangs up first', async () => {
    player = await openPlayer({ groups: { 600: 'Sales' } });
    await tell(...rung, ends(TRUNK), ends(PHONE));
    const [entry] = await player.company.entries('100');
    expect(entry).toMatchObject({ group: 'Sales', outcome: 'missed', direction: 'inbound' });
  });

  it('call a group by its number where nobody named it', async () => {
    player = await openPlayer();
    const second = channel('PJSIP/101-9', '1.3');
    await tell(...rung.slice(0, 2), dials(TRUNK, second), rings(PHONE), rings(second));
    expect(player.company.line('100').calls).toMatchObject([{ group: '600' }]);
  });

  it('change what can be done with a call when another one comes to the same phone', async () => {
    player = await openPlayer();
    const both = [TRUNK, PHONE].map(talks);
    await tell(...rung, up(PHONE), ...both);
    const [first] = player.company.line('100').calls;
    expect(first?.capabilities).toEqual(['drop', 'redirect', 'sendDtmf']);
    const caller = channel('PJSIP/trunk-8', '2.1', { Linkedid: '2.1' });
    const inOther = (of: Packet) => event('BridgeEnter', of, { BridgeUniqueid: 'c' });
    await tell(event('Newchannel', caller, { ChannelStateDesc: 'Ring' }), dials(caller, OTHER), up(OTHER));
    await tell(inOther(caller), inOther(OTHER));
    const able = player.company.line('100').calls.map(({ capabilities }) => capabilities.includes('transfer'));
    expect(able).toEqual([true, true]);
    await tell(ends(OTHER));
    expect(player.company.line('100').calls.find(({ callKey }) => callKey === '1.2')?.capabilities).not.toContain(
      'transfer',
    );
  });

  it('offer no keys and no transfer before anybody is there to hear them', async () => {
    player = await openPlayer();
    await tell(...rung);
    expect(player.company.line('100').calls[0]?.capabilities).toEqual(['drop', 'redirect']);
  });

  it('that move a call to another phone leave nothing of it at the first one', async () => {
    player = await openPlayer();
    await tell(...rung, event('Rename', PHONE, { Newname: 'PJSIP/101-2' }), ends({ ...PHONE, Channel: 'PJSIP/101-2' }));
    const before = player.company.events.length;
    await tell(event('Newchannel', OTHER, { ChannelStateDesc: 'Down' }), rings(OTHER));
    expect(legsSince(before)).not.toContain('1.2');
    expect(player.story('100').slice(0, 2)).toEqual(['offering', 'ended: unknown']);
    expect(player.company.line('100').calls.filter(({ state }) => state !== 'ended')).toEqual([]);
  });

  it('that one of them cannot be read do not cost the others', async () => {
    player = await openPlayer();
    await tell({ Event: 'constructor', Uniqueid: '1.1' }, { Event: 'BridgeEnter' }, ...rung);
    expect(player.story('100')).toEqual(['offering']);
  });
});

describe('a list of channels', () => {
  it('that was made before a call began does not end it', async () => {
    const running: Packet[] = [];
    player = await openPlayer({}, running);
    const before = player.server.actions.length;
    player.server.onNext('CoreShowChannels', () => {
      player.server.tellAll(rung);
    });
    const { legs } = await player.company.driver.snapshot();
    expect(player.server.actions.length).toBeGreaterThan(before);
    expect(legs).toMatchObject([{ callKey: '1.2', state: 'offering' }]);
  });

  it('that lacks a call of which nobody told the end tells it now, to whoever was in touch all the time', async () => {
    player = await openPlayer();
    await tell(...rung);
    expect((await player.company.driver.snapshot()).legs).toEqual([]);
    expect(player.story('100')).toEqual(['offering', 'ended: unknown']);
  });

  it('that still has a call of which the end was told does not bring it back', async () => {
    const running: Packet[] = [];
    player = await openPlayer({}, running);
    await tell(...rung, ends(PHONE), ends(TRUNK));
    running.push(event('CoreShowChannel', PHONE, { ChannelStateDesc: 'Ringing', Application: 'AppDial' }));
    expect((await player.company.driver.snapshot()).legs).toEqual([]);
  });
});

describe('before its snapshot', () => {
  it('the driver tells of no line and no call, at first and after a break', async () => {
    player = await openPlayer();
    const events: DriverEvent[] = [];
    const end = new AbortController();
    let inTouch = Promise.withResolvers<void>();
    const driver = openAsteriskDriver(
      player.options,
      {
        signal: end.signal,
        clock: player.clock,
        log: pino({ level: 'silent' }),
        emit(event) {
          events.push(event);
          if (event.type === 'status' && event.status.type === 'connected') inTouch.resolve();
        },
      },
      () => 'sample-secret',
    );
    const lamp = (State: string) => player.server.tell({ Event: 'DeviceStateChange', Device: 'PJSIP/100', State });
    await inTouch.promise;
    await tell(...rung);
    lamp('UNAVAILABLE');
    await driver.snapshot();
    inTouch = Promise.withResolvers<void>();
    player.server.cut();
    await player.server.nextConnection(() => player.clock.advance(1_000));
    await inTouch.promise;
    lamp('NOT_INUSE');
    lamp('UNAVAILABLE');
    await driver.snapshot();
    expect(events.filter(({ type }) => type !== 'status')).toEqual([]);
    end.abort();
  });
});
