// What is known of a contact: never waited for by a call, in the order in which it becomes known, and nothing of it for who may
// not see the contact.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fact } from '@offhook/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createContactFacts } from '../../relay/src/contact-facts.ts';
import { aboutOf } from '../../relay/src/contacts/about.ts';
import { createLiveFacts } from '../../relay/src/contacts/live-facts.ts';
import { ContactsError } from '../../relay/src/contacts/source.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { SILENT, settled } from './builders.ts';

const NONE: ReadonlySet<string> = new Set();
const MANAGER = { label: 'Account manager', text: 'Mia Sample' };
const TICKETS = { label: 'Open tickets', text: '3' };

function aRig({ isLive = true }: { isLive?: boolean } = {}) {
  const clock = createFakeClock();
  const asked: { contactId: string; signal: AbortSignal; answer(facts: Fact[]): void; fail(): void }[] = [];
  const facts = createContactFacts({
    directory: {
      aboutOf: (_tenantId, contactId, hidden = NONE) =>
        contactId.startsWith('crm:') && !hidden.has('crm') ? { facts: [MANAGER] } : undefined,
    },
    live: () =>
      isLive
        ? {
            budgetMs: 800,
            keepMs: 60_000,
            ask: ({ contactId }, signal) =>
              new Promise((resolve, reject) => {
                asked.push({ contactId, signal, answer: resolve, fail: () => reject(new Error('broken')) });
                signal.addEventListener('abort', () => reject(new Error('late')));
              }),
          }
        : undefined,
    locationOf: () => undefined,
    clock,
    log: SILENT,
  });
  const query = { tenantId: 'a', contactId: 'crm:1', number: '+493023125042', hidden: NONE };
  return { clock, asked, facts, query };
}

describe('the facts about a caller', () => {
  test('of the source are there at once, those of the CRM when it answers, and it is asked once', async () => {
    const { facts, query, asked } = aRig();
    expect(facts.now(query)).toEqual({ facts: [MANAGER], isComplete: false });
    const order: string[] = [];
    const both = [facts.whole(query), facts.whole(query)].map((one) => one.then(() => order.push('facts')));
    order.push('call');
    await settled();
    expect([order, asked.map(({ contactId }) => contactId)]).toEqual([['call'], ['1']]);
    asked[0]?.answer([TICKETS]);
    await Promise.all(both);
    expect(order).toEqual(['call', 'facts', 'facts']);
    expect(facts.now(query)).toEqual({ facts: [MANAGER, TICKETS], isComplete: true });
    expect(asked).toHaveLength(1);
  });

  test('go without a CRM that is slower than its budget; what it says later is there for who asks then', async () => {
    const { facts, query, asked, clock } = aRig();
    const first = facts.whole(query);
    await clock.advance(799);
    let isOver = false;
    void first.then(() => {
      isOver = true;
    });
    await settled();
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(await first).toEqual({ facts: [MANAGER], isComplete: false });
    asked[0]?.answer([TICKETS]);
    await settled();
    expect(facts.now(query)).toEqual({ facts: [MANAGER, TICKETS], isComplete: true });
  });

  test('are asked for anew when they are old, after a failure, and a CRM that never answers is let go', async () => {
    const { facts, query, asked, clock } = aRig();
    void facts.now(query);
    asked[0]?.fail();
    await settled();
    void facts.now(query);
    asked[1]?.answer([TICKETS]);
    await settled();
    await clock.advance(59_999);
    expect(facts.now(query)?.isComplete).toBe(true);
    await clock.advance(1);
    expect(facts.now(query)?.isComplete).toBe(false);
    await clock.advance(10_000);
    expect(asked[2]?.signal.aborted).toBe(true);
    expect(asked).toHaveLength(3);
  });

  test('are nothing for who may not see the source, and the CRM is not asked either', async () => {
    const { facts, query, asked } = aRig();
    const hidden = { ...query, hidden: new Set(['crm']) };
    expect(facts.now(hidden)).toBeUndefined();
    expect(await facts.whole(hidden)).toBeUndefined();
    expect(asked).toEqual([]);
    // Also not from what another one has asked for.
    void facts.now(query);
    asked[0]?.answer([TICKETS]);
    await settled();
    expect(await facts.whole(hidden)).toBeUndefined();
  });

  test('without a CRM to ask are complete at once', async () => {
    const { facts, query } = aRig({ isLive: false });
    expect(facts.now(query)).toEqual({ facts: [MANAGER], isComplete: true });
    expect(await facts.whole(query)).toEqual({ facts: [MANAGER], isComplete: true });
  });
});

describe('asking a CRM', () => {
  async function aCrm(
    answer: (url: string) => [status: number, body: string],
  ): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const server: Server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const [status, body] = answer(request.url ?? '');
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    // It listens on a port, not on a pipe.
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  }
  const fields = [
    { label: 'Open tickets', field: 'tickets.open' },
    { label: 'Products', field: 'items.*.name' },
    { label: 'Missing', field: 'none' },
  ];
  const subject = { contactId: 'a/b?c', number: '+493023125042', location: undefined };
  const ask = (url: string, privateHosts: string[]) =>
    createLiveFacts({ url, headers: () => ({}), facts: fields, privateHosts })(subject, AbortSignal.timeout(5_000));

  test('fills the address in, each value staying a value, and takes what the fields name, as text', async () => {
    const body = JSON.stringify({ tickets: { open: 3 }, items: [{ name: 'A\u202e' }, { name: 'B' }] });
    const crm = await aCrm(() => [200, body]);
    expect(await ask(`${crm.url}/c/{id}?p={number}&n={number.plain}`, ['127.0.0.1'])).toEqual([
      TICKETS,
      { label: 'Products', text: 'A , B' },
    ]);
    expect(crm.asked).toEqual(['/c/a%2Fb%3Fc?p=%2B493023125042&n=493023125042']);
  });

  test('never asks an address of a private network that is not named, and takes no refusal for facts', async () => {
    const crm = await aCrm(() => [500, '{}']);
    await expect(ask(crm.url, [])).rejects.toThrow(ContactsError);
    expect(crm.asked).toEqual([]);
    await expect(ask(crm.url, ['127.0.0.1'])).rejects.toThrow(/answered with 500/);
    const odd = await aCrm(() => [200, '<html>']);
    await expect(ask(odd.url, ['127.0.0.1'])).rejects.toThrow(/no JSON/);
  });
});

test.each([
  ['1', true],
  ['yes', true],
  ['since March', true],
  ['0', false],
  ['No', false],
  [' nein ', false],
  ['', false],
])('a column that says %j makes somebody a VIP: %s', (text, isVip) => {
  const about = aboutOf({ get: (name) => (name === 'VIP' ? text : undefined) }, { vip: 'VIP' });
  expect(about?.vip === true).toBe(isVip);
});
