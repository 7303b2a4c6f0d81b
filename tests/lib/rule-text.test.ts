// The finder's rules in words: every rule that it can give has some, in its sources and in what it says of real texts.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explainNumbers } from '#lib/numbers/find.ts';
import { hasWords, ruleText } from '#lib/rule-text.ts';
import { MESSAGES, tOf } from '../components/test-words.ts';

const NUMBERS = new URL('../../lib/numbers/', import.meta.url);
const CASES = new URL('../fixtures/numbers/dev/', import.meta.url);
const sources = readdirSync(NUMBERS).filter((name) => name.endsWith('.ts'));

/** Rules as the sources name them: an object's `rule`, what a function of rules returns, what is refused or taken out. */
function rulesIn(source: string): string[] {
  const named = [
    /\brule: '([a-z-]+)'/g,
    /refuse\(place, (?:rule \?\? )?'([a-z-]+)'/g,
    /reject\([^)]*'([a-z-]+)'\)/g,
    /lastRule = '([a-z-]+)'/g,
  ];
  const returned = /function \w*(?:[rR]ule|[sS]hape|objection|Touch)\w*\([\s\S]*?\n}/g;
  const functions = [...source.matchAll(returned)].flatMap(([body]) => [
    ...body.matchAll(/(?:return|\?) '([a-z-]+)'/g),
  ]);
  const dead = /DEAD_RULES = \[([^\]]*)\]/.exec(source)?.[1]?.matchAll(/'([a-z-]+)'/g) ?? [];
  return [...named.flatMap((one) => [...source.matchAll(one)]), ...functions, ...dead].flatMap(
    ([, rule]) => rule ?? [],
  );
}

describe('every rule has words', () => {
  const inSources = new Set(sources.flatMap((name) => rulesIn(readFileSync(new URL(name, NUMBERS), 'utf8'))));

  test('of those in the finder’s sources', () => {
    expect(inSources.size).toBeGreaterThan(20);
    expect([...inSources].filter((rule) => !hasWords(rule))).toEqual([]);
  });

  test('of those that it gives for the collected texts', () => {
    const given = new Set(textsOf().flatMap(({ text, country, before }) => rulesOf(text, country, before)));
    expect(given.size).toBeGreaterThan(15);
    expect([...given].filter((rule) => !hasWords(rule))).toEqual([]);
  });

  test('and reasons that are no words for phone have their own', () => {
    const labels = readdirSync(new URL('labels/', NUMBERS)).filter((name) => name.endsWith('.json'));
    const reasons = labels.flatMap((name) => {
      const file = JSON.parse(readFileSync(new URL(`labels/${name}`, NUMBERS), 'utf8')) as { negative?: object };
      return Object.keys(file.negative ?? {});
    });
    const plain = ruleText(tOf('en'), { rule: 'negative-label' });
    expect(
      [...new Set(reasons)].filter((one) => ruleText(tOf('en'), { rule: `negative-label:${one}` }) === plain),
    ).toEqual([]);
  });
});

test.each(Object.keys(MESSAGES))(
  'in %s the page’s own word is quoted, and an unknown rule still says something',
  (language) => {
    const t = tOf(language);
    expect(ruleText(t, { rule: 'label', label: 'Tel.' })).toContain('Tel.');
    expect(ruleText(t, { rule: 'of-a-newer-finder' })).toBe(t('rule_other'));
    expect(ruleText(t, { rule: 'toString' })).toBe(t('rule_other'));
  },
);

function rulesOf(text: string, country: string, before: string | undefined): string[] {
  return explainNumbers(text, { country, ...(before !== undefined && { before }) }).map(({ rule }) => rule);
}

interface Case {
  text: string;
  country: string;
  before?: string | undefined;
}

function textsOf(): Case[] {
  return readdirSync(CASES)
    .filter((name) => /\.jsonl?$/.test(name))
    .flatMap((name) => readFileSync(new URL(name, CASES), 'utf8').split('\n').filter(Boolean))
    .flatMap((line) => {
      const one = JSON.parse(line) as { text?: string; country?: string; region?: string; before?: string };
      const country = one.country ?? one.region;
      return one.text !== undefined && country !== undefined ? [{ text: one.text, country, before: one.before }] : [];
    });
}
