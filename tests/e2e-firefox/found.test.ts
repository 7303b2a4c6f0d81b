// Story, in Firefox: what is found on a page that hides its numbers well, and what is left alone there. Chromium's pages
// are in tests/e2e-page; here are those in which the browsers differ: roots, drawings, frames, styles.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { paintedNumbers } from '../../scripts/stage/marks.ts';
import { eventually } from '../e2e/world.ts';
import { callByChip, describeInFirefox, type FirefoxWorld, openFirefoxWorld } from './world.ts';

const IN_PAGE = {
  header: '030 23125001',
  term: '030 23125002',
  split: '030 23125003',
  button: '030 23125004',
  drawing: '030 23125005',
  editor: '030 23125006',
  declared: '030 23125007',
  closed: '030 23125008',
  boxless: '030 23125009',
};
const LATE = '030 23125010';
const FIELD = '030 23125011';
const IN_FRAMES = ['030 23125020', '030 23125021', '030 23125022'];
const LEFT_ALONE = '030 23125099';

const PAGE = `<!doctype html><meta charset="utf-8"><title>Sample CRM</title><style>body{margin:20px;font:14px sans-serif}</style>
  <table><thead><tr><th>Order no.</th><th>Phone</th></tr></thead><tbody><tr><td>${LEFT_ALONE}</td><td>${IN_PAGE.header}</td></tr></tbody></table>
  <dl><dt>Customer no.</dt><dd>${LEFT_ALONE}</dd><dt>Phone</dt><dd>${IN_PAGE.term}</dd></dl>
  <p>030 <b>2312</b><i>50<u>03</u></i></p><p><button>Call ${IN_PAGE.button}</button></p>
  <svg width="300" height="40"><text x="5" y="20">${IN_PAGE.drawing}</text><defs><text>${LEFT_ALONE}</text></defs></svg>
  <div contenteditable="true">Call ${IN_PAGE.editor}</div>
  <div><template shadowrootmode="open"><p>${IN_PAGE.declared}</p></template></div>
  <div id="closed"></div><div id="late"></div><x-cell style="display:contents">${IN_PAGE.boxless}</x-cell>
  <p style="visibility:hidden">${LEFT_ALONE}</p><p style="display:none">${LEFT_ALONE}</p><code>${LEFT_ALONE}</code>
  <label>Phone <input id="field" value="${FIELD}"></label>
  <iframe width="300" height="60" srcdoc="<p>${IN_FRAMES[0]}</p>"></iframe>
  <iframe width="300" height="60" sandbox srcdoc="<p>${IN_FRAMES[1]}</p>"></iframe>
  <iframe width="300" height="60" src="/frame"></iframe>
  <script>
    document.querySelector('#closed').attachShadow({ mode: 'closed' }).innerHTML = '<p>${IN_PAGE.closed}</p>';
  </script>`;

describeInFirefox('finding numbers in Firefox', () => {
  let world: FirefoxWorld;
  let agent: FirefoxAgent;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(request.url === '/frame' ? `<!doctype html><p>${IN_FRAMES[2]}</p>` : PAGE);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // It listens on a port.
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    world = await openFirefoxWorld();
    agent = await world.agent('ada');
  });
  afterAll(async () => {
    await world.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const until = (what: string, page: Page | Frame, wanted: readonly string[]) =>
    eventually(
      what,
      async () => (await paintedNumbers(page)).sort(),
      (painted) => wanted.every((one) => painted.includes(one)),
    );

  test('numbers are painted wherever they hide, and nothing else is; also in frames of every kind', async () => {
    const page = await agent.openPage(url);
    const wanted = Object.values(IN_PAGE).sort();
    expect(await until('the numbers of the page', page, wanted)).toEqual(wanted);
    // They look marked, too: this browser hands the look of a highlight down to nothing.
    const looks = () =>
      page.evaluate(() => {
        const inRoot = document.querySelector('div:has(+ #closed)')?.shadowRoot?.querySelector('p');
        return [document.querySelector('td:last-child'), document.querySelector('text'), inRoot].map(
          (element) => element && getComputedStyle(element, '::highlight(offhook)').textDecorationLine,
        );
      });
    await eventually('the look of marked numbers', looks, (all) => all.every((line) => line === 'underline'));
    await page.evaluate((text) => {
      const root = document.querySelector('#late')?.attachShadow({ mode: 'closed' });
      if (root) root.innerHTML = `<p>${text}</p>`;
    }, LATE);
    await until('the number in the root that came late', page, [...wanted, LATE]);
    for (const [index, frame] of page.frames().slice(1).entries()) {
      await until(`the number of frame ${index}`, frame, [IN_FRAMES[index] ?? '']);
    }
    await page.close();
  });

  test('a number in a drawing is called by its chip', async () => {
    const page = await agent.openPage(url);
    await until('the numbers of the page', page, Object.values(IN_PAGE));
    await callByChip(page, { text: IN_PAGE.drawing, e164: '+493023125005' });
    const { stage } = world;
    const called = await stage.lineUntil('10', 'the own phone to ring', ({ calls }) => calls.length > 0);
    expect(called.calls[0]?.remote.number).toEqual({ kind: 'e164', number: '+493023125005' });
    await stage.desk.hangUp('10');
    await page.close();
  });
});
