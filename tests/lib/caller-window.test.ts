// The caller window: one for all calls of its time, there as long as it is of use, and never in the way.
import type { Call } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import type { CallerWindow } from '#lib/caller-window.ts';
import type { PhoneState } from '#lib/phone.ts';
import { aCall, aColleague, aLine, aState } from '../components/builders.ts';
import { createScreen, type Screen, startCallerWindow } from '../fakes/screen.ts';
import { settled } from '../fakes/worker-world.ts';

const FAREWELL_MS = 4_000;

const offered = (change: Partial<Call> = {}) => aCall({ state: 'offering', ...change });
const second = offered({ callId: 'call-2', conversationId: 'conversation-2' });
const over = (change: Partial<Call> = {}) => aCall({ state: 'ended', cause: 'cancelled', capabilities: [], ...change });
const ringing = (...calls: Call[]) => aState([aLine({ calls })]);

async function shows(screen: Screen, state: PhoneState, worker = startCallerWindow(screen)): Promise<CallerWindow> {
  screen.state = state;
  await worker.update();
  return worker;
}

async function passes(screen: Screen, ms: number): Promise<void> {
  screen.clock.advance(ms);
  await settled();
}

describe('a call that rings', () => {
  test('opens one window, however often the worker looks', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered()));
    await Promise.all([worker.update(), worker.update(), worker.update()]);
    await worker.update();
    expect(screen.opened).toEqual([{ left: 876, top: 196, width: 400, height: 440 }]);
  });

  test('beside another one is shown in the same window', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered()));
    await shows(screen, ringing(offered(), second), worker);
    expect([screen.opened.length, screen.standing.size]).toEqual([1, 1]);
  });

  test('opens none where the agent does not want it', async () => {
    const screen = createScreen();
    screen.mayOpen = false;
    await shows(screen, ringing(offered()));
    expect(screen.opened).toEqual([]);
  });

  test.each<[string, PhoneState]>([
    ['on a colleague’s line', aState([aColleague('11', { calls: [offered()] })])],
    ['made by ourselves', ringing(aCall({ state: 'ringback', direction: 'outbound' }))],
    ['in a picture that is not current', { ...ringing(offered()), link: { type: 'connecting' } }],
    ['as the relay said before it was lost', { ...ringing(offered()), link: { type: 'offline' } }],
    [
      'and does not let this browser in any more',
      { ...ringing(offered()), link: { type: 'refused', code: 'revoked' } },
    ],
  ])('%s opens none', async (_title, state) => {
    const screen = createScreen();
    await shows(screen, state);
    expect(screen.opened).toEqual([]);
  });

  test('is not shown again once the agent closed the window, but the next call is', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered()));
    const [windowId = 0] = screen.standing.keys();
    screen.standing.delete(windowId);
    await worker.onRemoved(windowId);
    await worker.update();
    expect(screen.opened).toHaveLength(1);
    await shows(screen, ringing(offered(), second), worker);
    expect(screen.opened).toHaveLength(2);
  });

  test('is forgotten when it is gone from the line and the window was closed', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(aCall({ state: 'offering' })));
    await shows(screen, ringing(aCall()), worker);
    await worker.onRemoved(11);
    await shows(screen, ringing(), worker);
    expect(screen.memory.items.get('callerWindow')).toEqual({ calls: {} });
  });

  test('that the agent closes the window over is dismissed, and only that one', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered({ state: 'connected' }), second));
    const [windowId = 0] = [...screen.standing.keys()];
    screen.standing.delete(windowId);
    await worker.onRemoved(windowId);
    expect(screen.dismissed).toEqual(['call-2']);
  });

  test('that was talked in a window that the agent closed keeps no later window open', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered()));
    await shows(screen, ringing(offered({ state: 'connected' })), worker);
    screen.standing.clear();
    await worker.onRemoved(11);
    await shows(screen, ringing(over(), second), worker);
    expect(screen.standing.size).toBe(1);
    await worker.onCleared('call-2');
    expect(screen.standing.size).toBe(0);
  });

  test('is not dismissed by the end of the browser, nor by the end of the window', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered()));
    screen.isEmpty = true;
    await worker.onRemoved(11);
    const other = createScreen();
    const otherWorker = await shows(other, ringing(offered()));
    await shows(other, ringing(over()), otherWorker);
    await passes(other, FAREWELL_MS);
    await otherWorker.onRemoved(11);
    expect([screen.dismissed, other.dismissed]).toEqual([[], []]);
  });

  test('another window that closes changes nothing', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered()));
    await worker.onRemoved(999);
    await shows(screen, ringing(), worker);
    await passes(screen, FAREWELL_MS);
    expect(screen.standing.size).toBe(0);
  });
});

