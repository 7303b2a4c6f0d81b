// What is kept of notes: none is lost when conversations become one, a writing counts once, and marks only move forward.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { ConversationDraft, NoteWriting, Store } from '../../relay/src/store/store.ts';
import { AT, aConversation, aLeg, SEED } from '../fakes/store-rows.ts';

let dataDir = '';
let store: Store;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-notes-'));
  store = openSqliteStore(dataDir);
  await store.seed(SEED);
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

function aWriting(part: Partial<NoteWriting> = {}): NoteWriting {
  const key = `${part.conversationId ?? 'v1'} ${part.text} ${part.disposition}`;
  return { userId: 'a.anna', key, argsHash: key, conversationId: 'v1', writtenAt: AT, ...part };
}

function numbered(n: number, part: Partial<ConversationDraft> = {}): ConversationDraft {
  const startedAt = `2026-11-21T10:0${n}:00.000Z`;
  return aConversation({ conversationId: `v${n}`, startedAt, legs: [aLeg({ callId: `c${n}` })], ...part });
}

const noteOf = async (conversationId: string) => (await store.conversation(conversationId))?.note;

describe('writing', () => {
  test('a note is read back with its conversation, in every way to read one, and raises its seq', async () => {
    const { seq } = await store.saveConversation(numbered(1));
    const written = await store.saveNote(aWriting({ text: 'Wants an offer.', disposition: 'callBack' }));
    expect(written).toEqual({ type: 'kept', changedId: 'v1' });
    await store.close();
    store = openSqliteStore(dataDir);
    const kept = await store.conversation('v1');
    expect(kept).toMatchObject({ seq: seq + 1, note: { text: 'Wants an offer.', disposition: 'callBack' } });
    expect(await store.journalSince({ tenantId: 'a', seq, limit: 5 })).toEqual([kept]);
    expect(await store.journalPage({ tenantId: 'a', lineIds: ['l1'], limit: 5 })).toEqual([kept]);
    expect(await store.openConversations()).toEqual([kept]);
  });

  test('the note stays when the call goes on, and what is left out of a writing stays as it is', async () => {
    await store.saveConversation(numbered(1));
    await store.saveNote(aWriting({ text: 'one' }));
    await store.saveNote(aWriting({ disposition: 'resolved' }));
    expect((await store.saveConversation(numbered(1))).note).toEqual({ text: 'one', disposition: 'resolved' });
    await store.saveNote(aWriting({ text: 'two' }));
    expect(await noteOf('v1')).toEqual({ text: 'two', disposition: 'resolved' });
    await store.saveNote(aWriting({ disposition: null }));
    expect(await noteOf('v1')).toEqual({ text: 'two' });
    await store.saveNote(aWriting({ text: '' }));
    expect(await noteOf('v1')).toBeUndefined();
  });

  test('the same writing again changes nothing, also after a later one and a restart', async () => {
    await store.saveConversation(numbered(1));
    const first = aWriting({ text: 'first', key: 'k1' });
    await store.saveNote(first);
    await store.saveNote(aWriting({ userId: 'b.ben', text: 'second', key: 'k1' }));
    await store.close();
    store = openSqliteStore(dataDir);
    const seq = await store.journalSeq();
    expect(await store.saveNote(first)).toEqual({ type: 'repeated' });
    expect(await store.saveNote({ ...first, argsHash: 'other', text: 'other' })).toEqual({ type: 'key-reused' });
    expect(await noteOf('v1')).toEqual({ text: 'second' });
    expect(await store.journalSeq()).toBe(seq);
  });

  test('keys are forgotten by age', async () => {
    await store.saveConversation(numbered(1));
    await store.saveNote(aWriting({ key: 'old', argsHash: 'x', text: 'old', writtenAt: '2026-11-20T09:59:59.999Z' }));
    await store.saveNote(aWriting({ key: 'new', argsHash: 'x', text: 'new', writtenAt: '2026-11-20T10:00:00.000Z' }));
    await store.forgetNoteKeys('2026-11-20T10:00:00.000Z');
    expect(await store.saveNote(aWriting({ key: 'new', argsHash: 'x', text: 'new' }))).toEqual({ type: 'repeated' });
    expect(await store.saveNote(aWriting({ key: 'old', argsHash: 'x', text: 'old' }))).toMatchObject({ type: 'kept' });
  });

  test('about a conversation that is not there nothing is written, and its key stays free', async () => {
    expect(await store.saveNote(aWriting({ text: 'x' }))).toEqual({ type: 'unknown' });
    await store.saveConversation(numbered(1));
    expect(await store.saveNote(aWriting({ text: 'x' }))).toEqual({ type: 'kept', changedId: 'v1' });
  });
});

