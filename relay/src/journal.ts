// Writes calls down as they happen, and what agents say of them. The switchboard never waits for it: changes are queued,
// what waits is written once in its newest form, in order, and tried again until the store has it. One writer, so that all
// is told in the order of `seq`. Who may read an entry is decided in journal-entry.ts, who may write a note in notes.ts.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { KnownConversation } from './conversations.ts';
import { isSameLeg, legOf, lostLegOf } from './journal-leg.ts';
import { type Conversation, type ConversationDraft, type JournalLeg, pageEndOf, type Store } from './store/store.ts';
import type { JournalSink, LegChange } from './switchboard.ts';

export interface JournalOptions {
  store: Pick<Store, 'openConversations' | 'saveConversation' | 'conversation' | 'eraseConversations' | 'journalSeq'> &
    JournalWrites;
  clock: Clock;
  log: Logger;
  /** Whether calls with this number, or on this line, are never written down. */
  isUnrecorded?: ((leg: JournalLeg) => boolean) | undefined;
}

type JournalWrites = Pick<
  Store,
  'saveNote' | 'takeCallBack' | 'dropCallBack' | 'purgeJournal' | 'journalPageOf' | 'renewConversations'
>;

export interface Journal extends JournalSink {
  /** Hears of every conversation after it was saved, a merged one (`mergedInto`) included, in the order of `seq`. */
  onConversation(listener: (conversation: Conversation) => void): () => void;
  /** A conversation as it stands, from its first ring on, saved or not; one that became part of another one, too. */
  conversation(conversationId: string): Promise<ConversationDraft | undefined>;
  /** Keeps a note, after the call that it is about. Rejects when it could not be kept. */
  writeNote: Store['saveNote'];
  /** In the same order, and told of like notes. */
  takeCallBack: Store['takeCallBack'];
  dropCallBack: Store['dropCallBack'];
  /** Takes conversations out of the journal; those that still go on stay. Answers how many are gone. */
  erase(conversationIds: readonly string[]): Promise<number>;
  /** Takes out what began before that time, ISO 8601 UTC, and is over; answers how many. */
  purge(tenantId: string, before: string): Promise<number>;
  /** Whom the number belongs to has changed: the newest calls with it are told of anew, with a new `seq`. */
  renew(tenantId: string, number: string): Promise<void>;
  /** Resolves when all that happened so far is saved. */
  drained(): Promise<void>;
  /** Tries to save what waits, once, and stops. */
  close(): Promise<void>;
}

/** What is to be done behind the conversations that wait. Not tried again: who wants it hears of the failure. */
interface Job {
  run(): Promise<void>;
  fail(error: unknown): void;
}

interface Desk {
  options: JournalOptions;
  /** What may still change: all that is open, and what ended a short while ago. */
  drafts: Map<string, ConversationDraft>;
  conversationOfCall: Map<string, string>;
  endedAt: Map<string, number>;
  /** Ids in the order in which they are to be saved. */
  queue: Set<string>;
  /** Notes and the like that wait behind them. */
  jobs: Job[];
  /** What the store has, of what may still change. */
  saved: Set<string>;
  writing: Promise<void> | undefined;
  cancelRetry: (() => void) | undefined;
  listeners: Set<(conversation: Conversation) => void>;
  drainListeners: Set<() => void>;
  isClosed: boolean;
}

const RETRY_MS = 1000;
// Measured: telling 2,000 browsers of one takes a millisecond.
const PURGE_STEP = 20;
// Browsers hold the last few hundred calls.
const MOST_RENEWED = 1_000;
// Longer than an ended call stays on the switchboard, which may still join it to another one until then.
const KEEP_ENDED_MS = 180_000;

