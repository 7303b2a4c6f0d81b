// The relay and the simulator as processes, through nothing but what their users have: the command line, the wire, signals
// and the phones.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectDesk } from '../../relay/src/pbx/simulator/desk-client.ts';
import { type Stage, setStage } from '../../scripts/stage/stage.ts';
import {
  codeIn,
  configOf,
  connectTo,
  type LoneRelay,
  pairBrowser,
  runRelay,
  signInTo,
  startLoneRelay,
} from './process-rig.ts';

const revokedAtOf = (item: unknown) => /"revokedAt":"(.*?)"/.exec(JSON.stringify(item))?.[1];

describe('commands', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage.close());
  const config = () => join(stage.dir, 'relay.yaml');

  test('lines lists the phone system’s lines', async () => {
    const lines = await stage.cli('lines');
    expect(lines).toHaveLength(12);
    expect(lines[2]).toMatchObject({ extension: '12', name: 'Cleo Sample', tenant: 'sample' });
  });

  test('a call from the command line is seen by watch, step by step, and by the journal when it is over', async () => {
    const watch = runRelay(['watch', '14', '--json', '--config', config()]);
    await watch.said(/"state":"idle"/);
    const reports = await stage.cli('call', '14', '030 23125014');
    expect(reports.at(-1)).toMatchObject({ state: 'done', dialled: '003023125014' });
    await watch.said(/"state":"prompting"/);
    await stage.desk.lift('14');
    await stage.desk.farAnswers('14');
    await watch.said(/"state":"connected"/);
    await stage.desk.farHangsUp('14');
    await watch.said(/"state":"ended","cause":"normal"/);
    watch.child.kill('SIGINT');
    expect(await watch.ended).toEqual({ code: 0, signal: null });
    const entries = await stage.cli('journal', '--limit', '50');
    const number = { kind: 'e164', number: '+493023125014' };
    expect(entries.filter((entry) => JSON.stringify(entry).includes(number.number))).toMatchObject([
      { direction: 'outbound', remote: { number }, outcome: 'answered' },
    ]);
    expect(stage.relay.output()).not.toContain('3023125014');
  });

  test('a number that is refused ends the command with exit code 1, and reaches no phone system', async () => {
    const run = runRelay(['call', '15', '0900 1234567', '--config', config()]);
    expect((await run.ended).code).toBe(1);
    expect(run.out()).toMatch(/line 15.*failed: the rules of this relay do not let this number be dialled/);
    expect((await stage.desk.received()).filter(({ lineKey }) => lineKey === '15')).toEqual([]);
  });

  test('a pairing code is good for one browser: used or made up, it is refused', async () => {
    const code = codeIn(await stage.cli('pair', 'ben'));
    await pairBrowser(stage.relayUrl, code);
    for (const bad of [code, 'BCD-FGHJK']) {
      await expect(pairBrowser(stage.relayUrl, bad)).rejects.toThrow('code-invalid');
    }
    const run = runRelay(['pair', 'nobody', '--config', config()]);
    expect((await run.ended).code).toBe(1);
    expect(run.err()).toMatch(/^no user has the log-in name nobody\. There are: ada, ben(?:, dora)?\n$/);
  });

  test('devices shows a browser that is here twice; revoked, it is cut at once and stays out', async () => {
    const device = await pairBrowser(stage.relayUrl, codeIn(await stage.cli('pair', 'ada')));
    const listed = async () =>
      (await stage.cli('devices')).find((item) => JSON.stringify(item).includes(device.device));
    expect(await listed()).toMatchObject({ user: 'ada', name: 'Sample browser', browser: 'chromium', sessions: 0 });
    const one = await signInTo(stage.relayUrl, device);
    expect(await listed()).toMatchObject({ sessions: 1, lastSeenAt: expect.any(String) });
    const two = await signInTo(stage.relayUrl, device);
    expect(await listed()).toMatchObject({ sessions: 2 });
    const words = runRelay(['devices', '--config', config()]);
    await words.ended;
    expect(words.out()).toMatch(/ada\s+Sample browser {2}chromium {2}paired .* {2}connected 2 times at once/);

    const [revoked] = await stage.cli('devices', 'revoke', device.device);
    expect(revoked).toMatchObject({ deviceId: device.device, sessions: 0, revokedAt: expect.any(String) });
    for (const { client } of [one, two]) expect(await client.closed).toEqual({ code: 4410, reason: 'revoked' });
    const again = await stage.cli('devices', 'revoke', device.device);
    expect(again.map(revokedAtOf)).toEqual([revokedAtOf(revoked)]);
    expect(await listed()).toEqual(again[0]);
    await expect(signInTo(stage.relayUrl, device)).rejects.toThrow('4410 revoked');
  });

  test('a grant reaches an open connection at once, and its end takes the line away', async () => {
    const device = await pairBrowser(stage.relayUrl, codeIn(await stage.cli('pair', 'ben')));
    const { client } = await signInTo(stage.relayUrl, device);
    const seen = async () => (await client.next('snapshot')).lines.map(({ extension }) => extension);
    expect(await seen()).not.toContain('16');
    const granted = { user: 'ben', line: '16', rights: ['watch', 'pickup'], isOwn: false };
    expect(await stage.cli('grants', 'set', 'ben', '16', 'pickup')).toMatchObject([granted]);
    expect(await seen()).toContain('16');
    expect(await stage.cli('grants', 'list', 'ben')).toContainEqual(expect.objectContaining(granted));
    expect(await stage.cli('grants', 'remove', 'ben', '16')).toMatchObject([granted]);
    expect(await seen()).not.toContain('16');
    expect(await stage.cli('grants', 'list', 'ben')).not.toContainEqual(expect.objectContaining({ line: '16' }));
    await stage.cli('grants', 'set', 'ben', '16', 'own');
    const own = (await client.next('snapshot')).lines.find(({ extension }) => extension === '16');
    expect(own?.isOwn).toBe(true);
    await stage.cli('grants', 'remove', 'ben', '16');
    client.socket.terminate();
  });

  test('a user that is added pairs a browser and has the lines that were named', async () => {
    const wish = ['users', 'add', 'dora', 'Dora Sample', '--line', '17', '--watch', '*', '--pickup', '18,19'];
    expect(await stage.cli(...wish)).toEqual([{ user: 'dora', name: 'Dora Sample' }]);
    expect(await stage.cli('users')).toContainEqual({ user: 'dora', name: 'Dora Sample' });
    const grants = await stage.cli('grants', 'list', 'dora');
    expect(grants).toHaveLength(4);
    expect(grants).toContainEqual(expect.objectContaining({ line: '17', isOwn: true }));
    expect(grants).toContainEqual(expect.objectContaining({ line: '*', rights: ['watch'] }));
    expect(grants).toContainEqual(expect.objectContaining({ line: '19', rights: ['watch', 'pickup'] }));
    const device = await pairBrowser(stage.relayUrl, codeIn(await stage.cli('pair', 'dora')));
    const { client } = await signInTo(stage.relayUrl, device);
    const { lines } = await client.next('snapshot');
    expect(lines.filter(({ isOwn }) => isOwn).map(({ extension }) => extension)).toEqual(['17']);
    client.socket.terminate();
  });

  test.each([
    [['users', 'add', 'ada', 'Ada Again'], 'there is a user ada already'],
    [['users', 'add', 'Eve', 'Eve Sample'], 'a log-in name is 1–32 of a–z, 0–9, dot, _ and -, unlike Eve'],
    [['users', 'add', 'eve', 'Eve Sample', '--line', '99'], 'there is no line 99: "relay lines" shows those there are'],
    [['grants', 'set', 'ben', '99', 'watch'], 'there is no line 99: "relay lines" shows those there are'],
    [['grants', 'set', 'ben', '*', 'own'], 'not every line can be somebody’s own: name one'],
    [['grants', 'set', 'ben', '16', 'fly'], 'fly is no right: "own", or some of watch,'],
    [['grants', 'remove', 'ben', '15'], 'ben has no grant on 15: "relay grants" shows those there are'],
  ])('%j changes nothing and says why', async (words, why) => {
    const before = [await stage.cli('users'), await stage.cli('grants')];
    const run = runRelay([...words, '--config', config()]);
    expect((await run.ended).code).toBe(1);
    expect(run.err()).toContain(why);
    expect([await stage.cli('users'), await stage.cli('grants')]).toEqual(before);
  });

  test('a device that is not there is told in words', async () => {
    const run = runRelay(['devices', 'revoke', 'd-none', '--config', config()]);
    expect((await run.ended).code).toBe(1);
    expect(run.err()).toBe('there is no device d-none: "relay devices" shows those there are\n');
  });
});

