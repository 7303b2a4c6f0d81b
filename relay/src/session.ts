// The life of one extension's connection: the challenge, who it is, frames in their order, its pulse and its end. Every
// frame that comes in is hostile until read; nothing about lines is sent before the device has proved itself.
import { createHash, randomBytes } from 'node:crypto';
import {
  CLOSE_CODES,
  type ClientMessage,
  type DialPlan,
  type EntryForms,
  type ErrorCode,
  MAX_CLIENT_BYTES,
  MAX_SERVER_BYTES,
  MAX_UNAUTHENTICATED_BYTES,
  readClientMessage,
  type ServerMessage,
  SUBPROTOCOL,
} from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Access, Viewer } from './access.ts';
import type { FeedClient } from './feed.ts';
import { type EndCode, enrolDevice, type Peer, provedViewer, signInDevice } from './handshake.ts';
import type { MadeFrame } from './made-frame.ts';
import type { OidcSignIn } from './oidc-sign-in.ts';
import { createRequests, type RequestContext, type Requests } from './requests.ts';
import type { SignIn } from './sign-in.ts';
import { codeOfLoss } from './store-watch.ts';

/** A WebSocket as far as a session needs one. */
export interface SessionSocket {
  send(frame: string): void;
  /** The same for a frame that many get. */
  sendMade(frame: MadeFrame): void;
  close(code: number, reason: string): void;
  /** Bytes that were sent but not taken by the network yet. */
  readonly bufferedBytes: number;
}

/** What all sessions of a relay share. */
export interface SessionContext extends RequestContext {
  version: string;
  log: Logger;
  signIn: Omit<SignIn, 'addDevice'>;
  /** Undefined where no identity provider is configured. */
  oidc?: OidcSignIn | undefined;
  access: Access;
  /** Where the tenant's CRM has its forms for a call; undefined where it has none. */
  entryFormsOf(tenantId: string): EntryForms | undefined;
  /** How the phone systems dial from which the viewer may call. */
  dialPlansOf(viewer: Viewer): DialPlan[];
  /** What a device's user did with a call's notification, for the user's other devices. */
  onSeen(session: Session, callId: string, action: 'shown' | 'dismissed' | 'opened'): void;
  /** Its agent does something there. */
  onUsed(session: Session): void;
  /** From now on it has a picture of the lines. */
  onSubscribed(session: Session): void;
}

export interface Session {
  readonly sessionId: string;
  /** As the hello claims it; proved as soon as there is a viewer. */
  readonly deviceId: string | undefined;
  /** Undefined until the device has proved itself. */
  readonly viewer: Viewer | undefined;
  /** Ended by either side; the socket may still be closing. */
  readonly isOver: boolean;
  receive(frame: string): void;
  send(message: ServerMessage): void;
  /**
   * Grants changed: looks at everything anew and sends a fresh snapshot. Never rejects. The new rights hold at once; `pace`
   * is awaited before the snapshot, which is work.
   */
  refresh(pace?: () => Promise<void>): Promise<void>;
  /** Closes with an error code that the extension turns into words. */
  end(code: EndCode): void;
  /** The socket is gone. */
  dispose(): void;
}

const HEARTBEAT_MS = 20_000;
const SILENCE_LIMIT_MS = 45_000;
// Looked after together, up to so much late: thousands of timers, each at a time of its own, would wake the relay for each.
const BEAT_GRID_MS = 250;
const SIGN_IN_LIMIT_MS = 5_000;
// The identity provider is asked meanwhile, twice at most, and has 5 s for each answer.
const PROVIDER_LIMIT_MS = 20_000;
// As extensions write it; any other spelling is read like all frames. Thousands send nothing else for hours.
const PING = /^\{"type":"ping","n":(0|[1-9][0-9]{0,8})\}$/;
// Who has not signed in needs two frames: enrol and hello.
const MOST_EARLY_FRAMES = 8;

