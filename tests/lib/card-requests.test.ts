// What the card on a page may ask of the worker: whom a number belongs to, decisions about the page's own site, and what is
// done with the call that the agent speaks in. The page is hostile.
import type { JournalEntry } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import { loadChoices } from '#lib/settings.ts';
import type { WishResult } from '#lib/site-wishes.ts';
import { aCall, aColleague, aContact, aLine, anEntry, aRemote } from '../components/builders.ts';
import { OWN_ID } from '../fakes/messaging.ts';
import { aDelta } from '../fakes/relay-messages.ts';
import { aPairedWorld, createWorkerWorld, settled } from '../fakes/worker-world.ts';

const CRM = 'https://crm.example';
const CRM_PAGE = {
  id: OWN_ID,
  origin: CRM,
  url: `${CRM}/contacts`,
  frameId: 0,
  documentId: 'document-1',
  tab: { id: 1, url: `${CRM}/contacts` },
};
const ELSEWHERE = { ...CRM_PAGE, tab: { id: 1, url: 'https://ads.example/' } };
const NUMBER = { kind: 'e164', number: '+493023125042' } as const;

type World = ReturnType<typeof createWorkerWorld>;

const dials = (world: World, during?: object) =>
  world.messaging.send(
    { name: 'dial', request: { number: NUMBER, shownText: '030 23125042', from: 'chip', ...(during && { during }) } },
    CRM_PAGE,
  );
const talking = (change: object = {}) =>
  aLine({
    calls: [aCall({ capabilities: ['drop', 'hold', 'redirect'], ...change })],
    state: 'busy',
  });

async function done(world: World): Promise<void> {
  const last = world.commands().at(-1);
  await world.says({ type: 'result', id: last?.id ?? '', key: last?.key ?? '', state: 'done' });
}

describe('a number while the agent speaks', () => {
  test('is never dialled by the way', async () => {
    const world = await aPairedWorld([talking()]);
    expect(await dials(world)).toEqual({ type: 'failed', code: 'in-call' });
    expect(world.commands()).toEqual([]);
  });

  test('is dialled while a call only rings or is on hold', async () => {
    for (const state of ['offering', 'held'] as const) {
      const world = await aPairedWorld([talking({ state })]);
      void dials(world);
      await settled();
      expect(world.commands()).toMatchObject([{ name: 'makeCall' }]);
    }
  });

  test('consult: dialled once the call is shown as held, not before', async () => {
    const world = await aPairedWorld([talking()]);
    const result = dials(world, { callId: 'call-1', how: 'consult' });
    await settled();
    expect(world.commands()).toMatchObject([{ name: 'hold', callId: 'call-1', lineId: 'line-18' }]);
    await done(world);
    expect(world.commands()).toHaveLength(1);
    await world.says(aDelta([talking({ state: 'held' })]));
    expect(world.commands()).toMatchObject([{ name: 'hold' }, { name: 'makeCall', args: { number: NUMBER } }]);
    await done(world);
    expect(await result).toMatchObject({ type: 'done' });
  });

  test('consult: a call that is not held in time is left alone, and so is one that ends meanwhile', async () => {
    const world = await aPairedWorld([talking()]);
    const late = dials(world, { callId: 'call-1', how: 'consult' });
    await settled();
    await done(world);
    world.clock.advance(5_000);
    expect(await late).toEqual({ type: 'failed', code: 'timeout' });
    const ended = dials(world, { callId: 'call-1', how: 'consult' });
    await settled();
    await done(world);
    await world.says(aDelta([talking({ state: 'ended' })]));
    expect(await ended).toEqual({ type: 'failed', code: 'call-unknown' });
    expect(world.commands().filter(({ name }) => name === 'makeCall')).toEqual([]);
  });

  test('consult: what the phone system refuses is said, and nothing is dialled', async () => {
    const world = await aPairedWorld([talking()]);
    const result = dials(world, { callId: 'call-1', how: 'consult' });
    await settled();
    const [hold] = world.commands();
    await world.says({ type: 'result', id: hold!.id, key: hold!.key, state: 'failed', code: 'pbx-rejected' });
    expect(await result).toMatchObject({ type: 'failed', code: 'pbx-rejected' });
    expect(world.commands()).toHaveLength(1);
  });

  test('transfer: the very call is sent on', async () => {
    const world = await aPairedWorld([talking()]);
    void dials(world, { callId: 'call-1', how: 'transfer' });
    await settled();
    expect(world.commands()).toMatchObject([{ name: 'redirect', callId: 'call-1', args: { to: NUMBER } }]);
  });

  test('beside: a second call, since that is what was pressed', async () => {
    const world = await aPairedWorld([talking()]);
    void dials(world, { callId: 'call-1', how: 'beside' });
    await settled();
    expect(world.commands()).toMatchObject([{ name: 'makeCall' }]);
  });

  test.each([
    ['another call than the card showed', { callId: 'call-0', how: 'transfer' }, talking(), 'call-unknown'],
    ['what the call cannot do', { callId: 'call-1', how: 'transfer' }, talking({ capabilities: [] }), 'not-supported'],
    [
      'holding what cannot be held',
      { callId: 'call-1', how: 'consult' },
      talking({ capabilities: [] }),
      'not-supported',
    ],
    ['a colleague’s call', { callId: 'call-1', how: 'transfer' }, { ...talking(), isOwn: false }, 'call-unknown'],
    ['an unknown manner', { callId: 'call-1', how: 'listen' }, talking(), 'number-invalid'],
  ])('%s: refused', async (_, during, line, code) => {
    const world = await aPairedWorld([line]);
    expect(await dials(world, during)).toEqual({ type: 'failed', code });
    expect(world.commands()).toEqual([]);
  });

  test('the outlook says what can be done, and with whom it is only who opens the card', async () => {
    const world = await aPairedWorld([talking()]);
    const ask = (name: string) => world.messaging.send({ name, request: { number: NUMBER } }, CRM_PAGE);
    const outlook = await ask('number-outlook');
    expect(outlook).toMatchObject({ inCall: { callId: 'call-1', canConsult: true, canTransfer: true } });
    expect(JSON.stringify(outlook)).not.toContain('Anna');
    const facts = ask('number-facts');
    await settled();
    world.clock.advance(6_000);
    expect(await facts).toMatchObject({ talksWith: 'Anna Krüger' });
  });
});

