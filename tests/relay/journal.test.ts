import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../relay/src/store/store.ts';
import { aChange, aConversation, aJournalLeg, fakeJournalStore, isoAt, journalRig, START } from './journal-rig.ts';

describe('writing calls down', () => {
  it('saves a new leg, its answer and its end, and nothing for a hold', async () => {
    const { journal, store } = await journalRig();
    journal.legChanged(aChange());
    await journal.drained();
    journal.legChanged(aChange({ state: 'connected', connectedSince: START + 5000 }));
    await journal.drained();
    journal.legChanged(aChange({ state: 'held', connectedSince: START + 5000 }));
    journal.legChanged(aChange({ state: 'connected', connectedSince: START + 5000 }));
    await journal.drained();
    const over = { state: 'ended', cause: 'normal', endedAt: START + 9000 } as const;
    journal.legChanged(aChange({ ...over, connectedSince: START + 5000 }));
    await journal.drained();
    expect(store.saves).toHaveLength(3);
    expect(store.saves.at(-1)).toMatchObject({
      conversationId: 'v-1',
      startedAt: isoAt(0),
      legs: [{ callId: 'c-1', startedAt: isoAt(0), connectedAt: isoAt(5), endedAt: isoAt(9), cause: 'normal' }],
    });
  });

  it('never makes the caller wait, and writes what waited once, in its newest form', async () => {
    const { journal, store } = await journalRig();
    let open = () => {};
    store.gate = new Promise((resolve) => {
      open = resolve;
    });
    journal.legChanged(aChange());
    for (const callId of ['c-2', 'c-3', 'c-4']) journal.legChanged(aChange({ callId }));
    expect(store.saves).toEqual([]);
    open();
    await journal.drained();
    expect(store.saves.map(({ legs }) => legs.length)).toEqual([1, 4]);
  });

  it('keeps the order over a store that fails, and tries again after a second', async () => {
    const { journal, store, clock } = await journalRig();
    store.failures = 1;
    journal.legChanged(aChange());
    journal.legChanged(aChange({ callId: 'c-2', conversationId: 'v-2' }));
    const drained = journal.drained();
    await new Promise((resolve) => setImmediate(resolve));
    expect(store.saves).toEqual([]);
    clock.advance(1000);
    await drained;
    expect(store.saves.map(({ conversationId }) => conversationId)).toEqual(['v-1', 'v-2']);
  });

  it('tells who waits behind a call that cannot be saved at once, instead of when there is room again', async () => {
    const { journal, store, clock } = await journalRig();
    store.failures = 2;
    journal.legChanged(aChange());
    const note = { userId: 'ada', key: 'k', argsHash: 'h', conversationId: 'v-1', text: 'Offer', writtenAt: isoAt(0) };
    await expect(journal.writeNote(note)).rejects.toThrow('disk full');
    const later = journal.writeNote(note);
    clock.advance(1000);
    await expect(later).rejects.toThrow('disk full');
  });

  it('saves what waits when it is closed', async () => {
    const { journal, store, clock } = await journalRig();
    store.failures = 1;
    journal.legChanged(aChange());
    await new Promise((resolve) => setImmediate(resolve));
    await journal.close();
    expect(store.saves).toHaveLength(1);
    expect(clock.pending()).toBe(0);
  });

  it('tells listeners after the save, with its number, and survives one that fails', async () => {
    const { journal, store } = await journalRig();
    const heard: Conversation[] = [];
    journal.onConversation(() => {
      throw new Error('a listener of no use');
    });
    journal.onConversation((conversation) => {
      expect(store.saves.at(-1)?.seq).toBe(conversation.seq);
      heard.push(conversation);
    });
    journal.legChanged(aChange());
    await journal.drained();
    expect(heard).toMatchObject([{ conversationId: 'v-1', seq: 1 }]);
  });

  it('marks the moment of an answer that nobody saw as an estimate', async () => {
    const { journal, store } = await journalRig();
    journal.legChanged(aChange({ state: 'connected' }, { isEstimated: true }));
    await journal.drained();
    expect(store.saves[0]?.legs).toMatchObject([{ connectedAt: isoAt(0), isEstimated: true }]);
  });

  it('forgets what ended long ago, so that memory does not grow with the day', async () => {
    const { journal, clock } = await journalRig();
    journal.legChanged(aChange({ state: 'ended', endedAt: START }));
    await journal.drained();
    expect(journal.conversationOf('c-1')?.conversationId).toBe('v-1');
    clock.advance(180_001);
    journal.legChanged(aChange({ callId: 'c-2', conversationId: 'v-2' }));
    expect(journal.conversationOf('c-1')).toBeUndefined();
    expect(journal.conversationOf('c-2')?.conversationId).toBe('v-2');
  });
});

