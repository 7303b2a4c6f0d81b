import type { ServerMessage } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import { createJournalFanOut } from '../../relay/src/journal-fan-out.ts';
import { createJournalFeed, type JournalFeedContext } from '../../relay/src/journal-feed.ts';
import { createOutlet } from '../../relay/src/outlet.ts';
import type { Conversation } from '../../relay/src/store/store.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { aGrant, aViewer, settled } from './builders.ts';

type JournalFrame = ServerMessage & { type: 'journal' };

function aConversation(seq: number, parts: Partial<Conversation> = {}): Conversation {
  return {
    conversationId: `conversation-${String(seq).padStart(5, '0')}`,
    tenantId: 'tenant-1',
    direction: 'inbound',
    startedAt: new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString(),
    legs: [{ callId: `call-${seq}`, lineId: 'line-1' } as Conversation['legs'][number]], // all that is read here
    seq,
    ...parts,
  };
}

/** A journal in memory; `beforeRead` runs before each read of the store. */
function aJournal({ noteBytes = 0 } = {}) {
  const clock = createFakeClock();
  const saved: Conversation[] = [];
  const listeners = new Set<(conversation: Conversation) => void>();
  const frames: JournalFrame[] = [];
  const state = { buffered: 0, viewer: aViewer(), beforeRead: () => {} };
  const save = (conversation: Conversation): void => {
    saved.push(conversation);
    for (const listener of listeners) listener(conversation);
  };
  const fanOut = createJournalFanOut((listener) => listeners.add(listener));
  const watching = new Set<object>();
  const context: JournalFeedContext = {
    async since({ tenantId, seq, limit }) {
      const found = saved.filter((one) => one.tenantId === tenantId && one.seq > seq).slice(0, limit);
      // What is saved after the read, and before its answer is here, is what falls between.
      state.beforeRead();
      return found;
    },
    async page({ lineIds, before, limit }) {
      const [at = '', id = ''] = (before ?? '~').split(' ');
      return saved
        .filter(({ startedAt, conversationId }) => startedAt < at || (startedAt === at && conversationId < id))
        .filter(({ legs }) => legs.some(({ lineId }) => lineIds.includes(lineId)))
        .sort((a, b) => (`${a.startedAt} ${a.conversationId}` < `${b.startedAt} ${b.conversationId}` ? 1 : -1))
        .slice(0, limit);
    },
    seq: async () => saved.at(-1)?.seq ?? 0,
    fanOut: {
      ...fanOut,
      watch(watcher, viewer) {
        watching.add(watcher);
        fanOut.watch(watcher, viewer);
      },
      unwatch(watcher) {
        watching.delete(watcher);
        fanOut.unwatch(watcher);
      },
    },
    entryFor(viewer, conversation) {
      const leg = conversation.legs.find(({ lineId }) => viewer.rightsOn(lineId).has('watch'));
      return (
        leg && {
          entryId: conversation.conversationId,
          conversationId: conversation.conversationId,
          direction: 'inbound',
          lineId: leg.lineId,
          remote: { number: { kind: 'anonymous' }, verified: false },
          startedAt: conversation.startedAt,
          isEstimated: false,
          ...(noteBytes > 0 && { note: 'n'.repeat(noteBytes) }),
        }
      );
    },
    watchedLines: (viewer) => ['line-1', 'line-2', 'line-3'].filter((lineId) => viewer.rightsOn(lineId).has('watch')),
  };
  const feed = createJournalFeed({
    context,
    viewer: () => state.viewer,
    send: (message) => frames.push(message as JournalFrame), // the only kind that it sends
    outlet: createOutlet({ bufferedBytes: () => state.buffered, clock, onStalled: () => undefined }),
  });
  const ids = () => frames.flatMap(({ items }) => items.map(({ entryId }) => Number(entryId.slice(-5))));
  return { ...feed, clock, frames, state, save, ids, watching };
}

