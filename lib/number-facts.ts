// Whom a number on a page belongs to, for the card that the agent opened: the relay's contacts, and the last call of those
// that this browser holds. A page script asks, and its renderer may be taken over: names alone are answered, and only so
// many a minute, so that nobody reads the company's contacts through a page.
import type { Contact, JournalEntry, PhoneNumber } from '@offhook/protocol';
import type { JournalState } from './journal.ts';
import type { ViewRequests } from './messages.ts';
import type { NumberFacts } from './page-facts.ts';

/** How many numbers a minute are looked up for pages; nobody opens more cards than that. */
const MOST_A_MINUTE = 30;
const MINUTE_MS = 60_000;

export interface NumberFactsOptions {
  lookup(request: ViewRequests['lookup']['request']): Promise<ViewRequests['lookup']['answer']>;
  /** Whom it belonged to when the relay could be asked. */
  recall(number: PhoneNumber): Promise<Contact | undefined>;
  journal: () => Pick<JournalState, 'entries'>;
  /** Whom the agent speaks with now; undefined: nobody. */
  talksWith(): string | undefined;
  now(): number;
}

/** Answers what is known of a number. */
export function createNumberFacts(options: NumberFactsOptions) {
  const { journal, talksWith, now } = options;
  let askedAt: readonly number[] = [];
  return async (number: PhoneNumber): Promise<NumberFacts> => {
    const from = now() - MINUTE_MS;
    // One more than is answered tells that it is too many, however many there are.
    askedAt = [...askedAt.filter((at) => at > from), now()].slice(-MOST_A_MINUTE - 1);
    if (askedAt.length > MOST_A_MINUTE) return { person: { type: 'unasked' } };
    const lastCall = lastCallWith(number, journal().entries);
    const person = await personOf(number, options);
    const name = talksWith();
    return { person, ...(name !== undefined && { talksWith: name }), ...(lastCall && { lastCall }) };
  };
}

async function personOf(
  number: PhoneNumber,
  { lookup, recall }: Pick<NumberFactsOptions, 'lookup' | 'recall'>,
): Promise<NumberFacts['person']> {
  const answer = await lookup({ number });
  if (answer.type !== 'found') {
    const kept = await recall(number);
    return kept ? knownAs(kept, 0) : { type: 'unasked' };
  }
  const [best, ...others] = answer.matches;
  return best ? knownAs(best.contact, others.length) : { type: 'unknown' };
}

function knownAs({ name, company, match }: Contact, others: number): NumberFacts['person'] {
  return { type: 'known', name, isCertain: match === 'exact', ...(company !== undefined && { company }), others };
}

// The newest stand first.
function lastCallWith(number: PhoneNumber, entries: readonly JournalEntry[]): NumberFacts['lastCall'] {
  const last = entries.find(({ remote }) => isSame(remote.number, number));
  const startedAt = last ? Date.parse(last.startedAt) : Number.NaN;
  return last && !Number.isNaN(startedAt) ? { direction: last.direction, outcome: last.outcome, startedAt } : undefined;
}

// The person is the same at every extension that a page may name.
function isSame(a: PhoneNumber, b: PhoneNumber): boolean {
  return a.kind === b.kind && 'number' in a && 'number' in b && a.number === b.number;
}
