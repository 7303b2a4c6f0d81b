import { expect, test } from 'vitest';
import { counted } from '../../relay/src/cli/count.ts';

test.each([
  [0, '0 lines'],
  [1, '1 line'],
  [12, '12 lines'],
])('%i is said as a person would: %s', (count, said) => {
  expect(counted(count, 'line')).toBe(said);
});