describe('the end of a call', () => {
  test.each<[string, PhoneState]>([
    ['was missed', ringing(over())],
    ['was answered elsewhere', ringing(over({ cause: 'answeredElsewhere' }))],
    ['was declined here', ringing(over({ cause: 'rejected' }))],
    ['is not there any more', ringing()],
  ])('that %s closes the window, after it has said so', async (_title, state) => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered()));
    await shows(screen, state, worker);
    await passes(screen, FAREWELL_MS - 1);
    expect(screen.standing.size).toBe(1);
    await passes(screen, 1);
    expect([screen.standing.size, screen.clock.pending()]).toEqual([0, 0]);
  });

  test('that the agent answered leaves the window until the view is done with it', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered()));
    await shows(screen, ringing(aCall()), worker);
    await shows(screen, ringing(aCall({ state: 'held' })), worker);
    await shows(screen, ringing(over({ cause: 'normal' })), worker);
    await shows(screen, ringing(), worker);
    await passes(screen, 600_000);
    expect(screen.standing.size).toBe(1);
  });

  test('about which somebody writes leaves it, too', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered()));
    screen.written.add('conversation-1');
    await shows(screen, ringing(over()), worker);
    await passes(screen, FAREWELL_MS);
    expect(screen.standing.size).toBe(1);
  });

  test('is no reason to close while another one rings', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered(), second));
    await shows(screen, ringing(over(), second), worker);
    await passes(screen, FAREWELL_MS * 2);
    expect(screen.standing.size).toBe(1);
    await shows(screen, ringing(over()), worker);
    await passes(screen, FAREWELL_MS);
    expect(screen.standing.size).toBe(0);
  });

  test('a call that comes during the farewell keeps the window', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered()));
    await shows(screen, ringing(), worker);
    await passes(screen, FAREWELL_MS - 1);
    await shows(screen, ringing(second), worker);
    await passes(screen, FAREWELL_MS * 2);
    expect([screen.standing.size, screen.opened.length]).toEqual([1, 1]);
  });

  test('fifty calls within a minute leave one window, and none at the end', async () => {
    const screen = createScreen();
    const worker = startCallerWindow(screen);
    for (let count = 0; count < 50; count += 1) {
      const call = offered({ callId: `call-${count}`, conversationId: `conversation-${count}` });
      await shows(screen, ringing(call), worker);
      await passes(screen, 600);
      await shows(screen, ringing(), worker);
      await passes(screen, 600);
      expect(screen.standing.size).toBe(1);
    }
    await passes(screen, FAREWELL_MS);
    expect([screen.standing.size, screen.opened.length]).toEqual([0, 1]);
  });

  test('that another device dealt with closes the window at once, and does not open it again while it rings', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered()));
    await worker.onCleared('call-1');
    await worker.update();
    expect([screen.standing.size, screen.opened.length]).toEqual([0, 1]);
  });

  test('that another device dealt with before it was shown here opens none', async () => {
    const screen = createScreen();
    screen.state = ringing(offered());
    const worker = startCallerWindow(screen);
    await worker.onCleared('call-1');
    await worker.update();
    expect(screen.opened).toEqual([]);
  });

  test.each([{ type: 'unpaired' }, { type: 'refused', code: 'revoked' }] as const)(
    'with the right to know of it closes the window: %j',
    async (link) => {
      const screen = createScreen();
      const worker = await shows(screen, ringing(aCall({ state: 'offering' })));
      await shows(screen, ringing(aCall()), worker);
      await shows(screen, { ...aState([]), link }, worker);
      await passes(screen, FAREWELL_MS);
      expect(screen.standing.size).toBe(0);
    },
  );

  test('is not believed of a relay that is away', async () => {
    const screen = createScreen();
    const worker = await shows(screen, ringing(offered()));
    await shows(screen, { ...aState([]), link: { type: 'offline' } }, worker);
    await passes(screen, FAREWELL_MS * 2);
    expect(screen.standing.size).toBe(1);
  });
});

