import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';
import { createT, plural } from '#lib/i18n.ts';
import { MESSAGES, readerOf, tOf } from '../components/test-words.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const KEYS = Object.keys(MESSAGES.en);
const LANGUAGES = Object.keys(MESSAGES);
const OTHERS = LANGUAGES.filter((language) => language !== 'en');

function sourcesIn(folder: string, pattern: RegExp): { path: string; text: string }[] {
  return readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(`${ROOT}${folder}/${name}`, 'utf8') }));
}

describe('plural', () => {
  test('takes the form that the language has for the count, and the general one where it has no own', () => {
    const polish: Record<string, string> = { locale: 'pl', n_one: '1 linia', n_few: '$ linie', n_other: '$ linii' };
    const read = createT((key, [count = '']) => (polish[key] ?? '').replace('$', count));
    // The key is this test's own.
    const key = 'n' as Parameters<typeof plural>[1];
    expect([1, 3, 5].map((count) => plural(read, key, count))).toEqual(['1 linia', '3 linie', '5 linii']);
  });
});

describe('t', () => {
  test('puts parameters where their names stand, in both languages', () => {
    expect(tOf('en')('dial_preview', { line: '18', digits: '0301' })).toBe('Dials 0301 on line 18 · Enter calls');
    expect(tOf('de')('dial_preview', { digits: '0301', line: '18' })).toBe('Wählt 0301 auf Leitung 18 · Enter ruft an');
  });

  test('what is filled in is not read as a placeholder', () => {
    expect(tOf('en')('caller_claims', { name: '$NAME$ $1 {name}' })).toBe('claims to be “$NAME$ $1 {name}”');
  });

  test('hands values to the browser in the alphabetical order of their names', () => {
    const asked: string[][] = [];
    const t = createT((_key, values) => {
      asked.push(values);
      return 'text';
    });
    t('dial_preview', { line: 18, digits: '0301' });
    expect(asked).toEqual([['0301', '18']]);
  });

  test('a key without text is visible as itself', () => {
    expect(createT(() => '')('action_call')).toBe('action_call');
  });
});

describe('texts', () => {
  test('there are English and German at least', () => {
    expect(LANGUAGES).toEqual(expect.arrayContaining(['en', 'de']));
  });

  test.each(OTHERS)('%s has every text that English has, and none that it lacks', (language) => {
    const keys = Object.keys(MESSAGES[language] ?? {});
    const plurals = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const isMorePlural = (key: string) =>
      plurals.some((category) => key.endsWith(`_${category}`) && KEYS.includes(key.replace(/_[a-z]+$/, '_other')));
    const isNeeded = (key: string) => !key.endsWith('_one') || plurals.includes('one');
    expect({
      missing: KEYS.filter((key) => !keys.includes(key) && isNeeded(key)),
      unknown: keys.filter((key) => !KEYS.includes(key) && !isMorePlural(key)),
    }).toEqual({ missing: [], unknown: [] });
  });

  test.each(LANGUAGES.flatMap((language) => Object.keys(MESSAGES[language] ?? {}).map((key) => ({ language, key }))))(
    '$language $key: placeholders match English, are numbered by name, and all are used',
    ({ language, key }) => {
      const entry = MESSAGES[language]?.[key];
      const english = MESSAGES.en[key] ?? MESSAGES.en[key.replace(/_[a-z]+$/, '_other')];
      const names = Object.keys(english?.placeholders ?? {}).sort();
      expect(Object.keys(entry?.placeholders ?? {}).sort()).toEqual(names);
      expect(entry?.message.trim()).not.toBe('');
      const used = [...(entry?.message ?? '').matchAll(/\$([A-Za-z_]+)\$/g)].map(([, name = '']) => name.toLowerCase());
      expect([...new Set(used)].sort()).toEqual(names);
      expect(names.map((name) => entry?.placeholders?.[name]?.content)).toEqual(names.map((_, at) => `$${at + 1}`));
    },
  );

  test('German addresses agents as Sie', () => {
    const familiar = KEYS.filter((key) => /\b(?:du|dein\w*|dir|dich|euch|euer)\b/i.test(readerOf('de')(key, [])));
    expect(familiar).toEqual([]);
  });

  test('fits where browsers cut it', () => {
    for (const language of LANGUAGES) {
      expect(readerOf(language)('extName', []).length).toBeLessThanOrEqual(45);
      expect(readerOf(language)('extDescription', []).length).toBeLessThanOrEqual(132);
    }
  });

  test('every key is used', () => {
    const source = [
      ...['lib', 'components', 'entrypoints'].flatMap((folder) => sourcesIn(folder, /\.tsx?$/)),
      { path: 'wxt.config.ts', text: readFileSync(`${ROOT}wxt.config.ts`, 'utf8') },
    ]
      .map(({ text }) => text)
      .join('\n');
    // A key stands as a literal, in the manifest, or is built from a prefix or a suffix in a template.
    const templates = [...source.matchAll(/`([a-z]+_[a-zA-Z_]*)?\$\{[^`]*?\}(_[a-z]+)?`/g)].map(
      ([, prefix, suffix]) => ({ prefix: prefix ?? '', suffix: suffix ?? '' }),
    );
    const isUsed = (key: string) =>
      source.includes(`'${key}'`) ||
      source.includes(`__MSG_${key}__`) ||
      templates.some(({ prefix, suffix }) => prefix !== '' && key.startsWith(prefix) && key.endsWith(suffix)) ||
      /_(?:one|other)$/.test(key);
    expect(KEYS.filter((key) => !isUsed(key))).toEqual([]);
  });
});

// Letters in the text of an element, or in what assistive technology and tooltips read.
function literalTexts({ path, text }: { path: string; text: string }): string[] {
  const found: string[] = [];
  const { program } = parseSync(path, text, { lang: 'tsx' });
  const spoken = ['title', 'aria-label', 'placeholder', 'alt', 'label', 'hint', 'text'];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('type' in node && node.type === 'JSXText' && 'value' in node && /\p{L}/u.test(String(node.value))) {
      found.push(`${path}: ${String(node.value).trim()}`);
    }
    if ('type' in node && node.type === 'JSXAttribute' && 'name' in node && 'value' in node) {
      const name = nameOf(node.name);
      if (spoken.includes(name) && isLiteral(node.value)) found.push(`${path}: ${name}`);
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(program);
  return found;
}

function nameOf(node: unknown): string {
  return typeof node === 'object' && node !== null && 'name' in node ? String(node.name) : '';
}

function isLiteral(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'type' in node && node.type === 'Literal';
}

describe('components', () => {
  test('the search for literal text finds it', () => {
    expect(literalTexts({ path: 'a.tsx', text: 'const a = <p title="x">Call {b} </p>;' })).toEqual([
      'a.tsx: title',
      'a.tsx: Call',
    ]);
  });

  test('contain no text of their own', () => {
    const views = [...sourcesIn('components', /\.tsx$/), ...sourcesIn('entrypoints', /\.tsx$/)];
    expect(views.length).toBeGreaterThan(10);
    expect(views.flatMap(literalTexts)).toEqual([]);
  });
});
