// The countries that each user has called before. The first call to another one asks once: fraud calls countries that a
// company never calls. What is asked is the guard's business; here it is only remembered, over restarts, too.
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Store } from './store/store.ts';

export interface KnownCountries {
  has(userId: string, country: string): boolean;
  /** The user has confirmed a call there. */
  learn(userId: string, country: string): void;
}

export interface KnownCountriesOptions {
  store: Pick<Store, 'knownCountries' | 'addKnownCountry'>;
  clock: Clock;
  log: Logger;
  /** Countries that need no confirmation of anybody. */
  usual?: readonly string[] | undefined;
}

/** Reads what is known; later look-ups need no store. */
export async function openKnownCountries({
  store,
  clock,
  log,
  usual = [],
}: KnownCountriesOptions): Promise<KnownCountries> {
  const known = new Set((await store.knownCountries()).map(({ userId, country }) => keyOf(userId, country)));
  return {
    has: (userId, country) => usual.includes(country) || known.has(keyOf(userId, country)),
    learn(userId, country) {
      if (known.has(keyOf(userId, country))) return;
      known.add(keyOf(userId, country));
      // Not kept, it is asked for again after the next start.
      store
        .addKnownCountry({ userId, country, confirmedAt: new Date(clock.now()).toISOString() })
        .catch((error: unknown) => {
          log.error({ err: error }, 'a confirmed country could not be written down');
        });
    },
  };
}

function keyOf(userId: string, country: string): string {
  return `${userId} ${country}`;
}
