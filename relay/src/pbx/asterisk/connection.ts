// A connection to the Asterisk Manager Interface that keeps itself alive: connects, logs in, listens for silence, comes back
// with growing pauses. Knows actions and their answers, no calls. It never reports up twice without a down between, and it
// keeps no password: that is read anew at each login.
import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Clock, retryPauseMs } from '../../clock.ts';
import { PbxError } from '../driver.ts';
import { type AmiAction, type AmiMessage, createReader, encodeAction } from './wire.ts';

const LOGIN_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 10_000;
const PING_EVERY_MS = 10_000;
const SILENCE_MS = 25_000;
const PAUSES = { firstMs: 250, longestMs: 10_000 };
// Asterisk's own answer to a wrong password comes late on purpose; whoever asks too often is locked out by many.
const REFUSED_PAUSE_MS = 30_000;

/** How to reach the phone system, and who is told what. */
export interface AmiConnectionOptions {
  host: string;
  port: number;
  /** Asked for at each connection; a throw counts as a failed one. Undefined: a plain connection. */
  tls(): { ca: string | undefined; name: string | undefined } | undefined;
  username: string;
  login: 'md5' | 'plain';
  /** Asked for at each login; a throw counts as a failed one. */
  password(): string;
  clock: Clock;
  /** From 0 to 1, spreads the pauses. */
  random(): number;
  onTrying(): void;
  onUp(banner: string): void;
  onDown(reason: string): void;
  onEvent(event: AmiMessage): void;
}

export interface AmiConnection {
  /**
   * Sends an action and answers its response, good or bad; later events bear its ActionID, if it has one. Throws `pbx-unreachable` with nothing sent while there is no
   * connection, and `timeout` when nobody knows what became of it.
   */
  ask(action: AmiAction): Promise<AmiMessage>;
  /**
   * The same for an action that is answered by a list: its events in their order. `onComplete` has them before any event
   * that comes after the list. Throws `pbx-rejected` when refused.
   */
  list(action: AmiAction, onComplete?: (items: AmiMessage[]) => void): Promise<AmiMessage[]>;
  close(): void;
}

interface Waiting {
  items: AmiMessage[] | undefined;
  onComplete: ((items: AmiMessage[]) => void) | undefined;
  resolve(message: AmiMessage, items: AmiMessage[]): void;
  reject(error: Error): void;
  cancel(): void;
}

interface Link {
  options: AmiConnectionOptions;
  socket: Socket | undefined;
  phase: 'trying' | 'up' | 'waiting' | 'closed';
  attempts: number;
  heardAt: number;
  lastId: number;
  waiting: Map<string, Waiting>;
  cancelTimer: (() => void) | undefined;
}

/** Connects, and stays at it until closed. */
export function openAmiConnection(options: AmiConnectionOptions): AmiConnection {
  const link: Link = {
    options,
    socket: undefined,
    phase: 'waiting',
    attempts: 0,
    heardAt: 0,
    lastId: 0,
    waiting: new Map(),
    cancelTimer: undefined,
  };
  tryNow(link);
  return {
    async ask(action) {
      if (link.phase !== 'up') throw notThere();
      return (await request(link, action)).answer;
    },
    async list(action, onComplete = () => undefined) {
      if (link.phase !== 'up') throw notThere();
      const { answer, items } = await request(link, action, onComplete);
      if (answer['Response'] !== 'Success')
        throw new PbxError('pbx-rejected', `${action.Action}: ${answer['Message']}`);
      return items;
    },
    close() {
      if (link.phase === 'closed') return;
      link.phase = 'closed';
      link.cancelTimer?.();
      link.socket?.destroy();
      abandon(link, 'the connection was closed');
    },
  };
}

function notThere(): PbxError {
  return new PbxError('pbx-unreachable', 'there is no connection to the phone system');
}

function tryNow(link: Link): void {
  const { host, port, clock, onTrying } = link.options;
  link.phase = 'trying';
  onTrying();
  let socket: Socket;
  try {
    socket = openSocket(link.options);
  } catch (error) {
    return lose(link, undefined, error instanceof Error ? error.message : 'the certificate cannot be read');
  }
  link.socket = socket;
  const isMine = () => link.socket === socket;
  const read = createReader({
    onBanner: (banner) => isMine() && void logIn(link, { socket, banner }),
    onMessage: (message) => isMine() && receive(link, message),
    onFlood: () => lose(link, socket, 'the phone system sent a message without end'),
  });
  socket.on('data', (chunk: Buffer) => {
    link.heardAt = clock.elapsed();
    read(chunk);
  });
  socket.on('error', (error) => lose(link, socket, error.message));
  socket.on('close', () => lose(link, socket, 'the phone system closed the connection'));
  link.cancelTimer = clock.after(LOGIN_TIMEOUT_MS, () => {
    lose(link, socket, `no login at ${host}:${port} within ${LOGIN_TIMEOUT_MS / 1000} s: is this the manager's port?`);
  });
}

