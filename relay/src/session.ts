// One connection of one extension: signs it in, then sends it the lines it may watch and takes its orders. Everything
// that comes in is hostile until read; everything that goes out was granted at the moment it is queued.
import { randomBytes } from 'node:crypto';
import {
  CLOSE_CODES,
  type ClientMessage,
  type Command,
  type ErrorCode,
  MAX_CLIENT_BYTES,
  MAX_SERVER_BYTES,
  MAX_UNAUTHENTICATED_BYTES,
  readClientMessage,
  type ServerMessage,
  SUBPROTOCOL,
} from '@offhook/protocol';
import type { Logger } from 'pino';
import { type Access, refusalOf, type Viewer } from './access.ts';
import type { Clock } from './clock.ts';
import type { Commands } from './commands.ts';
import { createFeed, type Feed, type FeedContext } from './feed.ts';
import type { Guard } from './guard.ts';
import { createJournalFeed, type JournalFeed, type JournalFeedContext } from './journal-feed.ts';
import type { SignIn } from './sign-in.ts';

/** A WebSocket as far as a session needs one. */
export interface SessionSocket {
  send(frame: string): void;
  close(code: number, reason: string): void;
  /** Bytes that were sent but not taken by the network yet. */
  readonly bufferedBytes: number;
}

/** What all sessions of a relay share. */
export interface SessionContext {
  version: string;
  clock: Clock;
  log: Logger;
  signIn: SignIn;
  access: Access;
  commands: Commands;
  guard: Guard;
  /** Origins by which this relay may be dialled; a proof made for another one is worth nothing. */
  publicOrigins: readonly string[];
  feed: FeedContext;
  journal: JournalFeedContext;
  /** The first frames of `seen` of a device, for its user's other devices. */
  onSeen(session: Session, callId: string, action: 'shown' | 'dismissed' | 'opened'): void;
}

export interface Session {
  readonly sessionId: string;
  /** Undefined until the device has proved itself. */
  readonly deviceId: string | undefined;
  readonly viewer: Viewer | undefined;
  receive(frame: string): void;
  send(message: ServerMessage): void;
  /** Grants changed: looks at everything anew and sends a fresh snapshot. */
  refresh(): Promise<void>;
  /** Closes with an error code that the extension turns into words. */
  end(code: ErrorCode & keyof typeof CLOSE_CODES): void;
  /** The socket is gone. */
  dispose(): void;
}

const HEARTBEAT_MS = 20_000;
const SILENCE_LIMIT_MS = 45_000;
const SIGN_IN_LIMIT_MS = 5_000;

