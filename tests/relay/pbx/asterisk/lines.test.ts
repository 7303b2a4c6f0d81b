// Lines, names, lamps and calls that run, as Asterisk and FreePBX write them.
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueServerCertificate, makeAuthority } from '../../../../relay/src/certificate-authority.ts';
import { causeOfDial, causeOfQ850 } from '../../../../relay/src/pbx/asterisk/causes.ts';
import type { Packet } from '../../../fakes/asterisk/ami-server.ts';
import { openPlayer, type Player } from './player.ts';

let player: Player;
afterEach(() => player?.close());

const hint = (Exten: string, Hint: string, Context = 'internal'): Packet => ({
  Event: 'ExtensionStatus',
  Exten,
  Context,
  Hint,
  Status: '0',
});

async function hinted(...hints: Packet[]): Promise<string[]> {
  player = await openPlayer({ hintContext: 'internal' });
  player.server.tellAll(hints);
  await player.heard();
  return player.company.board.lines('company').map(({ extension }) => extension);
}

describe('lines of an Asterisk', () => {
  it('are extensions whose hints name a phone, in FreePBX’s way of writing, too', async () => {
    const extensions = await hinted(
      hint('200', 'PJSIP/200&Custom:DND200,CustomPresence:200'),
      hint('201', 'SIP/201'),
      hint('*78200', 'Custom:DND200'),
      hint('202', 'Custom:DND202'),
      hint('203', 'Local/203@somewhere'),
      hint('205', 'local/205@somewhere'),
      hint('204', 'PJSIP/204', 'other-context'),
    );
    expect(extensions.filter((extension) => extension.startsWith('2'))).toEqual(['200', '201']);
  });

  it('have the phones of their hint to choose from', async () => {
    await hinted(hint('200', 'PJSIP/200&PJSIP/200-soft'));
    expect(player.company.line('200').devices?.map(({ deviceId }) => deviceId)).toEqual([
      'PJSIP/200',
      'PJSIP/200-soft',
    ]);
  });

  it.each([
    ['before', [hint('250', 'PJSIP/200&PJSIP/201'), hint('200', 'PJSIP/200'), hint('201', 'PJSIP/201')]],
    ['behind', [hint('200', 'PJSIP/200'), hint('201', 'PJSIP/201'), hint('250', 'PJSIP/200&PJSIP/201')]],
  ])('keep their calls though the hint of a group, told %s theirs, names their phones, too', async (_when, hints) => {
    await hinted(...hints);
    const id = { Channel: 'PJSIP/201-1', Uniqueid: '9.1', Linkedid: '9.1', Context: 'internal' };
    player.server.tell({ Event: 'Newchannel', ...id, ChannelStateDesc: 'Ring', Exten: '200' });
    await player.heard();
    expect(player.company.line('201').calls).toHaveLength(1);
    expect(player.company.line('250').calls).toEqual([]);
  });

  it('keep the phone that a hint which is gone named, too', async () => {
    await hinted(hint('250', 'PJSIP/200&PJSIP/201'), hint('201', 'PJSIP/201'), hint('201', 'PJSIP/209'));
    const id = { Channel: 'PJSIP/201-1', Uniqueid: '9.1', Linkedid: '9.1', Context: 'internal' };
    player.server.tell({ Event: 'Newchannel', ...id, ChannelStateDesc: 'Ring', Exten: '200' });
    await player.heard();
    expect(player.company.line('250').calls).toHaveLength(1);
  });

  it('have a phone as long as one of their devices is logged in', async () => {
    await hinted(hint('200', 'PJSIP/200&PJSIP/200-soft'));
    const lamp = (Device: string, State: string) => player.server.tell({ Event: 'DeviceStateChange', Device, State });
    lamp('PJSIP/200', 'UNAVAILABLE');
    lamp('PJSIP/200-soft', 'NOT_INUSE');
    await player.company.shows('one phone', '200', ({ state }) => state === 'idle');
    lamp('PJSIP/200-soft', 'UNAVAILABLE');
    await player.company.shows('no phone', '200', ({ unavailableReason }) => unavailableReason === 'noPhone');
  });

  it('are named by their phone’s caller id, unless the settings know better', async () => {
    player = await openPlayer({ lines: { 101: { name: 'Reception' } } });
    expect(player.company.line('100').name).toBe('Line 100');
    expect(player.company.line('101').name).toBe('Reception');
  });

  it('show what they have switched on, and a change of it by somebody else', async () => {
    player = await openPlayer();
    player.office.database.set('CFB/100', '101');
    player.office.database.set('DND/100', 'YES');
    player.server.tell({ Event: 'DeviceStateChange', Device: 'Custom:DND100', State: 'BUSY' });
    await player.company.shows('both', '100', ({ dnd, forward }) => dnd === true && forward?.when === 'busy');
  });
});

