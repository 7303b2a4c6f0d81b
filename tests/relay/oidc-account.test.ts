// Which user an account is, by its claims: what is not certain is nobody.
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { accountOf } from '../../relay/src/oidc-account.ts';
import { firefoxRedirect, isRedirectOf, OidcSettingsSchema, oidcTenantFaults } from '../../relay/src/oidc-settings.ts';

const settings = (more: object = {}) =>
  v.parse(OidcSettingsSchema, { issuer: 'https://id.example', name: 'ID', clientId: 'relay', ...more });
const account = (claims: object, more: object = {}, only: string | undefined = 'sample') =>
  accountOf({ sub: 'x', ...claims }, settings(more), only);
const ada = { type: 'account', tenantId: 'sample', login: 'ada', displayName: 'ada' };

describe('an account', () => {
  test.each([
    [{ preferred_username: 'ada' }, {}],
    [{ preferred_username: 'Ada' }, {}],
    [{ preferred_username: 'ADA@Offhook.Example' }, { domains: ['offhook.example'] }],
    [{ upn: 'ada' }, { claim: 'upn' }],
    [
      { email: 'ada@offhook.example', email_verified: true },
      { claim: 'email', domains: ['offhook.example'] },
    ],
    [{ preferred_username: 'ada', hd: 'offhook.example' }, { require: { hd: 'offhook.example' } }],
    [{ preferred_username: 'ada', groups: ['staff', 'phone'] }, { require: { groups: ['phone', 'admin'] } }],
  ])('with %j is ada', (claims, more) => {
    expect(account(claims, more)).toEqual(ada);
  });

  test.each([
    ['of another domain', { preferred_username: 'ada@elsewhere.example' }, { domains: ['offhook.example'] }],
    ['of a domain of which nothing is said', { preferred_username: 'ada@offhook.example' }, {}],
    ['with two domains', { preferred_username: 'ada@x.example@offhook.example' }, { domains: ['offhook.example'] }],
    ['without the claim', { name: 'ada' }, {}],
    ['with an empty claim', { preferred_username: '' }, {}],
    ['with a claim that is no text', { preferred_username: ['ada'] }, {}],
    ['with what is no log-in name', { preferred_username: 'ada sample' }, {}],
    ['with a name made to look like a path', { preferred_username: '../ada' }, {}],
    ['with an address that is not verified', { email: 'ada', email_verified: false }, { claim: 'email' }],
    ['with an address of which it is not known', { email: 'ada' }, { claim: 'email' }],
    ['with an address verified in another way', { email: 'ada', email_verified: 'true' }, { claim: 'email' }],
    ['without a required claim', { preferred_username: 'ada' }, { require: { hd: 'offhook.example' } }],
    ['with another required claim', { preferred_username: 'ada', hd: 'x' }, { require: { hd: 'offhook.example' } }],
  ])('%s is nobody', (_title, claims, more) => {
    expect(account(claims, more)).toMatchObject({ type: 'unfit' });
  });

  test('never has its claims in what the log says', () => {
    const unfit = account({ preferred_username: 'secret name', tid: 'secret' }, { require: { tid: 'ours' } });
    expect(JSON.stringify(unfit)).not.toContain('secret');
  });

  test('has the name that it is called by, cleaned', () => {
    expect(account({ preferred_username: 'ada', name: ' Ada\u202e \u0000 Sample ' })).toMatchObject({
      displayName: 'Ada Sample',
    });
  });
});

describe('the tenant', () => {
  const byClaim = { tenantClaim: { claim: 'tid', values: { '42': 'alpha', '43': 'beta' } } };

  test('is the one of the settings, else that of a relay with one', () => {
    expect(account({ preferred_username: 'ada' }, { tenant: 'alpha' })).toMatchObject({ tenantId: 'alpha' });
    expect(account({ preferred_username: 'ada' })).toMatchObject({ tenantId: 'sample' });
    expect(accountOf({ preferred_username: 'ada' }, settings(), undefined)).toMatchObject({ type: 'unfit' });
  });

  test('is told by a claim, and a value that is not listed is nobody’s, even where there is one tenant only', () => {
    expect(account({ preferred_username: 'ada', tid: '43' }, byClaim)).toMatchObject({ tenantId: 'beta' });
    for (const tid of ['44', 'toString', '__proto__', 42, undefined]) {
      expect(account({ preferred_username: 'ada', tid }, byClaim)).toMatchObject({ type: 'unfit' });
    }
  });

  test('must be named where there are several, in one way', () => {
    expect(oidcTenantFaults({}, ['alpha', 'beta'])).toMatchObject([{ keys: ['tenant'] }]);
    expect(oidcTenantFaults({ tenant: 'alpha', ...byClaim }, ['alpha'])).toMatchObject([{ keys: ['tenant'] }]);
    expect(oidcTenantFaults(byClaim, ['alpha', 'beta'])).toEqual([]);
    expect(oidcTenantFaults({}, ['alpha'])).toEqual([]);
  });
});

describe('the provider of the settings', () => {
  test.each([
    'https://login.microsoftonline.com/common/v2.0',
    'https://login.microsoftonline.com/organizations/v2.0',
    'https://login.microsoftonline.com/consumers/v2.0',
    'http://id.example',
    'https://id.example/?tenant=1',
    'https://user@id.example',
    'id.example',
  ])('is not %s', (issuer) => {
    expect(() => settings({ issuer })).toThrow();
  });

  test.each(['https://id.example/realms/offhook', 'http://127.0.0.1:8080'])('may be %s', (issuer) => {
    expect(settings({ issuer }).issuer).toBe(issuer);
  });
});

test('Firefox’s address for answers is the hash of the extension’s id, for a Firefox alone', () => {
  const redirect = firefoxRedirect('offhook@offhook.example');
  expect(redirect).toBe('https://5e1604fb7f77811efb7845bedf0a60868c9d560d.extensions.allizom.org/');
  const ids = ['offhook@offhook.example'];
  expect(isRedirectOf(redirect, 'moz-extension://0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0', ids)).toBe(true);
  expect(isRedirectOf(redirect, `chrome-extension://${'a'.repeat(32)}`, ids)).toBe(false);
  expect(
    isRedirectOf(firefoxRedirect('other@example'), 'moz-extension://0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0', ids),
  ).toBe(false);
  expect(isRedirectOf(redirect, 'https://elsewhere.example', ids)).toBe(false);
});
