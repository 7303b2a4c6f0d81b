// The list of sites, and what is done with one.
import { describe, expect, test } from 'vitest';
import { changeSite, knownSites, putRules, removeSite } from '#lib/known-sites.ts';
import { settingsInForce } from '#lib/policy.ts';
import { createSiteBrowser } from '../fakes/site-browser.ts';

const CRM = 'https://crm.example';
const MAIL = 'https://mail.example';

test('sites stand there by their labels, with who lets Offhook in and what holds', async () => {
  const browser = createSiteBrowser({ granted: [`${MAIL}/*`], required: ['http://127.0.0.1/*', `${CRM}/*`] });
  await changeSite(browser, MAIL, { state: 'paused' });
  await changeSite(browser, 'https://shop.example', { country: 'CH' });
  const shown = await knownSites(browser);
  expect(shown.map(({ label, status, access }) => [label, status, access])).toEqual([
    ['crm.example', 'on', 'build'],
    ['http://127.0.0.1', 'on', 'build'],
    ['mail.example', 'paused', 'agent'],
    ['shop.example', 'denied', 'none'],
  ]);
});

test('a permission for a whole domain is one site, and covers those below it', async () => {
  const browser = createSiteBrowser({ granted: ['*://*.example/*', '<all_urls>', 'file:///*'] });
  await changeSite(browser, CRM, { country: 'CH' });
  const shown = await knownSites(browser);
  expect(shown.map(({ site, access }) => [site, access])).toEqual([
    ['*://*', 'agent'],
    ['*://*.example', 'agent'],
    [CRM, 'agent'],
  ]);
});

describe('a removed site', () => {
  test('takes permission and rule with it', async () => {
    const browser = createSiteBrowser({ granted: [`${CRM}/*`] });
    await changeSite(browser, CRM, { country: 'CH' });
    await removeSite(browser, CRM);
    expect(browser.origins.size).toBe(0);
    expect(await knownSites(browser)).toEqual([]);
  });

  test('that the build declares is paused instead', async () => {
    const browser = createSiteBrowser({ required: [`${CRM}/*`] });
    await removeSite(browser, CRM);
    expect(await knownSites(browser)).toMatchObject([{ site: CRM, status: 'paused', access: 'build' }]);
  });

  test('that a whole domain’s permission covers is paused instead', async () => {
    const browser = createSiteBrowser({ granted: ['https://*.example/*', `${CRM}/*`] });
    await removeSite(browser, CRM);
    expect((await settingsInForce(browser.storage)).siteRules).toEqual({ [CRM]: { state: 'paused' } });
  });
});

test('rules are put beside the others, and back', async () => {
  const browser = createSiteBrowser({});
  await changeSite(browser, CRM, { country: 'CH' });
  await putRules(browser, { [CRM]: { state: 'paused' }, [MAIL]: { state: 'on', click: 'text' } });
  expect((await settingsInForce(browser.storage)).siteRules).toEqual({
    [CRM]: { state: 'paused' },
    [MAIL]: { state: 'on', click: 'text' },
  });
  await putRules(browser, { [CRM]: { state: 'on', country: 'CH' }, [MAIL]: undefined });
  expect((await settingsInForce(browser.storage)).siteRules).toEqual({ [CRM]: { state: 'on', country: 'CH' } });
});
