// What every view of ours starts with: the worker's word, the settings, the words, and the ways to other views. Calls back
// whenever something that is shown has changed; the view itself holds nothing.
import type { Browser } from 'webextension-polyfill';
import { deviceNameOf } from './active-site.ts';
import { csvSeparatorOf } from './csv.ts';
import type { T } from './i18n.ts';
import { type ExportOutcome, type ExportRequest, exportJournal } from './journal-export.ts';
import { connectViewTo, type Desk, type Send, type ViewRequests } from './messages.ts';
import { readPairingCode, readPairingLink } from './pairing-link.ts';
import type { SignInStatus } from './phone.ts';
import { isLocked, type SettingsInForce, settingsInForce } from './policy.ts';
import { saveFile } from './save-file.ts';
import { type Settings, saveSettings } from './settings.ts';
import { createWords, type Words } from './words.ts';

/** What is to be shown. */
export interface Scene {
  desk: Desk;
  settings: SettingsInForce;
  words: Words;
  /** Grows when another page may be in front, or the one in front has changed. */
  pageTurn: number;
  /** Grows when somebody else is signed in: as the view's key it ends every field that the one before wrote in. */
  userTurn: number;
}

/** The ways out of a view. */
export interface ViewDoors {
  send: Send;
  onChangeSettings(change: Partial<Settings>): Promise<void>;
  onOpenOptions(): void;
  onOpenJournal(): void;
  /** The same with what is found by these words. */
  onShowCalls(text: string): void;
  /** Saves what a search in the journal finds as a file. */
  onExport(request: ExportRequest): Promise<ExportOutcome>;
  /** For whoever pairs from this view. */
  pairing: {
    readLink: typeof readPairingLink;
    readCode: typeof readPairingCode;
    deviceName: string;
    pair(request: ViewRequests['pair']['request']): Promise<ViewRequests['pair']['answer']>;
    /** The company's relay, as it is known when the view is drawn. */
    readonly relay: string | undefined;
    /** The company's account, as things stand when the view is drawn. */
    readonly companySignIn: {
      offer(relayUrl: string): Promise<ViewRequests['sign-in-offer']['answer']>;
      start(request: ViewRequests['sign-in']['request']): Promise<ViewRequests['sign-in']['answer']>;
      status: SignInStatus | undefined;
      isOnlyWay: boolean;
    };
  };
  /** Shows the scene once more, since something beside it has changed. */
  again(): void;
}

/** Opens the view in this document; `show` is called when the first scene is known and at every change. */
export function openView(options: { browser: Browser; t: T; document: Document; show(scene: Scene): void }): ViewDoors {
  const { browser, t } = options;
  const { local } = browser.storage;
  let desk: Desk | undefined;
  let settings: SettingsInForce | undefined;
  let pageTurn = 0;
  let userTurn = 0;
  let userId: string | undefined;
  let words: { country: string; words: Words } | undefined;
  options.document.documentElement.lang = t('locale');

  function again(): void {
    if (!desk || !settings) return;
    options.show({ desk, settings, words: wordsNow(), pageTurn, userTurn });
  }

  // The same as long as the country is: another one would have everything drawn anew.
  function wordsNow(): Words {
    const country = settings?.country ?? desk?.phone.country ?? '';
    if (words?.country !== country) words = { country, words: createWords({ t, country }) };
    return words.words;
  }

  async function readSettings(): Promise<void> {
    settings = await settingsInForce(browser.storage);
    again();
  }

  const worker = connectViewTo(browser.runtime, (current) => {
    desk = current;
    const known = current.phone.user?.userId;
    if (known !== undefined && userId !== undefined && known !== userId) userTurn += 1;
    userId = known ?? userId;
    again();
  });
  const send = sendingAs(worker.send, () => desk?.phone.user?.userId);
  browser.storage.onChanged.addListener((_changes, area) => {
    if (area === 'local' || area === 'managed') void readSettings();
  });
  onPageTurn(browser, () => {
    pageTurn += 1;
    again();
  });
  void readSettings();
  return {
    send,
    async onChangeSettings(change) {
      await saveSettings(local, change);
    },
    onOpenOptions: () => void browser.runtime.openOptionsPage(),
    onOpenJournal: () => void openOwnPage(browser, 'journal.html'),
    onShowCalls: (text) => void openOwnPage(browser, `journal.html?${new URLSearchParams({ text })}`),
    onExport: (request) =>
      exportJournal(request, {
        send,
        desk: () => desk,
        words: wordsNow(),
        separator: csvSeparatorOf(navigator.language),
        now: Date.now(),
        save: (parts, fileName) => saveFile(options.document, { parts, fileName, type: 'text/csv;charset=utf-8' }),
      }),
    pairing: {
      readLink: readPairingLink,
      readCode: readPairingCode,
      deviceName: deviceNameOf(navigator.userAgent),
      pair: (request) => send('pair', request),
      get relay() {
        return settings?.policy.relay;
      },
      get companySignIn() {
        return {
          offer: (relayUrl: string) => send('sign-in-offer', { relayUrl }),
          start: (request: ViewRequests['sign-in']['request']) => send('sign-in', request),
          status: desk?.phone.signIn,
          isOnlyWay: settings !== undefined && isLocked(settings.policy, 'signIn'),
        };
      },
    },
    again,
  };
}

// Notes say who was signed in where they were written, so that no component has to know.
function sendingAs(send: Send, userId: () => string | undefined): Send {
  return (name, request) => send(name, name === 'note' ? { ...request, userId: userId() } : request);
}

function onPageTurn({ tabs, windows }: Browser, turn: () => void): void {
  tabs.onActivated.addListener(turn);
  windows.onFocusChanged.addListener(turn);
  tabs.onUpdated.addListener((_tabId, change, tab) => {
    if (tab.active && change.status === 'complete') turn();
  });
}

async function openOwnPage({ tabs, windows, runtime }: Browser, path: string): Promise<void> {
  const url = runtime.getURL(path);
  // Where the browser does not let us look for our own pages, it opens once more.
  const [open] = await tabs.query({ url }).catch(() => []);
  if (open?.id === undefined) return void (await tabs.create({ url }));
  await tabs.update(open.id, { active: true });
  if (open.windowId !== undefined) await windows.update(open.windowId, { focused: true });
}

/**
 * Opens the panel beside the page, or undefined where this browser has none. Call what is answered inside a click, and
 * without a wait before it: browsers open panels then only.
 */
export function sidePanelOpener(windowId: number): (() => void) | undefined {
  const { sidePanel } = chrome as Partial<Pick<typeof chrome, 'sidePanel'>>;
  if (sidePanel) return () => void sidePanel.open({ windowId });
  // Firefox's sidebar, which Chromium's types do not know.
  const { sidebarAction } = chrome as { sidebarAction?: { open(): Promise<void> } };
  return sidebarAction && (() => void sidebarAction.open());
}
