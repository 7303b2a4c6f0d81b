// The world of a Firefox story: the same demo CRM, phone system and relay as in tests/e2e, and agents with real Firefoxes.
// Where a machine has no Firefox that is new enough the stories are skipped and say so, never in CI.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { describe } from 'vitest';
import { type DemoCrm, serveDemoCrm } from '../../demo/server.ts';
import { FIREFOX_MIN_VERSION, isFirefoxRequired } from '../../scripts/find-browser.mjs';
import { bidiOf, findFirefox } from '../../scripts/firefox.ts';
import { type FirefoxAgent, type FirefoxAgentOptions, startFirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { FIREFOX_EXTENSION_DIR } from '../../scripts/stage/fresh-builds.ts';
import { moveOnto } from '../../scripts/stage/marks.ts';
import { type Stage, type StageOptions, setStage } from '../../scripts/stage/stage.ts';
import { eventually, REMOVAL } from '../e2e/world.ts';

export interface FirefoxWorld {
  crm: DemoCrm;
  stage: Stage;
  /** Starts a Firefox and pairs it: the toolbar's popup over the relay's start page. */
  agent(login: string, options?: Pick<FirefoxAgentOptions, 'prefs'>): Promise<FirefoxAgent>;
  /** A Firefox that nobody paired. */
  newcomer(options?: Pick<FirefoxAgentOptions, 'prefs'>): Promise<FirefoxAgent>;
  /** How many extensions are signed in now. */
  signedIn(): Promise<number>;
  close(): Promise<void>;
}

/** `describe` for stories that need a Firefox. */
export function describeInFirefox(title: string, stories: () => void): void {
  // Where one is required its absence is a failure: starting it says what is missing.
  if (findFirefox() || isFirefoxRequired()) describe(title, stories);
  else describe.skip(`${title} (skipped: needs Firefox ${FIREFOX_MIN_VERSION})`, stories);
}

/** Opens a world; close it in `afterAll`. */
export async function openFirefoxWorld(options: Omit<StageOptions, 'crmUrl'> = {}): Promise<FirefoxWorld> {
  const crm = await serveDemoCrm({ host: '127.0.0.1', port: 0 });
  const stage = await setStage({ ...options, crmUrl: crm.url });
  // A copy: Firefox reads files when it needs them, and a build may be made anew meanwhile.
  const extensionDir = mkdtempSync(join(tmpdir(), 'offhook-extension-'));
  cpSync(FIREFOX_EXTENSION_DIR, extensionDir, { recursive: true });
  const agents: FirefoxAgent[] = [];

  async function newcomer(more: Pick<FirefoxAgentOptions, 'prefs'> = {}): Promise<FirefoxAgent> {
    const agent = await startFirefoxAgent({ extensionDir, ...more });
    agents.push(agent);
    return agent;
  }

  return {
    crm,
    stage,
    newcomer,
    async agent(login, options) {
      const agent = await newcomer(options);
      const page = await agent.pair(await stage.pairingLink(login));
      await page.close();
      return agent;
    },
    async signedIn() {
      const [status] = await stage.cli('status');
      return (status as { extensions: number }).extensions; // as control-commands.ts has it
    },
    async close() {
      await Promise.all(agents.map((agent) => agent.close()));
      await stage.close();
      await crm.close();
      rmSync(extensionDir, REMOVAL);
    },
  };
}

/** Asks every five seconds for so long, and answers all that was heard; for what must not change. */
export async function seenDuring<Answer>(forMs: number, ask: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const end = Date.now() + forMs; Date.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    answers.push(await ask());
  }
  return answers;
}

/** Moves the mouse onto a painted number, waits for its chip, looks at it as long as a person does, and clicks it. */
export async function callByChip(page: Page, { text, e164 }: { text: string; e164: string }): Promise<void> {
  await moveOnto(page, text);
  await clickInChip(page, `a chip for ${e164}`, ({ value }) => value?.attributes?.['aria-label']?.endsWith(` ${e164}`));
}

