// The command line's way into the relay: for the owner alone, streaming, and honest about who is there.
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ControlError,
  type ControlHandlers,
  type ControlServer,
  callControl,
  controlPath,
  createControlServer,
  prepareDataDir,
} from '../../relay/src/control.ts';
import { aLine, noHandlers } from '../fakes/control.ts';

let dataDir = '';
let path = '';
const servers: ControlServer[] = [];
const errors: unknown[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-control-'));
  path = controlPath(dataDir);
  errors.length = 0;
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(dataDir, { recursive: true });
});

async function serve(handlers: Partial<ControlHandlers> = {}): Promise<void> {
  servers.push(
    await createControlServer({
      path,
      handlers: { ...noHandlers, ...handlers },
      onError: (error) => errors.push(error),
    }),
  );
}

async function failureOf(promise: Promise<unknown>): Promise<ControlError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ControlError) return error;
    throw error;
  }
  throw new Error('it worked');
}

const ignore = { onItem: () => undefined };

describe('asking', () => {
  test('what a reader leaves lying does not pile up: there is room again when he has taken it, or hung up', async () => {
    const line = { ...aLine(), name: 'x'.repeat(100_000) };
    let emitted = 0;
    const { promise: isOver, resolve } = Promise.withResolvers<void>();
    await serve({
      async lines(_args, { emit, hasRoom, signal }) {
        for (; emitted < 200 && !signal.aborted; emitted += 1) {
          emit(line);
          await hasRoom?.();
        }
        resolve();
      },
    });
    const lazy = createConnection(path);
    lazy.pause();
    lazy.write('{"command":"lines","args":{}}\n');
    await vi.waitFor(() => expect(emitted).toBeGreaterThan(0));
    for (let turn = 0; turn < 1_000; turn += 1) await nextTurn();
    expect(emitted).toBeLessThan(20);
    lazy.destroy();
    await isOver;
    expect(emitted).toBeLessThan(20);
  });

  test('items come one by one, in order, then the answer is over', async () => {
    await serve({
      async lines(_args, { emit }) {
        for (const extension of ['10', '11', '12']) emit(aLine({ extension }));
      },
    });
    const extensions: string[] = [];
    await callControl(path, 'lines', {}, { onItem: (line) => extensions.push(line.extension) });
    expect(extensions).toEqual(['10', '11', '12']);
  });

  test('arguments arrive as they were given, and ones that do not fit are refused by name', async () => {
    const seen: unknown[] = [];
    await serve({ journal: async (args) => void seen.push(args) });
    await callControl(path, 'journal', { limit: 7 }, ignore);
    expect(seen).toEqual([{ limit: 7 }]);
    expect((await failureOf(callControl(path, 'journal', { limit: 0 }, ignore))).message).toMatch(/^journal: /);
    expect(seen).toHaveLength(1);
  });

  test('a refusal comes in the handler’s words, any other failure is for the log alone', async () => {
    await serve({
      pair: async () => {
        throw new ControlError('refused', 'there is no user eve');
      },
      status: async () => {
        throw new Error('secret detail');
      },
    });
    expect((await failureOf(callControl(path, 'pair', { user: 'eve' }, ignore))).message).toBe('there is no user eve');
    const failure = await failureOf(callControl(path, 'status', {}, ignore));
    expect(failure.message).toBe('the relay failed: its log says why');
    expect(errors).toEqual([expect.objectContaining({ message: 'secret detail' })]);
  });

  test('a stream goes on until the caller hangs up, and the handler hears of it', async () => {
    const hungUp = Promise.withResolvers<void>();
    await serve({
      async watch({ line }, { emit, signal }) {
        emit(aLine({ extension: line, state: 'idle' }));
        emit(aLine({ extension: line, state: 'ringing' }));
        await once(signal, 'abort');
        hungUp.resolve();
      },
    });
    const end = new AbortController();
    const states: string[] = [];
    const onItem = ({ state }: { state: string }) => {
      states.push(state);
      if (states.length === 2) end.abort();
    };
    await callControl(path, 'watch', { line: '18' }, { onItem, signal: end.signal });
    await hungUp.promise;
    expect(states).toEqual(['idle', 'ringing']);
  });

  test('what is no request is answered with an error, and the server goes on', async () => {
    await serve({ status: async () => undefined });
    for (const garbage of ['garbage\n', '{}\n', '{"command":"constructor","args":{}}\n', '{"command":"lines"}\n']) {
      const socket = createConnection(path);
      socket.write(garbage);
      const [answer] = await once(socket, 'data');
      expect(JSON.parse(String(answer))).toMatchObject({ type: 'error' });
      socket.destroy();
    }
    const half = createConnection(path);
    half.write('{"comm');
    await once(half, 'connect');
    half.destroy();
    await callControl(path, 'status', {}, ignore);
  });
});

