// Story: after the call it is booked. The CRM's own forms open beside the page that the agent has there, filled in with what
// the phone system knows; and the journal is saved as a file with just the calls that were looked for.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry } from '@offhook/protocol';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { readRows } from '../fakes/csv-reader.ts';
import { ADA, ANNA, closeCallerWindows, eventually, openWorld, PAUL, press, type World, waitForText } from './world.ts';

describe('after a call', () => {
  let world: World;
  let agent: Agent;
  let crm: Page;
  let panel: Page;

  beforeAll(async () => {
    world = await openWorld();
    agent = await world.agent('ada');
    crm = await agent.openPage(`${world.crm.url}${PAUL.page}`);
  });
  beforeEach(async () => {
    panel = await agent.openView('sidepanel.html');
    await waitForText(panel, 'Line 10');
  });
  afterAll(() => world.close());
  afterEach(async () => {
    await panel.close();
    const { desk } = world.stage;
    while ((await desk.farHangsUp(ADA)) || (await desk.hangUp(ADA)));
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    // The cards of earlier calls stand in it for half a minute.
    await closeCallerWindows(agent);
  });

  /** The tab that an action opens. */
  async function openedBy(action: () => Promise<void>): Promise<Page> {
    const isForm = (url: string) => /\/(?:time|activities)\/new\?/.test(url);
    const before = new Set(agent.browser.targets());
    const opened = agent.browser.waitForTarget((target) => isForm(target.url()) && !before.has(target));
    await action();
    const page = await (await opened).page();
    if (!page) throw new Error('the form is no page');
    await page.waitForSelector('form [name=subject]');
    return page;
  }

  const fieldsOf = (form: Page): Promise<Record<string, string>> =>
    form.$eval('form', (element) =>
      Object.fromEntries([...new FormData(element)].map(([key, value]) => [key, String(value)])),
    );

  /** What a datetime-local field shows for a moment. */
  const shown = (form: Page, iso: string | undefined) =>
    form.evaluate((at) => {
      const date = new Date(at);
      return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
    }, iso ?? '');

  /** A call that is answered in the panel, written about, and over; answers its entry. */
  async function talked(from: string, note: string): Promise<JournalEntry> {
    await world.stage.desk.callIn({ from, to: ADA });
    await press(panel, 'Answer');
    await waitForText(panel, 'In call');
    const field = await panel.waitForSelector('.card--connected textarea');
    await field?.type(note);
    await world.stage.desk.farHangsUp(ADA);
    await waitForText(panel, 'Ended');
    const isWhole = (newest: JournalEntry | undefined) => newest?.note === note && newest.endedAt !== undefined;
    const [entry] = await eventually('the note', world.stage.journal, ([newest]) => isWhole(newest));
    if (!entry) throw new Error('no entry');
    return entry;
  }

  test('time is entered from and to the very moments of the talk, beside the page that is open in the CRM', async () => {
    const entry = await talked(ANNA.reported, 'Wants an offer & a visit');
    const form = await openedBy(() => press(panel, 'Enter time'));
    expect(new URL(form.url()).pathname).toBe('/time/new');
    expect(await fieldsOf(form)).toEqual({
      subject: `Call from ${ANNA.name}`,
      contact: 'c001',
      from: await shown(form, entry.answeredAt),
      to: await shown(form, entry.endedAt),
      note: 'Wants an offer & a visit',
    });
    expect(new URL(crm.url()).pathname).toBe(PAUL.page);
    await waitForText(panel, 'Time form opened');
    await form.click('button[type=submit]');
    await waitForText(form, `Call from ${ANNA.name}: Wants an offer & a visit`);
    expect(new URL(form.url()).pathname).toBe(ANNA.page);
    await form.close();
  });

  test('an activity is entered from the caller window', async () => {
    await crm.bringToFront();
    await world.stage.desk.callIn({ from: PAUL.reported, to: ADA });
    const caller = await agent.callerWindow();
    await press(caller, 'Answer');
    await waitForText(caller, 'In call');
    await world.stage.desk.farHangsUp(ADA);
    await waitForText(caller, 'Ended');
    const form = await openedBy(() => press(caller, 'Enter activity'));
    expect(await fieldsOf(form)).toMatchObject({ subject: `Call from ${PAUL.name}`, contact: 'c002' });
    await form.close();
  });

  test('an older call is booked from its row in the journal', async () => {
    await talked(ANNA.reported, 'Booked later');
    const journal = await agent.openView('journal.html');
    await waitForText(journal, 'Booked later');
    const rows = `.journal-row:has(.journal-row__name[title*="${ANNA.name}"])`;
    const form = await openedBy(async () => {
      await journal.bringToFront();
      await journal.click(`${rows} [aria-label="Enter activity"]`);
    });
    expect(await fieldsOf(form)).toMatchObject({ contact: 'c001', note: 'Booked later' });
    await form.close();
    await journal.close();
  });

  test('the calls that were searched for are saved as a file', async () => {
    await talked(ANNA.reported, 'In the file; too');
    await world.stage.desk.callIn({ from: '03023125999', to: ADA });
    await world.stage.lineUntil(ADA, 'a ringing line', ({ state }) => state === 'ringing');
    await world.stage.desk.farHangsUp(ADA);
    await eventually('the missed call', world.stage.journal, ([newest]) => newest?.outcome === 'missed');
    const folder = mkdtempSync(join(tmpdir(), 'offhook-export-'));
    try {
      const session = await agent.browser.target().createCDPSession();
      await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
      const journal = await agent.openView('journal.html');
      const exported = async () => {
        await press(journal, 'Export as CSV file');
        const [name] = await eventually(
          'the file',
          () => readdirSync(folder),
          // Alone: while it is being written, its parts stand under another name.
          ([file, ...others]) => file?.endsWith('.csv') === true && others.length === 0,
        );
        const [header, ...rows] = readRows(readFileSync(join(folder, name ?? ''), 'utf8'), ',');
        rmSync(join(folder, name ?? ''));
        return {
          name,
          calls: rows.map((row) => Object.fromEntries(row.map((cell, index) => [header?.[index], cell]))),
        };
      };
      await waitForText(journal, 'In the file; too');
      const all = await exported();
      expect(all.name).toMatch(/^offhook-journal-\d{4}-\d\d-\d\d\.csv$/);
      const kept = await world.stage.journal();
      const own = kept.map(({ entryId }) => entryId);
      expect(all.calls.map((call) => call['Call id'])).toEqual(own);
      expect(all.calls).toContainEqual(
        expect.objectContaining({ Note: 'In the file; too', Company: 'Elbe Logistik KG' }),
      );
      await waitForText(journal, `${own.length} calls exported`);
      await press(journal, 'Missed');
      await journal.waitForFunction("document.querySelectorAll('.journal-row').length === 1");
      const missed = await exported();
      expect(missed.calls).toMatchObject([{ Outcome: 'Missed', Number: '+49 30 23125999', Name: '' }]);
      await journal.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
