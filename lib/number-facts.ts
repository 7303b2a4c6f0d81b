// Whom a number on a page belongs to, for the card that the agent opened: the relay's contacts, and the last call, whoever had
// it, else that of those that this browser holds. A page script asks, and its renderer may be taken over: names alone are
// answered, and only so many a minute, so that nobody reads the company's contacts through a page.
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
  /** The newest call with a contact or a number, of all colleagues that are watched. */
  history(request: ViewRequests['history']['request']): Promise<ViewRequests['history']['answer']>;
  /** The name of a line that is another one's. */
  colleagueAt(lineId: string): string | undefined;
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
    const { person, asked } = await personOf(number, options);
    // A relay that did not say who it is is not asked what was.
    const told = asked && (await lastToldOf(asked, options));
    const lastCall = told ?? lastCallWith(number, journal().entries);
    const name = talksWith();
    return { person, ...(name !== undefined && { talksWith: name }), ...(lastCall && { lastCall }) };
  };
}

async function personOf(
  number: PhoneNumber,
  { lookup, recall }: Pick<NumberFactsOptions, 'lookup' | 'recall'>,
): Promise<{ person: NumberFacts['person']; asked?: { contactId: string } | { number: PhoneNumber } }> {
  const answer = await lookup({ number });
  if (answer.type !== 'found') {
    const kept = await recall(number);
    return { person: kept ? knownAs(kept, 0) : { type: 'unasked' } };
  }
  const [best, ...others] = answer.matches;
  if (!best) return { person: { type: 'unknown' }, asked: { number } };
  const { match, contactId } = best.contact;
  return { person: knownAs(best.contact, others.length), asked: match === 'exact' ? { contactId } : { number } };
}

// By all numbers of the contact, whoever spoke; undefined where the relay does not tell.
async function lastToldOf(
  asked: { contactId: string } | { number: PhoneNumber },
  { history, colleagueAt }: Pick<NumberFactsOptions, 'history' | 'colleagueAt'>,
): Promise<NumberFacts['lastCall']> {
  const answer = await history({ ...asked, limit: 1 });
  const [last] = answer.type === 'page' ? answer.entries : [];
  const call = last && callOf(last);
  const by = last && colleagueAt(last.lineId);
  return call && { ...call, ...(by !== undefined && { by }) };
}

function knownAs({ name, company, match }: Contact, others: number): NumberFacts['person'] {
  return { type: 'known', name, isCertain: match === 'exact', ...(company !== undefined && { company }), others };
}

// The newest stand first.
function lastCallWith(number: PhoneNumber, entries: readonly JournalEntry[]): NumberFacts['lastCall'] {
  const last = entries.find(({ remote }) => isSame(remote.number, number));
  return last && callOf(last);
}

function callOf({ direction, outcome, startedAt: written }: JournalEntry): NumberFacts['lastCall'] {
  const startedAt = Date.parse(written);
  return Number.isNaN(startedAt) ? undefined : { direction, outcome, startedAt };
}

// The person is the same at every extension that a page may name.
function isSame(a: PhoneNumber, b: PhoneNumber): boolean {
  return a.kind === b.kind && 'number' in a && 'number' in b && a.number === b.number;
}
