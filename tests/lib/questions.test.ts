// Questions to the relay: answered once, asked again over a new socket, never waited for in vain.
import type { ClientMessage, ServerMessage } from '@offhook/protocol';
import { expect, test } from 'vitest';
import { createQuestions } from '#lib/questions.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { settled } from '../fakes/worker-world.ts';

const SEARCH = { type: 'search', text: 'krüger', limit: 20 } as const;
const NOBODY: ServerMessage = { type: 'contacts', id: 'q1', matches: [], more: false };
const UNREACHABLE = { type: 'failed', code: 'relay-unreachable' };

function setUp() {
  const clock = createFakeClock();
  const sent: ClientMessage[] = [];
  let ids = 0;
  const questions = createQuestions({
    send: (message) => sent.push(message) > 0,
    clock,
    newId() {
      ids += 1;
      return `q${ids}`;
    },
  });
  return { clock, sent, questions };
}

test('an answer goes to the question of its id', async () => {
  const { questions, sent, clock } = setUp();
  const first = questions.ask(SEARCH);
  const second = questions.ask({ type: 'journal-page' });
  const page: ServerMessage = { type: 'journal', id: 'q2', cursor: 'c', items: [], more: false };
  questions.onMessage(page);
  questions.onMessage({ ...page, id: undefined });
  questions.onMessage(NOBODY);
  expect([await first, await second]).toEqual([NOBODY, page]);
  expect(sent).toEqual([
    { ...SEARCH, id: 'q1' },
    { type: 'journal-page', id: 'q2' },
  ]);
  expect(clock.pending()).toBe(0);
});

test('what the relay says against it is its answer', async () => {
  const { questions } = setUp();
  const answer = questions.ask(SEARCH);
  questions.onMessage({ type: 'error', id: 'q1', code: 'unknown-type' });
  expect(await answer).toEqual({ type: 'failed', code: 'unknown-type' });
});

test('is asked again after each sign-in, until it is answered', async () => {
  const { questions, sent } = setUp();
  const answer = questions.ask(SEARCH);
  questions.onSignedIn();
  questions.onMessage(NOBODY);
  await answer;
  questions.onSignedIn();
  expect(sent.map(({ type }) => type)).toEqual(['search', 'search']);
});

test('is answered for when nothing came within 6 s, and when the relay is given up', async () => {
  const { questions, clock } = setUp();
  const first = questions.ask(SEARCH);
  clock.advance(6_000);
  expect(await first).toEqual(UNREACHABLE);
  const second = questions.ask(SEARCH);
  questions.abandon();
  expect(await second).toEqual(UNREACHABLE);
  await settled();
  expect(clock.pending()).toBe(0);
});
