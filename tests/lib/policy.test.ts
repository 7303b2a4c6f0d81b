// What the company may set, what agents may still change, and what a slip in a policy costs.
import { describe, expect, test, vi } from 'vitest';
import { changeSite, knownSites } from '#lib/known-sites.ts';
import { inForce, isLocked, mayPairWith, NO_POLICY, readPolicy, settingsInForce } from '#lib/policy.ts';
import { saveSettings } from '#lib/settings.ts';
import { createSiteBrowser } from '../fakes/site-browser.ts';
import { createFakeStorage } from '../fakes/storage.ts';

const CRM = 'https://crm.example';

describe('reading', () => {
  test.each([undefined, null, 'text', [], 42])('%j is no policy', (stored) => {
    expect(readPolicy(stored)).toEqual(NO_POLICY);
  });

  test('a slip takes nothing else away', () => {
    const policy = readPolicy({
      relay: 'not an address',
      country: 'Germany',
      notifies: 'yes',
      opensContact: 'ring',
      sites: [
        { site: 'crm.example', state: 'paused' },
        { site: 'two words' },
        7,
        { site: 'mail.example', click: 'no' },
      ],
      locked: ['opensContact', 'unheard of', 3],
      future: true,
    });
    expect(policy).toEqual({
      values: { opensContact: 'ring' },
      sites: { [CRM]: { state: 'paused' } },
      locked: ['opensContact'],
    });
  });

  test.each([
    ['wss://relay.example', 'https://relay.example'],
    ['https://relay.example/start#pair=', 'https://relay.example'],
    ['ws://127.0.0.1:8730', 'http://127.0.0.1:8730'],
  ])('the relay %s is the one with the start page %s', (relay, origin) => {
    expect(readPolicy({ relay }).relay).toBe(origin);
  });

  test('a browser without managed storage, or without a policy, has none', async () => {
    expect((await settingsInForce({ local: createFakeStorage() })).policy).toEqual(NO_POLICY);
    const refusing = { get: () => Promise.reject(new Error('Managed storage manifest not found')) };
    expect((await settingsInForce({ local: createFakeStorage(), managed: refusing })).policy).toEqual(NO_POLICY);
  });
});

describe('a browser that has just been started and does not answer about policies yet', () => {
  async function started() {
    const local = createFakeStorage();
    const answer = Promise.withResolvers<Record<string, unknown>>();
    const company = { get: () => Promise.resolve({ country: 'AT', locked: ['country'] } as Record<string, unknown>) };
    await settingsInForce({ local, managed: company });
    await vi.waitFor(() => expect(local.items.get('policy')).toEqual({ country: 'AT', locked: ['country'] }));
    return { local, answer, areas: { local, managed: { get: () => answer.promise } } };
  }

  test('goes by the company’s last word, locks and all', async () => {
    const { areas, local } = await started();
    await saveSettings(local, { country: 'CH' });
    expect(await settingsInForce(areas)).toMatchObject({ country: 'AT', policy: { locked: ['country'] } });
  });

  test('remembers the newer one when it comes, so that all hear of it', async () => {
    const { areas, local, answer } = await started();
    await settingsInForce(areas);
    answer.resolve({ country: 'DE' });
    await vi.waitFor(() => expect(local.items.get('policy')).toEqual({ country: 'DE' }));
    expect((await settingsInForce(areas)).country).toBe('DE');
  });

  test('forgets a policy that is gone', async () => {
    const { areas, local, answer } = await started();
    await settingsInForce(areas);
    answer.reject(new Error('Managed storage manifest not found'));
    await vi.waitFor(() => expect(local.items.get('policy')).toEqual({}));
  });

  test('where there never was a policy, nothing is stored', async () => {
    const browser = createSiteBrowser({ managed: {} });
    await settingsInForce(browser.storage);
    await settingsInForce(browser.storage);
    expect(browser.local.items.size).toBe(0);
  });
});

