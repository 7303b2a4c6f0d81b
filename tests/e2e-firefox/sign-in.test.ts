// Story: the company's account instead of a code, in Firefox, whose address for answers is made of the extension's own id.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firefoxRedirect } from '../../relay/src/oidc-settings.ts';
import { type FirefoxAgent, startFirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { FIREFOX_EXTENSION_DIR } from '../../scripts/stage/fresh-builds.ts';
import { openProviderWorld, type ProviderWorld, signInAsAda } from '../e2e/provider-world.ts';
import { eventually, press, REMOVAL, waitForText } from '../e2e/world.ts';
import { describeInFirefox } from './world.ts';

const FORGET = `(async () => {
  await browser.storage.local.clear();
  await browser.storage.session.clear();
  for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
})()`;
const ADDON_ID = 'offhook@offhook.example';

describeInFirefox('the company’s account', () => {
  let home: string;
  let world: ProviderWorld;
  let agent: FirefoxAgent;

  beforeAll(async () => {
    world = await openProviderWorld({ redirectUris: [firefoxRedirect(ADDON_ID)], origins: [] });
    home = mkdtempSync(join(tmpdir(), 'offhook-home-'));
    const folder = join(home, '.mozilla', 'managed-storage');
    mkdirSync(folder, { recursive: true });
    const data = { relay: world.stage.relayUrl, signIn: 'oidc', locked: ['relay'] };
    const manifest = { name: ADDON_ID, description: 'Offhook of a sample company', type: 'storage', data };
    writeFileSync(join(folder, `${ADDON_ID}.json`), JSON.stringify(manifest));
    agent = await startFirefoxAgent({ extensionDir: FIREFOX_EXTENSION_DIR, env: { HOME: home } });
  });
  afterAll(async () => {
    await agent?.close();
    await world.close();
    rmSync(home, REMOVAL);
  });

  test('signs in by one click and the company’s own page, and when all of it is forgotten by none', async () => {
    const options = await agent.openView('options.html');
    await waitForText(options, 'Sign in with Sample ID');
    expect(await options.evaluate('document.querySelector("[role=alert]")?.textContent ?? ""')).toBe('');
    await press(options, 'Sign in with Sample ID');
    await signInAsAda(await world.page(agent.browser));
    await eventually('one device', world.devices, (all) => all.length === 1 && all[0]?.sessions === 1);
    await waitForText(options, 'Ada Sample');

    await options.evaluate(FORGET);
    await agent.stopWorker();
    const isFresh = (all: { sessions: number }[]) => all.length === 2 && all[1]?.sessions === 1;
    // A first try that comes too early is followed by another one, at the earliest after 30 seconds.
    await eventually('a fresh device', world.devices, isFresh, 120_000);
    await waitForText(options, 'Ada Sample');
  });
});
