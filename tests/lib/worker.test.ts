// The worker's life in a browser in memory, with a relay at the end of its socket: it dies, wakes up, is updated.
import { describe, expect, test } from 'vitest';
import { aCall, aContact, aLine, aRemote } from '../components/builders.ts';
import { OWN_PAGE } from '../fakes/messaging.ts';
import { aDelta } from '../fakes/relay-messages.ts';
import { aPairedWorld, createWorkerWorld, settled } from '../fakes/worker-world.ts';

const offered = aCall({ state: 'offering' });

describe('a worker that was stopped', () => {
  test('shows what the last one knew, as connecting, until the relay answers', async () => {
    const world = await aPairedWorld([aLine({ state: 'busy' })]);
    world.clock.advance(1_000);
    world.killWorker();
    world.relay.sendsLines = false;
    await world.startWorker();
    expect(await world.state()).toMatchObject({
      link: { type: 'connecting' },
      lines: [{ line: { lineId: 'line-18', state: 'busy' } }],
    });
    await world.says(aDelta([aLine({ state: 'idle' })]));
    expect(await world.state()).toMatchObject({ link: { type: 'online' }, lines: [{ line: { state: 'idle' } }] });
  });

  test('resumes where the last one was', async () => {
    const world = await aPairedWorld([aLine()]);
    world.clock.advance(1_000);
    world.killWorker();
    await world.startWorker();
    const hellos = world.relay.received.filter((message) => message.type === 'hello');
    expect(hellos.map((hello) => hello.resume)).toEqual([undefined, { epoch: 'epoch-1', rev: 1, aclRev: 1 }]);
  });

  test('in the middle of a ringing call does not show it twice', async () => {
    const world = await aPairedWorld([aLine({ calls: [offered] })]);
    world.killWorker();
    await world.startWorker();
    expect(world.notifications.created).toEqual(['call:call-1']);
    const seen = world.relay.received.filter((message) => message.type === 'seen');
    expect(seen).toEqual([{ type: 'seen', callId: 'call-1', action: 'shown' }]);
  });

  test('does not pop up on the word of the last one, when the call is over', async () => {
    const world = await aPairedWorld([aLine()]);
    await world.storage.session.set({
      phone: { link: { type: 'online' }, country: 'DE', lines: [{ line: aLine({ calls: [offered] }), receivedAt: 0 }] },
    });
    world.killWorker();
    await world.startWorker();
    expect(world.notifications.created).toEqual([]);
  });

  test('stays refused without asking again, until the agent looks', async () => {
    const world = createWorkerWorld({ lines: [aLine()] });
    await world.pairedWith();
    world.relay.refuses = { code: 4410, reason: 'revoked' };
    await world.startWorker();
    world.clock.advance(1_000);
    for (let round = 0; round < 3; round += 1) {
      world.killWorker();
      await world.startWorker();
      world.events.onAlarm.emit();
      await world.greet();
    }
    expect(world.sockets.all).toHaveLength(1);
    world.relay.refuses = undefined;
    world.messaging.connect('view', OWN_PAGE);
    await world.greet();
    expect(await world.state()).toMatchObject({ link: { type: 'online' } });
  });

  test('says that it is this browser that fails, not the relay, when its own storage does', async () => {
    const world = createWorkerWorld({ lines: [aLine()] });
    await world.pairedWith();
    world.storage.local.get = () => Promise.reject(new Error('broken'));
    await world.startWorker();
    await settled();
    expect(await world.state()).toMatchObject({ link: { type: 'refused', code: 'browser-failed' } });
  });

  test('starts although the last one’s picture cannot be read', async () => {
    const world = createWorkerWorld({ lines: [aLine()] });
    await world.pairedWith();
    const { get, set } = world.storage.session;
    world.storage.session.get = (key) => (key === 'phone' ? Promise.reject(new Error('broken')) : get(key));
    world.storage.session.set = (items) => ('phone' in items ? Promise.reject(new Error('full')) : set(items));
    await world.startWorker();
    world.clock.advance(1_000);
    await settled();
    expect(await world.state()).toMatchObject({ link: { type: 'online' } });
  });
});

describe('an update of the extension', () => {
  test('comes at once while nothing is going on', async () => {
    const world = await aPairedWorld([aLine()]);
    world.events.onUpdateAvailable.emit();
    await settled();
    expect(world.reloads()).toBe(1);
  });

  test('waits for the end of the call', async () => {
    const world = await aPairedWorld([aLine({ calls: [aCall()] })]);
    world.events.onUpdateAvailable.emit();
    await settled();
    expect(world.reloads()).toBe(0);
    await world.says(aDelta([aLine({ calls: [aCall({ state: 'ended' })] })]));
    expect(world.reloads()).toBe(1);
  });

  test('waits for a worker that does not know yet whether there is a call', async () => {
    const world = createWorkerWorld();
    await world.pairedWith();
    world.relay.sendsLines = false;
    await world.startWorker();
    world.events.onUpdateAvailable.emit();
    await settled();
    expect(world.reloads()).toBe(0);
  });

  test('waits for an order’s answer', async () => {
    const world = await aPairedWorld([aLine()]);
    void world.ask('command', { lineId: 'line-18', order: { name: 'setDnd', args: { on: true } } });
    await settled();
    world.events.onUpdateAvailable.emit();
    await settled();
    expect(world.reloads()).toBe(0);
  });

  test('does not wait for ever for a relay that is away', async () => {
    const world = await aPairedWorld([aLine({ calls: [aCall()] })]);
    world.events.onUpdateAvailable.emit();
    world.relay.isUp = false;
    world.sockets.last().ends();
    for (let minute = 0; minute < 11; minute += 1) {
      world.clock.advance(60_000);
      await world.greet();
    }
    expect(world.reloads()).toBeGreaterThan(0);
  });
});

