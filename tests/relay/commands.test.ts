import type { Command } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import { type CommandReport, commandKeyOf, createCommands } from '../../relay/src/commands.ts';
import { createGuard } from '../../relay/src/guard.ts';
import type { DriverOrder, SendResult } from '../../relay/src/pbx/driver.ts';
import type { CommandRecord } from '../../relay/src/store/store.ts';
import type { BoardLine } from '../../relay/src/switchboard.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';
import { aCall, aGrant, aLine, aMakeCall, aViewer, BERLIN, SILENT, settled } from './builders.ts';

function aLedger({
  beforeMark = () => {},
  lines = [aLine({ calls: [aCall(), aCall({ callId: 'call-2' })] })],
  burstPerMinute = 10,
  send = async () => ({ type: 'sent' }),
}: {
  lines?: readonly BoardLine[];
  burstPerMinute?: number;
  beforeMark?: (clock: FakeClock) => void;
  send?: (order: DriverOrder) => Promise<SendResult> | undefined;
} = {}) {
  const clock = createFakeClock();
  const records = new Map<string, CommandRecord>();
  const orders: DriverOrder[] = [];
  const commands = createCommands({
    clock,
    log: SILENT,
    guard: createGuard({ limits: { perHour: 120, burstPerMinute }, clock }),
    store: {
      command: async (key) => records.get(key),
      async recordCommand(record) {
        const known = records.get(record.commandKey);
        if (!known) records.set(record.commandKey, record);
        return { isNew: !known, record: known ?? record };
      },
      async advanceCommand(key, from, to) {
        if (to.state === 'sent') beforeMark(clock);
        const record = records.get(key);
        if (!record || !from.includes(record.state)) return false;
        records.set(key, { ...record, ...to });
        return true;
      },
    },
    line: (lineId) => lines.find((line) => line.lineId === lineId),
    locationOf: () => BERLIN,
    hasLine: () => false,
    isContact: () => false,
    callIdOf: (pbxId, callKey, lineKey) => `${pbxId}/${callKey}/${lineKey}`,
    send(_pbxId, order) {
      orders.push(order);
      return send(order);
    },
    outcomeTimeoutMs: 10_000,
  });
  const reports: CommandReport[] = [];
  const give = async (command: Command, viewer = aViewer()) => {
    await commands.submit(viewer, command, (report) => reports.push(report));
    await settled();
    return reports.at(-1);
  };
  return { ...commands, clock, records, orders, reports, give, states: () => reports.map(({ state }) => state) };
}

const onCall = {
  type: 'command',
  id: 'id-1',
  key: 'key-1',
  lineId: 'line-1',
  callId: 'call-1',
  deadlineMs: 5_000,
} as const;

describe('commands: the life of an order', () => {
  test('it is accepted, sent and done, with the call that it made', async () => {
    const ledger = aLedger();
    await ledger.give(aMakeCall());
    const commandKey = commandKeyOf('user-1', 'key-1');
    await ledger.settle('pbx-1', { commandKey, state: 'done', callKey: 'leg-1' });
    expect(ledger.states()).toEqual(['accepted', 'sent', 'done']);
    expect(ledger.reports.at(-1)?.callId).toBe('pbx-1/leg-1/key of line-1');
    expect(ledger.orders).toMatchObject([{ commandKey, dialString: '003023125042', lineKey: 'key of line-1' }]);
  });

  test('a phone system that never answers leaves it unknown after the time limit', async () => {
    const ledger = aLedger({ send: () => new Promise(() => undefined) });
    await ledger.give(aMakeCall());
    expect(ledger.states()).toEqual(['accepted']);
    ledger.clock.advance(10_000);
    await settled();
    expect(ledger.reports.at(-1)).toMatchObject({ state: 'unknown', code: 'outcome-unknown' });
  });

  test('a late outcome corrects an unknown one, and is told to whoever asked', async () => {
    const ledger = aLedger();
    await ledger.give(aMakeCall());
    ledger.clock.advance(10_000);
    await settled();
    await ledger.settle('pbx-1', {
      commandKey: commandKeyOf('user-1', 'key-1'),
      state: 'failed',
      code: 'pbx-rejected',
    });
    expect(ledger.states()).toEqual(['accepted', 'sent', 'unknown', 'failed']);
  });

  test('an outcome that contradicts an earlier one changes nothing', async () => {
    const ledger = aLedger();
    await ledger.give(aMakeCall());
    const commandKey = commandKeyOf('user-1', 'key-1');
    await ledger.settle('pbx-1', { commandKey, state: 'done' });
    await ledger.settle('pbx-1', { commandKey, state: 'failed' });
    expect(ledger.records.get(commandKey)?.state).toBe('done');
    expect(ledger.states()).toEqual(['accepted', 'sent', 'done']);
  });

  test('the phone system out of reach means failed, not unknown', async () => {
    const ledger = aLedger({ send: () => undefined });
    expect(await ledger.give(aMakeCall())).toMatchObject({ state: 'failed', code: 'pbx-unreachable' });
  });

  test('a throw of the driver means unknown', async () => {
    const ledger = aLedger({ send: () => Promise.reject(new Error('socket closed while sending')) });
    expect(await ledger.give(aMakeCall())).toMatchObject({ state: 'unknown', code: 'outcome-unknown' });
  });

  test('an order that is too late after a slow write is not handed over', async () => {
    const ledger = aLedger({ beforeMark: (clock) => clock.advance(5_001) });
    expect(await ledger.give(aMakeCall())).toMatchObject({ state: 'failed', code: 'timeout' });
    expect(ledger.orders).toEqual([]);
  });

  test('after the end, nothing is handed over', async () => {
    const ledger = aLedger();
    ledger.close();
    await ledger.give(aMakeCall());
    expect(ledger.orders).toEqual([]);
  });
});