describe('two conversations that become one', () => {
  it('are written whole first; the other one keeps its legs and says where it went', async () => {
    const { journal, store } = await journalRig();
    journal.legChanged(aChange());
    journal.legChanged(aChange({ callId: 'c-2', conversationId: 'v-2', since: START + 1000 }, { lineId: 'l-11' }));
    await journal.drained();
    const before = store.saves.length;
    journal.joined({ from: 'v-2', into: 'v-1' });
    await journal.drained();
    expect(store.saves.slice(before)).toMatchObject([
      { conversationId: 'v-1', legs: [{ callId: 'c-1' }, { callId: 'c-2' }] },
      { conversationId: 'v-2', mergedInto: 'v-1', legs: [{ callId: 'c-2' }] },
    ]);
    expect(journal.conversationOf('c-2')?.conversationId).toBe('v-1');
  });

  it('pass over one of which nothing was written', async () => {
    const { journal, store } = await journalRig();
    journal.joined({ from: 'v-2', into: 'v-1' });
    await journal.drained();
    expect(store.saves).toEqual([]);
  });
});

describe('after a restart', () => {
  const open = aConversation([aJournalLeg({ callId: 'c-1', connectedAt: isoAt(3) })]);

  it('a call that the phone system does not know any more has ended, by estimate, of unknown cause', async () => {
    const { journal, store, clock } = await journalRig(fakeJournalStore([open]));
    clock.advance(60_000);
    journal.synced({ lineIds: ['l-10'], liveCallIds: new Set() });
    await journal.drained();
    expect(store.saves).toMatchObject([
      {
        conversationId: 'v-1',
        legs: [{ endedAt: isoAt(60), cause: 'unknown', isEstimated: true, connectedAt: isoAt(3) }],
      },
    ]);
  });

  it('a call that had failed keeps the cause that was told of it', async () => {
    const { journal, store } = await journalRig();
    journal.legChanged(aChange({ direction: 'outbound', state: 'failed', cause: 'busy' }));
    journal.synced({ lineIds: ['l-10'], liveCallIds: new Set() });
    await journal.drained();
    expect(store.saves.at(-1)?.legs).toMatchObject([{ endedAt: isoAt(0), cause: 'busy', isEstimated: true }]);
  });

  it('a call of another phone system is left alone', async () => {
    const { journal, store } = await journalRig(fakeJournalStore([open]));
    journal.synced({ lineIds: ['l-99'], liveCallIds: new Set() });
    await journal.drained();
    expect(store.saves).toEqual([]);
  });

  it('a call that goes on is the same row, with the times that were known', async () => {
    const { journal, store } = await journalRig(fakeJournalStore([open]));
    expect(journal.conversationOf('c-1')).toEqual({ conversationId: 'v-1', startedAt: START });
    journal.synced({ lineIds: ['l-10'], liveCallIds: new Set(['c-1']) });
    journal.legChanged(aChange({ state: 'connected', since: START + 50_000 }, { isEstimated: true }));
    await journal.drained();
    expect(store.saves.at(-1)).toMatchObject({
      conversationId: 'v-1',
      legs: [{ callId: 'c-1', startedAt: isoAt(0), connectedAt: isoAt(3) }],
    });
    expect(store.saves.at(-1)?.legs).toHaveLength(1);
  });

  it('a merge of which only one half was written is finished', async () => {
    const legs = [aJournalLeg({ callId: 'c-1' }), aJournalLeg({ callId: 'c-2', startedAt: isoAt(1) })];
    const whole = aConversation(legs);
    const half = aConversation(legs.slice(1), { conversationId: 'v-2', startedAt: isoAt(1), seq: 2 });
    const { journal, store } = await journalRig(fakeJournalStore([whole, half]));
    await journal.drained();
    expect(store.saves).toMatchObject([
      { conversationId: 'v-1', legs: [{ callId: 'c-1' }, { callId: 'c-2' }] },
      { conversationId: 'v-2', mergedInto: 'v-1' },
    ]);
    expect(journal.conversationOf('c-2')?.conversationId).toBe('v-1');
  });
});