describe('journal: the stream', () => {
  test('what is saved while the client catches up comes in its turn, and no cursor jumps over it', async () => {
    const journal = aJournal();
    for (let seq = 1; seq <= 450; seq += 1) journal.save(aConversation(seq));
    let next = 451;
    journal.state.beforeRead = () => {
      if (next <= 455) journal.save(aConversation(next++));
    };
    await journal.start('0');
    journal.save(aConversation(456));
    expect(journal.ids()).toEqual(Array.from({ length: 456 }, (_, n) => n + 1));
    // A link that breaks after any frame goes on from that frame's cursor without a gap.
    let highest = 0;
    for (const { cursor, items } of journal.frames) {
      highest = Math.max(highest, ...items.map(({ entryId }) => Number(entryId.slice(-5))));
      expect(Number(cursor)).toBeLessThanOrEqual(highest);
    }
    expect(journal.frames.at(-1)).toMatchObject({ cursor: '456', more: false });
  });

  test('without a cursor it begins now, and the client learns where that is', async () => {
    const journal = aJournal();
    journal.save(aConversation(7));
    await journal.start(undefined);
    expect(journal.frames).toMatchObject([{ cursor: '7', items: [], more: false }]);
    journal.save(aConversation(8));
    expect(journal.ids()).toEqual([8]);
  });

  test('a cursor from the future begins now', async () => {
    const journal = aJournal();
    journal.save(aConversation(7));
    await journal.start('999');
    journal.save(aConversation(8));
    expect(journal.ids()).toEqual([8]);
  });

  test('only conversations of watched lines and of the own tenant come', async () => {
    const journal = aJournal();
    const elsewhere = { legs: [{ callId: 'x', lineId: 'line-2' } as Conversation['legs'][number]] }; // as above
    journal.save(aConversation(1, elsewhere));
    await journal.start('0');
    journal.save(aConversation(2, elsewhere));
    journal.save(aConversation(3, { tenantId: 'tenant-2' }));
    journal.save(aConversation(4));
    expect(journal.ids()).toEqual([4]);
  });

  test('a right that was lost while the store was read is not used any more', async () => {
    const journal = aJournal();
    journal.save(aConversation(1));
    journal.state.beforeRead = () => {
      journal.state.viewer = aViewer({ grants: [] });
    };
    await journal.start('0');
    expect(journal.ids()).toEqual([]);
  });

  test('entries with long notes go out in frames that a client must take, as fast as it takes them', async () => {
    const journal = aJournal({ noteBytes: 8_000 });
    for (let seq = 1; seq <= 100; seq += 1) journal.save(aConversation(seq));
    journal.state.buffered = 1;
    const started = journal.start('0');
    await settled();
    expect(journal.frames).toEqual([]);
    journal.state.buffered = 0;
    journal.clock.advance(25);
    await started;
    expect(journal.ids()).toHaveLength(100);
    for (const frame of journal.frames) expect(JSON.stringify(frame).length).toBeLessThan(80_000);
    expect(journal.frames.slice(0, -1).every(({ more }) => more)).toBe(true);
  });

  test('of a line that is granted while it runs, every later call comes; of one that is taken away, none', async () => {
    const journal = aJournal();
    const onLine = (lineId: string) => ({ legs: [{ callId: 'x', lineId } as Conversation['legs'][number]] }); // as above
    await journal.start(undefined);
    journal.state.viewer = aViewer({ grants: [aGrant('user-1', 'line-2', 'watch')] });
    journal.save(aConversation(1, onLine('line-1')));
    journal.rewatch();
    journal.save(aConversation(2, onLine('line-2')));
    journal.save(aConversation(3, onLine('line-1')));
    expect(journal.ids()).toEqual([2]);
  });

  test('it ends when the client does not want it any more, and begins again', async () => {
    const journal = aJournal();
    await journal.start(undefined);
    journal.stop();
    journal.save(aConversation(1));
    expect(journal.ids()).toEqual([]);
    await journal.start('0');
    expect(journal.ids()).toEqual([1]);
    journal.close();
    expect(journal.watching.size).toBe(0);
  });
});

describe('journal: pages', () => {
  async function allPages(journal: ReturnType<typeof aJournal>, filter?: { lineId: string }) {
    const seen: string[] = [];
    for (let before: string | undefined, more = true; more; ) {
      await journal.page({
        type: 'journal-page',
        id: 'id-1',
        ...(before !== undefined && { before }),
        ...(filter && { filter }),
      });
      const frame = journal.frames.at(-1)!;
      expect(frame.id).toBe('id-1');
      seen.push(...frame.items.map(({ entryId }) => entryId));
      [before, more] = [frame.cursor, frame.more];
    }
    return seen;
  }

  test.each([
    ['short', 0],
    ['long', 8_000],
  ])('every %s entry comes once, also of calls that began at the same moment', async (_what, noteBytes) => {
    const journal = aJournal({ noteBytes });
    const startedAt = '2026-01-01T09:00:00.000Z';
    for (let seq = 1; seq <= 120; seq += 1) journal.save(aConversation(seq, { startedAt }));
    const seen = await allPages(journal);
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
    for (const { cursor } of journal.frames) expect(cursor.length).toBeLessThanOrEqual(64);
  });

  test('a line that is not watched and one that does not exist have the same empty page', async () => {
    const journal = aJournal();
    journal.state.viewer = aViewer({ grants: [aGrant('user-1', 'line-1', 'watch')] });
    journal.save(aConversation(1, { legs: [{ callId: 'x', lineId: 'line-2' } as Conversation['legs'][number]] })); // as above
    expect(await allPages(journal, { lineId: 'line-2' })).toEqual([]);
    expect(await allPages(journal, { lineId: 'line-99' })).toEqual([]);
    expect(journal.frames[0]).toEqual(journal.frames[1]);
  });
});
