// One person who stands in several sources is shown once. Two contacts are the same person where they share an e-mail address,
// or a number and a name that is alike; contacts of one source stay apart, since that source knows better. Pure: what somebody
// may not see must be taken out before, so that nothing of it gets in.
import { spellings } from './search-text.ts';
import type { ContactNumber, StoredContact } from './store/store.ts';

/** A contact with its source; `also` are the contacts of other sources that are the same person, whose parts it has, too. */
export interface SourcedContact extends StoredContact {
  source: string;
  also?: readonly SourcedContact[];
}

/** Contacts that may be the same person: those that share a number or an e-mail address with one. */
export type Sharing = (contact: SourcedContact) => readonly SourcedContact[];

const MOST_SOURCES = 8;
// A head number may be everybody's.
const MOST_SHARING = 200;
const MOST_NUMBERS = 32;

/**
 * The hits without those that are the same person as one before them, each with what the others add. The first one's own
 * name, company, address and labels win; `sharing` may answer contacts that are among the hits.
 */
export function mergedHits<Hit extends { entry: SourcedContact }>(hits: readonly Hit[], sharing: Sharing): Hit[] {
  const taken = new Set<SourcedContact>();
  return hits.flatMap((hit) => {
    if (taken.has(hit.entry)) return [];
    const others = samePerson(hit.entry, sharing, taken);
    for (const other of [hit.entry, ...others]) taken.add(other);
    return others.length === 0 ? [hit] : [{ ...hit, entry: joined(hit.entry, others) }];
  });
}

// By way of one to the next: the CRM knows the mobile, the directory the e-mail address, the address book both.
function samePerson(first: SourcedContact, sharing: Sharing, taken: ReadonlySet<SourcedContact>): SourcedContact[] {
  const person = [first];
  const sources = new Set([first.source]);
  for (const one of person) {
    for (const other of sharing(one).slice(0, MOST_SHARING)) {
      if (person.length >= MOST_SOURCES) break;
      if (sources.has(other.source) || taken.has(other) || !isSame(one, other)) continue;
      sources.add(other.source);
      person.push(other);
    }
  }
  return person.slice(1);
}

/** Whether two contacts of different sources are one person. */
function isSame(a: SourcedContact, b: SourcedContact): boolean {
  if ((a.emails ?? []).some((email) => b.emails?.includes(email))) return true;
  const isShared = a.numbers.some(({ number }) => b.numbers.some((other) => other.number === number));
  return isShared && areNamesAlike(a.name, b.name);
}

/** Whether two names can be one person's: the same words in any order, one with more of them, or with initials. */
export function areNamesAlike(a: string, b: string): boolean {
  return spellings(a).some((one) => spellings(b).some((other) => areWordsAlike(wordsOf(one), wordsOf(other))));
}

const TITLES = new Set([
  'dr',
  'prof',
  'ing',
  'dipl',
  'mag',
  'mr',
  'mrs',
  'ms',
  'herr',
  'frau',
  'med',
  'phd',
  'jr',
  'sr',
]);

function wordsOf(name: string): string[] {
  const words = name.split(' ');
  const bare = words.filter((word) => !TITLES.has(word));
  return bare.length > 0 ? bare : words;
}

function areWordsAlike(a: readonly string[], b: readonly string[]): boolean {
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  // One word alone may be a family, a company or a first name.
  if (few.length === 1 && many.length > 1) return false;
  const left = [...many];
  const isEach = few.every((word) => {
    const place = left.findIndex((other) => other === word || isInitial(word, other) || isInitial(other, word));
    if (place >= 0) left.splice(place, 1);
    return place >= 0;
  });
  return isEach && few.some((word) => word.length > 1 && many.includes(word));
}

function isInitial(short: string, long: string): boolean {
  return short.length === 1 && long.startsWith(short);
}

function joined(first: SourcedContact, others: readonly SourcedContact[]): SourcedContact {
  const numbers = new Map<string, ContactNumber>();
  for (const { numbers: own } of [first, ...others]) {
    for (const one of own) if (!numbers.has(one.number)) numbers.set(one.number, one);
  }
  const byUse = [...numbers.values()].sort((a, b) => Number(a.isFax ?? false) - Number(b.isFax ?? false));
  const company = first.company ?? others.find((other) => other.company !== undefined)?.company;
  const url = first.url ?? others.find((other) => other.url !== undefined)?.url;
  const about = joinedAbout([first, ...others]);
  return {
    ...first,
    ...(company !== undefined && { company }),
    ...(url !== undefined && { url }),
    ...(about && { about }),
    numbers: byUse.slice(0, MOST_NUMBERS),
    also: others,
  };
}

function joinedAbout(contacts: readonly SourcedContact[]): StoredContact['about'] {
  const all = contacts.flatMap(({ about }) => about ?? []);
  if (all.length < 2) return all[0];
  const facts = all.flatMap((about) => about.facts ?? []);
  return {
    ...all[0],
    ...(facts.length > 0 && { facts }),
    ...(all.some(({ vip }) => vip) && { vip: true }),
    ...(all.some(({ doNotCall }) => doNotCall) && { doNotCall: true }),
  };
}
