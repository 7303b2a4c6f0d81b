// Notes, the journal's mark and the search for contacts through the relay as a process and real browsers' connections.
import type { JournalEntry, ServerMessage } from '@offhook/protocol';
import { afterEach, expect, test } from 'vitest';
import { codeIn, type LoneRelay, pairBrowser, signInTo, startLoneRelay } from './process-rig.ts';
import type { WireClient } from './wire-client.ts';

const CONTACTS = 'Name;Firma;Telefon;Mobil\nErika Müster;Beispiel AG;030 23125042;0171 3920001\n';

let relay: LoneRelay;
afterEach(() => relay.close());

async function browserOf(user: string): Promise<WireClient> {
  const device = await pairBrowser(relay.url, codeIn(await relay.cli('pair', user)));
  const { client } = await signInTo(relay.url, device);
  await client.next('snapshot');
  await client.next('journal');
  return client;
}

/** The next live entry for which this holds. */
async function entry(client: WireClient, holds: (entry: JournalEntry) => boolean): Promise<JournalEntry> {
  for (;;) {
    const { items } = await client.next('journal');
    for (const item of items) if (!('gone' in item) && holds(item)) return item;
  }
}

async function answerTo<Type extends 'contacts' | 'result' | 'journal'>(
  client: WireClient,
  type: Type,
  question: object,
): Promise<Extract<ServerMessage, { type: Type }>> {
  client.send(question);
  return client.next(type);
}

test('a note on a ringing call reaches every browser that sees the call, the command line, and nobody else', async () => {
  relay = await startLoneRelay({ contacts: CONTACTS });
  const [desk, laptop, ben] = [await browserOf('ada'), await browserOf('ada'), await browserOf('ben')];
  relay.simulator.exchange.callIn({ to: '10', from: '03023125042' });
  const { entryId, remote } = await entry(desk, () => true);
  expect(remote).toMatchObject({ name: 'Erika Müster', verified: true });
  const note = { type: 'note', id: 'm1', key: 'n1', entryId, text: 'Wants an offer.\u202e', disposition: 'callBack' };
  expect(await answerTo(desk, 'result', note)).toMatchObject({ id: 'm1', key: 'n1', state: 'done' });
  for (const client of [desk, laptop]) {
    const written = await entry(client, (one) => one.note !== undefined);
    expect(written).toMatchObject({ entryId, note: 'Wants an offer.', disposition: 'callBack' });
  }
  const notHis = await answerTo(ben, 'result', { ...note, key: 'n2' });
  expect(notHis).toMatchObject({ state: 'failed', code: 'call-unknown' });
  expect(ben.frames.flatMap((frame) => (frame.type === 'journal' ? frame.items : []))).toEqual([]);
  expect(await relay.cli('journal', '--limit', '5')).toMatchObject([{ entryId, note: 'Wants an offer.' }]);
  const page = await answerTo(laptop, 'journal', { type: 'journal-page', id: 'm3', filter: { text: 'OFFER' } });
  expect(page).toMatchObject({ id: 'm3', more: false, items: [{ entryId }] });
  for (const client of [desk, laptop, ben]) client.socket.terminate();
});

test('contacts are searched over the wire, and the mark of the journal is there at the next sign-in', async () => {
  relay = await startLoneRelay({ contacts: CONTACTS });
  const desk = await browserOf('ada');
  const found = await answerTo(desk, 'contacts', { type: 'search', id: 'm1', text: 'must beisp', limit: 5 });
  expect(found.matches).toMatchObject([
    {
      contact: { name: 'Erika Müster', company: 'Beispiel AG' },
      numbers: [
        { number: { kind: 'e164', number: '+493023125042' } },
        { number: { kind: 'e164', number: '+491713920001' }, label: 'Mobil' },
      ],
    },
  ]);
  const number = { kind: 'raw', text: '0171 3920001' };
  expect((await answerTo(desk, 'contacts', { type: 'lookup', id: 'm2', number })).matches).toEqual(found.matches);
  desk.send({ type: 'see-journal', until: '2026-01-15T09:00:00Z' });
  expect(await desk.next('journal-seen')).toEqual({ type: 'journal-seen', until: '2026-01-15T09:00:00.000Z' });
  const laptop = await browserOf('ada');
  expect(laptop.frames.map(({ type }) => type).slice(0, 3)).toEqual(['challenge', 'welcome', 'journal-seen']);
  for (const client of [desk, laptop]) client.socket.terminate();
});
