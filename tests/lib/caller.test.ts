// Pop-ups of offered calls: exactly one per call, whenever the worker dies.
import type { Call, Contact } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import type { Caller } from '#lib/caller.ts';
import type { OrderResult } from '#lib/messages.ts';
import type { PhoneState } from '#lib/phone.ts';
import { aCall, aContact, aLine, aRemote, aState, aStranger } from '../components/builders.ts';
import { wordsOf } from '../components/test-words.ts';
import { createSurvivors, type Survivors, startCaller } from '../fakes/survivors.ts';

const ID = 'call:call-1';

const offered = (change: Partial<Call> = {}) =>
  aCall({ state: 'offering', conversationId: `of ${change.callId ?? 'call-1'}`, ...change });
const ringing = (...calls: Call[]) => aState([aLine({ calls })]);

async function shows(world: Survivors, state: PhoneState, caller = startCaller(world)): Promise<Caller> {
  world.state = state;
  await caller.update();
  return caller;
}

describe('an offered call', () => {
  test('is shown once, and the relay is told once, however often the worker looks', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(offered()));
    await Promise.all([caller.update(), caller.update(), caller.update()]);
    await caller.update();
    expect([world.created, world.seen, world.updated]).toEqual([[ID], ['shown call-1'], []]);
  });

  test('is not written anew by the next worker where it says the same: a press under way would be lost', async () => {
    const world = createSurvivors();
    await shows(world, ringing(offered()));
    await shows(world, ringing(offered()), startCaller(world));
    expect(world.updated).toEqual([]);
    await shows(world, ringing(offered({ remote: aStranger() })), startCaller(world));
    expect(world.updated).toEqual([ID]);
  });

  test('looks that pile up while one runs become one', async () => {
    const world = createSurvivors();
    let steps = 0;
    const caller = startCaller(world, async () => {
      steps += 1;
    });
    world.state = ringing(offered());
    await caller.update();
    steps = 0;
    await Promise.all(Array.from({ length: 50 }, () => caller.update()));
    // Out and back, for what is remembered and for what stands.
    expect(steps).toBe(4);
  });

  test('goes away when it is answered, ended, or absent', async () => {
    for (const after of [ringing(offered({ state: 'connected' })), ringing(offered({ state: 'ended' })), ringing()]) {
      const world = createSurvivors();
      const caller = await shows(world, ringing(offered()));
      await shows(world, after, caller);
      expect([[...world.standing.keys()], world.created]).toEqual([[], [ID]]);
    }
  });

  test('is neither shown nor cleared on the word of a picture that is not current', async () => {
    const world = createSurvivors();
    const caller = await shows(world, { ...ringing(offered()), link: { type: 'connecting' } });
    expect(world.created).toEqual([]);
    await shows(world, ringing(offered()), caller);
    for (const link of [{ type: 'offline' }, { type: 'connecting' }] as const) {
      await shows(world, { ...ringing(), link }, caller);
    }
    expect([...world.standing.keys()]).toEqual([ID]);
  });

  test('goes away when the relay does not let this browser in any more', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(offered()));
    await shows(world, { ...ringing(offered()), link: { type: 'refused', code: 'not-permitted' } }, caller);
    expect([world.standing.size, world.created]).toEqual([0, [ID]]);
  });

  test('goes away when the profile is disconnected from its relay', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(offered()));
    await shows(world, { ...ringing(), link: { type: 'unpaired' } }, caller);
    expect(world.standing.size).toBe(0);
  });

  test('on a colleague’s line, or made by ourselves, is not shown', async () => {
    const world = createSurvivors();
    const colleague = aLine({ lineId: 'line-11', isOwn: false, calls: [offered()] });
    await shows(world, aState([colleague, aLine({ calls: [aCall({ state: 'ringback' })] })]));
    expect(world.created).toEqual([]);
  });

  test('is not shown where the agent does not want it, and the relay is not told that it was', async () => {
    const world = createSurvivors();
    world.mayNotify = false;
    const caller = await shows(world, ringing(offered()));
    world.mayNotify = true;
    await caller.update();
    expect([world.created, world.seen]).toEqual([[], []]);
  });

  test('that another device dealt with is cleared, and does not come again while it rings', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(offered()));
    await caller.onCleared('call-1');
    await shows(world, ringing(offered({ remote: aStranger() })), caller);
    expect([world.created, world.standing.size]).toEqual([[ID], 0]);
  });

  test('that another device dealt with before it was shown here is not shown', async () => {
    const world = createSurvivors();
    const caller = startCaller(world);
    await caller.onCleared('call-1');
    await shows(world, ringing(offered()), caller);
    expect(world.created).toEqual([]);
  });
});

