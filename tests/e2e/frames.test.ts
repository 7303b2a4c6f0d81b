// Story: a CRM made of frames. Numbers are callable in every frame of what is in use, however it was made; a frame that is
// not in use is left alone, and the popup says which site it needs.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { paintedNumbers } from '../../scripts/stage/marks.ts';
import { eventually, openWorld, type World, waitForText } from './world.ts';

const NUMBERS = {
  top: '030 23125000',
  same: '030 23125001',
  other: '030 23125002',
  srcdoc: '030 23125003',
  sandboxed: '030 23125004',
  data: '030 23125005',
  blob: '030 23125006',
  written: '030 23125007',
  closed: '030 23125008',
};
const NOT_IN_USE = '030 23125009';
const FRAME_ANSWERS_MS = 1_000;

function pageFor(port: number): string {
  const size = 'width="300" height="80"';
  return `<!doctype html><meta charset="utf-8"><title>Sample CRM</title><p>${NUMBERS.top}</p>
    <iframe ${size} src="/frame?${encodeURIComponent(NUMBERS.same)}"></iframe>
    <iframe ${size} src="http://localhost:${port}/frame?${encodeURIComponent(NUMBERS.other)}"></iframe>
    <iframe ${size} src="http://crm-frame.localhost:${port}/frame?${encodeURIComponent(NOT_IN_USE)}"></iframe>
    <iframe ${size} srcdoc="<p>${NUMBERS.srcdoc}</p>"></iframe>
    <iframe ${size} sandbox srcdoc="<p>${NUMBERS.sandboxed}</p>"></iframe>
    <iframe ${size} src="data:text/html,<p>${NUMBERS.data}</p>"></iframe>
    <iframe ${size} id="blob"></iframe><iframe ${size} id="written"></iframe><div id="host"></div>
    <script>
      blob.src = URL.createObjectURL(new Blob(['<p>${NUMBERS.blob}</p>'], { type: 'text/html' }));
      const root = host.attachShadow({ mode: 'closed' });
      root.innerHTML = '<iframe ${size} srcdoc="<p>${NUMBERS.closed}</p>"></iframe>';
      addEventListener('load', () => {
        written.contentDocument.open();
        written.contentDocument.write('<p>${NUMBERS.written}</p>');
        written.contentDocument.close();
      });
    </script>`;
}

let world: World;
let agent: Agent;
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo; // it listens on one
    const [path, number = ''] = (request.url ?? '/').split('?');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(path === '/frame' ? `<!doctype html><p>${decodeURIComponent(number)}</p>` : pageFor(port));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  world = await openWorld();
  agent = await world.agent('ada');
});
afterAll(async () => {
  await world.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function paintedInFrames(page: Page): Promise<string[]> {
  // A frame that is just being loaded has nothing yet, and one that moves to another process may never answer where it was.
  page.setDefaultTimeout(FRAME_ANSWERS_MS);
  const painted = (frame: Frame) => paintedNumbers(frame).catch((): string[] => []);
  return (await Promise.all(page.frames().map(painted))).flat().sort();
}

test('numbers are painted in every frame of what is in use, and in no other', async () => {
  const page = await agent.openPage(url);
  await page.bringToFront();
  await eventually(
    'the numbers of all frames',
    // A tab that the extension opens late takes the front, and what is not in front is not painted.
    async () => {
      await page.bringToFront();
      return paintedInFrames(page);
    },
    (painted) => painted.length >= Object.keys(NUMBERS).length,
  );
  expect(await paintedInFrames(page)).toEqual(Object.values(NUMBERS).sort());
  await page.close();
});

test('the popup names the site that a frame needs', async () => {
  const page = await agent.openPage(url);
  await page.bringToFront();
  const popup = await agent.openPopup();
  await waitForText(popup, 'Numbers here need access to crm-frame.localhost');
  expect(await popup.$$eval('.site button', (buttons) => buttons.map((one) => one.textContent))).toContain('Allow');
  await popup.close();
  await page.close();
});
