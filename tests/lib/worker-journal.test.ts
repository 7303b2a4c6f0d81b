// The journal and what is written in it, through the worker: from the relay's frames to what views are told, over deaths
// of the worker and of the link.
import type { ClientMessage, ServerMessage } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import type { Desk } from '#lib/messages.ts';
import { aCall, aContact, aLine, anEntry } from '../components/builders.ts';
import { OWN_PAGE } from '../fakes/messaging.ts';
import { aDelta } from '../fakes/relay-messages.ts';
import { aPairedWorld, createWorkerWorld, settled } from '../fakes/worker-world.ts';

type World = ReturnType<typeof createWorkerWorld>;
type Said<Type extends ClientMessage['type']> = Extract<ClientMessage, { type: Type }>;

const MISSED = anEntry({ entryId: 'missed-1', outcome: 'missed', startedAt: '2026-11-20T14:00:00.000Z' });

const said = <Type extends ClientMessage['type']>(world: World, type: Type) =>
  world.relay.received.filter((message): message is Said<Type> => message.type === type);
const page = (id: string, ...items: (ServerMessage & { type: 'journal' })['items']): ServerMessage => ({
  type: 'journal',
  id,
  cursor: 'c1',
  items,
  more: false,
});
const stream = (...items: (ServerMessage & { type: 'journal' })['items']): ServerMessage => ({
  type: 'journal',
  cursor: '7',
  items,
  more: false,
});
const kept = ({ id, key }: { id: string; key: string }): ServerMessage => ({ type: 'result', id, key, state: 'done' });
const idsIn = ({ journal }: Desk) => journal.entries.map(({ entryId }) => entryId);

async function passes(world: World, ms: number): Promise<void> {
  world.clock.advance(ms);
  await settled();
}

async function restart(world: World): Promise<void> {
  await passes(world, 1_000);
  world.killWorker();
  await world.startWorker();
}

/** A view that is open, and what it was told, part by part. */
function openView(world: World) {
  const port = world.messaging.connect('view', OWN_PAGE);
  const told: Partial<Desk>[] = [];
  port.onMessage.addListener((message) => void told.push(message as Partial<Desk>)); // the worker's own
  return { port, told };
}

