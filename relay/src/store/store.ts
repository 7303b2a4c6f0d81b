// What the relay must not forget, behind one asynchronous interface. sqlite.ts is the implementation; nothing outside
// this folder knows SQL. Every write is durable when its promise resolves.
import type {
  Cause,
  CommandName,
  Direction,
  Disposition,
  ErrorCode,
  GapReason,
  Params,
  PhoneNumber,
  Right,
} from '@offhook/protocol';
import type { ContactAbout, NumberContactStore } from './number-contacts.ts';

/** A company. Its lines, users and contacts are invisible to every other one. */
export interface Tenant {
  tenantId: string;
  name: string;
  /** ISO 3166, the home country for showing numbers. */
  country: string;
  /** Since when nobody of it may sign in. */
  suspendedAt?: string | undefined;
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

/** What every member of a group may do with a line; `'*'` and `source:ID` as for users. */
export interface GroupGrant {
  groupId: string;
  lineId: string;
  rights: readonly Right[];
}

/** Users of one tenant that are granted the same. */
export interface Group {
  groupId: string;
  tenantId: string;
  /** Unique within the tenant. */
  name: string;
  userIds: readonly string[];
  grants: readonly GroupGrant[];
}

/** A device with a line of its own: a place at which whoever signs in has this line. */
export interface Workstation {
  deviceId: string;
  userId: string;
  lineId: string;
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
  /** Of a shared workstation: the line of whoever is signed in there. */
  lineId?: string | undefined;
  /** At the identity provider, by its user or unseen; undefined: by a pairing code. */
  enrolledBy?: 'sign-in' | 'silent' | undefined;
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
  /** The phone system does not report such calls as a whole: whether somebody answered it is not known. */
  isPartial?: boolean | undefined;
}

/** What agents wrote about a conversation, the notes of those that became part of it below its own. */
export interface ConversationNote {
  text?: string | undefined;
  disposition?: Disposition | undefined;
}

/** Who takes it on to call back; `name` as it was then. */
export interface CallBack {
  userId: string;
  name: string;
  takenAt: string;
}

/** A time in which calls of a phone system may have gone by unheard; without an end it goes on. */
export interface Gap {
  gapId: string;
  tenantId: string;
  pbxId: string;
  reason: GapReason;
  startedAt: string;
  endedAt?: string | undefined;
}

/** A number that was erased from the journal, by its hash. */
export interface Erasure {
  tenantId: string;
  numberHash: string;
  erasedAt: string;
}

/** A change of the rules, or of who and what there is, by the command line. `outcome`: `'done'`, or why not. */
export interface AuditRecord {
  at: string;
  actor: string;
  action: string;
  args: Record<string, unknown>;
  outcome: string;
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
  callBack?: CallBack | undefined;
  seq: number;
}

/** A conversation as its legs tell it; its note is written by itself. */
export type ConversationDraft = Omit<Conversation, 'seq' | 'note' | 'callBack'>;

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
  /** Nobody answers there. */
  isFax?: boolean | undefined;
}

/** A contact with its numbers, the one to call first, fax numbers last. */
export interface StoredContact {
  contactId: string;
  name: string;
  company?: string | undefined;
  url?: string | undefined;
  numbers: ContactNumber[];
  /** In small letters: one person in several sources is known by them. Never shown. */
  emails?: string[] | undefined;
  /** What else the source says, as the configuration names it. */
  about?: ContactAbout | undefined;
}

/** Of an import of contacts: when it was, and the source's own mark of how far it went. */
export interface ContactImportMark {
  importedAt?: string | undefined;
  mark?: string | undefined;
}

/** Applied once, to an empty database. */
export interface Seed {
  tenants: Tenant[];
  users: User[];
  lines: StoredLine[];
  grants: Grant[];
}

/** One change of who there is and who may what. What is there already, or gone already, stays so. */
export type PeopleEdit =
  | { type: 'add-tenant'; tenant: Tenant }
  | { type: 'suspend-tenant'; tenantId: string; suspendedAt: string | undefined }
  | { type: 'add-user'; user: User }
  | { type: 'rename-user'; userId: string; displayName: string }
  /** With grants, devices and marks; what the user wrote in the journal stays. */
  | { type: 'remove-user'; userId: string; at: string }
  | { type: 'put-grant'; grant: Grant }
  | { type: 'remove-grant'; userId: string; lineId: string }
  | { type: 'add-group'; group: Pick<Group, 'groupId' | 'tenantId' | 'name'> }
  | { type: 'remove-group'; groupId: string }
  | { type: 'join-group'; groupId: string; userId: string }
  | { type: 'leave-group'; groupId: string; userId: string }
  | { type: 'put-group-grant'; grant: GroupGrant }
  | { type: 'remove-group-grant'; groupId: string; lineId: string }
  | { type: 'restrict-source'; tenantId: string; source: string; isRestricted: boolean }
  | { type: 'set-workstation'; deviceId: string; lineId: string | undefined }
  /** With every grant on them: whoever gets the extension anew may be somebody else. Their calls stay in the journal. */
  | { type: 'retire-lines'; tenantId: string; lineIds: readonly string[] };