describe('calls that run when the relay comes', () => {
  const item = (part: Packet): Packet => ({
    Event: 'CoreShowChannel',
    ChannelStateDesc: 'Up',
    CallerIDNum: '<unknown>',
    ConnectedLineNum: '<unknown>',
    Context: 'internal',
    Exten: 's',
    Linkedid: '1.1',
    Duration: '00:01:05',
    BridgeId: '',
    Application: 'Dial',
    ...part,
  });

  it('are there with their state: talked in, rung, and rung by a click', async () => {
    player = await openPlayer({}, [
      item({ Channel: 'PJSIP/trunk-1', Uniqueid: '1.1', CallerIDNum: '03023125042', Exten: '100', BridgeId: 'b' }),
      item({
        ...{ Channel: 'PJSIP/100-2', Uniqueid: '1.2', Application: 'AppDial', BridgeId: 'b' },
        ConnectedLineNum: '03023125042',
      }),
      item({ Channel: 'PJSIP/trunk-3', Uniqueid: '2.1', Linkedid: '2.1', ChannelStateDesc: 'Ring', Exten: '101' }),
      item({
        ...{ Channel: 'PJSIP/101-4', Uniqueid: '2.2', Linkedid: '2.1', ChannelStateDesc: 'Ringing' },
        Application: 'AppDial',
      }),
      item({
        ...{ Channel: 'PJSIP/102-5', Uniqueid: '3.1', Linkedid: '3.1', ChannelStateDesc: 'Ringing' },
        ...{ Application: 'AppDial2', ConnectedLineNum: '103' },
      }),
      item({ Channel: 'PJSIP/103-6', Uniqueid: '4.1', Linkedid: '4.1', Exten: '003023125042', BridgeId: 'c' }),
      item({
        ...{ Channel: 'PJSIP/trunk-7', Uniqueid: '4.2', Linkedid: '4.1', Application: 'AppDial', BridgeId: 'c' },
      }),
    ]);
    const callAt = (line: string) => player.company.line(line).calls[0];
    expect(callAt('100')).toMatchObject({ state: 'connected', direction: 'inbound', callKey: '1.2' });
    expect(callAt('100')?.remote.number).toEqual({ kind: 'e164', number: '+493023125042' });
    expect(callAt('101')).toMatchObject({ state: 'offering', direction: 'inbound' });
    expect(callAt('102')).toMatchObject({ state: 'prompting', direction: 'internal' });
    expect(player.company.line('103').calls[0]).toMatchObject({ state: 'connected', direction: 'outbound' });
    const sinceMs = player.clock.now() - (callAt('100')?.since ?? 0);
    expect(sinceMs).toBe(65_000);
  });

  it('have the number that they are connected with where the dial plan is in a subroutine by now', async () => {
    player = await openPlayer({}, [
      item({
        Channel: 'PJSIP/103-6',
        Uniqueid: '4.1',
        Linkedid: '4.1',
        BridgeId: 'c',
        ConnectedLineNum: '003023125042',
      }),
      item({ Channel: 'PJSIP/trunk-7', Uniqueid: '4.2', Linkedid: '4.1', Application: 'AppDial', BridgeId: 'c' }),
    ]);
    expect(player.company.line('103').calls).toMatchObject([
      { direction: 'outbound', remote: { number: { kind: 'e164', number: '+493023125042' } } },
    ]);
  });

  it('are over when the next list does not have them, but not when they began after it was asked for', async () => {
    const running: Packet[] = [item({ Channel: 'PJSIP/100-1', Uniqueid: '1.1', Application: 'Echo' })];
    player = await openPlayer({}, running);
    expect(player.company.line('100').calls).toHaveLength(1);
    running.length = 0;
    const snapshot = player.company.driver.snapshot();
    await player.server.untilActionsOf('CoreShowChannels', 2);
    expect((await snapshot).legs).toEqual([]);
  });
});

