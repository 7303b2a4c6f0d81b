// The link with its socket and its pulse, against sockets that the test plays.
import type { ServerMessage } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import { createLink, type LinkOptions } from '#lib/link.ts';
import type { LinkStatus } from '#lib/phone.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { aChallenge, aWelcome } from '../fakes/relay-messages.ts';
import { createFakeSockets, type FakeSocket } from '../fakes/sockets.ts';

const CLIENT = { name: 'offhook', version: '0.1.0', os: 'linux', browser: 'chrome' };
const FIRST_FRAMES = ['hello', 'subscribe'];

/** Lets promises that are settled run their continuations. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp(change: Partial<LinkOptions> = {}) {
  const clock = createFakeClock();
  const sockets = createFakeSockets();
  const statuses: LinkStatus[] = [];
  const messages: ServerMessage[] = [];
  const random = { value: 0.5 };
  const link = createLink({
    origin: 'ws://127.0.0.1:8730',
    device: 'device-1',
    sign: async (text) => `signed-${text.length}`,
    client: CLIENT,
    openSocket: sockets.open,
    clock,
    random: () => random.value,
    resume: () => ({}),
    onMessage: (message) => messages.push(message),
    onStatus: (status) => statuses.push(status),
    ...change,
  });
  async function signIn(socket: FakeSocket = sockets.last()): Promise<FakeSocket> {
    socket.says(aChallenge());
    await settled();
    socket.says(aWelcome());
    return socket;
  }
  /** How long the link waits before its next socket, to the millisecond. */
  function waitedMs(limitMs = 60_000): number {
    const before = sockets.all.length;
    for (let ms = 0; ms <= limitMs; ms += 1) {
      if (sockets.all.length > before) return ms;
      clock.advance(1);
    }
    return Number.POSITIVE_INFINITY;
  }
  return { clock, sockets, statuses, messages, random, link, signIn, waitedMs };
}

const typesOf = (socket: FakeSocket) => socket.sent.map(({ type }) => type);

describe('signing in', () => {
  test('answers the challenge with a proof over nonce, device and dialled origin, then subscribes', async () => {
    const signed: string[] = [];
    const { sockets, signIn } = setUp({
      async sign(text) {
        signed.push(text);
        return 'proof';
      },
    });
    const socket = await signIn();
    expect([socket.url, socket.subprotocol]).toEqual(['ws://127.0.0.1:8730/v1', 'offhook.v1']);
    expect(signed).toEqual(['offhook.v1\nnonce-1\ndevice-1\nws://127.0.0.1:8730']);
    expect(socket.sent).toEqual([
      { type: 'hello', client: CLIENT, device: 'device-1', proof: 'proof', features: [] },
      { type: 'subscribe', lines: ['*'], journal: true },
    ]);
    expect(sockets.all).toHaveLength(1);
  });

  test('says where it is in what the relay sent', async () => {
    const cursor = { epoch: 'epoch-1', rev: 7, aclRev: 2 };
    const { signIn } = setUp({ resume: () => ({ cursor, journal: '41' }) });
    const socket = await signIn();
    expect(socket.sent[0]).toMatchObject({ type: 'hello', resume: { ...cursor, journal: '41' } });
  });

  test('is connecting, then online, and hands on the welcome', async () => {
    const { statuses, messages, signIn } = setUp();
    await signIn();
    expect(statuses).toEqual([{ type: 'connecting' }, { type: 'online' }]);
    expect(messages.map(({ type }) => type)).toEqual(['welcome']);
  });

  test('a signature that comes late is not sent to another socket', async () => {
    const signatures: ((proof: string) => void)[] = [];
    const { clock, sockets } = setUp({ sign: () => new Promise((resolve) => signatures.push(resolve)) });
    const first = sockets.last();
    first.says(aChallenge());
    first.ends();
    clock.advance(1_000);
    const second = sockets.last();
    signatures[0]?.('late');
    await settled();
    expect(second).not.toBe(first);
    expect([first.sent, second.sent]).toEqual([[], []]);
  });

  test('one socket gets one proof, however often it asks', async () => {
    const { sockets, signIn } = setUp();
    await signIn();
    sockets.last().says(aChallenge({ nonce: 'nonce-2' }));
    await settled();
    expect(typesOf(sockets.last())).toEqual(FIRST_FRAMES);
  });

  test('a key that cannot sign counts as a lost socket', async () => {
    const { sockets, statuses } = setUp({ sign: () => Promise.reject(new Error('no key')) });
    sockets.last().says(aChallenge());
    await settled();
    expect(statuses.at(-1)).toEqual({ type: 'offline' });
    expect(sockets.last().isClosed).toBe(true);
  });

  test('a relay that speaks no known version is refused with the side to update', () => {
    const { sockets, statuses } = setUp();
    sockets.last().says(aChallenge({ versions: ['offhook.v9'] }));
    expect(statuses.at(-1)).toEqual({ type: 'refused', code: 'version-too-old-extension' });
    expect(sockets.last().isClosed).toBe(true);
  });

  test('sends nothing for others before it is signed in', async () => {
    const { link, sockets, signIn } = setUp();
    expect(link.send({ type: 'ping', n: 9 })).toBe(false);
    await signIn();
    expect(link.send({ type: 'ping', n: 9 })).toBe(true);
    expect(typesOf(sockets.last())).toEqual([...FIRST_FRAMES, 'ping']);
  });
});