/** Opens the journal with the calls that were under way when the relay stopped. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const desk: Desk = {
    options,
    drafts: new Map(),
    conversationOfCall: new Map(),
    endedAt: new Map(),
    queue: new Set(),
    jobs: [],
    saved: new Set(),
    writing: undefined,
    cancelRetry: undefined,
    listeners: new Set(),
    drainListeners: new Set(),
    isClosed: false,
  };
  for (const conversation of await options.store.openConversations()) takeUp(desk, conversation);
  return {
    conversationOf: (callId) => knownOf(desk, callId),
    legChanged: (change) => legChanged(desk, change),
    joined: (join) => joined(desk, join),
    synced: (known) => synced(desk, known),
    onConversation(listener) {
      desk.listeners.add(listener);
      return () => desk.listeners.delete(listener);
    },
    async conversation(conversationId) {
      const draft = desk.drafts.get(conversationId);
      if (draft && isUnrecorded(desk, draft)) return undefined;
      return draft ?? desk.options.store.conversation(conversationId);
    },
    ...removalsOf(desk),
    renew: (tenantId, number) => renew(desk, tenantId, number),
    writeNote: (writing) => inTurn(desk, () => toldOf(desk, options.store.saveNote(writing))),
    takeCallBack: (taken) => inTurn(desk, () => toldOf(desk, options.store.takeCallBack(taken))),
    dropCallBack: (...dropped) => inTurn(desk, () => toldOf(desk, options.store.dropCallBack(...dropped))),
    drained() {
      if (desk.queue.size === 0 && desk.jobs.length === 0 && !desk.writing) return Promise.resolve();
      return new Promise((resolve) => desk.drainListeners.add(resolve));
    },
    async close() {
      desk.isClosed = true;
      desk.cancelRetry?.();
      await desk.writing;
      await write(desk);
      failJobs(desk, new Error('the journal is closed'));
      desk.listeners.clear();
    },
  };
}

// A relay that died between the two writes of a merge left a call in two conversations: the merge is finished now.
function takeUp(desk: Desk, { seq: _, note: __, callBack: ___, ...draft }: Conversation): void {
  const shared = draft.legs.find(({ callId }) => desk.conversationOfCall.has(callId));
  desk.drafts.set(draft.conversationId, draft);
  desk.saved.add(draft.conversationId);
  for (const { callId } of draft.legs) {
    if (!desk.conversationOfCall.has(callId)) desk.conversationOfCall.set(callId, draft.conversationId);
  }
  const other = shared && desk.conversationOfCall.get(shared.callId);
  if (other === undefined) return;
  const isOlder = (desk.drafts.get(other)?.startedAt ?? '') <= draft.startedAt;
  const [from, into] = isOlder ? [draft.conversationId, other] : [other, draft.conversationId];
  joined(desk, { from, into });
}

function knownOf(desk: Desk, callId: string): KnownConversation | undefined {
  const conversationId = desk.conversationOfCall.get(callId);
  const draft = conversationId === undefined ? undefined : desk.drafts.get(conversationId);
  return draft && { conversationId: draft.conversationId, startedAt: Date.parse(draft.startedAt) };
}

function legChanged(desk: Desk, change: LegChange): void {
  const { callId, conversationId } = change.call;
  const draft = desk.drafts.get(conversationId) ?? newDraft(desk, change);
  const index = draft.legs.findIndex((leg) => leg.callId === callId);
  const before = draft.legs[index];
  const leg = legOf(change, before, desk.options.clock.now());
  // Hold, new possibilities and the like are no journal matter.
  if (before && isSameLeg(before, leg)) return;
  if (before) draft.legs[index] = leg;
  else draft.legs.push(leg);
  desk.conversationOfCall.set(callId, conversationId);
  changed(desk, draft);
}

function newDraft(desk: Desk, { tenantId, call }: LegChange): ConversationDraft {
  forgetOld(desk);
  const draft: ConversationDraft = {
    conversationId: call.conversationId,
    tenantId,
    direction: call.direction,
    startedAt: isoOf(call.since),
    legs: [],
  };
  desk.drafts.set(draft.conversationId, draft);
  return draft;
}

// The younger conversation keeps its legs and says where they went; the older one has them all. That one is written
// first: a crash between the two leaves a call twice, never not at all.
function joined(desk: Desk, { from, into }: { from: string; into: string }): void {
  const gone = desk.drafts.get(from);
  if (!gone || from === into) return;
  const whole = desk.drafts.get(into) ?? { ...gone, conversationId: into, legs: [] };
  const known = new Set(whole.legs.map(({ callId }) => callId));
  whole.legs.push(...gone.legs.filter(({ callId }) => !known.has(callId)));
  if (gone.startedAt < whole.startedAt) whole.startedAt = gone.startedAt;
  desk.drafts.set(into, whole);
  for (const { callId } of gone.legs) desk.conversationOfCall.set(callId, into);
  changed(desk, whole);
  gone.mergedInto = into;
  changed(desk, gone);
}

function synced(desk: Desk, known: { lineIds: readonly string[]; liveCallIds: ReadonlySet<string> }): void {
  const lineIds = new Set(known.lineIds);
  const now = desk.options.clock.now();
  for (const draft of [...desk.drafts.values()].filter(({ mergedInto }) => mergedInto === undefined)) {
    const isLost = (leg: JournalLeg) =>
      leg.endedAt === undefined && lineIds.has(leg.lineId) && !known.liveCallIds.has(leg.callId);
    if (!draft.legs.some(isLost)) continue;
    draft.legs = draft.legs.map((leg) => (isLost(leg) ? lostLegOf(leg, now) : leg));
    changed(desk, draft);
  }
}

function changed(desk: Desk, draft: ConversationDraft): void {
  const { conversationId, legs, mergedInto } = draft;
  const isOver = mergedInto !== undefined || legs.every(({ endedAt }) => endedAt !== undefined);
  if (isOver) desk.endedAt.set(conversationId, desk.options.clock.elapsed());
  else desk.endedAt.delete(conversationId);
  desk.queue.add(conversationId);
  writeSoon(desk);
}

function writeSoon(desk: Desk): void {
  if (!desk.writing && !desk.cancelRetry && !desk.isClosed) void write(desk);
}

function writeSoonIfNeeded(desk: Desk): void {
  if (desk.queue.size > 0 || desk.jobs.length > 0) writeSoon(desk);
}

function forgetOld(desk: Desk): void {
  const before = desk.options.clock.elapsed() - KEEP_ENDED_MS;
  for (const [conversationId, endedAt] of desk.endedAt) {
    // In the order in which they ended.
    if (endedAt > before) return;
    if (desk.queue.has(conversationId)) continue;
    forget(desk, conversationId);
  }
}

function forget(desk: Desk, conversationId: string): void {
  for (const { callId } of desk.drafts.get(conversationId)?.legs ?? []) desk.conversationOfCall.delete(callId);
  desk.drafts.delete(conversationId);
  desk.endedAt.delete(conversationId);
  desk.saved.delete(conversationId);
}

function write(desk: Desk): Promise<void> {
  const run = writeAll(desk).finally(() => {
    desk.writing = undefined;
    // What came between the last look and now.
    writeSoonIfNeeded(desk);
    if (desk.queue.size > 0 || desk.jobs.length > 0) return;
    for (const resolve of desk.drainListeners) resolve();
    desk.drainListeners.clear();
  });
  desk.writing = run;
  return run;
}

async function writeAll(desk: Desk): Promise<void> {
  for (;;) {
    const id = desk.queue.values().next().value;
    const job = id === undefined ? desk.jobs.shift() : undefined;
    if (id !== undefined) {
      if (!(await writeConversation(desk, id))) return;
    } else if (job) await job.run().catch(job.fail);
    else return;
  }
}

/** Answers false when the store has to be tried again later. */
async function writeConversation(desk: Desk, id: string): Promise<boolean> {
  const { store, log, clock } = desk.options;
  const draft = desk.drafts.get(id);
  // Changes during the write put it into the queue again.
  desk.queue.delete(id);
  if (!draft) return true;
  const saved = { ...draft, legs: [...draft.legs] };
  try {
    if (isUnrecorded(desk, saved)) {
      // It was written down before the leg came that makes it one of those that are not.
      if (desk.saved.delete(id)) await eraseNow(desk, [id]);
      return true;
    }
    const { seq, note, callBack } = await store.saveConversation(saved);
    desk.saved.add(id);
    tell(desk, { ...saved, seq, ...(note && { note }), ...(callBack && { callBack }) });
    // What was said of it has moved: the conversation that it is part of now is told of with it.
    if ((note || callBack) && saved.mergedInto !== undefined) desk.queue.add(saved.mergedInto);
    return true;
  } catch (error) {
    log.error({ err: error, conversationId: id }, 'the journal could not be written, trying again');
    desk.queue = new Set([id, ...desk.queue]);
    // Who waits behind it is told now: nobody knows when there will be room.
    failJobs(desk, error);
    if (!desk.isClosed) desk.cancelRetry = clock.after(RETRY_MS, () => retry(desk));
    return false;
  }
}

