// What words that no label file knows say of the digits behind them, and how far a word that one knows reaches: general
// rules, tried on words that nobody uses. Numbers are from the regulators' ranges for fiction where there are such.
import { describe, expect, test } from 'vitest';
import { explainNumbers, findNumbers } from '#lib/numbers/find.ts';

function found(country: string, text: string, before?: string): string[] {
  const options = before === undefined ? { country } : { country, before };
  return findNumbers(text, options).map(({ number }) => number);
}

describe('digits in one run behind a word that nobody knows', () => {
  test.each([
    ['DE', 'Blurbel 03023125042, Zeile 3'],
    ['NL', 'blurbel 0612345601'],
    ['IT', 'Blurbella 0212345601, rilasciata ieri'],
    ['US', 'blurbel 2125550142'],
    ['DE', 'BLX 03023125042'],
  ])('are none: %s "%s"', (country, text) => {
    expect(found(country, text)).toEqual([]);
    expect(explainNumbers(text, { country }).map(({ rule }) => rule)).toContain('unknown-label');
  });

  test.each([
    ['DE', 'Blurbel: 03023125042', '+493023125042'],
    ['DE', 'Anna Blurbel 03023125042', '+493023125042'],
    ['PL', 'pani Blurbel 512345678', '+48512345678'],
    ['PL', 'blurbel (512345678)', '+48512345678'],
    ['DE', 'Blurbel 03023125042 → 18', '+493023125042'],
  ])('are one behind a colon, a name, in brackets, before an arrow: %s "%s"', (country, text, number) => {
    expect(found(country, text)).toEqual([number]);
  });
});

describe('grouped digits behind such a word', () => {
  test('are one: people write names, departments and places in front of their numbers', () => {
    expect(found('DE', 'Blurbel 030 23125042')).toEqual(['+493023125042']);
    expect(found('ES', 'Blurbel 912 345 678')).toEqual(['+34912345678']);
  });

  test.each([
    ['DE', 'Blrb. 030 23125042'],
    ['US', 'BLX 212-555-0142 / 3'],
    ['DK', 'Blurb 7, blrb. 20 12 34 56'],
  ])('are none where it is cut short, or in capitals, and alone in its clause: %s "%s"', (country, text) => {
    expect(found(country, text)).toEqual([]);
  });
});

describe('the number of something', () => {
  test.each([
    ['FR', '06 39 98 12 34', 'N° blurbel'],
    ['US', '212-555-0142', 'Blurbel number'],
    ['GB', '020 7946 0018', 'Blurbel no'],
    ['DE', '030 23125042', 'Blurbelnr.'],
  ])('under such a head a cell is none: %s "%s" under "%s"', (country, text, head) => {
    expect(found(country, text, head)).toEqual([]);
  });

  test.each([
    ['FR', 'N° client 06 39 98 12 34'],
    ['IT', 'cod. fornitore 02 12345601'],
    ['US', '{"blurbelId": 2125550142}'],
    ['FR', 'Blurb n° 06 39 98 12 34'],
    ['IT', 'pratica blurbella 02/12345601'],
  ])('and so it is in a text: %s "%s"', (country, text) => {
    expect(found(country, text)).toEqual([]);
  });

  test.each([
    ['US', 'my # is 212-555-0142', '+12125550142'],
    ['US', "Anna's # 212-555-0142", '+12125550142'],
    ['DE', 'die richtige Nr ist 030 23125042', '+493023125042'],
    ['US', '{"mobileNo": 2125550142}', '+12125550142'],
  ])('but somebody’s number is one, and so is what it "is": %s "%s"', (country, text, number) => {
    expect(found(country, text)).toEqual([number]);
  });
});

describe('how far a word reaches', () => {
  test.each([
    ['ES', '(seguro nº 912345678): 91 234 56 70', '+34912345670'],
    ['ES', 'taller (cód. 34-0912) 664 918 273', '+34664918273'],
    ['DE', 'Auftrag 4711 | 030 23125042', '+493023125042'],
  ])('what was said of other digits is over behind a bracket, a colon, a bar: %s "%s"', (country, text, number) => {
    expect(found(country, text)).toEqual([number]);
  });

  test.each([
    ['DE', 'Chip 276 0981 0234 5678'],
    ['IE', 'MPRN 10 012 345 678'],
  ])('what is said of the first digits of a row is said of the row: %s "%s"', (country, text) => {
    expect(found(country, text)).toEqual([]);
  });

  test('a telling word in front of a word for an id says what the id is about only across a sign', () => {
    expect(found('DE', 'Kundendienst, Fragen zur Rechnung: 030 23125042')).toEqual(['+493023125042']);
    expect(found('US', 'Calling card 212-555-0142')).toEqual([]);
  });
});

describe('rows that go on are no number and a rest', () => {
  test.each([
    ['PL', '512 345 678 01'],
    ['PL', '601-234-567-890'],
    ['IN', '98765-43210-12'],
    ['BR', '01310-100'],
    ['DK', '28-31 (12-16), 1.234'],
  ])('%s "%s"', (country, text) => {
    expect(found(country, text)).toEqual([]);
  });
});

describe('ways to write that only some countries have', () => {
  test.each([
    ['FR', '(33) 1 99 00 12 34', ['+33199001234']],
    ['HU', 'Mobil: 20/123-4612', ['+36201234612']],
    ['KR', '031)212-3456', ['+82312123456']],
    ['LV', 'Anna, 29 123 457', ['+37129123457']],
    ['AE', 'Call 800 12345', ['+97180012345']],
    ['CN', '发我手机 13912345678', ['+8613912345678']],
    ['IL', 'להתקשר ל-0502345671', ['+972502345671']],
    ['TH', 'โทร. 02-123-4567-9', ['+6621234567']],
    ['KE', 'to=+254711123456 id=0711123456-7781', ['+254711123456']],
    ['IT', '335.123.45.73', ['+393351234573']],
    ['DE', '030 23125042 + 0171 3920012', ['+493023125042', '+491713920012']],
    ['DE', 'Tel. (030) 231 25 042 / 0171-3920012', ['+493023125042', '+491713920012']],
  ])('%s "%s"', (country, text, numbers) => {
    expect(found(country, text)).toEqual(numbers);
  });

  test.each([
    ['FR', '01 99 00 12 34, poste n° 218', '218'],
    ['PL', '22 640 15 12 (nr wew. 218)', '218'],
    ['HU', '06 1 234 5678 / 112 mellék', '112'],
    ['VN', '024 3812 3456 máy lẻ 119', '119'],
    ['GB', '020 7946 0018 internal ext 218', '218'],
  ])('%s "%s" has the extension %s', (country, text, extension) => {
    expect(findNumbers(text, { country })[0]?.extension).toBe(extension);
  });
});
