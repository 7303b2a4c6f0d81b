// What the relay must not forget, behind one asynchronous interface. sqlite.ts is the implementation; nothing outside
// this folder knows SQL. Every write is durable when its promise resolves.
import type {
  Cause,
  CommandName,
  Direction,
  Disposition,
  ErrorCode,
  Params,
  PhoneNumber,
  Right,
} from '@offhook/protocol';

/** A company. Its lines, users and contacts are invisible to every other one. */
export interface Tenant {
  tenantId: string;
  name: string;
  /** ISO 3166, the home country for showing numbers. */
  country: string;
}

export interface User {
  userId: string;
  tenantId: string;
  /** Log-in name as the CLI uses it, unique within the tenant. */
  login: string;
  displayName: string;
}

/** A line that was reported by a phone system or named in the configuration; `lineId` is derived from pbx and key. */
export interface StoredLine {
  lineId: string;
  tenantId: string;
  pbxId: string;
  lineKey: string;
  extension: string;
  name: string;
}

/** What a user may do with a line; `lineId: '*'` stands for every line of the user's tenant. */
export interface Grant {
  userId: string;
  lineId: string;
  rights: readonly Right[];
  /** The user's own line: calls ring for this person. */
  isOwn: boolean;
}

/** A browser profile that may sign in: the public half of a key that never leaves it. */
export interface Device {
  deviceId: string;
  userId: string;
  name: string;
  /** SPKI, base64url, P-256. */
  publicKey: string;
  /** `chrome-extension://…` or `moz-extension://…`, pinned when the device was paired. */
  origin: string;
  createdAt: string;
  lastSeenAt?: string | undefined;
  revokedAt?: string | undefined;
}

/** An order and how far it came. `recorded` was certainly not sent yet; `sent` may have reached the phone system. */
export interface CommandRecord {
  userId: string;
  key: string;
  commandKey: string;
  name: CommandName;
  lineId: string;
  /** Hash over name, line, call and arguments: another one under the same key is `key-reused`. */
  argsHash: string;
  state: 'recorded' | 'sent' | 'done' | 'failed' | 'unknown';
  code?: ErrorCode | undefined;
  params?: Params | undefined;
  callId?: string | undefined;
  createdAt: string;
}

export type CommandAdvance = Pick<CommandRecord, 'state' | 'code' | 'params' | 'callId'>;

/** One leg of a conversation, as the journal keeps it. Times are ISO 8601 UTC. */
export interface JournalLeg {
  callId: string;
  lineId: string;
  direction: Direction;
  remote: { number: PhoneNumber; name?: string | undefined };
  dialled?: PhoneNumber | undefined;
  group?: string | undefined;
  cause?: Cause | undefined;
  startedAt: string;
  connectedAt?: string | undefined;
  endedAt?: string | undefined;
  /** A time was not reported by the phone system: the relay or the link was down, or it never tells answers. */
  isEstimated: boolean;
}

/** What agents wrote about a conversation, the notes of those that became part of it below its own. */
export interface ConversationNote {
  text?: string | undefined;
  disposition?: Disposition | undefined;
}

/** A conversation with its legs. `seq` grows with every save, of a note too, and is the journal's cursor. */
export interface Conversation {
  conversationId: string;
  tenantId: string;
  direction: Direction;
  startedAt: string;
  /** Set when it turned out to be part of an older conversation. */
  mergedInto?: string | undefined;
  legs: JournalLeg[];
  note?: ConversationNote | undefined;
  seq: number;
}

/** A conversation as its legs tell it; its note is written by itself. */
export type ConversationDraft = Omit<Conversation, 'seq' | 'note'>;

/** What was written about a conversation: a field that is left out stays as it is, `''` and `null` clear. */
export interface NoteWriting {
  userId: string;
  /** The writer's name for this writing. */
  key: string;
  /** Hash over the arguments: another one under the same key is `key-reused`. */
  argsHash: string;
  /** It may have become part of another one meanwhile. */
  conversationId: string;
  text?: string | undefined;
  /** The whole note that the writer saw: only one that is still the same is replaced as a whole. */
  base?: string | undefined;
  disposition?: Disposition | null | undefined;
  writtenAt: string;
}

/** `changedId`: the conversation that shows it, which has a new `seq`. `repeated`: this writing was kept before. */
export type NoteOutcome = { type: 'kept'; changedId: string } | { type: 'repeated' | 'key-reused' | 'unknown' };

/** A number of a contact in E.164; `label` is what the source calls it, `'Mobile'`, where that says more than "phone". */
export interface ContactNumber {
  number: string;
  label?: string | undefined;
}