describe('frames', () => {
  test('broken ones and unknown types are skipped, the next one counts', async () => {
    const { sockets, messages, statuses, signIn } = setUp();
    await signIn();
    sockets.last().says('{"type":"delta"');
    sockets.last().says({ type: 'delta', rev: 'odd' });
    sockets.last().says({ type: 'from-the-future', at: 1 });
    sockets.last().says({ type: 'heartbeat', epoch: 'epoch-1', rev: 3 });
    expect(messages.map(({ type }) => type)).toEqual(['welcome', 'heartbeat']);
    expect(statuses.at(-1)).toEqual({ type: 'online' });
  });

  test('those of a socket that was dropped are ignored', async () => {
    const { clock, sockets, messages, signIn } = setUp();
    const first = await signIn();
    const { onmessage, onclose } = first;
    clock.advance(35_000);
    clock.advance(1_000);
    onmessage?.({ data: JSON.stringify({ type: 'pong', n: 1 }) } as MessageEvent);
    onclose?.({ code: 4410, reason: 'revoked' } as CloseEvent);
    expect(messages.map(({ type }) => type)).toEqual(['welcome']);
    expect(sockets.all).toHaveLength(2);
    expect(sockets.last().isClosed).toBe(false);
  });
});

describe('pulse', () => {
  test('pings every 20 s while signed in', async () => {
    const { clock, sockets, signIn } = setUp();
    await signIn();
    for (let round = 0; round < 3; round += 1) {
      clock.advance(20_000);
      sockets.last().says({ type: 'pong', n: round });
    }
    expect(sockets.last().sent.slice(2)).toEqual([1, 2, 3].map((n) => ({ type: 'ping', n })));
  });

  test('35 s without a frame: the socket is dropped and another one opened', async () => {
    const { clock, sockets, statuses, signIn } = setUp();
    const first = await signIn();
    clock.advance(34_999);
    expect(first.isClosed).toBe(false);
    clock.advance(1);
    expect(first.isClosed).toBe(true);
    expect(statuses.at(-1)).toEqual({ type: 'offline' });
    clock.advance(500);
    expect(sockets.all).toHaveLength(2);
  });

  test('any frame is a sign of life, a broken one too', async () => {
    const { clock, sockets, signIn } = setUp();
    await signIn();
    clock.advance(30_000);
    sockets.last().says('not JSON');
    clock.advance(30_000);
    expect(sockets.last().isClosed).toBe(false);
  });

  test('a relay that talks but does not let us in within 10 s is left', () => {
    const { clock, sockets, statuses } = setUp();
    for (let second = 0; second < 10; second += 1) {
      sockets.last().says({ type: 'heartbeat', epoch: 'epoch-1', rev: 1 });
      clock.advance(1_000);
    }
    expect(statuses.at(-1)).toEqual({ type: 'offline' });
  });

  test.each([46_000, -3_600_000])('a wall clock that jumped by %i ms: reconnects at once', async (jumpMs) => {
    const clock = createFakeClock();
    let shiftMs = 0;
    const { sockets, signIn } = setUp({ clock: { now: () => clock.now() + shiftMs, after: clock.after } });
    await signIn();
    shiftMs = jumpMs;
    clock.advance(20_000);
    expect(sockets.all).toHaveLength(2);
    expect(sockets.all[0]?.isClosed).toBe(true);
  });
});

