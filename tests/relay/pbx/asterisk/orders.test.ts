// What orders become at the manager interface, and what they never become: a call of somebody who was not asked for.
import type { CommandOrder } from '@offhook/protocol';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { AsteriskOptionsSchema } from '../../../../relay/src/pbx/asterisk/options.ts';
import type { Packet } from '../../../fakes/asterisk/ami-server.ts';
import { openPlayer, type Player } from './player.ts';

let player: Player;
afterEach(() => player?.close());

const NUMBER = { kind: 'internal', number: '101' } as const;
const CALL: CommandOrder = { name: 'makeCall', args: { number: NUMBER } };

async function dial(dialString: string, args: { device?: string } = {}): ReturnType<Player['company']['order']> {
  return await player.company.order({
    lineKey: '100',
    dialString,
    order: { name: 'makeCall', args: { number: NUMBER, ...args } },
  });
}

function asked(action: string): Packet[] {
  return player.server.actions.filter((one) => one['Action'] === action);
}

async function ringing(): Promise<string> {
  await dial('101');
  const id = asked('Originate')[0]?.['ChannelId'] ?? '';
  const channel = { Channel: 'PJSIP/100-00000001', Uniqueid: id, Linkedid: id };
  player.server.tell({ Event: 'Newchannel', ...channel, ChannelStateDesc: 'Down', Exten: 's', Context: 'internal' });
  player.server.tell({ Event: 'Newstate', ...channel, ChannelStateDesc: 'Ringing' });
  await player.company.untilLeg({ lineKey: '100', state: 'prompting' });
  return id;
}

