// Ways in which people write numbers and their labels that no plain "label: number" covers: tables as text, labels behind
// the number, pictures as labels, words inside a number. Numbers are from the regulators' ranges for fiction.
import { describe, expect, test } from 'vitest';
import { ours } from './evaluate.ts';

const find = (country: string, text: string, before?: string) =>
  ours(text, before === undefined ? { country } : { country, before });

describe('tables that came as text', () => {
  test.each([
    ['Name;Telefon;Auftrag\nAnna;030 23125042;030 23125043', ['+493023125042']],
    ['Name,Telefon,Fax\nAnna,030 23125042,030 23125043', ['+493023125042', 'fax +493023125043']],
    ['| Name | Telefon | Auftrag |\n|---|---|---|\n| Anna | 030 23125042 | 030 23125043 |', ['+493023125042']],
    ['Artikel\tBestand\n03023125042\t12', []],
    ['Liste\n"Kundennr";"Name"\n"030 23125042";"Anna"', []],
    ['Telefon\t030 23125042\nKundennr\t030 23125043', ['+493023125042']],
    ['Tel.:\t030 23125042\tFax:\t030 23125043', ['+493023125042', 'fax +493023125043']],
  ])('a cell of %j means what the head of its column, or the cell in front, says', (text, expected) => {
    expect(find('DE', text)).toEqual(expected);
  });

  test('text whose lines have no equal cells is no table', () => {
    expect(find('DE', 'Auftrag, Termin, Ort\nruf an, 030 23125042')).toEqual(['+493023125042']);
  });

  test('each line of a cell stands under its head', () => {
    expect(find('DE', 'Muster GmbH\n0302312504', 'Kundennummer')).toEqual([]);
    expect(find('DE', '• 030 23125042', 'Fax')).toEqual(['fax +493023125042']);
  });
});

describe('labels in unusual places', () => {
  test.each([
    ['DE', '030 23125042 (Fax)', ['fax +493023125042']],
    ['DE', '📞 030 23125042 📠 030 23125043', ['+493023125042', 'fax +493023125043']],
    ['DE', 'Telefon/Telefax 030 23125042', ['+493023125042']],
    ['US', '212-555-0142 (cell), 212-555-0143 (fax)', ['+12125550142', 'fax +12125550143']],
    ['US', '(o) 212-555-0142 (c) 212-555-0143 (f) 212-555-0144', ['+12125550142', '+12125550143', 'fax +12125550144']],
    ['DE', '> 030 23125042', ['+493023125042']],
    ['DE', '030 23125042 -> 0171 3920012', ['+493023125042', '+491713920012']],
    ['DE', '1) 030 23125042 2) 0171 3920012', ['+493023125042', '+491713920012']],
    ['DE', 'Imbiss 12,50 € 030 23125042', ['+493023125042']],
    ['CZ', 'tel.: 541 234 567, kl. 21', ['+420541234567 x21']],
    ['DK', 'tlf. 86 12 34 56 kl. 8', ['+4586123456']],
    ['PT', 'T. +351 244 123 462 | Ext. 212', ['+351244123462 x212']],
  ])('%s %j', (country, text, expected) => {
    expect(find(country, text)).toEqual(expected);
  });
});

describe('digits written otherwise', () => {
  test.each([
    ['US', 'Call 1-888-555-HIRE today!', ['+18885554473']],
    ['US', '888-555-HI today', []],
    ['US', 'DID 8015550100-8015550149', ['+18015550100']],
    ['IT', 'tel. 0571 123456-7', ['+390571123456']],
    ['DE', '030 / 23 12 50 - 7', ['+49302312507']],
    ['JP', '0120ー123ー456', ['+81120123456']],
    ['DE', '276 098 102 345 678', []],
    ['DK', 'BBR 40-123456-001', []],
  ])('%s %j', (country, text, expected) => {
    expect(find(country, text)).toEqual(expected);
  });
});
