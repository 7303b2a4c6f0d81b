// The commands that everybody starts with: the last line of `npm test` tells the truth, set-up does nothing when there
// is nothing to do, and the right browser is chosen.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { browsersOf, firefoxesOf, kindOf } from '../../scripts/find-browser.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the last line of npm test', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'offhook-runner-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs scripts/test.ts over sample files in a folder of their own. */
  function runOn(files: Record<string, string>, ...args: string[]) {
    for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
    const options = ['scripts/test.ts', `--root=${folder}`, '--globals', 'sample', ...args];
    const run = spawnSync(process.execPath, options, { cwd: root, encoding: 'utf8' });
    return { code: run.status, last: run.stdout.trimEnd().split('\n').at(-1), output: run.stdout };
  }

  const good = "test('good', () => {});";

  test('counts what passed and ends well', () => {
    const { code, last } = runOn({ 'sample.test.ts': good, 'sample-2.test.ts': good });
    expect({ code, last }).toEqual({ code: 0, last: '2 passed, 0 failed' });
  });

  test('counts what failed and ends badly', () => {
    const { code, last } = runOn({ 'sample.test.ts': `${good} test('bad', () => { expect(1).toBe(2); });` });
    expect({ code, last }).toEqual({ code: 1, last: '1 passed, 1 failed' });
  });

  test('counts a file that cannot be loaded as a failure', () => {
    const { code, last } = runOn({ 'sample.test.ts': good, 'sample-2.test.ts': "import './missing.ts';" });
    expect({ code, last }).toEqual({ code: 1, last: '1 passed, 1 failed' });
  });

  test('counts an error outside the tests as a failure', () => {
    const { code, last } = runOn({ 'sample.test.ts': `Promise.reject(new Error('lost')); ${good}` });
    expect({ code, last }).toEqual({ code: 1, last: '1 passed, 1 failed' });
  });

  test('says what was skipped', () => {
    const { code, last, output } = runOn({ 'sample.test.ts': `${good} test.skip('later', () => {});` });
    expect({ code, last }).toEqual({ code: 0, last: '1 passed, 0 failed' });
    expect(output).toContain('\n1 skipped\n');
  });

  test('ends badly when no test ran', () => {
    const { code, last } = runOn({});
    expect({ code, last }).toEqual({ code: 1, last: '0 passed, 0 failed' });
  });

  test('names the seed, and takes one', () => {
    const { output } = runOn({ 'sample.test.ts': good }, '--seed', '4711');
    expect(output).toContain('npm test -- --seed 4711');
    expect(output).toMatch(/seed "4711"/);
  });
});

describe('set-up', () => {
  test('says and does nothing when all is there', () => {
    const run = spawnSync('node', ['scripts/setup.mjs', 'test'], { cwd: root, encoding: 'utf8' });
    expect(run).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });
});

describe('the browser', () => {
  const home = '/home/sample';
  const found = (platform: string, env: Record<string, string>, ...present: string[]) =>
    browsersOf({ platform, env, home, exists: (path) => present.includes(path) });

  test('is the one that the environment names, before any other', () => {
    const env = { OFFHOOK_CHROMIUM: '/opt/own/chromium', PATH: '/usr/bin' };
    expect(found('linux', env, '/usr/bin/chromium', '/opt/own/chromium')[0]).toEqual({
      path: '/opt/own/chromium',
      kind: 'chromium',
    });
  });

  test('is Chromium before branded Chrome, which ignores --load-extension', () => {
    const kinds = found('linux', { PATH: '/usr/bin' }, '/usr/bin/google-chrome', '/usr/bin/chromium');
    expect(kinds.map(({ kind }) => kind)).toEqual(['chromium', 'chrome']);
  });

  test('is nothing where there is none', () => {
    expect(found('linux', { PATH: '/usr/bin' })).toEqual([]);
  });

  test('is found on macOS and Windows', () => {
    const mac = '/Applications/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing';
    expect(found('darwin', {}, mac)).toEqual([{ path: mac, kind: 'chrome-for-testing' }]);
    const windows = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe';
    expect(found('win32', { ProgramFiles: 'C:\\Program Files' }, windows)).toEqual([{ path: windows, kind: 'chrome' }]);
  });

  test.each([
    ['/usr/bin/chromium-browser', 'chromium'],
    ['/home/sample/.cache/puppeteer/chrome/linux-156.0.8078.79/chrome-linux64/chrome', 'chrome-for-testing'],
    ['/usr/bin/google-chrome-stable', 'chrome'],
    ['/usr/bin/microsoft-edge', 'edge'],
  ])('%s is %s', (path, kind) => {
    expect(kindOf(path)).toBe(kind);
  });
});

describe('Firefox', () => {
  const found = (platform: string, env: Record<string, string>, versions: Record<string, number>) =>
    firefoxesOf({
      platform,
      env,
      home: '/home/sample',
      exists: (path) => Object.hasOwn(versions, path),
      versionOf: (path) => versions[path] ?? 0,
    });

  test('is the one that the environment names, then ESR, each with its version', () => {
    const env = { OFFHOOK_FIREFOX: '/opt/own/firefox', PATH: '/usr/bin' };
    const versions = { '/usr/bin/firefox': 160, '/usr/bin/firefox-esr': 153, '/opt/own/firefox': 154 };
    expect(found('linux', env, versions)).toEqual([
      { path: '/opt/own/firefox', version: 154 },
      { path: '/usr/bin/firefox-esr', version: 153 },
      { path: '/usr/bin/firefox', version: 160 },
    ]);
  });

  test('is found on macOS and Windows', () => {
    const mac = '/Applications/Firefox.app/Contents/MacOS/firefox';
    expect(found('darwin', {}, { [mac]: 153 })).toEqual([{ path: mac, version: 153 }]);
    const windows = 'C:\\Program Files\\Mozilla Firefox\\firefox.exe';
    expect(found('win32', { ProgramFiles: 'C:\\Program Files' }, { [windows]: 153 })).toEqual([
      { path: windows, version: 153 },
    ]);
  });

  test('tells its version without being started, and says 0 where it does not', () => {
    const folder = mkdtempSync(join(tmpdir(), 'offhook-firefox-'));
    const path = join(folder, 'firefox');
    writeFileSync(path, '');
    const only = () =>
      firefoxesOf({ platform: 'linux', env: { OFFHOOK_FIREFOX: path }, exists: (one) => one === path });
    expect(only()).toEqual([{ path, version: 0 }]);
    writeFileSync(join(folder, 'application.ini'), '[App]\nName=Firefox\nVersion=153.7.0\n\n[Gecko]\nMinVersion=1.0\n');
    expect(only()).toEqual([{ path, version: 153 }]);
    rmSync(folder, { recursive: true });
  });
});