describe('whom a number belongs to', () => {
  const asks = (world: World, sender: object = CRM_PAGE) =>
    world.messaging.send({ name: 'number-facts', request: { number: NUMBER } }, sender);

  async function aWorldWithContacts(past: readonly JournalEntry[] = []) {
    const world = createWorkerWorld({ lines: [aLine(), aColleague('22', { name: 'Jonas Beck' })] });
    world.relay.answer = (message, socket) => {
      if (message.type === 'history') {
        const items = message.contactId === 'c001' ? [...past] : [];
        return socket.says({ type: 'journal', id: message.id, items, cursor: 'h1', more: false });
      }
      if (message.type !== 'lookup') return;
      const matches = [aContact(), aContact({ contactId: 'c002', name: 'Ben Sommer' })];
      socket.says({
        type: 'contacts',
        id: message.id,
        matches: matches.map((contact) => ({ contact, numbers: [] })),
        more: false,
      });
    };
    await world.pairedWith();
    await world.startWorker();
    return world;
  }

  test('is answered by name, and by the last call that this browser holds', async () => {
    const world = await aWorldWithContacts();
    const remote = aRemote();
    await world.says({ type: 'journal', items: [anEntry({ remote })], cursor: 'c1', more: false });
    expect(await asks(world)).toEqual({
      person: { type: 'known', name: 'Anna Krüger', isCertain: true, company: 'Elbe Logistik KG', others: 1 },
      lastCall: { direction: 'inbound', outcome: 'answered', startedAt: Date.parse('2026-11-20T13:12:00.000Z') },
    });
  });

  test('is answered by the last call with any number of the contact, and the colleague who had it', async () => {
    const startedAt = '2026-11-20T12:00:00.000Z';
    const world = await aWorldWithContacts([anEntry({ entryId: 'e9', lineId: 'line-22', startedAt })]);
    expect(await asks(world)).toMatchObject({ lastCall: { startedAt: Date.parse(startedAt), by: 'Jonas Beck' } });
  });

  test('is told to no other site, and the relay is not even asked', async () => {
    const world = await aWorldWithContacts();
    expect(await asks(world, ELSEWHERE)).toEqual({ isDisabled: true });
    expect(world.relay.received.filter(({ type }) => type === 'lookup')).toEqual([]);
  });

  test('without a relay: nobody knows', async () => {
    const world = createWorkerWorld();
    await world.startWorker();
    expect(await asks(world)).toEqual({ person: { type: 'unasked' } });
  });

  test('is answered thirty times a minute: no page reads the company’s contacts', async () => {
    const world = await aWorldWithContacts();
    const types: unknown[] = [];
    for (let count = 0; count < 31; count += 1) {
      types.push(((await asks(world)) as { person: { type: string } }).person.type); // the worker's own answer
    }
    expect(types.slice(-2)).toEqual(['known', 'unasked']);
    world.clock.advance(60_001);
    await world.greet();
    expect(await asks(world)).toMatchObject({ person: { type: 'known' } });
  });
});

