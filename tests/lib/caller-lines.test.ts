// One call on several own lines of an agent: announced once, and gone as one.
import type { Call } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import type { Caller } from '#lib/caller.ts';
import type { PhoneState } from '#lib/phone.ts';
import { aCall, aLine, aState } from '../components/builders.ts';
import { createSurvivors, type Survivors, startCaller } from '../fakes/survivors.ts';

const ID = 'call:call-1';

const offered = (change: Partial<Call> = {}) => aCall({ state: 'offering', ...change });

async function shows(world: Survivors, state: PhoneState, caller = startCaller(world)): Promise<Caller> {
  world.state = state;
  await caller.update();
  return caller;
}

describe('a call that rings on several own lines', () => {
  const one = offered({ conversationId: 'one', capabilities: ['drop'] });
  const two = offered({ conversationId: 'one', callId: 'call-2' });
  const on = (...calls: Call[]) =>
    aState(calls.map((call, at) => aLine({ lineId: `line-${at}`, extension: `1${at}`, calls: [call] })));

  test('has one notification, that of the line that can answer, and the relay hears of both', async () => {
    const world = createSurvivors();
    const caller = await shows(world, on(one, two));
    await caller.update();
    await shows(world, on(one, two));
    expect(world.created).toEqual(['call:call-2']);
    expect(world.seen.toSorted()).toEqual(['shown call-1', 'shown call-2']);
  });

  test('has one although the second line begins to ring later', async () => {
    const world = createSurvivors();
    const caller = await shows(world, on(two));
    await shows(world, on(two, one), caller);
    await shows(world, on(one, two));
    expect([world.created, world.seen]).toEqual([['call:call-2'], ['shown call-2', 'shown call-1']]);
  });

  test('is shown for the line that goes on ringing alone', async () => {
    const world = createSurvivors();
    const caller = await shows(world, on(one, two));
    await shows(world, on(one, { ...two, state: 'ended' }), caller);
    await caller.update();
    expect([...world.standing.keys()]).toEqual([ID]);
  });

  test('is nobody’s business on one line once it was answered on another', async () => {
    const world = createSurvivors();
    const caller = await shows(world, on(one, two));
    await shows(world, on(one, { ...two, state: 'connected' }), caller);
    expect([world.created, world.standing.size]).toEqual([['call:call-2'], 0]);
  });

  test.each([
    ['closed', (caller: Caller) => caller.onClosed('call:call-2', true)],
    ['dismissed elsewhere in this browser', (caller: Caller) => caller.dismiss('call-2')],
  ])('is gone from all of them when it is %s', async (_how, act) => {
    const world = createSurvivors();
    const caller = await shows(world, on(one, two));
    await act(caller);
    world.standing.delete('call:call-2');
    await shows(world, on(one, { ...two, state: 'ended' }), caller);
    expect([world.created, world.standing.size]).toEqual([['call:call-2'], 0]);
    expect(world.seen.filter((seen) => seen.startsWith('dismissed')).toSorted()).toEqual([
      'dismissed call-1',
      'dismissed call-2',
    ]);
  });

  test('two that turn out to be one leave one notification', async () => {
    const world = createSurvivors();
    const caller = await shows(world, on({ ...one, conversationId: 'other' }, two));
    await shows(world, on(one, two), caller);
    expect(world.standing.size).toBe(1);
  });
});
