// Which ringtone is heard, and when there is none.
import { describe, expect, test } from 'vitest';
import type { PhoneState } from '#lib/phone.ts';
import type { Ring } from '#lib/ringer.ts';
import { createRinger, ringKindOf, toneFor } from '#lib/ringer.ts';
import { DEFAULT_RINGTONES, type Ringtones } from '#lib/ringtone-settings.ts';
import { aCall, aLine, aState } from '../components/builders.ts';
import { createFakeStorage } from '../fakes/storage.ts';

const contact = { contactId: 'c', name: 'Anna Krüger', source: 'crm', match: 'exact' } as const;

function setUp({ ringtones = DEFAULT_RINGTONES as Ringtones, rings = true, speaks = true } = {}) {
  const heard: (Ring | undefined)[] = [];
  const world = { state: aState([aLine()]), ringtones, speaks };
  const memory = createFakeStorage();
  const startWorker = () =>
    createRinger({
      state: () => world.state,
      maySpeak: () => world.speaks,
      settings: async () => (rings ? world.ringtones : undefined),
      player: { set: async (ring) => void heard.push(ring) },
      memory,
    });
  return { world, heard, memory, startWorker, ringer: startWorker(), last: () => heard.at(-1)?.tone };
}

const offering = (callId = 'call-1', change: Parameters<typeof aCall>[0] = {}) =>
  aCall({ callId, state: 'offering', direction: 'inbound', ...change });
const ringing = (...calls: ReturnType<typeof offering>[]): PhoneState => aState([aLine({ calls })]);

describe('a call that rings', () => {
  test('is heard with volume and output as chosen, until it is over', async () => {
    const { world, heard, ringer } = setUp({ ringtones: { ...DEFAULT_RINGTONES, volume: 0.3, device: 'headset' } });
    world.state = ringing(offering());
    await ringer.update();
    expect(heard).toEqual([{ tone: 'classic', volume: 0.3, device: 'headset' }]);
    world.state = ringing(offering('call-1', { state: 'connected' }));
    await ringer.update();
    expect(heard.at(-1)).toBeUndefined();
  });

  test.each([
    ['the agent has not switched it on', { rings: false }],
    ['another device announces the call', { speaks: false }],
  ])('is not heard where %s', async (_why, given) => {
    const { world, heard, ringer } = setUp(given);
    world.state = ringing(offering());
    await ringer.update();
    expect(heard).toEqual([undefined]);
  });

  test('is not heard while the agent speaks', async () => {
    const { world, last, ringer } = setUp();
    world.state = ringing(offering('call-2'), aCall({ callId: 'call-1', state: 'connected' }));
    await ringer.update();
    expect(last()).toBeUndefined();
  });

  test('is not heard while the link is down: what rang then is not known', async () => {
    const { world, last, ringer } = setUp();
    world.state = aState([aLine({ calls: [offering()] })], { link: { type: 'offline' } });
    await ringer.update();
    expect(last()).toBeUndefined();
  });

  test('that is none of ours costs nothing: once it is silent nobody is asked again', async () => {
    const { world, heard, ringer } = setUp();
    await ringer.update();
    world.state = aState([aLine({ calls: [aCall({ state: 'connected' })] })]);
    await ringer.update();
    expect(heard).toEqual([undefined]);
    world.state = ringing(offering());
    await ringer.update();
    expect(heard.at(-1)?.tone).toBe('classic');
  });

  test('that is over before its tone was heard does not ring on', async () => {
    const { world, heard, ringer } = setUp();
    await ringer.update();
    world.state = ringing(offering());
    const begun = ringer.update();
    while (heard.length < 2) await Promise.resolve();
    world.state = aState([aLine()]);
    await Promise.all([begun, ringer.update()]);
    expect(heard.at(-1)).toBeUndefined();
  });

  test('rings on while the link is made again, and starts nothing then', async () => {
    const { world, heard, last, ringer } = setUp();
    world.state = ringing(offering());
    await ringer.update();
    world.state = { ...world.state, link: { type: 'connecting' } };
    await ringer.update();
    expect(last()).toBe('classic');
    const other = setUp();
    other.world.state = { ...ringing(offering()), link: { type: 'connecting' } };
    await other.ringer.update();
    expect([heard.length, other.heard]).toEqual([1, []]);
  });

  test('is muted also where nothing can be remembered', async () => {
    const { world, last, ringer, memory } = setUp();
    world.state = ringing(offering());
    await ringer.update();
    memory.get = memory.set = async () => {
      throw new Error('broken');
    };
    await ringer.mute();
    expect(last()).toBeUndefined();
    world.state = ringing(offering('call-2'));
    await ringer.update();
    expect(last()).toBe('classic');
  });

  test('that was muted stays silent, for the next worker, too; the next call rings', async () => {
    const { world, last, ringer, startWorker } = setUp();
    world.state = ringing(offering());
    await ringer.update();
    await ringer.mute();
    expect(last()).toBeUndefined();
    const next = startWorker();
    await next.update();
    expect(last()).toBeUndefined();
    world.state = ringing(offering(), offering('call-2', { direction: 'internal' }));
    await next.update();
    expect(last()).toBe('double');
  });

  test('that another device dealt with is not heard any more', async () => {
    const { world, last, ringer } = setUp();
    world.state = ringing(offering());
    await ringer.update();
    await ringer.onCleared('call-1');
    expect(last()).toBeUndefined();
  });

  test('with a tone of none is silence', async () => {
    const tones = { ...DEFAULT_RINGTONES.tones, known: 'none' } as const;
    const { world, last, ringer } = setUp({ ringtones: { ...DEFAULT_RINGTONES, tones } });
    world.state = ringing(offering());
    await ringer.update();
    expect(last()).toBeUndefined();
  });
});

describe('whose call it is', () => {
  const remote = aCall().remote;
  test.each([
    ['internal', { direction: 'internal', remote }],
    ['unknown', { direction: 'inbound', remote: { ...remote, contact: undefined } }],
    ['unknown', { direction: 'inbound', remote: { ...remote, contact: { ...contact, match: 'probable' } } }],
    ['known', { direction: 'inbound', remote: { ...remote, contact } }],
    ['vip', { direction: 'inbound', remote: { ...remote, contact: { ...contact, vip: true } } }],
  ] as const)('%s', (kind, call) => {
    expect(ringKindOf(call)).toBe(kind);
  });

  test('decides about the tone; what is not chosen is as for all calls from outside', () => {
    const tones = { internal: 'low', external: 'soft', vip: 'bell' } as const;
    expect((['internal', 'vip', 'known', 'unknown'] as const).map((kind) => toneFor(kind, { tones }))).toEqual([
      'low',
      'bell',
      'soft',
      'soft',
    ]);
  });
});
