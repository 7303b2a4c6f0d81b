// Which pages are sites, which patterns cover them, and where a contact's page opens.
import { describe, expect, test } from 'vitest';
import {
  coversSite,
  isSiteEnabled,
  patternOf,
  recordAt,
  type SiteTab,
  showsRecord,
  siteOf,
  tabForRecord,
} from '#lib/sites.ts';

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
  ['https://crm.example', ['https://*.example'], false],
  ['https://crm.example', ['*://*'], false],
  ['https://crm.example', ['https://*.crm.example'], false],
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

// Several addresses of one contact, and one of another that must not be taken for it.
const CONTACTS: Record<string, { same: string[]; other: string }> = {
  HubSpot: {
    same: [
      'https://app.hubspot.com/contacts/4711/record/0-1/501',
      'https://app-eu1.hubspot.com/contacts/4711/record/0-1/501/view/1?query=x',
    ],
    other: 'https://app.hubspot.com/contacts/4712/record/0-1/501',
  },
  Salesforce: {
    same: [
      'https://sample.lightning.force.com/lightning/r/Contact/003Ab00000CdEfGAAX/view',
      'https://sample.lightning.force.com/lightning/r/003Ab00000CdEfGAAX/view?ws=1',
      'https://sample.my.salesforce.com/003Ab00000CdEfG',
    ],
    other: 'https://sample.lightning.force.com/lightning/r/Contact/003Ab00000CdEfHAAX/view',
  },
  'Dynamics 365': {
    same: [
      'https://sample.crm4.dynamics.com/main.aspx?appid=1&pagetype=entityrecord&etn=contact&id=91330924-802a-4b0d-a900-34fd9d790829',
      'https://sample.crm4.dynamics.com/main.aspx?etn=contact&pagetype=entityrecord&id=%7B91330924-802A-4B0D-A900-34FD9D790829%7D',
    ],
    other:
      'https://sample.crm4.dynamics.com/main.aspx?etn=account&pagetype=entityrecord&id=91330924-802a-4b0d-a900-34fd9d790829',
  },
  Zendesk: {
    same: ['https://sample.zendesk.com/agent/users/77', 'https://sample.zendesk.com/agent/users/77/requested_tickets'],
    other: 'https://sample.zendesk.com/agent/organizations/77',
  },
  Freshdesk: {
    same: ['https://sample.freshdesk.com/a/contacts/9', 'https://sample.freshdesk.com/a/contacts/9?tab=timeline'],
    other: 'https://other.freshdesk.com/a/contacts/9',
  },
  Pipedrive: {
    same: ['https://sample.pipedrive.com/person/5', 'https://sample.pipedrive.com/person/5#history'],
    other: 'https://sample.pipedrive.com/organization/5',
  },
  'Zoho CRM': {
    same: ['https://crm.zoho.eu/crm/org20/tab/Contacts/554123000', 'https://crm.zoho.eu/crm/tab/Contacts/554123000'],
    other: 'https://crm.zoho.eu/crm/org20/tab/Leads/554123000',
  },
  Bitrix24: {
    same: [
      'https://sample.bitrix24.de/crm/contact/details/11/',
      'https://sample.bitrix24.de/CRM/contact/details/11/?IFRAME=Y',
    ],
    other: 'https://sample.bitrix24.de/crm/company/details/11/',
  },
  Odoo: {
    same: [
      'https://erp.example/odoo/contacts/7',
      'https://erp.example/odoo/sales/res.partner/7?debug=1',
      'https://erp.example/web#id=7&cids=1&model=res.partner&view_type=form',
      'https://erp.example/web?debug=1#model=res.partner&id=7',
    ],
    other: 'https://erp.example/web#id=7&model=sale.order&view_type=form',
  },
  Vtiger: {
    same: [
      'https://crm.example/vtiger/index.php?module=Contacts&view=Detail&record=123&app=SALES',
      'https://crm.example/vtiger/index.php?record=123&view=Detail&module=Contacts',
    ],
    other: 'https://crm.example/vtiger/index.php?module=Contacts&view=Edit&record=123',
  },
  SuiteCRM: {
    same: [
      'https://crm.example/index.php?module=Contacts&action=DetailView&record=d545d1dd-0cb2-d614-3430-45df72473cfb',
      'https://crm.example/index.php?action=DetailView&module=Contacts&record=D545D1DD-0cb2-d614-3430-45df72473cfb&offset=2',
    ],
    other: 'https://crm.example/index.php?module=Leads&action=DetailView&record=d545d1dd-0cb2-d614-3430-45df72473cfb',
  },
  EspoCRM: {
    same: ['https://crm.example/#Contact/view/abc123', 'https://crm.example/?x=1#Contact/view/abc123/related'],
    other: 'https://crm.example/#Contact/edit/abc123',
  },
  Zammad: {
    same: ['https://desk.example/#user/profile/7', 'https://desk.example/desktop/#user/profile/7'],
    other: 'https://desk.example/#user/profile/71',
  },
};

describe.each(Object.entries(CONTACTS))('a contact in %s', (_crm, { same: [first = '', ...others], other }) => {
  test('is the same under all its addresses, and no other one', () => {
    expect(recordAt(first)).toBeDefined();
    for (const url of others) expect(recordAt(url)).toBe(recordAt(first));
    expect(recordAt(other)).not.toBe(recordAt(first));
  });

  test('stays as it is in the tab that shows it, and opens in the tab of its CRM', () => {
    const tabs = [
      { id: 1, url: 'https://mail.example/', lastAccessed: 9 },
      { id: 2, url: other, lastAccessed: 5 },
      { id: 3, url: others.at(-1), lastAccessed: 1 },
    ];
    expect(tabForRecord(first, tabs)?.id).toBe(3);
    expect(showsRecord({ url: others.at(-1) }, first)).toBe(true);
    expect(showsRecord({ url: other }, first)).toBe(false);
  });
});

describe('a CRM under several hosts', () => {
  test('is one: a contact opens in the tab that is there', () => {
    const tabs = [{ id: 1, url: 'https://sample.lightning.force.com/lightning/page/home', lastAccessed: 1 }];
    expect(tabForRecord('https://sample.my.salesforce.com/003Ab00000CdEfG', tabs)?.id).toBe(1);
    expect(tabForRecord('https://another.my.salesforce.com/003Ab00000CdEfG', tabs)).toBeUndefined();
    const portals = [
      { id: 1, url: 'https://app-eu1.hubspot.com/reports-dashboard/4712', lastAccessed: 9 },
      { id: 2, url: 'https://app-eu1.hubspot.com/reports-dashboard/4711', lastAccessed: 1 },
    ];
    expect(tabForRecord('https://app.hubspot.com/contacts/4711/record/0-1/501', portals)?.id).toBe(2);
  });

  test.each([
    'https://hubspot.com.evil.example/contacts/4711/record/0-1/501',
    'https://evil.example/agent/users/77',
    'https://evil.example/lightning/r/Contact/003Ab00000CdEfGAAX/view',
    'javascript:alert("/agent/users/77")',
    `https://sample.zendesk.com/agent/users/7?${'x'.repeat(3000)}`,
    'not an address',
  ])('is not looked for under hosts that are not its own, or in what is no address: %s', (url) => {
    expect(recordAt(url)).toBeUndefined();
  });
});