interface SessionState extends FeedClient {
  socket: SessionSocket;
  peer: Peer;
  context: SessionContext;
  sessionId: string;
  nonce: string;
  self: Session;
  deviceId: string | undefined;
  viewer: Viewer | undefined;
  requests: Requests | undefined;
  isOver: boolean;
  earlyFrames: number;
  /** Frames are worked off one after the other: none overtakes the hello before it. */
  queue: Promise<void>;
  /** Frames in it, the one that is worked off included. */
  waiting: number;
  /** Counts the changes of grants: what was read before the last one is out of date. */
  grantsTurn: number;
  /** Stands for the dial plans that the client has: a digest, since they are long and thousands have the same. */
  toldDialPlans: string;
  lastHeardAt: number;
  /** In whole milliseconds: it is written with every delivery, and a fraction would be an object of its own. */
  lastSentAt: number;
  cancelTimer: () => void;
}

/** Starts a session on an open socket: the challenge leaves at once. */
export function createSession(socket: SessionSocket, peer: Peer, context: SessionContext): Session {
  const sessionId = randomBytes(12).toString('base64url');
  const now = context.clock.elapsed();
  const self: Session = {
    sessionId,
    get deviceId() {
      return state.deviceId;
    },
    get viewer() {
      return state.viewer;
    },
    get isOver() {
      return state.isOver;
    },
    receive: (frame) => receive(state, frame),
    send: (message) => send(state, message),
    refresh: (pace) => refresh(state, pace),
    end: (code) => end(state, code),
    dispose: () => dispose(state),
  };
  // What each delivery looks at comes first and lies together, for the processor's cache.
  const state: SessionState = {
    socket,
    viewer: undefined,
    isOver: false,
    lastSentAt: Math.trunc(now),
    context,
    isTaking,
    sendMade,
    peer,
    sessionId,
    self,
    nonce: randomBytes(32).toString('base64url'),
    deviceId: undefined,
    requests: undefined,
    earlyFrames: 0,
    queue: Promise.resolve(),
    waiting: 0,
    grantsTurn: 0,
    toldDialPlans: '',
    lastHeardAt: now,
    cancelTimer: context.clock.after(SIGN_IN_LIMIT_MS, () => end(state, 'timeout')),
  };
  send(state, challengeOf(state));
  return self;
}

function challengeOf({ nonce, context: { version, oidc } }: SessionState): ServerMessage {
  const signIn = oidc && { provider: oidc.provider };
  return { type: 'challenge', nonce, relay: { version }, versions: [SUBPROTOCOL], ...(signIn && { signIn }) };
}

// Made when something is to be said: most sessions say nothing for hours.
function logOf({ context, sessionId }: SessionState): Logger {
  return context.log.child({ session: sessionId });
}

function send(s: SessionState, message: ServerMessage): void {
  sendText(s, JSON.stringify(message));
}

function sendText(s: SessionState, text: string): void {
  if (maySend(s, text)) s.socket.send(text);
}

// What most deliveries come to; two functions for all sessions, so that nothing lies between them and the socket.
function isTaking(this: SessionState): boolean {
  return !this.isOver && this.socket.bufferedBytes === 0;
}

function sendMade(this: SessionState, frame: MadeFrame): void {
  this.lastSentAt = Math.trunc(this.context.clock.elapsed());
  this.socket.sendMade(frame);
}

function maySend(s: SessionState, frame: string): boolean {
  if (s.isOver) return false;
  // What waits for a client is bounded, whatever the next frame is; to one that keeps up everything goes.
  const { bufferedBytes } = s.socket;
  if (bufferedBytes > 0 && bufferedBytes + Buffer.byteLength(frame) > MAX_SERVER_BYTES) {
    end(s, 'slow-consumer');
    return false;
  }
  s.lastSentAt = Math.trunc(s.context.clock.elapsed());
  return true;
}

function end(s: SessionState, code: EndCode): void {
  if (s.isOver) return;
  logOf(s).info({ code }, 'session ended by the relay');
  dispose(s);
  s.socket.close(CLOSE_CODES[code], code);
}

