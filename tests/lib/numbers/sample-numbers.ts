// Numbers of every region for the differential test: valid ones, straight from libphonenumber's patterns, and others
// that are a little wrong. Knows nothing of the automata that it tests.
import metadata from 'libphonenumber-js/max/metadata';
import type { Dice } from '../../fakes/dice.ts';

/** A region, or a calling code that belongs to none, and the patterns of its national numbers. */
export interface NumberSource {
  /** `undefined` for a code of no country. */
  country: string | undefined;
  callingCode: string;
  internationalPrefix: string;
  trunkPrefix: string;
  patterns: readonly string[];
}

/** All regions and calling codes of the metadata. */
export function numberSources(): NumberSource[] {
  // The package types its metadata for its own functions only; METADATA.md there describes the layout.
  const { countries, nonGeographic } = metadata as unknown as Record<string, Record<string, unknown[]>>;
  return [
    ...Object.entries(countries ?? {}).map(([country, region]) => sourceOf(country, region)),
    ...Object.values(nonGeographic ?? {}).map((plan) => sourceOf(undefined, plan)),
  ];
}

/** A national number of the region: mostly valid, the rest wrong in one of the ways in which written numbers are. */
export function someNational(dice: Dice, source: NumberSource, others: readonly NumberSource[]): string {
  const valid = written(dice.pick(source.patterns), dice);
  switch (dice.below(12)) {
    case 0:
      return valid.slice(0, -1 - dice.below(3));
    case 1:
      return valid + dice.digits(1 + dice.below(4));
    case 2:
      return written(dice.pick(dice.pick(others).patterns), dice);
    case 3:
      return dice.digits(1 + dice.below(19));
    case 4:
    case 5:
    case 6: {
      const at = dice.below(valid.length);
      return valid.slice(0, at) + dice.digits(1) + valid.slice(at + 1);
    }
    default:
      return valid;
  }
}

/** What somebody in the region may dial for it: with and without trunk prefix, from abroad, with a carrier's code. */
export function someDialled(dice: Dice, source: NumberSource, national: string): string {
  const { trunkPrefix, internationalPrefix, callingCode } = source;
  switch (dice.below(10)) {
    case 0:
      return national;
    case 1:
      return callingCode + national;
    case 2:
      return written(internationalPrefix || '00', dice) + callingCode + national;
    case 3:
      return `${trunkPrefix}${dice.digits(2)}${national}`;
    case 4:
      return `0${national}`;
    default:
      return trunkPrefix + national;
  }
}

function sourceOf(country: string | undefined, region: readonly unknown[]): NumberSource {
  const [callingCode, idd, general, , , trunk] = region;
  const types = Array.isArray(region[11]) ? region[11].filter(Array.isArray).map(([pattern]) => pattern) : [];
  const patterns = [...types, general].filter((pattern) => typeof pattern === 'string' && pattern !== '');
  return {
    country,
    callingCode: String(callingCode),
    internationalPrefix: String(idd || ''),
    trunkPrefix: String(trunk || ''),
    patterns,
  };
}

/** Digits that the pattern matches; groups, choices, classes, `\d`, `?`, `{}`, as the metadata uses them. */
function written(pattern: string, dice: Dice): string {
  let at = 0;
  return choice();

  function choice(): string {
    const options = [sequence()];
    while (pattern[at] === '|') {
      at += 1;
      options.push(sequence());
    }
    return dice.pick(options);
  }

  function sequence(): string {
    let text = '';
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') text += repeated();
    return text;
  }

  function repeated(): string {
    const start = at;
    let once = atom();
    const [mark, least, most] = /^(?:\?|\{(\d+)(?:,(\d+))?\})/.exec(pattern.slice(at)) ?? [];
    if (mark === undefined) return once;
    const end = at + mark.length;
    const min = mark === '?' ? 0 : Number(least);
    const max = mark === '?' ? 1 : Number(most ?? least);
    let text = '';
    for (let count = min + dice.below(max - min + 1); count > 0; count -= 1) {
      text += once;
      at = start;
      once = atom();
    }
    at = end;
    return text;
  }

  function atom(): string {
    const [opening] = /^\((?:\?:)?/.exec(pattern.slice(at)) ?? [];
    if (opening !== undefined) {
      at += opening.length;
      const text = choice();
      at += 1;
      return text;
    }
    const [unit = ''] = /^(?:\\d|\[[\d-]+\]|\d)/.exec(pattern.slice(at)) ?? [];
    if (unit === '') throw new Error(`unknown in ${pattern}: ${pattern.slice(at)}`);
    at += unit.length;
    return dice.pick('0123456789'.split('').filter((digit) => new RegExp(unit).test(digit)));
  }
}
