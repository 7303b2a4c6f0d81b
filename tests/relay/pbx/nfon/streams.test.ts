// NFON's two streams through bad times: silence, ends, floods, lies and garbage. What counts is that no call is made up, none
// stays for ever, and that the company hears of a break only where there was one.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { stamp } from '../../../fakes/nfon-server.ts';
import { aRig, type NfonRig } from './rig.ts';

const UUID = '715a1333-0174-40ea-8b38-67e289069476';
const rigs: NfonRig[] = [];

async function opened(...args: Parameters<typeof aRig>): Promise<NfonRig> {
  const rig = await aRig(...args);
  rigs.push(rig);
  return rig;
}
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

const statusOf = ({ events }: NfonRig) =>
  events.flatMap((event) => (event.type === 'status' ? [event.status.type] : []));
const reasonsOf = ({ events }: NfonRig) =>
  events.flatMap((event) =>
    event.type === 'status' && event.status.type === 'disconnected' ? [event.status.reason] : [],
  );
const isUpAgain = (rig: NfonRig) => () => statusOf(rig).filter((type) => type === 'connected').length > 1;
const legsOf = async ({ driver }: NfonRig) => (await driver.snapshot()).legs;
const ring = (part: object = {}) => ({
  uuid: UUID,
  state: 'ring',
  caller: '493023125042',
  caller_context: 'global',
  callee: '10',
  callee_context: 'K1234',
  direction: 'inbound',
  extension: '10',
  customer: 'K1234',
  updated: stamp(),
  ...part,
});

describe('silence', () => {
  test('a stream that is silent for 90 s is replaced before it is given up: nobody hears of a break', async () => {
    const rig = await opened();
    await rig.pass(89_000);
    expect(rig.asked('GET /extensions/phone/calls')).toHaveLength(1);
    await rig.pass(5_000, () => rig.asked('GET /extensions/phone/calls').length > 1);
    expect(rig.asked('GET /extensions/phone/calls')).toHaveLength(2);
    await rig.untilTrue(() => rig.server.open('calls') === 1 && rig.server.open('states') === 1);
    await rig.exchange.hands.callIn({ from: '493023125042', to: '10' });
    await rig.untilLeg({ lineKey: '10', state: 'offering' });
    expect(statusOf(rig)).toEqual(['connecting', 'connected']);
  });

  test('what happened behind the back of a dead stream is found in the states', async () => {
    const rig = await opened();
    await rig.exchange.hands.callIn({ from: '493023125042', to: '10' });
    await rig.exchange.hands.lift('10');
    const { callKey } = await rig.untilLeg({ lineKey: '10', state: 'connected' });
    // The hang-up and the state go nowhere.
    rig.server.states.set('10', { line: 'idle', presence: 'available' });
    await rig.pass(95_000, () => rig.statesOf(callKey).includes('ended'));
    const ended = await rig.untilLeg({ callKey, state: 'ended' });
    expect(ended).toMatchObject({ cause: 'unknown', answerReported: false });
    expect(statusOf(rig)).toEqual(['connecting', 'connected']);
  });

  test('an event or a comment is a sign of life, half an event that never ends is none', async () => {
    const rig = await opened();
    const streams = () => rig.asked('GET /extensions/phone/calls').length;
    for (let count = 0; count < 4; count += 1) {
      await rig.pass(60_000);
      const sign = count % 2 === 0 ? ': still here\r\n\r\n' : 'data: "still here"\n\n';
      for (const of of ['calls', 'states'] as const) rig.server.raw(of, sign);
      await rig.pass(500);
    }
    expect(streams()).toBe(1);
    for (let count = 0; count < 10; count += 1) {
      await rig.pass(10_000);
      rig.server.raw('calls', 'data: {"uu');
    }
    await rig.untilTrue(() => streams() > 1);
    expect(statusOf(rig)).toEqual(['connecting', 'connected']);
  });

  test('when no second stream can be had, it is out of touch', async () => {
    const rig = await opened();
    rig.server.odd = () => ({ status: 503 });
    await rig.pass(95_000, () => statusOf(rig).includes('disconnected'));
    expect(reasonsOf(rig)[0]).toMatch(/the stream of (?:calls|states) with 503/);
  });

  test('a hang-up that is lost is made up for by the line that falls idle', async () => {
    const rig = await opened();
    await rig.exchange.hands.callIn({ from: '493023125042', to: '10' });
    const { callKey } = await rig.untilLeg({ lineKey: '10', state: 'offering' });
    rig.server.state({ customer: 'K1234', extension: '10', line: 'idle', presence: 'available' });
    await rig.until((event) => (event.type === 'line' && event.line.lamp === 'idle' ? true : undefined));
    await rig.pass(9_000);
    expect(await legsOf(rig)).toHaveLength(1);
    await rig.pass(2_000);
    expect(await rig.untilLeg({ callKey, state: 'ended' })).toMatchObject({ cause: 'unknown' });
  });

  test('a presence that changes says nothing of a call that the line’s state has not caught up with', async () => {
    const rig = await opened();
    rig.server.call(ring());
    await rig.untilLeg({ lineKey: '10', state: 'offering' });
    rig.server.state({ customer: 'K1234', extension: '10', line: 'idle', presence: 'dnd' });
    await rig.until((event) => (event.type === 'line' && event.line.dnd === true ? true : undefined));
    await rig.pass(30_000);
    expect(await legsOf(rig)).toMatchObject([{ state: 'offering' }]);
  });

  test('a line that rings again within ten seconds keeps its call', async () => {
    const rig = await opened();
    await rig.exchange.hands.callIn({ from: '493023125042', to: '10' });
    await rig.untilLeg({ lineKey: '10', state: 'offering' });
    for (const line of ['idle', 'ringing'])
      rig.server.state({ customer: 'K1234', extension: '10', line, presence: 'away' });
    await rig.pass(20_000);
    expect(await legsOf(rig)).toMatchObject([{ state: 'offering' }]);
  });
});

