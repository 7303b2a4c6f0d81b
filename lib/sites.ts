// Which pages Offhook may look at, and how a contact's page is found among the open tabs. A site is scheme + host; it is
// enabled when the browser gave the permission and neither agent nor company paused it. What is known of single CRMs is
// data, and nothing depends on it.

/** A tab as far as it matters here; `url` is only there where the browser lets us see it. */
export interface SiteTab {
  id?: number | undefined;
  windowId?: number | undefined;
  url?: string | undefined;
  active?: boolean | undefined;
  lastAccessed?: number | undefined;
}

/** `'https://crm.example'` of a page's address, or undefined where no site can be enabled (browser pages, files). */
export function siteOf(url: string | undefined): string | undefined {
  const parsed = url === undefined ? null : URL.parse(url);
  return parsed && /^https?:$/.test(parsed.protocol) ? `${parsed.protocol}//${parsed.hostname}` : undefined;
}

/** The match pattern to ask the browser for, `'https://crm.example/*'`. Ports do not count in patterns. */
export function patternOf(site: string): string {
  return `${site}/*`;
}

/** Whether a host permission's pattern (`'*://*.example/*'`, `'<all_urls>'`) covers a site. Paths do not count. */
export function coversSite(pattern: string, site: string): boolean {
  if (pattern === '<all_urls>') return true;
  const [, scheme, host] = /^(\*|https?):\/\/(\*|(?:\*\.)?[^/*]+)\/.*$/.exec(pattern) ?? [];
  const url = URL.parse(site);
  if (!scheme || !host || !url) return false;
  if (scheme !== '*' && `${scheme}:` !== url.protocol) return false;
  if (host === '*') return true;
  if (host.startsWith('*.')) return url.hostname === host.slice(2) || url.hostname.endsWith(host.slice(1));
  return url.hostname === host;
}

/** Whether Offhook is in use on a site. Domains may be paused as a whole, `'https://*.crm.example'`. */
export function isSiteEnabled(
  site: string | undefined,
  { patterns, paused }: { patterns: readonly string[]; paused: readonly string[] },
): boolean {
  const isIn = (all: readonly string[]) => site !== undefined && all.some((pattern) => coversSite(pattern, site));
  return isIn(patterns) && !isIn(paused.map(patternOf));
}

/**
 * The tab in which a contact's page should open: one that shows it already, else the one of the same CRM that was used
 * last. Undefined: a new tab.
 */
export function tabForRecord<Tab extends SiteTab>(url: string, tabs: readonly Tab[]): Tab | undefined {
  const account = accountAt(url);
  if (account === undefined) return undefined;
  const byLastUse = [...tabs].sort((a, b) => (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0));
  return (
    byLastUse.find((tab) => tab.url === url) ??
    byLastUse.find((tab) => showsRecord(tab, url)) ??
    byLastUse.find((tab) => tab.url !== undefined && accountAt(tab.url) === account)
  );
}

/** Whether a tab shows the record that an address leads to, wherever else in it the tab may be. */
export function showsRecord({ url: shown }: SiteTab, url: string): boolean {
  if (shown === undefined || shown === url) return shown === url;
  const record = recordAt(url);
  return record !== undefined && record === recordAt(shown);
}

/** What is said before the country of a record, in small letters, wherever a CRM has it. */
export const COUNTRY_LABELS: readonly string[] = [
  ...['country', 'country/region', 'country / region', 'mailing country', 'billing country', 'address country'],
  ...['land', 'staat', 'land/region', 'pays', 'paese', 'nazione', 'país', 'pais', 'kraj', 'country code', 'ländercode'],
];

// ---- what is known of single CRMs

interface Crm {
  name: string;
  /** Patterns of its hosts; none where each company runs its own, which its addresses alone give away. */
  hosts: readonly string[];
  /** What of an address names a record: matched with path, query and fragment. Groups: `id`, and `kind` where there are several. */
  records: readonly RegExp[];
  /** Which part of host and path names the customer (group `account`), where one customer has several hosts. */
  account?: RegExp;
  /** How many characters of an id tell records apart. */
  idLength?: number;
}

// How CRMs address the pages of contacts. Everything works without an entry here, by the address alone; an entry lets a
// contact that is open already be recognised whatever else its address says, and finds the tabs of its CRM under other
// hosts. To add one, name where its form of addresses is documented.
const CRMS: readonly Crm[] = [
  {
    // The `url` of a contact in the answers of HubSpot's CRM API; 0-1 are contacts, 0-2 companies. Regions have hosts of
    // their own (app-eu1).
    name: 'HubSpot',
    hosts: ['https://*.hubspot.com/*'],
    records: [
      /^\/contacts\/\d+\/record\/(?<kind>0-[12])\/(?<id>\d+)/,
      /^\/contacts\/\d+\/(?<kind>contact|company)\/(?<id>\d+)/,
    ],
    account: /^[^/]+\/[\w-]+\/(?<account>\d+)/,
  },
  {
    // Lightning Aura Components Developer Guide, "pageReference Types", Record Page. A record's short address on the
    // company's own domain leads to Lightning, which has a host of its own.
    name: 'Salesforce',
    hosts: ['https://*.lightning.force.com/*', 'https://*.my.salesforce.com/*'],
    records: [
      /^\/lightning\/r\/(?:\w+\/)?(?<id>[A-Za-z0-9]{15,18})\/view/,
      /^\/(?<id>(?:001|003|00Q)[A-Za-z0-9]{12,15})(?:[?#]|$)/,
    ],
    account: /^(?<account>[^./]+)\./,
    idLength: 15,
  },
  {
    // Microsoft Learn, "Open forms, views, dialogs, and reports with a URL". Braces around the id may be encoded.
    name: 'Dynamics 365',
    hosts: ['https://*.dynamics.com/*'],
    records: [
      /^(?:\/[^?#]*)?\/main\.aspx\?(?=[^#]*\betn=(?<kind>\w+))(?=[^#]*[?&]id=(?:%7b|\{)?(?<id>[0-9a-f-]{36}))/i,
    ],
  },
  {
    // As Zendesk's own agent interface links users and organisations; more may follow the id (`/requested_tickets`).
    name: 'Zendesk',
    hosts: ['https://*.zendesk.com/*'],
    records: [/^\/agent\/(?:#\/)?(?<kind>users|organizations)\/(?<id>\d+)/],
  },
  {
    // As Freshdesk's agent portal links contacts and companies.
    name: 'Freshdesk',
    hosts: ['https://*.freshdesk.com/*'],
    records: [/^\/a\/(?<kind>contacts|companies)\/(?<id>\d+)/],
  },
  {
    // As Pipedrive's application links persons and organisations.
    name: 'Pipedrive',
    hosts: ['https://*.pipedrive.com/*'],
    records: [/^\/(?<kind>person|organization)\/(?<id>\d+)/],
  },
  {
    // As Zoho CRM's openUrl examples have it; each region has a domain, and the organisation's part may be missing.
    name: 'Zoho CRM',
    hosts: ['https://crm.zoho.com/*', 'https://crm.zoho.eu/*', 'https://crm.zoho.in/*', 'https://crm.zoho.com.au/*'],
    records: [/^\/crm\/(?:org\d+\/)?tab\/(?<kind>Contacts|Accounts|Leads)\/(?<id>\d+)/],
  },
  {
    // As Bitrix24's entity selector links contacts and companies; also run by companies themselves.
    name: 'Bitrix24',
    hosts: [],
    records: [/^\/crm\/(?<kind>contact|company|lead)\/details\/(?<id>\d+)\//i],
  },
  {
    // Odoo: tests of its web client (from 18.0 on), and the form before that, whose parameters come in any order.
    name: 'Odoo',
    hosts: [],
    records: [
      /^\/odoo\/(?:[^?#]*\/)?(?:contacts|res\.partner)\/(?<id>\d+)(?:[?#]|$)/,
      /^\/web\/?(?:\?[^#]*)?#(?=(?:.*&)?model=res\.partner\b)(?=(?:.*&)?id=(?<id>\d+))/,
    ],
  },
  {
    // Vtiger's template variable `crmdetailviewurl`; its parameters come in any order.
    name: 'Vtiger',
    hosts: [],
    records: [
      /^\/(?:[^?#]*\/)?index\.php\?(?=[^#]*\bmodule=(?<kind>Contacts|Accounts|Leads)\b)(?=[^#]*\bview=Detail\b)(?=[^#]*\brecord=(?<id>\d+))/,
    ],
  },
  {
    // Sugar Developer Guide, "Entry Points"; SuiteCRM took it over.
    name: 'SugarCRM, SuiteCRM',
    hosts: [],
    records: [
      /^\/(?:[^?#]*\/)?index\.php\?(?=[^#]*\bmodule=(?<kind>Contacts|Accounts|Leads)\b)(?=[^#]*\baction=DetailView\b)(?=[^#]*\brecord=(?<id>[\w-]{8,36}))/,
    ],
  },
  {
    // As EspoCRM's own links have it.
    name: 'EspoCRM',
    hosts: [],
    records: [/^\/[^#]*#(?<kind>Contact|Account|Lead)\/view\/(?<id>\w+)/],
  },
  {
    // Zammad, app/assets/javascripts/app/controllers/user_profile.coffee.
    name: 'Zammad',
    hosts: [],
    records: [/^\/[^#]*#(?<kind>user|organization)\/profile\/(?<id>\d+)/],
  },
];

const LONGEST_ADDRESS = 2_000;

/** Names the record that an address shows: the same for all addresses of one record; undefined where none is recognised. */
export function recordAt(url: string): string | undefined {
  const parsed = URL.parse(url);
  const account = accountAt(url);
  if (!parsed || account === undefined || url.length > LONGEST_ADDRESS) return undefined;
  const address = `${parsed.pathname}${parsed.search}${parsed.hash}`;
  for (const crm of CRMS) {
    const groups = isOn(crm, parsed) && crm.records.map((one) => one.exec(address)?.groups).find((one) => one);
    if (!groups) continue;
    const { kind = '', id = '' } = groups;
    const short = id.slice(0, crm.idLength);
    // Ids with dashes are hexadecimal, in capitals or not.
    return [crm.name, account, kind.toLowerCase(), short.includes('-') ? short.toLowerCase() : short].join(' ');
  }
  return undefined;
}

// The customer's CRM that an address belongs to: what its several hosts have in common, else its origin.
function accountAt(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (!parsed || siteOf(url) === undefined) return undefined;
  const crm = CRMS.find((one) => one.account !== undefined && isOn(one, parsed));
  const account = crm?.account?.exec(`${parsed.hostname}${parsed.pathname}`)?.groups?.['account'];
  return account === undefined ? parsed.origin : `${crm?.name} ${account}`;
}

function isOn({ hosts }: Crm, { origin }: URL): boolean {
  return hosts.length === 0 || hosts.some((pattern) => coversSite(pattern, origin));
}
