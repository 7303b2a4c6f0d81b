// A made-up NFON on loopback: HTTP and streams as the documentation of the CTI API (OpenAPI 1.0.0 and the usage manual) has
// them, and everything that can go wrong with them. It is a fake: whatever the documentation leaves open, nobody has compared
// with the real service. It plays no calls; nfon-exchange.ts does.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface NfonRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** What a request gets in place of the usual answer. */
export interface OddAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** Headers are sent, the rest never is. */
  hangs?: boolean;
  /** No answer at all. */
  isSilent?: boolean;
}

export interface NfonServerOptions {
  account?: string;
  username?: string;
  password?: string;
  extensions?: readonly { number: string; name: string }[];
}

/** An order that came in. `stream` writes events of the call to whoever ordered it. */
export interface NfonOrder {
  call: Record<string, unknown>;
  stream: NfonStream;
}

export interface NfonStream {
  event(json: object): void;
  raw(text: string | Buffer): void;
  end(): void;
}

export interface NfonServer {
  baseUrl: string;
  port: number;
  account: string;
  extensions: { number: string; name: string }[];
  requests: NfonRequest[];
  /** Passwords and tokens that were ever used. */
  secrets: string[];
  /** Sends to every open stream of its kind. */
  call(json: object): void;
  state(json: object): void;
  raw(of: 'calls' | 'states', text: string | Buffer): void;
  /** How many streams are open. */
  open(of: 'calls' | 'states'): number;
  /** Ends the streams as a server does that has enough. */
  endStreams(of: 'calls' | 'states'): void;
  /** The states that a stream begins with, and the snapshot. */
  states: Map<string, { line: string; presence: string }>;
  onOrder: (order: NfonOrder) => void;
  /** Answers the status of a DELETE. */
  onEnd: (uuid: string) => number;
  /** Asked before the usual answer. */
  odd: (request: NfonRequest) => OddAnswer | undefined;
  /** Takes a token that somebody else issued. */
  acceptToken(token: string): void;
  /** The access tokens that were issued so far are good no more. */
  expireTokens(): void;
  /** Everything after `login` is refused with this status, or logging in itself. */
  refuse(what: 'login' | 'requests' | 'nothing', status?: number): void;
  /** Connections stay, nothing is answered or sent any more. */
  silence(): void;
  /** What is sent goes in pieces of so many bytes. */
  dribble(bytes: number): void;
  cut(): void;
  close(): Promise<void>;
}

interface State {
  server: NfonServer;
  username: string;
  password: string;
  good: { access: Set<string>; refresh: Set<string> };
  streams: { calls: Set<ServerResponse>; states: Set<ServerResponse> };
  refusing: { what: 'login' | 'requests' | 'nothing'; status: number };
  isSilent: boolean;
  pieceBytes: number | undefined;
  tokens: number;
}

const EXTENSIONS = [
  { number: '10', name: 'Anna Sample' },
  { number: '11', name: 'Ben Sample' },
  { number: '12', name: 'Cleo Sample' },
];

/** Starts one on a port that the system chooses. */
export async function startNfonServer(options: NfonServerOptions = {}): Promise<NfonServer> {
  const sockets = new Set<Socket>();
  const { account = 'K1234', username = account, password = 'sample-password' } = options;
  const streams = { calls: new Set<ServerResponse>(), states: new Set<ServerResponse>() };
  const good = { access: new Set<string>(), refresh: new Set<string>() };
  const extensions = [...(options.extensions ?? EXTENSIONS)];
  const http: Server = createServer((request, response) => void serve(state, request, response));
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server: NfonServer = {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    port,
    account,
    extensions,
    requests: [],
    secrets: [password],
    states: new Map(extensions.map(({ number }) => [number, { line: 'idle', presence: 'available' }])),
    call: (json) => send(state, 'calls', json),
    state: (json) => send(state, 'states', json),
    raw: (of, text) => {
      for (const response of streams[of]) write(state, response, text);
    },
    open: (of) => streams[of].size,
    endStreams(of) {
      for (const response of streams[of]) response.end();
    },
    onOrder: () => undefined,
    onEnd: () => 204,
    odd: () => undefined,
    acceptToken(token) {
      good.access.add(token);
      server.secrets.push(token);
    },
    expireTokens: () => good.access.clear(),
    refuse(what, status = 401) {
      state.refusing = { what, status };
    },
    silence() {
      state.isSilent = true;
    },
    dribble(bytes) {
      state.pieceBytes = bytes;
    },
    cut,
    async close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      cut();
      await closed;
    },
  };
  const state: State = {
    server,
    username,
    password,
    good,
    streams,
    refusing: { what: 'nothing', status: 401 },
    isSilent: false,
    pieceBytes: undefined,
    tokens: 0,
  };
  return server;
}