describe('coming back', () => {
  test('full jitter: up to 0.5 s, doubling to a cap of 30 s', () => {
    const { sockets, random, waitedMs } = setUp();
    random.value = 0.999_999;
    const waits = Array.from({ length: 9 }, () => {
      sockets.last().ends();
      return waitedMs();
    });
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    random.value = 0;
    sockets.last().ends();
    expect(waitedMs()).toBeLessThanOrEqual(1);
  });

  test('begins anew after a connection that held', async () => {
    const { clock, sockets, random, waitedMs, signIn } = setUp();
    random.value = 0.999_999;
    for (let failure = 0; failure < 5; failure += 1) {
      sockets.last().ends();
      waitedMs();
    }
    await signIn();
    clock.advance(10_000);
    sockets.last().ends();
    expect(waitedMs()).toBe(500);
  });

  test('a relay that lets in and drops at once is approached ever more slowly', async () => {
    const { sockets, random, waitedMs, signIn } = setUp();
    random.value = 0.999_999;
    const waits: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      await signIn();
      sockets.last().ends(4599, 'internal');
      waits.push(waitedMs());
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000]);
  });

  test('an opening that throws is a failure like any other', () => {
    const { clock, sockets, statuses, waitedMs } = setUp();
    sockets.refuse(new Error('blocked'));
    sockets.last().ends();
    clock.advance(60_000);
    expect(statuses.at(-1)).toEqual({ type: 'offline' });
    sockets.refuse(undefined);
    expect(waitedMs()).toBeLessThanOrEqual(30_000);
  });

  test('the code that the relay closed with is told', async () => {
    const { sockets, statuses, signIn } = setUp();
    await signIn();
    sockets.last().ends(4501, 'slow-consumer');
    expect(statuses.at(-1)).toEqual({ type: 'offline', code: 'slow-consumer' });
  });

  test.each([
    [4410, 'revoked', 'revoked'],
    [4401, 'unauthenticated', 'unauthenticated'],
    [4499, 'from-the-future', 'internal'],
    [4400, '', 'internal'],
  ])('closed with %i %s: refused, and no retry', async (closeCode, reason, code) => {
    const { clock, sockets, statuses, link, signIn } = setUp();
    await signIn();
    sockets.last().ends(closeCode, reason);
    clock.advance(3_600_000);
    link.wake();
    link.probe();
    expect(statuses.at(-1)).toEqual({ type: 'refused', code });
    expect(sockets.all).toHaveLength(1);
  });

  test('a goodbye says when to come back, and waking does not make it earlier', async () => {
    const { clock, sockets, link, signIn, waitedMs } = setUp();
    await signIn();
    sockets.last().says({ type: 'bye', code: 'internal', reconnect: { afterMs: 60_000, jitterMs: 2_000 } });
    sockets.last().ends(1001, 'going away');
    clock.advance(59_000);
    link.wake();
    expect(sockets.all).toHaveLength(1);
    expect(waitedMs()).toBe(2_000);
  });

  test('a goodbye for a year is not obeyed for longer than ten minutes', async () => {
    const { clock, sockets, signIn } = setUp();
    await signIn();
    sockets.last().says({ type: 'bye', code: 'internal', reconnect: { afterMs: 31_000_000_000, jitterMs: 0 } });
    sockets.last().ends(1001);
    clock.advance(600_000);
    expect(sockets.all).toHaveLength(2);
  });
});

describe('waking', () => {
  test('connects at once while it waits', () => {
    const { sockets, random, link } = setUp();
    random.value = 0.999;
    sockets.last().ends();
    link.wake();
    expect(sockets.all).toHaveLength(2);
  });

  test('opens one socket only, although the retry was set, too', () => {
    const { clock, sockets, link } = setUp();
    sockets.last().ends();
    link.wake();
    clock.advance(1_000);
    expect(sockets.all).toHaveLength(2);
  });

  test('does nothing while healthy or just connecting', async () => {
    const { clock, sockets, link, signIn } = setUp();
    link.wake();
    await signIn();
    clock.advance(15_000);
    link.wake();
    expect(sockets.all).toHaveLength(1);
    expect(typesOf(sockets.last())).toEqual(FIRST_FRAMES);
  });

  test('reconnects when the machine slept, although no timer ran', async () => {
    const clock = createFakeClock();
    let sleptMs = 0;
    const { sockets, link, signIn } = setUp({ clock: { now: () => clock.now() + sleptMs, after: clock.after } });
    await signIn();
    sleptMs = 46_000;
    link.wake();
    expect(sockets.all).toHaveLength(2);
  });

  test('a probe that is answered leaves the socket alone', async () => {
    const { clock, sockets, link, signIn } = setUp();
    await signIn();
    clock.advance(2_000);
    link.probe();
    expect(sockets.last().sent.at(-1)).toEqual({ type: 'ping', n: 1 });
    sockets.last().says({ type: 'pong', n: 1 });
    clock.advance(10_000);
    expect(sockets.all).toHaveLength(1);
  });

  test('a probe without an answer within 5 s ends a socket that still looked healthy', async () => {
    const { clock, sockets, link, signIn } = setUp();
    const first = await signIn();
    link.probe();
    clock.advance(3_000);
    link.probe();
    clock.advance(2_000);
    expect(first.isClosed).toBe(true);
    expect(sockets.last().sent.filter(({ type }) => type === 'ping')).toHaveLength(1);
  });
});

test('closing is for good, and twice is harmless', async () => {
  const { clock, sockets, statuses, link, signIn } = setUp();
  const socket = await signIn();
  link.close();
  link.close();
  link.wake();
  clock.advance(3_600_000);
  expect(socket.isClosed).toBe(true);
  expect(sockets.all).toHaveLength(1);
  expect(statuses.at(-1)).toEqual({ type: 'online' });
  expect(link.send({ type: 'ping', n: 1 })).toBe(false);
  expect(clock.pending()).toBe(0);
});

test('closing while a retry waits leaves no timer behind', () => {
  const { clock, sockets, link } = setUp();
  sockets.last().ends();
  link.close();
  expect(clock.pending()).toBe(0);
});
