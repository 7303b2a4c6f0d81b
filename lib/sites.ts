// Which pages Offhook may look at, and how a contact's page is found among the open tabs. A site is scheme + host; it is
// enabled when the browser gave the permission and the agent did not pause it.

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

/** Whether Offhook is in use on a site. */
export function isSiteEnabled(
  site: string | undefined,
  { patterns, paused }: { patterns: readonly string[]; paused: readonly string[] },
): boolean {
  return site !== undefined && !paused.includes(site) && patterns.some((pattern) => coversSite(pattern, site));
}

/**
 * The tab in which a contact's page should open: one that shows it already, else the one of the same CRM that was used
 * last. Undefined: a new tab.
 */
export function tabForRecord(url: string, tabs: readonly SiteTab[]): SiteTab | undefined {
  const target = URL.parse(url);
  if (!target || siteOf(url) === undefined) return undefined;
  const byLastUse = [...tabs].sort((a, b) => (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0));
  return (
    byLastUse.find((tab) => tab.url === url) ??
    byLastUse.find((tab) => tab.url !== undefined && URL.parse(tab.url)?.origin === target.origin)
  );
}