function dispose(s: SessionState): void {
  s.isOver = true;
  s.cancelTimer();
  s.requests?.close();
}

function receive(s: SessionState, frame: string): void {
  if (s.isOver) return;
  s.lastHeardAt = s.context.clock.elapsed();
  if (Buffer.byteLength(frame) > (s.viewer ? MAX_CLIENT_BYTES : MAX_UNAUTHENTICATED_BYTES)) return end(s, 'too-large');
  if (!s.viewer) s.earlyFrames += 1;
  if (s.earlyFrames > MOST_EARLY_FRAMES) return end(s, 'message-invalid');
  const ping = s.requests && s.waiting === 0 && PING.exec(frame);
  if (ping) return sendText(s, `{"type":"pong","n":${ping[1]}}`);
  const read = readClientMessage(frame);
  s.waiting += 1;
  s.queue = s.queue
    .then(() => (read.ok ? take(s, read.message) : refuse(s, read)))
    .catch((error: unknown) => {
      logOf(s).error({ err: error }, 'a message could not be worked off');
      end(s, codeOfLoss(error));
    })
    .then(() => {
      s.waiting -= 1;
    });
}

function refuse(s: SessionState, refused: { code: ErrorCode; reason: string; id?: string; key?: string }): void {
  const { code, reason, id, key } = refused;
  logOf(s).info({ code, reason }, 'refused a frame');
  if (!s.viewer) return end(s, 'message-invalid');
  if (id !== undefined && key !== undefined) return send(s, { type: 'result', id, key, state: 'failed', code });
  send(s, { type: 'error', code, ...(id !== undefined && { id }) });
}

async function take(s: SessionState, message: ClientMessage): Promise<void> {
  if (s.isOver) return;
  if (s.requests) return s.requests.take(message);
  if (message.type === 'enrol') return enrol(s, message);
  if (message.type === 'begin-sign-in' || message.type === 'finish-sign-in') return signInAtProvider(s, message);
  if (message.type === 'hello') return hello(s, message);
  end(s, 'unauthenticated');
}

async function enrol(s: SessionState, message: ClientMessage & { type: 'enrol' }): Promise<void> {
  const { signIn, access } = s.context;
  const enrolled = await enrolDevice(message, { peer: s.peer, signIn, access });
  if ('code' in enrolled) return end(s, enrolled.code);
  const { device, user } = enrolled.answer;
  logOf(s).info({ device, user: user.userId, address: s.peer.address }, 'device paired');
  send(s, enrolled.answer);
}

async function signInAtProvider(
  s: SessionState,
  message: ClientMessage & { type: 'begin-sign-in' | 'finish-sign-in' },
): Promise<void> {
  const { oidc, access, clock } = s.context;
  s.cancelTimer();
  s.cancelTimer = clock.after(PROVIDER_LIMIT_MS, () => end(s, 'timeout'));
  const signed = await signInDevice(message, { peer: s.peer, oidc, access });
  if (s.isOver) return;
  if ('code' in signed) return end(s, signed.code);
  s.cancelTimer();
  s.cancelTimer = clock.after(SIGN_IN_LIMIT_MS, () => end(s, 'timeout'));
  const { answer } = signed;
  if (answer.type === 'enrolled') {
    const { device, user } = answer;
    logOf(s).info({ device, user: user.userId, address: s.peer.address }, 'device enrolled by the identity provider');
  }
  send(s, answer);
}

