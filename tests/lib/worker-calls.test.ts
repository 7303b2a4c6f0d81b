// What a ringing call does in the browser beside its notification: the caller window, the contact that opens by itself,
// the pretended call, keys, and what pages are told of new settings.
import { describe, expect, test } from 'vitest';
import { saveSettings } from '#lib/settings.ts';
import { aCall, aLine } from '../components/builders.ts';
import { OWN_ORIGIN } from '../fakes/messaging.ts';
import { aDelta } from '../fakes/relay-messages.ts';
import { aPairedWorld, createWorkerWorld, settled } from '../fakes/worker-world.ts';

const CALLER = `${OWN_ORIGIN}/caller.html`;
// The corner of the one window that there is.
const PLACE = { left: 776, top: 96, width: 400, height: 440 };
const offered = aCall({ state: 'offering' });
const ringing = aDelta([aLine({ calls: [offered] })]);

describe('the caller window', () => {
  test('opens when it rings, without the focus, and closes when nobody took the call', async () => {
    const world = await aPairedWorld([aLine()]);
    await world.says(ringing);
    expect(world.windows.created).toEqual([{ url: CALLER, type: 'popup', focused: false, ...PLACE }]);
    await world.says(aDelta([aLine()]));
    world.clock.advance(4_000);
    await settled();
    expect([...world.windows.open.keys()]).toEqual([1]);
  });

  test('in Firefox, which opens every window in front, the focus goes back', async () => {
    const world = await aPairedWorld([aLine()], 'firefox');
    await world.says(ringing);
    expect(world.windows.created).toEqual([{ url: CALLER, type: 'popup', focused: true, ...PLACE }]);
    expect(world.windows.focused).toEqual([1]);
  });

  test('in Firefox it waits while the agent types in the page or in a view of ours', async () => {
    for (const where of ['page', 'view']) {
      const world = await aPairedWorld([aLine()], 'firefox');
      world.tabs.push({ id: 7, active: true, url: 'https://crm.example/' });
      world.pageScripts.set(0, () => where === 'page');
      if (where === 'view') await world.ask('note', { entryId: 'conversation-0', text: 'W', userId: 'mia' });
      await world.says(ringing);
      expect(world.windows.created, where).toEqual([]);
      world.pageScripts.clear();
      world.clock.advance(3_000);
      await settled();
      expect(world.windows.created, where).toHaveLength(1);
    }
  });

  test('is not opened twice by a worker that was stopped', async () => {
    const world = await aPairedWorld([aLine({ calls: [offered] })]);
    world.killWorker();
    await world.startWorker();
    expect(world.windows.created).toHaveLength(1);
  });

  test('that the agent closed does not come again for that call', async () => {
    const world = await aPairedWorld([aLine({ calls: [offered] })]);
    world.windows.closed(101);
    await settled();
    await world.says(ringing);
    expect(world.windows.created).toHaveLength(1);
  });

  test('goes when another device dealt with the call', async () => {
    const world = await aPairedWorld([aLine({ calls: [offered] })]);
    await world.says({ type: 'notify', callId: 'call-1', show: false, reason: 'dismissed' });
    expect([...world.windows.open.keys()]).toEqual([1]);
  });

  test('that the agent made a tab among others is left there, and the next call opens another one', async () => {
    const world = await aPairedWorld([aLine({ calls: [offered] })]);
    world.windows.closed(101);
    world.windows.pages.push({ id: 5, windowId: 1, url: 'https://crm.example/' }, { id: 6, windowId: 1, url: CALLER });
    await settled();
    await world.says(aDelta([aLine({ calls: [{ ...offered, callId: 'call-2' }] })]));
    expect([...world.windows.open.keys()]).toEqual([1, 102]);
    await world.says({ type: 'notify', callId: 'call-2', show: false, reason: 'dismissed' });
    expect([...world.windows.open.keys()]).toEqual([1]);
    expect(world.windows.pages.map(({ id }) => id)).toEqual([5, 6]);
  });

  test.each([
    ['a window with tabs now', 'normal', [5]],
    ['still our popup, and has not loaded', 'popup', []],
  ])('that is %s is closed as a page, not as a window', async (_title, type, left) => {
    const world = await aPairedWorld([aLine({ calls: [offered] })]);
    world.windows.open.get(101)!.type = type;
    if (type === 'popup') world.windows.pages.find(({ windowId }) => windowId === 101)!.url = '';
    else world.windows.pages.push({ id: 5, windowId: 101, url: 'https://crm.example/' });
    await world.says({ type: 'notify', callId: 'call-1', show: false, reason: 'dismissed' });
    expect(world.windows.pages.map(({ id }) => id)).toEqual(left);
    expect(world.windows.open.has(101)).toBe(left.length > 0);
  });

  test('is not opened where the agent does not want it', async () => {
    const world = await aPairedWorld([aLine()]);
    await saveSettings(world.storage.local, { showsCallerWindow: false });
    await world.says(ringing);
    expect(world.windows.created).toEqual([]);
  });
});

