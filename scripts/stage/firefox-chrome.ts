// What of Firefox only Firefox itself sees: its windows, its toolbar, its event pages. Runs code in the browser's own
// window, which may do everything; for tests alone, never with anything that came from outside.
import type { Browser } from 'puppeteer';
import { bidiOf } from '../firefox.ts';

export interface FirefoxChrome {
  /** Runs the body of an async function in the browser's first window; what it returns must be JSON. */
  run(body: string): Promise<unknown>;
}

interface ChromeTree {
  contexts: { context: string; url: string }[];
}

type Evaluated =
  | { type: 'success'; result: { value?: string } }
  | { type: 'exception'; exceptionDetails: { text: string } };

/** The window that is open now; it must stay open. */
export async function firefoxChromeOf(browser: Browser): Promise<FirefoxChrome> {
  const { send } = bidiOf(browser);
  // The browser's own protocol has these shapes.
  const { contexts } = (await send('browsingContext.getTree', { 'moz:scope': 'chrome' })) as ChromeTree;
  const context = contexts.find(({ url }) => url.endsWith('/browser.xhtml'))?.context;
  return {
    async run(body) {
      const expression = `(async () => {${body}})().then((answer) => JSON.stringify(answer ?? null))`;
      const params = { expression, target: { context }, awaitPromise: true };
      const evaluated = (await send('script.evaluate', params)) as Evaluated; // as above
      if (evaluated.type === 'exception') throw new Error(`${body}: ${evaluated.exceptionDetails.text}`);
      return JSON.parse(evaluated.result.value ?? 'null');
    },
  };
}
