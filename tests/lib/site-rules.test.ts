// What rules may say, under which names they stand, and which one holds.
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  isRuleSite,
  isSameRule,
  pausedIn,
  readRuleSite,
  ruleOf,
  ruleSiteOf,
  type SiteRules,
  StoredSiteRulesSchema,
  withoutRule,
  withRule,
} from '#lib/site-rules.ts';
import { coversSite } from '#lib/sites.ts';

const CRM = 'https://crm.example';

test.each([
  [CRM, true],
  ['http://127.0.0.1', true],
  ['http://[::1]', true],
  ['https://*.crm.example', true],
  ['*://crm.example', true],
  ['*://*', true],
  ['https://*', true],
  ['https://crm.example/', false],
  ['https://crm.example:8443', false],
  ['https://CRM.example', false],
  ['https://user@crm.example', false],
  ['https://c*m.example', false],
  ['https://*crm.example', false],
  ['ftp://crm.example', false],
  ['crm.example', false],
  ['javascript:alert(1)', false],
  ['__proto__', false],
  ['', false],
])('a rule stands under %s: %s', (site, isOne) => {
  expect(isRuleSite(site)).toBe(isOne);
});

test.each([
  ['crm.example', CRM],
  [' HTTPS://CRM.Example/contacts?id=1 ', CRM],
  ['https://crm.example/*', CRM],
  ['crm.example:8443', CRM],
  ['http://[::1]:8080/x', 'http://[::1]'],
  ['*.crm.example', 'https://*.crm.example'],
  ['*://*.crm.example/*', '*://*.crm.example'],
  ['javascript:alert(1)', undefined],
  ['two words', undefined],
  ['', undefined],
])('%j means the site %s', (text, site) => {
  expect(readRuleSite(text)).toBe(site);
});

test.each([
  ['https://crm.example/*', CRM],
  ['*://*.crm.example/app/*', '*://*.crm.example'],
  ['<all_urls>', '*://*'],
])('rules for the pattern %s stand under %s', (pattern, site) => {
  expect(ruleSiteOf(pattern)).toBe(site);
  expect(isRuleSite(site)).toBe(true);
});

describe('the rule of a site', () => {
  const rules: SiteRules = {
    '*://*': { state: 'on', country: 'DE' },
    'https://*.example': { state: 'on', country: 'CH' },
    'https://*.crm.example': { state: 'paused' },
    [CRM]: { state: 'on', country: 'AT' },
  };

  test.each([
    [CRM, 'AT'],
    ['https://eu1.crm.example', undefined],
    ['https://mail.example', 'CH'],
    ['http://mail.example', 'DE'],
  ])('%s is read as in %s: its own goes before that of the smallest domain around it', (site, country) => {
    expect(ruleOf(rules, site)?.country).toBe(country);
  });

  test('where nobody made one there is none', () => {
    expect(ruleOf({ [CRM]: { state: 'on' } }, 'https://mail.example')).toBeUndefined();
    expect(ruleOf({}, 'constructor')).toBeUndefined();
  });

  test('the paused ones are named', () => {
    expect(pausedIn(rules)).toEqual(['https://*.crm.example']);
  });
});

describe('a change of a rule', () => {
  test('keeps what else it says, and leaves out what says nothing', () => {
    const first = withRule({}, CRM, { country: 'CH', skip: ['.editor'] });
    const second = withRule(first, CRM, { click: 'links', skip: [] });
    expect(second).toEqual({ [CRM]: { state: 'on', country: 'CH', click: 'links' } });
    expect(first).toEqual({ [CRM]: { state: 'on', country: 'CH', skip: ['.editor'] } });
    expect(withRule(second, CRM, { click: undefined, country: undefined })).toEqual({});
  });

  test('a removed rule is gone, the others stay', () => {
    const rules = withRule(withRule({}, CRM, { state: 'paused' }), 'https://mail.example', { country: 'CH' });
    expect(withoutRule(rules, CRM)).toEqual({ 'https://mail.example': { state: 'on', country: 'CH' } });
  });

  test('two rules are the same whatever the order, and whether nothing is left out or empty', () => {
    expect(isSameRule({ state: 'on', country: 'CH', skip: [] }, { country: 'CH', state: 'on' })).toBe(true);
    expect(isSameRule({ state: 'on' }, { state: 'paused' })).toBe(false);
    expect(isSameRule(undefined, { state: 'on' })).toBe(false);
  });
});

describe('stored rules', () => {
  const read = (stored: unknown) => v.parse(StoredSiteRulesSchema, stored);

  test('a field that another version wrote differently is left out alone', () => {
    expect(read({ [CRM]: { state: 'asleep', click: 'chip', country: 'Switzerland', skip: 'x', future: 1 } })).toEqual({
      [CRM]: { state: 'on', click: 'chip' },
    });
  });

  test('what is no rule of a site is left out', () => {
    expect(read({ 'crm.example': { state: 'on' }, [CRM]: 'paused', 'https://b.example': { state: 'paused' } })).toEqual(
      { 'https://b.example': { state: 'paused' } },
    );
  });

  test('phone links begin with an address of the web, and nothing grows without bound', () => {
    const bad = [['javascript:alert(1)/x'], ['http://localhost'], ['http://a b/c'], Array(101).fill('http://a/b')];
    for (const phoneLinks of bad)
      expect(read({ [CRM]: { state: 'paused', phoneLinks } })[CRM]).toEqual({ state: 'paused' });
    const good = ['http://localhost:2503/Makecall'];
    expect(read({ [CRM]: { phoneLinks: good } })[CRM]).toEqual({ state: 'on', phoneLinks: good });
  });

  test('whatever is stored, it is read to rules that are read the same again', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(fc.string(), fc.webUrl(), fc.constant(CRM)), fc.anything()), (stored) => {
        const once = read(stored);
        expect(read(structuredClone(once))).toEqual(once);
        expect(Object.keys(once).every(isRuleSite)).toBe(true);
      }),
    );
  });

  test('every name that an address means is covered by its own pattern', () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        const site = readRuleSite(url);
        if (site !== undefined) expect(coversSite(`${site}/*`, site)).toBe(true);
      }),
    );
  });
});