describe('conversations that become one', () => {
  test('the note of the older one comes first, that of the younger one below it, in whatever order they were written', async () => {
    await store.saveConversation(numbered(1));
    await store.saveConversation(numbered(2));
    await store.saveNote(aWriting({ conversationId: 'v2', text: 'younger', disposition: 'leftMessage' }));
    await store.saveNote(aWriting({ conversationId: 'v1', text: 'older' }));
    const saved = await store.saveConversation(numbered(2, { mergedInto: 'v1' }));
    expect(saved.note).toEqual({ text: 'younger', disposition: 'leftMessage' });
    expect(await noteOf('v1')).toEqual({ text: 'older\nyounger', disposition: 'leftMessage' });
    expect(await noteOf('v2')).toBeUndefined();
  });

  test('a text for the whole replaces all of it; one under the younger name only what was written there', async () => {
    for (const n of [1, 2]) await store.saveConversation(numbered(n));
    await store.saveNote(aWriting({ conversationId: 'v1', text: 'older' }));
    await store.saveNote(aWriting({ conversationId: 'v2', text: 'youn' }));
    await store.saveConversation(numbered(2, { mergedInto: 'v1' }));
    expect(await store.saveNote(aWriting({ conversationId: 'v2', text: 'younger', disposition: 'resolved' }))).toEqual({
      type: 'kept',
      changedId: 'v1',
    });
    expect(await noteOf('v1')).toEqual({ text: 'older\nyounger', disposition: 'resolved' });
    await store.saveNote(
      aWriting({ conversationId: 'v1', text: 'all of it', base: 'older\nyounger', disposition: null }),
    );
    expect(await noteOf('v1')).toEqual({ text: 'all of it' });
  });

  test('a text of somebody who has not seen the other note leaves it there, with every letter that follows', async () => {
    for (const n of [1, 2]) await store.saveConversation(numbered(n));
    await store.saveNote(aWriting({ conversationId: 'v1', text: 'older' }));
    await store.saveNote(aWriting({ conversationId: 'v2', text: 'younger' }));
    await store.saveConversation(numbered(2, { mergedInto: 'v1' }));
    for (const [text, base] of [['older!', 'older'], ['older!!', 'older'], ['older?']] as const) {
      await store.saveNote(aWriting({ text, base, key: text }));
      expect(await noteOf('v1')).toEqual({ text: `${text}\nyounger` });
    }
    await store.saveNote(aWriting({ text: 'one', base: 'older?\nyounger' }));
    expect(await noteOf('v1')).toEqual({ text: 'one' });
  });

  test('along a chain of merges, in either order, every note arrives', async () => {
    for (const order of [
      [3, 2],
      [2, 3],
    ]) {
      for (const n of [1, 2, 3]) {
        await store.saveConversation(numbered(n));
        await store.saveNote(aWriting({ conversationId: `v${n}`, text: `note ${n}`, key: `${order} ${n}` }));
      }
      for (const n of order) await store.saveConversation(numbered(n, { mergedInto: `v${n - 1}` }));
      expect((await noteOf('v1'))?.text?.split('\n').toSorted()).toEqual(['note 1', 'note 2', 'note 3']);
      expect(await noteOf('v2')).toBeUndefined();
      for (const n of [2, 3]) await store.saveConversation(numbered(n));
      await store.saveNote(aWriting({ text: '', base: (await noteOf('v1'))?.text, key: `clear ${order}` }));
    }
  });
});

test('a mark moves forward only, for its own user, and survives a restart', async () => {
  const minute = fc.integer({ min: 0, max: 59 });
  let latest = -1;
  await fc.assert(
    fc.asyncProperty(minute, async (at) => {
      const until = `2026-11-21T10:${String(at).padStart(2, '0')}:00.000Z`;
      expect(await store.moveJournalMark('a.anna', until)).toBe(at > latest);
      latest = Math.max(latest, at);
      expect(await store.journalMark('a.anna')).toBe(`2026-11-21T10:${String(latest).padStart(2, '0')}:00.000Z`);
    }),
    { numRuns: 50 },
  );
  expect(await store.journalMark('b.ben')).toBeUndefined();
  await store.close();
  store = openSqliteStore(dataDir);
  expect(await store.journalMark('a.anna')).toContain('2026-11-21T10:');
});
