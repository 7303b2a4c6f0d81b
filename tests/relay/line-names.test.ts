// What lines are called: patterns, what they leave out, and names that several lines have.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { e164Of, equalNames, LINE_NAME_KEYS, lineNameOf, lineNameProblem } from '../../relay/src/line-names.ts';

const HUGO = { extension: '18', name: 'Hugo Sample', e164: '+493023125018', tenant: 'Sample Ltd' };

describe('a pattern', () => {
  it('puts extension, name, public number and company together', () => {
    expect(lineNameOf('{extension} {name}', HUGO)).toBe('18 Hugo Sample');
    expect(lineNameOf('{name} ({e164}), {tenant}', HUGO)).toBe('Hugo Sample (+493023125018), Sample Ltd');
  });

  it('leaves no brackets and signs behind where something is not known', () => {
    expect(lineNameOf('{name} ({e164})', { ...HUGO, e164: undefined })).toBe('Hugo Sample');
    expect(lineNameOf('{extension} – {name}', { ...HUGO, name: '' })).toBe('18');
    expect(lineNameOf('{tenant}: {name}', { ...HUGO, tenant: '' })).toBe('Hugo Sample');
  });

  it('falls back to the extension where nothing is left', () => {
    expect(lineNameOf('{name}', { ...HUGO, name: '' })).toBe('18');
  });

  it('is at most 128 characters long, and never half a character', () => {
    const name = lineNameOf('{name}', { ...HUGO, name: '😀'.repeat(200) });
    expect([...name]).toHaveLength(128);
    expect(name.isWellFormed()).toBe(true);
  });

  it('never reads a placeholder out of a value', () => {
    expect(lineNameOf('{name}', { ...HUGO, name: '{tenant} {extension}' })).toBe('{tenant} {extension}');
  });

  it('is refused with words when it has a placeholder that there is not, or would call all lines the same', () => {
    expect(lineNameProblem('{name} {number}')).toContain('{number}');
    expect(lineNameProblem('{name')).toContain('brace');
    expect(lineNameProblem('{tenant}')).toContain('the same');
    expect(lineNameProblem('Line')).toContain('the same');
    for (const key of LINE_NAME_KEYS) expect(lineNameProblem(`{extension} {${key}}`)).toBeUndefined();
  });

  it('gives some name whatever is filled in', () => {
    const parts = fc.record({ extension: fc.stringMatching(/^[0-9]{1,6}$/), name: fc.string(), tenant: fc.string() });
    const pattern = fc.constantFrom('{name}', '{extension} {name}', '{tenant}/{name}', '({name})');
    fc.assert(
      fc.property(pattern, parts, (text, given) => {
        const name = lineNameOf(text, given);
        expect(name.length).toBeGreaterThan(0);
        expect([...name].length).toBeLessThanOrEqual(128);
      }),
    );
  });
});

describe('equal names', () => {
  it('are found whatever their case, with the lines that have them', () => {
    const lines = [
      { extension: '10', name: 'Reception' },
      { extension: '11', name: 'reception ' },
      { extension: '12', name: 'Hugo Sample' },
      { extension: '13', name: '' },
      { extension: '14', name: '' },
    ];
    expect(equalNames(lines)).toEqual([{ name: 'Reception', extensions: ['10', '11'] }]);
  });
});

describe('the public number of an extension', () => {
  it('is the main number with the extension behind it, and nothing that is no number', () => {
    expect(e164Of('+493023125', '18')).toBe('+49302312518');
    expect(e164Of(undefined, '18')).toBeUndefined();
    expect(e164Of('+493023125', '*18')).toBeUndefined();
    expect(e164Of('+493023125', '123456789')).toBeUndefined();
  });
});
