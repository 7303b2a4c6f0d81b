// A company of many agents for the rows of the relay: its people, lines, rights and paired browsers in a data folder, its
// standing calls, and the relay that serves it, a process of its own, started as users start it.
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Right } from '@offhook/protocol';
import { lineIdOf } from '../../../relay/src/call-ids.ts';
import { prepareDataDir } from '../../../relay/src/control.ts';
import { DEMO_EXTENSION_ID } from '../../../relay/src/extension-ids.ts';
import type { Leg, LineReport } from '../../../relay/src/pbx/driver.ts';
import { openDatabase, transaction } from '../../../relay/src/store/database.ts';
import { openSqliteStore } from '../../../relay/src/store/sqlite.ts';
import type { Grant } from '../../../relay/src/store/store.ts';
import { askProcess, type Memory, PROBE_PRELOAD, type Standstill } from './child.ts';

/** An agent's paired browser. `key` is PKCS#8, base64. */
export interface Agent {
  device: string;
  key: string;
}

export interface CompanySize {
  agents: number;
  /** Agents that watch a line, the one whose own it is included. */
  watchers: number;
}

export interface Company {
  folder: string;
  agents: readonly Agent[];
  lines: readonly LineReport[];
  /** One standing call a line. */
  legs: readonly Leg[];
}

export interface RelayProcess {
  pid: number;
  /** `'ws://127.0.0.1:40001'`. */
  origin: string;
  memory(): Promise<Memory>;
  /** How long its event loop stood still at most since this was asked last. */
  standstill(): Promise<Standstill>;
  /** Ends it the hard way and waits until it is gone. */
  kill(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../../relay/src/main.ts', import.meta.url));
const PBX = 'simulator';
const TENANT = 'sample';
const FIRST_EXTENSION = 10_000;

/** Agent n has line n and watches the lines after it, so that each line has as many watchers. */
export function watchedBy(agent: number, { agents, watchers }: CompanySize): number[] {
  return Array.from({ length: watchers }, (_, step) => (agent + step) % agents);
}

/** Writes it down in a folder of its own. */
export async function foundCompany(size: CompanySize, atEnd: (clear: () => unknown) => void): Promise<Company> {
  const folder = mkdtempSync(join(tmpdir(), 'offhook-bench-'));
  atEnd(() => rmSync(folder, { recursive: true }));
  const dataDir = join(folder, 'data');
  prepareDataDir(dataDir);
  const numbers = Array.from({ length: size.agents }, (_, n) => n);
  const store = openSqliteStore(dataDir);
  await store.seed({
    tenants: [{ tenantId: TENANT, name: 'Sample company', country: 'DE' }],
    users: numbers.map((n) => ({ userId: userIdOf(n), tenantId: TENANT, login: `agent${n}`, displayName: nameOf(n) })),
    lines: numbers.map((n) => {
      const lineKey = keyOf(n);
      return {
        lineId: lineIdOf(PBX, lineKey),
        tenantId: TENANT,
        pbxId: PBX,
        lineKey,
        extension: lineKey,
        name: nameOf(n),
      };
    }),
    grants: numbers.flatMap((n) => watchedBy(n, size).map((line, step) => grantOf(n, line, step))),
  });
  await store.close();
  const agents = numbers.map(newAgent);
  addDevices(dataDir, agents);
  return {
    folder,
    agents: agents.map(({ device, key }) => ({ device, key })),
    lines: numbers.map(reportOf),
    legs: numbers.map((n) => legOf(n, 'connected')),
  };
}

/** The call of a line in another state. */
export function legOf(line: number, state: 'connected' | 'held'): Leg {
  return {
    lineKey: keyOf(line),
    callKey: `call-${FIRST_EXTENSION + line}`,
    direction: 'inbound',
    state,
    remote: {
      number: `03023125${String(line % 1000).padStart(3, '0')}`,
      name: `Sample caller ${FIRST_EXTENSION + line}`,
    },
    since: SINCE,
    connectedSince: SINCE,
    answerReported: true,
    capabilities: ['drop', state === 'held' ? 'retrieve' : 'hold', 'transfer', 'sendDtmf'],
  };
}

/** Starts the relay over the company's folder, with the phone system at `pbxPort`. */
export async function startRelayFor(
  { folder }: Company,
  { pbxPort, port = 0 }: { pbxPort: number; port?: number },
  atEnd: (clear: () => unknown) => void,
): Promise<RelayProcess> {
  const config = join(folder, 'relay.yaml');
  writeFileSync(
    config,
    JSON.stringify({
      listen: `127.0.0.1:${port}`,
      dataDir: join(folder, 'data'),
      seed: { tenants: [{ id: TENANT, name: 'Sample company', country: 'DE' }] },
      pbx: [{ id: PBX, kind: 'simulator', tenant: TENANT, location: { country: 'DE' }, options: { port: pbxPort } }],
    }),
  );
  const child = spawn(process.execPath, ['--import', PROBE_PRELOAD, MAIN, 'start', '--config', config, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  atEnd(kill);
  const origin = (await listening(child)).replace(/^http/, 'ws');
  return {
    pid: child.pid ?? 0,
    origin,
    memory: () => askProcess<Memory>(child, { ask: 'memory' }),
    standstill: () => askProcess<Standstill>(child, { ask: 'standstill' }),
    kill,
  };
}

/** The id of line n. */
export function lineIdIn(n: number): string {
  return lineIdOf(PBX, keyOf(n));
}

const SINCE = Date.now() - 60_000;

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    // The log goes nowhere, as into a file.
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-2_000);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      const url = /"url":"([^"]+)"/.exec(chunk.toString())?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`the relay ended with ${code}: ${said}`)));
  });
}

function newAgent(n: number) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    userId: userIdOf(n),
    device: `d-bench-${n}`,
    key: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
  };
}

// In one go: thousands of pairings one by one would each wait for the disk.
function addDevices(dataDir: string, agents: readonly ReturnType<typeof newAgent>[]): void {
  const db = openDatabase(join(dataDir, 'relay.db'));
  const add = db.prepare(
    'INSERT INTO device (deviceId, userId, name, publicKey, origin, createdAt) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const origin = `chrome-extension://${DEMO_EXTENSION_ID}`;
  transaction(db, () => {
    for (const { device, userId, publicKey } of agents)
      add.run(device, userId, 'Sample browser', publicKey, origin, new Date(SINCE).toISOString());
  });
  db.close();
}

// Three kinds of watchers: the agent itself, the team that sees all, and colleagues who see that somebody is on the phone.
function grantOf(agent: number, line: number, step: number): Grant {
  const team: Right[] = ['watch', 'pickup', 'see-numbers', 'see-names'];
  const rights: Right[] = step % 3 === 2 ? ['watch'] : team;
  return {
    userId: userIdOf(agent),
    lineId: lineIdOf(PBX, keyOf(line)),
    rights: step === 0 ? [...team, 'control'] : rights,
    isOwn: step === 0,
  };
}

function reportOf(n: number): LineReport {
  return {
    lineKey: keyOf(n),
    extension: keyOf(n),
    name: nameOf(n),
    isRegistered: true,
    dnd: false,
    forward: null,
    capabilities: ['makeCall', 'pickup', 'setDnd', 'setForward'],
  };
}

const userIdOf = (n: number) => `${TENANT}.agent${n}`;
const keyOf = (n: number) => String(FIRST_EXTENSION + n);
const nameOf = (n: number) => `Sample agent ${FIRST_EXTENSION + n}`;
