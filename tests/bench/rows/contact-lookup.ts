// Whose number is it? With a million contacts, as an extension's question is answered: rights, search, and the contact as
// it is shown. Beside it one SELECT over an index of numbers, in the same process and the same database.

import { startChild } from '../crowd/child.ts';
import type { ContactAnswer, ContactQuestion } from '../crowd/contact-pass.ts';
import type { RowFamily } from '../row.ts';

const ID = 'contact-lookup';
const PASS = new URL('../crowd/contact-pass.ts', import.meta.url).pathname;

/** A million contacts. */
export const contactLookup = contactFamily({ contacts: 1_000_000, lookups: 5_000, rounds: 20 });

/** The family, at any size. */
export function contactFamily(size: { contacts: number; lookups: number; rounds: number }): RowFamily {
  return {
    rows: [
      {
        id: ID,
        unit: 'µs',
        ours: `a lookup among ${size.contacts} contacts, from the question to the answer`,
        reference: 'one indexed SELECT of the same contact',
      },
    ],
    rounds: size.rounds,
    warmUpRounds: 2,
    async open({ say, atEnd }) {
      const child = startChild<ContactQuestion, ContactAnswer>(PASS, [String(size.contacts)]);
      atEnd(child.kill);
      const tookMs = await child.ask({ ask: 'open' });
      const { rss } = await child.memory();
      say(
        `${size.contacts} contacts were read in ${(tookMs / 1000).toFixed(1)} s and take ${(rss / 1e6).toFixed(0)} MB`,
      );
      const looking = (ask: 'offhook' | 'select') => async () => {
        return { [ID]: 1000 * (await child.ask({ ask, lookups: size.lookups })) };
      };
      return { ours: looking('offhook'), reference: looking('select') };
    },
  };
}
