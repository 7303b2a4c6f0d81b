// Which calls belong together. A conversation is named after its oldest call; when two turn out to be one, the older name
// stays, whichever was heard of first. It knows calls by id only, neither lines nor states.
import { conversationIdFrom } from './call-ids.ts';

/** A conversation that is known from before, and when it began (milliseconds since 1970). */
export interface KnownConversation {
  conversationId: string;
  startedAt: number;
}

/** A call that takes its place. Calls of one phone system with one `linkKey` belong together. */
export interface PlacedCall {
  callId: string;
  since: number;
  link?: string | undefined;
}

/** Two conversations became one: `from` is no more, its calls are part of `into`. */
export interface Join {
  from: string;
  into: string;
  callIds: readonly string[];
}

export interface Conversations {
  /** The conversation of a call, a new one if it belongs to none. Joins when its link says so. */
  place(call: PlacedCall): string;
  /** The conversation of a call that was placed. */
  of(callId: string): string | undefined;
  /** These calls turned out to be one conversation; those that were never placed are passed over. */
  link(callIds: readonly string[]): void;
  forget(callId: string): void;
}

interface Group {
  conversationId: string;
  startedAt: number;
  callIds: Set<string>;
  links: Set<string>;
}

interface Books {
  byCall: Map<string, Group>;
  byLink: Map<string, Group>;
  known: (callId: string) => KnownConversation | undefined;
  byId: Map<string, Group>;
  onJoin: (join: Join) => void;
}

/** Keeps conversations. `known` says what was recorded before a restart; `onJoin` hears of every join. */
export function createConversations(options: Pick<Books, 'known' | 'onJoin'>): Conversations {
  const books: Books = { byCall: new Map(), byLink: new Map(), byId: new Map(), ...options };
  return {
    place(call) {
      const group = books.byCall.get(call.callId) ?? enter(books, call);
      if (call.link !== undefined) linkGroup(books, group, call.link);
      return books.byCall.get(call.callId)?.conversationId ?? group.conversationId;
    },
    of: (callId) => books.byCall.get(callId)?.conversationId,
    link(callIds) {
      const groups = callIds.flatMap((callId) => books.byCall.get(callId) ?? []);
      groups.reduce<Group | undefined>((first, group) => (first ? join(books, first, group) : group), undefined);
    },
    forget: (callId) => forget(books, callId),
  };
}

function enter(books: Books, { callId, since, link }: PlacedCall): Group {
  const before = books.known(callId);
  const linked = link === undefined ? undefined : books.byLink.get(link);
  const group = (before && books.byId.get(before.conversationId)) ??
    (before ? undefined : linked) ?? {
      conversationId: before?.conversationId ?? conversationIdFrom(callId),
      startedAt: before?.startedAt ?? since,
      callIds: new Set<string>(),
      links: new Set<string>(),
    };
  group.callIds.add(callId);
  books.byCall.set(callId, group);
  books.byId.set(group.conversationId, group);
  return group;
}

function linkGroup(books: Books, group: Group, link: string): void {
  const other = books.byLink.get(link);
  const whole = other ? join(books, other, group) : group;
  whole.links.add(link);
  books.byLink.set(link, whole);
}

function join(books: Books, a: Group, b: Group): Group {
  if (a === b) return a;
  const [into, from] = isOlder(a, b) ? [a, b] : [b, a];
  const callIds = [...from.callIds];
  for (const callId of callIds) {
    into.callIds.add(callId);
    books.byCall.set(callId, into);
  }
  for (const link of from.links) {
    into.links.add(link);
    books.byLink.set(link, into);
  }
  books.byId.delete(from.conversationId);
  books.onJoin({ from: from.conversationId, into: into.conversationId, callIds });
  return into;
}

// Of the same moment, the name decides, so that every run of the relay decides alike.
function isOlder(a: Group, b: Group): boolean {
  return a.startedAt === b.startedAt ? a.conversationId < b.conversationId : a.startedAt < b.startedAt;
}

function forget(books: Books, callId: string): void {
  const group = books.byCall.get(callId);
  if (!group) return;
  books.byCall.delete(callId);
  group.callIds.delete(callId);
  if (group.callIds.size > 0) return;
  books.byId.delete(group.conversationId);
  for (const link of group.links) if (books.byLink.get(link) === group) books.byLink.delete(link);
}
