// Opens hostile pages in a real browser with the real extension and plays the person on them: looks for the number, moves
// the mouse there, lets the page attack, presses once. What it looks at, it looks at through the debugger in the
// extension's own world, where no patch of the page reaches.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { CDPSession, Page } from 'puppeteer';
import type { Agent } from '../../scripts/stage/agent.ts';
import { ROOT } from '../../scripts/stage/stage.ts';
import { documentOf, type HostilePage, type Press } from '../fixtures/hostile/hostile-page.ts';
import { ADA, eventually, openWorld, type World } from './world.ts';

/** What came of one page. */
export interface Outcome {
  /** Numbers that reached the phone system from this page. */
  dialled: string[];
  /** What the chip promised to dial when it was pressed; undefined without a chip. */
  promised: string | undefined;
  /** Secrets that the page's own scripts got to see. */
  leaked: string[];
  /** Errors that the extension did not catch on this page. */
  crashes: string[];
  /** Whether the page still answers. */
  isAlive: boolean;
}

/** A browser, an agent and a phone system for many pages, one after another. */
export interface HostileGround {
  world: World;
  visit(page: HostilePage): Promise<Outcome>;
  /** Calls that reached the phone system and were told in no outcome: too late, or to a number of no page. */
  unaccounted(): Promise<string[]>;
  close(): Promise<void>;
}

interface Spot {
  x: number;
  y: number;
  label: string;
}

const LOOK_MS = 4_000;
const LOOK_EVERY_MS = 40;
const SEEN_MS = 520;
const ANSWER_MS = 5_000;
const GRACE_MS = 600;

