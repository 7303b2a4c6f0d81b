// TAPIMaster over TCP: a connection for each command, or one that stays; the line as it is, or as the path of a GET. Once it
// is written, it counts as sent: the interface has no answer that is documented, so what comes back goes into the log, and
// only a status of HTTP decides anything.
import { connect, type Socket } from 'node:net';
import { PbxError } from '../driver.ts';
import { encodeLine, replyForLog } from './text.ts';
import { type Aftermath, type Handing, type Wire, type WireContext, within } from './wire.ts';

interface Framing {
  bytesOf(line: string): Buffer;
  /** What the first bytes of an answer mean; undefined when it takes more of them to tell. */
  meaningOf(reply: Buffer): Aftermath | undefined;
  keepOpen: boolean;
}

/** The way `tcp`. */
export function createTcpWire(context: WireContext): Wire {
  const { options } = context;
  return createStreamWire(context, {
    bytesOf: (line) => encodeLine(line, options),
    meaningOf: () => ({ type: 'taken' }),
    keepOpen: options.keepOpen,
  });
}

/** The way `http`: `GET /MakeCall%20100%20102`, on the same port. */
export function createHttpWire(context: WireContext): Wire {
  const { host, port } = context.options;
  const name = host.includes(':') ? `[${host}]` : host;
  return createStreamWire(context, {
    bytesOf: (line) =>
      Buffer.from(`GET /${encodeURIComponent(line)} HTTP/1.1\r\nHost: ${name}:${port}\r\nConnection: close\r\n\r\n`),
    meaningOf: meaningOfStatus,
    keepOpen: false,
  });
}

const STATUS_BYTES = 'HTTP/1.1 200'.length;

// It was refused only where it says so itself (4xx). A server that fails (5xx) may have dialled before, and who is sent
// elsewhere (3xx) knows of nothing.
function meaningOfStatus(reply: Buffer): Aftermath | undefined {
  if (reply.length < STATUS_BYTES) return undefined;
  const status = Number(/^HTTP\/1\.[01] ([0-9]{3})/.exec(reply.toString('latin1', 0, STATUS_BYTES))?.[1] ?? 200);
  if (status >= 400 && status < 500) return { type: 'failed', code: 'pbx-rejected', params: { status } };
  return { type: status < 300 ? 'taken' : 'lost' };
}

function createStreamWire(context: WireContext, framing: Framing): Wire {
  const { keepOpen } = framing;
  const sockets = new Set<Socket>();
  let isClosed = false;
  let kept: Promise<Socket> | undefined;

  async function fresh(): Promise<Socket> {
    const socket = await open(context, sockets);
    if (!isClosed) return socket;
    socket.destroy();
    throw new PbxError('pbx-unreachable', 'the driver was closed');
  }

  async function keep(): Promise<Socket> {
    const socket = await fresh();
    socket.on('close', () => {
      kept = undefined;
      if (!isClosed) context.onLost('TAPIMaster closed the connection');
    });
    // Without a reader, nobody would notice that the other end has gone.
    return socket.resume();
  }

  // One at a time, however many ask for it at once.
  function standing(): Promise<Socket> {
    kept ??= keep();
    kept.catch(() => {
      kept = undefined;
    });
    return kept;
  }

  return {
    async send(line): Promise<Handing> {
      let socket: Socket;
      try {
        socket = await (keepOpen ? standing() : fresh());
      } catch {
        return { type: 'rejected', code: 'pbx-unreachable' };
      }
      await write(socket, framing.bytesOf(line));
      return { type: 'sent', aftermath: listen(socket, context, framing) };
    },
    async check() {
      if (keepOpen) await standing();
      else (await fresh()).destroy();
    },
    close() {
      isClosed = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

function open({ options, clock }: WireContext, sockets: Set<Socket>): Promise<Socket> {
  const { host, port, connectSeconds } = options;
  const socket = connect({ host, port, noDelay: true });
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  // Errors come before `close`, which is what everything else waits for.
  socket.on('error', () => undefined);
  const opened = new Promise<Socket>((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', (cause) => {
      reject(new PbxError('pbx-unreachable', `TAPIMaster at ${host}:${port}: ${cause.message}`, { cause }));
    });
  });
  return within(clock, connectSeconds * 1_000, {
    work: opened,
    late() {
      socket.destroy();
      throw new PbxError('timeout', `no connection to TAPIMaster at ${host}:${port} within ${connectSeconds} s`);
    },
  });
}

function write(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (cause) => {
      // A part of it may have gone out.
      if (cause) reject(new PbxError('outcome-unknown', 'the connection broke while a command was written', { cause }));
      else resolve();
    });
  });
}

function listen(
  socket: Socket,
  { options, clock, log }: WireContext,
  { meaningOf, keepOpen }: Framing,
): Promise<Aftermath> {
  const { promise, resolve } = Promise.withResolvers<Aftermath>();
  let reply = Buffer.alloc(0);
  const heard = (chunk: Buffer) => {
    log.debug({ reply: replyForLog(chunk, options) }, 'TAPIMaster answered');
    reply = Buffer.concat([reply, chunk]);
    const meaning = meaningOf(reply);
    if (meaning) resolve(meaning);
  };
  const failed = () => resolve({ type: 'lost' });
  const closed = (hadError: boolean) => resolve({ type: hadError ? 'lost' : 'taken' });
  socket.on('data', heard);
  socket.once('error', failed);
  socket.once('close', closed);
  const aftermath = within(clock, options.replySeconds * 1_000, {
    work: promise,
    late: () => ({ type: 'taken' as const }),
  });
  return aftermath.finally(() => {
    socket.off('data', heard);
    socket.off('error', failed);
    socket.off('close', closed);
    if (!keepOpen) socket.destroy();
    else socket.resume();
  });
}