describe('settings', () => {
  const policy = readPolicy({ country: 'AT', opensContact: 'answer', locked: ['country', 'notifies'] });

  test('what the company says goes before the defaults, what the agent chose before that, what is locked before all', () => {
    expect(inForce({}, policy)).toMatchObject({ country: 'AT', opensContact: 'answer', notifies: true });
    expect(inForce({ country: 'CH', opensContact: 'never' }, policy)).toMatchObject({
      country: 'AT',
      opensContact: 'never',
    });
  });

  test('a name that is locked without a value locks nothing', () => {
    expect(isLocked(policy, 'country')).toBe(true);
    expect(isLocked(policy, 'notifies')).toBe(false);
    expect(inForce({ notifies: false }, policy).notifies).toBe(false);
  });

  test('a policy is never stored as the agent’s choice: when it goes, nothing of it stays', async () => {
    const browser = createSiteBrowser({ managed: { country: 'AT', sites: [{ site: CRM, country: 'CH' }] } });
    await saveSettings(browser.local, { notifies: false });
    browser.setManaged(undefined);
    expect(await settingsInForce(browser.storage)).toMatchObject({
      country: undefined,
      notifies: false,
      siteRules: {},
    });
  });
});

describe('sites', () => {
  const sites = [{ site: CRM, country: 'CH', skip: ['.editor'] }];

  test('a policy gives no access: the site is only spoken of', async () => {
    expect(await knownSites(createSiteBrowser({ managed: { sites } }))).toEqual([
      {
        site: CRM,
        label: 'crm.example',
        status: 'denied',
        access: 'none',
        company: 'default',
        rule: { state: 'on', country: 'CH', skip: ['.editor'] },
      },
    ]);
  });

  test('what the company suggests is changed from there', async () => {
    const browser = createSiteBrowser({ granted: [`${CRM}/*`], managed: { sites } });
    await changeSite(browser, CRM, { country: 'AT' });
    expect((await settingsInForce(browser.storage)).siteRules[CRM]).toEqual({
      state: 'on',
      country: 'AT',
      skip: ['.editor'],
    });
  });

  test('the agent may want nothing of what the company suggests', async () => {
    const browser = createSiteBrowser({ granted: [`${CRM}/*`], managed: { sites: [{ site: CRM, country: 'CH' }] } });
    await changeSite(browser, CRM, { country: undefined });
    expect((await settingsInForce(browser.storage)).siteRules[CRM]).toEqual({ state: 'on' });
  });

  test('what is locked stays, whatever the agent did before or does now', async () => {
    const browser = createSiteBrowser({ granted: [`${CRM}/*`, 'https://mail.example/*'] });
    await changeSite(browser, CRM, { state: 'paused' });
    browser.setManaged({ sites, locked: ['sites'] });
    await changeSite(browser, CRM, { country: 'AT' });
    await changeSite(browser, 'https://mail.example', { state: 'paused' });
    expect((await settingsInForce(browser.storage)).siteRules).toEqual({
      [CRM]: { state: 'on', country: 'CH', skip: ['.editor'] },
      'https://mail.example': { state: 'paused' },
    });
    browser.setManaged(undefined);
    expect((await settingsInForce(browser.storage)).siteRules[CRM]).toEqual({ state: 'paused' });
  });
});

describe('the relay', () => {
  const locked = readPolicy({ relay: 'wss://relay.example', locked: ['relay'] });

  test.each([
    ['https://relay.example', true],
    ['wss://relay.example', true],
    ['https://relay.example.evil.example', false],
    ['http://relay.example', false],
    ['not an address', false],
  ])('where the company locked its own, pairing with %s: %s', (relayUrl, isAllowed) => {
    expect(mayPairWith(locked, relayUrl)).toBe(isAllowed);
  });

  test('where it only suggests one, or names none, any other may be paired with', () => {
    expect(mayPairWith(readPolicy({ relay: 'wss://relay.example' }), 'https://other.example')).toBe(true);
    expect(mayPairWith(readPolicy({ locked: ['relay'] }), 'https://other.example')).toBe(true);
  });
});
