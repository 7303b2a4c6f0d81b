// Story: the company decides, in Firefox, which asks for a policy where there may be none, and keeps it for as long as it
// runs. The policy lies where Firefox looks for it in the home of whoever starts it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { type FirefoxAgent, startFirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { FIREFOX_EXTENSION_DIR } from '../../scripts/stage/fresh-builds.ts';
import { eventually, press, REMOVAL, waitForText } from '../e2e/world.ts';
import { describeInFirefox } from './world.ts';

const ADDON_ID = 'offhook@offhook.example';

describeInFirefox('policy', () => {
  let home: string;
  let agent: FirefoxAgent;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'offhook-home-'));
    const folder = join(home, '.mozilla', 'managed-storage');
    mkdirSync(folder, { recursive: true });
    const data = {
      country: 'CH',
      opensContact: 'answer',
      sites: [{ site: 'http://127.0.0.1', state: 'paused' }],
      locked: ['country'],
    };
    const manifest = { name: ADDON_ID, description: 'Offhook of a sample company', type: 'storage', data };
    writeFileSync(join(folder, `${ADDON_ID}.json`), JSON.stringify(manifest));
    agent = await startFirefoxAgent({ extensionDir: FIREFOX_EXTENSION_DIR, env: { HOME: home } });
  });
  afterAll(async () => {
    await agent?.close();
    rmSync(home, REMOVAL);
  });

  test('what the company set is shown and locked, what it suggests is changed by the agent', async () => {
    const options = await agent.openView('options.html');
    await waitForText(options, 'Set by your company');
    const chosen = '[...document.querySelectorAll("select")].map(({ value, disabled }) => value + " " + disabled)';
    const wanted = ['CH true', 'answer false', 'as-all false', 'never false'];
    const isWhole = (all: unknown) => JSON.stringify(all) === JSON.stringify(wanted);
    // Each section is there when it has read what it shows.
    await eventually('the choices', () => options.evaluate(chosen), isWhole);
    await eventually(
      'the site',
      () => options.evaluate('document.querySelector(".site-item")?.innerText ?? ""'),
      (text) => /127\.0\.0\.1\s+Paused · Suggested by your company/.test(String(text)),
    );
    await press(options, 'Resume');
    await waitForText(options, 'In use · Suggested by your company');
  });
});