describe('a configuration that cannot work', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'offhook-process-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  async function refusalOf(changes: object): Promise<string> {
    const file = join(dir, 'relay.yaml');
    writeFileSync(
      file,
      JSON.stringify({ ...configOf({ dataDir: join(dir, 'data'), pbxPort: 1 }), ...changes }, null, 2),
    );
    const run = runRelay(['start', '--config', file]);
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(run.out()).toBe('');
    return run.err().replaceAll(file, 'FILE');
  }

  test('two listeners on one port are named with their keys', async () => {
    const refusal = await refusalOf({ listen: '127.0.0.1:8730', health: '127.0.0.1:8730' });
    expect(refusal).toMatch(/^FILE:\d+: health: "listen" and "health" are both on port 8730/);
  });

  test('an unknown key is named, with the one that was meant', async () => {
    expect(await refusalOf({ lisen: '127.0.0.1:0' })).toMatch(/^FILE:\d+: lisen: .*did you mean "listen"/);
  });

  test.each(['listen', 'health'])('a port of "%s" that is in use is named, and nothing stays behind', async (key) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const refusal = await refusalOf({ [key]: `127.0.0.1:${port}`, log: { level: 'error' } });
    expect(refusal).toContain(`${key}: port ${port} on 127.0.0.1 is in use by another program`);
    other.close();
    await once(other, 'close');
  });
});

