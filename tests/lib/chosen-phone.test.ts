import type { CommandOrder, Line } from '@offhook/protocol';
import { expect, test } from 'vitest';
import { withChosenPhone } from '#lib/chosen-phone.ts';
import type { Orders } from '#lib/orders.ts';
import { saveSettings } from '#lib/settings.ts';
import { aLine } from '../components/builders.ts';
import { aPairedWorld, settled } from '../fakes/worker-world.ts';

const CALL: CommandOrder = { name: 'makeCall', args: { number: { kind: 'e164', number: '+493023125042' } } };
const TWO_PHONES = [
  { deviceId: 'desk', name: 'Desk phone' },
  { deviceId: 'mobile', name: 'Mobile' },
];

async function given(order: CommandOrder, line: Partial<Line>, phones: () => Promise<Record<string, string>>) {
  const orders: CommandOrder[] = [];
  const inner = {
    async give({ order: one }: { order: CommandOrder }) {
      orders.push(one);
      return { type: 'done' };
    },
    // Nothing else is asked of it here.
  } as unknown as Orders;
  const wrapped = withChosenPhone(inner, { phones, line: () => aLine({ lineId: 'line-18', ...line }) });
  await wrapped.give({ lineId: 'line-18', order });
  return orders[0];
}

const mobile = async () => ({ 'line-18': 'mobile' });

test('a call that is started names the phone that the agent chose for the line', async () => {
  expect(await given(CALL, { devices: TWO_PHONES }, mobile)).toEqual({
    ...CALL,
    args: { ...CALL.args, device: 'mobile' },
  });
});

test('a phone that the line does not have any more, and one of another line, is never named', async () => {
  expect(await given(CALL, { devices: TWO_PHONES }, async () => ({ 'line-18': 'gone' }))).toEqual(CALL);
  expect(await given(CALL, { devices: TWO_PHONES }, async () => ({ 'line-11': 'mobile' }))).toEqual(CALL);
  expect(await given(CALL, {}, mobile)).toEqual(CALL);
});

test('what an order says itself goes before, and other orders stay as they are', async () => {
  const named: CommandOrder = { ...CALL, args: { ...CALL.args, device: 'desk' } };
  expect(await given(named, { devices: TWO_PHONES }, mobile)).toEqual(named);
  const dnd: CommandOrder = { name: 'setDnd', args: { on: true } };
  expect(await given(dnd, { devices: TWO_PHONES }, mobile)).toEqual(dnd);
});

test('settings that cannot be read keep nobody from calling', async () => {
  expect(await given(CALL, { devices: TWO_PHONES }, () => Promise.reject(new Error('no storage')))).toEqual(CALL);
});

test('the worker sends the choice with whatever starts a call', async () => {
  const world = await aPairedWorld([aLine({ devices: TWO_PHONES })]);
  await saveSettings(world.storage.local, { phones: { 'line-18': 'mobile' } });
  void world.ask('command', { lineId: 'line-18', order: CALL });
  await settled();
  const sent = world.sockets.last().sent.filter(({ type }) => type === 'command');
  expect(sent).toMatchObject([{ name: 'makeCall', args: { device: 'mobile' } }]);
});