describe('what it says', () => {
  const contentOf = async (call: Call, kind: 'chrome' | 'firefox' = 'chrome') => {
    const world = createSurvivors({ kind });
    await shows(world, ringing(call));
    return world.standing.get(ID);
  };

  test('name and company of a contact, its number, and which of our numbers was called', async () => {
    expect(await contentOf(offered())).toEqual({
      type: 'basic',
      iconUrl: 'icon/128.png',
      title: 'Anna Krüger, Elbe Logistik KG',
      message: 'calls 030 23125000 · +49 30 23125042',
      requireInteraction: true,
      buttons: [{ title: 'Answer' }, { title: 'Decline' }],
    });
  });

  test('the group and the line that were called, where they do not go without saying', async () => {
    const world = createSurvivors();
    const call = offered({ group: 'Sales', dialled: { kind: 'internal', number: '90' } });
    await shows(world, aState([aLine({ calls: [call] }), aLine({ lineId: 'line-2', extension: '20' })]));
    expect(world.standing.get(ID)?.message).toBe('calls Sales, Extension 90, Line 18 · +49 30 23125042');
    const { message } = (await contentOf(offered({ dialled: { kind: 'internal', number: '18' } }))) ?? {};
    expect(message).toBe('is calling · +49 30 23125042');
  });

  test('what is known of the contact in one line of its own, the most important first, as far as it fits', async () => {
    const world = createSurvivors();
    world.facts = [
      { label: 'Open tickets', text: '3' },
      { label: 'Account manager', text: 'Sam Sample' },
      { label: 'Last order', text: 'A chair, a table, a lamp and a cupboard, on Monday' },
    ];
    await shows(world, ringing(offered({ remote: aRemote({ contact: aContact({ vip: true }) }) })));
    const [, known] = world.standing.get(ID)?.message.split('\n') ?? [];
    expect(known).toBe('VIP · Open tickets: 3 · Account manager: Sam Sample');
  });

  test('nothing of the kind of who is only perhaps meant', async () => {
    const remote = aRemote({ contact: aContact({ match: 'probable', vip: true }) });
    expect((await contentOf(offered({ remote })))?.message).not.toContain('VIP');
  });

  test('comes up without a sound while the agent speaks', async () => {
    const world = createSurvivors();
    await shows(world, ringing(aCall({ callId: 'call-0', conversationId: 'before' }), offered()));
    expect(world.standing.get(ID)?.silent).toBe(true);
  });

  test('a contact that only may be the right one is said to be so', async () => {
    const remote = aRemote({ contact: aContact({ match: 'probable' }) });
    expect((await contentOf(offered({ remote })))?.title).toContain('perhaps Anna Krüger');
  });

  test('a name that only the network claims is not the headline', async () => {
    const content = await contentOf(offered({ remote: aStranger({ name: 'Your Bank' }) }));
    expect(content?.title).toBe('030 23125077');
    expect(content?.message).toContain('claims to be “Your Bank”');
  });

  test('a withheld number is said in words', async () => {
    const content = await contentOf(offered({ remote: { number: { kind: 'anonymous' }, verified: false } }));
    expect(content?.title).toBe('Number withheld');
  });

  test('a hostile name stays the text that it is', async () => {
    const name = '<b>Police</b> $DIALLED$ &amp; $1 \u0000';
    const content = await contentOf(offered({ remote: aRemote({ contact: aContact({ name }) }) }));
    expect(content?.title).toBe(`${name}, Elbe Logistik KG`);
  });

  test.each<[Call['capabilities'], string[]]>([
    [
      ['answer', 'drop'],
      ['Answer', 'Decline'],
    ],
    [
      ['drop', 'answer', 'hold'],
      ['Answer', 'Decline'],
    ],
    [['drop'], ['Decline']],
    [['answer'], ['Answer']],
    [[], []],
  ])('a call that can %j has the buttons %j', async (capabilities, titles) => {
    const content = await contentOf(offered({ capabilities }));
    expect(content?.buttons?.map(({ title }) => title)).toEqual(titles);
  });

  test('Firefox gets neither buttons nor requireInteraction, on which it would throw', async () => {
    const content = await contentOf(offered(), 'firefox');
    expect(Object.keys(content ?? {}).sort()).toEqual(['iconUrl', 'message', 'title', 'type']);
  });
});

describe('a contact that is found late', () => {
  const unknown = offered({ remote: aStranger() });
  const contact: Contact = aContact();
  const known = offered({ remote: aStranger({ contact }) });

  test('is put into the notification that stands', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(unknown));
    await shows(world, ringing(known), caller);
    await caller.update();
    expect(world.standing.get(ID)?.title).toContain('Anna Krüger');
    expect([world.created, world.updated]).toEqual([[ID], [ID]]);
  });

  test('also by the next worker', async () => {
    const world = createSurvivors();
    await shows(world, ringing(unknown));
    await shows(world, ringing(known));
    expect(world.standing.get(ID)?.title).toContain('Anna Krüger');
    expect(world.created).toEqual([ID]);
  });

  test('and so is what is known of it, which is written once', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(known));
    world.facts = [{ label: 'Open tickets', text: '3' }];
    await caller.update();
    await caller.update();
    await shows(world, ringing(known));
    expect(world.standing.get(ID)?.message).toContain('\nOpen tickets: 3');
    expect([world.created, world.updated]).toEqual([[ID], [ID]]);
  });

  test('in Firefox the notification is written anew for another name, and for nothing else', async () => {
    const world = createSurvivors({ kind: 'firefox' });
    const caller = await shows(world, ringing(unknown));
    await shows(world, ringing({ ...unknown, group: 'Sales' }), caller);
    expect(world.created).toEqual([ID]);
    await shows(world, ringing(known), caller);
    await shows(world, ringing(known));
    expect([world.created, world.standing.get(ID)?.title]).toEqual([[ID, ID], 'Anna Krüger, Elbe Logistik KG']);
  });

  test('does not bring back a notification that was closed', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(unknown));
    world.standing.delete(ID);
    await shows(world, ringing(known), caller);
    expect([world.updated, world.standing.size]).toEqual([[], 0]);
  });
});

