// What a notification may say of who calls: what comes at once, asked once, and never waited for.
import type { Call, Fact } from '@offhook/protocol';
import { expect, test } from 'vitest';
import { createNoticeFacts } from '#lib/notice-facts.ts';
import type { Questions } from '#lib/questions.ts';
import { aCall, aContact, aRemote, aStranger } from '../components/builders.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createFakeStorage } from '../fakes/storage.ts';

const TICKETS: Fact = { label: 'Open tickets', text: '3' };
const known = (facts: readonly Fact[]) => ({ type: 'facts' as const, id: 'q', facts: [...facts], complete: true });
const offered = (change: Partial<Call> = {}) => aCall({ state: 'offering', ...change });

function setUp() {
  const world = {
    memory: createFakeStorage(),
    clock: createFakeClock(),
    asked: [] as object[],
    answer: (async () => known([TICKETS])) as Questions['ask'],
    news: 0,
  };
  const start = () =>
    createNoticeFacts({
      memory: world.memory,
      clock: world.clock,
      ask(question) {
        world.asked.push(question);
        return world.answer(question);
      },
      onKnown: () => {
        world.news += 1;
      },
    });
  return { world, start };
}

// All that is under way comes by promises alone.
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('nothing is waited for: first nothing is known, then news comes with what the relay said', async () => {
  const { world, start } = setUp();
  const facts = start();
  expect(await facts.of(offered())).toEqual([]);
  await settled();
  expect([world.news, await facts.of(offered())]).toEqual([1, [TICKETS]]);
  expect(world.asked).toEqual([
    { type: 'facts', contactId: 'c001', number: { kind: 'e164', number: '+493023125042' } },
  ]);
});

test('the next worker knows it, and asks no more', async () => {
  const { world, start } = setUp();
  await start().of(offered());
  await settled();
  expect(await start().of(offered())).toEqual([TICKETS]);
  expect([world.asked.length, world.news]).toEqual([1, 1]);
});

test('what comes too late to be written without disturbing anybody is left out for good', async () => {
  const { world, start } = setUp();
  const facts = start();
  world.answer = async () => {
    world.clock.advance(301);
    return known([TICKETS]);
  };
  await facts.of(offered());
  await settled();
  expect([world.news, await facts.of(offered()), await start().of(offered())]).toEqual([0, [], []]);
  expect(world.asked).toHaveLength(1);
});

test.each<[string, Questions['ask']]>([
  ['that knows nothing', async () => known([])],
  ['that cannot be reached', async () => ({ type: 'failed', code: 'relay-unreachable' })],
])('a relay %s is no news', async (_title, answer) => {
  const { world, start } = setUp();
  const facts = start();
  world.answer = answer;
  await facts.of(offered());
  await settled();
  expect([world.news, await facts.of(offered()), world.asked.length]).toEqual([0, [], 1]);
});

test('of who is nobody, or only perhaps meant, nothing is asked', async () => {
  const { world, start } = setUp();
  const facts = start();
  await facts.of(offered({ remote: aStranger() }));
  await facts.of(offered({ remote: aRemote({ contact: aContact({ match: 'probable' }) }) }));
  await settled();
  expect(world.asked).toEqual([]);
});

test('another contact of the same call is asked for anew, and the first one’s facts are not shown for it', async () => {
  const { world, start } = setUp();
  const facts = start();
  await facts.of(offered());
  await settled();
  world.answer = async () => known([]);
  const other = offered({ remote: aRemote({ contact: aContact({ contactId: 'c002' }) }) });
  expect(await facts.of(other)).toEqual([]);
  await settled();
  expect([world.asked.length, await facts.of(other)]).toEqual([2, []]);
});

test('nothing of a call is kept after it has no notification, also where the answer comes after that', async () => {
  const { world, start } = setUp();
  const facts = start();
  await facts.of(offered());
  await settled();
  await facts.forget('call-1');
  expect([...world.memory.items.values()]).toEqual([{}]);
  const answer = Promise.withResolvers<ReturnType<typeof known>>();
  world.answer = () => answer.promise;
  await facts.of(offered());
  await facts.forget('call-1');
  answer.resolve(known([TICKETS]));
  await settled();
  expect([[...world.memory.items.values()], world.news]).toEqual([[{}], 1]);
});

test('storage that fails costs the facts, and nothing else', async () => {
  const { world, start } = setUp();
  world.memory.get = () => Promise.reject(new Error('full'));
  world.memory.set = () => Promise.reject(new Error('full'));
  const facts = start();
  expect(await facts.of(offered())).toEqual([]);
  await settled();
  expect([await facts.of(offered()), world.news]).toEqual([[], 0]);
});
