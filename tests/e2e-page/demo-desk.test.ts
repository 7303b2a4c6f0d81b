// The phone desk's interface: it plays the phone system for its own page, and for nobody else.
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoCrm, serveDemoCrm } from '../../demo/server.ts';
import { connectDesk, type Desk } from '../../relay/src/pbx/simulator/desk-client.ts';
import { type SimulatorServer, startSimulatorServer } from '../../relay/src/pbx/simulator/server.ts';
import { freshDemoCrm } from '../../scripts/stage/fresh-builds.ts';

let crm: DemoCrm;
let simulator: SimulatorServer;
let desk: Desk;
beforeAll(async () => {
  await freshDemoCrm({ say: () => undefined });
  crm = await serveDemoCrm({ port: 0, host: '127.0.0.1' });
  simulator = await startSimulatorServer({ port: 0, print: () => undefined });
  desk = await connectDesk({ port: simulator.port });
  crm.openDesk(desk);
});
afterAll(async () => {
  desk.close();
  await simulator.close();
  await crm.close();
});

interface Asked {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

// Not by fetch: it forbids a foreign Host and Origin, which an attacker's client would not.
function ask({ path = '/desk/api', method = 'POST', headers = {}, body = '' }: Asked): Promise<number | undefined> {
  const own = { host: new URL(crm.url).host, origin: crm.url, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request(`${crm.url}${path}`, { method, headers: { ...own, ...headers } }, (response) => {
      response.destroy();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const CALL = JSON.stringify({ do: 'callIn', to: '10', from: '03023125007' });
const callsOf = async () => (await desk.state()).legs.map(({ lineKey, state }) => `${lineKey} ${state}`);

// Headers that announce a body which never comes whole.
function breakOff(): Promise<void> {
  const headers = { host: new URL(crm.url).host, origin: crm.url, 'content-type': 'application/json' };
  return new Promise((resolve) => {
    const sent = request(`${crm.url}/desk/api`, { method: 'POST', headers: { ...headers, 'content-length': 100 } });
    sent.on('error', () => undefined);
    sent.on('close', resolve);
    sent.write('{', () => sent.destroy());
  });
}

describe('the desk', () => {
  test('goes on when somebody breaks off in the middle of a request', async () => {
    await breakOff();
    expect(await ask({ body: JSON.stringify({ do: 'hangUp', line: '10' }) })).toBe(200);
  });

  test('does what its own page asks: a call comes, a colleague takes it from the ring group and sends it on', async () => {
    const act = (action: object) => ask({ body: JSON.stringify(action) });
    expect(await act({ do: 'callIn', to: '90', from: '03023125007', name: 'Sample' })).toBe(200);
    expect(await callsOf()).toEqual(['10 offering', '11 offering', '12 offering']);
    await act({ do: 'lift', line: '12' });
    expect(await callsOf()).toEqual(['12 connected']);
    await act({ do: 'transfer', line: '12', digits: '14' });
    expect(await callsOf()).toEqual(['14 offering']);
    await act({ do: 'farHangsUp', line: '14', cause: 'normal' });
    expect(await callsOf()).toEqual([]);
  });

  test.each<[string, Asked, number]>([
    ['another origin', { headers: { origin: 'http://evil.example' } }, 403],
    ['no origin', { headers: { origin: '' } }, 403],
    ['a name that DNS gave to this address', { headers: { host: 'evil.example', origin: 'http://evil.example' } }, 403],
    ['a form', { headers: { 'content-type': 'text/plain' } }, 415],
    ['a GET', { method: 'GET' }, 405],
    ['too much', { body: `${CALL}${' '.repeat(5_000)}` }, 413],
    ['no JSON', { body: '{' }, 400],
    ['an unknown action', { body: '{"do":"goSilent"}' }, 400],
    ['a line that is none', { body: '{"do":"lift","line":"__proto__"}' }, 400],
  ])('refuses %s and changes nothing', async (_, asked, status) => {
    const before = simulator.exchange.snapshot();
    expect(await ask({ body: CALL, ...asked })).toBe(status);
    expect(simulator.exchange.snapshot()).toEqual(before);
  });

  test('tells its page of every change, and another name for this address nothing', async () => {
    const stream = await fetch(`${crm.url}/desk/events`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const next = async () => JSON.parse((await reader?.read())?.value?.replace(/^data: /, '') ?? '');
    expect((await next()).lines).toHaveLength(12);
    await desk.setDnd('19', 'on');
    expect((await next()).lines.find(({ lineKey }: { lineKey: string }) => lineKey === '19').dnd).toBe(true);
    await reader?.cancel();
    const foreign = { host: 'evil.example', origin: 'http://evil.example' };
    expect(await ask({ path: '/desk/events', method: 'GET', headers: foreign })).toBe(403);
  });

  test('says so while there is no phone system', async () => {
    const bare = await serveDemoCrm({ port: 0, host: '127.0.0.1' });
    expect((await fetch(`${bare.url}/desk/events`)).status).toBe(503);
    expect(await (await fetch(`${bare.url}/desk`)).text()).toContain('<div id="desk">');
    await bare.close();
  });
});