describe('ends', () => {
  test('a stream that the server ends is opened again at once, without a break', async () => {
    const rig = await opened();
    await rig.pass(11_000);
    rig.server.endStreams('calls');
    await rig.untilTrue(() => rig.asked('GET /extensions/phone/calls').length === 2 && rig.server.open('calls') === 1);
    await rig.untilTrue(() => rig.asked('GET /extensions/phone/states').length === 3);
    expect(statusOf(rig)).toEqual(['connecting', 'connected']);
  });

  test('a server that ends each stream at once, or refuses, is asked again in growing pauses up to a minute', async () => {
    const rig = await opened();
    rig.server.endStreams('calls');
    await rig.untilStatus('disconnected');
    expect(reasonsOf(rig)).toEqual(['NFON ended the stream of calls']);
    rig.server.odd = () => ({ status: 500 });
    const triedAt = [rig.clock.now()];
    while (triedAt.length < 10) {
      const before = statusOf(rig).length;
      await rig.pass(61_000, () => statusOf(rig).length > before);
      triedAt.push(rig.clock.now());
      await rig.untilTrue(() => statusOf(rig).length > before + 1);
    }
    const pauses = triedAt.slice(1).map((at, index) => at - (triedAt[index] ?? 0));
    // Half of it is up to the dice.
    pauses.forEach((pause, index) => {
      const longest = Math.min(60_000, 1_000 * 2 ** index);
      expect(pause).toBeGreaterThanOrEqual(longest / 2);
      expect(pause).toBeLessThanOrEqual(longest + 200);
    });
  });

  test('the pause that a server asks for is kept', async () => {
    const rig = await opened();
    rig.server.raw('states', `${['retry', 20_000].join(':')}\n\ndata: "hello"\n\n`);
    await rig.untilTrue(() => rig.logLines.some((line) => line.includes('nobody understands')));
    rig.server.cut();
    await rig.untilStatus('disconnected');
    await rig.pass(19_500);
    expect(statusOf(rig)).toEqual(['connecting', 'connected', 'disconnected']);
    await rig.pass(1_000, isUpAgain(rig));
    await rig.untilTrue(isUpAgain(rig));
  });

  test('the id of the last event is named when a stream is opened again', async () => {
    const rig = await opened();
    await rig.pass(11_000);
    rig.server.raw('calls', 'id: 42\ndata: "hello"\n\n');
    await rig.untilTrue(() => rig.logLines.some((line) => line.includes('nobody understands')));
    rig.server.endStreams('calls');
    await rig.untilTrue(() => rig.asked('GET /extensions/phone/calls').length === 2);
    expect(rig.asked('GET /extensions/phone/calls')[1]?.headers['last-event-id']).toBe('42');
  });
});

