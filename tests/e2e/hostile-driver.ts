// Plays the person on hostile pages in Chromium with the real extension: looks for the number, moves the mouse there, lets
// the page attack, presses once. What it looks at, it looks at through the debugger in the extension's own world, where no
// patch of the page reaches.
import type { CDPSession } from 'puppeteer';
import type { Agent } from '../../scripts/stage/agent.ts';
import type { HostilePage } from '../fixtures/hostile/hostile-page.ts';
import { HOSTILE_GUARD, type HostileGround, type HostileVisit, openGround, type Spot } from './hostile-ground.ts';
import { type Place, pressAs, READ_EVERYTHING, SEEN_MS } from './hostile-hands.ts';
import { openWorld } from './world.ts';

const LOOK_EVERY_MS = 40;
const ANSWER_MS = 5_000;
// A page that is slow is not dead.
const LIFE_LIMIT_MS = 20_000;

/** Starts everything; numbers count up from 030 23125`first`. */
export async function openHostileGround(first: number): Promise<HostileGround> {
  const world = await openWorld({ guard: HOSTILE_GUARD });
  const agent = await world.agent('ada', { lang: 'en' });
  const openVisit = (url: string, good: string) => openVisitOf(agent, url, good);
  const ground = await openGround({
    first,
    stage: world.stage,
    visitor: { extensionId: agent.extensionId, openVisit },
  });
  return {
    ...ground,
    async close() {
      await ground.close();
      await world.close();
    },
  };
}

async function openVisitOf(agent: Agent, url: string, good: string): Promise<HostileVisit> {
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
      state.seen = String(await eyes.asPage(READ_EVERYTHING, LIFE_LIMIT_MS));
      state.isAlive = (await eyes.asPage('1 + 1', LIFE_LIMIT_MS)) === 2;
      return now?.label;
    },
    close: () => Promise.race([page.close(), new Promise((resolve) => setTimeout(resolve, ANSWER_MS))]),
  };
}

/** Looks at the page through the extension's world, and through the page's own. */
function createEyes(session: CDPSession, worlds: ReadonlyMap<number, string>) {
  const evaluate = async (expression: string, contextId?: number, limitMs = ANSWER_MS): Promise<unknown> => {
    const sent = session.send('Runtime.evaluate', {
      expression,
      returnByValue: true,
      ...(contextId !== undefined && { contextId }),
    });
    const answer = await Promise.race([sent, new Promise<undefined>((resolve) => setTimeout(resolve, limitMs))]);
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
    asPage: (code: string, limitMs?: number) => evaluate(code, undefined, limitMs).catch(() => undefined),
    chip: async () => (await inWorlds(`(${chipSpot})()`)) as Spot | undefined, // what chipSpot answers
    numberAt: async (text: string) => (await inWorlds(`(${numberSpot})(${JSON.stringify(text)})`)) as Place | undefined,
    placeOf: async (id: string) => (await inWorlds(`(${elementSpot})(${JSON.stringify(id)})`)) as Place | undefined,
  };
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