describe('its place', () => {
  const CORNER = { left: 1500, top: 600, width: 420, height: 460 };

  test('is the one where the last window stood', async () => {
    const screen = createScreen();
    await screen.store.set({ callerPlace: CORNER });
    await shows(screen, ringing(offered()));
    expect(screen.opened).toEqual([CORNER]);
  });

  test('that no screen has any more becomes the nearest within the window in use', async () => {
    const screen = createScreen();
    await screen.store.set({ callerPlace: { ...CORNER, left: 3000, top: 600 } });
    await shows(screen, ringing(offered()));
    expect(screen.opened).toEqual([{ ...CORNER, left: 880, top: 440 }]);
  });

  test('that cannot be had there either is the browser’s choice, in the size that it had', async () => {
    const screen = createScreen();
    await screen.store.set({ callerPlace: { ...CORNER, left: 3000 } });
    screen.front.left = 5000;
    await shows(screen, ringing(offered()));
    expect(screen.opened).toEqual([{ width: 420, height: 460 }]);
  });

  test('before the first one is the corner of the window in use, as far as that is large enough for it', async () => {
    const screen = createScreen();
    screen.front = { ...screen.front, width: 300, height: 300 };
    await shows(screen, ringing(offered()));
    expect(screen.opened).toEqual([{ left: 100, top: 100, width: 400, height: 440 }]);
  });

  test.each([null, 'corner', { left: 1 }, { ...CORNER, width: 20 }, { ...CORNER, height: Number.NaN }])(
    'stored as %j is as before the first one',
    async (stored) => {
      const screen = createScreen();
      await screen.store.set({ callerPlace: stored });
      await shows(screen, ringing(offered()));
      expect(screen.opened).toEqual([{ left: 876, top: 196, width: 400, height: 440 }]);
    },
  );
});

describe('the focus', () => {
  test('stays where it is', async () => {
    const screen = createScreen();
    await shows(screen, ringing(offered()));
    expect([screen.focused, screen.flashed]).toEqual([[], []]);
  });

  test('goes back at once where the browser gives it to every new window', async () => {
    const screen = createScreen({ kind: 'firefox' });
    await shows(screen, ringing(offered()));
    expect([screen.focused, screen.flashed]).toEqual([[1], [11]]);
  });

  test('is not given to the browser while the agent works in another program', async () => {
    const screen = createScreen({ kind: 'firefox' });
    screen.front.isFocused = false;
    await shows(screen, ringing(offered()));
    expect(screen.focused).toEqual([]);
  });

  test('where opening would break into the agent’s typing it waits for a pause', async () => {
    const screen = createScreen({ kind: 'firefox' });
    screen.isTyping = true;
    await shows(screen, ringing(offered()));
    await passes(screen, 5_000);
    expect(screen.opened).toEqual([]);
    screen.isTyping = false;
    await passes(screen, 1_000);
    expect(screen.opened).toHaveLength(1);
  });

  test('a call that ends while it waits opens nothing', async () => {
    const screen = createScreen({ kind: 'firefox' });
    screen.isTyping = true;
    const worker = await shows(screen, ringing(offered()));
    await shows(screen, ringing(), worker);
    screen.isTyping = false;
    await passes(screen, 5_000);
    expect([screen.opened, screen.clock.pending()]).toEqual([[], 0]);
  });
});
