// Which column of an export holds what, guessed from its header in English or German. The programs that write such files
// agree on nothing, so words are matched, not whole headers.
import { cleanName } from '../names.ts';

/** What a column holds. `number` columns are all alike for finding a caller; `ignored` ones hold nothing of use. */
export type Field = 'id' | 'name' | 'firstName' | 'lastName' | 'company' | 'number' | 'url' | 'email' | 'ignored';

// The first rule that fits decides. "Company Main Phone" is a number, "Phone 1 - Type" is nothing.
const RULES: readonly (readonly [Field, RegExp])[] = [
  ['ignored', /\b(?:type|typ|label|art|bezeichnung|extension type)$/],
  ['number', /phone|telefon|telephone|mobil|handy|\bcell|\bfax|telefax|rufnummer|durchwahl|\btel\b|\bfon\b/],
  ['ignored', /yomi|phonetic|middle|suffix|prefix|nick|assistant|spouse|manager|file as/],
  ['ignored', /e ?mail.*(?:display|anzeige)/],
  ['email', /\be ?mail/],
  ['id', /^(?:id|contact id|kontakt id|record id|kundennummer|kunden nr|customer number|customer no|nr|nummer)$/],
  ['firstName', /^(?:first name|given name|vorname)$/],
  ['lastName', /^(?:last name|family name|surname|nachname|familienname)$/],
  [
    'company',
    /^(?:company|company name|organi[sz]ation|organi[sz]ation name|firma|firmenname|unternehmen|account|account name)$/,
  ],
  [
    'name',
    /^(?:name|full name|display name|contact|contact name|anzeigename|kontakt|kontaktname|ansprechpartner|voller name)$/,
  ],
  ['url', /^(?:url|link|crm url|crm link|record url|adresse im crm)$/],
];

/** The field of each column of a header row, in order. */
export function fieldsOf(header: readonly string[]): Field[] {
  return header.map((title) => {
    const words = wordsOf(title);
    return RULES.find(([, pattern]) => pattern.test(words))?.[0] ?? 'ignored';
  });
}

function wordsOf(title: string): string {
  return title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

// Titles that say no more than that a number is in the column.
const PLAIN =
  /^(?:(?:tele)?(?:phone|fon)|telephone|tel|rufnummer|number|nummer)(?: ?(?:number|nummer|no|nr))?(?: ?[0-9]+)?(?: value)?$/;
const MAX_LABEL = 64;

/** What the numbers of a column are called, as its title says; undefined where that says no more than "phone". */
export function labelOf(title: string): string | undefined {
  const label = cleanName(title).slice(0, MAX_LABEL).trim();
  if (label === '' || PLAIN.test(wordsOf(label))) return undefined;
  return label.charAt(0).toUpperCase() + label.slice(1);
}

/** Whether nobody answers there: such a number is known, but the last one to call. */
export function isFax(title: string): boolean {
  return /fax/.test(wordsOf(title));
}

/** What separates the fields of a line: the most frequent of tab, semicolon and comma outside quotes. */
export function delimiterOf(headerLine: string): '\t' | ';' | ',' {
  const bare = headerLine.replace(/"(?:[^"]|"")*"/g, '');
  const count = (sign: string) => bare.split(sign).length - 1;
  const candidates = ['\t', ';', ','] as const;
  return candidates.reduce(
    (best, sign) => (count(sign) > count(best) ? sign : best),
    ',' as (typeof candidates)[number],
  );
}
