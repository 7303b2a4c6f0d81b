// Where a Chromium and a Firefox stand on this machine. Plain JavaScript for any Node from 18 on, since setup.mjs asks it before the
// packages (and with them Node 24) are there. It looks at files and environment only: it starts and installs nothing.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** The oldest Firefox that the extension runs in; the manifest says the same. */
export const FIREFOX_MIN_VERSION = 153;

const ENV_NAMES = ['OFFHOOK_CHROMIUM', 'PUPPETEER_EXECUTABLE_PATH', 'CHROME_PATH'];

/**
 * @typedef {'chromium' | 'chrome-for-testing' | 'chrome' | 'edge'} BrowserKind
 * @typedef {{path: string, kind: BrowserKind}} FoundBrowser
 * @typedef {object} Machine
 * @property {Record<string, string | undefined>} [env]
 * @property {string} [platform]
 * @property {string} [home]
 * @property {(path: string) => boolean} [exists]
 */

/**
 * The browsers of this machine, best first: what the environment names, then Chromium and Chrome for Testing, then
 * branded Chrome and Edge, which have ignored `--load-extension` since version 137.
 * @param {Machine} [machine]
 * @returns {FoundBrowser[]}
 */
export function browsersOf({
  env = process.env,
  platform = process.platform,
  home = homedir(),
  exists = existsSync,
} = {}) {
  const named = ENV_NAMES.flatMap((name) => (env[name] ? [env[name]] : []));
  const usual = platform === 'darwin' ? macPaths(home) : platform === 'win32' ? windowsPaths(env) : linuxPaths(env);
  const unbranded = usual.filter((path) => kindOf(path) === 'chromium');
  const branded = usual.filter((path) => kindOf(path) !== 'chromium');
  const all = [...named, ...unbranded, ...puppeteerPaths(env, home), ...branded];
  return [...new Set(all)].filter((path) => exists(path)).map((path) => ({ path, kind: kindOf(path) }));
}

/**
 * What kind of browser a path is, by its name: running it to ask would open a window on some systems.
 * @param {string} path
 * @returns {BrowserKind}
 */
export function kindOf(path) {
  if (/chrome-(?:linux|mac|win)[^/\\]*[/\\]|for testing/i.test(path)) return 'chrome-for-testing';
  if (/edge/i.test(path)) return 'edge';
  if (/chromium/i.test(path)) return 'chromium';
  return 'chrome';
}

/**
 * @typedef {{path: string, version: number}} FoundFirefox
 * @typedef {Machine & {versionOf?: (path: string) => number}} FirefoxMachine
 */

/**
 * The Firefoxes of this machine with their major versions, best first: what the environment names, then ESR, then others.
 * Of a version that cannot be read it says 0.
 * @param {FirefoxMachine} [machine]
 * @returns {FoundFirefox[]}
 */
export function firefoxesOf({
  env = process.env,
  platform = process.platform,
  home = homedir(),
  exists = existsSync,
  versionOf = firefoxVersionOf,
} = {}) {
  const named = env.OFFHOOK_FIREFOX ? [env.OFFHOOK_FIREFOX] : [];
  const all = [...named, ...firefoxPaths({ env, platform, home })];
  return [...new Set(all)].filter((path) => exists(path)).map((path) => ({ path, version: versionOf(path) }));
}

/**
 * Whether tests may not be skipped for want of a Firefox: in CI, where it was asked for, and where one can be installed.
 * @returns {boolean}
 */
export function isFirefoxRequired() {
  return Boolean(process.env.CI || process.env.OFFHOOK_REQUIRE_FIREFOX) || isDebianRoot();
}

/**
 * Whether `apt-get install` brings a browser that tests can use.
 * @returns {boolean}
 */
export function isDebianRoot() {
  try {
    // Ubuntu's browsers are snaps, which neither containers nor temporary profiles can use.
    return process.getuid?.() === 0 && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false; // no such file: not Debian
  }
}

function firefoxPaths({ env, platform, home }) {
  if (platform === 'darwin') {
    const folders = ['/Applications', join(home, 'Applications')];
    return folders.map((folder) => `${folder}/Firefox.app/Contents/MacOS/firefox`);
  }
  if (platform === 'win32') {
    const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter(Boolean);
    return folders.map((folder) => `${folder}\\Mozilla Firefox\\firefox.exe`);
  }
  const folders = [...new Set([...(env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/bin', '/usr/local/bin'])];
  return ['firefox-esr', 'firefox'].flatMap((name) => folders.map((folder) => join(folder, name)));
}

// Every Firefox carries its version in a file beside it. One in a snap does not, nor could it use temporary profiles.
function firefoxVersionOf(path) {
  const folder = dirname(realpathSync(path));
  for (const file of [join(folder, 'application.ini'), join(folder, '..', 'Resources', 'application.ini')]) {
    try {
      return Number(/^Version=(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
    } catch {
      // Not there: the next place, or unknown.
    }
  }
  return 0;
}

function linuxPaths(env) {
  const folders = [...(env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
  return names.flatMap((name) => [...new Set(folders)].map((folder) => join(folder, name)));
}

function macPaths(home) {
  const apps = ['Chromium', 'Google Chrome for Testing', 'Google Chrome', 'Microsoft Edge'];
  return apps.flatMap((app) =>
    ['/Applications', join(home, 'Applications')].map((folder) => `${folder}/${app}.app/Contents/MacOS/${app}`),
  );
}

function windowsPaths(env) {
  const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter(Boolean);
  const programs = ['Chromium\\Application\\chrome.exe', 'Google\\Chrome\\Application\\chrome.exe'];
  return [...programs, 'Microsoft\\Edge\\Application\\msedge.exe'].flatMap((program) =>
    folders.map((folder) => `${folder}\\${program}`),
  );
}

/** Chrome for Testing where `puppeteer browsers install chrome` puts it, newest first. */
function puppeteerPaths(env, home) {
  const cache = join(env.PUPPETEER_CACHE_DIR ?? join(home, '.cache', 'puppeteer'), 'chrome');
  const mac = 'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing';
  return foldersIn(cache)
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .flatMap((version) => [
      join(cache, version, 'chrome-linux64', 'chrome'),
      join(cache, version, 'chrome-mac-arm64', mac),
      join(cache, version, 'chrome-mac-x64', mac),
      join(cache, version, 'chrome-win64', 'chrome.exe'),
    ]);
}

function foldersIn(path) {
  try {
    return readdirSync(path);
  } catch {
    return []; // no cache yet
  }
}