/** Starts everything; numbers count up from 030 23125`first`. */
export async function openHostileGround(first: number): Promise<HostileGround> {
  const world = await openWorld({ guard: { perHour: 100_000, burstPerMinute: 100_000 } });
  const agent = await world.agent('ada', { lang: 'en' });
  const documents = new Map<string, { html: string; headers: Readonly<Record<string, string>> }>();
  const server = await serve(documents);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listening on a port
  const secrets = [agent.extensionId, new URL(world.stage.relayUrl).host, 'Ada Sample', ...contactNames()];
  const allDialled = async () => (await world.stage.desk.received()).map(({ dialString }) => e164Of(dialString ?? ''));
  const told: string[] = [];
  const names = new Map<string, string>();
  let count = 0;

  return {
    world,
    async unaccounted() {
      const left = await allDialled();
      for (const one of told) left.splice(left.indexOf(one), 1);
      return left.map((number) => `${number} (${names.get(number) ?? 'nobody’s'})`);
    },
    async visit(hostile) {
      const at = first + count;
      count += 1;
      const good = `030 23125${String(at).padStart(3, '0')}`;
      documents.set(`/${at}`, { html: documentOf(hostile, good), headers: hostile.headers ?? {} });
      names.set(e164Of(`0${good.replace(/\D/g, '')}`), hostile.name);
      const before = (await allDialled()).length;
      const visit = await openVisit(agent, `${origin}/${at}`, good);
      try {
        const spot = await visit.chip(hostile.outcome === 'dials' ? 2 * LOOK_MS : LOOK_MS / 2);
        const promised = await visit.attackAndPress(hostile, spot);
        // Where a call may come, it has its time to come; what comes later still is unaccounted for.
        const isOver = (list: readonly string[]) => list.length > 0 || hostile.outcome === 'nothing';
        const limitMs = hostile.outcome === 'dials' ? ANSWER_MS : GRACE_MS;
        const ask = async () => (await allDialled()).slice(before);
        const dialled = await eventually(hostile.name, ask, isOver, limitMs).catch(() => []);
        told.push(...dialled);
        if (dialled.length > 0) await hangUp(world);
        const leaked = secrets.filter((secret) => visit.seen().includes(secret));
        return { dialled, promised, leaked, crashes: visit.crashes(), isAlive: visit.isAlive() };
      } finally {
        await visit.close();
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await world.close();
    },
  };
}

async function serve(
  documents: ReadonlyMap<string, { html: string; headers: Readonly<Record<string, string>> }>,
): Promise<Server> {
  const server = createServer((request, response) => {
    const found = documents.get(request.url ?? '');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    for (const [name, value] of Object.entries(found?.headers ?? {})) response.setHeader(name, value);
    response.end(found?.html ?? '<!doctype html><title>empty</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function contactNames(): string[] {
  const lines = readFileSync(join(ROOT, 'demo', 'crm', 'people.csv'), 'utf8')
    .split('\n')
    .slice(1);
  return lines.flatMap((line) => line.split(';')[1] ?? []).filter((name) => name !== '');
}

// The simulator gets the digits as they are dialled from a place behind a 0.
function e164Of(dialString: string): string {
  return dialString.replace(/^00/, '+49');
}

async function hangUp({ stage }: World): Promise<void> {
  await stage.desk.hangUp(ADA);
  await stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
}

async function openVisit(agent: Agent, url: string, good: string) {
  const page = await agent.browser.newPage();
  page.on('dialog', (dialog) => void dialog.dismiss().catch(() => undefined));
  const session = await page.createCDPSession();
  const worlds = new Map<number, string>();
  const crashes: string[] = [];
  session.on('Runtime.executionContextCreated', ({ context }) => {
    if (context.origin.startsWith('chrome-extension://')) worlds.set(context.id, String(context.auxData?.frameId));
  });
  session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => void worlds.delete(executionContextId));
  session.on('Runtime.exceptionThrown', ({ exceptionDetails: thrown }) => {
    const stack = JSON.stringify(thrown);
    if (stack.includes('chrome-extension://')) crashes.push(thrown.exception?.description ?? thrown.text);
  });
  await session.send('Runtime.enable');
  await page.goto(url, { waitUntil: 'domcontentloaded' }).catch(() => undefined);
  const state = { seen: '', isAlive: false };
  const eyes = createEyes(session, worlds);
  return {
    crashes: () => crashes,
    seen: () => state.seen,
    isAlive: () => state.isAlive,
    async chip(limitMs: number): Promise<Spot | undefined> {
      const end = Date.now() + limitMs;
      for (let look = 0; Date.now() < end; look += 1) {
        const found = await eyes.chip();
        if (found) return found;
        const place = look % 4 === 0 ? await eyes.numberAt(good) : undefined;
        if (place) await page.mouse.move(place.x + (look % 8 === 0 ? 0 : 2), place.y, { steps: 2 });
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      return undefined;
    },
    async attackAndPress(hostile: HostilePage, spot: Spot | undefined): Promise<string | undefined> {
      const at = JSON.stringify(spot ?? { x: 60, y: 60 });
      const attack = `{ const host = H.hostNow(), at = ${at}; ${hostile.attack ?? ''} }`;
      const press = hostile.press ?? 'chip';
      if (hostile.attack !== undefined) await eyes.asPage(attack);
      if (press !== 'chip at once') await new Promise((resolve) => setTimeout(resolve, SEEN_MS));
      const now = (await eyes.chip()) ?? spot;
      await pressAs(page, press, { spot: now, place: await eyes.numberAt(good), placeOf: eyes.placeOf });
      // What the page read before and after: everything that its own scripts can look at.
      state.seen = String(await eyes.asPage(READ_EVERYTHING));
      state.isAlive = (await eyes.asPage('1 + 1')) === 2;
      return now?.label;
    },
    close: () => Promise.race([page.close(), new Promise((resolve) => setTimeout(resolve, ANSWER_MS))]),
  };
}

/** Looks at the page through the extension's world, and through the page's own. */
function createEyes(session: CDPSession, worlds: ReadonlyMap<number, string>) {
  const evaluate = async (expression: string, contextId?: number): Promise<unknown> => {
    const sent = session.send('Runtime.evaluate', {
      expression,
      returnByValue: true,
      ...(contextId !== undefined && { contextId }),
    });
    const answer = await Promise.race([sent, new Promise<undefined>((resolve) => setTimeout(resolve, ANSWER_MS))]);
    return answer?.result.value;
  };
  const inWorlds = async (expression: string): Promise<unknown> => {
    for (const id of worlds.keys()) {
      const found = await evaluate(expression, id).catch(() => undefined);
      if (found) return found;
    }
    return undefined;
  };
  return {
    asPage: (code: string) => evaluate(code).catch(() => undefined),
    chip: async () => (await inWorlds(`(${chipSpot})()`)) as Spot | undefined, // what chipSpot answers
    numberAt: async (text: string) =>
      (await inWorlds(`(${numberSpot})(${JSON.stringify(text)})`)) as { x: number; y: number } | undefined,
    placeOf: async (id: string) =>
      (await inWorlds(`(${elementSpot})(${JSON.stringify(id)})`)) as { x: number; y: number } | undefined,
  };
}

interface Where {
  spot: Spot | undefined;
  place: { x: number; y: number } | undefined;
  placeOf: (id: string) => Promise<{ x: number; y: number } | undefined>;
}

async function pressAs(page: Page, press: Press, { spot, place, placeOf }: Where): Promise<void> {
  const { mouse, keyboard } = page;
  const chip = spot ?? place;
  const pressable = {
    number: place,
    link: await placeOf('link'),
    fake: await placeOf('fake'),
    body: { x: 700, y: 600 },
  };
  switch (press) {
    case 'Enter':
    case 'Space':
      return await keyboard.press(press);
    case 'number':
    case 'link':
    case 'fake':
    case 'body': {
      const target = pressable[press];
      if (target) await mouse.click(target.x, target.y, { delay: 20 });
      return;
    }
    default:
      if (chip) await pressOnChip(page, press, chip);
  }
  async function pressOnChip(_: Page, how: string, { x, y }: { x: number; y: number }): Promise<void> {
    const away = { x: x + 300, y: y + 200 };
    const [from, to] = how.endsWith('on')
      ? [away, { x, y }]
      : how.endsWith('off')
        ? [{ x, y }, away]
        : [
            { x, y },
            { x, y },
          ];
    if (how.endsWith('Ctrl')) await keyboard.down('Control');
    await mouse.move(from.x, from.y, { steps: 3 });
    await mouse.down();
    if (from !== to) await mouse.move(to.x, to.y, { steps: 4 });
    await mouse.up();
    if (how.endsWith('Ctrl')) await keyboard.up('Control');
  }
}

// ——— below: run in a page or in the extension's world there ———

function chipSpot(): { x: number; y: number; label: string } | null {
  for (const element of Document.prototype.querySelectorAll.call(document, 'div')) {
    const button = (chrome.dom.openOrClosedShadowRoot(element as HTMLElement) as ShadowRoot | null)?.querySelector(
      '.chip',
    );
    if (button?.localName !== 'button') continue;
    const { left, top, width, height } = button.getBoundingClientRect();
    const inset =
      window === window.top ? { x: 0, y: 0 } : (window.frameElement?.getBoundingClientRect() ?? { x: 0, y: 0 });
    const label = /\+\d+/.exec(button.getAttribute('aria-label') ?? '')?.[0] ?? '';
    return { x: inset.x + left + width / 2, y: inset.y + top + height / 2, label };
  }
  return null;
}

function numberSpot(text: string): { x: number; y: number } | null {
  const look = (root: Node): Range | null => {
    const walker = Document.prototype.createTreeWalker.call(document, root, 5);
    for (let node: Node | null = root; node; node = walker.nextNode()) {
      if (node instanceof HTMLElement) {
        const inner = chrome.dom.openOrClosedShadowRoot(node) as ShadowRoot | null;
        const found = inner && look(inner);
        if (found) return found;
      }
      const at = node.nodeType === 3 ? (node.nodeValue ?? '').indexOf(text) : -1;
      if (at < 0) continue;
      const range = Document.prototype.createRange.call(document);
      range.setStart(node, at);
      range.setEnd(node, at + text.length);
      if (range.getClientRects().length > 0) return range;
    }
    return null;
  };
  const box = look(document)?.getBoundingClientRect();
  const inset =
    window === window.top ? { x: 0, y: 0 } : (window.frameElement?.getBoundingClientRect() ?? { x: 0, y: 0 });
  return box ? { x: inset.x + box.x + box.width / 2, y: inset.y + box.y + box.height / 2 } : null;
}

function elementSpot(id: string): { x: number; y: number } | null {
  const box = Document.prototype.getElementById.call(document, id)?.getBoundingClientRect();
  return box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;
}

// Each look by itself: what the page has broken must not hide what it can still read.
const READ_EVERYTHING = `(() => {
  const parts = [];
  const look = (read) => { try { parts[parts.length] = String(read()); } catch (error) { parts[parts.length] = String(error?.stack); } };
  look(() => H.log.join('\\n'));
  look(() => document.documentElement.outerHTML);
  look(() => document.documentElement.textContent);
  look(() => performance.getEntries().map(({ name }) => name).join('\\n'));
  look(() => [...CSS.highlights].map(([name, ranges]) => name + [...ranges].map((range) => range.startContainer.textContent)).join('\\n'));
  look(() => [...document.adoptedStyleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join('\\n'));
  look(() => [...document.styleSheets].map((sheet) => sheet.href).join('\\n'));
  look(() => [...document.fonts].map((font) => font.family + font.status).join('\\n'));
  look(() => [...document.querySelectorAll('*')].map((element) => element.shadowRoot?.innerHTML ?? '').join('\\n'));
  look(() => { document.execCommand('selectAll'); const text = String(getSelection()); getSelection().removeAllRanges(); return text; });
  look(() => { const host = H.hostNow(); return host && [host.innerText, host.getHTML?.({ serializableShadowRoots: true }), getComputedStyle(host).content, host.ariaLabel].join('\\n'); });
  look(() => Object.getOwnPropertyNames(window).filter((name) => /offhook|chrome-ext/i.test(name)).join('\\n'));
  look(() => JSON.stringify([history.state, { ...localStorage }, { ...sessionStorage }, document.cookie]));
  look(() => document.getAnimations().length);
  return parts.join('\\n');
})()`;
