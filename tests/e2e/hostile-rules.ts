// What must hold on every hostile page, whatever it tries: in one place, so that each page is judged by the same rules.
import { expect } from 'vitest';
import { DECOY, type HostilePage } from '../fixtures/hostile/hostile-page.ts';
import type { Outcome } from './hostile-ground.ts';

// The number that nobody presses, as the phone system would get it.
const DECOY_E164 = `+49${DECOY.replace(/\D/g, '').slice(1)}`;

/** Fails the test unless the outcome is one that the page may have. */
export function expectToHold(page: HostilePage, outcome: Outcome): void {
  const { dialled, promised, leaked, crashes, isAlive } = outcome;
  expect({ leaked, crashes, isAlive }, page.name).toEqual({ leaked: [], crashes: [], isAlive: true });
  // A link says itself what it calls.
  const mayDial = page.press === 'link' ? dialled : [promised];
  if (page.outcome === 'nothing') expect(dialled, page.name).toEqual([]);
  if (page.outcome === 'dials') expect(dialled, page.name).toEqual([promised]);
  if (page.outcome === 'either' && dialled.length > 0) expect(dialled, page.name).toEqual(mayDial);
  expect(dialled, page.name).not.toContain(DECOY_E164);
}

const isFull = process.env['OFFHOOK_FULL'] === '1';

/** All of them in the long run; in the short one all but each `every`th, or with a negative number only those. */
export function pagesToTry(pages: readonly HostilePage[], every: number): readonly HostilePage[] {
  return isFull ? pages : pages.filter((_, at) => (every < 0 ? at % -every === 0 : at % every !== every - 1));
}

const MIXES = isFull ? 64 : 4;
const PARTS_OF_MIX = 4;

/** Pages that do several things at once, the same in each run: which they are follows from the seed alone. */
export function mixedPages(parts: readonly HostilePage[], seed: number): readonly HostilePage[] {
  let state = seed;
  // A linear congruential generator (Numerical Recipes): even enough to pick with.
  const next = (below: number) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: MIXES }, (_, at) => {
    const left = [...parts];
    const chosen = Array.from({ length: PARTS_OF_MIX }, () => left.splice(next(left.length), 1)).flat();
    const codeOf = (pick: (page: HostilePage) => string | undefined) =>
      chosen.map((page) => `{ ${pick(page) ?? ''} }`).join('\n');
    return {
      name: `${at}: ${chosen.map(({ name }) => name).join(' + ')}`,
      html: chosen.map(({ html = '' }) => html).join(''),
      before: codeOf(({ before }) => before),
      attack: codeOf(({ attack }) => attack),
      outcome: 'either',
    };
  });
}
