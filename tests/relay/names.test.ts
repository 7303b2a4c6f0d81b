// Names from outside become one short line that steers nothing, and are otherwise left as they are.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanName } from '../../relay/src/names.ts';

const words = fc.array(fc.stringMatching(/^[!-~]{1,12}$/), { minLength: 1, maxLength: 8 });

test('words with single blanks between them are a name as they stand', () => {
  fc.assert(
    fc.property(words, (all) => {
      expect(cleanName(all.join(' '))).toBe(all.join(' '));
    }),
  );
});

test('whatever stands between the words, the name has single blanks there', () => {
  const between = fc.stringMatching(/^[ \t\n\r\u00a0\u2028\u202e\ufeff]{1,4}$/);
  fc.assert(
    fc.property(words, between, (all, gap) => {
      expect(cleanName(`${gap}${all.join(gap)}${gap}`)).toBe(all.join(' '));
    }),
  );
});

test.each([
  ['two blanks', 'Sample  caller', 'Sample caller'],
  ['a blank before it', ' Sample caller', 'Sample caller'],
  ['a blank behind it', 'Sample caller ', 'Sample caller'],
  ['a line break behind it', 'Sample caller\n', 'Sample caller'],
  ['nothing but a blank', ' ', ''],
  ['nothing', '', ''],
])('%s: nearly plain is not plain', (_what, text, name) => {
  expect(cleanName(text)).toBe(name);
});

test('a name is short, on one line, without what steers text, and stays so', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const name = cleanName(text);
      expect(name.length).toBeLessThanOrEqual(128);
      expect(name).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u);
      expect(cleanName(name)).toBe(name.trim());
    }),
  );
});

test('the longest plain name is cut like any other', () => {
  expect(cleanName('x'.repeat(128))).toBe('x'.repeat(128));
  expect(cleanName('x'.repeat(129))).toBe('x'.repeat(128));
});
