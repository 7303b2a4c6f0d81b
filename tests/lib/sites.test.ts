// Which pages are sites, which patterns cover them, and where a contact's page opens.
import { describe, expect, test } from 'vitest';
import { coversSite, isSiteEnabled, patternOf, type SiteTab, siteOf, tabForRecord } from '#lib/sites.ts';

test.each([
  ['https://crm.example/contacts?id=1#x', 'https://crm.example'],
  ['https://CRM.Example:8443/', 'https://crm.example'],
  ['http://127.0.0.1:5173/', 'http://127.0.0.1'],
  ['http://[::1]:5173/', 'http://[::1]'],
  ['https://user:secret@crm.example/', 'https://crm.example'],
  ['about:blank', undefined],
  ['about:srcdoc', undefined],
  ['data:text/html,x', undefined],
  ['blob:https://crm.example/1', undefined],
  ['file:///home/x.html', undefined],
  ['chrome://settings', undefined],
  ['chrome-extension://abc/popup.html', undefined],
  ['javascript:alert(1)', undefined],
  ['not an address', undefined],
  ['', undefined],
  [undefined, undefined],
])('the site of %s is %s', (url, site) => {
  expect(siteOf(url)).toBe(site);
});

test.each([
  ['https://crm.example/*', 'https://crm.example', true],
  ['https://crm.example/*', 'http://crm.example', false],
  ['https://crm.example/*', 'https://www.crm.example', false],
  ['*://crm.example/*', 'http://crm.example', true],
  ['*://crm.example/*', 'https://crm.example', true],
  ['*://*.crm.example/*', 'https://www.crm.example', true],
  ['*://*.crm.example/*', 'https://crm.example', true],
  ['*://*.crm.example/*', 'https://notcrm.example', false],
  ['*://*.crm.example/*', 'https://crm.example.evil.example', false],
  ['https://crm.example/app/*', 'https://crm.example', true],
  ['*://*/*', 'http://anything.example', true],
  ['https://*/*', 'http://anything.example', false],
  ['<all_urls>', 'https://anything.example', true],
  ['http://127.0.0.1/*', 'http://127.0.0.1', true],
  ['http://[::1]/*', 'http://[::1]', true],
  ['file:///*', 'https://crm.example', false],
  ['https://crm.*/*', 'https://crm.example', false],
  ['', 'https://crm.example', false],
  ['https://crm.example', 'https://crm.example', false],
])('%s covers %s: %s', (pattern, site, isCovered) => {
  expect(coversSite(pattern, site)).toBe(isCovered);
});

test('the pattern that is asked for covers its site, whatever the port was', () => {
  for (const url of ['https://crm.example/x', 'http://localhost:3000/', 'http://[::1]:3000/']) {
    const site = siteOf(url) ?? '';
    expect(coversSite(patternOf(site), site)).toBe(true);
  }
});

test.each([
  ['https://crm.example', [], true],
  ['https://crm.example', ['https://crm.example'], false],
  ['https://crm.example', ['http://crm.example'], true],
  ['https://other.example', [], false],
  [undefined, [], false],
])('with a permission for crm.example, %s paused %j: in use is %s', (site, paused, isEnabled) => {
  expect(isSiteEnabled(site, { patterns: ['https://crm.example/*'], paused })).toBe(isEnabled);
});

describe('a contact opens', () => {
  const RECORD = 'https://crm.example/contacts/c001';
  const tab = (id: number, url: string | undefined, lastAccessed: number): SiteTab => ({ id, url, lastAccessed });

  test.each<[string, SiteTab[], number | undefined]>([
    ['in the tab that shows it', [tab(1, 'https://crm.example/', 9), tab(2, RECORD, 1)], 2],
    ['of two that show it, in the last used', [tab(1, RECORD, 1), tab(2, RECORD, 5)], 2],
    ['in the last used tab of its CRM', [tab(1, 'https://crm.example/a', 1), tab(2, 'https://crm.example/b', 5)], 2],
    ['in a new tab where the CRM is not open', [tab(1, 'https://other.example/', 9), tab(2, undefined, 9)], undefined],
    ['in a new tab when only another port is open', [tab(1, 'https://crm.example:8443/', 9)], undefined],
    ['in a new tab when no tab is known', [], undefined],
  ])('%s', (_title, tabs, id) => {
    expect(tabForRecord(RECORD, tabs)?.id).toBe(id);
  });

  test('never in a tab that has no origin of its own', () => {
    expect(tabForRecord('data:text/html,a', [tab(1, 'data:text/html,b', 1)])).toBeUndefined();
    expect(tabForRecord('not an address', [tab(1, 'https://crm.example/', 1)])).toBeUndefined();
  });
});
