// The browser for stories, pictures, the tour and the bench: one way to find it and one way to start it, so that all of
// them see the same Chromium with the same flags. It never talks to the network by itself.
import puppeteer, { type Browser, type Target } from 'puppeteer';
import { browsersOf } from './find-browser.mjs';

/** A browser of this machine; `chrome` and `edge` are branded builds, which ignore `--load-extension`. */
export type FoundBrowser = ReturnType<typeof browsersOf>[number];

export interface LaunchOptions {
  /** Whether a window is shown; without a display only `true` works. */
  headless: boolean;
  /** A built extension (`.output/chrome-mv3-demo`), loaded from the start. */
  extensionDir?: string;
  /** A profile that outlives this run; without it a temporary one is made and removed. */
  profileDir?: string;
  /** Language of the browser's own interface, `'de'`; the extension's words follow it. */
  lang?: string;
  args?: readonly string[];
  /** More of the environment: another display, another desktop. */
  env?: Readonly<Record<string, string>>;
  /** Which targets puppeteer attaches its debugger to; default all. */
  targetFilter?: (target: Target) => boolean;
}

/** As long as a machine may need that has much else to do. */
const START_LIMIT_MS = 90_000;

const QUIET_ARGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
];

/** The browser that tests use: `OFFHOOK_CHROMIUM` first, then Chromium, Chrome for Testing, Chrome, Edge. */
export function findBrowser(): FoundBrowser {
  const [best] = browsersOf();
  if (!best)
    throw new Error('No Chromium found. Run `node scripts/setup.mjs test`, or set OFFHOOK_CHROMIUM to its path.');
  return best;
}

/** Whether a browser obeys `--load-extension` (branded Chrome and Edge have not since 137). */
export function takesLoadExtension({ kind }: FoundBrowser): boolean {
  return kind === 'chromium' || kind === 'chrome-for-testing';
}

/**
 * Starts the browser. With `extensionDir`, Chromium gets it by `--load-extension`, which managed policies and prepared
 * profiles need; branded Chrome gets it through the debugging pipe, where neither works.
 */
export async function launchBrowser(options: LaunchOptions): Promise<Browser> {
  const found = findBrowser();
  const { extensionDir, profileDir, lang } = options;
  const isFlagged = extensionDir !== undefined && takesLoadExtension(found);
  return await puppeteer.launch({
    executablePath: found.path,
    headless: options.headless,
    // Who looks at a window needs no bar that says that it is automated.
    ...(!options.headless && { ignoreDefaultArgs: ['--enable-automation'] }),
    pipe: true,
    timeout: START_LIMIT_MS,
    defaultViewport: options.headless ? { width: 1280, height: 800 } : null,
    ...(extensionDir !== undefined && { enableExtensions: isFlagged ? true : [extensionDir] }),
    ...(profileDir !== undefined && { userDataDir: profileDir }),
    ...(options.targetFilter && { targetFilter: options.targetFilter }),
    // Chromium takes its language from the environment on Linux and from the flag elsewhere.
    env: { ...process.env, ...(lang !== undefined && { LANGUAGE: lang, LANG: `${lang}.UTF-8` }), ...options.env },
    args: [
      ...QUIET_ARGS,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(isFlagged ? [`--disable-extensions-except=${extensionDir}`, `--load-extension=${extensionDir}`] : []),
      ...(lang === undefined ? [] : [`--lang=${lang}`, `--accept-lang=${lang}`]),
      ...(options.args ?? []),
    ],
  });
}
