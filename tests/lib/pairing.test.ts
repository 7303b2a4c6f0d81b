// Enrolling this profile's key with a relay.
import { expect, test } from 'vitest';
import { enrol, webSocketOrigin } from '#lib/pairing.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { aChallenge } from '../fakes/relay-messages.ts';
import { createFakeSockets } from '../fakes/sockets.ts';

test.each([
  ['http://127.0.0.1:8730/start#pair=ABCDEFGH', 'ws://127.0.0.1:8730'],
  ['https://relay.example', 'wss://relay.example'],
  ['wss://relay.example:444/v1', 'wss://relay.example:444'],
  ['file:///etc/passwd', undefined],
  ['javascript:alert(1)', undefined],
  ['relay', undefined],
  ['', undefined],
])('the link of %s goes to %s', (relayUrl, origin) => {
  expect(webSocketOrigin(relayUrl)).toBe(origin);
});

function setUp() {
  const clock = createFakeClock();
  const sockets = createFakeSockets();
  const result = () =>
    enrol({
      origin: 'ws://127.0.0.1:8730',
      code: 'ABCDEFGH',
      publicKey: 'key',
      deviceName: 'Sample browser',
      openSocket: sockets.open,
      clock,
    });
  return { clock, sockets, result };
}

const ENROLLED = { type: 'enrolled', device: 'device-1', user: { userId: 'mia', name: 'Mia Sample' } };

test('answers the challenge with code and key, and is paired', async () => {
  const { clock, sockets, result } = setUp();
  const paired = result();
  sockets.last().says(aChallenge());
  sockets.last().says(ENROLLED);
  expect(await paired).toEqual({ type: 'paired', device: 'device-1', userName: 'Mia Sample' });
  expect(sockets.last().sent).toEqual([
    { type: 'enrol', code: 'ABCDEFGH', publicKey: 'key', device: { name: 'Sample browser' } },
  ]);
  expect([sockets.last().isClosed, clock.pending()]).toEqual([true, 0]);
});

test.each([
  [4404, 'code-invalid', 'code-invalid'],
  [4403, 'origin-refused', 'origin-refused'],
  [1006, '', 'relay-unreachable'],
  [4499, 'from-the-future', 'relay-unreachable'],
])('closed with %i %s: %s', async (closeCode, reason, code) => {
  const { sockets, result } = setUp();
  const failed = result();
  sockets.last().ends(closeCode, reason);
  expect(await failed).toEqual({ type: 'failed', code });
});

test.each([
  [aChallenge({ versions: ['offhook.v9'] }), 'version-too-old-extension'],
  [{ type: 'error', code: 'rate-limited' }, 'rate-limited'],
  ['not JSON', 'message-invalid'],
])('a relay that says %j: %s', async (message, code) => {
  const { sockets, result } = setUp();
  const failed = result();
  sockets.last().says(message);
  expect(await failed).toEqual({ type: 'failed', code });
  expect(sockets.last().sent).toEqual([]);
});

test('a relay that says nothing for 10 s, or cannot even be asked, is unreachable', async () => {
  const silent = setUp();
  const waiting = silent.result();
  silent.clock.advance(10_000);
  expect(await waiting).toEqual({ type: 'failed', code: 'relay-unreachable' });
  expect(silent.sockets.last().isClosed).toBe(true);
  const blocked = setUp();
  blocked.sockets.refuse(new Error('blocked'));
  expect(await blocked.result()).toEqual({ type: 'failed', code: 'relay-unreachable' });
  expect(blocked.clock.pending()).toBe(0);
});
