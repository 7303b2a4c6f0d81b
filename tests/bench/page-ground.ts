// Where what Offhook costs a page is measured: one browser with the extension and one without, both on the same pages of
// a loopback server. The peer is a click-to-dial library from npm, started by the page as its documentation says.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer';
import { launchBrowser } from '../../scripts/browser.ts';
import { startAgent } from '../../scripts/stage/agent.ts';
import { DEMO_EXTENSION_DIR, freshDemoBuild } from '../../scripts/stage/fresh-builds.ts';
import type { Ground } from './row.ts';

/** Who stands on the page: our extension, nobody, or the peer. */
export type Guest = 'offhook' | 'nobody' | 'peer';

/** Which table: so many rows, in the page as it comes or filled in by its script; and who stands on the page. */
export interface TablePage {
  rows: number;
  guest: Guest;
  /** The page's own script brings the rows, some in each frame, so that the same work comes in the same tasks each time. */
  isFilled?: true;
}

/** The peer's name among the other figures. */
export const PEER = 'ringcentral-c2d 2.0.3';

// Columns of a fixed width, as in the lists of most CRMs: a page that lays out all rows for one changed cell has no frames
// to lose.
const STYLE = '<style>table { table-layout: fixed; width: 1200px } td { height: 24px; white-space: nowrap }</style>';
const ROWS_PER_FRAME = 500;
// What a page may hold at once, by the product's own promise.
const MAX_HIGHLIGHTS = 500;

export interface PageGround {
  /** An empty tab; `go` opens a table there and resolves when all of its rows are in the page. */
  tab(table: TablePage): Promise<{ page: Page; go: () => Promise<unknown> }>;
  /** The same, with the table in it. */
  open(table: TablePage): Promise<Page>;
}

/** Starts browsers and server. */
export async function openPageGround(ground: Ground): Promise<PageGround> {
  await freshDemoBuild(ground);
  const peer = readFileSync(fileURLToPath(import.meta.resolve('ringcentral-c2d/build/index.js')));
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/peer.js') {
      response.setHeader('content-type', 'text/javascript');
      response.end(peer);
      return;
    }
    const rows = Number(url.searchParams.get('rows'));
    if (url.pathname === '/rows.json') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(Array.from({ length: rows }, (_, at) => tableRow(at))));
      return;
    }
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(tablePage(rows, { isPeered: url.searchParams.has('peer'), isFilled: url.searchParams.has('filled') }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
  ground.atEnd(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  // One for each: what a page of another left behind in the same process is nobody's cost but its own.
  const [nobody, peered] = [await launchBrowser({ headless: true }), await launchBrowser({ headless: true })];
  for (const browser of [nobody, peered]) ground.atEnd(() => browser.close());
  const agent = await startAgent({ extensionDir: DEMO_EXTENSION_DIR, lang: 'en' });
  ground.atEnd(() => agent.close());
  const browsers: Record<Guest, Browser> = { offhook: agent.browser, nobody, peer: peered };
  const tab: PageGround['tab'] = async ({ rows, guest, isFilled }) => {
    const page = await browsers[guest].newPage();
    await page.bringToFront();
    const query = `rows=${rows}${guest === 'peer' ? '&peer' : ''}${isFilled ? '&filled' : ''}`;
    const go = async () => {
      await page.goto(`${origin}/?${query}`);
      if (isFilled) await page.evaluate(fill, { rows, perFrame: ROWS_PER_FRAME });
    };
    return { page, go };
  };
  return {
    tab,
    async open(table) {
      const { page, go } = await tab(table);
      await go();
      return page;
    },
  };
}

/** Rejects unless numbers are marked on the page, and no more of them at once than promised. */
export async function expectMarks(page: Page): Promise<void> {
  await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) > 20', { timeout: 30_000 });
  const count = await page.evaluate(() => CSS.highlights.get('offhook')?.size ?? 0);
  if (count > MAX_HIGHLIGHTS) throw new Error(`${count} numbers are painted at once`);
}

/** How many listeners all worlds of a page hold. */
export async function listenersOf(page: Page): Promise<number> {
  const { JSEventListeners = Number.NaN } = await page.metrics();
  return JSEventListeners;
}

interface TraceEvent {
  pid: number;
  tid: number;
  name: string;
  args?: { name?: string };
  /** Time on the processor, in µs. */
  tdur?: number;
}

const LONG_TASK_MS = 50;

/**
 * The tasks of a page's main thread that took 50 ms or more of the processor, while `act` runs. Time on the processor,
 * not on the clock: a task does not get longer because another program wanted its turn.
 */
export async function longTasks(page: Page, act: () => Promise<unknown>): Promise<number[]> {
  await page.tracing.start({ categories: ['toplevel'] });
  await act();
  const trace = await page.tracing.stop();
  // What the browser writes as its trace.
  const { traceEvents } = JSON.parse(new TextDecoder().decode(trace)) as { traceEvents: TraceEvent[] };
  const threads = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const tasksOf = ({ pid, tid }: TraceEvent) =>
    traceEvents
      .filter((event) => event.pid === pid && event.tid === tid && event.name.endsWith('RunTask'))
      .map(({ tdur = 0 }) => tdur / 1000);
  const busiest = threads.map(tasksOf).toSorted((a, b) => sumOf(b) - sumOf(a))[0] ?? [];
  if (busiest.length === 0) throw new Error('the trace tells of no task');
  return busiest.filter((ms) => ms >= LONG_TASK_MS);
}

/** All of them together. */
export function sumOf(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure, 0);
}

// Runs in the page.
async function fill({ rows, perFrame }: { rows: number; perFrame: number }): Promise<void> {
  const answer = await fetch(`/rows.json?rows=${rows}`);
  // The bench's own server answers with texts.
  const all = (await answer.json()) as string[];
  const body = document.querySelector('tbody');
  for (let at = 0; at < rows; at += perFrame) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    body?.insertAdjacentHTML('beforeend', all.slice(at, at + perFrame).join(''));
  }
}

function tableRow(at: number): string {
  const cells = [
    `Sample company ${at}`,
    `+49 30 23125${String(at % 1000).padStart(3, '0')}`,
    `+49 171 39200${String(at % 100).padStart(2, '0')}`,
    'Sample town',
    `2026-0${(at % 9) + 1}-12`,
    `Order ${100_000 + at}`,
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function tablePage(rows: number, { isPeered, isFilled }: { isPeered: boolean; isFilled: boolean }): string {
  const body = isFilled ? [] : Array.from({ length: rows }, (_, at) => tableRow(at));
  const scripts = isPeered ? '<script src="/peer.js"></script><script>new RingCentralC2D();</script>' : '';
  const head = '<th>Company</th><th>Phone</th><th>Mobile</th><th>Town</th><th>Since</th><th>Order</th>';
  return `<!doctype html><html lang="de"><meta charset="utf-8"><title>table</title>${STYLE}<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>${scripts}</html>`;
}
