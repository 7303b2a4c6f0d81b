// Messages of the worker: those that are known get an answer, nothing else does.
import { describe, expect, test } from 'vitest';
import { answerCommand, type PageCommandHandlers } from '#lib/page/commands.ts';

const handlers: PageCommandHandlers = {
  'list-numbers': () => [],
  'is-typing': () => false,
  'next-number': () => ({ shown: true, text: '030 23125042' }),
  'dial-selection': () => ({ shown: false }),
  'explain-selection': () => [],
  'settings-changed': () => ({ type: 'done' }),
};

describe('a message to the page script', () => {
  test('gets the answer of its name', () => {
    expect(answerCommand(handlers, { name: 'next-number' })).toEqual({ shown: true, text: '030 23125042' });
    expect(answerCommand(handlers, { name: 'is-typing' })).toBe(false);
  });

  test.each([undefined, null, 'next-number', {}, { name: 'dial' }, { name: 'toString' }, { name: ['is-typing'] }])(
    'gets none if it is %j',
    (message) => {
      expect(answerCommand(handlers, message)).toBeUndefined();
    },
  );
});
