// The tables of the number finder are generated and committed: what is committed must be what would be generated now.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readLabelTables } from '../../scripts/numbers/label-tables.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

test('lib/numbers/generated is what npm run generate would write', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/generate-numbers.ts', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

describe('a label file', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'offhook-labels-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function write(name: string, content: unknown): void {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }

  test('adds its words to those of the other languages, in the spelling in which they are looked up', () => {
    write('aa.json', { language: 'One', phone: ['tel.', 'fon'] });
    write('bb.json', { language: 'Other', phone: ['tel'], negative: { order: ['best.-nr.'] }, units: ['m²'] });
    const { languages, meanings, units } = readLabelTables(folder);
    expect(languages).toEqual(['One', 'Other']);
    expect(Object.fromEntries(meanings)).toEqual({ 'negative:order': ['bestnr'], phone: ['fon', 'tel'] });
    expect(units).toEqual(['m²']);
  });

  test('with a word that means something else in another language is read with more care', () => {
    write('aa.json', { language: 'One', phone: ['mob', 'nr'], filler: ['no'] });
    write('bb.json', { language: 'Other', negative: { place: ['mob'] }, filler: ['nr'], phone: ['no'] });
    const { meanings } = readLabelTables(folder);
    expect(Object.fromEntries(meanings)).toEqual({ 'negative:place': ['mob'], phone: ['no', 'nr'] });
  });

  test.each([
    ['{', /xx\.json is not JSON/],
    [{}, /xx\.json, language: is missing: add it/],
    [{ language: '' }, /xx\.json, language: "" is empty: name the language/],
    [{ language: 'X', fone: [] }, /xx\.json, fone: no such key/],
    [{ language: 'X', phone: 'tel' }, /xx\.json, phone: "tel" is not a list/],
    [{ language: 'X', phone: ['tel', 7] }, /xx\.json, phone\.1: 7 is not a text: put the word in quotes/],
    [{ language: 'X', phone: ['Tel'] }, /xx\.json, phone\.0: "Tel" has a capital letter: write it in lower case/],
    [{ language: 'X', phone: ['te*l'] }, /xx\.json, phone\.0: "te\*l" has its \* in the middle/],
    [{ language: 'X', phone: ['a|b'] }, /xx\.json, phone\.0: "a\|b" holds a \|/],
    [{ language: 'X', phone: [''] }, /xx\.json, phone\.0: "" is empty/],
    [{ language: 'X', negative: { Order: [] } }, /xx\.json, negative\.Order: "Order" is no plain name/],
    [{ language: 'X', negative: { order: ['*'] } }, /xx\.json, negative\.order\.0/],
  ])('that is wrong is refused with its name, the key and what to do: %j', (content, message) => {
    write('aa.json', { language: 'Right', phone: ['tel'] });
    write('xx.json', content);
    expect(() => readLabelTables(folder)).toThrow(message);
  });
});
