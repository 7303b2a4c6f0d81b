// Templates of web addresses: every value stays a value, whatever a caller is called, and a template that cannot work is
// refused in words that say what to change.
import { locationOf } from '@offhook/protocol/location-settings';
import { numberForms } from '@offhook/protocol/number-forms';
import { fillTemplate, NUMBER_KEYS, TemplateError, templateProblem } from '@offhook/protocol/number-template';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

describe('fillTemplate', () => {
  test('fills every placeholder, as often as it stands there', () => {
    const values = { number: '+493023125042', 'contact.id': 'C 7' };
    expect(fillTemplate('https://crm.example/c/{contact.id}?phone={number}#{number}', values)).toBe(
      'https://crm.example/c/C%207?phone=%2B493023125042#%2B493023125042',
    );
  });

  test('leaves the place of an undefined value empty', () => {
    expect(fillTemplate('https://crm.example/new?note={note}&x=1', { note: undefined })).toBe(
      'https://crm.example/new?note=&x=1',
    );
  });

  test('encodes what would end a parameter, a segment or a text', () => {
    const filled = fillTemplate('https://crm.example/{a}?a={a}', { a: '/?#&=+%"\'<>()!*\\ ä\u202e' });
    expect(filled).toBe(
      'https://crm.example/%2F%3F%23%26%3D%2B%25%22%27%3C%3E%28%29%21%2A%5C%20%C3%A4%E2%80%AE' +
        '?a=%2F%3F%23%26%3D%2B%25%22%27%3C%3E%28%29%21%2A%5C%20%C3%A4%E2%80%AE',
    );
  });

  test('half a character does not stop it', () => {
    expect(fillTemplate('https://crm.example/?n={n}', { n: 'a\ud800' })).toBe('https://crm.example/?n=a%EF%BF%BD');
  });

  test('a placeholder is not filled a second time by what a value contains', () => {
    expect(fillTemplate('https://crm.example/?n={n}&m={m}', { n: '{m}', m: 'secret' })).toBe(
      'https://crm.example/?n=%7Bm%7D&m=secret',
    );
  });

  test.each([
    ['https://crm.example/a/{id}/b', '..'],
    ['https://crm.example/./a/{id}/b', '..'],
    ['https://crm.example/a\\{id}', '..'],
    ['https://crm.example/a/{id}', '.'],
    ['https://crm.example/a/.{id}', '.'],
  ])('%s does not lead elsewhere by the value %j', (template, id) => {
    expect(() => fillTemplate(template, { id })).toThrow(TemplateError);
  });

  test('dots in a query are only text', () => {
    expect(fillTemplate('https://crm.example/a?p=/{id}', { id: '..' })).toBe('https://crm.example/a?p=/..');
  });

  test('an unknown placeholder is named, with the known ones', () => {
    const fill = () => fillTemplate('https://crm.example/{phone}', { number: '1', from: undefined });
    expect(fill).toThrow('has the unknown placeholder {phone} (known: {number}, {from})');
  });

  test('what every object has is no placeholder', () => {
    expect(() => fillTemplate('https://crm.example/{constructor}', {})).toThrow('unknown placeholder {constructor}');
  });

  test('whatever the value, the address goes to the same place with the value as its parameter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (note, id) => {
        fc.pre(!/^\.{1,2}$/.test(id));
        const url = new URL(fillTemplate('https://crm.example/c/{id}/new?note={note}&end=1', { note, id }));
        expect(url.origin).toBe('https://crm.example');
        expect(url.pathname.split('/')).toHaveLength(4);
        expect(decodeURIComponent(url.pathname.split('/')[2] ?? '')).toBe(id);
        expect([...url.searchParams]).toEqual([
          ['note', note.toWellFormed()],
          ['end', '1'],
        ]);
        expect(url.hash).toBe('');
      }),
    );
  });
});

describe('templateProblem', () => {
  test.each([
    'https://crm.example',
    'http://localhost:8080/{number}',
    'https://[::1]:8080/?q={number}',
    'https://crm.example/?a=%7B{number}%7D',
    'https://büro.example/#/contacts/{number}',
    'HTTPS://CRM.EXAMPLE/{number}',
  ])('%s is good', (template) => {
    expect(templateProblem(template, NUMBER_KEYS)).toBeUndefined();
  });

  test.each([
    ['javascript:alert({number})', 'should begin with https://'],
    ['data:text/html,{number}', 'should begin with https://'],
    [' https://crm.example/', 'should begin with https://'],
    ['//crm.example/{number}', 'should begin with https://'],
    ['https://crm.example/a b', 'blank'],
    ['https://crm.example/a\nb', 'blank'],
    ['https://crm.example/{}', 'unknown placeholder {}'],
    ['https://crm.example/{Number}', 'unknown placeholder {Number}'],
    ['https://crm.example/{number', 'brace'],
    ['https://crm.example/number}', 'brace'],
    ['https://{number}.example/', 'host'],
    ['https://crm.example{number}', 'host'],
    ['https://crm.example:{number}/', 'host'],
    ['https://anna:secret@crm.example/', 'host'],
    ['https://crm.example\\@evil.example/', 'host'],
    ['https:///x', 'host'],
  ])('%j is refused', (template, words) => {
    expect(templateProblem(template, NUMBER_KEYS)).toContain(words);
  });
});

describe('numberForms', () => {
  const germany = locationOf({ country: 'DE', outsideLine: '0' });

  test('a number of the own country', () => {
    expect(numberForms({ kind: 'e164', number: '+493023125042' }, germany, { raw: '030/23125042' })).toEqual({
      number: '+493023125042',
      'number.plain': '493023125042',
      'number.national': '03023125042',
      'number.dialled': '003023125042',
      'number.display': '030 23125042',
      'number.raw': '030/23125042',
    });
  });

  test('a number from abroad', () => {
    expect(numberForms({ kind: 'e164', number: '+442079460018' }, germany)).toEqual({
      number: '+442079460018',
      'number.plain': '442079460018',
      'number.national': '02079460018',
      'number.dialled': '000442079460018',
      'number.display': '+44 20 7946 0018',
      'number.raw': '+44 20 7946 0018',
    });
  });

  test('an extension is the same in every form', () => {
    expect(new Set(Object.values(numberForms({ kind: 'internal', number: '18' }, germany)))).toEqual(new Set(['18']));
  });

  test.each([{ kind: 'anonymous' }, { kind: 'hidden' }] as const)('%j is empty in every form', (number) => {
    expect(new Set(Object.values(numberForms(number, germany)))).toEqual(new Set(['']));
  });

  test('has a value for every placeholder', () => {
    expect(Object.keys(numberForms({ kind: 'anonymous' }, germany))).toEqual([...NUMBER_KEYS]);
  });
});