describe('a decision about a site', () => {
  const wishes = async (world: World, wish: object, sender: object = CRM_PAGE) =>
    (await world.messaging.send({ name: 'site-wish', request: { wish } }, sender)) as WishResult; // the worker's own answer
  const rules = async (world: World) => (await loadChoices(world.storage.local)).siteRules;

  test('becomes part of the rule of the page’s own site, and is taken back by what was answered', async () => {
    const world = await aPairedWorld();
    const result = await wishes(world, { name: 'not-number', text: '030 23125042', isOn: true });
    expect(result).toEqual({ type: 'done', before: { name: 'not-number', text: '030 23125042', isOn: false } });
    expect(await rules(world)).toEqual({ [CRM]: { state: 'on', notNumbers: ['030 23125042'] } });
    await wishes(world, { name: 'always-column', title: 'Direct', isOn: true });
    const country = await wishes(world, { name: 'country', country: 'CH', ignoresRecordCountry: true });
    expect(await rules(world)).toEqual({
      [CRM]: {
        ...{ state: 'on', notNumbers: ['030 23125042'], alwaysColumns: ['Direct'] },
        ...{ country: 'CH', ignoresRecordCountry: true },
      },
    });
    if (result.type === 'done') await wishes(world, result.before);
    if (country.type === 'done') await wishes(world, country.before);
    await wishes(world, { name: 'always-column', title: 'Direct', isOn: false });
    expect(await rules(world)).toEqual({});
  });

  test('at the same moment as others takes none of them away', async () => {
    const world = await aPairedWorld();
    const texts = ['030 23125042', '030 23125043', '030 23125044'];
    await Promise.all(texts.map((text) => wishes(world, { name: 'not-number', text, isOn: true })));
    expect(await rules(world)).toEqual({ [CRM]: { state: 'on', notNumbers: texts } });
  });

  test('starts from what a wider rule says, and leaves that alone', async () => {
    const world = await aPairedWorld();
    await world.storage.local.set({
      settings: { version: 2, siteRules: { 'https://*.crm.example': { state: 'on', country: 'AT' } } },
    });
    await wishes(world, { name: 'not-number', text: '12', isOn: true });
    expect(await rules(world)).toEqual({
      'https://*.crm.example': { state: 'on', country: 'AT' },
      [CRM]: { state: 'on', country: 'AT', notNumbers: ['12'] },
    });
  });

  test('made in a frame without a site of its own is one about the page that made it', async () => {
    const world = await aPairedWorld();
    const inside = { ...CRM_PAGE, frameId: 3, origin: 'null', url: 'about:srcdoc' };
    await wishes(world, { name: 'country', country: 'CH' }, inside);
    expect(await rules(world)).toEqual({ [CRM]: { state: 'on', country: 'CH' } });
  });

  test.each([
    ['the very site', CRM],
    ['the domain around it', 'https://*.crm.example'],
  ])('is not taken where the company locked %s, and the page is told so before', async (_, site) => {
    const world = await aPairedWorld();
    world.company.policy = { sites: [{ site }], locked: ['sites'] };
    expect(await wishes(world, { name: 'country', country: 'CH' })).toEqual({ type: 'failed', why: 'locked' });
    expect(await rules(world)).toBeUndefined();
    const settings = await world.messaging.send({ name: 'page-settings', request: {} }, CRM_PAGE);
    expect(settings).toMatchObject({ site: { name: 'crm.example', isLocked: true } });
  });

  test('is not taken from another site', async () => {
    const world = await aPairedWorld();
    const wish = { name: 'country', country: 'CH' };
    expect(await wishes(world, wish, ELSEWHERE)).toEqual({ type: 'failed', why: 'not-allowed' });
    expect(await rules(world)).toBeUndefined();
  });

  test.each([
    undefined,
    { name: 'country', country: 'Switzerland' },
    { name: 'not-number', text: 'x'.repeat(101), isOn: true },
    { name: 'not-number', text: ' ', isOn: true },
    { name: 'skip', selector: '*' },
    { name: 'always-column', title: { toString: 'x' }, isOn: true },
  ])('that is none (%#) changes nothing', async (wish) => {
    const world = await aPairedWorld();
    const answer = await world.messaging.send(
      { name: 'site-wish', request: { wish, site: 'https://bank.example' } },
      CRM_PAGE,
    );
    expect(answer).toEqual({ type: 'failed', why: 'not-allowed' });
    expect(await rules(world)).toBeUndefined();
  });

  test('ends at a hundred of a kind', async () => {
    const world = await aPairedWorld();
    const notNumbers = Array.from({ length: 100 }, (_, index) => `${index}`);
    await world.storage.local.set({ settings: { version: 2, siteRules: { [CRM]: { state: 'on', notNumbers } } } });
    expect(await wishes(world, { name: 'not-number', text: 'one more', isOn: true })).toEqual({
      type: 'failed',
      why: 'full',
    });
  });
});

test('without a line of one’s own nothing about a colleague’s call is offered', async () => {
  const world = await aPairedWorld([aColleague('11', { calls: [aCall()], state: 'busy' })]);
  const asked = { name: 'number-outlook', request: { number: NUMBER } };
  expect(await world.messaging.send(asked, CRM_PAGE)).not.toHaveProperty('inCall');
});
