// The relay as users run it: one file, outside of any checkout, with Node and nothing else.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SimulatorServer, startSimulatorServer } from '../../relay/src/pbx/simulator/server.ts';
import { buildRelay } from '../../scripts/build-relay.ts';
import { codeIn, configOf, pairBrowser, signInTo } from './process-rig.ts';

let dir = '';
let file = '';
let simulator: SimulatorServer;
let running: ChildProcess | undefined;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'offhook-bundle-'));
  file = await buildRelay(join(dir, 'relay'));
  simulator = await startSimulatorServer({ port: 0, print: () => undefined });
  const config = configOf({ dataDir: join(dir, 'data'), pbxPort: simulator.port });
  writeFileSync(join(dir, 'relay.yaml'), JSON.stringify(config));
});
afterAll(async () => {
  if (running?.exitCode === null) {
    running.kill('SIGKILL');
    await once(running, 'close');
  }
  await simulator.close();
  rmSync(dir, { recursive: true });
});

const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' };

async function cli(...args: string[]): Promise<unknown[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args, '--json'], { cwd: dir, env });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

test('there is one file to run, with an example, sample contacts and a unit for systemd', () => {
  expect(readdirSync(join(dir, 'relay')).toSorted()).toEqual([
    'offhook-relay.service',
    'relay.example.yaml',
    'relay.mjs',
    'sample',
  ]);
  const code = readFileSync(file, 'utf8');
  expect(code.split('\n')[0]).toBe('#!/usr/bin/env node');
  // Nothing is left to be found in a node_modules that nobody has.
  const imported = [...code.matchAll(/^import [^;]*?from "([^"]+)"/gm)].map(([, name = '']) => name);
  expect(imported.filter((name) => !isBuiltin(name))).toEqual([]);
});

test('it starts, pairs a browser, lets it in, makes a certificate, checks itself, and ends', async () => {
  expect(await cli('config', 'check', 'relay.yaml')).toMatchObject([{ ok: true }]);
  const child = spawn(process.execPath, [file, 'start'], { cwd: dir, env });
  running = child;
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'close').then(() => Promise.reject(new Error(said))),
  ]);
  const [, url = ''] = /relay listening on (\S+)/.exec(String(line)) ?? [];
  expect(await cli('status')).toMatchObject([{ url }]);
  const { client } = await signInTo(url, await pairBrowser(url, codeIn(await cli('pair', 'ada'))));
  expect((await client.next('snapshot')).lines).toHaveLength(12);
  client.socket.terminate();
  expect(await cli('tls', 'init', 'relay.example')).toMatchObject([{ isNewAuthority: true }]);
  expect(await cli('doctor')).toContainEqual(expect.objectContaining({ check: 'store', state: 'ok' }));
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
});
