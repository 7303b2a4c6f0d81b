// Story, in Firefox: a call is booked in the CRM's own form when it is over, and the journal is saved as a file, from the
// sidebar, without a permission for either.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { ADA, ANNA, eventually, press, REMOVAL, waitForText } from '../e2e/world.ts';
import { readRows } from '../fakes/csv-reader.ts';
import { describeInFirefox, type FirefoxWorld, openFirefoxWorld } from './world.ts';

describeInFirefox('after a call in Firefox', () => {
  let world: FirefoxWorld;
  let agent: FirefoxAgent;
  let downloads = '';

  beforeAll(async () => {
    downloads = mkdtempSync(join(tmpdir(), 'offhook-export-'));
    world = await openFirefoxWorld();
    agent = await world.agent('ada', {
      prefs: {
        'browser.download.dir': downloads,
        'browser.download.folderList': 2,
        'browser.download.useDownloadDir': true,
        'browser.download.always_ask_before_handling_new_types': false,
      },
    });
    await agent.openPage(`${world.crm.url}${ANNA.page}`).then((page) => page.bringToFront());
  });
  afterAll(async () => {
    await world.close();
    rmSync(downloads, REMOVAL);
  });

  async function formPage(): Promise<Page> {
    const isForm = async (page: Page) => (await page.evaluate('location.pathname').catch(() => '')) === '/time/new';
    const ask = async () => {
      for (const page of await agent.browser.pages()) if (await isForm(page)) return page;
      return undefined;
    };
    const page = await eventually('the form', ask, (found) => found !== undefined);
    if (!page) throw new Error('no form');
    return page;
  }

  const inSidebar = (expression: string) => agent.inside('sidebar', expression);
  const clickInSidebar = (selector: string) => {
    const click = `((found) => (found?.click(), found !== null))(view.document.querySelector('${selector}:not([disabled])'))`;
    return eventually(
      `${selector} in the sidebar`,
      () => inSidebar(click),
      (isClicked) => isClicked === true,
    );
  };

  test('time is entered from and to the very moments of the talk, and the call is in the file', async () => {
    await world.stage.desk.callIn({ from: ANNA.reported, to: ADA });
    const caller = await agent.callerWindow();
    await press(caller, 'Answer');
    await waitForText(caller, 'In call');
    await world.stage.desk.farHangsUp(ADA);
    const [entry] = await eventually('the entry', world.stage.journal, ([newest]) => newest?.endedAt !== undefined);
    await press(caller, 'Enter time');
    const form = await formPage();
    await form.waitForSelector('form [name=subject]');
    const query = await form.evaluate(() => Object.fromEntries(new URLSearchParams(location.search)));
    const second = (iso = '') => iso.replace(/\.\d+Z$/, 'Z');
    expect(query).toMatchObject({
      contact: 'c001',
      subject: `Call from ${ANNA.name}`,
      from: second(entry?.answeredAt),
      to: second(entry?.endedAt),
      number: ANNA.e164,
    });

    await agent.openSidebar();
    await clickInSidebar('[data-tab=journal]');
    await clickInSidebar('.journal__head > .button--icon');
    // Firefox keeps the name by an empty file, and writes into one beside it, which it renames in the end.
    const read = () => {
      const [name, ...others] = readdirSync(downloads);
      return name?.endsWith('.csv') && others.length === 0 ? readFileSync(join(downloads, name), 'utf8') : '';
    };
    const [header = [], ...rows] = readRows(await eventually('the file', read, (text) => text !== ''), ',');
    expect(rows.map((row) => row[header.indexOf('Call id')])).toEqual([entry?.entryId]);
  });
});
