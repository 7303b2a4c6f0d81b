// Gets a fresh clone ready for `npm start`, `npm test` and `npm run bench`: packages (with Node 24 among them) and a
// Chromium; for the tests a Firefox, too. Plain JavaScript for any Node from 18 on. It must cost next to nothing when all
// is there, must never ask anything, and must never reinstall packages that are up to date.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browsersOf, FIREFOX_MIN_VERSION, firefoxesOf, isDebianRoot, isFirefoxRequired } from './find-browser.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const isWindows = process.platform === 'win32';
const node24 = join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');
const PACKAGES_TIMEOUT_MS = 10 * 60_000;
const BROWSER_TIMEOUT_MS = 10 * 60_000;
// What single tests talk to: directories, a database, SIP phones, a desktop that shows notifications, and what a real
// Asterisk is made with. A test without its server says that it was skipped, and why.
const SERVERS = [
  ['slapd', '/usr/sbin/slapd'],
  ['ldap-utils', '/usr/bin/ldapsearch'],
  ['radicale', '/usr/bin/radicale'],
  ['postgresql', '/usr/lib/postgresql'],
  ['netcat-openbsd', '/bin/nc'],
  ['curl', '/usr/bin/curl'],
  ['mmdebstrap', '/usr/bin/mmdebstrap'],
  ['baresip-core', '/usr/bin/baresip'],
  ['xvfb', '/usr/bin/Xvfb'],
  ['dunst', '/usr/bin/dunst'],
  ['dbus-daemon', '/usr/bin/dbus-daemon'],
  ['imagemagick', '/usr/bin/import'],
];
const POLICY = '/usr/sbin/policy-rc.d';

/** A failure whose message is all that the reader needs: what went wrong and what to do. */
class SetupError extends Error {}

try {
  await preparePackages();
  checkNode();
  await prepareBrowser();
  if (process.argv[2] === 'test') {
    await prepareFirefox();
    await prepareServers();
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`\nset-up failed: ${error.message}`);
  process.exit(1);
}

async function preparePackages() {
  if (arePackagesCurrent()) return;
  await step('installing packages (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    timeoutMs: PACKAGES_TIMEOUT_MS,
    remedy: 'check the network and the npm registry, then run the same command again',
  });
}

/** Whether node_modules holds just what the lock file says; npm writes its own lock there as the last thing it does. */
function arePackagesCurrent() {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    // Neither the root and the workspaces themselves, nor packages for other operating systems, are in npm's own lock.
    if (!path.includes('node_modules/') || (entry.optional && !present[path])) return true;
    return present[path]?.version === entry.version && present[path]?.integrity === entry.integrity;
  });
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined; // missing, or cut short by an interrupted installation
  }
}

// Existence is enough: its version is the lock file's, and starting it would double the time of a set-up with nothing to do.
function checkNode() {
  if (existsSync(node24)) return;
  throw new SetupError(
    'Node 24 is not in node_modules: its install script did not run, as after `npm ci --ignore-scripts`.\n' +
      'Run:  npm rebuild node --ignore-scripts=false',
  );
}

async function prepareBrowser() {
  const [best] = browsersOf();
  if (best?.kind === 'chromium' || best?.kind === 'chrome-for-testing') return;
  if (best) {
    say(`using ${best.path}: it lacks --load-extension, so the tests that need the flag are skipped`);
    say('  (set OFFHOOK_CHROMIUM to a Chromium or a Chrome for Testing to run them)');
    return;
  }
  await installBrowser();
  if (browsersOf().length === 0) throw new SetupError(`no browser was found after installing one.\n${browserRemedy()}`);
}

async function installBrowser() {
  const options = { timeoutMs: BROWSER_TIMEOUT_MS, remedy: browserRemedy() };
  if (isDebianRoot()) {
    await installByApt('Chromium', ['chromium', 'fonts-dejavu-core', 'fonts-noto-core'], options);
    return;
  }
  const isRoot = process.getuid?.() === 0;
  const args = ['browsers', 'install', 'chrome', ...(isRoot && !isWindows ? ['--install-deps'] : [])];
  await step(
    'installing Chrome for Testing (puppeteer)',
    join(bin, isWindows ? 'puppeteer.cmd' : 'puppeteer'),
    args,
    options,
  );
}