/** Starts a session on an open socket: the challenge leaves at once. */
export function createSession(
  socket: SessionSocket,
  peer: { origin: string; address: string; dialledOrigin: string },
  context: SessionContext,
): Session {
  const { clock, signIn, access } = context;
  const sessionId = randomBytes(12).toString('base64url');
  const log = context.log.child({ session: sessionId });
  const nonce = randomBytes(32).toString('base64url');
  let deviceId: string | undefined;
  let viewer: Viewer | undefined;
  let feed: Feed | undefined;
  let journalFeed: JournalFeed | undefined;
  let resume: ReturnType<typeof resumeOf> | undefined;
  let isOver = false;
  let lastHeardAt = clock.now();
  let lastSentAt = clock.now();
  let cancelTimer = clock.after(SIGN_IN_LIMIT_MS, () => end('timeout'));
  // Frames are worked off one after the other: an order must not overtake the hello before it.
  let queue = Promise.resolve();

  function send(message: ServerMessage): void {
    if (isOver) return;
    if (socket.bufferedBytes > MAX_SERVER_BYTES) return end('slow-consumer');
    lastSentAt = clock.now();
    socket.send(JSON.stringify(message));
  }

  function end(code: ErrorCode & keyof typeof CLOSE_CODES): void {
    if (isOver) return;
    log.info({ code }, 'session ended by the relay');
    const closeCode = CLOSE_CODES[code];
    dispose();
    socket.close(closeCode, code);
  }

  function dispose(): void {
    isOver = true;
    cancelTimer();
    feed?.close();
    journalFeed?.close();
  }

  function receive(frame: string): void {
    if (isOver) return;
    lastHeardAt = clock.now();
    if (Buffer.byteLength(frame) > (viewer ? MAX_CLIENT_BYTES : MAX_UNAUTHENTICATED_BYTES)) return end('too-large');
    const read = readClientMessage(frame);
    if (!read.ok) return refuse(read);
    queue = queue.then(() => take(read.message)).catch((error: unknown) => {
      log.error({ err: error }, 'a message could not be worked off');
      end('internal');
    });
  }

  function refuse({ code, reason, id, key }: { code: ErrorCode; reason: string; id?: string; key?: string }): void {
    log.info({ code, reason }, 'refused a frame');
    if (!viewer) return end('message-invalid');
    if (id !== undefined && key !== undefined) return send({ type: 'result', id, key, state: 'failed', code });
    send({ type: 'error', code, ...(id !== undefined && { id }) });
  }

  async function take(message: ClientMessage): Promise<void> {
    if (isOver) return;
    if (viewer) return takeSignedIn(message, viewer);
    if (message.type === 'enrol') return enrol(message);
    if (message.type === 'hello') return hello(message);
    return end('unauthenticated');
  }

  async function enrol(message: ClientMessage & { type: 'enrol' }): Promise<void> {
    const answer = await signIn.enrol({
      code: message.code,
      publicKey: message.publicKey,
      deviceName: message.device.name,
      origin: peer.origin,
      address: peer.address,
    });
    if ('code' in answer) return end(answer.code);
    const paired = await access.viewer(answer.userId);
    if (!paired) return end('code-invalid');
    log.info({ device: answer.deviceId, user: paired.user.login, address: peer.address }, 'device paired');
    send({
      type: 'enrolled',
      device: answer.deviceId,
      user: { userId: answer.userId, name: paired.user.displayName },
    });
  }

  async function hello(message: ClientMessage & { type: 'hello' }): Promise<void> {
    const verified = await signIn.verify({
      deviceId: message.device,
      proof: message.proof,
      nonce,
      origin: peer.dialledOrigin,
      extensionOrigin: peer.origin,
    });
    if ('code' in verified) return end(verified.code);
    const known = await access.viewer(verified.user.userId);
    if (!known) return end('unauthenticated');
    if (isOver) return;
    viewer = known;
    deviceId = verified.device.deviceId;
    feed = createFeed({ send, bufferedBytes: () => socket.bufferedBytes, context: context.feed, viewer: () => viewer });
    journalFeed = createJournalFeed({ send, context: context.journal, viewer: () => viewer });
    resume = resumeOf(message, known, feed);
    log.info({ user: known.user.login, device: deviceId, client: message.client, resumed: resume.isGood }, 'signed in');
    send(welcome(known, resume.isGood));
    cancelTimer();
    cancelTimer = clock.after(HEARTBEAT_MS, beat);
  }

  function welcome({ user, tenant }: Viewer, resumed: boolean): ServerMessage {
    return {
      type: 'welcome',
      session: sessionId,
      relay: { version: context.version },
      user: { userId: user.userId, name: user.displayName },
      tenant: { tenantId: tenant.tenantId, name: tenant.name, country: tenant.country },
      features: [],
      heartbeatMs: HEARTBEAT_MS,
      resumed,
      limits: { maxFrameBytes: MAX_CLIENT_BYTES },
    };
  }

  function beat(): void {
    if (isOver) return;
    const now = clock.now();
    if (now - lastHeardAt >= SILENCE_LIMIT_MS) return end('timeout');
    if (now - lastSentAt >= HEARTBEAT_MS && feed) send({ type: 'heartbeat', ...feed.position() });
    cancelTimer = clock.after(Math.max(1_000, HEARTBEAT_MS - (clock.now() - lastSentAt)), beat);
  }

  async function takeSignedIn(message: ClientMessage, who: Viewer): Promise<void> {
    switch (message.type) {
      case 'subscribe':
        feed?.subscribe(message.lines, resume?.isGood ? resume.rev : undefined);
        if (message.journal) await journalFeed?.start(resume?.journal);
        resume = undefined;
        return;
      case 'command':
        return order(message, who);
      case 'preview':
        return preview(message, who);
      case 'journal-page':
        return journalFeed?.page(message);
      case 'seen':
        log.info({ callId: message.callId, action: message.action }, 'seen');
        return context.onSeen(session, message.callId, message.action);
      case 'ping':
        return send({ type: 'pong', n: message.n });
      case 'hello':
      case 'enrol':
        return send({ type: 'error', code: 'message-invalid' });
      default:
        return message satisfies never;
    }
  }

  async function order(command: Command, who: Viewer): Promise<void> {
    // Not awaited: an order waits for its phone system, the frames behind it do not wait for the order.
    context.commands
      .submit(who, command, (report) => send({ type: 'result', id: command.id, ...report }))
      .catch((error: unknown) => {
        log.error({ err: error }, 'an order could not be recorded');
        send({ type: 'result', id: command.id, key: command.key, state: 'failed', code: 'internal' });
      });
  }

  function preview(message: ClientMessage & { type: 'preview' }, who: Viewer): void {
    const line = context.feed.line(message.lineId);
    const refusal = refusalOf(who, line, 'control');
    if (refusal || !line) {
      return send({ type: 'preview', id: message.id, decision: 'refused', code: refusal ?? 'line-unknown' });
    }
    const verdict = context.guard.judge(message.number, context.feed.locationOf(line.pbxId));
    send({
      type: 'preview',
      id: message.id,
      decision: verdict.decision,
      number: verdict.number,
      ...(verdict.dialString !== undefined && { dialled: verdict.dialString }),
      ...(verdict.code && { code: verdict.code }),
      ...(verdict.params && { params: verdict.params }),
    });
  }

  async function refresh(): Promise<void> {
    if (!viewer || isOver) return;
    const renewed = await access.viewer(viewer.user.userId);
    if (!renewed) return end('revoked');
    viewer = renewed;
    feed?.restart();
  }

  const session: Session = {
    sessionId,
    get deviceId() {
      return deviceId;
    },
    get viewer() {
      return viewer;
    },
    receive,
    send,
    refresh,
    end,
    dispose,
  };
  send({ type: 'challenge', nonce, relay: { version: context.version }, versions: [SUBPROTOCOL] });
  return session;
}

function resumeOf(message: ClientMessage & { type: 'hello' }, viewer: Viewer, feed: Feed) {
  const { resume } = message;
  const position = feed.position();
  const isGood =
    resume !== undefined &&
    resume.epoch === position.epoch &&
    resume.aclRev === viewer.aclRev &&
    resume.rev <= position.rev;
  return { isGood, rev: resume?.rev ?? 0, journal: resume?.journal };
}
