import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aCall, aGrant, aLine, aMakeCall } from './builders.ts';
import { EXTENSION, HOST, type Rig, startRig } from './server-rig.ts';
import type { WireClient } from './wire-client.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig([
    { userId: 'user-1', lineId: 'line-1', rights: [], isOwn: true },
    aGrant('user-1', 'line-9', 'watch', 'control'),
    aGrant('user-2', 'line-2', 'watch'),
  ]);
  rig.board.set(aLine({ lineId: 'line-1', calls: [aCall()] }));
  rig.board.set(aLine({ lineId: 'line-2', calls: [aCall({ callId: 'call-2' })] }));
  rig.board.set(aLine({ lineId: 'line-9', tenantId: 'tenant-2', calls: [aCall({ callId: 'call-9' })] }));
});
afterEach(() => rig.close());

const subscribe = { type: 'subscribe', lines: ['*'], journal: true };
const padded = (bytes: number) =>
  JSON.stringify({ type: 'ping', n: 1, pad: '' }).replace('""', `"${'x'.repeat(bytes - 30)}"`);

describe('server: sign-in', () => {
  test('a device that was paired proves itself and sees its line', async () => {
    const client = await rig.signedIn('user-1');
    client.send(subscribe);
    const { lines } = await client.next('snapshot');
    expect(lines).toMatchObject([{ lineId: 'line-1', isOwn: true }]);
    expect(client.frames.map(({ type }) => type).slice(0, 2)).toEqual(['challenge', 'welcome']);
  });

  test('on the connection of the pairing, the hello may follow', async () => {
    const client = rig.connect();
    const { nonce } = await client.next('challenge');
    const device = await rig.pair(client, 'user-1');
    client.send(rig.helloOf(device, device.proof(nonce)));
    expect(await client.next('welcome')).toMatchObject({ user: { userId: 'user-1' }, resumed: false });
    expect(rig.server.sessions()).toMatchObject([{ deviceId: device.device, viewer: { user: { userId: 'user-1' } } }]);
  });

  test.each<[string, (device: Awaited<ReturnType<Rig['pairedDevice']>>, nonce: string) => object, string, number]>([
    ['a proof for another nonce', (d) => rig.helloOf(d, d.proof('other')), 'unauthenticated', 4401],
    ['a proof for another relay', (d, n) => rig.helloOf(d, d.proof(n, 'ws://evil.test')), 'unauthenticated', 4401],
    ['no proof', (d) => rig.helloOf(d, 'AAAA'), 'unauthenticated', 4401],
    ['an unknown device', (d, n) => ({ ...rig.helloOf(d, d.proof(n)), device: 'd-unknown' }), 'unauthenticated', 4401],
    ['an order before the hello', () => aMakeCall(), 'unauthenticated', 4401],
    ['a subscription before the hello', () => subscribe, 'unauthenticated', 4401],
    [
      'a wrong code',
      () => ({ type: 'enrol', code: 'BCDFGHJK', publicKey: 'AAAA', device: { name: 'x' } }),
      'message-invalid',
      4400,
    ],
    ['an unknown type', () => ({ type: 'teleport' }), 'message-invalid', 4400],
  ])('%s ends the connection', async (_what, message, reason, code) => {
    const device = await rig.pairedDevice('user-1');
    const client = rig.connect();
    const { nonce } = await client.next('challenge');
    client.send(message(device, nonce));
    expect(await client.closed).toEqual({ code, reason });
    expect(client.frames).toHaveLength(1);
    expect(rig.orders).toEqual([]);
  });

  test('a revoked device is told so', async () => {
    const device = await rig.pairedDevice('user-1');
    await rig.store.revokeDevice(device.device, new Date().toISOString());
    const client = rig.connect();
    const { nonce } = await client.next('challenge');
    client.send(rig.helloOf(device, device.proof(nonce)));
    expect(await client.closed).toEqual({ code: 4410, reason: 'revoked' });
  });

  test('an open session of a revoked device ends when it is told to', async () => {
    const client = await rig.signedIn('user-1');
    for (const session of rig.server.sessions()) session.end('revoked');
    expect(await client.closed).toEqual({ code: 4410, reason: 'revoked' });
  });

  test('who has not signed in after five seconds is cut', async () => {
    const client = rig.connect();
    await client.next('challenge');
    rig.clock.advance(4_999);
    expect(rig.server.sessions()).toHaveLength(1);
    rig.clock.advance(1);
    expect(await client.closed).toEqual({ code: 4500, reason: 'timeout' });
  });

  test('the twenty-first connection of one address that has not signed in is refused, a signed-in one makes room', async () => {
    const clients: WireClient[] = [];
    for (let n = 0; n < 20; n += 1) clients.push(rig.connect());
    await Promise.all(clients.map((client) => client.next('challenge')));
    const late = rig.connect();
    expect(await late.closed).toEqual({ code: 4502, reason: 'rate-limited' });
    expect(late.frames).toEqual([]);
    clients[0]?.socket.terminate();
    while (rig.server.sessions().length >= 20) await new Promise((resolve) => setImmediate(resolve));
    await rig.connect().next('challenge');
  });
});

