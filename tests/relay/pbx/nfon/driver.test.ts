// NFON's driver at work: how it signs in and stays signed in, what it sends, and how it takes a server that misbehaves.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PhoneNumber } from '@offhook/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { aRig, type NfonRig } from './rig.ts';

const BERLIN: PhoneNumber = { kind: 'e164', number: '+493023125042' };
const CALLS = '/extensions/phone/calls';
const rigs: NfonRig[] = [];

async function opened(...args: Parameters<typeof aRig>): Promise<NfonRig> {
  const rig = await aRig(...args);
  rigs.push(rig);
  return rig;
}
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

const makeCall = ({ order }: NfonRig, number: PhoneNumber = BERLIN, device?: string) =>
  order({ lineKey: '10', order: { name: 'makeCall', args: { number, ...(device && { device }) } }, dialString: '0' });
const ordersOf = (rig: NfonRig) => rig.asked(`POST ${CALLS}`).map(({ body }) => JSON.parse(body) as object);
const reasonsOf = ({ events }: NfonRig) =>
  events.flatMap((event) =>
    event.type === 'status' && event.status.type === 'disconnected' ? [event.status.reason] : [],
  );

describe('signing in', () => {
  test('one login serves all requests, and each says which product and K-account it is', async () => {
    const rig = await opened();
    expect(rig.asked('POST /login')).toHaveLength(1);
    expect(JSON.parse(rig.asked('POST /login')[0]?.body ?? '')).toEqual({
      username: 'K1234',
      password: 'sample-password',
    });
    expect(rig.server.requests.length).toBeGreaterThan(4);
    for (const { headers } of rig.server.requests) expect(headers['user-agent']).toBe('offhook/1.2.3 (K1234)');
  });

  test('the token is renewed after four minutes, by the refresh token and not by the password', async () => {
    const rig = await opened({ username: 'K1234/crm', options: { username: 'K1234/crm' } });
    await rig.pass(239_000);
    expect(rig.asked('PUT /login')).toHaveLength(0);
    await rig.pass(2_000, () => rig.asked('PUT /login').length > 0);
    expect(rig.asked('PUT /login')[0]).toMatchObject({
      headers: { authorization: 'Bearer refresh-1-sample' },
      body: '',
    });
    expect(rig.asked('POST /login')).toHaveLength(1);
    await rig.untilTrue(() => rig.server.secrets.includes('access-2-sample'));
    await rig.pass(500);
    rig.server.expireTokens();
    await makeCall(rig);
    expect(rig.asked(`POST ${CALLS}`)[0]?.headers['authorization']).toBe('Bearer access-2-sample');
  });

  test('a refresh that is refused is followed by a login', async () => {
    const rig = await opened();
    rig.server.odd = ({ method }) => (method === 'PUT' ? { status: 401 } : undefined);
    await rig.pass(245_000, () => rig.asked('POST /login').length > 1);
    expect(rig.asked('POST /login')).toHaveLength(2);
    expect(reasonsOf(rig)).toEqual([]);
  });

  test('an order whose token is refused is sent once more behind a new login, and carried out once', async () => {
    const rig = await opened();
    await rig.pass(10_000);
    rig.server.expireTokens();
    expect((await makeCall(rig)).result).toEqual({ type: 'sent' });
    expect(rig.asked('POST /login')).toHaveLength(2);
    expect(ordersOf(rig)).toHaveLength(2);
    expect(rig.exchange.started()).toBe(1);
  });

  test.each([
    [401, 'credentials'],
    [403, 'permission'],
    [400, 'invalidNumber'],
  ])(
    'an order that is answered with %i is refused with the cause %s, and never sent a third time',
    async (status, cause) => {
      const rig = await opened();
      await rig.pass(10_000);
      rig.server.refuse('requests', status);
      expect((await makeCall(rig)).result).toEqual({ type: 'rejected', code: 'pbx-rejected', params: { cause } });
      expect(ordersOf(rig)).toHaveLength(status === 401 ? 2 : 1);
      expect(rig.asked('POST /login')).toHaveLength(status === 401 ? 2 : 1);
    },
  );

  test('a storm of refusals makes one login, and another one ten seconds later at the soonest', async () => {
    const rig = await opened();
    await rig.pass(10_000);
    rig.server.expireTokens();
    const results = await Promise.all(Array.from({ length: 20 }, () => makeCall(rig)));
    expect(results.every(({ result }) => JSON.stringify(result) === '{"type":"sent"}')).toBe(true);
    expect(rig.asked('POST /login')).toHaveLength(2);
    rig.server.refuse('requests', 401);
    for (let count = 0; count < 20; count += 1) await makeCall(rig);
    expect(rig.asked('POST /login')).toHaveLength(2);
    await rig.pass(10_000);
    for (let count = 0; count < 20; count += 1) await makeCall(rig);
    expect(rig.asked('POST /login')).toHaveLength(3);
  });

  test.each([
    [401, /credentials.*\(401\).*check "username"/],
    [403, /does not permit.*\(403\).*booked.*docs\/nfon\.md/],
  ])(
    'a login that is answered with %i says what to do, and is not tried again for half a minute',
    async (status, words) => {
      const rig = await opened({ isUp: false, prepare: (server) => server.refuse('login', status) });
      await rig.untilStatus('disconnected');
      expect(reasonsOf(rig)[0]).toMatch(words);
      const tried = rig.asked('POST /login').length;
      await rig.pass(29_000);
      expect(rig.asked('POST /login').length).toBe(tried);
      rig.server.refuse('nothing');
      await rig.pass(2_000, () =>
        rig.events.some((event) => event.type === 'status' && event.status.type === 'connected'),
      );
      await rig.untilStatus('connected');
    },
  );

  test('a secret that cannot be read is a reason in its own words', async () => {
    const readSecret = () => {
      throw new Error('there is no secret nfon: "relay secrets set nfon"');
    };
    const rig = await opened({ isUp: false, readSecret });
    await rig.untilStatus('disconnected');
    expect(reasonsOf(rig)).toEqual(['there is no secret nfon: "relay secrets set nfon"']);
    expect(rig.server.requests).toEqual([]);
  });

  test('neither password nor token is ever told or logged, whatever the server answers', async () => {
    const rig = await opened({
      prepare: (server) =>
        (server.odd = ({ path }) =>
          path.endsWith('/login') ? { status: 200, body: '{"access-token":"bad token of the sample"}' } : undefined),
      isUp: false,
    });
    await rig.untilStatus('disconnected');
    rig.server.odd = () => undefined;
    await rig.pass(5_000, () => rig.server.open('calls') > 0);
    await rig.untilStatus('connected');
    rig.server.refuse('requests', 500);
    await expect(makeCall(rig)).rejects.toMatchObject({ name: 'PbxError' });
    const all = [...rig.logLines, ...rig.events.map((event) => JSON.stringify(event))].join('\n');
    for (const secret of [...rig.server.secrets, 'bad token']) expect(all).not.toContain(secret);
  });
});