describe('the journal', () => {
  test('is asked for once the lines are there, and shown to views', async () => {
    const world = await aPairedWorld([aLine()]);
    expect(world.relay.received.map(({ type }) => type)).toEqual(['hello', 'subscribe', 'journal-page']);
    expect((await world.desk()).journal).toEqual({ entries: [], isLoaded: false, drafts: {} });
    await world.says(page(said(world, 'journal-page')[0]!.id, MISSED));
    await world.says(stream(anEntry({ entryId: 'e2', startedAt: '2026-11-20T15:00:00.000Z' })));
    const desk = await world.desk();
    expect([idsIn(desk), desk.journal.isLoaded]).toEqual([['e2', 'missed-1'], true]);
  });

  test('is still there after the worker was stopped, and its stream goes on where it was', async () => {
    const world = await aPairedWorld([aLine()]);
    await world.says(stream(MISSED));
    await restart(world);
    expect(idsIn(await world.desk())).toEqual(['missed-1']);
    expect(said(world, 'hello').at(-1)?.resume).toMatchObject({ journal: '7' });
    expect(said(world, 'journal-page')).toHaveLength(2);
  });

  test('an answer that came over the old link is not mixed with the new one’s', async () => {
    const world = await aPairedWorld([aLine()]);
    world.sockets.last().ends();
    await passes(world, 1_000);
    await world.greet();
    const [first, ...later] = said(world, 'journal-page');
    await world.says(page(later.at(-1)!.id, MISSED));
    await world.says(page(first!.id));
    expect(idsIn(await world.desk())).toEqual(['missed-1']);
  });

  test('is gone with the pairing, from storage, too', async () => {
    const world = await aPairedWorld([aLine()]);
    await world.says(stream(MISSED));
    await passes(world, 1_000);
    await world.ask('unpair');
    await settled();
    expect((await world.desk()).journal).toEqual({ entries: [], isLoaded: false, drafts: {} });
    expect(JSON.stringify([...world.storage.session.items])).not.toContain('missed-1');
  });

  test('is gone when the relay takes this browser’s right away', async () => {
    const world = await aPairedWorld([aLine()]);
    await world.says(stream(MISSED));
    await world.ask('note', { entryId: 'missed-1', text: 'Calls back.', userId: 'mia' });
    world.sockets.last().ends(4410, 'revoked');
    await settled();
    expect((await world.desk()).journal).toEqual({ entries: [], isLoaded: false, drafts: {} });
    expect(world.storage.local.items.get('notes')).toEqual({});
  });

  test('goes to views when it changes, and not with every change of the phones', async () => {
    const world = await aPairedWorld([aLine()]);
    const { told } = openView(world);
    await settled();
    const journals = () => told.filter((part) => part.journal).length;
    await world.says(aDelta([aLine({ state: 'busy' })]));
    await passes(world, 1_000);
    expect([told.length, journals()]).toEqual([2, 1]);
    await world.says(stream(MISSED));
    await passes(world, 1_000);
    expect(journals()).toBe(2);
  });

  test('a page of the past is fetched for whoever asks, and its filter passed on', async () => {
    const world = await aPairedWorld([aLine()]);
    const request = { before: 'c1', filter: { outcome: 'missed', text: 'krüger' } };
    const answer = world.ask('journal-page', request);
    await settled();
    const asked = said(world, 'journal-page').at(-1);
    expect(asked).toMatchObject(request);
    await world.says(page(asked!.id, MISSED, { entryId: 'x', gone: true }));
    expect(await answer).toEqual({ type: 'page', entries: [MISSED], cursor: 'c1', more: false });
    expect(idsIn(await world.desk())).toEqual([]);
  });
});

describe('missed calls', () => {
  test('are counted on the icon, in words, too, until they were looked at', async () => {
    const world = await aPairedWorld([aLine()]);
    await world.says(stream(MISSED));
    expect([world.texts.at(-1), world.titles.at(-1)]).toEqual(['1', 'Offhook · Connected · 1 missed call']);
    await world.ask('see-journal', { until: MISSED.startedAt });
    expect(world.texts.at(-1)).toBe('');
    expect(said(world, 'see-journal')).toEqual([{ type: 'see-journal', until: MISSED.startedAt }]);
  });

  test('that were looked at on another device are no news here', async () => {
    const world = await aPairedWorld([aLine()]);
    await world.says(stream(MISSED));
    await world.says({ type: 'journal-seen', until: MISSED.startedAt });
    expect([world.texts.at(-1), said(world, 'see-journal')]).toEqual(['', []]);
  });

  test('that were looked at while the relay was away are told to it when it is back', async () => {
    const world = await aPairedWorld([aLine()]);
    await world.says(stream(MISSED));
    world.sockets.last().ends();
    await world.ask('see-journal', { until: MISSED.startedAt });
    world.events.onAlarm.emit();
    await world.greet();
    await world.says({ type: 'journal-seen', until: '2026-11-19T00:00:00.000Z' });
    expect(said(world, 'see-journal')).toEqual([{ type: 'see-journal', until: MISSED.startedAt }]);
    expect(world.texts.at(-1)).toBe('');
  });
});

