// Notes over a real journal and a real store: who may write what about which call, and who hears of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Journal, openJournal } from '../../relay/src/journal.ts';
import { entryOf } from '../../relay/src/journal-entry.ts';
import { cleanText, MAX_NOTE_BYTES, shortened } from '../../relay/src/names.ts';
import { createNotes, type Notes } from '../../relay/src/notes.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { Conversation, Store } from '../../relay/src/store/store.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';
import { SEED } from '../fakes/store-rows.ts';
import { aGrant, aViewer, SILENT } from './builders.ts';
import { aChange, START } from './journal-rig.ts';

let dataDir = '';
let store: Store;
let journal: Journal;
let notes: Notes;
let clock: FakeClock;
let told: Conversation[] = [];
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-notes-'));
  store = openSqliteStore(dataDir);
  await store.seed({ ...SEED, tenants: [{ tenantId: 'company', name: 'Sample', country: 'DE' }, ...SEED.tenants] });
  clock = createFakeClock(START);
  journal = await openJournal({ store, clock, log: SILENT });
  notes = createNotes({ journal, clock, log: SILENT });
  told = [];
  journal.onConversation((conversation) => told.push(conversation));
});
afterEach(async () => {
  await journal.close();
  await store.close();
  rmSync(dataDir, { recursive: true });
});

const owner = (userId = 'ada', tenantId = 'company') =>
  aViewer({ userId, tenantId, grants: [{ userId, lineId: 'l-10', rights: [], isOwn: true }] });
const watcher = (...rights: Parameters<typeof aGrant>[2][]) =>
  aViewer({ userId: 'ben', tenantId: 'company', grants: [aGrant('ben', 'l-10', 'watch', ...rights)] });
let keys = 0;
function aNote(part: object = {}) {
  keys += 1;
  return { type: 'note' as const, id: 'm1', key: `k${keys}`, entryId: 'v-1', ...part };
}
const shownTo = (viewer: ReturnType<typeof owner>, conversation: Conversation) =>
  entryOf(conversation, { rightsOn: viewer.rightsOn, contactOf: () => undefined, lineName: () => undefined });

