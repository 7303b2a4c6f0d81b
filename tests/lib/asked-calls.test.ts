// What waits to be confirmed: in which order, how much of it, and what a page can do to it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AskedCall,
  type AskedCalls,
  MAX_ASKED_LENGTH,
  NO_ASKED_CALLS,
  readAskedCalls,
  withAsked,
  withoutAsked,
} from '#lib/asked-calls.ts';

const call = (text: string, from: AskedCall['from'] = 'outside'): AskedCall => ({ id: text, kind: 'link', text, from });
const ids = ({ calls }: AskedCalls) => calls.map(({ id }) => id);
const asked = (...calls: AskedCall[]) =>
  calls.reduce((all, one, index) => withAsked(all, one, index * 10_000), NO_ASKED_CALLS);

describe('what the agent asked for', () => {
  test.each<AskedCall['from']>(['outside', 'menu'])('comes in front of what waits (%s)', (from) => {
    expect(ids(asked(call('a', 'page'), call('b', from)))).toEqual(['b', 'a']);
  });

  test('is shown once, however often it is asked for', () => {
    expect(ids(asked(call('a'), call('b'), call('a')))).toEqual(['a', 'b']);
  });

  test('pushes the oldest out when too much waits, and that is counted', () => {
    const all = asked(...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((text) => call(text)));
    expect([ids(all), all.leftOut]).toEqual([['g', 'f', 'e', 'd', 'c'], 2]);
  });
});

describe('what a page may have asked for', () => {
  test.each<AskedCall['from']>(['page', 'either'])('never takes the place of what is shown (%s)', (from) => {
    expect(ids(asked(call('shown'), call('b', from), call('c', from)))).toEqual(['shown', 'b', 'c']);
  });

  test('is not remembered for each time that it asks for the same link', () => {
    let all = NO_ASKED_CALLS;
    for (let at = 0; at < 500; at += 1) all = withAsked(all, call('a', 'page'), at);
    expect([ids(all), all.pageTimes.length]).toEqual([['a'], 9]);
  });

  test('waits once for each link', () => {
    expect(ids(asked(call('a', 'page'), call('a', 'page')))).toEqual(['a']);
  });

  test('is counted and no more than that when five wait', () => {
    const all = asked(...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((text) => call(text, 'page')));
    expect([ids(all), all.leftOut]).toEqual([['a', 'b', 'c', 'd', 'e'], 2]);
  });

  test('is left out for half a minute once too much came, even when everything was decided about meanwhile', () => {
    let all = NO_ASKED_CALLS;
    for (let at = 0; at < 9; at += 1) all = withoutAsked(withAsked(all, call(`${at}`, 'page'), at), 'all');
    expect(ids(withAsked(all, call('next', 'page'), 100))).toEqual([]);
    expect(ids(withAsked(all, call('next', 'outside'), 100))).toEqual(['next']);
    expect(ids(withAsked(all, call('next', 'page'), 40_000))).toEqual(['next']);
  });
});

test('a text of any length is cut, and what is stored can be read again', () => {
  const texts = fc.array(
    fc.tuple(fc.string({ maxLength: 3_000 }), fc.constantFrom('page', 'menu', 'outside', 'either')),
  );
  fc.assert(
    fc.property(texts, (given) => {
      const all = asked(...given.map(([text, from]) => call(text, from as AskedCall['from'])));
      expect(all.calls.length).toBeLessThanOrEqual(5);
      expect(all.pageTimes.length).toBeLessThanOrEqual(10);
      for (const { text } of all.calls) expect(text.length).toBeLessThanOrEqual(MAX_ASKED_LENGTH);
      expect(readAskedCalls(structuredClone(all))).toEqual(all);
    }),
  );
});

test.each([[undefined], [null], [{}], [{ calls: [{ id: 1 }], leftOut: 0, pageTimes: [] }], ['tel:1']])(
  'what was not stored by us is nothing: %j',
  (stored) => {
    expect(readAskedCalls(stored)).toEqual(NO_ASKED_CALLS);
  },
);

test('what was left out is forgotten with the last card', () => {
  const all = asked(...['a', 'b', 'c', 'd', 'e', 'f'].map((text) => call(text, 'page')));
  expect(withoutAsked(all, 'a').leftOut).toBe(1);
  expect(withoutAsked(all, 'all')).toMatchObject({ calls: [], leftOut: 0 });
});
