// Where a Chromium stands on this machine. Plain JavaScript for any Node from 18 on, since setup.mjs asks it before the
// packages (and with them Node 24) are there. It looks at files and environment only: it starts and installs nothing.
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

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
