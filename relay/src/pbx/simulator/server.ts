// The simulated exchange as its own process on a loopback socket, so that calls go on while the relay is killed, and so
// that the relay meets it as it meets a real phone system: over a connection that can break, fall silent or lie.

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { type Clock, systemClock } from '../../clock.ts';
import { PbxError } from '../driver.ts';
import { createExchange, type Exchange, type ExchangeOptions } from './exchange.ts';
import { createLineReader } from './line-reader.ts';
import {
  type ClientFrame,
  ClientFrameSchema,
  type DeskAction,
  type DeskAnswer,
  readFrame,
  type ServerFrame,
} from './wire.ts';

const HOST = '127.0.0.1';

export interface SimulatorServerOptions {
  /** 0 takes any free port. */
  port: number;
  exchange?: Omit<ExchangeOptions, 'clock'>;
  clock?: Clock;
  /** What a relay has to say to be let in; the desk needs none. */
  password?: string | undefined;
  /** Gets one line when the simulator listens; default: standard output. */
  print?: (line: string) => void;
}

export interface SimulatorServer {
  port: number;
  exchange: Exchange;
  close(): Promise<void>;
}

/** One client; while `isSilent`, what is sent to it waits. */
interface Client {
  socket: Socket;
  role: 'cti' | 'desk' | undefined;
  waiting: ServerFrame[];
}

interface Hall {
  password: string | undefined;
  exchange: Exchange;
  clock: Clock;
  clients: Set<Client>;
  silence: { isOn: boolean; cancel?: (() => void) | undefined };
}

/** Starts the simulator; rejects when the port is in use. */
export async function startSimulatorServer(options: SimulatorServerOptions): Promise<SimulatorServer> {
  const { clock = systemClock, print = (line: string) => void process.stdout.write(`${line}\n`) } = options;
  const exchange = createExchange({ ...options.exchange, clock });
  const hall: Hall = { password: options.password, exchange, clock, clients: new Set(), silence: { isOn: false } };
  const stopEvents = exchange.onEvent((event) => {
    if (event.type === 'status') return;
    for (const client of hall.clients) if (client.role) send(hall, client, { type: 'event', event });
  });
  const server = createServer((socket) => welcome(hall, socket));
  const port = await listen(server, options.port);
  print(`simulator listening on ${HOST}:${port}`);
  return {
    port,
    exchange,
    async close() {
      stopEvents();
      hall.silence.cancel?.();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { socket } of hall.clients) socket.destroy();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new PbxError('pbx-unreachable', `the simulator cannot listen on ${HOST}:${port}`, { cause }));
    });
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port)); // a TCP server has no other address
  });
}

function welcome(hall: Hall, socket: Socket): void {
  const client: Client = { socket, role: undefined, waiting: [] };
  hall.clients.add(client);
  socket.setNoDelay(true);
  socket.on(
    'data',
    createLineReader((line) => receive(hall, client, readFrame(ClientFrameSchema, line))),
  );
  // A client that breaks off is no fault of the simulator; `close` follows.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => hall.clients.delete(client));
}

function receive(hall: Hall, client: Client, frame: ClientFrame | undefined): void {
  switch (frame?.type) {
    case 'hello':
      return letIn(hall, client, frame);
    case 'ping':
      return send(hall, client, { type: 'pong' });
    case 'snapshot':
      return send(hall, client, { type: 'snapshot', id: frame.id, snapshot: hall.exchange.snapshot() });
    case 'order':
      if (client.role === undefined) return;
      return send(hall, client, { type: 'ack', id: frame.id, result: hall.exchange.order(frame.order) });
    case 'desk':
      return send(hall, client, { type: 'answer', id: frame.id, answer: carryOut(hall, frame.action) });
    case undefined:
      return;
    default:
      return frame satisfies never;
  }
}

function letIn(hall: Hall, client: Client, { role, password = '' }: ClientFrame & { type: 'hello' }): void {
  if (role === 'cti' && hall.password !== undefined && hall.password !== password) {
    send(hall, client, { type: 'refused' });
    client.socket.destroySoon();
    return;
  }
  client.role = role;
  send(hall, client, { type: 'welcome' });
}

function send({ silence }: Hall, client: Client, frame: ServerFrame): void {
  if (silence.isOn && client.role !== 'desk') client.waiting.push(frame);
  else if (client.socket.writable) client.socket.write(`${JSON.stringify(frame)}\n`);
}

function carryOut(hall: Hall, action: DeskAction): DeskAnswer {
  const { exchange } = hall;
  switch (action.do) {
    case 'callIn':
      return { isDone: true, ...exchange.callIn(action) };
    case 'lift':
    case 'hangUp':
    case 'reject':
    case 'hold':
    case 'retrieve':
    case 'completeTransfer':
    case 'farAnswers':
      return { isDone: exchange.hands[action.do](action.line) };
    case 'farHangsUp':
      return { isDone: exchange.hands.farHangsUp(action.line, action.cause) };
    case 'dial':
    case 'transfer':
    case 'consult':
      return { isDone: exchange.hands[action.do](action.line, action.digits) };
    case 'setRegistered':
      return { isDone: exchange.hands.setRegistered(action.line, action.state) };
    case 'setDnd':
      return { isDone: exchange.hands.setDnd(action.line, action.state) };
    case 'fault':
      exchange.fault(action.fault);
      return { isDone: true };
    case 'goSilent':
      goSilent(hall, action.forMs);
      return { isDone: true };
    case 'disconnectCti':
      for (const { role, socket } of hall.clients) if (role === 'cti') socket.destroy();
      return { isDone: true };
    case 'state':
      return { isDone: true, state: { ...exchange.snapshot(), groups: groupsOf(exchange) } };
    case 'received':
      return { isDone: true, received: [...exchange.received()] };
    default:
      return action satisfies never;
  }
}

function groupsOf(exchange: Exchange) {
  return exchange.groups().map(({ members, ...group }) => ({ ...group, members: [...members] }));
}

// Like a line that swallows everything: orders still arrive, nothing comes back. Without a time it lasts for good.
function goSilent(hall: Hall, forMs: number | undefined): void {
  const { silence, clients, clock } = hall;
  silence.cancel?.();
  silence.isOn = true;
  silence.cancel =
    forMs === undefined
      ? undefined
      : clock.after(forMs, () => {
          silence.isOn = false;
          for (const client of clients) for (const frame of client.waiting.splice(0)) send(hall, client, frame);
        });
}
