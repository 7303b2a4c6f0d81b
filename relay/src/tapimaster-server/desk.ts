// One line of text → one order in the name of the user who is behind it, through the same command path and guard as every
// click in a browser. All ways in (TCP, UDP, HTTP, folder) end here; nothing else of this folder gives an order.
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Access, Viewer } from '../access.ts';
import type { Clock } from '../clock.ts';
import type { CommandReport, Commands } from '../commands.ts';
import type { Store, User } from '../store/store.ts';
import type { BoardLine } from '../switchboard.ts';
import type { Caller, Callers, NoCaller } from './callers.ts';
import { OWN_EXTENSION, type ReadLine, readLine, type Wish } from './grammar.ts';
import type { Limits } from './limits.ts';
import { ownExtension, type PlannedOrder, planFor } from './plan.ts';
import { accepted, callerUnknown, notUnderstood, type Reply, refused } from './reply.ts';

/** The way by which a line came. */
export type Way = 'tcp' | 'udp' | 'http' | 'folder';

/** A line with where it came from. */
export interface Heard {
  way: Way;
  line: string;
  /** `''` for a folder. */
  address: string;
  /** Came beside the line, as in a header of HTTP. */
  key?: string | undefined;
  /** Who it is was known before the line came: a folder belongs to one user. */
  user?: string | undefined;
  /** What else a caller must be allowed, or the words to refuse with. */
  objection?: ((caller: Caller) => string | undefined) | undefined;
}

export interface Desk {
  /** Carries the line out, or says why not. Never rejects. */
  take(heard: Heard): Promise<Reply>;
}

export interface DeskContext {
  callers: Callers;
  limits: Limits;
  clock: Clock;
  log: Logger;
  store: Pick<Store, 'users'>;
  access: Pick<Access, 'viewer'>;
  switchboard: { lines(tenantId: string): readonly BoardLine[] };
  commands: Pick<Commands, 'submit'>;
  /** TAPIMaster's table. */
  extensionOf(address: string): string | undefined;
}

const DEADLINE_MS = 5_000;
// The phone system has it by then, or the relay is told so; programs of this interface do not wait long.
const REPLY_LIMIT_MS = 4_000;

const WHO: Record<NoCaller, string> = {
  wrongKey: 'this key is not known, or not from here',
  unknown: 'this address belongs to no user: the administrator names it under tapiMasterServer.callers',
  ambiguous: 'this address belongs to several users: use a key',
};

/** The desk of one server. */
export function createDesk(context: DeskContext): Desk {
  return {
    async take(heard) {
      try {
        return await answer(context, heard);
      } catch (error) {
        context.log.error({ err: error, way: heard.way }, 'a command of the TAPIMaster interface failed');
        return refused('internal');
      }
    },
  };
}

async function answer(context: DeskContext, heard: Heard): Promise<Reply> {
  const { limits, log } = context;
  const from = `${heard.way} ${heard.address}`;
  // Folders are looked at at a pace of our own.
  if (heard.way !== 'folder' && !limits.hear(from)) return refused('rate-limited');
  const read = readLine(heard.line);
  if ('fault' in read) return notUnderstood(read.fault);
  const caller = recognise(context, heard, read);
  if (typeof caller === 'string') {
    if (caller === 'wrongKey') limits.wrongKey(from);
    log.warn({ way: heard.way, address: heard.address, why: caller }, 'a command from nobody who may call was refused');
    return callerUnknown(WHO[caller]);
  }
  const objection = heard.objection?.(caller);
  if (objection !== undefined) return callerUnknown(objection);
  if (!limits.order(caller.user)) return refused('rate-limited');
  const reply = await carryOut(context, { heard, caller, wish: read.wish });
  const code = reply.state === 'ok' ? reply.text : reply.code;
  log.info({ way: heard.way, user: caller.user, verb: read.wish.verb, code }, 'a command of the TAPIMaster interface');
  return reply;
}

function recognise({ callers }: DeskContext, heard: Heard, read: ReadLine): Caller | NoCaller {
  if (heard.user !== undefined) return { user: heard.user, plainGet: false };
  return callers.find({ key: heard.key ?? read.key, address: heard.address });
}

interface Asked {
  heard: Heard;
  caller: Caller;
  wish: Wish;
}

async function carryOut(context: DeskContext, { heard, caller, wish }: Asked): Promise<Reply> {
  const viewer = await viewerOf(context, caller.user);
  if (!viewer) return refused('not-permitted');
  const lines = context.switchboard.lines(viewer.tenant.tenantId);
  const extension =
    wish.extension === OWN_EXTENSION
      ? (context.extensionOf(heard.address) ?? ownExtension(viewer, lines))
      : wish.extension;
  if (extension === undefined) return notUnderstood('NNNNN: which extension this address has is not known');
  const plan = planFor({ ...wish, extension }, viewer, lines);
  if ('code' in plan) return refused(plan.code, {}, plan.reason);
  let reply = accepted('done');
  for (const order of plan.orders) {
    const next = await submit(context, { viewer, lineId: plan.lineId, ...order });
    if (next.state !== 'ok') return next;
    if (next.text !== reply.text) reply = next;
  }
  return reply;
}

async function viewerOf({ store, access }: DeskContext, name: string): Promise<Viewer | undefined> {
  const user = userIn(await store.users(), name);
  return user && access.viewer(user.userId);
}

/** The user whom a caller's name means; undefined where there is none, or more than one. */
export function userIn(users: readonly User[], name: string): User | undefined {
  const [login = '', tenantId] = name.split('/').reverse();
  const found = users.filter((user) => user.login === login && (tenantId ?? user.tenantId) === user.tenantId);
  return found.length === 1 ? found[0] : undefined;
}

type Submission = PlannedOrder & { viewer: Viewer; lineId: string };

async function submit({ commands, clock }: DeskContext, submission: Submission): Promise<Reply> {
  const { viewer, lineId, order, callId } = submission;
  const key = randomUUID();
  const { promise, resolve } = Promise.withResolvers<Reply>();
  let last: Reply = refused('outcome-unknown');
  const cancel = clock.after(REPLY_LIMIT_MS, () => resolve(last));
  const envelope = { type: 'command' as const, id: key, key, lineId, ...(callId !== undefined && { callId }) };
  await commands.submit(viewer, { ...envelope, ...order, deadlineMs: DEADLINE_MS }, (report) => {
    const reply = replyTo(report);
    if (reply) last = reply;
    if (report.state !== 'accepted' && report.state !== 'sent') resolve(last);
  });
  const reply = await promise;
  cancel();
  return reply;
}

// Until it is known that the phone system has it, nobody knows.
function replyTo({ state, code, params }: CommandReport): Reply | undefined {
  switch (state) {
    case 'accepted':
      return refused('outcome-unknown');
    case 'sent':
      return accepted('sent');
    case 'done':
      return accepted('done');
    case 'failed':
      return refused(code ?? 'internal', params);
    case 'unknown':
      return refused('outcome-unknown');
    default:
      return undefined;
  }
}
