// The reference for everything that goes through the worker: a plain WebSocket between this process and the extension's
// worker, which sends back what it gets. It leaves no debugger behind: one that stays attached changes the worker.
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Agent } from '../../scripts/stage/agent.ts';

export interface BareSocket {
  /** Milliseconds from sending a frame into the worker to having it back. */
  echo(): Promise<number>;
  /** Resolves when the worker is through with what came before. */
  settle(): Promise<void>;
  /** The next frame from the worker that begins so, with the moment (`performance.now()`) it came at. */
  next(what: string, beginning: string): Promise<{ text: string; at: number }>;
  close(): Promise<void>;
}

/** The worker's end, for code that runs there: `benchSocket.send('…')`. */
const WORKER_SOCKET = 'benchSocket';
const LIMIT_MS = 10_000;
/** Each untimed echo waits behind what is queued in the worker, and what that queues. */
const SETTLING_ECHOES = 5;

/** Opens the socket from within the worker that runs now; it is gone when that worker dies. */
export async function openBareSocket(agent: Agent): Promise<BareSocket> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a path
  const connected = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  await agent.inWorker(openingOf(port));
  const socket = await connected;
  const listeners = new Set<(text: string, at: number) => void>();
  socket.on('message', (data) => {
    const at = performance.now();
    const text = String(data);
    for (const listener of [...listeners]) listener(text, at);
  });

  function next(what: string, beginning: string): Promise<{ text: string; at: number }> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(limit);
        listeners.delete(listener);
      };
      const listener = (text: string, at: number) => {
        if (!text.startsWith(beginning)) return;
        finish();
        resolve({ text, at });
      };
      const limit = setTimeout(() => {
        finish();
        reject(new Error(`waited ${LIMIT_MS / 1000} s for ${what} from the worker`));
      }, LIMIT_MS);
      listeners.add(listener);
    });
  }

  async function echo(): Promise<number> {
    const back = next('the echo of a frame', 'echo');
    const sentAt = performance.now();
    socket.send('echo');
    return (await back).at - sentAt;
  }

  return {
    echo,
    async settle() {
      for (let count = 0; count < SETTLING_ECHOES; count += 1) await echo();
    },
    next,
    async close() {
      socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function openingOf(port: number): string {
  return `new Promise((resolve, reject) => {
    const socket = new WebSocket('ws://127.0.0.1:${port}');
    globalThis.${WORKER_SOCKET} = socket;
    socket.onopen = () => resolve(true);
    socket.onerror = () => reject(new Error('the bare socket does not open'));
    socket.onmessage = ({ data }) => socket.send(data);
  })`;
}
