// Which sites an enterprise build declares. Reads the list that whoever builds gives, and refuses what is more than the
// sites of one company: a build that may read every page is not made by accident.
import { readRuleSite } from '../lib/site-rules.ts';

/** The variable in which the list comes to wxt.enterprise.config.ts: patterns, joined by commas. */
export const HOSTS_VARIABLE = 'OFFHOOK_HOSTS';

/** The variable that says where the build goes. */
export const FOLDER_VARIABLE = 'OFFHOOK_OUT';

/**
 * The host permissions for a list such as `'https://crm.example.com/*,*.desk.example.com'`, each once, in its order.
 * Throws with words where there is none, or where one is no site.
 */
export function readHosts(list: string): string[] {
  const given = list.split(/[\s,]+/).filter((one) => one !== '');
  if (given.length === 0) throw new Error('no hosts: name at least one, such as --hosts https://crm.example.com/*');
  return [...new Set(given.map(readHost))];
}

function readHost(text: string): string {
  const site = readRuleSite(text);
  if (site === undefined) throw new Error(`"${text}" is not the address of a site, such as https://crm.example.com/*`);
  const host = site.replace(/^[^/]*\/\//, '');
  if (host === '*' || /^\*\.[^.]*$/.test(host)) {
    throw new Error(`"${text}" is more than the sites of a company: name its hosts`);
  }
  return `${site}/*`;
}
