// The TAPIMaster server as a whole: programs that were written for TAPIMaster's IP interface work with any phone system that
// Offhook knows. Off unless configured. Opens its doors, says at every start what is risky about them, and closes them.
import { dirname, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Access } from '../access.ts';
import type { Clock } from '../clock.ts';
import type { Commands } from '../commands.ts';
import { ConfigError, listenError } from '../config-error.ts';
import type { ReadSecret } from '../secret-ref.ts';
import type { Store } from '../store/store.ts';
import { createCallers } from './callers.ts';
import { type Door, openDatagramDoor } from './datagram.ts';
import { createDesk, type Desk, type DeskContext, userIn } from './desk.ts';
import { extensionInFile } from './extensions-table.ts';
import { watchFolder } from './folder.ts';
import { createLimits } from './limits.ts';
import { risksOf, type TapiMasterSettings } from './settings.ts';
import { openStreamDoor } from './stream-door.ts';
import type { WebRules } from './web-rules.ts';

export interface TapiMasterServer {
  /** What was bound, for port 0. */
  ports: { tcp?: number | undefined; udp?: number | undefined };
  close(): Promise<void>;
}

export interface TapiMasterOptions {
  /** Undefined: the server is off. Paths are as in the file. */
  settings: TapiMasterSettings | undefined;
  /** The configuration's file: relative paths start at its folder. */
  file: string;
  readSecret: ReadSecret;
  clock: Clock;
  log: Logger;
  store: Pick<Store, 'users'>;
  access: Pick<Access, 'viewer'>;
  switchboard: DeskContext['switchboard'];
  commands: Pick<Commands, 'submit'>;
}

/** Shorter ones can be guessed. */
export const SHORTEST_KEY = 16;
const THIS_MACHINE = ['127.0.0.1', 'localhost', '[::1]'];

/** Opens it, or nothing where it is off. Rejects with ConfigError, having left nothing open. */
export async function openTapiMasterServer(options: TapiMasterOptions): Promise<TapiMasterServer> {
  const { settings, log } = options;
  if (!settings) return { ports: {}, close: async () => undefined };
  const desk = deskOf(options, settings);
  for (const risk of risksOf(settings)) log.warn(`tapiMasterServer, ${risk}`);
  await warnOfStrangers(options, settings);
  const open: { close(): Promise<void> }[] = [];
  const close = async () => void (await Promise.all(open.map((one) => one.close())));
  try {
    const doors = await openDoors(options, { settings, desk, open });
    for (const { folder, user } of settings.callers) {
      if (folder === undefined) continue;
      const { acceptUnterminated } = settings;
      open.push(watchFolder({ ...options, folder: pathIn(options, folder), user, desk, acceptUnterminated }));
    }
    log.info(doors, 'the TAPIMaster interface is open');
    return { ports: doors, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function deskOf(options: TapiMasterOptions, settings: TapiMasterSettings) {
  const { commandsPerMinute, extensions } = settings;
  const table = extensions === undefined ? undefined : pathIn(options, extensions);
  return createDesk({
    ...options,
    callers: createCallers(settings.callers, keysOf(options, settings)),
    limits: createLimits({ clock: options.clock, commandsPerMinute }),
    extensionOf: (address) => extensionInFile(table, address),
  });
}

function keysOf({ readSecret }: TapiMasterOptions, { callers }: TapiMasterSettings): (string | undefined)[] {
  const keys = callers.map(({ key }) => key && readSecret(key));
  keys.forEach((key, index) => {
    const path = `tapiMasterServer.callers[${index}].key`;
    if (key !== undefined && key.length < SHORTEST_KEY) {
      throw new ConfigError(
        path,
        `${path}: is shorter than ${SHORTEST_KEY} characters, make one by "openssl rand -hex 16"`,
      );
    }
    if (key !== undefined && keys.indexOf(key) !== index) {
      throw new ConfigError(path, `${path}: is the same as that of another caller, nobody would know who is asking`);
    }
  });
  return keys;
}

async function openDoors(
  { clock, log }: TapiMasterOptions,
  { settings, desk, open }: { settings: TapiMasterSettings; desk: Desk; open: { close(): Promise<void> }[] },
): Promise<TapiMasterServer['ports']> {
  const { tcp, udp, acceptUnterminated } = settings;
  const doors: TapiMasterServer['ports'] = {};
  if (tcp) {
    const rules = rulesOf(settings);
    const door = await bound('tcp', tcp, openStreamDoor({ ...tcp, desk, clock, log, rules, acceptUnterminated }));
    open.push(door);
    doors.tcp = door.port;
  }
  if (udp) {
    const door = await bound('udp', udp, openDatagramDoor({ ...udp, desk, clock, log }));
    open.push(door);
    doors.udp = door.port;
  }
  return doors;
}

async function bound(key: 'tcp' | 'udp', address: { host: string; port: number }, door: Promise<Door>): Promise<Door> {
  try {
    return await door;
  } catch (error) {
    throw listenError(`tapiMasterServer.${key}`, address, error);
  }
}

// Who only listens on this machine has no other name; an address that was bound is one, too.
function rulesOf({ tcp, origins, hosts }: TapiMasterSettings): WebRules {
  const own = tcp === undefined ? [] : [tcp.host.includes(':') ? `[${tcp.host}]` : tcp.host];
  return { hosts: new Set([...THIS_MACHINE, ...own, ...hosts]), origins: new Set(origins) };
}

async function warnOfStrangers({ store, log }: TapiMasterOptions, { callers }: TapiMasterSettings): Promise<void> {
  const users = await store.users();
  for (const { user } of callers) {
    if (!userIn(users, user))
      log.warn({ user }, 'tapiMasterServer.callers names a user who is not there, or several have this name');
  }
}

function pathIn({ file }: TapiMasterOptions, path: string): string {
  return resolve(dirname(file), path);
}
