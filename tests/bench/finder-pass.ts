// One finder, one page, one fresh process: reads the page from a file, lets the finder go over it again and again, and
// prints how long the first pass took and how long a later one. Modules are loaded before the clock starts; whatever a
// finder compiles or unpacks when it is first asked is within the first pass.
import { readFileSync } from 'node:fs';
import { medianOf } from './measure.ts';

/** What it prints, as JSON: milliseconds, and how many numbers one pass found. */
export interface PassFigures {
  coldMs: number;
  warmMs: number;
  found: number;
}

/** How many numbers are in the text, for a person in Germany. */
type Counter = (text: string) => number;

// What is timed and nothing else. Each module is loaded only for its own turn.
const COUNTERS: Readonly<Record<string, () => Promise<Counter>>> = {
  async offhook() {
    const { findNumbers } = await import('../../lib/numbers/find.ts');
    const options = { country: 'DE' };
    return (text) => findNumbers(text, options).length;
  },
  async libphonenumber() {
    const { findPhoneNumbersInText } = await import('libphonenumber-js/max');
    return (text) => findPhoneNumbersInText(text, 'DE').length;
  },
  async digits() {
    const digits = /\d[\d\s()./-]{5,}\d/g;
    return (text) => text.match(digits)?.length ?? 0;
  },
};

const [finder = '', page = '', passes = ''] = process.argv.slice(2);
const counter = await COUNTERS[finder]?.();
if (!counter) throw new Error(`no finder ${finder}`);
// From a file, since strings that were just put together are not yet what a page holds: one flat piece of memory each.
const texts: string[] = JSON.parse(readFileSync(page, 'utf8'));

const first = pass(counter);
const later = Array.from({ length: Number(passes) }, () => pass(counter).ms);
const figures: PassFigures = { coldMs: first.ms, warmMs: medianOf(later), found: first.found };
process.stdout.write(JSON.stringify(figures));

function pass(count: Counter): { ms: number; found: number } {
  let found = 0;
  const startedAt = performance.now();
  // Without an iterator, whose own garbage would be counted, too.
  for (let index = 0; index < texts.length; index += 1) found += count(texts[index] ?? '');
  return { ms: performance.now() - startedAt, found };
}