describe('commands: the same key again', () => {
  test('the stored outcome is answered, whatever the rules say by now', async () => {
    const ledger = aLedger();
    await ledger.give(aMakeCall());
    await ledger.settle('pbx-1', { commandKey: commandKeyOf('user-1', 'key-1'), state: 'done' });
    expect(await ledger.give(aMakeCall(), aViewer({ grants: [] }))).toEqual({ key: 'key-1', state: 'done' });
    expect(ledger.orders).toHaveLength(1);
  });

  test('on two sockets at once it is dialled once, and both hear the end', async () => {
    const ledger = aLedger();
    await Promise.all([ledger.give(aMakeCall()), ledger.give(aMakeCall({ id: 'id-2' }))]);
    await ledger.settle('pbx-1', { commandKey: commandKeyOf('user-1', 'key-1'), state: 'done' });
    expect(ledger.orders).toHaveLength(1);
    expect(ledger.states().filter((state) => state === 'done')).toHaveLength(2);
  });

  test('with other arguments it is refused, the order of the arguments aside', async () => {
    const ledger = aLedger();
    const args = { when: 'all', to: { kind: 'e164', number: '+493023125042' } } as const;
    await ledger.give({ ...onCall, name: 'setForward', args });
    expect(await ledger.give({ ...onCall, name: 'setForward', args: { to: args.to, when: 'all' } })).toMatchObject({
      state: 'sent',
    });
    expect(await ledger.give({ ...onCall, name: 'setForward', args: { ...args, when: 'busy' } })).toMatchObject({
      state: 'failed',
      code: 'key-reused',
    });
  });

  test('while other arguments are on their way, the owner of the key is not told that it failed', async () => {
    const ledger = aLedger();
    await ledger.give(aMakeCall());
    await ledger.settle('pbx-1', { commandKey: commandKeyOf('user-1', 'key-1'), state: 'done' });
    const reused = ledger.give(aMakeCall({ args: { number: { kind: 'e164', number: '+491713920012' } } }));
    const owner: CommandReport[] = [];
    await ledger.submit(aViewer(), aMakeCall(), (report) => owner.push(report));
    expect((await reused)?.key).toBe('key-1');
    expect(owner).toEqual([{ key: 'key-1', state: 'done' }]);
  });

  test('of another user it is another order', async () => {
    const ledger = aLedger();
    await ledger.give(aMakeCall());
    await ledger.give(aMakeCall(), aViewer({ userId: 'user-2' }));
    expect(ledger.orders).toHaveLength(2);
  });

  test('a deadline of 0 only asks: an order that is not known is failed, and stays so for its twin', async () => {
    const ledger = aLedger();
    expect(await ledger.give(aMakeCall({ deadlineMs: 0 }))).toMatchObject({ state: 'failed', code: 'timeout' });
    expect(await ledger.give(aMakeCall())).toMatchObject({ state: 'failed', code: 'timeout' });
    expect(ledger.orders).toEqual([]);
  });

  test('an order that was refused stays refused, when the rules allow it by now', async () => {
    const ledger = aLedger();
    expect(await ledger.give(aMakeCall(), aViewer({ grants: [] }))).toMatchObject({ code: 'line-unknown' });
    expect(await ledger.give(aMakeCall())).toMatchObject({ state: 'failed', code: 'line-unknown' });
    expect(ledger.orders).toEqual([]);
  });
});

