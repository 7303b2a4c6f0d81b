// What the options page shows of this browser: its pairing, its sites, its keys, and whether it lets notifications through.
import type { Browser } from 'webextension-polyfill';
import { type KnownSite, knownSites } from './known-sites.ts';
import { askForPhoneLinks, lastPhoneLink } from './phone-link-scheme.ts';
import { loadConnection } from './settings.ts';

/** A keyboard command; `shortcut` is `''` where none is assigned. */
export interface AssignedShortcut {
  name: string;
  description: string;
  shortcut: string;
}

export interface OptionFacts {
  /** The relay's host and as whom this browser is paired. */
  connection: { relay: string; userName: string } | undefined;
  sites: readonly KnownSite[];
  shortcuts: readonly AssignedShortcut[];
  /** When the last phone link was handed to us, in milliseconds. */
  phoneLinkAt: number | undefined;
}

/** Looks at everything anew. */
export async function optionFacts(browser: Browser): Promise<OptionFacts> {
  const [connection, sites, commands, phoneLinkAt] = await Promise.all([
    loadConnection(browser.storage.local),
    knownSites(browser),
    browser.commands.getAll(),
    lastPhoneLink(browser.storage.local),
  ]);
  return {
    connection: connection && { relay: new URL(connection.origin).host, userName: connection.userName },
    sites,
    phoneLinkAt,
    shortcuts: commands.flatMap(({ name = '', description = '', shortcut = '' }) =>
      // The browser's own command, which opens the popup, has no description.
      description === '' ? [] : [{ name, description, shortcut }],
    ),
  };
}

/** Opens the browser's own page for assigning keys. */
export async function openShortcutSettings(browser: Browser): Promise<void> {
  // Firefox alone has it, and the types do not know it yet.
  const { openShortcutSettings: open } = browser.commands as { openShortcutSettings?: () => Promise<void> };
  if (open) await open();
  else await browser.tabs.create({ url: 'chrome://extensions/shortcuts' });
}

/** Whether the browser shows our notifications. Firefox cannot be asked; there, what the manifest asks for is granted. */
export async function notificationPermission(): Promise<'granted' | 'denied'> {
  const { getPermissionLevel } = chrome.notifications as Partial<typeof chrome.notifications>;
  return (await getPermissionLevel?.()) === 'denied' ? 'denied' : 'granted';
}

/** A number that nobody has, for trying whether phone links reach us. */
const SAMPLE_LINK = 'tel:+493023125042';

/** What can be done about phone links of other programs on a page of ours. */
export function phoneLinkDoors(browser: Browser, kind: 'chrome' | 'firefox') {
  return {
    way: kind === 'firefox' ? ('manifest' as const) : ('asks' as const),
    onAsk: () => askForPhoneLinks(navigator, (path) => browser.runtime.getURL(path)),
    onTry: () => void browser.tabs.create({ url: SAMPLE_LINK }),
  };
}
