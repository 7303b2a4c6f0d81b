// The interface over HTTP: a request → a line for the desk, its answer → a status and one line of text. It listens nowhere
// by itself: the stream door hands it the connections that begin like HTTP.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { plainAddress } from './callers.ts';
import type { Desk } from './desk.ts';
import type { Reply } from './reply.ts';
import { judgeRequest, type WebRules } from './web-rules.ts';

const PLAIN_HEADERS = {
  'Content-Type': 'text/plain; charset=us-ascii',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  Connection: 'close',
};

/** A server of HTTP to which connections are handed by `emit('connection', socket)`. */
export function createWebDoor({ desk, rules }: { desk: Desk; rules: WebRules }): Server {
  return createServer({ maxHeaderSize: 8_192, requireHostHeader: false }, (request, response) => {
    void serve({ desk, rules }, request, response);
  });
}

async function serve(
  { desk, rules }: { desk: Desk; rules: WebRules },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A body has no meaning here; whoever sends one is not read to its end.
  request.resume();
  const { method = '', url = '', headers } = request;
  const verdict = judgeRequest({ method, url, headers }, rules);
  switch (verdict.type) {
    case 'refused':
      return end(response, { status: verdict.status, text: `ERR refused ${verdict.words}` });
    case 'preflight':
      return allow(response, verdict.origin, headers['access-control-request-private-network']);
    case 'line': {
      const reply = await desk.take({
        way: 'http',
        line: verdict.line,
        address: plainAddress(request.socket.remoteAddress),
        key: verdict.key,
        objection: ({ plainGet }) =>
          verdict.key === undefined && !plainGet ? 'a key is needed: Authorization: Bearer KEY' : undefined,
      });
      return end(response, { status: statusOf(reply), text: reply.text, origin: verdict.origin });
    }
    default:
      return verdict satisfies never;
  }
}

function allow(response: ServerResponse, origin: string, asksForNetwork: string | string[] | undefined): void {
  response.writeHead(204, {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'authorization',
    'Access-Control-Max-Age': '600',
    Vary: 'Origin',
    ...(asksForNetwork === 'true' && { 'Access-Control-Allow-Private-Network': 'true' }),
    Connection: 'close',
  });
  response.end();
}

function end(
  response: ServerResponse,
  { status, text, origin }: { status: number; text: string; origin?: string | undefined },
): void {
  const forPage = origin === undefined ? {} : { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' };
  response.writeHead(status, { ...PLAIN_HEADERS, ...forPage });
  response.end(`${text}\r\n`);
}

function statusOf(reply: Reply): number {
  if (reply.state === 'ok') return 200;
  if (reply.state === 'unknown') return 504;
  switch (reply.code) {
    case 'not-understood':
      return 400;
    case 'caller-unknown':
      return 401;
    case 'rate-limited':
      return 429;
    case 'internal':
      return 500;
    case 'pbx-unreachable':
    case 'timeout':
      return 503;
    default:
      return 403;
  }
}