/** A contact with its numbers, the one to call first, fax numbers last. */
export interface StoredContact {
  contactId: string;
  name: string;
  company?: string | undefined;
  url?: string | undefined;
  numbers: ContactNumber[];
}

/** Applied once, to an empty database. */
export interface Seed {
  tenants: Tenant[];
  users: User[];
  lines: StoredLine[];
  grants: Grant[];
}

export interface Store {
  /** Applies the seed if no tenant exists yet; answers whether it did. */
  seed(seed: Seed): Promise<boolean>;
  tenants(): Promise<Tenant[]>;
  users(): Promise<User[]>;
  /** Answers false, changing nothing, if the tenant has a user of this log-in name. */
  addUser(user: User): Promise<boolean>;
  lines(): Promise<StoredLine[]>;
  saveLines(lines: readonly StoredLine[]): Promise<void>;
  grants(): Promise<Grant[]>;
  /** Adds or replaces the grant of this user and line; raises the tenant's aclRev. */
  putGrant(grant: Grant): Promise<void>;
  removeGrant(userId: string, lineId: string): Promise<void>;
  /** Grows with every change of the tenant's grants; survives restarts. */
  aclRev(tenantId: string): Promise<number>;

  addDevice(device: Device): Promise<void>;
  device(deviceId: string): Promise<Device | undefined>;
  devices(): Promise<Device[]>;
  touchDevice(deviceId: string, at: string): Promise<void>;
  revokeDevice(deviceId: string, at: string): Promise<boolean>;

  /** Records an order, or answers the record that already has this user and key, untouched. */
  recordCommand(record: CommandRecord): Promise<{ isNew: boolean; record: CommandRecord }>;
  /** Moves the record forward from one of `from`; answers false, changing nothing, if it is in another state. */
  advanceCommand(commandKey: string, from: readonly CommandRecord['state'][], to: CommandAdvance): Promise<boolean>;
  command(commandKey: string): Promise<CommandRecord | undefined>;
  /** At start: `sent` becomes `unknown`, `recorded` becomes `failed` with `timeout`. Answers how many of each. */
  settleCommands(): Promise<{ unknown: number; notSent: number }>;
  forgetCommands(before: string): Promise<void>;

  /**
   * Writes a conversation with all its legs in one transaction; answers its new `seq` and its note. The note of one that is
   * merged moves on to the other one; it is answered as `note` then, so that the other one can be told of anew.
   */
  saveConversation(conversation: ConversationDraft): Promise<Pick<Conversation, 'seq' | 'note'>>;
  /** Writes about a conversation that is saved; the last writer wins. Says `unknown` of one that is not there. */
  saveNote(writing: NoteWriting): Promise<NoteOutcome>;
  forgetNoteKeys(before: string): Promise<void>;
  conversation(conversationId: string): Promise<Conversation | undefined>;
  /** The conversation that a call belongs to, merges followed. */
  conversationIdOf(callId: string): Promise<string | undefined>;
  /** Conversations with a leg that has no end yet. */
  openConversations(): Promise<Conversation[]>;
  /**
   * Newest first by start, those with a leg on one of `lineIds`, merged ones left out. `before` is `pageEndOf` the last
   * one of the page before; a plain startedAt works, too, but skips what started in the very same millisecond.
   */
  journalPage(query: {
    tenantId: string;
    lineIds: readonly string[] | 'all';
    before?: string | undefined;
    limit: number;
  }): Promise<Conversation[]>;
  /** Conversations saved after `seq`, oldest save first, merged ones included. */
  journalSince(query: { tenantId: string; seq: number; limit: number }): Promise<Conversation[]>;
  journalSeq(): Promise<number>;
  /** Up to when the user has looked at the journal, ISO 8601 UTC with milliseconds. */
  journalMark(userId: string): Promise<string | undefined>;
  /** Moves the mark forward; answers false, changing nothing, if it stands there or later. */
  moveJournalMark(userId: string, until: string): Promise<boolean>;

  /** Replaces all contacts of a source in one transaction. */
  replaceContacts(tenantId: string, source: string, contacts: readonly StoredContact[]): Promise<void>;
  contacts(tenantId: string): Promise<(StoredContact & { source: string })[]>;

  close(): Promise<void>;
}

/** Where a journal page that ends with this conversation goes on: the `before` of the next one. */
export function pageEndOf({ startedAt, conversationId }: Pick<Conversation, 'startedAt' | 'conversationId'>): string {
  return `${startedAt} ${conversationId}`;
}