describe('writing about calls', () => {
  test('a call that has just begun can be written about before it is saved for the first time', async () => {
    journal.legChanged(aChange());
    // Not awaited: the call is still on its way to the store.
    const result = notes.write(owner(), aNote({ text: 'Wants an offer.' }));
    expect(await result).toEqual({ state: 'done' });
    expect(told.map(({ seq, note }) => [seq, note])).toEqual([
      [1, undefined],
      [2, { text: 'Wants an offer.' }],
    ]);
    journal.legChanged(aChange({ state: 'ended', cause: 'normal', endedAt: START + 9000 }));
    await journal.drained();
    expect(told.at(-1)).toMatchObject({ seq: 3, note: { text: 'Wants an offer.' } });
  });

  test('a call that is long over can be written about, and calls that are told of keep the order of their seq', async () => {
    journal.legChanged(aChange({ state: 'ended', cause: 'normal', endedAt: START + 9000 }));
    await journal.drained();
    clock.advance(600_000);
    const writes = Array.from({ length: 20 }, (_, n) => {
      journal.legChanged(aChange({ callId: `c-${n + 2}`, conversationId: `v-${n + 2}` }));
      return notes.write(owner(), aNote({ text: `note ${n}` }));
    });
    expect(new Set((await Promise.all(writes)).map(({ state }) => state))).toEqual(new Set(['done']));
    expect(told.map(({ seq }) => seq)).toEqual(Array.from({ length: 41 }, (_, n) => n + 1));
    expect((await store.conversation('v-1'))?.note).toEqual({ text: 'note 19' });
  });

  test('two that write at once: the last one wins, and the same writing again is done without changing anything', async () => {
    journal.legChanged(aChange());
    const [first, second] = [aNote({ text: 'first' }), aNote({ text: 'second' })];
    await Promise.all([notes.write(owner(), first), notes.write(owner('cleo'), second)]);
    expect(await notes.write(owner(), first)).toEqual({ state: 'done' });
    expect(await notes.write(owner(), { ...first, text: 'third' })).toEqual({ state: 'failed', code: 'key-reused' });
    const cleared = { ...first, disposition: null };
    expect(await notes.write(owner(), cleared)).toEqual({ state: 'failed', code: 'key-reused' });
    expect((await store.conversation('v-1'))?.note).toEqual({ text: 'second' });
  });

  test('a call that is not seen, one of another company and one that is not there get the same answer', async () => {
    journal.legChanged(aChange());
    await journal.drained();
    const unknown = { state: 'failed', code: 'call-unknown' };
    const stranger = aViewer({ tenantId: 'company', grants: [aGrant('user-1', 'l-11', 'watch', 'control')] });
    expect(await notes.write(stranger, aNote({ text: 'x' }))).toEqual(unknown);
    expect(await notes.write(owner('eve', 'a'), aNote({ text: 'x' }))).toEqual(unknown);
    expect(await notes.write(owner(), aNote({ text: 'x', entryId: 'v-9' }))).toEqual(unknown);
    expect(told).toHaveLength(1);
  });

  test('who may not read notes sets a disposition, but writes no text over what others wrote', async () => {
    journal.legChanged(aChange());
    await notes.write(owner(), aNote({ text: 'Erika from Example AG, +493023125042' }));
    for (const rights of [[], ['see-names'], ['see-numbers']] as const) {
      const result = await notes.write(watcher(...rights), aNote({ text: 'mine' }));
      expect(result).toEqual({ state: 'failed', code: 'not-permitted' });
      expect(await notes.write(watcher(...rights), aNote({ disposition: 'resolved' }))).toEqual({ state: 'done' });
      const entry = shownTo(watcher(...rights), told.at(-1)!);
      expect(entry).not.toHaveProperty('note');
      expect(entry).toMatchObject({ disposition: 'resolved' });
    }
    const reader = watcher('see-names', 'see-numbers');
    expect(shownTo(reader, told.at(-1)!)).toMatchObject({ note: 'Erika from Example AG, +493023125042' });
    expect(await notes.write(reader, aNote({ text: 'mine' }))).toEqual({ state: 'done' });
  });

  test('a merge keeps both notes and tells the whole of them; who still writes under the old name loses none', async () => {
    journal.legChanged(aChange());
    journal.legChanged(aChange({ callId: 'c-2', conversationId: 'v-2', since: START + 1000 }));
    await notes.write(owner(), aNote({ text: 'first call' }));
    await notes.write(owner(), aNote({ text: 'second', entryId: 'v-2' }));
    journal.joined({ from: 'v-2', into: 'v-1' });
    await journal.drained();
    expect(told.at(-1)).toMatchObject({ conversationId: 'v-1', note: { text: 'first call\nsecond' } });
    expect(await notes.write(owner(), aNote({ text: 'second call', entryId: 'v-2' }))).toEqual({ state: 'done' });
    expect(told.at(-1)).toMatchObject({ conversationId: 'v-1', note: { text: 'first call\nsecond call' } });
  });

  test('who sees both notes replaces both; what he sees is compared as it is kept', async () => {
    journal.legChanged(aChange());
    journal.legChanged(aChange({ callId: 'c-2', conversationId: 'v-2', since: START + 1000 }));
    await notes.write(owner(), aNote({ text: 'first' }));
    await notes.write(owner(), aNote({ text: 'second', entryId: 'v-2' }));
    journal.joined({ from: 'v-2', into: 'v-1' });
    await journal.drained();
    await notes.write(owner(), aNote({ text: 'first call', base: 'first' }));
    expect(told.at(-1)).toMatchObject({ note: { text: 'first call\nsecond' } });
    const note = aNote({ text: 'all', base: 'first call\r\nsecond\u202e' });
    await notes.write(owner(), note);
    expect(told.at(-1)).toMatchObject({ note: { text: 'all' } });
    expect(await notes.write(owner(), { ...note, base: 'all' })).toMatchObject({ code: 'key-reused' });
  });

  test('a store that fails is told to the writer, who may send the same again', async () => {
    journal.legChanged(aChange());
    await journal.drained();
    const failing = { ...store, saveNote: () => Promise.reject(new Error('disk full')) };
    const other = await openJournal({ store: failing, clock, log: SILENT });
    const note = aNote({ text: 'kept at the second try' });
    expect(await createNotes({ journal: other, clock, log: SILENT }).write(owner(), note)).toEqual({
      state: 'failed',
      code: 'internal',
    });
    await other.close();
    expect(await notes.write(owner(), note)).toEqual({ state: 'done' });
  });

  test('once the journal is closed nothing is kept, and nobody waits for it', async () => {
    journal.legChanged(aChange());
    await journal.close();
    expect(await notes.write(owner(), aNote({ text: 'late' }))).toEqual({ state: 'failed', code: 'internal' });
  });
});

describe('what is kept of a text', () => {
  test('lines and tabs stay, what steers a terminal or the direction of text goes', async () => {
    expect(cleanText('a\tb\r\nc\rd\u2028e\u001b[31m\u0000\u202eevil\u2066\u200b')).toBe('a\tb\nc\nd\ne[31mevil');
    expect(cleanText('می\u200cخواهم')).toBe('می\u200cخواهم');
    journal.legChanged(aChange());
    await notes.write(owner(), aNote({ text: 'Price: 5\u202e\u0007 €\r\nthen' }));
    expect(told.at(-1)?.note?.text).toBe('Price: 5 €\nthen');
  });

  test('what is cut is cut between characters, and is never longer than it may be', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 0, max: 80 }), (text, maxBytes) => {
        const cut = shortened(cleanText(text), maxBytes);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(maxBytes);
        expect(cleanText(text).startsWith(cut)).toBe(true);
      }),
    );
  });

  test('two long notes that became one are cut on the wire only', async () => {
    journal.legChanged(aChange());
    journal.legChanged(aChange({ callId: 'c-2', conversationId: 'v-2', since: START + 1000 }));
    await notes.write(owner(), aNote({ text: 'ä'.repeat(MAX_NOTE_BYTES / 2) }));
    await notes.write(owner(), aNote({ text: 'ö'.repeat(MAX_NOTE_BYTES / 2), entryId: 'v-2' }));
    journal.joined({ from: 'v-2', into: 'v-1' });
    await journal.drained();
    const whole = told.at(-1)!;
    expect(whole.note?.text).toHaveLength(MAX_NOTE_BYTES + 1);
    expect(shownTo(owner(), whole)).toMatchObject({ note: 'ä'.repeat(MAX_NOTE_BYTES / 2) });
  });
});
