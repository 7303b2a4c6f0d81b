// How the texts of one page are read: by its country, and by what the site's rule says of single columns and texts.
// A page that asks that no numbers be marked is not read at all. Decides nothing about numbers itself.
import type { PageSettings } from '#lib/messages.ts';
import { findNumbers } from '#lib/numbers/find.ts';
import { plainTitle, titlesOf } from './because.ts';
import { type ReadText, rememberReading } from './marks.ts';

/** What of a page's settings matters for reading. */
export type ReaderSettings = Pick<PageSettings, 'country' | 'alwaysColumns' | 'neverColumns' | 'notNumbers'>;

/** Reads texts by these settings, each of the usual ones once. */
export function createReader({ country, alwaysColumns, neverColumns, notNumbers }: ReaderSettings): ReadText {
  const always = plainSet(alwaysColumns);
  const never = plainSet(neverColumns);
  const none = plainSet(notNumbers);
  return rememberReading((text, before) => {
    if (before === undefined) return without(none, text, findNumbers(text, { country }));
    // A label is made of titles: "Contact: Phone".
    const titles = titlesOf(before).map(plainTitle);
    if (titles.some((title) => never.has(title))) return [];
    const isPhone = titles.some((title) => always.has(title));
    return without(none, text, findNumbers(text, { country, before: isPhone ? `${before}: Tel` : before }));
  });
}

/** Whether the page asks that no phone numbers be marked in its texts (`<meta name="format-detection">`). */
export function asksForNone(document: Document): boolean {
  const metas = Document.prototype.querySelectorAll.call(document, 'meta[name="format-detection" i]');
  return [...metas].some((meta) => /(?:^|[\s,;])telephone\s*=\s*no\b/i.test(meta.getAttribute('content') ?? ''));
}

function without(none: ReadonlySet<string>, text: string, found: ReturnType<ReadText>): ReturnType<ReadText> {
  return none.size === 0 ? found : found.filter(({ start, end }) => !none.has(plainTitle(text.slice(start, end))));
}

function plainSet(texts: readonly string[] | undefined): ReadonlySet<string> {
  return new Set(texts?.map(plainTitle));
}
