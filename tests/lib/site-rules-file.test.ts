// Rules as a file: what goes out comes in again, and what cannot be used is named, entry by entry.
import { describe, expect, test } from 'vitest';
import { NO_POLICY, readPolicy } from '#lib/policy.ts';
import type { SiteRules } from '#lib/site-rules.ts';
import { readSiteRulesFile, siteRulesFile } from '#lib/site-rules-file.ts';

const CRM = 'https://crm.example';
const RULES: SiteRules = {
  [CRM]: {
    state: 'on',
    click: 'links',
    country: 'CH',
    skip: ['.editor'],
    phoneLinks: ['http://localhost:2503/Makecall'],
    readsDespiteFormatDetection: true,
    alwaysColumns: ['Durchwahl'],
    neverColumns: ['Order no.'],
    notNumbers: ['030 23125000'],
  },
  'https://*.mail.example': { state: 'paused' },
};
const nothing = { own: {}, policy: NO_POLICY };
const file = (...sites: unknown[]) => JSON.stringify({ offhook: 'site-rules', version: 1, sites });

function read(text: string, beside: Parameters<typeof readSiteRulesFile>[1] = nothing) {
  const answer = readSiteRulesFile(text, beside);
  if (answer.type !== 'read') throw new Error(`unreadable: ${answer.why}`);
  return answer;
}

test('what goes out comes in again, in a browser without rules and with a mark before the text', () => {
  expect(read(`\uFEFF${siteRulesFile(RULES)}`)).toMatchObject({ rules: RULES, faults: [] });
});

test('its sites are what a policy takes', () => {
  const { sites } = JSON.parse(siteRulesFile(RULES));
  expect(readPolicy({ sites }).sites).toEqual(RULES);
});

test('it is said what would change, and only that is put in force', () => {
  const own: SiteRules = { [CRM]: { state: 'on', country: 'AT' }, 'https://a.example': { state: 'paused' } };
  const policy = readPolicy({ sites: [{ site: 'https://locked.example', state: 'paused' }], locked: ['sites'] });
  const text = file(
    { site: CRM, country: 'CH' },
    { site: 'https://a.example', state: 'paused' },
    { site: 'new.example', country: 'FR' },
    { site: 'https://locked.example' },
  );
  expect(read(text, { own, policy })).toEqual({
    type: 'read',
    faults: [],
    changes: [
      { site: CRM, kind: 'changed' },
      { site: 'https://a.example', kind: 'same' },
      { site: 'https://new.example', kind: 'new' },
      { site: 'https://locked.example', kind: 'locked' },
    ],
    rules: { [CRM]: { state: 'on', country: 'CH' }, 'https://new.example': { state: 'on', country: 'FR' } },
    before: { [CRM]: { state: 'on', country: 'AT' }, 'https://new.example': undefined },
  });
});

describe('an entry that cannot be used is named, and the others are read', () => {
  test.each<[string, unknown, object]>([
    ['no object', 'crm.example', { site: undefined, kind: 'site' }],
    ['without a site', { country: 'CH' }, { site: undefined, kind: 'site' }],
    ['for no site', { site: 'javascript:alert(1)' }, { site: 'javascript:alert(1)', kind: 'site' }],
    ['with a wrong value', { site: CRM, country: 'Switzerland' }, { site: CRM, field: 'country', kind: 'field' }],
    ['with a wrong list', { site: CRM, skip: ['.a', 7] }, { site: CRM, field: 'skip', kind: 'field' }],
    ['with an unknown field', { site: CRM, colour: 'red' }, { site: CRM, field: 'colour', kind: 'unknown-field' }],
    ['for a site that was named before', { site: 'GOOD.example' }, { site: 'https://good.example', kind: 'twice' }],
  ])('one %s', (_title, entry, fault) => {
    const answer = read(file({ site: 'good.example', state: 'paused' }, entry));
    expect(answer.faults).toEqual([{ position: 2, field: undefined, ...fault }]);
    expect(answer.rules).toEqual({ 'https://good.example': { state: 'paused' } });
  });
});

test.each([
  ['{', 'no-json'],
  ['', 'no-json'],
  ['[]', 'no-rules'],
  ['{"sites": []}', 'no-rules'],
  ['{"offhook": "site-rules", "version": 1}', 'no-rules'],
  ['{"offhook": "site-rules", "version": 2, "sites": []}', 'newer'],
])('%j cannot be read: %s', (text, why) => {
  expect(readSiteRulesFile(text, nothing)).toEqual({ type: 'unreadable', why });
});
