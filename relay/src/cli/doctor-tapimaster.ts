// What `relay doctor` looks at for the TAPIMaster server: keys that can be guessed, folders into which others can write, a
// table that cannot be read, ports that are taken, and the risks that its settings take. It tries; it changes nothing.

import { createSocket } from 'node:dgram';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import type { Config, Environment } from '../config.ts';
import { secretReaderOf } from '../config-outside.ts';
import { readExtensionsTable } from '../tapimaster-server/extensions-table.ts';
import { SHORTEST_KEY } from '../tapimaster-server/server.ts';
import { risksOf } from '../tapimaster-server/settings.ts';
import type { Finding } from './doctor-checks.ts';

const CHECK = 'tapimaster';

/** Everything about its settings and files; nothing where it is off. */
export function checkTapiMaster(config: Config, env: Environment): Finding[] {
  const settings = config.tapiMasterServer;
  if (!settings) return [];
  const faults = [...keyFaults(config, env), ...folderFaults(config), ...tableFaults(config)];
  const risks = risksOf(settings).map((message): Finding => {
    return { check: CHECK, state: 'warn', message, remedy: 'see docs/tapimaster.md, "Risks"' };
  });
  if (faults.length > 0) return [...faults, ...risks];
  const message = `${settings.callers.length} callers, keys and folders are in order`;
  return [{ check: CHECK, state: 'ok', message }, ...risks];
}

/** Whether it could listen where it is to. Only asked while the relay does not run. */
export async function checkTapiMasterPorts({ tapiMasterServer }: Config): Promise<Finding[]> {
  const { tcp, udp } = tapiMasterServer ?? {};
  const findings = await Promise.all([
    tcp && tried(`tcp ${tcp.host}:${tcp.port}`, () => tryTcp(tcp)),
    udp && tried(`udp ${udp.host}:${udp.port}`, () => tryUdp(udp)),
  ]);
  return findings.filter((finding) => finding !== undefined);
}

function keyFaults(config: Config, env: Environment): Finding[] {
  const read = secretReaderOf(config, env);
  return (config.tapiMasterServer?.callers ?? []).flatMap(({ user, key }): Finding[] => {
    try {
      if (key === undefined || read(key).length >= SHORTEST_KEY) return [];
    } catch {
      // The check of the secrets names it.
      return [];
    }
    const message = `the key of ${user} is shorter than ${SHORTEST_KEY} characters`;
    return [{ check: CHECK, state: 'fail', message, remedy: 'make one by "openssl rand -hex 16"' }];
  });
}

function folderFaults(config: Config): Finding[] {
  const folders = (config.tapiMasterServer?.callers ?? []).flatMap(({ folder }) =>
    folder === undefined ? [] : [folder],
  );
  return folders.flatMap((written): Finding[] => {
    const folder = resolve(dirname(config.file), written);
    const fail = (message: string, remedy: string): Finding[] => [{ check: CHECK, state: 'fail', message, remedy }];
    try {
      accessSync(folder, constants.R_OK | constants.W_OK);
      // Whoever can put a file there dials as the user of the folder. Windows has no such modes.
      if (process.platform === 'win32' || (statSync(folder).mode & 0o002) === 0) return [];
      return fail(`everybody can write into ${folder}, and so dial as its user`, `chmod o-w ${folder}`);
    } catch {
      return fail(`${folder} is not there, or cannot be read and written`, 'make it, for its user and the relay alone');
    }
  });
}

function tableFaults({ file, tapiMasterServer }: Config): Finding[] {
  const written = tapiMasterServer?.extensions;
  if (written === undefined) return [];
  const path = resolve(dirname(file), written);
  const fault = (message: string): Finding[] => {
    return [
      { check: CHECK, state: 'warn', message, remedy: 'it needs a section [Extensions] with lines ADDRESS=EXTENSION' },
    ];
  };
  try {
    if (readExtensionsTable(readFileSync(path, 'latin1')).size > 0) return [];
    return fault(`${path} gives no address an extension`);
  } catch {
    return fault(`${path} cannot be read`);
  }
}

async function tried(place: string, listen: () => Promise<void>): Promise<Finding> {
  try {
    await listen();
    return { check: CHECK, state: 'ok', message: `free: ${place}` };
  } catch (error) {
    const message = `${place}: ${error instanceof Error ? error.message : String(error)}`;
    return { check: CHECK, state: 'fail', message, remedy: 'end the program that listens there, or take another port' };
  }
}

function tryTcp(address: { host: string; port: number }): Promise<void> {
  return new Promise((done, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(address, () => server.close(() => done()));
  });
}

function tryUdp({ host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((done, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address: host, port }, () => socket.close(() => done()));
  });
}