async function hello(s: SessionState, message: ClientMessage & { type: 'hello' }): Promise<void> {
  const { signIn, access, clock } = s.context;
  // Known by its claim from now on, so that a revocation during the next steps ends this session, too.
  s.deviceId = message.device;
  const { peer, nonce } = s;
  const proved = await provedViewer(message, { peer, signIn, access, nonce, grantsTurn: () => s.grantsTurn });
  if (s.isOver) return;
  if ('code' in proved) return end(s, proved.code);
  s.viewer = proved.viewer;
  s.requests = createRequests({
    context: s.context,
    log: () => logOf(s),
    resume: message.resume,
    send: (message) => send(s, message),
    sendText: (text) => sendText(s, text),
    client: s,
    fail: (code) => end(s, code),
    bufferedBytes: () => s.socket.bufferedBytes,
    viewer: () => s.viewer,
    onSeen: (callId, action) => s.context.onSeen(s.self, callId, action),
    onUsed: () => s.context.onUsed(s.self),
    onSubscribed: () => s.context.onSubscribed(s.self),
  });
  const { isResumable: resumed } = s.requests;
  logOf(s).info({ user: s.viewer.user.userId, device: s.deviceId, client: message.client, resumed }, 'signed in');
  s.cancelTimer();
  s.cancelTimer = clock.after(HEARTBEAT_MS, () => beat(s));
  send(s, welcome(s, proved.viewer, { resumed }));
  await s.requests.begin();
}

function welcome(s: SessionState, viewer: Viewer, { resumed }: { resumed: boolean }): ServerMessage {
  const { user, tenant } = viewer;
  const entryForms = s.context.entryFormsOf(tenant.tenantId);
  const dialPlans = s.context.dialPlansOf(viewer);
  s.toldDialPlans = digestOf(dialPlans);
  return {
    type: 'welcome',
    session: s.sessionId,
    relay: { version: s.context.version },
    user: { userId: user.userId, name: user.displayName },
    tenant: { tenantId: tenant.tenantId, name: tenant.name, country: tenant.country },
    // It says which device shows a call: one that hears nothing shows nothing.
    features: ['speaker'],
    heartbeatMs: HEARTBEAT_MS,
    resumed,
    limits: { maxFrameBytes: MAX_CLIENT_BYTES },
    ...(entryForms && { entryForms }),
    dialPlans,
  };
}

// Who is granted control while signed in must be told how those lines dial; who lost it, no longer.
function tellDialPlans(s: SessionState, viewer: Viewer): void {
  const dialPlans = s.context.dialPlansOf(viewer);
  const digest = digestOf(dialPlans);
  if (digest === s.toldDialPlans) return;
  s.toldDialPlans = digest;
  send(s, { type: 'dial-plans', dialPlans });
}

function digestOf(dialPlans: readonly DialPlan[]): string {
  return createHash('sha256').update(JSON.stringify(dialPlans)).digest('base64');
}

function beat(s: SessionState): void {
  if (s.isOver || !s.requests) return;
  const now = s.context.clock.elapsed();
  if (now - s.lastHeardAt >= SILENCE_LIMIT_MS) return end(s, 'timeout');
  if (now - s.lastSentAt >= HEARTBEAT_MS) send(s, { type: 'heartbeat', ...s.requests.position() });
  if (s.isOver) return;
  const nextAt = Math.min(s.lastHeardAt + SILENCE_LIMIT_MS, s.lastSentAt + HEARTBEAT_MS);
  const beatAt = Math.ceil(nextAt / BEAT_GRID_MS) * BEAT_GRID_MS;
  s.cancelTimer = s.context.clock.after(Math.max(1, beatAt - now), () => beat(s));
}

async function refresh(s: SessionState, pace: (() => Promise<void>) | undefined): Promise<void> {
  s.grantsTurn += 1;
  const turn = s.grantsTurn;
  // Who is signing in at this moment sees the turn and looks again.
  if (!s.viewer || s.isOver) return;
  try {
    const { userId } = s.viewer.user;
    const renewed = await s.context.access.viewer(userId, s.deviceId);
    // Overtaken by a later change, which brings its own view.
    if (turn !== s.grantsTurn || s.isOver) return;
    if (!renewed) return end(s, await s.context.access.whyNone(userId));
    s.viewer = renewed;
    s.requests?.rewatch();
    await pace?.();
    if (turn !== s.grantsTurn || s.isOver) return;
    tellDialPlans(s, renewed);
    s.requests?.restart();
  } catch (error) {
    // Rights that cannot be read are no rights.
    logOf(s).error({ err: error }, 'the rights of a session could not be read');
    end(s, 'internal');
  }
}
