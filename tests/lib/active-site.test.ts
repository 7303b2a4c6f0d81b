import { describe, expect, test } from 'vitest';
import { deviceNameOf, enableAddress, enableSite, shownSite, siteInFront } from '#lib/active-site.ts';
import { changeSite, knownSites } from '#lib/known-sites.ts';
import { createSiteBrowser } from '../fakes/site-browser.ts';

const CRM = 'https://crm.example';

describe('the page in front', () => {
  test('is a site that may be enabled', async () => {
    const front = await siteInFront(createSiteBrowser(), `${CRM}/contacts?id=7`);
    expect(front).toEqual({ type: 'site', site: CRM, host: 'crm.example', state: 'available' });
    expect(shownSite(front)).toEqual({ type: 'available', host: 'crm.example' });
  });

  test.each([undefined, 'chrome://settings', 'about:blank', 'file:///etc/hosts', 'nonsense'])(
    '%s is none',
    async (url) => {
      expect(await siteInFront(createSiteBrowser(), url)).toEqual({ type: 'none' });
    },
  );

  test('is a relay’s start page when the link carries a code', async () => {
    const front = await siteInFront(createSiteBrowser(), 'http://127.0.0.1:8730/#pair=ABCDEFGH');
    expect(front).toEqual({
      type: 'relay',
      host: '127.0.0.1:8730',
      target: { relayUrl: 'http://127.0.0.1:8730', code: 'ABCDEFGH' },
    });
  });

  test('is one, too, when it says that people sign in there, and at no other address', async () => {
    const front = await siteInFront(createSiteBrowser(), 'https://relay.example/#sign-in');
    const target = { relayUrl: 'https://relay.example', code: undefined };
    expect(front).toEqual({ type: 'relay', host: 'relay.example', target });
    for (const url of [`${CRM}/login#sign-in`, `${CRM}/#sign-in-here`, `${CRM}/?#sign-i`]) {
      expect(await siteInFront(createSiteBrowser(), url)).toMatchObject({ type: 'site' });
    }
  });

  test('is an ordinary site when the code is none', async () => {
    expect(await siteInFront(createSiteBrowser(), `${CRM}/#pair=two`)).toMatchObject({ type: 'site' });
  });
});

describe('sites', () => {
  test('a granted site is enabled, a refused one is not', async () => {
    const yes = createSiteBrowser();
    expect(await enableSite(yes, CRM)).toBe(true);
    expect(await siteInFront(yes, CRM)).toMatchObject({ state: 'enabled' });
    const no = createSiteBrowser({ saysYes: false });
    expect(await enableSite(no, CRM)).toBe(false);
    expect(await siteInFront(no, CRM)).toMatchObject({ state: 'available' });
  });

  test.each([
    ['crm.example', 'https://crm.example/*'],
    [' https://crm.example/contacts?page=2 ', 'https://crm.example/*'],
    ['crm.example:8443/app', 'https://crm.example/*'],
    ['HTTP://CRM.example', 'http://crm.example/*'],
    ['localhost:3000', 'http://localhost/*'],
    ['127.0.0.1:3000/', 'http://127.0.0.1/*'],
    ['http://crm/', 'http://crm/*'],
  ])('an address that is typed as %j is asked for as %s', async (typed, pattern) => {
    const browser = createSiteBrowser();
    expect(await enableAddress(browser, typed)).toBe('enabled');
    expect(browser.origins).toEqual(new Set([pattern]));
    expect(await enableAddress(createSiteBrowser({ saysYes: false }), typed)).toBe('denied');
  });

  test.each(['', '  ', 'crm', 'javascript:alert(1)', 'file:///etc/passwd', 'two words.example', 'chrome://settings'])(
    'what is no address is not asked for: %j',
    async (typed) => {
      const browser = createSiteBrowser();
      expect(await enableAddress(browser, typed)).toBe('invalid');
      expect(browser.origins.size).toBe(0);
    },
  );

  test('who enables a site ends its pause, and that of the domain around it', async () => {
    const browser = createSiteBrowser({ granted: ['https://*.example/*'] });
    await changeSite(browser, CRM, { state: 'paused' });
    await changeSite(browser, 'https://*.example', { state: 'paused' });
    expect(await siteInFront(browser, CRM)).toMatchObject({ state: 'available' });
    await enableSite(browser, CRM);
    expect(await siteInFront(browser, CRM)).toMatchObject({ state: 'enabled' });
  });

  test('a whole domain may be asked for', async () => {
    const browser = createSiteBrowser();
    expect(await enableAddress(browser, 'https://*.crm.example')).toBe('enabled');
    expect(await siteInFront(browser, 'https://eu1.crm.example/x')).toMatchObject({ state: 'enabled' });
  });

  test('what the company switched off cannot be used, and says so', async () => {
    const managed = { sites: [{ site: CRM, state: 'paused' }], locked: ['sites'] };
    const browser = createSiteBrowser({ granted: [`${CRM}/*`], managed });
    expect(shownSite(await siteInFront(browser, CRM))).toEqual({ type: 'blocked', host: 'crm.example' });
    await enableSite(browser, CRM);
    expect(await siteInFront(browser, CRM)).toMatchObject({ state: 'blocked' });
    expect(await knownSites(browser)).toMatchObject([{ status: 'paused', company: 'locked' }]);
  });
});

test.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    'Chrome · Linux',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0',
    'Edge · Windows',
  ],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:153.0) Gecko/20100101 Firefox/153.0', 'Firefox · macOS'],
  ['curl', 'Browser'],
])('%s is called %s', (userAgent, name) => {
  expect(deviceNameOf(userAgent)).toBe(name);
});
