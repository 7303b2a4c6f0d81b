// The traps that a phone library falls into, each with what is right: docs/numbers.md says by which rule.
import { describe, expect, test } from 'vitest';
import { explainNumbers, type FindOptions, findNumbers } from '#lib/numbers/find.ts';

const DE: FindOptions = { country: 'DE' };

function found(text: string, options: FindOptions = DE): string[] {
  return findNumbers(text, options).map(({ kind, number, extension }) => {
    return `${kind === 'phone' ? '' : `${kind} `}${number}${extension === undefined ? '' : ` x${extension}`}`;
  });
}

describe('traps', () => {
  test.each([
    ['0351-4911705-18', ['+49351491170518'], 'the German direct dial is part of the number'],
    ['+49 (351) 4911705-18', ['+49351491170518'], 'abroad, too'],
    ['069/1234-0', ['+496912340'], 'so is the switchboard’s 0'],
    ['0351 4911705 ext. 18', ['+493514911705 x18'], 'an extension is not'],
    ['0351 4911705 Durchwahl 18', ['+493514911705 x18'], 'in German'],
    ['4911705', [], 'a number without area code is none'],
    ['Tel. 4911705', [], 'nor after a label'],
    ['0 0351 4911705', [], 'with an outside digit it is not Portugal'],
    ['01033 0351 4911705', [], 'with a carrier code in front it is left alone'],
    ['011 49 351 4911705', [], 'the American prefix for calls abroad means nothing here'],
    ['**87', [], 'a feature code is none'],
    ['*21*0351#', [], 'nor this one'],
    ['110, 112, 115, 116117, 118 33', [], 'emergency and service numbers are never found'],
    ['0900 123 4567', ['+499001234567'], 'premium numbers are numbers'],
    ['4711-2024', [], 'an order'],
    ['2024-0351-4911, ext 42', [], 'a file'],
    ['00 49 351 4911705', ['+493514911705'], 'an odd way to write 0049'],
    ['4911705/06 und 0351 4911705/06', ['+493514911705'], 'a range yields its first number'],
    ['anonymous, <unknown>, Restricted', [], 'callers without number'],
  ])('reads "%s" as %j: %s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test('two numbers with a comma between them are two numbers', () => {
    expect(found('212-555-0100, 303-555-0187', { country: 'US' })).toEqual(['+12125550100', '+13035550187']);
  });

  test.each([
    ['1-800-FLOWERS', 'US', '+18003569377'],
    ['1300 FLIGHT', 'AU', '+611300354448'],
  ])('a word for a number (%s, %s) yields its digits', (text, country, number) => {
    expect(found(text, { country })).toEqual([number]);
  });

  test('with an area code of its own, a place may leave it out', () => {
    const options = { country: 'DE', areaCode: '351' };
    expect(found('4911705', options)).toEqual(['+493514911705']);
    expect(found('Tel. 4911705', options)).toEqual(['+493514911705']);
    expect(found('Seite 4911705 von 5', options)).toEqual([]);
  });

  test.each([
    ['030 23125042', 'Telefax', 'fax +493023125042'],
    ['030 23125042', 'Tel./Fax', '+493023125042'],
    ['18', 'Durchwahl', 'internal 18'],
  ])('what stands before the block counts: "%s" under "%s" is %s', (text, before, expected) => {
    expect(found(text, { country: 'DE', before, internal: { minDigits: 2, maxDigits: 4 } })).toEqual([expected]);
  });

  test.each([
    ['blurb 4155550188 idle', 'US', 'unknown-label'],
    ['0478.654.321', 'BE', 'company-number'],
    ['a030 23125042', 'DE', 'touching'],
    ['Rechnungsnr. 030 23125042', 'DE', 'negative-label:invoice'],
  ])('says of "%s" (%s) why it is none: %s', (text, country, rule) => {
    expect(explainNumbers(text, { country }).map((one) => one.rule)).toContain(rule);
  });
});
