// What the worker says of the browser that it lives in.
import type { Browser } from 'webextension-polyfill';
import { guessCountry } from './settings.ts';

/** The country to begin with, by time zone and language. */
export function countryOf(browser: Browser): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return guessCountry({ timeZone, language: browser.i18n.getUILanguage() });
}

/** Who we say we are to the relay. */
export async function clientOf({ browser, kind }: { browser: Browser; kind: 'chrome' | 'firefox' }) {
  const { os } = await browser.runtime.getPlatformInfo();
  return { name: 'offhook', version: browser.runtime.getManifest().version, os, browser: kind };
}
