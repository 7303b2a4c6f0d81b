// Story: the company's account instead of a code. Somebody new signs in at the company's own page, in a window of the
// browser; and a browser whose profile was thrown away over night is signed in again before anybody has clicked.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_EXTENSION_ID } from '../../relay/src/extension-ids.ts';
import { type Agent, startAgent } from '../../scripts/stage/agent.ts';
import { DEMO_EXTENSION_DIR } from '../../scripts/stage/fresh-builds.ts';
import { type Company, describeInCompany, foundCompany } from './company.ts';
import { openProviderWorld, type ProviderWorld, signInAsAda } from './provider-world.ts';
import { eventually, press, REMOVAL, waitForText } from './world.ts';

const placesOf = (...ids: string[]) => ({
  redirectUris: ids.map((id) => `https://${id}.chromiumapp.org/`),
  origins: ids.map((id) => `chrome-extension://${id}`),
});

describe('the company’s account', () => {
  let world: ProviderWorld;
  let agent: Agent;

  beforeAll(async () => {
    world = await openProviderWorld(placesOf(DEMO_EXTENSION_ID));
    agent = await startAgent({ extensionDir: DEMO_EXTENSION_DIR });
  });
  afterAll(async () => {
    await agent?.close();
    await world.close();
  });

  test('signs in by the relay’s start page and its button in the popup', async () => {
    const start = await agent.openPage(world.stage.relayUrl);
    await waitForText(start, 'you sign in with Sample ID');
    const popup = await agent.openPopup();
    await press(popup, 'Connect to this relay');
    await signInAsAda(await world.page(agent.browser));
    await eventually('one device', world.devices, (all) => all.length === 1 && all[0]?.sessions === 1);
    const options = await agent.openView('options.html');
    await waitForText(options, 'Ada Sample');
  });
});

describeInCompany('the company’s account, by policy', () => {
  let company: Company;
  let world: ProviderWorld;
  let agent: Agent;
  let profileDir: string;

  beforeAll(async () => {
    company = foundCompany();
    world = await openProviderWorld(placesOf(company.extensionId));
    company.setPolicy({ relay: world.stage.relayUrl, signIn: 'oidc', locked: ['relay'] });
    profileDir = mkdtempSync(join(tmpdir(), 'offhook-profile-'));
    agent = await startAgent({ extensionDir: company.extensionDir, profileDir });
  });
  afterAll(async () => {
    await agent?.close();
    await world.close();
    company.close();
    rmSync(profileDir, REMOVAL);
  });

  test('signs in by one click and the company’s own page, and the next morning by none', async () => {
    // Nobody is signed in at the provider: the silent way asks for a click, without a word of error.
    const options = await agent.openView('options.html');
    await waitForText(options, 'Sign in with Sample ID');
    expect(await options.evaluate('document.querySelector("[role=alert]")?.textContent ?? ""')).toBe('');
    await press(options, 'Sign in with Sample ID');
    const page = await world.page(agent.browser);
    await waitForText(options, 'Go on in the window of Sample ID');
    await signInAsAda(page);
    await waitForText(options, 'Ada Sample');
    await eventually('one device', world.devices, (all) => all.length === 1 && all[0]?.sessions === 1);

    // Over night the profile is thrown away; who is signed in at the company stays so.
    await forgetProfile();
    agent = await startAgent({ extensionDir: company.extensionDir, profileDir });
    const isFresh = (all: { sessions: number }[]) => all.length === 2 && all[1]?.sessions === 1;
    await eventually('a fresh device', world.devices, isFresh, 60_000);
    await waitForText(await agent.openView('options.html'), 'Ada Sample');
  });

  async function forgetProfile(): Promise<void> {
    await agent.inWorker('Promise.all([chrome.storage.local.clear(), chrome.storage.session.clear()])');
    await agent.close();
    // The key; while the browser runs its database is in use, and not removed before it is closed.
    const databases = join(profileDir, 'Default', 'IndexedDB');
    const own = readdirSync(databases).filter((name) => name.startsWith(`chrome-extension_${company.extensionId}`));
    expect(own).not.toEqual([]);
    for (const name of own) rmSync(join(databases, name), REMOVAL);
  }
});
