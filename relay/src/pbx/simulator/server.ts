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
  type WIRE_FAULTS,
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
  /** What is wrong with the connections to relays until further notice. */
  wrong: { inPieces: boolean; refusesLogin: boolean };
}

/** Starts the simulator; rejects when the port is in use. */
export async function startSimulatorServer(options: SimulatorServerOptions): Promise<SimulatorServer> {
  const { clock = systemClock, print = (line: string) => void process.stdout.write(`${line}\n`) } = options;
  const exchange = createExchange({ ...options.exchange, clock });
  const hall: Hall = {
    password: options.password,
    exchange,
    clock,
    clients: new Set(),
    silence: { isOn: false },
    wrong: { inPieces: false, refusesLogin: false },
  };
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
  const isWrong = hall.wrong.refusesLogin || (hall.password !== undefined && hall.password !== password);
  if (role === 'cti' && isWrong) {
    send(hall, client, { type: 'refused' });
    client.socket.destroySoon();
    return;
  }
  client.role = role;
  send(hall, client, { type: 'welcome' });
}

function send({ silence, wrong }: Hall, client: Client, frame: ServerFrame): void {
  if (silence.isOn && client.role !== 'desk') {
    client.waiting.push(frame);
    return;
  }
  if (!client.socket.writable) return;
  const line = `${JSON.stringify(frame)}\n`;
  if (!wrong.inPieces || client.role === 'desk') client.socket.write(line);
  else for (const byte of Buffer.from(line)) client.socket.write(Buffer.of(byte));
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
    case 'setForward':
      return { isDone: exchange.hands.setForward(action.line, action.to) };
    case 'setVoicemail':
      return { isDone: exchange.hands.setVoicemail(action.line, action.newMessages) };
    case 'putLine':
      exchange.putLine({ extension: action.line, name: action.name });
      return { isDone: true };
    case 'removeLine':
      return { isDone: exchange.removeLine(action.line) };
    case 'wireFault':
      breakWire(hall, action.fault);
      return { isDone: true };
    case 'flood':
      return { isDone: flood(exchange, action.changes) };
    case 'fault':
      exchange.fault(action.fault);
      return { isDone: true };
    case 'goSilent':
      goSilent(hall, action.forMs);
      return { isDone: true };
    case 'disconnectCti':
      disconnect(hall);
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

function disconnect({ clients }: Hall): void {
  for (const { role, socket } of clients) if (role === 'cti') socket.destroy();
}

// Bytes that are no frame, frames of no known type, and known ones with wrong contents.
const GARBAGE = [
  '\u0000\u00ff{"type":',
  '[1,2]',
  '{"type":"weather","is":"fine"}',
  '{"type":"event","event":{"type":"leg"}}',
  '{"type":"event","event":{"type":"line","line":{"lineKey":7,"capabilities":"all"}}}',
  '{"type":"ack","id":-1}',
  'null',
];

function breakWire(hall: Hall, fault: (typeof WIRE_FAULTS)[number]): void {
  switch (fault) {
    case 'garbage':
      for (const { role, socket } of hall.clients) if (role === 'cti') socket.write(`${GARBAGE.join('\n')}\n`);
      return;
    case 'pieces':
      hall.wrong.inPieces = true;
      return;
    case 'refuseLogin':
      hall.wrong.refusesLogin = true;
      return disconnect(hall);
    case 'well':
      hall.wrong = { inPieces: false, refusesLogin: false };
      goSilent(hall, 0);
      return;
    default:
      return fault satisfies never;
  }
}

// Two phones at a time turn do not disturb on and off again, until there were so many changes.
function flood({ hands, snapshot }: Exchange, changes: number): boolean {
  const keys = snapshot()
    .lines.slice(1, 3)
    .map(({ lineKey }) => lineKey);
  for (let count = 0; count < changes; count += 2 * keys.length) {
    for (const state of ['on', 'off'] as const) for (const key of keys) hands.setDnd(key, state);
    if (keys.length === 0) return false;
  }
  return true;
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
