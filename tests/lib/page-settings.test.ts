// What the page script of a frame is told.
import { expect, test } from 'vitest';
import type { PageSettings, Sender } from '#lib/messages.ts';
import { pageSettingsOf } from '#lib/page-settings.ts';
import { withDefaults } from '#lib/settings.ts';
import type { SiteRules } from '#lib/site-rules.ts';

const CRM = 'https://crm.example';
const TOP: Sender = { origin: CRM, url: `${CRM}/contacts`, tab: { id: 1, url: `${CRM}/contacts` } };

const told = (siteRules: SiteRules, sender: Sender = TOP, choices = {}) =>
  withoutLabels(pageSettingsOf(withDefaults({ siteRules, ...choices }), { sender, country: 'DE' }));

// The words are the same for all.
function withoutLabels({ countryLabels, ...settings }: PageSettings): PageSettings {
  expect(countryLabels).toContain('country');
  return settings;
}

test('without a rule: the agent’s country, else the one of the phone system, and links as chosen', () => {
  expect(told({})).toEqual({ country: 'DE', countryFrom: 'default', takesTelLinks: true });
  expect(told({}, TOP, { country: 'AT', takesTelLinks: false })).toEqual({
    country: 'AT',
    countryFrom: 'agent',
    takesTelLinks: false,
  });
});

test('the site’s country goes before the agent’s, and what else its rule says is told', () => {
  const rule = {
    state: 'on',
    country: 'CH',
    skip: ['.editor'],
    phoneLinks: ['http://localhost:2503/Makecall'],
  } as const;
  expect(
    told({ [CRM]: { ...rule, skip: ['.editor'], phoneLinks: [...rule.phoneLinks] } }, TOP, { country: 'AT' }),
  ).toEqual({
    country: 'CH',
    countryFrom: 'site',
    takesTelLinks: true,
    skip: ['.editor'],
    phoneLinks: ['http://localhost:2503/Makecall'],
  });
});

test.each([
  ['chip', { takesTelLinks: false }],
  ['links', { takesTelLinks: true }],
  ['text', { takesTelLinks: true, takesTextClicks: true }],
] as const)('a site where %s calls, whatever holds elsewhere', (click, expected) => {
  for (const takesTelLinks of [true, false]) {
    expect(told({ [CRM]: { state: 'on', click } }, TOP, { takesTelLinks })).toEqual({
      country: 'DE',
      countryFrom: 'default',
      ...expected,
    });
  }
});

test('a frame follows its own site’s rule, else that of the page around it', () => {
  const rules: SiteRules = {
    [CRM]: { state: 'on', country: 'CH' },
    'https://mail.example': { state: 'on', country: 'FR' },
  };
  const inside = (frame: Partial<Sender>) => told(rules, { ...TOP, ...frame }).country;
  expect(inside({ origin: 'https://mail.example', url: 'https://mail.example/' })).toBe('FR');
  expect(inside({ origin: 'https://shop.example', url: 'https://shop.example/' })).toBe('CH');
  expect(inside({ origin: 'null', url: 'about:srcdoc' })).toBe('CH');
});