async function prepareFirefox() {
  const isThere = () => firefoxesOf().some(({ version }) => version >= FIREFOX_MIN_VERSION);
  if (isThere()) return;
  const remedy =
    `Install Firefox ${FIREFOX_MIN_VERSION} or newer (Debian: \`apt-get install firefox-esr\`),\n` +
    'or set OFFHOOK_FIREFOX to the path of one.';
  if (isDebianRoot()) await installByApt('Firefox', ['firefox-esr'], { timeoutMs: BROWSER_TIMEOUT_MS, remedy });
  if (isThere()) return;
  if (isFirefoxRequired()) throw new SetupError(`no Firefox ${FIREFOX_MIN_VERSION} was found.\n${remedy}`);
  say(`no Firefox ${FIREFOX_MIN_VERSION} was found: the tests that need one are skipped`);
  say('  (set OFFHOOK_FIREFOX to the path of one to run them)');
}

async function prepareServers() {
  if (!isDebianRoot()) return;
  const missing = SERVERS.filter(([, path]) => !existsSync(path)).map(([name]) => name);
  if (missing.length > 0) await installServers(missing);
  await prepareAsterisk();
}

async function installServers(missing) {
  // They are started by the tests alone, on loopback: Debian would start them at once, on every address.
  const isOurs = !existsSync(POLICY);
  if (isOurs) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const remedy = 'The tests that need them are skipped.';
    await installByApt('servers for tests', missing, { timeoutMs: BROWSER_TIMEOUT_MS, remedy });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
  } finally {
    if (isOurs) rmSync(POLICY, { force: true });
  }
}

// A real Asterisk, in a folder of its own outside the checkout; made once. Without it the first test that needs it says why.
async function prepareAsterisk() {
  if (existsSync(join(homedir(), '.cache', 'offhook', 'asterisk', 'root')) || !existsSync('/usr/bin/mmdebstrap'))
    return;
  const remedy = 'The tests that need it are skipped.';
  const args = [join('scripts', 'asterisk.ts'), '--prepare'];
  await step('fetching an Asterisk', node24, args, { timeoutMs: BROWSER_TIMEOUT_MS, remedy }).catch((error) => {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
  });
}

async function installByApt(title, names, options) {
  // Stale lists name packages that are gone; a failed update shows in the installation that follows.
  await step('reading package lists (apt-get update)', 'apt-get', ['-qq', 'update'], options).catch((error) => {
    say(error.message.split('\n', 1)[0]);
  });
  const args = ['-qq', '-y', '--no-install-recommends', 'install', ...names];
  await step(`installing ${title} (apt-get install ${names[0]})`, 'apt-get', args, options);
}

function browserRemedy() {
  return (
    'Install Chromium (Debian: `apt-get install chromium`; elsewhere: `npx puppeteer browsers install chrome`),\n' +
    'or set OFFHOOK_CHROMIUM to the path of a Chromium or Chrome for Testing.'
  );
}

/** Runs one command quietly; says its name before and its time after; on failure shows what the command said. */
function step(title, command, args, { timeoutMs, remedy }) {
  const startedAt = Date.now();
  say(`${title} …`);
  return new Promise((resolve, reject) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', PATH: `${bin}${delimiter}${process.env.PATH}` };
    const stdio = ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd: root, env, stdio, shell: isWindows, timeout: timeoutMs });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('error', (error) => reject(new SetupError(`${command}: ${error.message}\n${remedy}`)));
    child.on('close', (code, signal) => {
      const seconds = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
      if (code === 0) return resolve(say(`${title}: done in ${seconds}`));
      const how = signal ? `was ended (${signal})` : `ended with code ${code}`;
      reject(new SetupError(`${command} ${how} after ${seconds}. It said:\n${shortened(output)}\n\n${remedy}`));
    });
  });
}

// npm says what is wrong first and apt-get says it last; what stands between is usage or progress.
function shortened(output) {
  const lines = output.trimEnd().split('\n');
  return (lines.length <= 20 ? lines : [...lines.slice(0, 10), '  …', ...lines.slice(-8)]).join('\n');
}

// On standard error: what `npm run bench -- --json` prints on standard output is read by programs.
function say(text) {
  console.error(`set-up: ${text}`);
}
