// A real SIP phone for the tests: one baresip without sound, told what to do over its control port. It tells nothing by
// itself: whoever wants to know asks.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, ours, stop } from './server.ts';

const START_LIMIT_MS = 10_000;
const ANSWER_LIMIT_MS = 5_000;
const LOOK_EVERY_MS = 50;
const MODULES = ['stdio', 'g711', 'aubridge', 'uuid', 'account', 'contact', 'menu', 'ctrl_tcp'] as const;

export interface Phone {
  /** One of baresip's commands with its parameter; answers what it printed. */
  tell(command: string, params?: string): Promise<string>;
  close(): Promise<void>;
}

export interface PhoneOptions {
  /** Its name at the phone system, which is its extension. */
  user: string;
  sipServerPort: number;
  /** Undefined: it does not log in, and can be called at its port only. */
  password?: string;
  /** Where it is called; free if not given. */
  port?: number;
  answers?: 'manual' | 'auto';
}

/** Starts a phone and waits until it takes commands. */
export async function startPhone(options: PhoneOptions): Promise<Phone> {
  const { user, sipServerPort, password, answers = 'manual' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'offhook-phone-'));
  const port = options.port ?? (await freePort());
  const controlPort = await freePort();
  const login = password === undefined ? ';regint=0' : `;auth_user=${user};auth_pass=${password};regint=60`;
  const account = `<sip:${user}@127.0.0.1:${sipServerPort}>${login};answermode=${answers};sip_autoanswer=yes;audio_codecs=pcmu`;
  writeFileSync(join(folder, 'accounts'), `${account}\n`);
  writeFileSync(join(folder, 'contacts'), '');
  writeFileSync(
    join(folder, 'config'),
    [
      `sip_listen 127.0.0.1:${port}`,
      'call_max_calls 4',
      'audio_player aubridge,nil',
      'audio_source aubridge,nil',
      'audio_alert aubridge,nil',
      'module_path /usr/lib/baresip/modules',
      ...MODULES.slice(0, 5).map((name) => `module ${name}.so`),
      ...MODULES.slice(5).map((name) => `module_app ${name}.so`),
      `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    ].join('\n'),
  );
  const child = ours(spawn('baresip', ['-f', folder], { stdio: ['ignore', 'ignore', 'ignore'] }));
  const socket = await connected(controlPort, () => child.exitCode);
  const tell = talker(socket);
  return {
    tell,
    async close() {
      socket.destroy();
      await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function connected(port: number, exitCode: () => number | null): Promise<Socket> {
  const ends = Date.now() + START_LIMIT_MS;
  while (Date.now() < ends) {
    if (exitCode() !== null) throw new Error(`the phone ended with ${exitCode()}`);
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return socket;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
  throw new Error(`the phone took no commands within ${START_LIMIT_MS / 1000} s`);
}

// Netstrings: `length:{json},`. Commands are answered in their order.
function talker(socket: Socket): Phone['tell'] {
  const waiting: ((text: string) => void)[] = [];
  let buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (let colon = buffer.indexOf(':'); colon > 0; colon = buffer.indexOf(':')) {
      const length = Number(buffer.subarray(0, colon));
      if (!(buffer.length > colon + length + 1)) return;
      const text = buffer.subarray(colon + 1, colon + 1 + length).toString();
      buffer = buffer.subarray(colon + length + 2);
      if (text.includes('"response"')) waiting.shift()?.(text);
    }
  });
  return async (command, params = '') => {
    const text = JSON.stringify({ command, params });
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const limit = setTimeout(() => reject(new Error(`the phone did not answer "${command}"`)), ANSWER_LIMIT_MS);
    waiting.push(resolve);
    socket.write(`${Buffer.byteLength(text)}:${text},`);
    const answer = await promise;
    clearTimeout(limit);
    return answer;
  };
}
