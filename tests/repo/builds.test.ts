// What is built asks for exactly the rights that it may ask for, and stays small. Reads what scripts/test.ts built.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { SHORTCUTS } from '#lib/shortcuts.ts';

const output = fileURLToPath(new URL('../../.output/', import.meta.url));
const GATE_MAX_BYTES = 4096;
// identity opens the company's sign-in page, and gives no access to any account.
const FIREFOX_PERMISSIONS = [
  ...['activeTab', 'alarms', 'contextMenus', 'identity', 'idle', 'notifications', 'scripting', 'storage'],
];
// Firefox's sidebar needs no permission, and its event page can ring by itself.
const PERMISSIONS = [...FIREFOX_PERMISSIONS, 'offscreen', 'sidePanel'].toSorted();
const LOOPBACK = ['http://127.0.0.1/*', 'http://localhost/*'];
const BUILDS = ['chrome-mv3', 'chrome-mv3-demo', 'firefox-mv3', 'firefox-mv3-demo'];

/** Everything in a manifest that gives it power over pages, other programs or the browser. */
const POWERS = [
  'permissions',
  'optional_permissions',
  'host_permissions',
  'optional_host_permissions',
  'content_scripts',
  'externally_connectable',
  'web_accessible_resources',
  'devtools_page',
  'chrome_url_overrides',
  'chrome_settings_overrides',
  'declarative_net_request',
  'user_scripts',
  'content_security_policy',
];

describe('rights', () => {
  const store = {
    permissions: PERMISSIONS,
    optional_host_permissions: ['*://*/*'],
    content_security_policy: { extension_pages: "script-src 'self'" },
  };

  test.each([
    ['chrome-mv3', store],
    ['firefox-mv3', { ...store, permissions: FIREFOX_PERMISSIONS }],
    ['chrome-mv3-demo', { ...store, host_permissions: LOOPBACK }],
    ['firefox-mv3-demo', { ...store, permissions: FIREFOX_PERMISSIONS, host_permissions: LOOPBACK }],
  ])('%s asks for these and nothing else', (build, expected) => {
    expect(powersOf(manifestOf(build))).toEqual(expected);
  });

  test('the manifest of the demo build differs in loopback hosts and a fixed key alone', () => {
    const { key, host_permissions, ...rest } = manifestOf('chrome-mv3-demo');
    expect(key).toMatch(/^[A-Za-z0-9+/=]{300,}$/);
    expect(host_permissions).toEqual(LOOPBACK);
    expect(rest).toEqual(manifestOf('chrome-mv3'));
  });

  test('the manifest of the demo build for Firefox, which knows no key, differs in loopback hosts alone', () => {
    const { host_permissions, ...rest } = manifestOf('firefox-mv3-demo');
    expect(host_permissions).toEqual(LOOPBACK);
    expect(rest).toEqual(manifestOf('firefox-mv3'));
  });

  test.each(['chrome-mv3', 'firefox-mv3'])('the demo build runs the very code of %s', (build) => {
    const files = filesOf(build);
    expect(files).toContain('background.js');
    expect(filesOf(`${build}-demo`)).toEqual(files);
    const different = files.filter((name) => !bytesOf(build, name).equals(bytesOf(`${build}-demo`, name)));
    expect(different).toEqual(['manifest.json']);
  });

  test('the browsers that are needed are said', () => {
    expect(manifestOf('chrome-mv3')['minimum_chrome_version']).toBe('140');
    expect(manifestOf('firefox-mv3')).toMatchObject({
      browser_specific_settings: { gecko: { strict_min_version: '153.0' } },
    });
  });

  test('there is a panel beside the page, which does not open by itself at the installation', () => {
    expect(manifestOf('chrome-mv3')).toMatchObject({ side_panel: { default_path: 'sidepanel.html' } });
    expect(manifestOf('firefox-mv3')).toMatchObject({
      sidebar_action: { default_panel: 'sidepanel.html', open_at_install: false },
    });
  });

  test.each([
    // More are not taken by Chromium.
    ...BUILDS.map((build) => [build, build.startsWith('firefox') ? 5 : 4] as const),
  ])('%s has a command for each shortcut, and suggests %i different keys', (build, keys) => {
    const commands = manifestOf(build)['commands'] as Record<string, { suggested_key?: { default: string } }>; // WXT's own
    expect(Object.keys(commands)).toEqual([...SHORTCUTS]);
    const suggested = Object.values(commands).flatMap(({ suggested_key }) => suggested_key?.default ?? []);
    expect([suggested.length, new Set(suggested).size]).toEqual([keys, keys]);
  });

  test('Firefox is told which links are handed over, Chromium has no page that other pages could open', () => {
    const uriTemplate = 'phone-link.html?link=%s';
    expect(manifestOf('firefox-mv3')['protocol_handlers']).toEqual([
      { protocol: 'tel', name: 'Offhook', uriTemplate },
      { protocol: 'sip', name: 'Offhook', uriTemplate },
    ]);
    expect(manifestOf('chrome-mv3')).not.toHaveProperty('protocol_handlers');
    for (const build of BUILDS) expect(manifestOf(build)).not.toHaveProperty('web_accessible_resources');
  });

  test.each(BUILDS)('%s is Manifest V3 and in the agent’s language', (build) => {
    expect(manifestOf(build)).toMatchObject({ manifest_version: 3, name: '__MSG_extName__', default_locale: 'en' });
  });
});

describe('size', () => {
  test.each(BUILDS)(`the gate of %s has at most ${GATE_MAX_BYTES} bytes`, (build) => {
    expect(statSync(`${output}${build}/gate.js`).size).toBeLessThanOrEqual(GATE_MAX_BYTES);
  });

  test.each(BUILDS)('the gate of %s carries no polyfill', (build) => {
    expect(readFileSync(`${output}${build}/gate.js`, 'utf8')).not.toContain('webextension-polyfill');
  });
});

function filesOf(build: string): string[] {
  const entries = readdirSync(`${output}${build}`, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
  return paths.map((path) => path.slice(`${output}${build}/`.length)).toSorted();
}

function bytesOf(build: string, name: string): Buffer {
  return readFileSync(`${output}${build}/${name}`);
}

function manifestOf(build: string): Record<string, unknown> {
  const path = `${output}${build}/manifest.json`;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} cannot be read: \`npm test\` builds it before it runs this test`, { cause });
  }
}

function powersOf(manifest: Record<string, unknown>): Record<string, unknown> {
  const held = Object.entries(manifest).filter(([name]) => POWERS.includes(name));
  return Object.fromEntries(held.map(([name, value]) => [name, name.endsWith('permissions') ? sorted(value) : value]));
}

function sorted(value: unknown): unknown {
  return Array.isArray(value) ? value.toSorted() : value;
}
