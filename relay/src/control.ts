// The way in for the command line: JSON lines over a Unix socket (Windows: a named pipe) in the data folder. Who may open
// the socket rules the relay, so folder and socket belong to its owner alone, and nothing of it is ever on a network.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as v from 'valibot';
import { CONTROL_COMMANDS, type ControlArgs, type ControlItem, type ControlName } from './control-commands.ts';
import { isDiskFault } from './store-watch.ts';

/** A command could not be carried out; `message` is for the person at the terminal. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code: 'no-relay' | 'already-running' | 'refused' | 'connection-lost';
  constructor(code: ControlError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What a handler gets besides its arguments. `signal` ends when the other side hangs up or the server closes. */
export interface ControlContext<Name extends ControlName> {
  emit(item: ControlItem<Name>): void;
  /** Resolves when there is room for more, calls having had their turn; for whoever emits without end. */
  hasRoom?(): Promise<void>;
  signal: AbortSignal;
}

/**
 * The relay's side of every command. A handler emits items and resolves when there are no more; a ControlError `refused`
 * goes to the person who asked, any other error as "see the log".
 */
export type ControlHandlers = {
  [Name in ControlName]: (args: ControlArgs<Name>, context: ControlContext<Name>) => Promise<void>;
};

export interface ControlServer {
  /** Ends running commands and removes the socket. */
  close(): Promise<void>;
}

// A list of a large company's users comes in one piece.
const MAX_LINE_BYTES = 32_000_000;
const GOODBYE_MS = 500;
// Linux takes 107 bytes, macOS 103.
const MAX_SOCKET_PATH_BYTES = 103;

const RequestSchema = v.object({ command: v.string(), args: v.unknown() });
const AnswerSchema = v.variant('type', [
  v.object({ type: v.literal('item'), item: v.unknown() }),
  v.object({ type: v.literal('done') }),
  v.object({ type: v.literal('error'), message: v.string() }),
]);
type Answer = v.InferOutput<typeof AnswerSchema>;

/** Where the relay of a data folder listens for its command line. */
export function controlPath(dataDir: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') {
    const folder = createHash('sha256').update(resolve(dataDir).toLowerCase()).digest('hex').slice(0, 24);
    return `\\\\.\\pipe\\offhook-${folder}`;
  }
  const path = join(dataDir, 'control.sock');
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
    throw new ControlError('refused', `the path of the data folder is too long for a socket: ${dataDir}`);
  }
  return path;
}

/** Makes the data folder for the owner alone. An existing folder with other things in it keeps its own rights. */
export function prepareDataDir(dataDir: string): void {
  const isNew = mkdirSync(dataDir, { recursive: true, mode: 0o700 }) !== undefined;
  if (isNew || readdirSync(dataDir).length === 0 || existsSync(join(dataDir, 'relay.db'))) chmodSync(dataDir, 0o700);
}

/**
 * Listens at `path`. A socket that a killed relay left behind is removed; where a relay answers, ControlError
 * `already-running`. `onError` hears what a handler threw that is not for the person at the terminal.
 */
export async function createControlServer(options: {
  path: string;
  handlers: ControlHandlers;
  onError: (error: unknown) => void;
}): Promise<ControlServer> {
  const { path } = options;
  const ends = new Set<AbortController>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const end = new AbortController();
    ends.add(end);
    sockets.add(socket);
    socket.on('error', () => end.abort());
    socket.on('close', () => {
      end.abort();
      ends.delete(end);
      sockets.delete(socket);
    });
    void serve(socket, end.signal, options);
  });

  if (await isAnswering(path)) {
    throw new ControlError('already-running', `a relay is already running in this data folder (${path} answers)`);
  }
  if (!path.startsWith('\\\\')) rmSync(path, { force: true });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(path, () => {
      server.off('error', fail);
      done();
    });
  });
  if (!path.startsWith('\\\\')) chmodSync(path, 0o600);
  return {
    async close() {
      for (const end of ends) end.abort();
      for (const socket of sockets) socket.destroySoon();
      if (!server.listening) return;
      // Who does not read what was written to it does not keep the relay from ending.
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, GOODBYE_MS);
      await new Promise<void>((done) => {
        server.close(() => done());
      });
      clearTimeout(cut);
    },
  };
}

/**
 * Asks the relay at `path` and hands each item to `onItem`; resolves when the relay says that there are no more. `signal`
 * ends it early and is no error.
 */
