// An agent's day with NFON, through nothing but what its users have: the relay as a process with `kind: nfon`, the command
// line, and an extension's end of the wire; behind it the made-up NFON.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry, Line, ServerMessage } from '@offhook/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNfonExchange, type NfonExchange } from '../../../fakes/nfon-exchange.ts';
import { type NfonServer, startNfonServer } from '../../../fakes/nfon-server.ts';
import { codeIn, configOf, pairBrowser, type RelayRun, runRelay, signInTo } from '../../process-rig.ts';
import type { WireClient } from '../../wire-client.ts';

const CALLEE = { kind: 'e164', number: '+493023125042' } as const;

let dir = '';
let server: NfonServer;
let exchange: NfonExchange;
let relay: RelayRun | undefined;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'offhook-nfon-'));
  server = await startNfonServer();
  exchange = createNfonExchange(server);
  writeFileSync(join(dir, 'nfon.secret'), 'sample-password\n', { mode: 0o600 });
  const config = configOf({ dataDir: join(dir, 'data'), pbxPort: 1 });
  const options = { account: server.account, password: 'file:nfon.secret', baseUrl: server.baseUrl };
  const pbx = [{ id: 'cloud', kind: 'nfon', location: { country: 'DE', areaCode: '30' }, options }];
  writeFileSync(join(dir, 'relay.yaml'), JSON.stringify({ ...config, pbx }));
});
afterEach(async () => {
  relay?.child.kill('SIGKILL');
  await relay?.ended;
  relay = undefined;
  await server.close();
  rmSync(dir, { recursive: true });
});

async function cli(...args: string[]): Promise<unknown[]> {
  const run = runRelay([...args, '--json', '--config', join(dir, 'relay.yaml')]);
  await run.ended;
  return run
    .out()
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

async function anAgent() {
  relay = runRelay(['start', '--config', join(dir, 'relay.yaml')]);
  const [, url = ''] = await relay.said(/relay listening on (\S+)/);
  const lines: Line[] = [];
  const entries: JournalEntry[] = [];
  const waiting = new Set<() => void>();
  const hear = (message: ServerMessage) => {
    if (message.type === 'snapshot' || message.type === 'delta')
      lines.push(...message.lines.flatMap((line) => ('gone' in line ? [] : [line])));
    if (message.type === 'journal') entries.push(...message.items.flatMap((entry) => ('gone' in entry ? [] : [entry])));
    for (const look of [...waiting]) look();
  };
  const { client } = await signInTo(url, await pairBrowser(url, codeIn(await cli('pair', 'ada'))), hear);
  const until = <Found>(find: () => Found | undefined): Promise<Found> =>
    new Promise((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const line = (state: string) => until(() => lines.find((one) => one.extension === '10' && one.state === state));
  const call = (state: string) => until(() => lines.flatMap(({ calls }) => calls).find((one) => one.state === state));
  return {
    client,
    lines,
    until,
    line,
    call,
    entry: (outcome: string) =>
      until(() => entries.findLast((one) => one.outcome === outcome && one.endedAt !== undefined)),
  };
}

const command = (client: WireClient, key: string, rest: object) =>
  client.send({ type: 'command', id: key, key, deadlineMs: 10_000, ...rest });

test('an agent clicks a number, sees the call through every state, hangs up, and finds it in the journal', async () => {
  const { client, line, call, entry, until, lines } = await anAgent();
  const { lineId, name, capabilities } = await line('idle');
  expect({ name, capabilities }).toEqual({ name: 'Anna Sample', capabilities: ['makeCall'] });
  command(client, 'dial-1', { lineId, name: 'makeCall', args: { number: CALLEE } });
  await call('prompting');
  await exchange.hands.lift('10');
  await exchange.hands.farRings('10');
  const { remote } = await call('ringback');
  expect(remote.number).toEqual(CALLEE);
  await exchange.hands.farAnswers('10');
  const { callId } = await call('connected');
  await line('busy');
  expect(
    server.requests
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/calls'))
      .map(({ body }) => JSON.parse(body)),
  ).toEqual([
    {
      caller: '10',
      caller_context: 'K1234',
      callee: '493023125042',
      callee_context: 'global',
      extension: '10',
      timeout: 20,
    },
  ]);
  command(client, 'drop-1', { lineId, callId, name: 'drop', args: {} });
  expect(await entry('answered')).toMatchObject({
    direction: 'outbound',
    cause: 'normal',
    remote: { number: CALLEE },
    isEstimated: false,
  });
  await until(() => (lines.at(-1)?.state === 'idle' ? true : undefined));
  client.socket.terminate();
  // Streams that are open do not keep it from ending.
  relay?.child.kill('SIGTERM');
  expect(await relay?.ended).toEqual({ code: 0, signal: null });
  expect(relay?.out()).not.toContain('3023125042');
});

test('a group that nobody answers is no missed call, a direct call is; 112 is refused with words', async () => {
  const { client, line, entry } = await anAgent();
  const { lineId } = await line('idle');
  await exchange.hands.callIn({ to: '90', from: '493023125042' });
  await line('ringing');
  await exchange.hands.farHangsUp('10');
  expect(await entry('unclear')).toMatchObject({ direction: 'inbound', group: '90', remote: { number: CALLEE } });
  await exchange.hands.callIn({ to: '10', from: '493023125042' });
  await exchange.hands.farHangsUp('10');
  expect(await entry('missed')).toMatchObject({ cause: 'noAnswer' });
  command(client, 'dial-112', { lineId, name: 'makeCall', args: { number: { kind: 'service', number: '112' } } });
  const { state, code, params } = await client.next('result');
  expect({ state, code, params }).toEqual({ state: 'failed', code: 'policy-blocked', params: { reason: 'emergency' } });
  expect(exchange.started()).toBe(0);
  client.socket.terminate();
});

test('doctor signs in, and says what to do where that is refused', async () => {
  const doctor = async () => (await cli('doctor')).find((one) => JSON.stringify(one).includes('"pbx cloud"'));
  expect(await doctor()).toMatchObject({ state: 'ok', message: 'logged in, 3 lines' });
  server.refuse('login', 403);
  expect(await doctor()).toMatchObject({
    state: 'fail',
    message: expect.stringContaining('has to be booked for this K-account'),
  });
});