function inTurn<Result>(desk: Desk, work: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    if (desk.isClosed) return reject(new Error('the journal is closed'));
    desk.jobs.push({ run: async () => resolve(await work()), fail: reject });
    writeSoon(desk);
  });
}

// What changed an entry is told with the whole of it.
async function toldOf<Outcome extends { type: string; changedId?: string }>(
  desk: Desk,
  write: Promise<Outcome>,
): Promise<Outcome> {
  const outcome = await write;
  const { changedId } = outcome;
  const changed = changedId === undefined ? undefined : await desk.options.store.conversation(changedId);
  if (changed) tell(desk, changed);
  return outcome;
}

function removalsOf(desk: Desk): Pick<Journal, 'erase' | 'purge'> {
  return {
    erase: (conversationIds) =>
      inTurn(desk, async () => {
        const over = conversationIds.filter((id) => !desk.drafts.has(id) || desk.endedAt.has(id));
        for (const id of over) forget(desk, id);
        return eraseNow(desk, over);
      }),
    async purge(tenantId, before) {
      for (let count = 0; ; ) {
        const purged = await inTurn(desk, () => purgeSome(desk, tenantId, before));
        count += purged;
        if (purged < PURGE_STEP) return count;
        await nextTurn();
      }
    },
  };
}

// Older ones are asked for page by page, and made anew then.
async function renew(desk: Desk, tenantId: string, number: string): Promise<void> {
  const { store } = desk.options;
  let before: string | undefined;
  for (let renewed = 0; renewed < MOST_RENEWED; renewed += PURGE_STEP) {
    const found = await store.journalPageOf({ tenantId, numbers: [number], before, limit: PURGE_STEP });
    const last = found.at(-1);
    if (!last) return;
    before = pageEndOf(last);
    await inTurn(desk, async () => {
      const ids = found.map(({ conversationId }) => conversationId);
      for (const conversation of await store.renewConversations(ids)) tell(desk, conversation);
    });
    await nextTurn();
  }
}