async function serve(state: State, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of incoming) body += String(chunk);
  const request: NfonRequest = {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([key, value]) => [key, String(value)])),
    body,
  };
  state.server.requests.push(request);
  if (state.isSilent) return;
  const odd = state.server.odd(request);
  if (odd) return answerOddly(odd, response);
  response.setHeader('x-request-id', `sample-request-${state.server.requests.length}`);
  const path = request.path.replace(/^\/v1/, '').replace(/\?.*$/, '');
  if (path === '/login') return login(state, request, response);
  const token = request.headers['authorization']?.replace(/^Bearer /, '') ?? '';
  if (state.refusing.what === 'requests') return refuse(response, state.refusing.status);
  if (!state.good.access.has(token)) return refuse(response, 401);
  const uuid = /^\/extensions\/phone\/calls\/([^/]+)$/.exec(path)?.[1];
  if (uuid !== undefined && request.method === 'DELETE') {
    const status = state.server.onEnd(decodeURIComponent(uuid));
    return status === 204 ? void response.writeHead(204).end() : refuse(response, status);
  }
  const isStreamed = request.headers['accept']?.includes('text/event-stream') ?? false;
  if (path === '/extensions/phone/data') return json(state, response, dataOf(state.server));
  if (path === '/extensions/phone/states')
    return isStreamed ? stream(state, 'states', response) : json(state, response, statesOf(state.server));
  if (path !== '/extensions/phone/calls') return refuse(response, 404);
  if (request.method === 'POST') return order(state, request, response);
  return isStreamed ? stream(state, 'calls', response) : refuse(response, 406);
}

function answerOddly({ status, headers = {}, body = '', hangs, isSilent }: OddAnswer, response: ServerResponse): void {
  if (isSilent) return;
  response.writeHead(status, headers);
  if (hangs) response.write(body === '' ? '\n' : body);
  else response.end(body);
}

function login(state: State, request: NfonRequest, response: ServerResponse): void {
  const { good, server, username, password, refusing } = state;
  if (refusing.what === 'login') return refuse(response, refusing.status);
  if (request.method === 'PUT') {
    const token = request.headers['authorization']?.replace(/^Bearer /, '') ?? '';
    if (!good.refresh.delete(token)) return refuse(response, 401);
  } else {
    const given: unknown = JSON.parse(request.body || 'null');
    const isRight = JSON.stringify(given) === JSON.stringify({ username, password });
    if (!isRight) return refuse(response, 401);
  }
  state.tokens += 1;
  const pair = { 'access-token': `access-${state.tokens}-sample`, 'refresh-token': `refresh-${state.tokens}-sample` };
  good.access.add(pair['access-token']);
  good.refresh.add(pair['refresh-token']);
  server.secrets.push(...Object.values(pair));
  json(state, response, pair);
}

function order(state: State, request: NfonRequest, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  const call = JSON.parse(request.body) as Record<string, unknown>; // only the driver under test writes it
  state.server.onOrder({
    call,
    stream: {
      event: (one) => write(state, response, `data: ${JSON.stringify(one)}\n\n`),
      raw: (text) => write(state, response, text),
      end: () => void response.end(),
    },
  });
}

function stream(state: State, of: 'calls' | 'states', response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream;charset=utf-8', 'cache-control': 'no-cache' });
  response.flushHeaders();
  state.streams[of].add(response);
  response.on('close', () => state.streams[of].delete(response));
  if (of === 'states')
    for (const one of statesOf(state.server)) write(state, response, `data: ${JSON.stringify(one)}\n\n`);
}

function send(state: State, of: 'calls' | 'states', one: object): void {
  for (const response of state.streams[of]) write(state, response, `data: ${JSON.stringify(one)}\n\n`);
}

function write({ isSilent, pieceBytes }: State, response: ServerResponse, text: string | Buffer): void {
  if (isSilent || response.destroyed) return;
  const bytes = Buffer.from(text);
  if (pieceBytes === undefined) return void response.write(bytes);
  for (let start = 0; start < bytes.length; start += pieceBytes)
    response.write(bytes.subarray(start, start + pieceBytes));
}

function json(_state: State, response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"some error message"}');
}

function dataOf({ extensions, account }: NfonServer): object[] {
  return extensions.map(({ number, name }) => ({ uuid: `${number}@${account}`, extension_number: number, name }));
}

function statesOf({ states, account }: NfonServer): object[] {
  return [...states].map(([extension, state]) => ({ customer: account, extension, ...state, updated: stamp() }));
}

/** A time as NFON writes it, with nanoseconds. */
export function stamp(): string {
  return '2026-01-15T10:00:00.954969226+01:00';
}