describe('what the worker does with the browser', () => {
  test.each([
    ['chrome', 0.5],
    ['firefox', 1 / 3],
  ] as const)('%s: an alarm is made anew at every start', async (kind, periodInMinutes) => {
    const world = await aPairedWorld([], kind);
    world.killWorker();
    await world.startWorker();
    expect(world.alarms).toEqual([
      { name: 'revive', periodInMinutes },
      { name: 'revive', periodInMinutes },
    ]);
  });

  test('an alarm revives a link that waits', async () => {
    const world = await aPairedWorld([aLine()]);
    world.sockets.last().ends();
    world.events.onAlarm.emit();
    await world.greet();
    expect(await world.state()).toMatchObject({ link: { type: 'online' } });
  });

  test('back online, a socket that does not answer any more is replaced within 5 s', async () => {
    const world = await aPairedWorld([aLine()]);
    world.networkUp();
    await settled();
    world.clock.advance(6_000);
    expect(world.sockets.all).toHaveLength(2);
  });

  test('a clicked notification opens the contact in its CRM’s tab, and the relay is told', async () => {
    const world = await aPairedWorld([aLine({ calls: [offered] })]);
    world.tabs.push({ id: 5, windowId: 2, url: 'https://crm.example/', lastAccessed: 1 });
    world.notifications.api.onClicked.emit('call:call-1');
    await settled();
    expect(world.opened).toEqual([
      { id: 5, url: 'https://crm.example/contacts/c001', active: true },
      { windowId: 2, focused: true },
    ]);
    expect(world.relay.received.at(-1)).toEqual({ type: 'seen', callId: 'call-1', action: 'opened' });
  });

  test('a click that wakes the worker is told once the link is up', async () => {
    const world = await aPairedWorld([aLine({ calls: [offered] })]);
    world.clock.advance(1_000);
    world.killWorker();
    const started = world.startWorker();
    world.notifications.api.onClicked.emit('call:call-1');
    await started;
    const actions = world.relay.received.flatMap((message) => (message.type === 'seen' ? message.action : []));
    expect(actions).toContain('opened');
    expect(world.opened).toContainEqual({ url: 'https://crm.example/contacts/c001' });
  });

  test.each(['javascript:alert(1)', 'file:///etc/passwd', 'chrome://settings/', 'data:text/html,x'])(
    'a contact’s address that is no web page is not opened: %s',
    async (url) => {
      const remote = aRemote({ contact: aContact({ url }) });
      const world = await aPairedWorld([aLine({ calls: [aCall({ remote })] })]);
      expect(await world.ask('open-contact', { callId: 'call-1' })).toEqual({ type: 'failed' });
      expect(world.opened).toEqual([]);
    },
  );

  test('Firefox says of every notification that the user closed it: the relay is not told so', async () => {
    for (const kind of ['chrome', 'firefox'] as const) {
      const world = await aPairedWorld([aLine({ calls: [offered] })], kind);
      world.notifications.api.onClosed.emit('call:call-1', true);
      await settled();
      const actions = world.relay.received.flatMap((message) => (message.type === 'seen' ? message.action : []));
      expect(actions).toEqual(kind === 'chrome' ? ['shown', 'dismissed'] : ['shown']);
    }
  });

  test('a call that another device took is cleared', async () => {
    const world = await aPairedWorld([aLine({ calls: [offered] })]);
    await world.says({ type: 'notify', callId: 'call-1', show: false, reason: 'opened' });
    // It is only just there: what is done to it now would leave it on the screen for ever.
    expect(world.notifications.standing.size).toBe(1);
    world.clock.advance(300);
    await settled();
    expect(world.notifications.standing.size).toBe(0);
  });

  test('the icon says what is known, and nothing while the relay is away', async () => {
    const world = await aPairedWorld([aLine()]);
    await world.says(aDelta([aLine({ calls: [offered] })]));
    await world.says(aDelta([aLine({ calls: [aCall()] })]));
    world.sockets.last().ends();
    await settled();
    const changes = world.badges.filter((icon, index) => icon !== world.badges[index - 1]);
    expect(changes).toEqual([
      'icon/16-offline.png',
      'icon/16.png',
      'icon/16-ringing.png',
      'icon/16-connected.png',
      'icon/16-offline.png',
    ]);
  });

  test('after installation and new permissions the gate goes into open tabs', async () => {
    const world = createWorkerWorld();
    world.tabs.push({ id: 7, url: 'https://crm.example/' });
    await world.startWorker();
    world.events.onInstalled.emit({ reason: 'update' });
    world.events.onAdded.emit();
    await settled();
    expect(world.scripting.injected).toHaveLength(2);
    world.origins.pop();
    world.events.onRemoved.emit();
    await settled();
    expect([world.scripting.registered.size, world.scripting.injected.length]).toEqual([0, 2]);
  });
});
