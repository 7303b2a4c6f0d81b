// A journal over a store that a test can slow down or break, and builders for what it keeps.
import type { PhoneNumber } from '@offhook/protocol';
import { pino } from 'pino';
import { type Journal, openJournal } from '../../relay/src/journal.ts';
import type { Conversation, ConversationDraft, JournalLeg, NoteOutcome } from '../../relay/src/store/store.ts';
import type { BoardCall, LegChange } from '../../relay/src/switchboard.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';

export const START = Date.UTC(2026, 0, 15, 9, 0, 0);
export const CALLER: PhoneNumber = { kind: 'e164', number: '+493023125042' };

export const isoAt = (seconds: number) => new Date(START + seconds * 1000).toISOString();

/** The journal's slice of a store, in memory (a fake). */
export interface FakeJournalStore {
  saves: Conversation[];
  /** While set, a save waits for it. */
  gate: Promise<void> | undefined;
  failures: number;
  openConversations(): Promise<Conversation[]>;
  saveConversation(conversation: ConversationDraft): Promise<{ seq: number }>;
  conversation(conversationId: string): Promise<Conversation | undefined>;
  eraseConversations(conversationIds: readonly string[]): Promise<Conversation[]>;
  journalSeq(): Promise<number>;
  saveNote(): Promise<NoteOutcome>;
  takeCallBack(): Promise<NoteOutcome>;
  dropCallBack(): Promise<NoteOutcome>;
  purgeJournal(): Promise<Conversation[]>;
  journalPageOf(): Promise<Conversation[]>;
  renewConversations(): Promise<Conversation[]>;
}

export function fakeJournalStore(open: readonly Conversation[] = []): FakeJournalStore {
  const store: FakeJournalStore = {
    saves: [],
    gate: undefined,
    failures: 0,
    openConversations: async () => structuredClone([...open]),
    async saveConversation(conversation) {
      await store.gate;
      if (store.failures > 0) {
        store.failures -= 1;
        throw new Error('disk full');
      }
      const seq = store.saves.length + 1;
      store.saves.push(structuredClone({ ...conversation, seq }));
      return { seq };
    },
    conversation: async (id) => store.saves.findLast(({ conversationId }) => conversationId === id),
    eraseConversations: async (ids) =>
      ids.flatMap((id) => store.saves.findLast((one) => one.conversationId === id) ?? []),
    journalSeq: async () => store.saves.length,
    saveNote: () => Promise.reject(new Error('notes are tested over a real store')),
    takeCallBack: () => Promise.reject(new Error('this is tested over a real store')),
    dropCallBack: () => Promise.reject(new Error('this is tested over a real store')),
    purgeJournal: () => Promise.reject(new Error('this is tested over a real store')),
    journalPageOf: () => Promise.reject(new Error('this is tested over a real store')),
    renewConversations: () => Promise.reject(new Error('this is tested over a real store')),
  };
  return store;
}

/** A journal at work, with its store and its clock. */
export async function journalRig(store = fakeJournalStore()): Promise<{
  journal: Journal;
  store: FakeJournalStore;
  clock: FakeClock;
}> {
  const clock = createFakeClock(START);
  const journal = await openJournal({ store, clock, log: pino({ level: 'silent' }) });
  return { journal, store, clock };
}

/** A change of a call at line `l-10` of conversation `v-1`, offered unless said otherwise. */
export function aChange(call: Partial<BoardCall> = {}, change: Partial<Omit<LegChange, 'call'>> = {}): LegChange {
  return {
    tenantId: 'company',
    lineId: 'l-10',
    isEstimated: false,
    ...change,
    call: {
      callId: 'c-1',
      callKey: 'k-1',
      conversationId: 'v-1',
      direction: 'inbound',
      state: 'offering',
      remote: { number: CALLER },
      answerReported: true,
      since: START,
      capabilities: [],
      ...call,
    },
  };
}

/** A leg as the journal keeps it: inbound at `l-10`, still ringing unless said otherwise. */
export function aJournalLeg(part: Partial<JournalLeg> = {}): JournalLeg {
  return {
    callId: `c-${part.lineId ?? 'l-10'}`,
    lineId: 'l-10',
    direction: 'inbound',
    remote: { number: CALLER },
    startedAt: isoAt(0),
    isEstimated: false,
    ...part,
  };
}

export function aConversation(legs: JournalLeg[], part: Partial<Conversation> = {}): Conversation {
  return {
    conversationId: 'v-1',
    tenantId: 'company',
    direction: 'inbound',
    startedAt: isoAt(0),
    seq: 1,
    legs,
    ...part,
  };
}