/** Waits for a part of chip or card, looks at it as long as a person does, and clicks it. */
export async function clickInChip(
  page: Page,
  what: string,
  fits: (node: TreeNode) => boolean | undefined,
): Promise<void> {
  const find = () =>
    eventually(
      what,
      () => middleIn(page, fits),
      (found) => found !== undefined,
    );
  let middle = await find();
  // What the extension learns meanwhile moves it: then it is looked at anew.
  for (let before = undefined as typeof middle; before?.x !== middle?.x || before?.y !== middle?.y; ) {
    before = middle;
    await page.evaluate(lookInPage, 600);
    middle = await find();
  }
  if (middle) await page.mouse.click(middle.x, middle.y);
}

/**
 * Looks at a page for so long, in the page, counted from when it has drawn itself: a busy machine draws late. No event
 * tells that something was visible long enough: the extension counts that by itself, in a world of its own.
 */
export async function lookInPage(forMs: number): Promise<void> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  for (let count = 0; count < 3; count += 1) await frame();
  await new Promise((resolve) => setTimeout(resolve, forMs));
  await frame();
}

/** The document with all roots, closed ones too, one line an element or text. */
export async function treeOf(page: Page): Promise<string[]> {
  const lines: string[] = [];
  const write = (node: TreeNode, depth: number): void => {
    const { localName = '', attributes = {}, nodeValue = '', shadowRoot, children = [] } = node.value ?? {};
    lines.push(`${' '.repeat(depth)}${localName} ${JSON.stringify(attributes)} ${nodeValue}`);
    for (const child of [...(shadowRoot ? [shadowRoot] : []), ...children]) write(child, depth + 1);
  };
  write(await nodeOf(page, 'document.documentElement'), 0);
  return lines;
}

/** A node as WebDriver BiDi tells it. */
export interface TreeNode {
  sharedId: string;
  value?: {
    localName?: string;
    attributes?: Record<string, string>;
    nodeValue?: string;
    shadowRoot?: TreeNode | null;
    children?: TreeNode[];
  };
}

/** A node with all that is under it, as the browser itself sees it: closed shadow roots are open to it. */
async function nodeOf(page: Page, expression: string): Promise<TreeNode> {
  const { send, contextOf } = bidiOf(page.browser());
  const answer = await send('script.evaluate', {
    expression,
    target: { context: contextOf(page) },
    awaitPromise: false,
    serializationOptions: { maxDomDepth: null, includeShadowTree: 'all' },
  });
  return (answer as { result: TreeNode }).result; // WebDriver BiDi's own shape
}

const MIDDLE =
  "(one) => { const { x, y, width, height } = one.getBoundingClientRect(); return [x + width / 2, y + height / 2].join(' '); }";

// The chip is the last child of the root element while it is shown.
async function middleIn(
  page: Page,
  fits: (node: TreeNode) => boolean | undefined,
): Promise<{ x: number; y: number } | undefined> {
  const button = findNode(await nodeOf(page, 'document.documentElement.lastElementChild'), fits);
  if (!button) return undefined;
  const { send, contextOf } = bidiOf(page.browser());
  const answer = await send('script.callFunction', {
    functionDeclaration: MIDDLE,
    target: { context: contextOf(page) },
    arguments: [{ sharedId: button.sharedId }],
    awaitPromise: false,
  });
  const [x = 0, y = 0] = (answer as { result: { value: string } }).result.value.split(' ').map(Number); // as above
  return { x, y };
}

/** The first node of a tree, in document order, that fits. */
export function findNode(node: TreeNode, fits: (node: TreeNode) => boolean | undefined): TreeNode | undefined {
  if (fits(node)) return node;
  const { shadowRoot, children = [] } = node.value ?? {};
  for (const child of [...(shadowRoot ? [shadowRoot] : []), ...children]) {
    const found = findNode(child, fits);
    if (found) return found;
  }
  return undefined;
}
