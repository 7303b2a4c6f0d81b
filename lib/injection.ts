// Brings gate and page script into the pages of enabled sites, and judges where a page's message comes from. The worker
// trusts the browser's word on tab and frame alone, never what a page script says of itself.
import type { Browser } from 'webextension-polyfill';
import { createTurns } from './in-turn.ts';
import type { Sender } from './messages.ts';
import { settingsInForce } from './policy.ts';
import { pausedIn } from './site-rules.ts';
import { coversSite, isSiteEnabled, patternOf, siteOf } from './sites.ts';

/** The parts of the browser that are needed. */
export type InjectionBrowser = Pick<Browser, 'permissions' | 'scripting' | 'storage' | 'tabs'>;

export interface Injection {
  /** Makes the registered gate fit what is enabled now; with `openTabs`, pages that are open get it, too. */
  update(options: { openTabs: 'leave' | 'inject' }): Promise<void>;
  /** Whether a message comes from a frame in which Offhook is in use. */
  isAllowed(sender: Sender): Promise<boolean>;
  /** Those of the sites that the browser does not let us into, and that nobody paused. */
  withoutAccess(sites: readonly string[]): Promise<string[]>;
  /** Injects the page script into the very document that asked. */
  injectPage(sender: Sender): Promise<boolean>;
  /** Tells the page scripts in all open tabs that what they were told to do has changed. */
  announceSettings(): Promise<void>;
}

interface Sites {
  patterns: readonly string[];
  paused: readonly string[];
}

// The one takes the other's place, so that no page that loads meanwhile is left without.
const GATE_IDS = ['gate', 'gate-2'] as const;
const GATE_FILE = '/gate.js';
const PAGE_FILE = '/page.js';

/** Injection for one worker. */
export function createInjection(browser: InjectionBrowser): Injection {
  // Between asking what is registered and changing it, nobody else may change it.
  const inTurn = createTurns();

  async function enabled(): Promise<Sites> {
    const [granted, settings] = await Promise.all([browser.permissions.getAll(), settingsInForce(browser.storage)]);
    return { patterns: granted.origins ?? [], paused: pausedIn(settings.siteRules) };
  }

  async function register(sites: Sites): Promise<void> {
    const registered = await browser.scripting.getRegisteredContentScripts({ ids: [...GATE_IDS] });
    const [present, ...left] = registered.map(({ id }) => id);
    // Both are there only after a worker that died between the two steps.
    if (left.length > 0) await browser.scripting.unregisterContentScripts({ ids: left });
    const wanted = gateFor(sites);
    const id = present === GATE_IDS[0] ? GATE_IDS[1] : GATE_IDS[0];
    if (wanted) await browser.scripting.registerContentScripts([{ id, ...wanted }]);
    if (present !== undefined) await browser.scripting.unregisterContentScripts({ ids: [present] });
  }

  async function injectOpenTabs(sites: Sites): Promise<void> {
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
    // A frame's own site counts as well, the top one's, too: its tab may have gone elsewhere meanwhile. Frames without
    // one (srcdoc, sandboxed, written) only ever got the gate because the browser matched the page that made them.
    const own = siteOf(sender.origin === 'null' ? undefined : sender.origin) ?? siteOf(sender.url);
    return own === undefined || isSiteEnabled(own, sites);
  }

  return {
    update: ({ openTabs }) =>
      inTurn(async () => {
        const sites = await enabled();
        await register(sites);
        if (openTabs === 'inject') await injectOpenTabs(sites);
      }),
    isAllowed,
    async withoutAccess(asked) {
      const { patterns, paused } = await enabled();
      const isPaused = (site: string) => paused.some((one) => coversSite(patternOf(one), site));
      return asked.filter((site) => !isPaused(site) && !patterns.some((pattern) => coversSite(pattern, site)));
    },
    async injectPage(sender) {
      const tabId = sender.tab?.id;
      const { documentId } = sender;
      if (tabId === undefined || !(await isAllowed(sender))) return false;
      const target =
        documentId === undefined ? { tabId, frameIds: [sender.frameId ?? 0] } : { tabId, documentIds: [documentId] };
      // documentIds is in both browsers, but not in these types.
      const injection = { target, files: [PAGE_FILE] } as Parameters<typeof browser.scripting.executeScript>[0];
      return browser.scripting.executeScript(injection).then(
        () => true,
        // The document has gone meanwhile: the next one asks for itself.
        () => false,
      );
    },
    async announceSettings() {
      const tabs = await browser.tabs.query({});
      // Most tabs have no page script.
      await Promise.allSettled(
        tabs.map(async ({ id }) => id !== undefined && browser.tabs.sendMessage(id, { name: 'settings-changed' })),
      );
    },
  };
}

function gateFor({ patterns, paused }: Sites) {
  const matches = patterns.filter((pattern) => /^(?:\*|https?):|^<all_urls>$/.test(pattern));
  if (matches.length === 0) return undefined;
  const excludeMatches = paused.map(patternOf);
  return {
    js: [GATE_FILE],
    matches,
    ...(excludeMatches.length > 0 && { excludeMatches }),
    allFrames: true,
    // srcdoc, about:, data: and blob: frames belong to the page that made them.
    matchOriginAsFallback: true,
    // The gate waits by itself; its style costs nothing that early.
    runAt: 'document_start' as const,
    persistAcrossSessions: true,
  };
}