// A certificate that is made out to another name is refused, unless the settings say which name it must bear.
function openSocket({ host, port, tls: tlsNow }: AmiConnectionOptions): Socket {
  const tls = tlsNow();
  if (!tls) return connect({ host, port, noDelay: true });
  return connectTls({
    host,
    port,
    ...(tls.name !== undefined && { servername: tls.name }),
    ...(tls.ca !== undefined && { ca: tls.ca }),
  });
}

async function logIn(link: Link, { socket, banner }: { socket: Socket; banner: string }): Promise<void> {
  const { options } = link;
  if (!banner.startsWith('Asterisk Call Manager')) return lose(link, socket, 'this is no manager of an Asterisk');
  try {
    const answer = await request(link, await credentials(link));
    if (link.socket !== socket || link.phase !== 'trying') return;
    if (answer.answer['Response'] !== 'Success') {
      const reason = `the phone system refused the login of ${options.username}: check name, password and permit`;
      return lose(link, socket, reason, REFUSED_PAUSE_MS);
    }
  } catch (error) {
    return lose(link, socket, error instanceof Error ? error.message : 'the login failed');
  }
  link.phase = 'up';
  link.attempts = 0;
  link.cancelTimer?.();
  watchSilence(link);
  options.onUp(banner);
}

async function credentials(link: Link): Promise<AmiAction> {
  const { username, login, password } = link.options;
  const secret = password();
  const who = { Action: 'Login', Username: username };
  if (login === 'plain') return { ...who, Secret: secret };
  const { answer } = await request(link, { Action: 'Challenge', AuthType: 'MD5' });
  const challenge = answer['Challenge'];
  if (challenge === undefined) throw new PbxError('unauthenticated', 'the phone system knows no login by MD5');
  // What Asterisk's protocol asks for; it is no protection of the line, that is TLS.
  return { ...who, AuthType: 'MD5', Key: createHash('md5').update(`${challenge}${secret}`).digest('hex') };
}

function request(
  link: Link,
  action: AmiAction,
  onComplete?: (items: AmiMessage[]) => void,
): Promise<{ answer: AmiMessage; items: AmiMessage[] }> {
  link.lastId += 1;
  const id = typeof action['ActionID'] === 'string' ? action['ActionID'] : `offhook-${link.lastId}`;
  const bytes = encodeAction({ ...action, ActionID: id });
  return new Promise((resolve, reject) => {
    const { socket } = link;
    if (!socket?.writable) return reject(notThere());
    const cancel = link.options.clock.after(ANSWER_TIMEOUT_MS, () => {
      link.waiting.delete(id);
      const seconds = ANSWER_TIMEOUT_MS / 1000;
      reject(new PbxError('timeout', `the phone system did not answer ${action.Action} within ${seconds} s`));
    });
    link.waiting.set(id, {
      items: onComplete && [],
      onComplete,
      resolve: (answer, items) => resolve({ answer, items }),
      reject,
      cancel,
    });
    socket.write(bytes);
  });
}

function receive(link: Link, message: AmiMessage): void {
  const id = message['ActionID'] ?? '';
  const waiting = link.waiting.get(id);
  // Nobody is told anything before the login; what comes with its answer belongs to it.
  if (!waiting) return void (message['Event'] !== undefined && link.options.onEvent(message));
  const { items } = waiting;
  const isAnswer = message['Event'] === undefined;
  if (items && isAnswer && message['Response'] === 'Success') return;
  if (!isAnswer) {
    // The answer to an order may come behind the first event that it made; such an event is everybody's.
    if (!items) return link.options.onEvent(message);
    if (!/complete/i.test(message['EventList'] ?? '') && !message['Event']?.endsWith('Complete')) {
      items.push(message);
      return;
    }
  }
  link.waiting.delete(id);
  waiting.cancel();
  if (!isAnswer && items) waiting.onComplete?.(items);
  waiting.resolve(isAnswer ? message : { Response: 'Success' }, items ?? []);
}

function watchSilence(link: Link): void {
  const { clock } = link.options;
  const { socket } = link;
  link.cancelTimer = clock.after(PING_EVERY_MS, () => {
    if (clock.elapsed() - link.heardAt >= SILENCE_MS) {
      return lose(link, socket, `nothing was heard from the phone system for ${SILENCE_MS / 1000} s`);
    }
    request(link, { Action: 'Ping' }).catch(() => undefined); // silence is noticed above
    watchSilence(link);
  });
}

function abandon(link: Link, reason: string): void {
  const lost = [...link.waiting.values()];
  link.waiting.clear();
  for (const { cancel, reject } of lost) {
    cancel();
    reject(new PbxError('timeout', `no answer any more: ${reason}`));
  }
}

function lose(link: Link, socket: Socket | undefined, reason: string, leastPauseMs = 0): void {
  if (link.socket !== socket || link.phase === 'closed') return;
  link.cancelTimer?.();
  link.socket = undefined;
  socket?.destroy();
  link.phase = 'waiting';
  abandon(link, reason);
  const { clock, random, onDown } = link.options;
  const pauseMs = Math.max(leastPauseMs, retryPauseMs(link.attempts, { ...PAUSES, random: random() }));
  link.attempts += 1;
  link.cancelTimer = clock.after(pauseMs, () => tryNow(link));
  onDown(reason);
}
