// A phone system that gets a line, loses one and renames one, as the administrator at the command line and an agent who is
// signed in live through it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectDesk } from '../../relay/src/pbx/simulator/desk-client.ts';
import { type SimulatorServer, startSimulatorServer } from '../../relay/src/pbx/simulator/server.ts';
import { codeIn, configOf, pairBrowser, type RelayRun, runRelay, signInTo } from './process-rig.ts';

let dir = '';
let simulator: SimulatorServer;
let run: RelayRun;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'offhook-lines-'));
  simulator = await startSimulatorServer({
    port: 0,
    exchange: { lines: ['10', '11', '12'].map((extension) => ({ extension, name: `Line ${extension}` })) },
    print: () => undefined,
  });
});
afterEach(async () => {
  run.child.kill('SIGKILL');
  await run.ended;
  await simulator.close();
  rmSync(dir, { recursive: true });
});

const config = () => join(dir, 'relay.yaml');

async function cli(...args: string[]): Promise<string> {
  const one = runRelay([...args, '--config', config()]);
  const { code } = await one.ended;
  return code === 0 ? one.out() : `${code}: ${one.err()}`;
}

test('lines that differ wait for "lines accept", and agents see them come and go', async () => {
  const base = configOf({ dataDir: join(dir, 'data'), pbxPort: simulator.port });
  const lines = { name: '{extension} {name}', new: 'ask', renamed: 'ask' };
  writeFileSync(config(), JSON.stringify({ ...base, pbx: [{ ...base.pbx[0], lines }] }));
  run = runRelay(['start', '--config', config()]);
  const [, url = ''] = await run.said(/relay listening on (\S+)/);
  await run.said(/lines differ/);
  expect(await cli('lines', 'accept', '--all')).toContain('Line 12');
  const device = await pairBrowser(url, codeIn([JSON.parse(await cli('pair', 'ada', '--json'))]));
  const { client } = await signInTo(url, device);
  const named = (list: readonly object[]) => list.map((line) => ('name' in line ? line.name : ''));
  expect(named((await client.next('snapshot')).lines)).toEqual(['10 Line 10', '11 Line 11', '12 Line 12']);

  simulator.exchange.putLine({ extension: '13', name: 'Zoe Sample' });
  simulator.exchange.putLine({ extension: '11', name: 'Zoe Sample' });
  expect(await cli('lines', 'diff')).toMatch(
    /~ simulator\s+11\s+Line 11 → 11 Zoe Sample[\s\S]*\+ simulator\s+13\s+Zoe/,
  );
  client.forget();
  await cli('lines', 'accept', '11,13');
  expect(named((await client.next('delta')).lines)).toEqual(['11 Zoe Sample']);
  expect(named((await client.next('delta')).lines)).toEqual(['13 Zoe Sample']);
  expect(await cli('lines', 'names', '--pattern', '{name}')).toMatch(
    /11\s+Zoe Sample {2}the same as 13[\s\S]*warning: 2 lines/,
  );

  simulator.exchange.removeLine('12');
  const connectedAgain = run.said(/lines differ[\s\S]*lines differ/);
  await disconnect();
  await connectedAgain;
  expect(await cli('lines', 'diff')).toMatch(/^- simulator\s+12\s+Line 12/);
  client.forget();
  await cli('lines', 'accept', '12');
  expect(named((await client.next('snapshot')).lines)).toEqual(['10 Line 10', '11 Zoe Sample', '13 Zoe Sample']);
  expect(await cli('lines', 'accept', '12')).toContain('nothing differs at 12');
  expect(await cli('lines', 'diff')).toBe('nothing differs\n');
});

async function disconnect(): Promise<void> {
  const desk = await connectDesk({ port: simulator.port });
  await desk.disconnectCti();
  desk.close();
}