describe('a note', () => {
  const inCall = aLine({ calls: [aCall()] });
  const NOTE = { entryId: 'conversation-1', text: 'Wants an offer.' };
  const WRITTEN = { ...NOTE, userId: 'mia' };

  test('is a draft in every view until the relay has kept it, and stands in the entry then', async () => {
    const world = await aPairedWorld([inCall]);
    await world.says(stream(anEntry({ entryId: 'conversation-1' })));
    await world.ask('note', WRITTEN);
    expect((await world.desk()).journal.drafts).toEqual({
      'conversation-1': { text: 'Wants an offer.', state: 'saving' },
    });
    await passes(world, 600);
    await world.says(kept(said(world, 'note')[0]!));
    const { journal } = await world.desk();
    expect([journal.drafts, journal.entries[0]?.note]).toEqual([{}, 'Wants an offer.']);
  });

  test('is sent at once when the call ends', async () => {
    const world = await aPairedWorld([inCall]);
    await world.ask('note', WRITTEN);
    await world.says(aDelta([aLine({ calls: [aCall({ state: 'ended' })] })]));
    expect(said(world, 'note')).toMatchObject([NOTE]);
  });

  test('is sent at once when the view closes', async () => {
    const world = await aPairedWorld([inCall]);
    const { port } = openView(world);
    await world.ask('note', WRITTEN);
    port.disconnect();
    expect(said(world, 'note')).toMatchObject([NOTE]);
  });

  test('that was being written when the worker died is sent by the next one', async () => {
    const world = await aPairedWorld([inCall]);
    await world.ask('note', WRITTEN);
    world.killWorker();
    await world.startWorker();
    expect(said(world, 'note')).toMatchObject([NOTE]);
  });

  test('that was on its way when the worker died is asked about under its key', async () => {
    const world = await aPairedWorld([inCall]);
    await world.ask('note', WRITTEN);
    await passes(world, 600);
    world.killWorker();
    await world.startWorker();
    const [first, second] = said(world, 'note');
    expect(second).toEqual(first);
    await world.says(kept(second!));
    expect((await world.desk()).journal.drafts).toEqual({});
  });

  test('outlives the browser', async () => {
    const world = await aPairedWorld([inCall]);
    world.relay.isUp = false;
    world.sockets.last().ends();
    await world.ask('note', WRITTEN);
    world.killWorker();
    world.storage.session.items.clear();
    world.relay.isUp = true;
    await world.startWorker();
    expect(said(world, 'note')).toMatchObject([NOTE]);
  });

  test('says that it waits while the relay is away, and goes when it is back', async () => {
    const world = await aPairedWorld([inCall]);
    const { told } = openView(world);
    await settled();
    await world.ask('note', WRITTEN);
    world.sockets.last().ends();
    await passes(world, 100);
    expect(told.findLast((part) => part.journal)?.journal?.drafts).toMatchObject({
      'conversation-1': { state: 'waiting' },
    });
    world.events.onAlarm.emit();
    await world.greet();
    await passes(world, 600);
    expect(said(world, 'note')).toHaveLength(1);
  });

  test.each(['another user', 'nobody'])(
    'that was written while %s was signed in is not kept for this one',
    async (who) => {
      const world = await aPairedWorld([inCall]);
      const userId = who === 'nobody' ? undefined : 'ada';
      expect(await world.ask('note', { ...NOTE, userId })).toEqual({ type: 'done' });
      await passes(world, 600);
      expect([said(world, 'note'), world.storage.local.items.get('notes')]).toEqual([[], undefined]);
    },
  );

  test('that comes after the end of the pairing is not kept for the next one', async () => {
    const world = await aPairedWorld([inCall]);
    await world.ask('unpair');
    await world.ask('note', WRITTEN);
    await passes(world, 600);
    expect(JSON.stringify([...world.storage.local.items])).not.toContain('Wants an offer.');
  });

  test('of a call that is only pretended stays here', async () => {
    const world = await aPairedWorld([aLine()]);
    const { callId } = (await world.ask('sample-call')) as { callId: string }; // the worker's own answer
    await world.ask('note', { ...WRITTEN, entryId: callId });
    await passes(world, 600);
    expect(said(world, 'note')).toEqual([]);
  });
});