test('what the relay knows of a caller is put into the notification that stands already', async () => {
  const world = await aPairedWorld([aLine()]);
  await world.says(ringing);
  expect(world.notifications.created).toEqual(['call:call-1']);
  const [asked] = world.relay.received.filter((message) => message.type === 'facts');
  expect(asked).toMatchObject({ contactId: 'c001', number: { kind: 'e164', number: '+493023125042' } });
  await world.says({
    ...{ type: 'facts', id: asked?.id ?? '', complete: true },
    facts: [{ label: 'Open tickets', text: '3' }],
  });
  // A notification that is only just there is let alone.
  expect(world.notifications.standing.get('call:call-1')?.message).not.toContain('Open tickets');
  world.clock.advance(300);
  await settled();
  expect(world.notifications.standing.get('call:call-1')?.message).toBe(
    'calls 030 23125000 · +49 30 23125042\nOpen tickets: 3',
  );
  expect(world.notifications.created).toEqual(['call:call-1']);
});

test('fifty calls that come and go in a moment cost a few writes, and leave nothing behind', async () => {
  const world = await aPairedWorld([aLine()]);
  const { set } = world.storage.session;
  let writes = 0;
  world.storage.session.set = (items) => {
    writes += 1;
    return set(items);
  };
  for (let count = 0; count < 50; count += 1) {
    const call = { ...offered, callId: `call-${count}`, conversationId: `conversation-${count}` };
    world.sockets.last().says(aDelta([aLine({ calls: [call] })], { rev: 2 + count }));
  }
  await settled();
  expect([...world.notifications.standing.keys()]).toEqual(['call:call-49']);
  await world.says(aDelta([aLine()], { rev: 60 }));
  world.clock.advance(10_000);
  await settled();
  expect([world.notifications.standing.size, world.windows.open.size, world.windows.created.length]).toEqual([0, 1, 1]);
  expect(writes).toBeLessThan(12);
});

describe('the contact', () => {
  const opened = async (change: Parameters<typeof saveSettings>[1], { isTyping = false } = {}) => {
    const world = await aPairedWorld([aLine()]);
    await saveSettings(world.storage.local, change);
    world.tabs.push({ id: 7, active: true, windowId: 1, url: 'https://crm.example/', lastAccessed: 1 });
    world.pageScripts.set(0, () => isTyping);
    await world.says(ringing);
    return world.opened;
  };

  test('opens by itself where that was chosen, in the tab of the CRM, and the focus stays where it is', async () => {
    expect(await opened({ opensContact: 'ring' })).toEqual([
      { id: 7, url: 'https://crm.example/contacts/c001', active: true },
    ]);
  });

  test('does not while the agent types, nor where it was not chosen', async () => {
    expect(await opened({ opensContact: 'ring' }, { isTyping: true })).toEqual([]);
    expect(await opened({ opensContact: 'never' })).toEqual([]);
  });
});

describe('a pretended call', () => {
  test('rings everywhere, is answered here, and the relay never hears of it', async () => {
    const world = await aPairedWorld([aLine()]);
    const before = world.relay.received.length;
    const { callId } = (await world.ask('sample-call')) as { callId: string }; // the worker's own answer
    await settled();
    expect(world.notifications.standing.get(`call:${callId}`)?.title).toBe('Test call');
    expect([world.windows.created.length, world.texts.at(-1)]).toEqual([1, '1']);
    expect(await world.state()).toMatchObject({ lines: [{ line: { calls: [{ callId, state: 'offering' }] } }] });
    world.notifications.api.onButtonClicked.emit(`call:${callId}`, 0);
    await settled();
    expect(await world.state()).toMatchObject({ lines: [{ line: { calls: [{ callId, state: 'connected' }] } }] });
    const drop = { lineId: 'line-18', callId, order: { name: 'drop', args: {} } };
    expect(await world.ask('command', drop)).toEqual({ type: 'done', callId });
    world.clock.advance(10_000);
    await settled();
    expect([world.relay.received.slice(before), world.notifications.standing.size]).toEqual([[], 0]);
    expect(await world.state()).toMatchObject({ lines: [{ line: { calls: [] } }] });
  });
});

