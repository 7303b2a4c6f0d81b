// Why a text on the page was taken for a number: the finder's rule, and the word in front of it that it went by. For the
// card and the popup's list; decides nothing.

import type { FoundNumber } from '#lib/numbers/find.ts';
import type { FoundBecause } from '#lib/page-facts.ts';

/** What was read where: the whole line, and the label in front of it. */
export interface ReadPlace {
  found: FoundNumber;
  /** The line that it stands in. */
  text: string;
  /** Titles in front of the line, `'Contact: Phone'`. */
  before?: string | undefined;
}

const MOST_LABEL = 40;
const LABEL_RULES = new Set(['label', 'internal-label']);

/** The rule and the words, in the page's own spelling. `always`: titles of columns that the site's rule names. */
export function becauseOf({ found, text, before }: ReadPlace, always: readonly string[] = []): FoundBecause {
  const { rule } = found;
  if (!LABEL_RULES.has(rule)) return { rule };
  const title = before === undefined ? undefined : titlesOf(before).find((one) => isSameTitle(one, always));
  if (title !== undefined) return { rule: 'site-column', label: title };
  const label = wordsBefore(text.slice(0, found.start)) ?? (before && titlesOf(before).at(-1));
  return { rule, ...(label && { label: label.slice(0, MOST_LABEL) }) };
}

/** The titles of which a label is made, outermost first. */
export function titlesOf(before: string): readonly string[] {
  return before.split(': ').filter((title) => title.trim() !== '');
}

function isSameTitle(title: string, always: readonly string[]): boolean {
  return always.some((one) => plainTitle(one) === plainTitle(title));
}

/** A title as it is compared: case, white space and the colon behind it do not count. */
export function plainTitle(text: string): string {
  return text
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[\s:*]+$/, '')
    .trim();
}

// The last two words in front of the digits, as far as they are words.
function wordsBefore(text: string): string | undefined {
  const line = text.slice(-3 * MOST_LABEL).replace(/[\s:.(\-–/]+$/u, '');
  const [words] = /(?:\p{L}[\p{L}\p{M}.'’-]*\s+)?\p{L}[\p{L}\p{M}.'’-]*$/u.exec(line) ?? [];
  return words === undefined || words.length > MOST_LABEL ? undefined : words;
}
