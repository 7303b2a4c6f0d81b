// Plays the person on hostile pages in Firefox. Where things are is asked in a sandbox of WebDriver BiDi's own: it sees the
// page without what the page has patched, and closed roots as the browser tells them.
import type { Page } from 'puppeteer';
import { bidiOf } from '../../scripts/firefox.ts';
import type { FirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import type { HostileVisit, HostileVisitor, Spot } from '../e2e/hostile-ground.ts';
import { type Place, pressAs, READ_EVERYTHING, SEEN_MS } from '../e2e/hostile-hands.ts';
import { findNode, lookInPage, type TreeNode } from './world.ts';

const LOOK_EVERY_MS = 40;
const ANSWER_MS = 5_000;
// A page that is slow is not dead.
const LIFE_LIMIT_MS = 20_000;

/** A person with a Firefox that is paired already. */
export function hostileVisitorOf(agent: FirefoxAgent): HostileVisitor {
  return { extensionId: agent.extensionId, openVisit: (url, good) => openVisit(agent, url, good) };
}

async function openVisit(agent: FirefoxAgent, url: string, good: string): Promise<HostileVisit> {
  const page = await agent.browser.newPage();
  const crashes: string[] = [];
  page.on('dialog', (dialog) => void dialog.dismiss().catch(() => undefined));
  page.on('pageerror', (thrown) => {
    const stack = thrown instanceof Error ? `${thrown.message} ${thrown.stack}` : String(thrown);
    // A page that calls itself without end runs out of stack wherever it happens to be, in a listener of ours, too.
    if (stack.includes('moz-extension://') && !stack.includes('too much recursion')) crashes.push(stack);
  });
  await page.goto(url, { waitUntil: 'domcontentloaded' }).catch(() => undefined);
  const state = { seen: '', isAlive: false };
  const eyes = createEyes(page);
  return {
    crashes: () => crashes,
    seen: () => state.seen,
    isAlive: () => state.isAlive,
    async chip(limitMs) {
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
    async attackAndPress(hostile, spot) {
      const at = JSON.stringify(spot ?? { x: 60, y: 60 });
      const attack = `{ const host = H.hostNow(), at = ${at}; ${hostile.attack ?? ''} }`;
      const press = hostile.press ?? 'chip';
      if (hostile.attack !== undefined) await eyes.asPage(attack);
      if (press !== 'chip at once') await eyes.look();
      const now = (await eyes.chip()) ?? spot;
      await pressAs(page, press, { spot: now, place: await eyes.numberAt(good), placeOf: eyes.placeOf });
      state.seen = String(await eyes.asPage(READ_EVERYTHING, LIFE_LIMIT_MS));
      state.isAlive = (await eyes.asPage('1 + 1', LIFE_LIMIT_MS)) === 2;
      return now?.label;
    },
    close: () => Promise.race([page.close(), new Promise((resolve) => setTimeout(resolve, ANSWER_MS))]),
  };
}

interface RemoteValue extends TreeNode {
  type: string;
}

/** Looks at the page as the browser sees it, and as its own scripts do. */
function createEyes(page: Page) {
  const { send } = bidiOf(page.browser());
  const evaluate = async (
    expression: string,
    target: object,
    { awaitPromise = false, limitMs = ANSWER_MS } = {},
  ): Promise<RemoteValue | undefined> => {
    const sent = send('script.evaluate', {
      expression,
      target,
      awaitPromise,
      serializationOptions: { maxDomDepth: null, includeShadowTree: 'all' },
    }).catch(() => undefined);
    const answer = await Promise.race([sent, new Promise<undefined>((resolve) => setTimeout(resolve, limitMs))]);
    return (answer as { result?: RemoteValue } | undefined)?.result; // WebDriver BiDi's own shape
  };
  // Puppeteer does not tell a frame's context by a public name.
  const contexts = () => page.frames().map((frame) => (frame as unknown as { _id: string })._id);
  const eyesOf = (context: string) => ({ context, sandbox: 'eyes' });
  const placeIn = async (context: string, sharedId: string): Promise<Place | undefined> => {
    const answer = await send('script.callFunction', {
      functionDeclaration: `(one) => { const range = document.createRange(); range.selectNodeContents(one); return (${middleOf})(range); }`,
      target: eyesOf(context),
      arguments: [{ sharedId }],
      awaitPromise: false,
    }).catch(() => undefined);
    return placeFrom((answer as { result?: { value?: unknown } } | undefined)?.result?.value); // as above
  };
  const treesOf = async (expression: string, context: string): Promise<TreeNode> => {
    const value = (await evaluate(expression, eyesOf(context)))?.value;
    // An array's value is a list of nodes.
    return { sharedId: '', value: { children: Array.isArray(value) ? (value as unknown as TreeNode[]) : [] } };
  };
  return {
    asPage: async (code: string, limitMs?: number): Promise<unknown> =>
      (await evaluate(code, { context: contexts()[0] }, { ...(limitMs !== undefined && { limitMs }) }))?.value,
    /** As long as a person looks, counted from a frame that the page has drawn: a busy one draws late. */
    async look(): Promise<void> {
      await evaluate(`(${lookInPage})(${SEEN_MS})`, eyesOf(contexts()[0] ?? ''), {
        awaitPromise: true,
        limitMs: LIFE_LIMIT_MS,
      });
    },
    async chip(): Promise<Spot | undefined> {
      for (const context of contexts()) {
        const button = findNode(await treesOf("[...document.querySelectorAll('div[popover]')]", context), isChip);
        const place = button && (await placeIn(context, button.sharedId));
        const label = /\+\d+/.exec(button?.value?.attributes?.['aria-label'] ?? '')?.[0] ?? '';
        if (place) return { ...place, label };
      }
      return undefined;
    },
    async numberAt(text: string): Promise<Place | undefined> {
      for (const context of contexts()) {
        const open = placeFrom(
          (await evaluate(`(${numberSpot})(${JSON.stringify(text)}, ${middleOf})`, eyesOf(context)))?.value,
        );
        if (open) return open;
        // A closed root: only the browser tells what is in there.
        const around = findNode(await treesOf('[document.documentElement]', context), holds(text));
        const node = around?.value?.children?.find(says(text));
        const place = node && (await placeIn(context, node.sharedId));
        if (place) return place;
      }
      return undefined;
    },
    async placeOf(id: string): Promise<Place | undefined> {
      for (const context of contexts()) {
        const found = `((one) => one && (${middleOf})(one))(document.getElementById(${JSON.stringify(id)}))`;
        const place = placeFrom((await evaluate(found, eyesOf(context)))?.value);
        if (place) return place;
      }
      return undefined;
    },
  };
}

const isChip = ({ value }: TreeNode) =>
  value?.localName === 'button' && value.attributes?.['class']?.split(' ').includes('chip');

const says =
  (text: string) =>
  ({ value }: TreeNode) =>
    value?.nodeValue?.includes(text) ?? false;
// A script that writes the number does not show it.
const holds =
  (text: string) =>
  ({ value }: TreeNode) =>
    value?.localName !== 'script' && value?.children?.some(says(text));

function placeFrom(value: unknown): Place | undefined {
  if (typeof value !== 'string') return undefined;
  const [x, y] = value.split(' ').map(Number);
  return x === undefined || y === undefined ? undefined : { x, y };
}

// ——— below: run in the sandbox ———

function middleOf(one: Element | Range): string {
  const { x, y, width, height } = one.getBoundingClientRect();
  const inset =
    window === window.top ? { x: 0, y: 0 } : (window.frameElement?.getBoundingClientRect() ?? { x: 0, y: 0 });
  return `${inset.x + x + width / 2} ${inset.y + y + height / 2}`;
}

function numberSpot(text: string, middle: (one: Range) => string): string | undefined {
  const look = (root: Node): string | undefined => {
    const walker = document.createTreeWalker(root, 5);
    for (let node: Node | null = root; node; node = walker.nextNode()) {
      const inner = node instanceof HTMLElement ? node.shadowRoot : null;
      const found = inner && look(inner);
      if (found) return found;
      const at = node.nodeType === 3 ? (node.nodeValue ?? '').indexOf(text) : -1;
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + text.length);
      if (range.getClientRects().length > 0) return middle(range);
    }
    return undefined;
  };
  return look(document);
}
