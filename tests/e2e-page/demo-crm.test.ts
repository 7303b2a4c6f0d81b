// The demo CRM as a stranger to the extension: its server, its routes, and that drawing over numbers never breaks it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDemoCrm } from '../../demo/build.ts';
import { type DemoCrm, serveDemoCrm } from '../../demo/server.ts';
import { type Bench, openBench } from './harness.ts';

let bench: Bench;
let crm: DemoCrm;
beforeAll(async () => {
  await buildDemoCrm();
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
    const rows = await page.$$eval('tbody tr', (all) => all.length);
    expect({ errors, rows }).toEqual({ errors: [], rows: 44 });
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

  test('say that their data is invented', async () => {
    const { page } = await bench.open('', { url: crm.url, start: 'none' });
    expect(await page.evaluate(() => document.body.textContent)).toContain('Sample data');
  });
});
