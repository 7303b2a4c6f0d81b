// Contacts that open by themselves: once a call, when the agent chose, and never in the way.
import type { Call } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import { createContactOpener, type OpeningMoments } from '#lib/contact-opener.ts';
import type { PhoneState } from '#lib/phone.ts';
import type { Settings } from '#lib/settings.ts';
import { aCall, aColleague, aContact, aLine, aRemote, aState, aStranger } from '../components/builders.ts';
import { createFakeStorage } from '../fakes/storage.ts';

const URL_OF_ANNA = 'https://crm.example/contacts/c001';
const offered = (change: Partial<Call> = {}) => aCall({ state: 'offering', ...change });
const answered = (change: Partial<Call> = {}) => aCall({ connectedMs: 0, ...change });
const ringing = (...calls: Call[]) => aState([aLine({ calls })]);

function setUp(moment: Settings['opensContact'], more: Partial<OpeningMoments> = {}) {
  const moments: OpeningMoments = {
    opensContact: moment,
    opensContactVip: undefined,
    opensContactOutbound: 'never',
    ...more,
  };
  const world = {
    memory: createFakeStorage(),
    state: aState([]),
    isTyping: false,
    speaks: true,
    opened: [] as string[],
  };
  const start = () => {
    const opener = createContactOpener({
      memory: world.memory,
      state: () => world.state,
      moments: async () => moments,
      maySpeak: () => world.speaks,
      isTyping: async () => world.isTyping,
      open: async (_callId, url) => world.opened.push(url),
    });
    return async (state: PhoneState) => {
      world.state = state;
      await opener.update();
    };
  };
  return { world, start };
}

test.each<[Settings['opensContact'], string[][]]>([
  ['ring', [[URL_OF_ANNA], [URL_OF_ANNA]]],
  ['answer', [[], [URL_OF_ANNA]]],
  ['never', [[], []]],
])('%s: what is open when it rings, and when it was answered', async (moment, expected) => {
  const { world, start } = setUp(moment);
  const update = start();
  const open: string[][] = [];
  for (const call of [offered(), answered()]) {
    await update(ringing(call));
    await update(ringing(call));
    open.push([...world.opened]);
  }
  expect(open).toEqual(expected);
});

test('opens once, whatever becomes of the worker', async () => {
  const { world, start } = setUp('ring');
  await start()(ringing(offered()));
  await start()(ringing(offered()));
  expect(world.opened).toHaveLength(1);
});

test('a contact that is found while it rings is opened then', async () => {
  const { world, start } = setUp('ring');
  const update = start();
  await update(ringing(offered({ remote: aStranger() })));
  await update(ringing(offered()));
  expect(world.opened).toEqual([URL_OF_ANNA]);
});

test.each<[string, PhoneState]>([
  [
    'that is only perhaps the right one',
    ringing(offered({ remote: aRemote({ contact: aContact({ match: 'probable' }) }) })),
  ],
  ['without a page', ringing(offered({ remote: aStranger({ contact: { ...aContact(), url: undefined } }) }))],
  ['of a call that we make', ringing(offered({ direction: 'outbound' }))],
  ['of a colleague’s call', aState([aColleague('11', { calls: [offered()] })])],
  ['over a conversation that goes on', ringing(aCall({ callId: 'other', remote: aStranger() }), offered())],
  ['on the word of a picture that is not current', { ...ringing(offered()), link: { type: 'connecting' } }],
])('does not open a contact %s', async (_title, state) => {
  const { world, start } = setUp('ring');
  await start()(state);
  expect(world.opened).toEqual([]);
});

test('what is opened on answering is the one that was answered, over a conversation, too', async () => {
  const { world, start } = setUp('answer');
  await start()(ringing(aCall({ callId: 'other', state: 'held', remote: aStranger() }), answered()));
  expect(world.opened).toEqual([URL_OF_ANNA]);
});

test('a call that was answered before the browser was started opens nothing', async () => {
  const { world, start } = setUp('answer');
  await start()(ringing(aCall({ connectedMs: 60_000 })));
  expect(world.opened).toEqual([]);
});

test('while the agent types nothing opens, and it does not open later for that call', async () => {
  const { world, start } = setUp('ring');
  const update = start();
  world.isTyping = true;
  await update(ringing(offered()));
  world.isTyping = false;
  await update(ringing(offered()));
  expect(world.opened).toEqual([]);
  await update(ringing(offered({ callId: 'call-2' })));
  expect(world.opened).toHaveLength(1);
});

test.each<[OpeningMoments['opensContactOutbound'], string[][]]>([
  ['dial', [[URL_OF_ANNA], [URL_OF_ANNA]]],
  ['answer', [[], [URL_OF_ANNA]]],
  ['never', [[], []]],
])(
  'a call that the agent makes, %s: what is open while it rings there, and when it was answered',
  async (outbound, expected) => {
    const { world, start } = setUp('ring', { opensContactOutbound: outbound });
    const update = start();
    const open: string[][] = [];
    for (const state of ['ringback', 'connected'] as const) {
      await update(ringing(aCall({ direction: 'outbound', state, connectedMs: 0 })));
      open.push([...world.opened]);
    }
    expect(open).toEqual(expected);
  },
);

test('contacts who matter most open when it rings, others when the call was answered', async () => {
  const { world, start } = setUp('answer', { opensContactVip: 'ring' });
  const update = start();
  await update(ringing(offered()));
  expect(world.opened).toEqual([]);
  await update(ringing(offered({ callId: 'vip', remote: aRemote({ contact: aContact({ vip: true }) }) })));
  expect(world.opened).toEqual([URL_OF_ANNA]);
});

describe('with another browser of the agent that announces the call', () => {
  test.each(['ring', 'answer'] as const)(
    'nothing opens here, on %s, whatever becomes of the worker',
    async (moment) => {
      const { world, start } = setUp(moment);
      world.speaks = false;
      await start()(ringing(offered()));
      await start()(ringing(answered()));
      expect(world.opened).toEqual([]);
    },
  );

  test.each(['ring', 'answer'] as const)('it opens here, on %s, once this one takes over', async (moment) => {
    const { world, start } = setUp(moment);
    const update = start();
    world.speaks = false;
    await update(ringing(offered()));
    world.speaks = true;
    await update(ringing(offered()));
    await update(ringing(answered()));
    expect(world.opened).toEqual([URL_OF_ANNA]);
  });

  test('a call that never rang here, since it was picked up, opens all the same', async () => {
    const { world, start } = setUp('answer');
    world.speaks = false;
    await start()(ringing(answered()));
    expect(world.opened).toEqual([URL_OF_ANNA]);
  });
});