describe('OAuth', () => {
  test('with oauth2-cc, tokens come from the token endpoint, and again before they are over', async () => {
    const asked: { headers: Record<string, unknown>; body: string }[] = [];
    const endpoint = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      asked.push({ headers: request.headers, body });
      response.end(
        JSON.stringify({ access_token: `access-${asked.length}-sample`, token_type: 'bearer', expires_in: 600 }),
      );
    });
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
    const tokenUrl = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/token`; // it listens on TCP
    const rig = await opened({
      isUp: false,
      password: 'sample:secret',
      options: { username: 'offhook', signIn: { kind: 'oauth2-cc', tokenUrl, scope: 'cti' } },
      // The made-up NFON takes the tokens of its own login alone: it is told of these.
      prepare: (server) => {
        server.acceptToken('access-1-sample');
        server.acceptToken('access-2-sample');
      },
    });
    await rig.untilStatus('connected');
    expect(asked[0]?.body).toBe('grant_type=client_credentials&scope=cti');
    const basic = Buffer.from('offhook:sample%3Asecret').toString('base64');
    expect(asked[0]?.headers).toMatchObject({ authorization: `Basic ${basic}`, 'user-agent': 'offhook/1.2.3 (K1234)' });
    expect(rig.asked('POST /login')).toEqual([]);
    await rig.pass(481_000, () => asked.length > 1);
    expect(asked).toHaveLength(2);
    endpoint.close();
    endpoint.closeAllConnections();
  });
});

describe('orders', () => {
  test.each<[PhoneNumber, string, string]>([
    [BERLIN, '493023125042', 'global'],
    [{ kind: 'e164', number: '+112345678' }, '112345678', 'global'],
    [{ kind: 'internal', number: '12' }, '12', 'K1234'],
    [{ kind: 'internal', number: '112' }, '112', 'K1234'],
  ])('%j is dialled as %s in the context %s', async (number, callee, callee_context) => {
    const rig = await opened({ options: { ringSeconds: 35 } });
    expect((await makeCall(rig, number)).result).toEqual({ type: 'sent' });
    const order = { caller: '10', caller_context: 'K1234', callee, callee_context, extension: '10', timeout: 35 };
    expect(ordersOf(rig)).toEqual([order]);
    expect(rig.asked(`POST ${CALLS}`)[0]?.headers['x-cloudya-device-uuid']).toBeUndefined();
  });

  test.each<[PhoneNumber, string]>([
    [{ kind: 'service', number: '112' }, 'policy-blocked'],
    [{ kind: 'service', number: '116117' }, 'policy-blocked'],
    [{ kind: 'code', code: '*21#' }, 'policy-blocked'],
    [{ kind: 'raw', text: '12' }, 'number-invalid'],
    [{ kind: 'anonymous' }, 'number-invalid'],
  ])('%j is never dialled', async (number, code) => {
    const rig = await opened();
    expect((await makeCall(rig, number)).result).toMatchObject({ type: 'rejected', code });
    expect(ordersOf(rig)).toEqual([]);
  });

  test('another phone may ring first, on behalf of the extension that it is configured for, and no other', async () => {
    const mobile = { extension: '10', id: 'mobile', name: 'Mobile', number: '+491713920001' };
    const rig = await opened({ options: { otherPhones: [mobile] } });
    const { lines } = await rig.driver.snapshot();
    expect(lines.map(({ devices }) => devices)).toEqual([
      [{ deviceId: 'mobile', name: 'Mobile' }],
      undefined,
      undefined,
    ]);
    await makeCall(rig, BERLIN, 'mobile');
    expect(ordersOf(rig)).toMatchObject([{ caller: '491713920001', caller_context: 'global', extension: '10' }]);
    expect((await rig.untilLeg({ lineKey: '10', state: 'prompting' })).capabilities).toEqual(['drop']);
    for (const [lineKey, device] of [
      ['10', 'desk'],
      ['11', 'mobile'],
    ] as const) {
      const { result } = await rig.order({ lineKey, order: { name: 'makeCall', args: { number: BERLIN, device } } });
      expect(result).toMatchObject({ type: 'rejected', code: 'not-supported' });
    }
  });

  test('an answered call that NFON does not end stays as it is, and its end is not offered any more', async () => {
    const rig = await opened();
    await makeCall(rig);
    await rig.untilLeg({ lineKey: '10', state: 'prompting' });
    await rig.exchange.hands.lift('10');
    await rig.exchange.hands.farAnswers('10');
    const { callKey } = await rig.untilLeg({ lineKey: '10', state: 'connected' });
    rig.server.onEnd = () => 404;
    const drop = () => rig.order({ lineKey: '10', callKey, order: { name: 'drop', args: {} } });
    expect((await drop()).result).toMatchObject({ type: 'rejected', code: 'not-supported' });
    expect((await drop()).result).toMatchObject({ type: 'rejected', code: 'not-supported' });
    expect(rig.server.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
    expect((await rig.driver.snapshot()).legs).toMatchObject([{ callKey, state: 'connected', capabilities: [] }]);
  });

  test('a server that fails in the middle of an order leaves nobody to claim that it was not carried out', async () => {
    const rig = await opened();
    rig.server.odd = ({ method, path }) => (method === 'POST' && path.endsWith('/calls') ? { status: 502 } : undefined);
    await expect(makeCall(rig)).rejects.toMatchObject({ name: 'PbxError', code: 'timeout' });
    expect(ordersOf(rig)).toHaveLength(1);
  });

  test('the single answer that the documentation has beside the stream is understood, too', async () => {
    const rig = await opened();
    const uuid = '715a1333-0174-40ea-8b38-67e289069476';
    const body = JSON.stringify({ uuid, caller: '10', callee: '493023125042', state: 'start', extension: '10' });
    rig.server.odd = ({ method, path }) => {
      const isOrder = method === 'POST' && path.endsWith('/calls');
      return isOrder ? { status: 202, headers: { 'content-type': 'application/json' }, body } : undefined;
    };
    const { commandKey } = await makeCall(rig);
    expect(await rig.untilOutcome(commandKey)).toMatchObject({ state: 'done', callKey: `${uuid}@10` });
  });
});