describe('a relay by itself', () => {
  let relay: LoneRelay;
  afterEach(() => relay.close());

  test('on port 0 it says which port it got, and is reached there', async () => {
    relay = await startLoneRelay();
    expect(new URL(relay.url).port).not.toBe('0');
    const [pairing] = await relay.cli('pair', 'ada');
    expect(pairing).toMatchObject({ url: expect.stringContaining(`${relay.url}/#pair=`) });
    const device = await pairBrowser(relay.url, codeIn([pairing]));
    const { client } = await signInTo(relay.url, device);
    expect((await client.next('snapshot')).lines.length).toBeGreaterThan(0);
    expect((await fetch(relay.url)).status).toBe(200);
    client.socket.terminate();
  });

  test('a pairing code that is older than ten minutes is refused', async () => {
    const preload = `const now = performance.now.bind(performance); let later = 0; performance.now = () => now() + later;
      process.on('SIGUSR2', () => { later = 601_000; process.stdout.write('it is later now\\n'); });`;
    relay = await startLoneRelay({ preload });
    const code = codeIn(await relay.cli('pair', 'ada'));
    relay.child.kill('SIGUSR2');
    await relay.said(/it is later now/);
    await expect(pairBrowser(relay.url, code)).rejects.toThrow('code-invalid');
  });

  test('told to end, it says goodbye and ends with exit code 0 within five seconds, whoever else is silent', async () => {
    relay = await startLoneRelay();
    const device = await pairBrowser(relay.url, codeIn(await relay.cli('pair', 'ada')));
    const { client } = await signInTo(relay.url, device);
    relay.simulator.exchange.callIn({ to: '10', from: '03023125010' });
    await client.next('journal');
    const stalled = await signInTo(relay.url, device);
    stalled.client.socket.pause();
    const silentBrowser = connect(Number(new URL(relay.url).port), '127.0.0.1').on('error', () => undefined);
    silentBrowser.write('GET / HTTP/1.1\r\n');
    const commandLine = connect(relay.controlPath).on('error', () => undefined);
    commandLine.write(`${JSON.stringify({ command: 'watch', args: { line: '10' } })}\n`);
    await once(commandLine, 'data');
    const hands = await connectDesk({ port: relay.simulator.port });
    await hands.goSilent();

    const toldAt = Date.now();
    relay.child.kill('SIGTERM');
    expect(await client.next('bye')).toMatchObject({ reconnect: { afterMs: expect.any(Number) } });
    expect((await client.closed).code).toBe(1001);
    expect(await relay.ended).toEqual({ code: 0, signal: null });
    expect(Date.now() - toldAt).toBeLessThan(5_000);
    expect(relay.err()).not.toMatch(/"level":"(?:warn|error|fatal)"/);
    hands.close();
    silentBrowser.destroy();
    commandLine.destroy();
    stalled.client.socket.terminate();
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('after a first signal, %s ends it at once', async (second) => {
    relay = await startLoneRelay();
    const device = await pairBrowser(relay.url, codeIn(await relay.cli('pair', 'ada')));
    const { client } = await signInTo(relay.url, device);
    const stalled = await signInTo(relay.url, device);
    // It does not answer the closing handshake, so that the first signal takes its time.
    stalled.client.socket.pause();
    relay.child.kill('SIGINT');
    await client.next('bye');
    relay.child.kill(second);
    expect(await relay.ended).toEqual({ code: null, signal: second });
    stalled.client.socket.terminate();
  });

  test.each([
    ['an exception', `throw new Error('sample fault at +493023125042')`],
    ['a rejection', `Promise.reject(new Error('sample fault at +493023125042'))`],
  ])('%s that nobody catches ends it with exit code 1 and words in the log', async (_what, fault) => {
    relay = await startLoneRelay({ preload: `process.on('SIGUSR2', () => setImmediate(() => { ${fault}; }));` });
    relay.child.kill('SIGUSR2');
    expect(await relay.ended).toEqual({ code: 1, signal: null });
    expect(relay.err()).toMatch(/"level":"fatal".*sample fault at \+49…042.*start it again and report this/);
    expect(relay.err()).not.toContain('3023125042');
  });

  test('it goes on when nobody reads its log any more', async () => {
    relay = await startLoneRelay();
    relay.child.stderr?.destroy();
    for (const bad of ['BCD-FGHJK', 'BCD-FGHJL']) {
      await expect(pairBrowser(relay.url, bad)).rejects.toThrow('code-invalid');
    }
    const client = connectTo(relay.url);
    await client.next('challenge');
    client.socket.terminate();
    expect(await relay.cli('status')).toMatchObject([{ url: relay.url, lines: 12 }]);
    relay.child.kill('SIGTERM');
    expect(await relay.ended).toEqual({ code: 0, signal: null });
  });
});
