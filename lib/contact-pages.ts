// Where a contact's page is, and how it is opened: in the CRM's tab that is open already. Addresses come from the company's
// contacts: only web pages are opened, never a script, a file or a browser page.
import type { Contact } from '@offhook/protocol';
import type { Browser } from 'webextension-polyfill';
import { createTurns } from './in-turn.ts';
import type { HeldJournal } from './journal.ts';
import { ownCallsOf, type PhoneState } from './phone.ts';
import type { KeyValueStore } from './settings.ts';
import { showsRecord, siteOf, tabForRecord } from './sites.ts';

/** A contact by where it was met. */
export type ContactKey = { callId: string } | { entryId: string } | { contactId: string };

export interface ContactPages {
  /** Remembers the addresses of contacts that were found by a search. */
  remember(found: readonly Contact[]): Promise<void>;
  /** Forgets them: this browser has no right to them any more. */
  forget(): Promise<void>;
  /** The address of a contact's page, or undefined where none is known. */
  urlOf(key: ContactKey): Promise<string | undefined>;
}

const KEY = 'foundContacts';
const MOST_REMEMBERED = 200;

/** The contact pages that one worker knows. */
export function createContactPages(options: {
  memory: KeyValueStore;
  phone(): PhoneState;
  journal(): HeldJournal;
}): ContactPages {
  // What is being remembered must not come back after it was forgotten.
  const inTurn = createTurns();

  async function remembered(): Promise<[string, string][]> {
    const stored = (await options.memory.get(KEY))[KEY];
    // Session storage holds only what is written below.
    return Array.isArray(stored) ? (stored as [string, string][]) : [];
  }

  function met(key: ContactKey): Contact | undefined {
    const calls = ownCallsOf(options.phone()).map(({ call }) => call);
    const { entries } = options.journal();
    if ('callId' in key) return calls.find(({ callId }) => callId === key.callId)?.remote.contact;
    if ('entryId' in key) {
      const entry = entries.find(({ entryId }) => entryId === key.entryId);
      return (entry ?? calls.find(({ conversationId }) => conversationId === key.entryId))?.remote.contact;
    }
    const all = [...calls, ...entries].map(({ remote }) => remote.contact);
    return all.find((contact) => contact?.contactId === key.contactId);
  }

  return {
    remember: (found) =>
      inTurn(async () => {
        const added = found.flatMap(({ contactId, url }): [string, string][] =>
          url === undefined ? [] : [[contactId, url]],
        );
        if (added.length === 0) return;
        const all = new Map([...(await remembered()), ...added]);
        await options.memory.set({ [KEY]: [...all].slice(-MOST_REMEMBERED) });
      }),
    forget: () => inTurn(() => options.memory.remove(KEY)),
    async urlOf(key) {
      const url = met(key)?.url;
      if (url !== undefined || !('contactId' in key)) return url;
      return new Map(await remembered()).get(key.contactId);
    },
  };
}

/** What became of a tab when a contact was opened. */
export interface OpenedPage {
  tabId: number;
  /** `made` for it, `moved` from another page, or only `shown`, since it was open already. */
  how: 'made' | 'moved' | 'shown';
  /** What stood in a tab that was moved. */
  fromUrl?: string | undefined;
  /** The tab that was in front of that window before. */
  frontTabId?: number | undefined;
}

/**
 * Opens a contact's page and answers where; undefined: there is none to open. `quietly`: the window that has the focus
 * keeps it.
 */
export async function openContactPage(
  browser: Pick<Browser, 'tabs' | 'windows'>,
  url: string,
  manner: 'in-front' | 'quietly' = 'in-front',
): Promise<OpenedPage | undefined> {
  if (siteOf(url) === undefined) return undefined;
  const tabs = await browser.tabs.query({});
  const tab = tabForRecord(url, tabs);
  const frontOf = (windowId: number | undefined) => tabs.find((one) => one.active && one.windowId === windowId)?.id;
  if (tab?.id === undefined) {
    const made = await browser.tabs.create({ url });
    return { tabId: made.id ?? Number.NaN, how: 'made', frontTabId: frontOf(made.windowId) };
  }
  const isShown = showsRecord(tab, url);
  // A record that is open stays as it is: somebody may be writing in it.
  await browser.tabs.update(tab.id, isShown ? { active: true } : { url, active: true });
  if (tab.windowId !== undefined && manner === 'in-front') {
    await browser.windows.update(tab.windowId, { focused: true });
  }
  const frontTabId = frontOf(tab.windowId);
  return { tabId: tab.id, frontTabId, ...(isShown ? { how: 'shown' } : { how: 'moved', fromUrl: tab.url }) };
}