describe('server: where a connection comes from', () => {
  const origins: [string | undefined, boolean][] = [
    [EXTENSION, true],
    ['moz-extension://0a1b2c3d-4e5f-6789-abcd-ef0123456789', true],
    [undefined, false],
    ['null', false],
    ['chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba', false],
    [`${EXTENSION}.evil.test`, false],
    [EXTENSION.toUpperCase(), false],
    ['moz-extension://evil', false],
    ['moz-extension://0a1b2c3d-4e5f-6789-abcd-ef0123456789.evil.test', false],
    ['http://relay.test:8730', false],
    ['https://crm.test', false],
  ];
  const hosts: [string, boolean][] = [
    [HOST, true],
    ['RELAY.TEST:8730', true],
    ['relay.example', true],
    ['relay.test', false],
    ['127.0.0.1:8730', false],
    ['localhost:8730', false],
    ['relay.test.evil.test:8730', false],
    ['evil.test', false],
  ];
  const matrix = origins.flatMap(([origin, isGoodOrigin]) =>
    hosts.map(([host, isGoodHost]) => ({ origin, host, passes: isGoodOrigin && isGoodHost, isGoodHost })),
  );

  test(`of ${matrix.length} combinations of Origin and Host, exactly the allowed ones are challenged`, async () => {
    for (const { origin, host, passes, isGoodHost } of matrix) {
      const { status, first, leave, ended } = await rig.upgrade({
        Host: host,
        ...(origin !== undefined && { Origin: origin }),
        'Sec-WebSocket-Protocol': 'offhook.v1',
      });
      leave();
      await ended;
      // With our Host, a browser is told why in the only way that it shows to an extension: a close code.
      const expected = passes ? [101, 'challenge'] : isGoodHost ? [101, '4403 origin-refused'] : [421, undefined];
      expect({ origin, host, answer: [status, first] }).toEqual({ origin, host, answer: expected });
    }
  });

  test('who is refused gets no session, is not read, and is cut when it does not answer the farewell', async () => {
    const client = rig.connect({ Origin: 'https://crm.test' });
    expect(await client.closed).toEqual({ code: 4403, reason: 'origin-refused' });
    expect(client.frames).toEqual([]);
    const { ended } = await rig.upgrade({ Host: HOST, 'Sec-WebSocket-Protocol': 'offhook.v1' });
    expect(rig.server.sessions()).toEqual([]);
    rig.clock.advance(3_000);
    await ended;
    expect(rig.clock.pending()).toBe(0);
  });

  test('twenty of one address are told why they are refused, more only get a plain refusal and take no place', async () => {
    const headers = { Host: HOST, Origin: 'https://crm.test', 'Sec-WebSocket-Protocol': 'offhook.v1' };
    for (let n = 0; n < 20; n += 1) expect((await rig.upgrade(headers)).first).toBe('4403 origin-refused');
    expect((await rig.upgrade(headers)).status).toBe(429);
    await rig.connect().next('challenge');
  });

  test(`of ${matrix.length} combinations, the start page answers those with our Host, and POST none`, async () => {
    for (const { origin, host, isGoodHost } of matrix) {
      const headers = { Host: host, ...(origin !== undefined && { Origin: origin }) };
      expect((await rig.http(headers)).status).toBe(isGoodHost ? 200 : 421);
      expect((await rig.http(headers, { path: '/v1' })).status).toBe(isGoodHost ? 404 : 421);
      expect((await rig.http(headers, { method: 'POST' })).status).toBe(isGoodHost ? 404 : 421);
    }
  });

  test.each([
    ['another path', '/v2'],
    ['a token in the address', '/v1?token=x'],
  ])('%s opens no WebSocket', async (_what, path) => {
    const headers = { Host: HOST, Origin: EXTENSION, 'Sec-WebSocket-Protocol': 'offhook.v1' };
    expect((await rig.upgrade(headers, path)).status).toBe(404);
  });

  test.each([
    ['another subprotocol', 'offhook.v0', 'offhook.v0'],
    ['several others', 'offhook.v0, offhook.v7', 'offhook.v0'],
    ['none', undefined, undefined],
  ])('%s is told the version, under a subprotocol that the browser takes', async (_what, asked, answered) => {
    const headers = { Host: HOST, Origin: EXTENSION, ...(asked !== undefined && { 'Sec-WebSocket-Protocol': asked }) };
    const { first, protocol } = await rig.upgrade(headers);
    expect([first, protocol]).toEqual(['4426 version-too-old-extension', answered]);
  });

  test('the start page brings its policy, and the health check says ok', async () => {
    const page = await rig.http({ Host: HOST });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect(JSON.parse((await rig.http({ Host: HOST }, { path: '/healthz' })).body)).toEqual({ status: 'ok' });
  });
});