describe('hostile servers', () => {
  test('a redirect is not followed: no token goes to another host', async () => {
    let visits = 0;
    const other = createServer((_request, response) => {
      visits += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/v1/login`; // it listens on TCP
    for (const path of ['/login', '/extensions/phone/data', '/extensions/phone/calls']) {
      const rig = await opened({
        isUp: false,
        prepare: (server) => {
          server.odd = (request) => (request.path.endsWith(path) ? { status: 307, headers: { location } } : undefined);
        },
      });
      await rig.untilStatus('disconnected');
      expect(reasonsOf(rig)[0]).toContain('which is not followed: check "baseUrl"');
    }
    expect(visits).toBe(0);
    other.close();
  });

  test.each([
    ['an event without end', (rig: NfonRig) => rig.server.raw('calls', `data: ${'x'.repeat(1_200_000)}`)],
    [
      'a line after the other of one event',
      (rig: NfonRig) => rig.server.raw('calls', 'data: yyyyyyyyyyyyy\n'.repeat(90_000)),
    ],
  ])('%s is given up at a megabyte, and the driver comes back', async (_what, send) => {
    const rig = await opened();
    send(rig);
    await rig.untilStatus('disconnected');
    expect(reasonsOf(rig)).toEqual(['NFON sent an event of more than 1 MB']);
    await rig.pass(2_000, isUpAgain(rig));
    await rig.untilTrue(isUpAgain(rig));
  });

  test.each([
    ['a page in place of a stream', 'calls', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }],
    ['a list that is no JSON', 'data', { status: 200, body: 'Hello' }],
    ['an answer that never ends', 'data', { status: 200, hangs: true }],
    ['no answer at all', 'login', { status: 200, isSilent: true }],
    ['a failure', 'states', { status: 500 }],
  ])('%s keeps the driver out of touch, with a reason', async (_what, path, answer) => {
    const rig = await opened({
      isUp: false,
      prepare: (server) => {
        server.odd = (request) => (request.path.endsWith(path) ? answer : undefined);
      },
    });
    await rig.untilTrue(() => rig.server.requests.some((request) => request.path.endsWith(path)));
    await rig.pass(25_000, () => reasonsOf(rig).length > 0);
    expect(reasonsOf(rig)[0]).toMatch(/^NFON /);
    rig.server.odd = () => undefined;
    await rig.pass(90_000, () => statusOf(rig).includes('connected'));
    await rig.untilStatus('connected');
  });

  test('wrong types cost their own event and nothing else', async () => {
    const rig = await opened();
    const odd = [
      ...[null, 7, 'ring', [], {}, { uuid: 7 }, [[ring()]]],
      ...[
        ring({ uuid: '../../login' }),
        ring({ uuid: `${UUID}/..` }),
        ring({ state: { ring: true } }),
        ring({ state: 'x'.repeat(99) }),
      ],
    ];
    for (const one of odd) rig.server.call(one as object); // whatever it is, it goes out as JSON
    rig.server.call(ring({ extension: '../10', callee: 7, caller: { number: 1 }, direction: 4, error: [] }));
    rig.server.call([ring({ state: 'weather' }), ring()]);
    const leg = await rig.untilLeg({ lineKey: '10', state: 'offering' });
    expect(leg.remote.number).toBe('+493023125042');
    expect(await legsOf(rig)).toHaveLength(1);
  });

  test('whatever bytes come, no call is made of them, and the next real one is seen', async () => {
    const rig = await opened();
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom(
        'data: ',
        '\n\n',
        '\r',
        'event: x\n',
        'id: \0\n',
        'retry:-1\n',
        '{"uuid":"',
        UUID,
        '"state":"ring"',
        '[',
        '}',
      ),
    );
    const runs = fc.sample(fc.array(piece, { maxLength: 30 }), 60);
    for (const [index, pieces] of runs.entries()) {
      for (const one of pieces) rig.server.raw('calls', Buffer.from(one));
      rig.server.raw('calls', '\n\n');
      const uuid = `${UUID.slice(0, -4)}${String(index).padStart(4, '0')}`;
      for (const state of ['ring', 'hangup']) rig.server.call(ring({ uuid, state }));
      await rig.untilLeg({ callKey: `${uuid}@10`, state: 'ended' });
    }
    expect(new Set(rig.events.flatMap((event) => (event.type === 'leg' ? [event.leg.callKey] : []))).size).toBe(
      runs.length,
    );
    expect(statusOf(rig)).toEqual(['connecting', 'connected']);
  });

  test('states of unknown words, lines and accounts change nothing', async () => {
    const rig = await opened();
    const before = await rig.driver.snapshot();
    const state = (part: object) => rig.server.state({ customer: 'K1234', extension: '10', ...part });
    state({ line: 'levitating', presence: 'elsewhere' });
    state({ line: 7, presence: null });
    state({ customer: 'K9999', line: 'offline', presence: 'dnd' });
    state({ extension: '77', line: 'in-use', presence: 'dnd' });
    state({ extension: 10, line: 'offline' });
    state({ extension: '11', line: 'in-use' });
    await rig.until((event) => (event.type === 'line' ? true : undefined));
    const after = await rig.driver.snapshot();
    expect(after.lines[0]).toEqual(before.lines[0]);
    expect(after.lines).toHaveLength(3);
    expect(rig.events.filter(({ type }) => type === 'line')).toHaveLength(1);
  });

  test('a caller’s name in half a character, over CRLF and several lines, is read whole', async () => {
    const rig = await opened();
    const text = JSON.stringify(ring({ caller: 'Jürgen Sämple 📞', caller_context: 'K1234' }), undefined, 1);
    const bytes = Buffer.from(`event: call\r\n${text.replaceAll(/^/gm, 'data: ').replaceAll('\n', '\r\n')}\r\n\r\n`);
    for (const byte of bytes) rig.server.raw('calls', Buffer.from([byte]));
    expect((await rig.untilLeg({ lineKey: '10', state: 'offering' })).remote.number).toBe('Jürgen Sämple 📞');
  });
});

describe('lines', () => {
  test.each([
    ['idle', 'available', { lamp: 'idle', isRegistered: true, dnd: false }],
    ['idle', 'dnd', { lamp: 'idle', isRegistered: true, dnd: true }],
    ['idle', 'offline', { lamp: 'idle', isRegistered: true, dnd: false }],
    ['in-use', 'null', { lamp: 'busy', isRegistered: true, dnd: null }],
    ['busy', 'away', { lamp: 'busy', isRegistered: true, dnd: false }],
    ['ringing', 'busy', { lamp: 'ringing', isRegistered: true, dnd: false }],
    ['offline', 'available', { lamp: undefined, isRegistered: false, dnd: false, capabilities: [] }],
    ['unknown', 'available', { lamp: undefined, isRegistered: undefined, dnd: false }],
  ])('line %s with presence %s is shown as %j', async (line, presence, shown) => {
    const rig = await opened({
      prepare: (server) => server.states.set('10', { line, presence }),
    });
    expect((await rig.driver.snapshot()).lines[0]).toMatchObject({ lineKey: '10', name: 'Anna Sample', ...shown });
  });

  test('names and numbers are those of the list, which is asked for again every quarter of an hour', async () => {
    const rig = await opened({ extensions: [{ number: '18', name: 'Anna Sample' }] });
    expect((await rig.driver.snapshot()).lines).toMatchObject([{ extension: '18', name: 'Anna Sample' }]);
    rig.server.extensions.splice(0, 1, { number: '18', name: 'Anna Example' }, { number: '19', name: '' });
    await rig.pass(901_000, () => rig.asked('GET /extensions/phone/data').length > 1);
    await rig.untilTrue(isUpAgain(rig));
    const { lines } = await rig.driver.snapshot();
    expect(lines.map(({ extension, name }) => [extension, name])).toEqual([
      ['18', 'Anna Example'],
      ['19', ''],
    ]);
    expect(statusOf(rig)).toEqual(['connecting', 'connected', 'connected']);
  });
});

test('two K-accounts know nothing of each other: neither tokens, calls, nor contexts', async () => {
  const first = await opened();
  const second = await opened({ account: 'K9999', password: 'another-password' });
  // The second account's server delivers what belongs to the first one.
  second.server.call(ring());
  second.server.state({ customer: 'K1234', extension: '10', line: 'in-use', presence: 'dnd' });
  await second.exchange.hands.callIn({ from: '493023125077', to: '10' });
  const leg = await second.untilLeg({ lineKey: '10', state: 'offering' });
  expect(leg.remote.number).toBe('+493023125077');
  expect(second.events.filter(({ type }) => type === 'leg')).toHaveLength(1);
  expect(first.events.filter(({ type }) => type === 'leg')).toEqual([]);
  await first.order({
    lineKey: '10',
    order: { name: 'makeCall', args: { number: { kind: 'internal', number: '12' } } },
  });
  expect(second.asked('POST /extensions/phone/calls')).toEqual([]);
  expect(JSON.parse(first.asked('POST /extensions/phone/calls')[0]?.body ?? '')).toMatchObject({
    callee_context: 'K1234',
  });
  for (const { headers } of second.server.requests) expect(headers['user-agent']).toContain('(K9999)');
  expect(second.asked('POST /login').map(({ body }) => JSON.parse(body))).toEqual([
    { username: 'K9999', password: 'another-password' },
  ]);
});
