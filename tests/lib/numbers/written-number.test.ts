// What a whole text means as a number, beside the protocol's own reading of it, which asks libphonenumber.
import type { PhoneNumber } from '@offhook/protocol';
import { locationOf } from '@offhook/protocol/location-settings';
import { readNumber } from '@offhook/protocol/number';
import { describe, expect, test } from 'vitest';
import { readWrittenNumber } from '#lib/numbers/written-number.ts';
import { createDice, type Dice } from '../../fakes/dice.ts';
import { numberSources, someDialled, someNational } from './sample-numbers.ts';

const RUNS = process.env['OFFHOOK_FULL'] === '1' ? 100_000 : 10_000;
const SEED = 20_261_123;

// Elsewhere the two may differ where a number is written without the prefix that only some numbers of the country have, or
// behind a carrier's code: the protocol asks the library's national form, the plan knows formats only.
const EXACT = new Set('DE AT CH FR GB IT ES BE PL PT SE DK US CA IE LU CZ HU RO GR JP MX ZA'.split(' '));

function byProtocol(text: string, country: string): PhoneNumber | undefined {
  const number = readNumber(text, locationOf({ country, internal: { minDigits: 2, maxDigits: 5 } }));
  return number.kind === 'raw' || number.kind === 'anonymous' ? undefined : number;
}

function spelled(digits: string, dice: Dice): string {
  const separator = dice.pick(['', ' ', '-', '/', '.']);
  return [...digits].map((digit, at) => (at > 1 && dice.below(4) === 0 ? `${separator}${digit}` : digit)).join('');
}

describe('readWrittenNumber', () => {
  test('reads what people write as the protocol does: exactly in the countries with rules, nearly everywhere', () => {
    const dice = createDice(SEED);
    const sources = numberSources().filter(({ country }) => country !== undefined);
    const kinds = new Map<string, number>();
    const differences: { country: string; [detail: string]: unknown }[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const source = dice.pick(sources);
      const country = source.country ?? '';
      const national = someNational(dice, source, sources);
      const digits = dice.below(3) === 0 ? `+${source.callingCode}${national}` : someDialled(dice, source, national);
      const text = spelled(digits, dice);
      const ours = readWrittenNumber(text, country);
      const theirs = byProtocol(text, country);
      kinds.set(ours?.kind ?? 'none', (kinds.get(ours?.kind ?? 'none') ?? 0) + 1);
      if (JSON.stringify(ours) !== JSON.stringify(theirs)) differences.push({ text, country, ours, theirs });
    }
    expect(kinds.get('e164')).toBeGreaterThan(RUNS / 3);
    expect(kinds.get('none')).toBeGreaterThan(RUNS / 20);
    expect(differences.filter(({ country }) => EXACT.has(country))).toEqual([]);
    expect(differences.length).toBeLessThan(RUNS / 100);
  });

  test.each([
    ['112', 'DE', { kind: 'service', number: '112' }],
    ['911', 'US', { kind: 'service', number: '911' }],
    ['4711', 'DE', { kind: 'internal', number: '4711' }],
    ['*21*030#', 'DE', { kind: 'code', code: '*21*030#' }],
    ['**87', 'DE', { kind: 'code', code: '**87' }],
    ['+49 (0)30 23125042', 'FR', { kind: 'e164', number: '+493023125042' }],
    ['98765 43210', 'IN', { kind: 'e164', number: '+919876543210' }],
    ['030\u200b23125042', 'DE', { kind: 'e164', number: '+493023125042' }],
  ])('reads %s in %s', (text, country, number) => {
    expect(readWrittenNumber(text, country)).toEqual(number);
  });

  test.each(['4911705', '', '+', 'call us', '030/ab', `+49${'1'.repeat(70)}`])('reads no number in "%s"', (text) => {
    expect(readWrittenNumber(text, 'DE')).toBeUndefined();
  });
});