describe('server: frames', () => {
  test.each([
    ['4 KiB before sign-in', 4_097, false, 4413],
    ['64 KiB after it', 65_537, true, 1009],
  ])('more than %s ends the connection', async (_what, bytes, isSignedIn, code) => {
    const client = isSignedIn ? await rig.signedIn('user-1') : rig.connect();
    if (!isSignedIn) await client.next('challenge');
    client.send(padded(bytes));
    expect((await client.closed).code).toBe(code);
  });

  test('60 KiB after sign-in are taken', async () => {
    const client = await rig.signedIn('user-1');
    client.send(padded(60_000));
    expect(await client.next('pong')).toEqual({ type: 'pong', n: 1 });
  });

  test('a binary frame ends the connection', async () => {
    const client = await rig.signedIn('user-1');
    client.send(Buffer.from('{"type":"ping","n":1}'));
    expect(await client.closed).toEqual({ code: 4400, reason: 'message-invalid' });
  });

  test('garbage and unknown types cost one answer each, in the order in which they came', async () => {
    const client = await rig.signedIn('user-1');
    client.send('{');
    client.send({ type: 'teleport', id: 'id-7' });
    client.send({ type: 'ping', n: 3 });
    client.send({ ...aMakeCall(), id: 'id-8', key: 'key-8', args: { number: 7 } });
    client.send({ type: 'command', id: 'id-9', key: 'key-9', name: 'teleport' });
    client.send({ type: 'ping', n: 4 });
    await client.next('pong');
    await client.next('pong');
    expect(client.frames.slice(2)).toEqual([
      { type: 'error', code: 'message-invalid' },
      { type: 'error', code: 'unknown-type', id: 'id-7' },
      { type: 'pong', n: 3 },
      { type: 'result', id: 'id-8', key: 'key-8', state: 'failed', code: 'number-invalid' },
      { type: 'result', id: 'id-9', key: 'key-9', state: 'failed', code: 'not-supported' },
      { type: 'pong', n: 4 },
    ]);
  });

  test('a heartbeat comes after 20 s without traffic, and after 45 s of silence the end', async () => {
    const client = await rig.signedIn('user-1');
    client.send({ ...subscribe, journal: false });
    await client.next('snapshot');
    rig.clock.advance(20_000);
    expect(await client.next('heartbeat')).toEqual({ type: 'heartbeat', epoch: 'epoch-1', rev: 2 });
    rig.clock.advance(24_999);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    rig.clock.advance(1);
    expect(await client.closed).toEqual({ code: 4500, reason: 'timeout' });
  });

  test('a client that speaks stays', async () => {
    const client = await rig.signedIn('user-1');
    for (let n = 0; n < 5; n += 1) {
      rig.clock.advance(40_000);
      client.send({ type: 'ping', n });
      await client.next('pong');
    }
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });

  test('a client that stops reading is cut, and the others are served on', async () => {
    const [slow, healthy] = [await rig.signedIn('user-1'), await rig.signedIn('user-1')];
    for (const client of [slow, healthy]) client.send({ ...subscribe, journal: false });
    await Promise.all([slow.next('snapshot'), healthy.next('snapshot')]);
    slow.socket.pause();
    const calls = Array.from({ length: 50 }, (_, n) =>
      aCall({ callId: `call-${n}`, remote: { number: { kind: 'raw', text: 'x'.repeat(250) } } }),
    );
    for (let n = 0; rig.server.sessions().length === 2 && n < 5_000; n += 1) {
      rig.board.set(aLine({ lineId: 'line-1', name: `v${n}`, calls }));
      await healthy.next('delta');
      // Time goes on while nothing is taken.
      rig.clock.advance(100);
      healthy.send({ type: 'ping', n });
      slow.send({ type: 'ping', n });
      await healthy.next('pong');
    }
    expect(rig.server.sessions()).toHaveLength(1);
    // It took nothing, not even the goodbye, for which it is given three seconds.
    rig.clock.advance(3_000);
    slow.socket.resume();
    expect((await slow.closed).code).toBe(1006);
  });

  test('closing says goodbye with the time to come back', async () => {
    const client = await rig.signedIn('user-1');
    await rig.server.close();
    expect(client.frames.at(-1)).toMatchObject({ type: 'bye', reconnect: { afterMs: 500 } });
    expect((await client.closed).code).toBe(1001);
  });

  test('what one device dismissed is cleared on the user’s other devices, and on nobody else’s', async () => {
    const [one, other, stranger] = [
      await rig.signedIn('user-1'),
      await rig.signedIn('user-1'),
      await rig.signedIn('user-2'),
    ];
    for (const client of [one, other, stranger]) {
      client.send({ ...subscribe, journal: false });
      await client.next('snapshot');
    }
    one.send({ type: 'seen', callId: 'call-1', action: 'shown' });
    one.send({ type: 'seen', callId: 'call-1', action: 'dismissed' });
    expect(await other.next('notify')).toEqual({ type: 'notify', callId: 'call-1', show: false, reason: 'dismissed' });
    stranger.send({ type: 'ping', n: 1 });
    await stranger.next('pong');
    expect(stranger.frames.map(({ type }) => type)).toEqual(['challenge', 'welcome', 'snapshot', 'pong']);
  });
});