export interface Store extends NumberContactStore {
  /** Applies the seed if no tenant exists yet; answers whether it did. */
  seed(seed: Seed): Promise<boolean>;
  tenants(): Promise<Tenant[]>;
  user(userId: string): Promise<User | undefined>;
  users(): Promise<User[]>;
  /**
   * Keeps which account of the identity provider a user is, `'https://id.example 248289761001'`. The first one counts: false
   * where it is another one, or where the account is another user.
   */
  bindAccount(userId: string, account: string): Promise<boolean>;
  /** The next account that signs in counts; false where there was none. */
  forgetAccount(userId: string): Promise<boolean>;
  lines(): Promise<StoredLine[]>;
  saveLines(lines: readonly StoredLine[]): Promise<void>;
  grants(): Promise<Grant[]>;
  groups(): Promise<Group[]>;
  /** Sources whose contacts are found only by who has a grant on them. */
  restrictedSources(): Promise<{ tenantId: string; source: string }[]>;
  workstations(): Promise<Workstation[]>;
  /** All of it in one transaction; raises aclRev once for each tenant that is concerned. */
  changePeople(edits: readonly PeopleEdit[]): Promise<void>;
  /** Nothing with this tenant's id, or of its users, lines and calls, is left in any table but the audit. */
  removeTenant(tenantId: string): Promise<void>;
  /** Grows with every change of the tenant's grants; survives restarts. */
  aclRev(tenantId: string): Promise<number>;

  addDevice(device: Device): Promise<void>;
  device(deviceId: string): Promise<Device | undefined>;
  devices(): Promise<Device[]>;
  touchDevice(deviceId: string, at: string): Promise<void>;
  revokeDevice(deviceId: string, at: string): Promise<boolean>;
  /** They are gone from every list. A revoked one stays out even when an older backup is put back. */
  removeDevices(deviceIds: readonly string[], at: string): Promise<void>;

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
  saveConversation(conversation: ConversationDraft): Promise<Pick<Conversation, 'seq' | 'note' | 'callBack'>>;
  /** Writes about a conversation that is saved; the last writer wins. Says `unknown` of one that is not there. */
  saveNote(writing: NoteWriting): Promise<NoteOutcome>;
  forgetNoteKeys(before: string): Promise<void>;
  /** The first one has it. `unknown`: there is no such conversation. */
  takeCallBack(taken: CallBack & { conversationId: string }): Promise<NoteOutcome | { type: 'taken'; by: string }>;
  /** Gives up what this user has taken on; `repeated` if it was not his. */
  dropCallBack(conversationId: string, userId: string): Promise<NoteOutcome>;
  /** Removes what began before that time and is over, `limit` at most; answers what it was. */
  purgeJournal(tenantId: string, before: string, limit: number): Promise<Conversation[]>;
  /** Takes out everything but the ids; answers what is left, each with a new `seq` and `mergedInto` itself. */
  eraseConversations(conversationIds: readonly string[], at: string): Promise<Conversation[]>;
  /** All conversations of a tenant, merged and erased ones included, in no order of time. */
  eachConversation(tenantId: string, visit: (conversation: Conversation) => void): Promise<void>;
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
  /** The same of those with one of these numbers at the other end, on whatever line. */
  journalPageOf(query: {
    tenantId: string;
    /** E.164, or an extension. */
    numbers: readonly string[];
    before?: string | undefined;
    limit: number;
  }): Promise<Conversation[]>;
  /** Gives each a new `seq`, so that it is told of anew; answers those that are there. */
  renewConversations(conversationIds: readonly string[]): Promise<Conversation[]>;
  /** Conversations saved after `seq`, oldest save first, merged ones included. */
  journalSince(query: { tenantId: string; seq: number; limit: number }): Promise<Conversation[]>;
  journalSeq(): Promise<number>;
  /** Up to when the user has looked at the journal, ISO 8601 UTC with milliseconds. */
  journalMark(userId: string): Promise<string | undefined>;
  /** Moves the mark forward; answers false, changing nothing, if it stands there or later. */
  moveJournalMark(userId: string, until: string): Promise<boolean>;

  /** The newest first. */
  gaps(tenantId: string, limit: number): Promise<Gap[]>;
  /** Answers false, changing nothing, while this phone system has one without an end. */
  openGap(gap: Gap): Promise<boolean>;
  /** Ends those of this phone system that go on; answers how many. */
  closeGaps(pbxId: string, endedAt: string): Promise<number>;
  forgetGaps(tenantId: string, before: string): Promise<void>;
  /** Until when each phone system was surely listened to. */
  heard(): Promise<{ pbxId: string; tenantId: string; until: string }[]>;
  setHeard(heard: readonly { pbxId: string; tenantId: string; until: string }[]): Promise<void>;
  erasures(): Promise<Erasure[]>;
  addErasure(erasure: Erasure): Promise<void>;
  addAudit(record: AuditRecord): Promise<void>;
  /** The newest first. */
  audit(limit: number): Promise<AuditRecord[]>;

  /** The countries that users have confirmed a call to. */
  knownCountries(): Promise<{ userId: string; country: string }[]>;
  addKnownCountry(known: { userId: string; country: string; confirmedAt: string }): Promise<void>;

  /** Replaces all contacts of a source in one transaction; what is told of the import is kept with them. */
  replaceContacts(
    tenantId: string,
    source: string,
    contacts: readonly StoredContact[],
    imported?: ContactImportMark,
  ): Promise<void>;
  /** What was told with the contacts of a source; undefined where it was never imported. */
  contactImport(tenantId: string, source: string): Promise<ContactImportMark | undefined>;
  contacts(tenantId: string): Promise<(StoredContact & { source: string })[]>;

  close(): Promise<void>;
}

/** Where a journal page that ends with this conversation goes on: the `before` of the next one. */
export function pageEndOf({ startedAt, conversationId }: Pick<Conversation, 'startedAt' | 'conversationId'>): string {
  return `${startedAt} ${conversationId}`;
}
