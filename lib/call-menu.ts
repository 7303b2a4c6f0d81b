// "Call …" in the menu of the right button, on what is selected and on phone links, on every page: the browser itself tells
// what was clicked, so that no access to the page is needed. Where the page script is at work, its button comes up beside
// the selection; everywhere else the card. Never dials.
import type { Browser, Menus, Tabs } from 'webextension-polyfill';
import type { AskedCall } from './asked-calls.ts';
import type { T } from './i18n.ts';
import { siteOf } from './sites.ts';

export interface CallMenuOptions {
  menus: Pick<Browser['contextMenus'], 'create' | 'removeAll' | 'update'>;
  t: T;
  ask(call: Omit<AskedCall, 'id'>): Promise<void>;
  /** Has the page script show its button beside the selection in a frame; false where it cannot. */
  showSelection(tabId: number, frameId: number): Promise<boolean>;
}

/** What the browser tells of a click. */
export type MenuClick = Pick<
  Menus.OnClickData,
  'menuItemId' | 'selectionText' | 'linkUrl' | 'pageUrl' | 'frameUrl' | 'frameId'
>;

export interface CallMenu {
  /** Puts the entries there; the browser keeps them for as long as the extension stays the same. */
  install(): Promise<void>;
  onClicked(click: MenuClick, tab: Pick<Tabs.Tab, 'id'> | undefined): Promise<void>;
  /** Leaves the entry out for a selection without digits; true where something changed. Firefox alone asks before it shows. */
  onShown(shown: { selectionText?: string | undefined }): Promise<boolean>;
}

const SELECTION = 'call-selection';
const LINK = 'call-link';
const PHONE_LINKS = ['tel:*', 'callto:*', 'sip:*', 'sips:*'];
const FEWEST_DIGITS = 3;

/** The menu of one worker. */
export function createCallMenu({ menus, t, ask, showSelection }: CallMenuOptions): CallMenu {
  // The browser keeps what an earlier worker left there.
  let isVisible: boolean | undefined;

  async function callSelection({ selectionText = '', frameId = 0, ...click }: MenuClick, tabId: number | undefined) {
    if (tabId !== undefined && (await showSelection(tabId, frameId))) return;
    await ask({ kind: 'text', text: selectionText, from: 'menu', site: siteOfClick(click) });
  }

  return {
    async install() {
      isVisible = true;
      await menus.removeAll();
      menus.create({ id: SELECTION, title: t('menu_call_selection'), contexts: ['selection'] });
      menus.create({ id: LINK, title: t('menu_call_link'), contexts: ['link'], targetUrlPatterns: PHONE_LINKS });
    },
    async onClicked(click, tab) {
      if (click.menuItemId === SELECTION) await callSelection(click, tab?.id);
      if (click.menuItemId === LINK) {
        await ask({ kind: 'link', text: click.linkUrl ?? '', from: 'menu', site: siteOfClick(click) });
      }
    },
    async onShown({ selectionText }) {
      // Where the browser does not tell what is selected the entry stays.
      const wanted = selectionText === undefined || digitsIn(selectionText) >= FEWEST_DIGITS;
      if (wanted === isVisible) return false;
      isVisible = wanted;
      await menus.update(SELECTION, { visible: wanted });
      return true;
    },
  };
}

function siteOfClick({ frameUrl, pageUrl }: Pick<MenuClick, 'frameUrl' | 'pageUrl'>): string | undefined {
  return siteOf(frameUrl) ?? siteOf(pageUrl);
}

function digitsIn(text: string): number {
  return text.match(/\p{Nd}/gu)?.length ?? 0;
}
