// Firefox for stories: one way to find it and one way to start it, so that all of them see the same browser with the same
// preferences. It never talks to the network by itself; puppeteer's own preferences for automation see to that.
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { FIREFOX_MIN_VERSION, firefoxesOf } from './find-browser.mjs';

/** A Firefox of this machine; `version` is its major one. */
export type FoundFirefox = ReturnType<typeof firefoxesOf>[number];

/** The Firefox that tests use: `OFFHOOK_FIREFOX` first; undefined where none is new enough. */
export function findFirefox(): FoundFirefox | undefined {
  return firefoxesOf().find(({ version }) => version >= FIREFOX_MIN_VERSION);
}

export interface FirefoxOptions {
  /** Whether a window is shown; without a display only `true` works. */
  headless: boolean;
  /** Preferences of `about:config`, on top of those for automation. */
  prefs?: Readonly<Record<string, unknown>>;
  /** What differs in the environment of the browser. */
  env?: Readonly<Record<string, string>>;
}

// Three of them start at once on a machine of two cores.
const START_LIMIT_MS = 90_000;

/** Starts Firefox; throws where none is new enough. */
export async function launchFirefox({ headless, prefs = {}, env = {} }: FirefoxOptions): Promise<Browser> {
  const found = findFirefox();
  if (!found) throw new Error(`needs Firefox ${FIREFOX_MIN_VERSION}: set OFFHOOK_FIREFOX to the path of one`);
  return await puppeteer.launch({
    browser: 'firefox',
    executablePath: found.path,
    headless,
    timeout: START_LIMIT_MS,
    defaultViewport: headless ? { width: 1280, height: 800 } : null,
    // Extension pages and the browser's own window answer only then.
    args: ['--remote-allow-system-access'],
    env: { ...process.env, ...env },
    extraPrefsFirefox: { ...prefs },
  });
}

/** WebDriver BiDi itself, for what puppeteer does not offer. */
export interface Bidi {
  /** The result of a command; rejects with the browser's own words. */
  send(method: string, params: Record<string, unknown>): Promise<unknown>;
  /** The id of a tab. */
  contextOf(page: Page): string;
}

/** The connection that puppeteer itself uses. */
export function bidiOf(browser: Browser): Bidi {
  // Neither is in puppeteer's types: the connection of a Firefox, and the context of a frame.
  const { connection } = browser as unknown as {
    connection: { send(method: string, params: unknown): Promise<{ result: unknown }> };
  };
  return {
    send: async (method, params) => (await connection.send(method, params)).result,
    contextOf: (page) => (page.mainFrame() as unknown as { _id: string })._id,
  };
}
