// What the options page shows of this browser.
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Browser } from 'webextension-polyfill';
import { notificationPermission, openShortcutSettings, optionFacts } from '#lib/option-facts.ts';
import { saveConnection } from '#lib/settings.ts';
import { createFakeStorage } from '../fakes/storage.ts';

afterEach(() => vi.unstubAllGlobals());

test('names relay, agent, sites and keys; the browser’s own command is left out', async () => {
  const local = createFakeStorage();
  await saveConnection(local, { origin: 'wss://relay.example', device: 'd', userName: 'Mia Sample' });
  const browser = {
    storage: { local },
    permissions: { getAll: async () => ({ origins: ['https://crm.example/*'] }) },
    runtime: { getManifest: () => ({}) },
    commands: {
      getAll: async () => [
        { name: '_execute_action', description: '', shortcut: '' },
        { name: 'next-number', description: 'Next number', shortcut: 'Alt+Shift+N' },
        { name: 'open-contact', description: 'Open the contact' },
      ],
    },
  };
  // The parts of a browser that are looked at.
  expect(await optionFacts(browser as unknown as Browser)).toMatchObject({
    connection: { relay: 'relay.example', userName: 'Mia Sample' },
    sites: [{ site: 'https://crm.example', label: 'crm.example', status: 'on', access: 'agent' }],
    shortcuts: [
      { name: 'next-number', description: 'Next number', shortcut: 'Alt+Shift+N' },
      { name: 'open-contact', description: 'Open the contact', shortcut: '' },
    ],
  });
});

test('the page for keys is Firefox’s own where there is one, else Chromium’s', async () => {
  const calls: unknown[] = [];
  const tabs = { create: async (tab: object) => calls.push(tab) };
  const firefox = { tabs, commands: { openShortcutSettings: async () => calls.push('firefox') } };
  await openShortcutSettings(firefox as unknown as Browser); // the parts that are used
  await openShortcutSettings({ tabs, commands: {} } as unknown as Browser); // the parts that are used
  expect(calls).toEqual(['firefox', { url: 'chrome://extensions/shortcuts' }]);
});

describe('notifications', () => {
  test.each([
    ['granted', { getPermissionLevel: async () => 'granted' }],
    ['denied', { getPermissionLevel: async () => 'denied' }],
    ['granted', {}],
  ])('are %s', async (expected, notifications) => {
    vi.stubGlobal('chrome', { notifications });
    expect(await notificationPermission()).toBe(expected);
  });
});
