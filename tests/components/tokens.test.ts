import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const CSS = readFileSync(`${import.meta.dirname}/../../components/tokens.css`, 'utf8');
const COLOURS = new Map(
  [...CSS.matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
);
const SURFACES = ['bg', 'surface', 'raised'];
const PAIRS: [string, string][] = [
  ...['text', 'text-2', 'text-3', 'accent', 'danger', 'ring'].flatMap((text) =>
    SURFACES.map((surface): [string, string] => [text, surface]),
  ),
  ['text', 'ring-soft'],
  ['text', 'danger-soft'],
  ['text', 'accent-soft'],
  ['accent', 'accent-soft'],
  ['ring', 'ring-soft'],
  ['danger', 'danger-soft'],
  ['busy', 'busy-soft'],
  ['held', 'held-soft'],
  ['text-2', 'quiet-soft'],
  ['text-3', 'quiet-soft'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-danger', 'danger'],
  ['on-danger', 'danger-hover'],
];

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((one, two) => one - two);
  return (high + 0.05) / (low + 0.05);
}

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  test.each(PAIRS)('%s on %s is readable (4.5:1)', (text, surface) => {
    const [above, below] = [COLOURS.get(text)?.[scheme] ?? '', COLOURS.get(surface)?.[scheme] ?? ''];
    expect(contrast(above, below)).toBeGreaterThanOrEqual(4.5);
  });
});