describe('a manager’s user without reporting', () => {
  const rights = ['Originate', 'Redirect', 'Hangup', 'Status'];
  const status: Packet = {
    ...{ Event: 'Status', Channel: 'PJSIP/100-1', Uniqueid: '1.1', Linkedid: '1.1', ChannelStateDesc: 'Up' },
    ...{ Context: 'internal', Exten: '003023125042', Application: 'Dial', BridgeID: '', Seconds: '65' },
  };

  it('learns from the status of each channel which calls run, and after a break which do no more', async () => {
    const running = [status];
    player = await openPlayer({}, running, undefined, 'connected', rights);
    const [call] = player.company.line('100').calls;
    expect(call).toMatchObject({ callKey: '1.1', direction: 'outbound' });
    expect(player.clock.now() - (call?.since ?? 0)).toBe(65_000);
    running.length = 0;
    expect((await player.company.driver.snapshot()).legs).toEqual([]);
    expect(player.server.actions.map(({ Action }) => Action)).not.toContain('CoreShowChannels');
  });

  it('and without call hears after a break that a call is over of which nobody can say that it runs', async () => {
    player = await openPlayer({}, [], undefined, 'connected', ['Ping']);
    const id = { Channel: 'PJSIP/100-1', Uniqueid: '9.1', Linkedid: '9.1', Context: 'internal' };
    player.server.tell({ Event: 'Newchannel', ...id, ChannelStateDesc: 'Ring', Exten: '101' });
    await player.heard();
    expect(player.company.line('100').calls).toHaveLength(1);
    expect((await player.company.driver.snapshot()).legs).toEqual([]);
    expect(player.story('100').at(-1)).toBe('ended: unknown');
  });
});

describe('the connection', () => {
  let folder = '';
  let target = 0;
  let front: Server;
  const aim = (real: number) => {
    target = real;
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'offhook-ami-'));
    const now = new Date();
    const authority = makeAuthority({ name: 'Sample authority', hosts: ['pbx.example'], now });
    const { cert, key } = issueServerCertificate(authority, { hosts: ['pbx.example'], now });
    writeFileSync(join(folder, 'ca.pem'), authority.cert);
    front = createServer({ cert, key }, (socket) => {
      const inner = connectPlain(target, '127.0.0.1');
      socket.pipe(inner).pipe(socket);
      for (const one of [socket, inner]) one.on('error', () => one.destroy());
    }).listen(0, '127.0.0.1');
    front.on('tlsClientError', () => undefined);
    await once(front, 'listening');
  });
  afterEach(() => {
    front.close();
    rmSync(folder, { recursive: true });
  });

  function settings(name: string): Record<string, unknown> {
    const address = front.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { port, tls: { ca: join(folder, 'ca.pem'), name } };
  }

  it('goes over TLS to who bears the certificate, and to nobody else', async () => {
    player = await openPlayer(settings('pbx.example'), [], aim);
    expect(player.company.line('100').state).toBe('idle');
    await player.close();
    player = await openPlayer(settings('other.example'), [], () => undefined, 'disconnected');
    const status = await player.company.untilStatus('disconnected');
    expect(JSON.stringify(status)).toMatch(/certificate|altnames/i);
  });

  it('says so when the certificate to believe is not there, and comes as soon as it is', async () => {
    renameSync(join(folder, 'ca.pem'), join(folder, 'later.pem'));
    player = await openPlayer(settings('pbx.example'), [], aim, 'disconnected');
    expect(await player.company.untilStatus('disconnected')).toMatchObject({
      reason: expect.stringMatching(/tls\.ca cannot be read: .*ca\.pem/),
    });
    renameSync(join(folder, 'later.pem'), join(folder, 'ca.pem'));
    player.clock.advance(250);
    await player.company.shows('in touch', '100', ({ state }) => state === 'idle');
  });
});

describe('causes', () => {
  it.each([
    ['1', 'invalidNumber'],
    ['16', 'normal'],
    ['17', 'busy'],
    ['19', 'noAnswer'],
    ['20', 'unreachable'],
    ['21', 'rejected'],
    ['26', 'answeredElsewhere'],
    ['34', 'congestion'],
    ['38', 'networkFailure'],
    ['0', undefined],
    ['127', undefined],
    ['__proto__', undefined],
    [undefined, undefined],
  ])('Q.850 %s is %s', (q850, cause) => {
    expect(causeOfQ850(q850)).toBe(cause);
  });

  it.each([
    ['BUSY', 'busy'],
    ['NOANSWER', 'noAnswer'],
    ['CANCEL', 'cancelled'],
    ['CHANUNAVAIL', 'unreachable'],
    ['CONGESTION', 'congestion'],
    ['ANSWER', undefined],
    ['CONTINUE', undefined],
  ])('DialStatus %s is %s', (status, cause) => {
    expect(causeOfDial(status)).toBe(cause);
  });
});
