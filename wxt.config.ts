// How the extension is built. The demo build differs from the store build in loopback hosts and a fixed key alone;
// tests/repo compares the built manifests' permissions with an exact list.
import preact from '@preact/preset-vite';
import type { InlineConfig } from 'vite';
import { defineConfig, type UserManifest } from 'wxt';
import { PHONE_LINK_PAGE } from './lib/phone-link-door.ts';
import { PHONE_LINK_SCHEMES } from './lib/phone-link-scheme.ts';
import { asciiChunks } from './scripts/ascii-chunks.ts';

// The public half of a key pair whose private half does not exist: it only gives the demo build its id
// (relay/src/extension-ids.ts), so that a relay accepts it without configuration.
const DEMO_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhqwEFk3vWpkXN78UoSrkhxkwslJLZ32APBejsM8zAUu18/ULov4KMnahuMhTNr0q6WIj1gbtuSpQWagcCeXDgKjrvLyDVxszPzY2qbschqkjyKYDEsPFSvs/vd7IJWKuQKU64jWmfbjPQNgpTivQYX/doshKqxkp7h4wp0O/dDddtO4iUyVv6CaYRX3X1oCt3PH4Axc5RvKSepnY3Kk5aEknlAEqOIJlYLnayVO64SeLPFN65DPblFa33VTDFVPo2f8x6M+9IcDMCI7WsHMKj2tYTz26uBU/byAJ48rBkk1tKlaj7dHlBBxI3osbCdbBZMsDojpXTmFKgorFvN4NIQIDAQAB';

const DEMO_HOSTS: UserManifest = { host_permissions: ['http://127.0.0.1/*', 'http://localhost/*'] };

// Four are all that Chromium lets an extension suggest; agents assign others in the browser's own settings. Alt+Shift with a
// letter is used by neither browser for these: H for the hook of a phone, O, N, D and L as in their descriptions.
const COMMANDS = {
  'answer-or-drop': command('H', 'command_answer_or_drop'),
  'open-contact': command('O', 'command_open_contact'),
  'next-number': command('N', 'command_next_number'),
  'dial-selection': command('D', 'command_dial_selection'),
} satisfies UserManifest['commands'];
const LIST_NUMBERS = command('L', 'command_list_numbers');

// Firefox offers us for these by the manifest, Chromium when the agent asks for it (lib/phone-link-scheme.ts). WXT's types
// do not know the key.
const PHONE_LINKS = {
  protocol_handlers: PHONE_LINK_SCHEMES.map((protocol) => ({
    protocol,
    name: 'Offhook',
    uriTemplate: `${PHONE_LINK_PAGE}?link=%s`,
  })),
} as UserManifest;

function command(letter: string, key: string) {
  return { suggested_key: { default: `Alt+Shift+${letter}` }, description: `__MSG_${key}__` };
}

// Every file that a view loads is a round trip through the browser's main process before anything is painted: all that
// views and worker share is one file. Nothing in it may touch the document when it is loaded, since the worker has none.
function groupChunks(entrypoints: readonly { type: string }[], config: InlineConfig): void {
  const output = config.build?.rollupOptions?.output;
  if (!entrypoints.some(({ type }) => type === 'popup') || output === undefined || Array.isArray(output)) return;
  output.codeSplitting = { groups: [{ name: 'views', test: /./, minShareCount: 2 }] };
}

export default defineConfig({
  imports: false,
  manifestVersion: 3,
  vite: () => ({ plugins: [preact(), asciiChunks()], build: { sourcemap: false, modulePreload: { polyfill: false } } }),
  hooks: { 'vite:build:extendConfig': groupChunks },
  zip: { excludeSources: ['.output/**', 'tests/**'] },
  manifest: ({ browser, mode }) => ({
    name: '__MSG_extName__',
    description: '__MSG_extDescription__',
    default_locale: 'en',
    permissions: [
      // identity: the company's sign-in page, in a window whose answer no page can read. Asked for from the start, since a
      // browser whose profile is new every morning signs in without a click, and optional ones need one. It shows no
      // warning, and Firefox cannot grant it later.
      ...['activeTab', 'alarms', 'contextMenus', 'identity', 'idle', 'notifications', 'scripting', 'storage'],
      // Firefox has a sidebar instead, which needs no permission, and rings in its event page.
      ...(browser === 'firefox' ? [] : ['offscreen', 'sidePanel']),
    ],
    commands: {
      ...COMMANDS,
      'list-numbers': browser === 'firefox' ? LIST_NUMBERS : { description: LIST_NUMBERS.description },
    },
    optional_host_permissions: ['*://*/*'],
    // Without it Firefox upgrades ws:// to wss:// and a relay on the same machine is never reached.
    content_security_policy: { extension_pages: "script-src 'self'" },
    icons: { 16: 'icon/16.png', 32: 'icon/32.png', 48: 'icon/48.png', 128: 'icon/128.png' },
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'offhook@offhook.example',
              strict_min_version: '153.0',
              data_collection_permissions: { required: ['none'] },
            },
          },
          ...PHONE_LINKS,
        }
      : // Firefox takes its policies without a schema.
        { minimum_chrome_version: '140', storage: { managed_schema: 'managed-schema.json' } }),
    ...(mode === 'demo' && DEMO_HOSTS),
    // Firefox does not know it.
    ...(mode === 'demo' && browser !== 'firefox' && { key: DEMO_KEY }),
  }),
});
