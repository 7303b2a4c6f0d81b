// Story: a site is allowed, paused, ruled, exported and removed, in the store's build, which may read nothing at first.
// A headless browser cannot show its question, so the profile is prepared: the answer is yes, the click is real.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoCrm, serveDemoCrm } from '../../demo/server.ts';
import { findBrowser, takesLoadExtension } from '../../scripts/browser.ts';
import { type Agent, startAgent } from '../../scripts/stage/agent.ts';
import { STORE_DIR } from '../../scripts/stage/fresh-builds.ts';
import { paintedNumbers } from '../../scripts/stage/marks.ts';
import { type Company, foundCompany } from './company.ts';
import { ANNA, eventually, press, REMOVAL, waitForText } from './world.ts';

const SITE = 'http://127.0.0.1';
// The store build has no permission of its own to start with, and a Chrome that refuses the flag cannot be given it here;
// Chromium, which the set-up installs, takes the flag, so that nothing is left out in CI.
const describeWithFlag = takesLoadExtension(findBrowser()) ? describe : describe.skip;

describeWithFlag('sites', () => {
  let crm: DemoCrm;
  let company: Company;
  let profileDir: string;
  let agent: Agent;

  beforeAll(async () => {
    crm = await serveDemoCrm({ host: '127.0.0.1', port: 0 });
    company = foundCompany(STORE_DIR);
    profileDir = mkdtempSync(join(tmpdir(), 'offhook-profile-'));
    const first = await startAgent({ extensionDir: company.extensionDir, profileDir });
    await first.close();
    sayYes(profileDir, company.extensionId);
    agent = await startAgent({ extensionDir: company.extensionDir, profileDir });
    // The first page takes the front whenever it comes, and what is not in front is not painted.
    const welcome = await agent.browser.waitForTarget((target) => target.url().endsWith('options.html#welcome'));
    await (await welcome.page())?.close();
  });
  afterAll(async () => {
    await agent.close();
    company.close();
    rmSync(profileDir, REMOVAL);
    await crm.close();
  });

  const origins = async () => ((await agent.inWorker('chrome.permissions.getAll()')) as { origins: string[] }).origins; // chrome's own shape
  const marked = (page: Page, count: 'some' | 'none') =>
    eventually(
      `${count} marked numbers`,
      () => paintedNumbers(page),
      (all) => (all.length === 0) === (count === 'none'),
    );

  async function allowed(): Promise<Page> {
    const options = await agent.openView('options.html');
    await options.waitForSelector('.add-site .input');
    await options.type('.add-site .input', SITE);
    await press(options, 'Use on this site');
    await waitForText(options, 'In use');
    return options;
  }

  test('a site is nobody’s until it is allowed, and again when it was removed', async () => {
    expect(await origins()).toEqual([]);
    const page = await agent.openPage(`${crm.url}${ANNA.page}`);
    expect(await paintedNumbers(page)).toEqual([]);

    const options = await allowed();
    expect(await origins()).toEqual([`${SITE}/*`]);
    await page.bringToFront();
    await marked(page, 'some');

    await press(options, 'Pause');
    await waitForText(options, 'Paused');
    await marked(page, 'none');
    expect(await origins()).toEqual([`${SITE}/*`]);
    await press(options, 'Resume');
    await page.bringToFront();
    await marked(page, 'some');

    await press(options, 'Remove');
    await waitForText(options, 'No site yet');
    expect(await origins()).toEqual([]);
    await eventually(
      'no registered script',
      async () => JSON.stringify(await agent.inWorker('chrome.scripting.getRegisteredContentScripts()')),
      (registered) => registered === '[]',
    );
    // Though nobody has come back to it.
    await marked(page, 'none');
  });

  test('rules are read from a file, hold on the page at once, and are taken back', async () => {
    const options = await allowed();
    const page = await agent.openPage(`${crm.url}${ANNA.page}`);
    await marked(page, 'some');

    const path = join(profileDir, 'rules.json');
    const sites = [
      { site: SITE, skip: ['body'] },
      { site: 'https://crm.example', country: 'Switzerland' },
    ];
    writeFileSync(path, JSON.stringify({ offhook: 'site-rules', version: 1, sites }));
    await options.bringToFront();
    const input = await options.waitForSelector('input[type=file]');
    // The selector says what it is.
    await (input as import('puppeteer').ElementHandle<HTMLInputElement>).uploadFile(path);
    await waitForText(options, 'Entry 2 (https://crm.example): “country” is not valid.');
    await press(options, 'Apply 1 rule');
    await waitForText(options, '1 rule applied.');
    await page.bringToFront();
    await marked(page, 'none');
    await press(options, 'Undo');
    await waitForText(options, 'everything is as before');
    await page.bringToFront();
    await marked(page, 'some');
    await press(options, 'Remove');
    await waitForText(options, 'No site yet');
  });
});

// As if the agent had answered the browser's question before: then it is not asked again.
function sayYes(profileDir: string, extensionId: string): void {
  const path = ['Preferences', 'Secure Preferences']
    .map((name) => join(profileDir, 'Default', name))
    .find((one) => existsSync(one) && readFileSync(one, 'utf8').includes(`"${extensionId}":{`));
  if (path === undefined) throw new Error(`no preferences of ${extensionId} in ${profileDir}`);
  const preferences = JSON.parse(readFileSync(path, 'utf8'));
  const own = preferences.extensions.settings[extensionId];
  for (const name of ['granted_permissions', 'runtime_granted_permissions']) {
    own[name] = { api: [], explicit_host: [], manifest_permissions: [], scriptable_host: [], ...own[name] };
    own[name].explicit_host = [...own[name].explicit_host, `${SITE}/*`];
  }
  writeFileSync(path, JSON.stringify(preferences));
}
