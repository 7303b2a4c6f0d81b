// Web pages against the TAPIMaster server, in a real Chromium: whatever a page of any origin makes the browser send, nothing
// is dialled, though the browser's own machine may dial by plain GET. And the one page that may, with its key, does.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'puppeteer';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../../scripts/browser.ts';
import { askOverHttp } from '../relay/tapimaster-server/callers.ts';
import { KEY, startTapiMasterRig, type TapiMasterRig } from '../relay/tapimaster-server/rig.ts';

const DOCS = readFileSync(join(import.meta.dirname, '../../docs/tapimaster.md'), 'utf8');

let browser: Browser;
let pages: Server;
let pagePort: number;
let rig: TapiMasterRig;
let html = '';

beforeAll(async () => {
  pages = createServer((request, response) => {
    if (request.url !== '/') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
  });
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  pagePort = (pages.address() as AddressInfo).port; // a TCP server has no other kind of address
  browser = await launchBrowser({ headless: true, args: ['--host-resolver-rules=MAP evil.example 127.0.0.1'] });
});
afterEach(() => rig.close());
afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => pages.close(resolve));
});

// Each way resolves when the browser is through with it, whatever came of it.
const HOSTILE = (port: number) => `<!doctype html><meta charset="utf-8"><title>a page</title><body><script>
const base = location.hostname === 'evil.example' ? 'http://evil.example:${port}' : 'http://127.0.0.1:${port}';
const url = base + '/MakeCall%20100%20102';
const over = (node, also = 'load') => new Promise((done) => { node.addEventListener('error', done); node.addEventListener(also, done); });
const put = (tag, parts) => { const node = Object.assign(document.createElement(tag), parts); const end = over(node); document.body.append(node); return end; };
const quiet = (promise) => promise.then(() => 'answered', () => 'failed');
const form = (enctype, method) => new Promise((done) => {
  const frame = Object.assign(document.createElement('iframe'), { name: 'f' + Math.random() });
  document.body.append(frame);
  const node = Object.assign(document.createElement('form'), { method, action: url, target: frame.name });
  if (enctype) node.enctype = enctype;
  node.innerHTML = '<textarea name="\\r\\nMakeCall 100 102\\r\\nx">\\r\\nMakeCall 100 102\\r\\n</textarea>';
  document.body.append(node);
  frame.addEventListener('load', done);
  node.submit();
});
const body = '\\r\\nMakeCall 100 102\\r\\nMakeCall 100 102\\r\\n';
const ways = {
  image: () => put('img', { src: url }),
  imageWithoutReferrer: () => put('img', { referrerPolicy: 'no-referrer', src: url }),
  script: () => put('script', { src: url }),
  style: () => put('link', { rel: 'stylesheet', href: url }),
  frame: () => put('iframe', { src: url }),
  frameWithoutOrigin: () => put('iframe', { sandbox: 'allow-scripts', srcdoc: '<img referrerpolicy=no-referrer src="' + url + '">' }),
  object: () => put('object', { data: url }),
  video: () => { const node = document.createElement('video'); const end = over(node, 'loadeddata'); node.src = url; document.body.append(node); return end; },
  fetchPlain: () => quiet(fetch(url)),
  fetchBlind: () => quiet(fetch(url, { mode: 'no-cors', referrerPolicy: 'no-referrer', headers: { Accept: '*/*', 'Accept-Language': '' } })),
  fetchBody: () => quiet(fetch(base + '/', { method: 'POST', mode: 'no-cors', body, headers: { 'Content-Type': 'text/plain' } })),
  fetchKey: () => quiet(fetch(url, { headers: { Authorization: 'Bearer ${KEY}' } })),
  fetchVerb: () => quiet(fetch(base + '/x', { method: 'MakeCall' })),
  request: () => new Promise((done) => { const sent = new XMLHttpRequest(); sent.onloadend = done; sent.open('GET', url); sent.send(); }),
  events: () => new Promise((done) => { const source = new EventSource(url); source.onerror = () => { source.close(); done(); }; }),
  socket: () => new Promise((done) => { const socket = new WebSocket(url.replace('http', 'ws')); socket.onclose = done; }),
  module: () => quiet(import(url)),
  formGet: () => form('', 'GET'),
  formText: () => form('text/plain', 'POST'),
  formMultipart: () => form('multipart/form-data', 'POST'),
  beacon: () => { navigator.sendBeacon(base + '/', body); return quiet(fetch(url, { keepalive: true, mode: 'no-cors' })); },
};
window.tried = (async () => {
  const names = [];
  for (const [name, way] of Object.entries(ways)) { await way(); names.push(name); }
  return names;
})();
</script>`;

const WAYS = 21;

it.each([
  ['of another port of this machine', '127.0.0.1'],
  ['of another site', 'localhost'],
  ['whose name was pointed at this machine', 'evil.example'],
])('no page %s can dial, whatever it tries', async (_, host) => {
  rig = await startTapiMasterRig({
    ...{ tcp: '127.0.0.1:0', commandsPerMinute: 10_000 },
    callers: [
      { user: 'anna', addresses: ['127.0.0.1'], plainGet: true },
      { user: 'anna', key: 'secret:anna' },
    ],
  });
  html = HOSTILE(rig.tcp);
  const page = await browser.newPage();
  const asked: string[] = [];
  page.on('request', (request) => void (request.url().includes(`:${rig.tcp}/`) && asked.push(request.method())));
  await page.goto(`http://${host}:${pagePort}/`);
  const tried = await page.evaluate(() => (window as unknown as { tried: Promise<string[]> }).tried); // the page's own
  expect(tried).toHaveLength(WAYS);
  expect(asked.length).toBeGreaterThan(15);
  // Opened as a page of its own: by a link, and by a script of the page.
  await page.evaluate((url) => window.open(url), `http://127.0.0.1:${rig.tcp}/MakeCall%20100%20102`);
  await page.goto(`http://127.0.0.1:${rig.tcp}/MakeCall%20100%20102`).catch(() => undefined);
  await page.close();
  expect(rig.told()).toEqual([]);
  // What a program asks in just the same words is heard: there was something to be had.
  expect(await askOverHttp(rig.tcp, '/MakeCall%20100%20102')).toMatchObject({ status: 200 });
  expect(rig.told()).toEqual(['makeCall 100 102']);
});

it('a page of a named origin dials with its key, once a click', async () => {
  const origin = `http://localhost:${pagePort}`;
  rig = await startTapiMasterRig({
    ...{ tcp: '127.0.0.1:0', origins: [origin] },
    callers: [{ user: 'anna', key: 'secret:anna' }],
  });
  // The example of docs/tapimaster.md, as it stands there but for the port.
  html = /```html\n([\s\S]*?)```/.exec(DOCS)?.[1]?.replaceAll('2503', String(rig.tcp)) ?? '';
  const page = await browser.newPage();
  await page.goto(`${origin}/#key=${KEY}`);
  await page.click('button');
  await page.waitForFunction(() => document.querySelector('output')?.value !== '');
  expect(await page.$eval('output', (output) => output.value)).toBe('OK done\r\n');
  expect(rig.told()).toEqual(['makeCall 100 003023125042']);
  await page.close();
});