describe('server: grants', () => {
  test('a new grant reaches an open connection, a revoked one too', async () => {
    const client = await rig.signedIn('user-2');
    client.send({ ...subscribe, journal: false });
    expect((await client.next('snapshot')).lines).toMatchObject([{ lineId: 'line-2' }]);
    await rig.access.putGrant(aGrant('user-2', 'line-1', 'watch'));
    expect((await client.next('snapshot')).lines).toMatchObject([{ lineId: 'line-1' }, { lineId: 'line-2' }]);
    await rig.access.removeGrant('user-2', 'line-2');
    expect((await client.next('snapshot')).lines).toMatchObject([{ lineId: 'line-1' }]);
  });

  // For user-1: line-2 is a colleague's, line-9 another company's (with a wrong grant), line-404 does not exist.
  const onCall = { callId: 'call-1', deadlineMs: 5_000, type: 'command' };
  const to = { kind: 'e164', number: '+493023125042' };
  const questions: [string, (lineId: string) => object][] = [
    ['makeCall', (lineId) => ({ ...aMakeCall(), lineId })],
    ['pickup', (lineId) => ({ ...onCall, name: 'pickup', lineId: 'line-1', args: { lineId } })],
    ['setDnd', (lineId) => ({ ...onCall, name: 'setDnd', lineId, args: { on: true } })],
    ['setForward', (lineId) => ({ ...onCall, name: 'setForward', lineId, args: { when: 'all', to } })],
    ['sendDtmf', (lineId) => ({ ...onCall, name: 'sendDtmf', lineId, args: { digits: '1' } })],
    ['redirect', (lineId) => ({ ...onCall, name: 'redirect', lineId, args: { to } })],
    ...['answer', 'drop', 'hold', 'retrieve'].map((name): [string, (lineId: string) => object] => [
      name,
      (lineId) => ({ ...onCall, name, lineId, args: {} }),
    ]),
    ...['toggle', 'transfer', 'conference'].map((name): [string, (lineId: string) => object] => [
      name,
      (lineId) => ({ ...onCall, name, lineId, args: { otherCallId: 'call-2' } }),
    ]),
    ['preview', (lineId) => ({ type: 'preview', lineId, number: to })],
    ['journal-page', (lineId) => ({ type: 'journal-page', filter: { lineId } })],
    ['subscribe', (lineId) => ({ type: 'subscribe', lines: [lineId], journal: false })],
  ];
  test.each(questions)('%s: what is absent and what is not granted get the same answer', async (_name, question) => {
    const client = await rig.signedIn('user-1');
    const answers: string[] = [];
    for (const [n, lineId] of ['line-2', 'line-9', 'line-404'].entries()) {
      const from = client.frames.length;
      client.send({
        id: `id-${n}`,
        key: `key-${n}`,
        ...question(lineId),
        ...('key' in question(lineId) && { id: `id-${n}`, key: `key-${n}` }),
      });
      client.send({ type: 'ping', n });
      await client.next('pong');
      // The answer of an order may come after the pong.
      while (client.frames.length < from + 2) await new Promise((resolve) => setImmediate(resolve));
      // Who subscribes first is told which device announces the call that rings, whatever was subscribed to.
      const answer = client.frames.slice(from).filter(({ type }) => type !== 'pong' && type !== 'notify');
      answers.push(JSON.stringify(answer).replaceAll(`id-${n}`, 'id').replaceAll(`key-${n}`, 'key'));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).not.toMatch(/line-\d/);
    expect(rig.orders).toEqual([]);
  });
});
