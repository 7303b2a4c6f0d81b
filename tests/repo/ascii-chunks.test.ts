// Scripts are built in ASCII, and mean what they meant.
import { expect, test } from 'vitest';
import { inAscii } from '../../scripts/ascii-chunks.ts';

const SAMPLES = [
  "'Tür, Größe, \u{1f4de}, 電話'",
  '`Ünï ↵`',
  'String(/[äöü→]+/.exec("x→äy"))',
  'String(/^[\u{1f4de}\u{1f4df}]$/u.exec("\u{1f4df}"))',
  '({ straße: 1 }).straße',
  "'\\\\→'",
  "'\\→'",
];

test.each(SAMPLES)('%s', (code) => {
  const written = inAscii(code);
  expect(written).toMatch(/^[\0-\x7f]*$/);
  expect(evaluated(written)).toEqual(evaluated(code));
});

function evaluated(code: string): unknown {
  return new Function(`return ${code}`)();
}
