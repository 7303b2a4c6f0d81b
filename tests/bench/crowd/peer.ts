// The peers of the relay in one process: bare ws or socket.io, told of the same events by the same phone system, sending
// the same bytes to the same watchers, with nobody asking who may see what. Arguments: kind, the phone system's port.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { Server } from 'socket.io';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Leg } from '../../../relay/src/pbx/driver.ts';
import { createLineReader } from '../../../relay/src/pbx/simulator/line-reader.ts';
import { answerQuestions } from './child.ts';

/** What a peer is asked: where it listens, and to send frames like this one from now on. */
export type PeerQuestion = { ask: 'port' } | { ask: 'template'; frame: string };

interface Frame {
  rev: number;
  lines: [{ lineId: string; name: string; extension: string; calls: [{ state: string }] }];
}

const [kind = '', pbxPort = ''] = process.argv.slice(2);
const http = createServer();
const deliver = kind === 'ws' ? bareWs() : socketIo();
let template: Frame | undefined;
let rev = 0;

const pbx = connect({ host: '127.0.0.1', port: Number(pbxPort), noDelay: true });
pbx.on('data', createLineReader(hear));
pbx.write(`${JSON.stringify({ type: 'hello', role: 'cti' })}\n`);

await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', 4_096, resolve));

answerQuestions<PeerQuestion>(async (question) => {
  if (question.ask === 'template') template = JSON.parse(question.frame) as Frame; // a frame of the relay's
  if (question.ask === 'port') return (http.address() as AddressInfo).port; // a TCP listener's address is never a string
  return undefined;
});

function hear(line: string): void {
  const { type, event } = JSON.parse(line) as { type: string; event?: { leg: Leg } }; // the exchange is ours
  if (type !== 'event' || !event || !template) return;
  const { lineKey, state } = event.leg;
  const [shown] = template.lines;
  rev += 1;
  const [call] = shown.calls;
  deliver(lineKey, { ...template, rev, lines: [{ ...shown, extension: lineKey, calls: [{ ...call, state }] }] });
}

/** The lines that a client watches stand in its URL. */
function linesIn(url: string | undefined): string[] {
  return new URL(url ?? '', 'http://127.0.0.1').searchParams.get('lines')?.split(',') ?? [];
}

function bareWs(): (line: string, frame: Frame) => void {
  const watchers = new Map<string, Set<WebSocket>>();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  server.on('connection', (socket, request) => {
    const lines = linesIn(request.url);
    for (const line of lines) watchers.set(line, (watchers.get(line) ?? new Set()).add(socket));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const line of lines) watchers.get(line)?.delete(socket);
    });
  });
  return (line, frame) => {
    // Encoded once, which is faster than a text that ws would encode for each.
    const data = Buffer.from(JSON.stringify(frame));
    for (const socket of watchers.get(line) ?? []) socket.send(data, { binary: false });
  };
}

function socketIo(): (line: string, frame: Frame) => void {
  const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
  io.on('connection', (socket) => {
    void socket.join(linesIn(socket.request.url));
  });
  return (line, frame) => {
    io.to(line).emit('delta', frame);
  };
}
