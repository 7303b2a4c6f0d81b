// How the worker hears of calls from elsewhere: its menu, phone links that the browser hands over, and the window in which
// they are confirmed. Called synchronously at the worker's start, since every listener is registered here.
import type { Browser, Menus } from 'webextension-polyfill';
import { windowsOf } from './browser-windows.ts';
import { createCallMenu } from './call-menu.ts';
import type { Clock } from './clock.ts';
import { type ConfirmCalls, createConfirmCalls } from './confirm-calls.ts';
import type { FrontPage } from './front-page.ts';
import type { T } from './i18n.ts';
import { createPhoneLinkDoor } from './phone-link-door.ts';
import { rememberPhoneLink } from './phone-link-scheme.ts';

export interface OutsideCallsOptions {
  browser: Browser;
  kind: 'chrome' | 'firefox';
  t: T;
  clock: Clock;
  front: Pick<FrontPage, 'showSelectionIn'>;
}

const SWEEPS_AFTER_MS = [0, 1_000, 3_000];

/** Starts listening; what is asked for waits in what is answered. */
export function listenForOutsideCalls({ browser, kind, t, clock, front }: OutsideCallsOptions): ConfirmCalls {
  const { local, session } = browser.storage;
  const calls = createConfirmCalls({
    windows: windowsOf({ browser, kind, page: 'confirm.html', comes: 'in-front' }),
    memory: session,
    clock,
    newId: () => crypto.randomUUID(),
  });
  const door = createPhoneLinkDoor({
    browser,
    // Chromium loads our page only for links that no web page opened; Firefox asks the agent first, and loads it for all.
    originOf: async (tabId) =>
      kind === 'firefox' ? 'either' : (await isLoadedIn(browser, tabId)) ? 'outside' : 'page',
    ask: calls.ask,
    // Not remembered: the options page then does not say that phone links arrive.
    onLink: () => void rememberPhoneLink(local, clock.now()).catch(() => undefined),
  });
  browser.tabs.onUpdated.addListener((tabId, change, tab) => void door.onUpdated(tabId, change, tab));
  browser.windows.onRemoved.addListener((id) => void calls.onRemoved(id));
  // A link may be what started the browser: its tab loads while nobody listens yet.
  for (const delayMs of SWEEPS_AFTER_MS) clock.after(delayMs, () => void door.sweep());
  listenToMenu({ browser, t, front }, calls);
  return calls;
}

function listenToMenu(
  { browser, t, front }: Pick<OutsideCallsOptions, 'browser' | 't' | 'front'>,
  { ask }: Pick<ConfirmCalls, 'ask'>,
): void {
  const { contextMenus } = browser;
  const menu = createCallMenu({ menus: contextMenus, t, ask, showSelection: front.showSelectionIn });
  browser.runtime.onInstalled.addListener(() => void menu.install());
  contextMenus.onClicked.addListener((click, tab) => void menu.onClicked(click, tab));
  // Firefox alone tells when the menu is about to be shown.
  const { onShown, refresh } = contextMenus as Partial<Pick<Menus.Static, 'onShown' | 'refresh'>>;
  onShown?.addListener((shown) => {
    void menu.onShown(shown).then((hasChanged) => (hasChanged ? refresh?.() : undefined));
  });
}

// The types do not know it.
async function isLoadedIn({ runtime }: Browser, tabId: number): Promise<boolean> {
  const { getContexts } = runtime as { getContexts?: (filter: object) => Promise<readonly unknown[]> };
  return ((await getContexts?.({ contextTypes: ['TAB'], tabIds: [tabId] }))?.length ?? 0) > 0;
}