describe('pressing', () => {
  test('the notification opens the contact and tells the relay', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(offered()));
    await caller.onClicked(ID);
    expect(world.opened).toEqual(['https://crm.example/contacts/c001']);
    expect([world.seen.at(-1), world.standing.size]).toEqual(['opened call-1', 0]);
  });

  test('the notification of an unknown caller only clears it', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(offered({ remote: aStranger() })));
    await caller.onClicked(ID);
    expect([world.opened, world.standing.size]).toEqual([[], 0]);
  });

  test('what is not a call’s notification does nothing', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(offered()));
    await caller.onClicked('failed-order:call-1');
    await caller.onButton('other', 0);
    caller.onClosed('other', true);
    expect([world.seen, world.given, world.opened]).toEqual([['shown call-1'], [], []]);
  });

  test.each([
    [0, 'answer'],
    [1, 'drop'],
  ])('button %i gives %s, in a worker that it has just woken, too', async (index, name) => {
    const world = createSurvivors();
    await shows(world, ringing(offered()));
    await startCaller(world).onButton(ID, index);
    expect(world.given).toEqual([{ lineId: 'line-18', callId: 'call-1', order: { name, args: {} } }]);
  });

  test('a button is obeyed although the worker died as soon as the notification stood, and wrote nothing down', async () => {
    const world = createSurvivors();
    world.state = ringing(offered());
    const dying = startCaller(world, async () => {
      if (world.created.length > 0) await new Promise(() => {});
    });
    void dying.update();
    await new Promise((resolve) => setImmediate(resolve));
    world.state = { ...ringing(), link: { type: 'connecting' } };
    const { promise, resolve } = Promise.withResolvers<void>();
    world.settling = promise;
    const pressed = startCaller(world).onButton(ID, 1);
    world.state = ringing(offered());
    resolve();
    await pressed;
    expect(world.given).toMatchObject([{ order: { name: 'drop' } }]);
  });

  test('“Answer” never becomes “Decline” under the pointer', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(offered({ capabilities: ['answer', 'drop'] })));
    await shows(world, ringing(offered({ capabilities: ['drop'], remote: aStranger() })), caller);
    expect(world.standing.get(ID)?.buttons?.map(({ title }) => title)).toEqual(['Answer', 'Decline']);
    await caller.onButton(ID, 0);
    expect(world.given).toMatchObject([{ order: { name: 'answer' } }]);
  });

  test('buttons that come later are obeyed', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(offered({ capabilities: [] })));
    await caller.onButton(ID, 0);
    await shows(world, ringing(offered({ capabilities: ['drop'] })), caller);
    await caller.onButton(ID, 0);
    expect(world.given).toMatchObject([{ order: { name: 'drop' } }]);
  });

  test('a late “Decline” does not hang up a call that was answered meanwhile', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(offered()));
    world.state = ringing(offered({ state: 'connected' }));
    await caller.onButton(ID, 1);
    expect(world.given).toEqual([]);
  });

  test.each<[OrderResult, string]>([
    [{ type: 'failed', code: 'not-permitted' }, wordsOf('en').error('not-permitted')],
    [{ type: 'unknown' }, wordsOf('en').error('outcome-unknown')],
  ])('an order that came to %j says so', async (result, message) => {
    const world = createSurvivors();
    world.result = result;
    const caller = await shows(world, ringing(offered()));
    await caller.onButton(ID, 0);
    expect(world.standing.get('failed-order:call-1')).toMatchObject({ title: 'Offhook', message });
    expect(world.created.filter((id) => id === ID)).toHaveLength(1);
  });

  test('what an order came to goes away when it is pressed, and when the next call is offered', async () => {
    const world = createSurvivors();
    world.result = { type: 'failed', code: 'not-permitted' };
    const caller = await shows(world, ringing(offered()));
    await caller.onButton(ID, 0);
    await caller.onClicked('failed-order:call-1');
    expect([...world.standing.keys()]).toEqual([ID]);
    await caller.onButton(ID, 0);
    await shows(world, ringing(offered(), offered({ callId: 'call-2' })), caller);
    expect([...world.standing.keys()]).toEqual([ID, 'call:call-2']);
  });

  test('closing it tells the relay when the agent did, and only then', async () => {
    const world = createSurvivors();
    const caller = await shows(world, ringing(offered()));
    caller.onClosed(ID, false);
    expect(world.seen).toEqual(['shown call-1']);
    caller.onClosed(ID, true);
    expect(world.seen).toEqual(['shown call-1', 'dismissed call-1']);
  });
});