export async function callControl<Name extends ControlName>(
  path: string,
  command: Name,
  args: ControlArgs<Name>,
  { onItem, signal }: { onItem: (item: ControlItem<Name>) => void; signal?: AbortSignal },
): Promise<void> {
  if (signal?.aborted) return;
  const socket = await connected(path);
  // What goes wrong from here on ends the lines below; without a listener it would end the process.
  socket.on('error', () => undefined);
  const hangUp = () => socket.destroy();
  signal?.addEventListener('abort', hangUp, { once: true });
  try {
    socket.write(`${JSON.stringify({ command, args })}\n`);
    const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
    // readline ends at the end of its input, but not when that is destroyed.
    socket.once('close', () => lines.close());
    for await (const line of lines) {
      const answer = v.parse(AnswerSchema, JSON.parse(line));
      if (answer.type === 'done') return;
      if (answer.type === 'error') throw new ControlError('refused', answer.message);
      onItem(itemOf(command, answer.item));
    }
    if (!signal?.aborted) throw new ControlError('connection-lost', 'the relay ended before it had answered');
  } finally {
    signal?.removeEventListener('abort', hangUp);
    socket.destroy();
  }
}

// The schema of the command's own items gave the type; the compiler cannot follow the look-up by name.
function itemOf<Name extends ControlName>(command: Name, item: unknown): ControlItem<Name> {
  return v.parse(CONTROL_COMMANDS[command].item, item) as ControlItem<Name>;
}

async function serve(
  socket: Socket,
  signal: AbortSignal,
  { handlers, onError }: { handlers: ControlHandlers; onError: (error: unknown) => void },
): Promise<void> {
  const answer = (frame: Answer) => {
    if (!signal.aborted) socket.write(`${JSON.stringify(frame)}\n`);
  };
  try {
    const request = await firstLine(socket);
    if (request === undefined) return;
    const { command, args } = v.parse(RequestSchema, JSON.parse(request));
    if (!isControlName(command)) throw new ControlError('refused', `this relay does not know the command ${command}`);
    const hasRoom = () => roomIn(socket, signal);
    await run(command, args, { handlers, signal, hasRoom, emit: (item) => answer({ type: 'item', item }) });
    answer({ type: 'done' });
  } catch (error) {
    if (signal.aborted) return;
    const isForPerson = error instanceof ControlError;
    if (!isForPerson) onError(error);
    answer({ type: 'error', message: isForPerson ? error.message : wordsOfFailure(error) });
  } finally {
    socket.end();
  }
}

function wordsOfFailure(error: unknown): string {
  if (!isDiskFault(error)) return 'the relay failed: its log says why';
  return 'not done: the relay cannot write to its disk (full, read-only or broken), see "relay doctor"';
}

async function run<Name extends ControlName>(
  command: Name,
  args: unknown,
  context: { handlers: ControlHandlers } & Pick<ControlContext<Name>, 'signal' | 'hasRoom'> & {
      emit: (item: unknown) => void;
    },
): Promise<void> {
  const { handlers, ...rest } = context;
  const read = v.safeParse(CONTROL_COMMANDS[command].args, args);
  if (!read.success) throw new ControlError('refused', `${command}: ${read.issues[0].message}`);
  // The schema of the command's own arguments gave the type; the compiler cannot follow the look-up by name.
  await handlers[command](read.output as ControlArgs<Name>, rest);
}

// Who pipes an answer into a pager reads when he likes: what he has not read yet must not pile up here.
function roomIn(socket: Socket, signal: AbortSignal): Promise<void> {
  if (!socket.writableNeedDrain || signal.aborted) return nextTurn();
  return new Promise((done) => {
    const go = () => {
      socket.off('drain', go);
      signal.removeEventListener('abort', go);
      done();
    };
    socket.on('drain', go);
    signal.addEventListener('abort', go, { once: true });
  });
}

function isControlName(name: string): name is ControlName {
  return Object.hasOwn(CONTROL_COMMANDS, name);
}

function firstLine(socket: Socket): Promise<string | undefined> {
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const take = (chunk: Buffer) => {
      const end = chunk.indexOf(0x0a);
      chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
      bytes += chunk.length;
      if (end < 0 && bytes < MAX_LINE_BYTES) return;
      socket.off('data', take);
      // What comes after the request is of no interest, but has to flow for the end to be noticed.
      socket.resume();
      done(end < 0 ? undefined : Buffer.concat(chunks).toString('utf8'));
    };
    socket.on('data', take);
    socket.once('close', () => done(undefined));
  });
}

async function isAnswering(path: string): Promise<boolean> {
  try {
    (await connected(path)).destroy();
    return true;
  } catch {
    // Nobody there, or a socket that a killed relay left behind.
    return false;
  }
}

function connected(path: string): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.off('error', refused);
      done(socket);
    });
    const refused = (cause: Error) => fail(new ControlError('no-relay', `no relay answers at ${path}`, { cause }));
    socket.once('error', refused);
  });
}
