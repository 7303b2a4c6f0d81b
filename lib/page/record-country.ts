// The country that a page itself names for the one record it shows: `Country: Switzerland` in a list of terms, a row of a
// table, or beside a label. Reads what is shown as text, never what a form would send; where a page names several
// countries, or none, it says nothing. Costs one query of the page, and looks at few elements.
import { attributeOf, isElement, localNameOf, nextElementOf, textIn } from './dom.ts';

const TERMS = 'dt,th,label,[class*="label" i]';
// More than that is no record but a list of them. Measured with 10,000 elements: under a millisecond.
const MOST_ELEMENTS = 10_000;
const MOST_TERMS = 300;
const MOST_CHARACTERS = 60;
const LANGUAGES = ['en', 'de', 'fr', 'it', 'es', 'nl', 'pl', 'pt'];
const OTHER_NAMES: Readonly<Record<string, string>> = {
  usa: 'US',
  'u.s.a.': 'US',
  'u.s.': 'US',
  'united states of america': 'US',
  uk: 'GB',
  'u.k.': 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  holland: 'NL',
};

/** Answers, each time it is asked, the ISO 3166 country of the record, by the words before it (`labels`, small letters). */
export function createRecordCountry(document: Document, labels: readonly string[]): () => string | undefined {
  const known = new Set(labels);
  let codes: ReadonlyMap<string, string> | undefined;
  return () => {
    // Looking for the last one that may be costs no more than that many, however long the page is.
    const elements = Document.prototype.getElementsByTagName.call(document, '*');
    if (known.size === 0 || elements.item(MOST_ELEMENTS)) return undefined;
    const terms = Document.prototype.querySelectorAll.call(document, TERMS);
    if (terms.length > MOST_TERMS) return undefined;
    const values = [...terms].flatMap((term) =>
      known.has(plain(textIn(term, MOST_CHARACTERS))) ? shownBehind(term) : [],
    );
    if (values.length === 0) return undefined;
    codes ??= namesOfCountries(attributeOf(document.documentElement, 'lang'));
    const countries = new Set(values.map((value) => codes?.get(plain(value)) ?? ''));
    const [country = ''] = countries;
    return countries.size === 1 && country !== '' ? country : undefined;
  };
}

// What stands behind a term, where that is shown text.
function shownBehind(term: Element): string[] {
  const value = nextElementOf(term);
  if (!value || !isElement(value)) return [];
  const needed = { dt: 'dd', th: 'td' }[localNameOf(term)];
  if (needed !== undefined && localNameOf(value) !== needed) return [];
  if (
    Element.prototype.querySelector.call(value, 'input,select,textarea') ||
    /^(?:input|select|textarea)$/.test(localNameOf(value))
  ) {
    return [];
  }
  const text = textIn(value, MOST_CHARACTERS);
  return text === '' || text.length > MOST_CHARACTERS || !value.checkVisibility() ? [] : [text];
}

function namesOfCountries(lang: string | undefined): ReadonlyMap<string, string> {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const names = [...LANGUAGES, lang ?? ''].flatMap((language) => displayNames(language) ?? []);
  const codes = new Map(Object.entries(OTHER_NAMES));
  for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
    const own = names.flatMap((one) => one.of(code) ?? []);
    // Countries that are no more have the names of those that followed them: DD is Germany, too.
    const country = own.length === 0 ? undefined : new Intl.Locale(`und-${code}`).region;
    if (country === undefined) continue;
    for (const name of [code, ...own]) if (!codes.has(plain(name))) codes.set(plain(name), country);
  }
  return codes;
}

// A page may claim any language.
function displayNames(language: string): Intl.DisplayNames | undefined {
  try {
    return new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
  } catch {
    return undefined;
  }
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[\s:*]+$/, '')
    .trim();
}
