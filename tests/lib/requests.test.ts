// What pages and views may ask of the worker, in a browser in memory and with a relay at the end of its socket.
import { locationOf } from '@offhook/protocol/location-settings';
import { describe, expect, test } from 'vitest';
import { aColleague, aLine } from '../components/builders.ts';
import { OWN_ID, OWN_PAGE } from '../fakes/messaging.ts';
import { aWelcome } from '../fakes/relay-messages.ts';
import { aPairedWorld, createWorkerWorld, settled } from '../fakes/worker-world.ts';

const CRM_PAGE = {
  id: OWN_ID,
  origin: 'https://crm.example',
  url: 'https://crm.example/contacts',
  frameId: 0,
  documentId: 'document-1',
  tab: { id: 1, url: 'https://crm.example/contacts' },
};
const NUMBER = { kind: 'e164', number: '+493023125042' } as const;
const DIAL = { name: 'dial', request: { number: NUMBER, shownText: '030 23125042', from: 'chip' } };

type World = ReturnType<typeof createWorkerWorld>;

const dials = (world: World, sender: object = CRM_PAGE) => world.messaging.send(DIAL, sender);

describe('a dial request of a page', () => {
  test('becomes one command on the agent’s own line', async () => {
    const world = await aPairedWorld([aColleague('11'), aLine()]);
    const result = dials(world);
    await settled();
    expect(world.commands()).toMatchObject([
      { name: 'makeCall', lineId: 'line-18', args: { number: NUMBER }, deadlineMs: 5_000 },
    ]);
    const [command] = world.commands();
    await world.says({ type: 'result', id: command!.id, key: command!.key, state: 'done', callId: 'call-9' });
    expect(await result).toEqual({ type: 'done', callId: 'call-9' });
  });

  test('is only asked about when the link broke before the answer', async () => {
    const world = await aPairedWorld([aLine()]);
    const result = dials(world);
    await settled();
    world.sockets.last().ends();
    world.clock.advance(1_000);
    await world.greet();
    const [first, second] = world.commands();
    expect(second).toEqual({ ...first, deadlineMs: 0 });
    await world.says({ type: 'result', id: first!.id, key: first!.key, state: 'done' });
    expect(await result).toMatchObject({ type: 'done' });
  });

  test('goes over the own line that can call', async () => {
    const dumb = aLine({ lineId: 'line-17', extension: '17', capabilities: [] });
    const world = await aPairedWorld([dumb, aLine()]);
    void dials(world);
    await settled();
    expect(world.commands()).toMatchObject([{ lineId: 'line-18' }]);
  });

  test('before pairing: not-paired', async () => {
    const world = createWorkerWorld();
    await world.startWorker();
    expect(await dials(world)).toEqual({ type: 'failed', code: 'not-paired' });
    expect(world.sockets.all).toEqual([]);
  });

  test.each<[string, object]>([
    ['another site', { ...CRM_PAGE, tab: { id: 1, url: 'https://ads.example/' } }],
    [
      'a frame of another site',
      { ...CRM_PAGE, frameId: 2, origin: 'https://ads.example', url: 'https://ads.example/' },
    ],
    ['our own page, which has no site', OWN_PAGE],
  ])('from %s: site-not-enabled', async (_title, sender) => {
    const world = await aPairedWorld([aColleague('11'), aLine()]);
    expect(await dials(world, sender)).toEqual({ type: 'failed', code: 'site-not-enabled' });
    expect(world.commands()).toEqual([]);
  });

  test.each([
    undefined,
    {},
    { ...DIAL.request, number: { kind: 'e164', number: 'sip:evil@example' } },
    { ...DIAL.request, shownText: 'x'.repeat(257) },
    { ...DIAL.request, from: 'script' },
  ])('that is none (%#) dials nothing', async (request) => {
    const world = await aPairedWorld([aColleague('11'), aLine()]);
    const answer = world.messaging.send({ name: 'dial', request }, CRM_PAGE);
    expect(await answer).toEqual({ type: 'failed', code: 'number-invalid' });
  });

  test('without an own line: no-line', async () => {
    const world = await aPairedWorld([aColleague('11')]);
    expect(await dials(world)).toEqual({ type: 'failed', code: 'no-line' });
  });

  test('waits for a link that is just coming up', async () => {
    const world = createWorkerWorld({ lines: [aLine()] });
    await world.pairedWith();
    const started = world.startWorker();
    void dials(world);
    await started;
    expect(world.commands()).toHaveLength(1);
  });

  test('while the relay is away: relay-unreachable after 6 s', async () => {
    const world = createWorkerWorld();
    await world.pairedWith();
    world.relay.isUp = false;
    await world.startWorker();
    const result = dials(world);
    await settled();
    world.clock.advance(6_000);
    expect(await result).toEqual({ type: 'failed', code: 'relay-unreachable' });
  });

  test('after a refusal: its code, at once', async () => {
    const world = createWorkerWorld();
    await world.pairedWith();
    world.relay.refuses = { code: 4410, reason: 'revoked' };
    await world.startWorker();
    expect(await dials(world)).toEqual({ type: 'failed', code: 'revoked' });
  });

  test('a browser that fails on the way answers in words, not with its error', async () => {
    const world = await aPairedWorld([aColleague('11'), aLine()]);
    world.browser.permissions.getAll = () => Promise.reject(new Error('secret detail'));
    const answers = ['dial', 'gate-found', 'page-settings'].map((name) =>
      world.messaging.send({ ...DIAL, name }, CRM_PAGE),
    );
    expect(await Promise.all(answers)).toEqual([
      { type: 'failed', code: 'browser-failed' },
      { isInjected: false },
      { isDisabled: true },
    ]);
  });
});