describe('who is there', () => {
  test('without a relay the call says so', async () => {
    expect((await failureOf(callControl(path, 'status', {}, ignore))).code).toBe('no-relay');
  });

  test('a relay that ends in the middle is noticed', async () => {
    await serve({
      watch: async (_args, { emit, signal }) => {
        emit(aLine());
        await once(signal, 'abort');
      },
    });
    const first = Promise.withResolvers<void>();
    const call = failureOf(callControl(path, 'watch', { line: '18' }, { onItem: () => first.resolve() }));
    await first.promise;
    await servers[0]?.close();
    expect((await call).code).toBe('connection-lost');
  });

  test('a second relay is told that one is running; the first one stays reachable', async () => {
    await serve({ status: async () => undefined });
    const second = createControlServer({ path, handlers: noHandlers, onError: () => undefined });
    expect((await failureOf(second)).message).toMatch(/a relay is already running in this data folder/);
    await callControl(path, 'status', {}, ignore);
  });

  test('the socket of a killed relay is taken over', async () => {
    // A file that nobody listens behind is what a kill leaves.
    writeFileSync(path, '');
    await serve({ status: async () => undefined });
    await callControl(path, 'status', {}, ignore);
  });

  test('socket and folder belong to their owner alone; closing removes the socket and is harmless twice', async () => {
    await serve();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o077).toBe(0);
    await servers[0]?.close();
    await servers[0]?.close();
    expect(() => statSync(path)).toThrow(/ENOENT/);
  });
});

test('a command line that stopped reading does not keep the server from closing', async () => {
  let more = () => {};
  await serve({
    async watch(_args, { emit, signal }) {
      more = () => emit(aLine({ name: 'x'.repeat(100_000) }));
      more();
      await once(signal, 'abort');
    },
  });
  const stalled = createConnection(path).on('error', () => undefined);
  stalled.write(`${JSON.stringify({ command: 'watch', args: { line: '18' } })}\n`);
  await once(stalled, 'data');
  stalled.pause();
  // More than the system's buffers take.
  for (let n = 0; n < 50; n += 1) more();
  await servers[0]?.close();
  expect(() => statSync(path)).toThrow(/ENOENT/);
  stalled.destroy();
});

describe('the data folder', () => {
  test('it is made with all that is missing, for its owner alone', () => {
    const folder = join(dataDir, 'a', 'b');
    prepareDataDir(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    prepareDataDir(folder);
  });

  test('a folder that holds other things keeps its own rights', () => {
    const shared = join(dataDir, 'shared');
    mkdirSync(shared, { mode: 0o755 });
    writeFileSync(join(shared, 'something-else'), '');
    prepareDataDir(shared);
    expect(statSync(shared).mode & 0o777).toBe(0o755);
  });

  test('on Windows the way is a named pipe that is the same for every spelling of the folder', () => {
    expect(controlPath('/data/Relay', 'win32')).toMatch(/^\\\\\.\\pipe\\offhook-[0-9a-f]{24}$/);
    expect(controlPath('/data/relay', 'win32')).toBe(controlPath('/data/../data/RELAY/', 'win32'));
  });

  test('a path that is too long for a socket is refused before the system cuts it', () => {
    expect(() => controlPath(`/${'x'.repeat(120)}`)).toThrow(/too long for a socket/);
  });
});

test('another program’s socket in the place of ours counts as a running relay', async () => {
  const other = createServer().listen(path);
  await once(other, 'listening');
  const failure = await failureOf(createControlServer({ path, handlers: noHandlers, onError: () => undefined }));
  expect(failure.code).toBe('already-running');
  other.close();
});
