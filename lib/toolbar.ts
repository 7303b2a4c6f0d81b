// Draws the toolbar icon, and only when what it says has changed: drawing takes the browser long.
import type { Browser } from 'webextension-polyfill';
import { badgeOf } from './badge.ts';
import { plural, type T } from './i18n.ts';
import type { HeldJournal } from './journal.ts';
import type { PhoneState } from './phone.ts';

/** Answers the function that shows the present state. */
export function createToolbar(options: {
  browser: Pick<Browser, 'action'>;
  t: T;
  phone(): PhoneState;
  journal(): HeldJournal;
}): { show(): void } {
  const { action } = options.browser;
  let drawn = '';
  return {
    show() {
      const badge = badgeOf(options.phone(), options.journal());
      if (JSON.stringify(badge) === drawn) return;
      drawn = JSON.stringify(badge);
      const suffix = badge.icon === 'idle' ? '' : `-${badge.icon}`;
      const missed = badge.missed > 0 ? ` · ${plural(options.t, 'badge_missed', badge.missed)}` : '';
      void action.setIcon({ path: { 16: `icon/16${suffix}.png`, 32: `icon/32${suffix}.png` } });
      void action.setBadgeText({ text: badge.text });
      void action.setTitle({ title: `Offhook · ${options.t(badge.title)}${missed}` });
    },
  };
}