describe('the outlook of a number that a page shows', () => {
  const ASKED = { name: 'number-outlook', request: { number: NUMBER } };
  const location = locationOf({ country: 'DE', outsideLine: '0' });
  const dialPlans = [{ dialPlanId: 'main', location }];

  test('is made here, by the line’s dial plan: the relay does not learn the number', async () => {
    const world = await aPairedWorld([aColleague('11'), aLine({ dialPlan: 'main' })]);
    await world.says(aWelcome({ dialPlans }));
    const before = world.relay.received.length;
    expect(await world.messaging.send(ASKED, CRM_PAGE)).toEqual({
      number: NUMBER,
      display: '+49 30 23125042',
      numberType: 'fixed',
      line: { lineId: 'line-18', extension: '18' },
      decision: 'allowed',
      dialled: '003023125042',
    });
    expect(world.relay.received).toHaveLength(before);
  });

  test('names the rule that refuses', async () => {
    const world = await aPairedWorld([aLine({ dialPlan: 'main' })]);
    await world.says(aWelcome({ dialPlans }));
    const number = { kind: 'e164', number: '+499001234567' };
    expect(await world.messaging.send({ ...ASKED, request: { number } }, CRM_PAGE)).toMatchObject({
      numberType: 'premium',
      decision: 'refused',
      code: 'policy-blocked',
      params: { reason: 'premium' },
    });
  });

  test('claims nothing of what is dialled where the relay tells no plan that is known', async () => {
    const world = await aPairedWorld([aLine({ dialPlan: 'other' })]);
    await world.says(aWelcome({ dialPlans }));
    expect(await world.messaging.send(ASKED, CRM_PAGE)).toEqual({
      number: NUMBER,
      display: '+49 30 23125042',
      numberType: 'fixed',
      line: { lineId: 'line-18', extension: '18' },
    });
  });

  test.each([
    ['another site', ASKED, { ...CRM_PAGE, tab: { id: 1, url: 'https://ads.example/' } }],
    ['a page that asks for no number', { ...ASKED, request: { number: 'x' } }, CRM_PAGE],
  ])('is not for %s', async (_, asked, sender) => {
    const world = await aPairedWorld([aLine({ dialPlan: 'main' })]);
    expect(await world.messaging.send(asked, sender)).toEqual({ isDisabled: true });
  });
});

describe('a page', () => {
  test('gets the page script and its settings where the site is enabled', async () => {
    const world = createWorkerWorld();
    await world.startWorker();
    expect(await world.messaging.send({ name: 'gate-found', request: {} }, CRM_PAGE)).toEqual({ isInjected: true });
    const settings = await world.messaging.send({ name: 'page-settings', request: {} }, CRM_PAGE);
    expect(settings).toMatchObject({ takesTelLinks: true, country: expect.stringMatching(/^[A-Z]{2}$/) });
  });

  test('is told nothing elsewhere', async () => {
    const world = createWorkerWorld();
    await world.startWorker();
    const sender = { ...CRM_PAGE, tab: { id: 1, url: 'https://ads.example/' } };
    expect(await world.messaging.send({ name: 'page-settings', request: {} }, sender)).toEqual({ isDisabled: true });
    expect(await world.messaging.send({ name: 'gate-found', request: {} }, sender)).toEqual({ isInjected: false });
  });
});
