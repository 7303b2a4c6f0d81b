import fc from 'fast-check';
import { expect, it } from 'vitest';
import { callIdOf, conversationIdFrom, lineIdOf } from '../../relay/src/call-ids.ts';

// Written down by the first release: another derivation would name every line and every running call anew.
it('derives the ids that earlier releases derived', () => {
  expect(lineIdOf('office', '10')).toBe('lhjxlooy3yta7cq4mzxin');
  expect(callIdOf('office', 'c-1', '10')).toBe('cou23l77u4k5ec3qlmu6e');
  expect(conversationIdFrom(callIdOf('office', 'c-1', '10'))).toBe('vou23l77u4k5ec3qlmu6e');
});

it('tells apart what differs in any part, and keeps to 24 letters and digits', () => {
  const parts = fc.tuple(fc.string(), fc.string(), fc.string());
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      expect(callIdOf(...a)).toMatch(/^c[a-z2-7]{20}$/);
      expect(lineIdOf(a[0], a[1])).toMatch(/^l[a-z2-7]{20}$/);
      expect(callIdOf(...a) === callIdOf(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
  expect(callIdOf('a', 'bc', 'd')).not.toBe(callIdOf('ab', 'c', 'd'));
});