describe('keys', () => {
  test('answer what rings', async () => {
    const world = await aPairedWorld([aLine({ calls: [offered] })]);
    world.events.onCommand.emit('answer-or-drop');
    await settled();
    expect(world.commands()).toMatchObject([{ name: 'answer', callId: 'call-1' }]);
  });

  test.each([
    ['answer-or-drop', { commands: 1, opened: [] }],
    ['open-contact', { commands: 0, opened: [{ url: 'https://crm.example/contacts/c001' }] }],
  ])('that wake the worker wait until it knows what rings: %s', async (name, { commands, opened }) => {
    const world = createWorkerWorld({ lines: [aLine({ calls: [offered] })] });
    await world.pairedWith();
    const started = world.startWorker();
    world.events.onCommand.emit(name);
    await started;
    expect([world.commands().length, world.opened]).toEqual([commands, opened]);
    expect(world.notifications.standing.has('failed-order:shortcut')).toBe(false);
  });

  test('that wake the worker hang up nothing when what rang is over', async () => {
    const spoken = aCall({ callId: 'spoken' });
    const before = await aPairedWorld([aLine({ calls: [spoken, offered] })]);
    before.clock.advance(1_000);
    const world = createWorkerWorld({ lines: [aLine({ calls: [spoken] })] });
    await world.storage.session.set(Object.fromEntries(before.storage.session.items));
    await world.pairedWith();
    const started = world.startWorker();
    world.events.onCommand.emit('answer-or-drop');
    await started;
    expect(world.commands()).toEqual([]);
    expect(world.notifications.standing.get('failed-order:shortcut')?.message).toContain('nothing was hung up');
  });

  test('that can do nothing say so', async () => {
    const world = await aPairedWorld([aLine()]);
    world.events.onCommand.emit('answer-or-drop');
    await settled();
    expect(world.notifications.standing.get('failed-order:shortcut')?.message).toBe(
      'There is no call to answer or to hang up.',
    );
  });

  test('open the contact in front, and go to the page for its numbers', async () => {
    const world = await aPairedWorld([aLine({ calls: [aCall()] })]);
    world.tabs.push({ id: 7, active: true, url: 'https://crm.example/' });
    world.pageScripts.set(0, () => ({ shown: true }));
    world.events.onCommand.emit('open-contact');
    world.events.onCommand.emit('next-number');
    await settled();
    expect(world.opened).toContainEqual({ id: 7, url: 'https://crm.example/contacts/c001', active: true });
    expect(world.asked).toEqual([{ tabId: 7, frameId: 0, name: 'next-number' }]);
  });
});

describe('pages', () => {
  test('tell views their numbers', async () => {
    const world = await aPairedWorld([aLine()]);
    const number = { number: { kind: 'internal', number: '11' }, text: '11', isFax: false };
    world.tabs.push({ id: 7, active: true, url: 'https://crm.example/' });
    world.pageScripts.set(0, () => [number]);
    expect(await world.ask('page-numbers')).toEqual({ numbers: [number] });
  });

  test('hear of settings that concern them, and of no others', async () => {
    const world = createWorkerWorld();
    await world.startWorker();
    world.tabs.push({ id: 7, url: 'https://crm.example/' });
    const change = (newValue: object) => {
      world.events.onStorageChanged.emit({ settings: { oldValue: { country: 'DE' }, newValue } }, 'local');
      return settled();
    };
    await change({ country: 'DE', favourites: ['line-11'] });
    expect(world.asked).toEqual([]);
    await change({ country: 'AT' });
    expect(world.asked).toEqual([{ tabId: 7, frameId: 0, name: 'settings-changed' }]);
  });
});

describe('the installation', () => {
  const HOSTS = ['http://127.0.0.1/*', 'http://localhost/*'];
  test.each([
    [
      'of the store’s extension leads to the first steps',
      'install',
      {},
      [{ url: `${OWN_ORIGIN}/options.html#welcome` }],
    ],
    ['of the demo does not', 'install', { host_permissions: HOSTS }, []],
    ['of a new version does not', 'update', {}, []],
  ])('%s', async (_title, reason, manifest, opened) => {
    const world = createWorkerWorld({ manifest });
    await world.startWorker();
    world.events.onInstalled.emit({ reason });
    await settled();
    expect(world.opened).toEqual(opened);
  });
});
