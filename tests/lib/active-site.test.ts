import { describe, expect, test } from 'vitest';
import {
  deviceNameOf,
  disableSite,
  enableAddress,
  enabledSites,
  enableSite,
  shownSite,
  siteInFront,
} from '#lib/active-site.ts';
import type { KeyValueStore } from '#lib/settings.ts';

interface FakeOptions {
  granted?: string[];
  /** What the manifest grants and nobody can take back. */
  required?: string[];
  saysYes?: boolean;
}

function fakeBrowser({ granted = [], required = [], saysYes = true }: FakeOptions = {}) {
  const origins = new Set([...granted, ...required]);
  const stored: Record<string, unknown> = {};
  const local: KeyValueStore = {
    get: async (key) => ({ [key]: stored[key] }),
    set: async (items) => void Object.assign(stored, items),
    remove: async (key) => void delete stored[key],
  };
  const permissions = {
    getAll: async () => ({ origins: [...origins] }),
    async request({ origins: asked = [] }: { origins?: string[] }) {
      if (saysYes) for (const origin of asked) origins.add(origin);
      return saysYes;
    },
    async remove({ origins: given = [] }: { origins?: string[] }) {
      if (given.some((one) => required.includes(one))) throw new Error('You cannot remove required permissions.');
      for (const origin of given) origins.delete(origin);
      return true;
    },
  };
  // Only the part of the browser that this file is about.
  return { permissions, storage: { local } } as unknown as Parameters<typeof siteInFront>[0];
}

const CRM = 'https://crm.example';

describe('the page in front', () => {
  test('is a site that may be enabled', async () => {
    const front = await siteInFront(fakeBrowser(), `${CRM}/contacts?id=7`);
    expect(front).toEqual({ type: 'site', site: CRM, host: 'crm.example', isEnabled: false });
    expect(shownSite(front)).toEqual({ type: 'available', host: 'crm.example' });
  });

  test.each([undefined, 'chrome://settings', 'about:blank', 'file:///etc/hosts', 'nonsense'])(
    '%s is none',
    async (url) => {
      expect(await siteInFront(fakeBrowser(), url)).toEqual({ type: 'none' });
    },
  );

  test('is a relay’s start page when the link carries a code', async () => {
    const front = await siteInFront(fakeBrowser(), 'http://127.0.0.1:8730/#pair=ABCDEFGH');
    expect(front).toEqual({
      type: 'relay',
      host: '127.0.0.1:8730',
      target: { relayUrl: 'http://127.0.0.1:8730', code: 'ABCDEFGH' },
    });
  });

  test('is an ordinary site when the code is none', async () => {
    expect(await siteInFront(fakeBrowser(), `${CRM}/#pair=two`)).toMatchObject({ type: 'site' });
  });
});

describe('sites', () => {
  test('a granted site is enabled, a refused one is not', async () => {
    const yes = fakeBrowser();
    expect(await enableSite(yes, CRM)).toBe(true);
    expect(await siteInFront(yes, CRM)).toMatchObject({ isEnabled: true });
    const no = fakeBrowser({ saysYes: false });
    expect(await enableSite(no, CRM)).toBe(false);
    expect(await siteInFront(no, CRM)).toMatchObject({ isEnabled: false });
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
    const browser = fakeBrowser();
    expect(await enableAddress(browser, typed)).toBe('enabled');
    expect((await enabledSites(browser)).map((site) => site.pattern)).toEqual([pattern]);
    expect(await enableAddress(fakeBrowser({ saysYes: false }), typed)).toBe('denied');
  });

  test.each(['', '  ', 'crm', 'javascript:alert(1)', 'file:///etc/passwd', 'two words.example', 'chrome://settings'])(
    'what is no address is not asked for: %j',
    async (typed) => {
      const browser = fakeBrowser();
      expect(await enableAddress(browser, typed)).toBe('invalid');
      expect(await enabledSites(browser)).toEqual([]);
    },
  );

  test('a removed site is gone from the list', async () => {
    const browser = fakeBrowser({ granted: [`${CRM}/*`] });
    expect(await enabledSites(browser)).toEqual([{ pattern: `${CRM}/*`, label: 'crm.example' }]);
    await disableSite(browser, `${CRM}/*`);
    expect(await enabledSites(browser)).toEqual([]);
  });

  test('what the manifest grants is paused instead, and enabled again by one click', async () => {
    const browser = fakeBrowser({ required: ['http://127.0.0.1/*'] });
    await disableSite(browser, 'http://127.0.0.1/*');
    expect(await enabledSites(browser)).toEqual([]);
    expect(await siteInFront(browser, 'http://127.0.0.1:5000/')).toMatchObject({ isEnabled: false });
    await enableSite(browser, 'http://127.0.0.1');
    expect(await enabledSites(browser)).toEqual([{ pattern: 'http://127.0.0.1/*', label: 'http://127.0.0.1' }]);
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
