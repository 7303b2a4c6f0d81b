// Which of an agent's devices announces a call: the one that the relay tells to. The others show it in their views alone.
import { describe, expect, test } from 'vitest';
import { createSpeaker } from '#lib/speaker.ts';
import { aCall, aLine } from '../components/builders.ts';
import { aDelta, aSnapshot, aWelcome } from '../fakes/relay-messages.ts';
import { aPairedWorld } from '../fakes/worker-world.ts';

const show = (callId: string) => ({ type: 'notify', callId, show: true, reason: 'speaker' }) as const;

describe('a speaker', () => {
  test('announces what it is told to, and nothing else', () => {
    const speaker = createSpeaker({ state: () => ({ hasSpeaker: true }) });
    expect(speaker.maySpeak('call-1')).toBe(false);
    expect(speaker.onMessage(show('call-1'))).toBe(true);
    expect(speaker.onMessage(show('call-1'))).toBe(false);
    expect([speaker.maySpeak('call-1'), speaker.maySpeak('call-2')]).toEqual([true, false]);
  });

  test('announces everything where the relay does not choose, and a pretended call anyway', () => {
    expect(createSpeaker({ state: () => ({}) }).maySpeak('call-1')).toBe(true);
    expect(createSpeaker({ state: () => ({ hasSpeaker: true }) }).maySpeak('sample:1')).toBe(true);
  });
});

describe('in the worker', () => {
  const offered = aCall({ state: 'offering' });
  const ringing = aDelta([aLine({ calls: [offered] })]);

  async function aChoosingRelay() {
    const world = await aPairedWorld([aLine()]);
    await world.says(aWelcome({ features: ['speaker'] }));
    await world.says(aSnapshot([aLine()]));
    return world;
  }
  const seen = (world: Awaited<ReturnType<typeof aChoosingRelay>>) =>
    world.relay.received.filter(({ type }) => type === 'seen');

  test('a call brings up nothing until the relay says that it is this device’s turn', async () => {
    const world = await aChoosingRelay();
    await world.says(ringing);
    expect([world.windows.created.length, seen(world).length]).toEqual([0, 0]);
    await world.says(show(offered.callId));
    expect(world.windows.created).toHaveLength(1);
    expect(seen(world)).toEqual([{ type: 'seen', callId: offered.callId, action: 'shown' }]);
  });

  test('it may say so before the call itself has come', async () => {
    const world = await aChoosingRelay();
    await world.says(show(offered.callId));
    await world.says(ringing);
    expect(world.windows.created).toHaveLength(1);
  });

  test('a worker that comes back does not announce again, and keeps what stands', async () => {
    const world = await aChoosingRelay();
    await world.says(ringing);
    await world.says(show(offered.callId));
    world.killWorker();
    await world.startWorker();
    await world.says(aWelcome({ features: ['speaker'] }));
    await world.says(aSnapshot([aLine({ calls: [offered] })]));
    expect(world.windows.created).toHaveLength(1);
  });

  test('that a copy of this profile is signed in is known until the next sign-in', async () => {
    const world = await aChoosingRelay();
    await world.says({ type: 'device-sessions', sessions: 2 });
    expect((await world.state()).deviceSessions).toBe(2);
    await world.says(aWelcome());
    expect((await world.state()).deviceSessions).toBeUndefined();
  });
});
