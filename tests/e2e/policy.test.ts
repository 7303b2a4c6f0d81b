// Story: the company decides. What its policy says holds from the start, changes while the browser runs, and is shown in
// words where agents cannot change it.
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoCrm, serveDemoCrm } from '../../demo/server.ts';
import { type Agent, startAgent } from '../../scripts/stage/agent.ts';
import { paintedNumbers } from '../../scripts/stage/marks.ts';
import { type Company, describeInCompany, foundCompany } from './company.ts';
import { ANNA, eventually, press, waitForNoText, waitForText } from './world.ts';

const SITE = 'http://127.0.0.1';
// Chromium looks after its policies in its own time.
const LIVE_MS = 30_000;

describeInCompany('policy', () => {
  let crm: DemoCrm;
  let company: Company;
  let agent: Agent;

  beforeAll(async () => {
    crm = await serveDemoCrm({ host: '127.0.0.1', port: 0 });
    company = foundCompany();
    company.setPolicy({
      relay: 'wss://relay.example',
      country: 'CH',
      takesTelLinks: false,
      sites: [
        { site: SITE, state: 'paused' },
        { site: 'https://crm.example', neverColumns: ['Order no.'] },
      ],
      locked: ['relay', 'country', 'sites'],
    });
    agent = await startAgent({ extensionDir: company.extensionDir });
    expect(agent.extensionId).toBe(company.extensionId);
  });
  afterAll(async () => {
    await agent.close();
    company.close();
    await crm.close();
  });

  test('agents read what the company set, change what it left to them, and see a change of its mind at once', async () => {
    const options = await agent.openView('options.html');
    await waitForText(options, 'Set by your company');
    await countryIs(options, { value: 'CH', disabled: true });
    await telLinksAre(options, { checked: false, disabled: false });
    await waitForText(options, "Your company's relay: relay.example");
    await waitForText(options, '127.0.0.1\nPaused · Set by your company');
    await waitForText(options, 'crm.example\nNot allowed yet · Set by your company · 1 exception');

    await options.click('.switch__box');
    await waitForText(options, 'Saved');
    const page = await agent.openPage(`${crm.url}${ANNA.page}`);
    const popup = await agent.openPopup();
    await waitForText(popup, 'Switched off on 127.0.0.1');
    await popup.close();
    expect(await paintedNumbers(page)).toEqual([]);

    company.setPolicy({ country: 'AT', takesTelLinks: false, sites: [{ site: SITE }] });
    await page.bringToFront();
    await eventually(
      'marked numbers',
      () => paintedNumbers(page),
      (all) => all.length > 0,
      LIVE_MS,
    );
    await options.bringToFront();
    await waitForNoText(options, 'Set by your company');
    await countryIs(options, { value: 'AT', disabled: false });
    // What the agent chose meanwhile goes before what the company only suggests.
    await telLinksAre(options, { checked: true, disabled: false });

    await press(options, 'Pause');
    await waitForText(options, 'Resume');
    await eventually(
      'no marked numbers',
      () => paintedNumbers(page),
      (all) => all.length === 0,
      LIVE_MS,
    );
  });
});

const countryIs = (options: Page, expected: object) =>
  stands(options, '(({ value, disabled }) => ({ value, disabled }))(document.querySelector("select"))', expected);

const telLinksAre = (options: Page, expected: object) =>
  stands(
    options,
    '(({ checked, disabled }) => ({ checked, disabled }))(document.querySelector(".switch__box"))',
    expected,
  );

/** Waits until an expression has this value in the page: what the view is drawn from comes in several steps. */
async function stands(page: Page, expression: string, expected: object): Promise<void> {
  const wanted = JSON.stringify(expected);
  await eventually(
    wanted,
    async () => JSON.stringify(await page.evaluate(expression)),
    (value) => value === wanted,
  );
}