describe('commands: the allowance', () => {
  const call = (key: string, parts = {}) => aMakeCall({ key, ...parts });

  test('refused and repeated orders spend nothing', async () => {
    const ledger = aLedger({ burstPerMinute: 2 });
    await Promise.all([ledger.give(call('a')), ledger.give(call('a'))]);
    await ledger.give(call('a'));
    await ledger.give(call('b', { lineId: 'line-9' }));
    await ledger.give(call('c', { args: { number: { kind: 'e164', number: '+49112' } } }));
    await ledger.give(call('d', { deadlineMs: 0 }));
    expect(await ledger.give(call('e'))).toMatchObject({ state: 'sent' });
    expect(await ledger.give(call('f'))).toMatchObject({ state: 'failed', code: 'rate-limited' });
  });

  test('sending a call elsewhere counts like a call', async () => {
    const ledger = aLedger({ burstPerMinute: 2 });
    const to = { kind: 'e164', number: '+493023125042' } as const;
    await ledger.give({ ...onCall, key: 'a', name: 'redirect', args: { to } });
    await ledger.give({ ...onCall, key: 'b', name: 'setForward', args: { when: 'all', to } });
    expect(await ledger.give(call('c'))).toMatchObject({ code: 'rate-limited' });
  });
});

describe('commands: what a phone system is told', () => {
  test('never a text that a client wrote', async () => {
    const ledger = aLedger();
    await ledger.give(aMakeCall({ args: { number: { kind: 'raw', text: '030 / 231 25-042' }, confirm: 'x' } }));
    expect(ledger.orders[0]?.order.args).toMatchObject({ number: { kind: 'e164', number: '+493023125042' } });
  });

  const to = { kind: 'e164', number: '+499001234567' } as const;
  test.each<[string, Command]>([
    ['makeCall', aMakeCall({ args: { number: to } })],
    ['redirect', { ...onCall, name: 'redirect', args: { to } }],
    ['setForward', { ...onCall, name: 'setForward', args: { when: 'noAnswer', to } }],
  ])('%s to a premium number is blocked', async (_name, command) => {
    const ledger = aLedger();
    expect(await ledger.give(command)).toMatchObject({ code: 'policy-blocked', params: { reason: 'premium' } });
    expect(ledger.orders).toEqual([]);
  });

  test.each<[string, Command]>([
    ['a call of another line', { ...onCall, callId: 'call-9', name: 'drop', args: {} }],
    ['no call at all', { ...onCall, callId: undefined, name: 'hold', args: {} }],
    ['a call with itself', { ...onCall, name: 'transfer', args: { otherCallId: 'call-1' } }],
    ['a call of another line as the second one', { ...onCall, name: 'toggle', args: { otherCallId: 'call-9' } }],
  ] as [string, Command][])('%s is call-unknown', async (_what, command) => {
    const ledger = aLedger({
      lines: [aLine({ calls: [aCall()] }), aLine({ lineId: 'line-2', calls: [aCall({ callId: 'call-9' })] })],
    });
    expect(await ledger.give(command)).toMatchObject({ state: 'failed', code: 'call-unknown' });
  });

  test('what line or call cannot do is not-supported', async () => {
    const lines = [aLine({ capabilities: [], calls: [aCall({ capabilities: ['drop'] })] })];
    const ledger = aLedger({ lines });
    expect(await ledger.give(aMakeCall())).toMatchObject({ code: 'not-supported', params: { command: 'makeCall' } });
    expect(await ledger.give({ ...onCall, key: 'b', name: 'hold', args: {} })).toMatchObject({ code: 'not-supported' });
    expect(await ledger.give({ ...onCall, key: 'c', name: 'drop', args: {} })).toMatchObject({ state: 'sent' });
  });

  test('a colleague’s call is picked up with the right on the colleague’s line and control of the own one', async () => {
    const ledger = aLedger({ lines: [aLine(), aLine({ lineId: 'line-2' }), aLine({ lineId: 'line-3' })] });
    const grants = [
      { userId: 'user-1', lineId: 'line-1', rights: [], isOwn: true },
      aGrant('user-1', 'line-2', 'watch', 'pickup'),
      aGrant('user-1', 'line-3', 'watch'),
    ];
    const pickup = (key: string, lineId: string): Command => ({ ...onCall, key, name: 'pickup', args: { lineId } });
    const viewer = aViewer({ grants });
    expect(await ledger.give(pickup('a', 'line-2'), viewer)).toMatchObject({ state: 'sent' });
    expect(ledger.orders[0]?.otherLineKey).toBe('key of line-2');
    expect(await ledger.give(pickup('b', 'line-3'), viewer)).toMatchObject({ code: 'not-permitted' });
    expect(await ledger.give(pickup('c', 'line-9'), viewer)).toMatchObject({ code: 'line-unknown' });
  });
});