describe('orders to an Asterisk', () => {
  it('ring the phone itself, show it the number, and leave our own caller id alone', async () => {
    player = await openPlayer();
    expect((await dial('003023125042')).result).toEqual({ type: 'sent' });
    const [originate] = asked('Originate');
    expect(originate).toMatchObject({ Channel: 'PJSIP/100', Application: 'Wait', Async: 'true' });
    expect(originate?.['Variable']).toContain('CONNECTEDLINE(num,i)=003023125042');
    expect(originate).not.toHaveProperty('CallerID');
    expect(originate).not.toHaveProperty('Exten');
  });

  it('are sent on to the number only when that phone was lifted', async () => {
    player = await openPlayer();
    const ActionID = await ringing();
    await player.heard();
    expect(asked('Redirect')).toEqual([]);
    const own = { Channel: 'PJSIP/100-00000001', Uniqueid: ActionID };
    player.server.tell({ Event: 'OriginateResponse', Response: 'Success', ActionID, ...own, Reason: '4' });
    // Of the two, either may come first.
    await player.heard();
    expect(asked('Redirect')).toEqual([]);
    player.server.tell({ Event: 'Newstate', ...own, ChannelStateDesc: 'Up' });
    await player.server.untilAction('Redirect');
    player.server.tell({ Event: 'Newstate', ...own, ChannelStateDesc: 'Up' });
    await player.heard();
    expect(asked('Redirect')).toMatchObject([{ Channel: 'PJSIP/100-00000001', Context: 'internal', Exten: '101' }]);
    expect(asked('Hangup')).toEqual([]);
  });

  it('call nobody when the phone sent the call elsewhere, though Asterisk names its channel as lifted', async () => {
    player = await openPlayer();
    const ActionID = await ringing();
    // As an Asterisk 16 tells it.
    const own = { Channel: 'PJSIP/100-00000001', Uniqueid: ActionID };
    const dest = { DestChannel: own.Channel, DestUniqueid: ActionID };
    player.server.tell({ Event: 'DialEnd', ...dest, DialStatus: 'CANCEL' });
    player.server.tell({ Event: 'OriginateResponse', Response: 'Success', ActionID, ...own, Reason: '4' });
    await player.heard();
    player.server.tell({ Event: 'Hangup', ...own, Cause: '0' });
    await player.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(asked('Redirect')).toEqual([]);
  });

  it.each([
    ['a forward of the phone', { Channel: 'Local/0017@internal-00000007;1', Uniqueid: '1700000000.9' }],
    ['another phone', { Channel: 'PJSIP/102-00000002', Uniqueid: '1700000000.9' }],
    ['a channel of our name at another phone', { Channel: 'PJSIP/102-00000002' }],
  ])('call nobody when %s answered as the own phone', async (_who, answered) => {
    player = await openPlayer();
    const ActionID = await ringing();
    const success = { Event: 'OriginateResponse', Response: 'Success', ActionID, Uniqueid: ActionID, Reason: '4' };
    player.server.tell({ ...success, ...answered });
    await player.server.untilAction('Hangup');
    expect(asked('Redirect')).toEqual([]);
    expect(asked('Hangup')).toMatchObject([{ Channel: answered.Channel }]);
  });

  it('tell Asterisk that a forward of the own phone leads nowhere: nobody else is rung, and nobody else picks up', async () => {
    player = await openPlayer();
    await dial('101');
    const [originate] = asked('Originate');
    expect(originate?.['Variable']).toContain('FORWARD_CONTEXT=offhook-no-forward');
  });

  it.each(['Local/100@from-internal', 'local/100@from-internal'])(
    'are for phones: %s, behind which a voicemail box could lift, is none in the settings',
    (device) => {
      const settings = { username: 'sample', password: 'env:SAMPLE', lines: { 100: { devices: [device] } } };
      expect(v.safeParse(AsteriskOptionsSchema, settings).success).toBe(false);
    },
  );

  it.each(['101,1', '101\r\nAction: Command', '$[1]', 'a', '', '1'.repeat(33), '101&102'])(
    'are refused for %j, and nothing is sent',
    async (text) => {
      player = await openPlayer();
      expect((await dial(text)).result).toEqual({ type: 'rejected', code: 'number-invalid' });
      expect(asked('Originate')).toEqual([]);
    },
  );

  it('are refused for a phone that is not the line’s, and may name any that is', async () => {
    player = await openPlayer({ lines: { 100: { devices: ['PJSIP/100', 'PJSIP/100-soft'] } } });
    expect((await dial('101', { device: 'PJSIP/102' })).result).toMatchObject({ type: 'rejected' });
    expect((await dial('101', { device: 'PJSIP/100-soft' })).result).toEqual({ type: 'sent' });
    expect(asked('Originate').map(({ Channel }) => Channel)).toEqual(['PJSIP/100-soft']);
    expect(player.company.line('100').devices).toMatchObject([
      { deviceId: 'PJSIP/100' },
      { deviceId: 'PJSIP/100-soft' },
    ]);
  });

  it('ring an own phone once, whatever comes twice', async () => {
    player = await openPlayer();
    const order = { commandKey: 'cmd-1', lineKey: '100', dialString: '101', order: CALL };
    expect(await player.company.driver.command(order)).toEqual({ type: 'sent' });
    expect(await player.company.driver.command(order)).toEqual({ type: 'rejected', code: 'key-reused' });
    expect(asked('Originate')).toHaveLength(1);
  });

  it.each([
    ['callInfo', 'PJSIP_HEADER(add,Call-Info)=<sip:offhook>;answer-after=0'],
    ['alertInfo', 'PJSIP_HEADER(add,Alert-Info)=<http://offhook>;info=alert-autoanswer;delay=0'],
  ])('ask the phone to lift by itself with %s', async (autoAnswer, header) => {
    player = await openPlayer({ autoAnswer });
    await dial('101');
    expect(asked('Originate')[0]?.['Variable']).toContain(header);
  });

  it('take away what is switched on; what is off already is no failure', async () => {
    player = await openPlayer();
    const off = { lineKey: '100', order: { name: 'setDnd', args: { on: false } } } as const;
    player.office.database.set('DND/100', 'YES');
    const first = await player.company.order(off);
    expect(await player.company.untilOutcome(first.commandKey)).toMatchObject({ state: 'done' });
    expect(player.office.database.size).toBe(0);
    const second = await player.company.order(off);
    expect(await player.company.untilOutcome(second.commandKey)).toMatchObject({ state: 'done' });
  });

  it.each([
    ['do not disturb', 'DND/100', { name: 'setDnd', args: { on: false } }],
    ['a forward', 'CF/100', { name: 'setForward', args: { when: 'all', to: null } }],
  ] as const)('fail when the phone system does not take away %s', async (_what, place, order) => {
    player = await openPlayer();
    const { office, server } = player;
    office.database.set(place, '1');
    const answer = office.answer;
    // Asterisk 16 says the same when there is nothing to take away.
    const refusal = { response: { Response: 'Error', Message: 'Database entry could not be deleted' } };
    office.answer = (action) => (action['Action'] === 'DBDel' ? refusal : answer(action));
    const { commandKey } = await player.company.order({ lineKey: '100', order });
    expect(await player.company.untilOutcome(commandKey)).toMatchObject({ state: 'failed', code: 'pbx-rejected' });
    // Its lamp stays as it was.
    const lamps = server.actions.filter(({ Variable = '' }) => Variable.startsWith('DEVICE_STATE'));
    expect(lamps).toEqual([]);
  });
});
