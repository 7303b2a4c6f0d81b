// The demo CRM as a stranger to the extension: its server, its routes, and that drawing over numbers never breaks it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoCrm, serveDemoCrm } from '../../demo/server.ts';
import { freshDemoCrm } from '../../scripts/stage/fresh-builds.ts';
import { type Bench, openBench } from './harness.ts';

const PLACES = [
  ['Deals', '/deals'],
  ['Tickets', '/tickets'],
  ['Inbox', '/inbox'],
  ['Embedded', '/embedded'],
  ['Contacts', '/contacts'],
] as const;

let bench: Bench;
let crm: DemoCrm;
beforeAll(async () => {
  await freshDemoCrm({ say: () => undefined });
  [bench, crm] = await Promise.all([openBench(), serveDemoCrm({ port: 0, host: '127.0.0.1' })]);
});
afterAll(async () => {
  await Promise.all([bench.close(), crm.close()]);
});

describe('its server', () => {
  test.each(['/', '/contacts/c001', '/no/such/page', '/%2e%2e/%2e%2e/package.json', '/..%2fpackage.json', '/%zz'])(
    'answers the app for %s',
    async (path) => {
      const response = await fetch(`${crm.url}${path}`);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response.text()).toContain('<div id="app">');
    },
  );

  test('takes no orders', async () => {
    expect((await fetch(crm.url, { method: 'POST' })).status).toBe(405);
  });

  test('says which port is in use', async () => {
    const port = Number(new URL(crm.url).port);
    await expect(serveDemoCrm({ port, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('closes twice without harm', async () => {
    const other = await serveDemoCrm({ port: 0, host: '127.0.0.1' });
    await other.close();
    await other.close();
    await expect(fetch(other.url)).rejects.toThrow();
  });
});

describe('its pages', () => {
  test('draw over twenty marked numbers while they are hovered and one is called, without an error', async () => {
    const { page, hover, clickChip, waitForDials, marked } = await bench.open('', { url: crm.url });
    const errors: string[] = [];
    page.on('pageerror', (error) => void errors.push(String(error)));
    page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) >= 20');
    const numbers = (await marked()).slice(0, 20);
    for (const number of numbers) await hover(number);
    await hover('030/23125007');
    await clickChip();
    expect(await waitForDials(1)).toMatchObject([{ number: { number: '+493023125007' }, shownText: '030/23125007' }]);
    const rows = await page.$eval('table', (table) => table.getAttribute('aria-rowcount'));
    expect({ errors, rows }).toEqual({ errors: [], rows: '501' });
  });

  test('show another contact when somebody else pushes its address, with its numbers marked', async () => {
    const { page, waitForMarks } = await bench.open('', { url: `${crm.url}/contacts/c001` });
    await page.waitForFunction('document.querySelector("h1")?.textContent === "Anna Krüger"');
    await page.evaluate(() => history.pushState(null, '', '/contacts/c003'));
    await page.waitForFunction('document.querySelector("h1")?.textContent === "Lena Vogel"');
    await waitForMarks([
      '030 23125021',
      '+49 171 3920003',
      '030/23125024',
      '030 231 25 027',
      '030-23125030',
      '+49 (0) 30 23125021',
      '0171/3920003',
      '(030) 23125-024',
    ]);
  });

  test('are all reached from the bar by keyboard, each drawn without an error', async () => {
    const { page } = await bench.open('', { url: crm.url });
    const errors: string[] = [];
    page.on('pageerror', (error) => void errors.push(String(error)));
    for (const [name, path] of PLACES) {
      await page.focus(`nav a[href="${path}"]`);
      await page.keyboard.press('Enter');
      const isThere = (title: string) => document.querySelector('h1')?.textContent === title;
      await page.waitForFunction(isThere, { polling: 20, timeout: 15_000 }, name);
      expect(new URL(page.url()).pathname).toBe(path);
      expect(await page.$eval('nav a[aria-current]', (link) => link.textContent)).toBe(name);
    }
    expect(errors).toEqual([]);
  });

  test.each([
    ['/deals/d004', '+33 1 99 00 12 34'],
    ['/tickets/t002', '030-23125063'],
    ['/inbox/m004', '+1 512 555-0155'],
    ['/embedded', '+49 30 23125021'],
  ])('hold numbers in running text, at %s too', async (path, number) => {
    const { page, marked } = await bench.open('', { url: `${crm.url}${path}` });
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) >= 2', { polling: 50, timeout: 10_000 });
    // The first ones are painted before the page has been read to its end.
    await expect.poll(marked, { timeout: 10_000 }).toContain(number);
  });

  test('say that their data is invented', async () => {
    const { page } = await bench.open('', { url: crm.url, start: 'none' });
    expect(await page.evaluate(() => document.body.textContent)).toContain('Sample data');
  });
});
