// The phone desk's interface over HTTP: a stream of what the lines do, and one address for what somebody does. It obeys
// the desk's own page only (Host and Origin are compared), and a GET never changes anything.
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { carryOut, DeskActionSchema, type DeskResult, type PhoneDesk } from './desk-actions.ts';

const MAX_BODY_BYTES = 4_096;
const PUSH_DELAY_MS = 30;

/** Answers `/desk/api` and `/desk/events`; false for any other address. `desk` is undefined while there is none. */
export async function answerDesk(
  request: IncomingMessage,
  response: ServerResponse,
  desk: PhoneDesk | undefined,
): Promise<boolean> {
  const { url, method } = request;
  if (url !== '/desk/api' && url !== '/desk/events') return false;
  if (!isFromOwnHost(request)) refuse(response, 403, 'this desk answers under its own address only');
  else if (url === '/desk/events' && method === 'GET') streamState(response, desk);
  else if (url === '/desk/api' && method === 'POST') await act(request, response, desk);
  else refuse(response, 405, 'read /desk/events, or post to /desk/api');
  return true;
}

// Another name for this address, as DNS can give one to anybody, is not ours.
function isFromOwnHost({ headers, socket }: IncomingMessage): boolean {
  return [`127.0.0.1:${socket.localPort}`, `localhost:${socket.localPort}`].includes(headers.host ?? '');
}

async function act(request: IncomingMessage, response: ServerResponse, desk: PhoneDesk | undefined): Promise<void> {
  const { headers } = request;
  if (headers.origin !== `http://${headers.host}`) return refuse(response, 403, 'only the desk itself may do that');
  if (headers['content-type'] !== 'application/json') return refuse(response, 415, 'the desk takes application/json');
  // Whoever breaks off in the middle hears nothing any more, and harms nobody else.
  const body = await bodyOf(request).catch(() => '');
  if (body === undefined) return refuse(response, 413, `the desk takes at most ${MAX_BODY_BYTES} bytes`);
  const action = v.safeParse(DeskActionSchema, parsed(body));
  if (!action.success) return refuse(response, 400, 'the desk knows no such action');
  if (!desk) return refuse(response, 503, 'the phone system is not there yet');
  let result: DeskResult;
  try {
    result = await carryOut(desk, action.output);
  } catch (error) {
    return refuse(response, 502, `the phone system did not answer: ${error instanceof Error ? error.message : error}`);
  }
  send(response, 200, result);
}

function streamState(response: ServerResponse, desk: PhoneDesk | undefined): void {
  if (!desk) return refuse(response, 503, 'the phone system is not there yet');
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let timer: NodeJS.Timeout | undefined;
  const push = () => {
    timer = undefined;
    desk.state().then(
      (state) => response.write(`data: ${JSON.stringify(state)}\n\n`),
      () => response.end(),
    );
  };
  // Many events come with one call; one picture of them all is enough.
  const stop = desk.onEvent(() => {
    timer ??= setTimeout(push, PUSH_DELAY_MS);
  });
  response.on('close', () => {
    stop();
    clearTimeout(timer);
  });
  push();
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = v.parse(v.instance(Buffer), chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, error: string): void {
  send(response, status, { error });
}

function send(response: ServerResponse, status: number, answer: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(answer));
}