describe('contacts', () => {
  const found = (id: string): ServerMessage => ({
    type: 'contacts',
    id,
    matches: [{ contact: aContact({ contactId: 'c9', url: 'https://crm.example/contacts/c9' }), numbers: [] }],
    more: true,
  });

  test('are searched for by the relay, and open by what they were found as, also after the worker was stopped', async () => {
    const world = await aPairedWorld([aLine()]);
    const answer = world.ask('search', { text: '  krüger ' });
    await settled();
    const [asked] = said(world, 'search');
    expect(asked).toMatchObject({ text: 'krüger', limit: 20 });
    await world.says(found(asked!.id));
    expect(await answer).toMatchObject({ type: 'found', more: true, matches: [{ contact: { contactId: 'c9' } }] });
    await restart(world);
    expect(await world.ask('open-contact', { contactId: 'c9' })).toEqual({ type: 'done' });
    expect(world.opened).toEqual([{ url: 'https://crm.example/contacts/c9' }]);
  });

  test.each<[string, (world: World) => unknown]>([
    ['the pairing', (world) => world.ask('unpair')],
    ['the right to them', (world) => world.sockets.last().ends(4410, 'revoked')],
  ])('that were found are gone with %s, from storage, too', async (_title, ends) => {
    const world = await aPairedWorld([aLine()]);
    const answer = world.ask('search', { text: 'krüger' });
    await settled();
    await world.says(found(said(world, 'search')[0]!.id));
    await answer;
    expect(world.storage.session.items.has('foundContacts')).toBe(true);
    await ends(world);
    await settled();
    expect(world.storage.session.items.has('foundContacts')).toBe(false);
    expect(await world.ask('open-contact', { contactId: 'c9' })).toEqual({ type: 'failed' });
  });

  test('of an entry and of a call open by those', async () => {
    const world = await aPairedWorld([aLine({ calls: [aCall()] })]);
    await world.says(stream(MISSED));
    for (const key of [{ callId: 'call-1' }, { entryId: 'missed-1' }, { entryId: 'conversation-1' }]) {
      expect(await world.ask('open-contact', key), JSON.stringify(key)).toEqual({ type: 'done' });
    }
    expect(await world.ask('open-contact', { entryId: 'other' })).toEqual({ type: 'failed' });
    // Long past: only the view that asked the relay for it has it.
    const url = 'https://crm.example/contacts/c7';
    expect(await world.ask('open-contact', { entryId: 'other', url })).toEqual({ type: 'done' });
    expect(await world.ask('open-contact', { entryId: 'other', url: 'javascript:alert(1)' })).toEqual({
      type: 'failed',
    });
  });

  test('whose number it is, is asked of the relay', async () => {
    const world = await aPairedWorld([aLine()]);
    const number = { kind: 'e164', number: '+493023125042' };
    const answer = world.ask('lookup', { number });
    await settled();
    const [asked] = said(world, 'lookup');
    expect(asked).toMatchObject({ number });
    await world.says(found(asked!.id));
    expect(await answer).toMatchObject({ type: 'found' });
  });

  test('nothing is searched for without a text', async () => {
    const world = await aPairedWorld([aLine()]);
    expect(await world.ask('search', { text: '  ' })).toEqual({ type: 'found', matches: [], more: false });
    expect(said(world, 'search')).toEqual([]);
  });

  test('a text that is too long is cut, and what the relay does not know is said', async () => {
    const world = await aPairedWorld([aLine()]);
    const answer = world.ask('search', { text: 'x'.repeat(500) });
    await settled();
    const [asked] = said(world, 'search');
    expect(asked?.text).toHaveLength(128);
    await world.says({ type: 'error', id: asked!.id, code: 'unknown-type' });
    expect(await answer).toEqual({ type: 'failed', code: 'unknown-type' });
  });

  test('cannot be asked for before pairing, and not while the relay is away', async () => {
    const unpaired = createWorkerWorld();
    await unpaired.startWorker();
    expect(await unpaired.ask('search', { text: 'k' })).toEqual({ type: 'failed', code: 'not-paired' });
    const world = await aPairedWorld([aLine()]);
    world.sockets.last().ends();
    expect(await world.ask('lookup', { number: { kind: 'internal', number: '11' } })).toEqual({
      type: 'failed',
      code: 'relay-unreachable',
    });
  });
});
