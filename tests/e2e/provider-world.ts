// A company with an identity provider: a real one on loopback, and a relay that takes its accounts. Ada is `id-1` there.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { type Stage, setStage } from '../../scripts/stage/stage.ts';
import { CLIENT, type SampleProvider, startProvider } from '../relay/oidc-rig.ts';
import { eventually } from './world.ts';

export interface ProviderWorld {
  provider: SampleProvider;
  stage: Stage;
  /** The browsers that are enrolled, the oldest first. */
  devices(): Promise<{ name: string; sessions: number }[]>;
  /** The provider's page, as soon as this browser shows it. */
  page(browser: Browser): Promise<Page>;
  close(): Promise<void>;
}

/** Opens it for extensions with these addresses for answers; `origins` as `extensionOrigins` has them. */
export async function openProviderWorld(given: {
  redirectUris: readonly string[];
  origins: readonly string[];
}): Promise<ProviderWorld> {
  const accounts = { 'id-1': { preferred_username: 'ada', name: 'Ada Sample' } };
  const provider = await startProvider({ accounts, redirectUris: given.redirectUris });
  const dir = mkdtempSync(join(tmpdir(), 'offhook-secret-'));
  const secret = join(dir, 'client-secret');
  writeFileSync(secret, CLIENT.secret, { mode: 0o600 });
  const { issuer } = provider;
  const oidc = { issuer, name: 'Sample ID', clientId: CLIENT.id, clientSecret: `file:${secret}` };
  const stage = await setStage({ relayKeys: { extensionOrigins: given.origins, signIn: { oidc } } });
  return {
    provider,
    stage,
    devices: async () => (await stage.cli('devices')) as { name: string; sessions: number }[], // the list's own shape
    async page(browser) {
      const pages = await eventually(
        'the provider’s page',
        () => browser.pages(),
        (all) => all.some((page) => page.url().startsWith(`${issuer}/interaction`)),
      );
      const found = pages.find((page) => page.url().startsWith(`${issuer}/interaction`));
      if (!found) throw new Error('the page has gone');
      await found.waitForSelector('[name=login]');
      return found;
    },
    async close() {
      await stage.close();
      await provider.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Fills in the provider's form as Ada. */
export async function signInAsAda(page: Page): Promise<void> {
  await page.type('[name=login]', 'id-1');
  await page.type('[name=password]', randomUUID());
  await page.click('button[type=submit]');
}