// Some at a time: what happens meanwhile is written in between, and every browser has to be told of each one.
async function purgeSome(desk: Desk, tenantId: string, before: string): Promise<number> {
  const { store } = desk.options;
  const purged = await store.purgeJournal(tenantId, before, PURGE_STEP);
  // No row of its own any more: it is told of at the place where the journal stands.
  const seq = await store.journalSeq();
  for (const one of purged) {
    forget(desk, one.conversationId);
    tell(desk, { ...one, seq, mergedInto: one.conversationId });
  }
  return purged.length;
}

async function eraseNow(desk: Desk, conversationIds: readonly string[]): Promise<number> {
  const { store, clock } = desk.options;
  const erased = await store.eraseConversations(conversationIds, isoOf(clock.now()));
  for (const conversation of erased) tell(desk, conversation);
  return erased.length;
}

// What became part of a call that is never written down is none of the journal's either.
function isUnrecorded({ options, drafts }: Desk, { legs, mergedInto }: ConversationDraft): boolean {
  const { isUnrecorded: isNever } = options;
  if (!isNever) return false;
  const whole = mergedInto === undefined ? undefined : drafts.get(mergedInto);
  return [...legs, ...(whole?.legs ?? [])].some(isNever);
}

// It is written; a listener that fails must not have it written again.
function tell(desk: Desk, conversation: Conversation): void {
  for (const listener of [...desk.listeners]) {
    try {
      listener(conversation);
    } catch (error) {
      desk.options.log.error({ err: error }, 'a journal listener failed');
    }
  }
}

function failJobs(desk: Desk, error: unknown): void {
  for (const { fail } of desk.jobs.splice(0)) fail(error);
}

function retry(desk: Desk): void {
  desk.cancelRetry = undefined;
  void write(desk);
}

const isoOf = (time: number) => new Date(time).toISOString();
