// Brings gate and page script into the pages of enabled sites, and judges where a page's message comes from. The worker
// trusts the browser's word on tab and frame alone, never what a page script says of itself.
import type { Browser } from 'webextension-polyfill';
import type { Sender } from './messages.ts';
import { loadSettings } from './settings.ts';
import { isSiteEnabled, siteOf } from './sites.ts';

/** The parts of the browser that are needed. */
export type InjectionBrowser = Pick<Browser, 'permissions' | 'scripting' | 'storage' | 'tabs'>;

export interface Injection {
  /** Makes the registered gate fit what is enabled now; with `openTabs`, pages that are open get it, too. */
  update(options: { openTabs: 'leave' | 'inject' }): Promise<void>;
  /** Whether a message comes from a frame in which Offhook is in use. */
  isAllowed(sender: Sender): Promise<boolean>;
  /** Injects the page script into the very document that asked. */
  injectPage(sender: Sender): Promise<boolean>;
}

const GATE_ID = 'gate';
const GATE_FILE = '/gate.js';
const PAGE_FILE = '/page.js';

/** Injection for one worker. */
export function createInjection(browser: InjectionBrowser): Injection {
  async function enabled(): Promise<{ patterns: string[]; paused: string[] }> {
    const [granted, settings] = await Promise.all([browser.permissions.getAll(), loadSettings(browser.storage.local)]);
    return { patterns: granted.origins ?? [], paused: settings.pausedSites };
  }

  async function register(matches: string[], excludeMatches: string[]): Promise<void> {
    const known = await browser.scripting.getRegisteredContentScripts({ ids: [GATE_ID] });
    if (known.length > 0) await browser.scripting.unregisterContentScripts({ ids: [GATE_ID] });
    if (matches.length === 0) return;
    const script = {
      id: GATE_ID,
      js: [GATE_FILE],
      matches,
      ...(excludeMatches.length > 0 && { excludeMatches }),
      allFrames: true,
      // srcdoc, about:, data: and blob: frames belong to the page that made them.
      matchOriginAsFallback: true,
      runAt: 'document_end' as const,
      persistAcrossSessions: true,
    };
    await browser.scripting.registerContentScripts([script]);
  }

  async function injectOpenTabs(sites: { patterns: string[]; paused: string[] }): Promise<void> {
    const tabs = await browser.tabs.query({});
    const inUse = tabs.filter((tab) => isSiteEnabled(siteOf(tab.url), sites));
    // A tab may close or navigate meanwhile; the next page of it gets the gate by registration.
    await Promise.allSettled(
      inUse.map((tab) =>
        browser.scripting.executeScript({ target: { tabId: tab.id ?? -1, allFrames: true }, files: [GATE_FILE] }),
      ),
    );
  }

  async function isAllowed(sender: Sender): Promise<boolean> {
    const sites = await enabled();
    if (!isSiteEnabled(siteOf(sender.tab?.url), sites)) return false;
    if (sender.frameId === 0) return true;
    // A frame's own site counts as well. Frames without one (srcdoc, sandboxed, written) only ever got the gate because
    // the page that made them is enabled: the browser matched their creator.
    const own = siteOf(sender.origin === 'null' ? undefined : sender.origin) ?? siteOf(sender.url);
    return own === undefined || isSiteEnabled(own, sites);
  }

  return {
    async update({ openTabs }) {
      const sites = await enabled();
      await register(sites.patterns, sites.paused.map((site) => `${site}/*`));
      if (openTabs === 'inject') await injectOpenTabs(sites);
    },
    isAllowed,
    async injectPage(sender) {
      const tabId = sender.tab?.id;
      const { documentId } = sender;
      if (tabId === undefined || !(await isAllowed(sender))) return false;
      const target = documentId === undefined ? { tabId, frameIds: [sender.frameId ?? 0] } : { tabId, documentIds: [documentId] };
      await browser.scripting.executeScript({ target, files: [PAGE_FILE] } as Parameters<
        typeof browser.scripting.executeScript
      >[0]); // documentIds is in both browsers, but not in these types
      return true;
    },
  };
}
