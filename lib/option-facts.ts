// What the options page shows of this browser: its pairing, its sites, its keys, and whether it lets notifications through.
import type { Browser } from 'webextension-polyfill';
import { type KnownSite, knownSites } from './known-sites.ts';
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
}

/** Looks at everything anew. */
export async function optionFacts(browser: Browser): Promise<OptionFacts> {
  const [connection, sites, commands] = await Promise.all([
    loadConnection(browser.storage.local),
    knownSites(browser),
    browser.commands.getAll(),
  ]);
  return {
    connection: connection && { relay: new URL(connection.origin).host, userName: connection.userName },
    sites,
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
