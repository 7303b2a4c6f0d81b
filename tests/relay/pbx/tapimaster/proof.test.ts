// Which order a change of a line is the effect of.
import { expect, it } from 'vitest';
import type { DriverOrder, Leg } from '../../../../relay/src/pbx/driver.ts';
import { createProofs } from '../../../../relay/src/pbx/tapimaster/proof.ts';
import { createFakeClock } from '../../../fakes/clock.ts';

const call = (commandKey: string): DriverOrder => ({
  ...{ commandKey, lineKey: '10', dialString: '03023125042' },
  order: { name: 'makeCall', args: { number: { kind: 'e164', number: '+493023125042' } } },
});
const leg = (callKey: string): Leg => ({
  ...{ lineKey: '10', callKey, direction: 'outbound', state: 'initiated', since: 0 },
  ...{ remote: { number: '03023125042' }, answerReported: true, capabilities: [] },
});

it('one call is the effect of one order: of two to the same number, the first one’s', () => {
  const proofs = createProofs(createFakeClock());
  proofs.await(call('first'), []);
  proofs.await(call('second'), []);
  expect(proofs.see(leg('a'))).toEqual([{ commandKey: 'first', startedIt: true }]);
  expect(proofs.see(leg('b'))).toEqual([{ commandKey: 'second', startedIt: true }]);
});

it('an end is the effect of every order that wanted it', () => {
  const proofs = createProofs(createFakeClock());
  const drop = (commandKey: string): DriverOrder => ({
    ...{ commandKey, lineKey: '10', callKey: 'a' },
    order: { name: 'drop', args: {} },
  });
  for (const key of ['first', 'second']) proofs.await(drop(key), [leg('a')]);
  expect(proofs.see({ ...leg('a'), state: 'ended' }).map(({ commandKey }) => commandKey)).toEqual(['first', 'second']);
});
