// The world of a user story: the demo CRM, the phone system and the relay as processes of their own, and agents with
// real browsers that are paired as users pair them. The extension is the demo build; only its notifications are counted.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer';
import { type DemoCrm, serveDemoCrm } from '../../demo/server.ts';
import { type Agent, type AgentOptions, startAgent } from '../../scripts/stage/agent.ts';
import { ROOT, type Stage, type StageOptions, setStage } from '../../scripts/stage/stage.ts';

/** How long a page may take to show something, on a machine that has a lot else to do. */
const PAGE_LIMIT_MS = 20_000;
/** How long a browser may take to find its relay again: longer than the longest pause between two tries. */
export const LINK_LIMIT_MS = 60_000;

/** The lines of the two agents. */
export const ADA = '10';
export const BEN = '11';
/** Contacts of the demo CRM: how the number stands there, what is dialled, and how the network reports the caller. */
export const ANNA = {
  name: 'Anna Krüger',
  text: '030/23125007',
  e164: '+493023125007',
  reported: '03023125007',
  page: '/contacts/c001',
};
export const PAUL = {
  name: 'Paul Berger',
  text: '+49 (0) 30 23125014',
  e164: '+493023125014',
  reported: '03023125014',
  page: '/contacts/c002',
};

/** How a folder of a browser is removed: one that has ended may still be writing its last files. */
export const REMOVAL = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 } as const;

export interface World {
  crm: DemoCrm;
  stage: Stage;
  /** Starts a browser and pairs it through the relay's start page. */
  agent(login: string, options?: Partial<AgentOptions>): Promise<Agent>;
  /** A browser that nobody paired. */
  newcomer(options?: Partial<AgentOptions>): Promise<Agent>;
  close(): Promise<void>;
}

/** Opens a world; close it in `afterAll`. */
export async function openWorld(options: Omit<StageOptions, 'crmUrl'> = {}): Promise<World> {
  const crm = await serveDemoCrm({ host: '127.0.0.1', port: 0 });
  const stage = await setStage({ ...options, crmUrl: crm.url });
  const extensionDir = countingExtension();
  const agents: Agent[] = [];

  async function newcomer(more: Partial<AgentOptions> = {}): Promise<Agent> {
    const agent = await startAgent({ extensionDir, ...more });
    agents.push(agent);
    return agent;
  }

  return {
    crm,
    stage,
    newcomer,
    async agent(login, more) {
      const agent = await newcomer(more);
      const page = await agent.pair(await stage.pairingLink(login));
      await page.close();
      return agent;
    },
    async close() {
      await Promise.all(agents.map((agent) => agent.close()));
      await stage.close();
      await crm.close();
      rmSync(extensionDir, REMOVAL);
    },
  };
}

// The browser has it only once its icon is loaded: a worker that dies before that has shown nothing.
const COUNTING = `
{
  const create = chrome.notifications.create;
  chrome.notifications.create = function (id, content, onDone) {
    const key = Date.now() + ':' + Math.random();
    const note = (word) => void chrome.storage.local.set({ [word + key]: String(id) });
    note('created:');
    if (!onDone) return create.call(this, id, content).then((answer) => (note('shown:'), answer));
    create.call(this, id, content, (answer) => {
      if (!chrome.runtime.lastError) note('shown:');
      onDone(answer);
    });
  };
}
`;

// The very build that users of the demo get, with a counter around notifications.create: what it counts survives the
// worker, so that a second notification after a restart cannot hide.
function countingExtension(): string {
  const dir = mkdtempSync(join(tmpdir(), 'offhook-extension-'));
  cpSync(join(ROOT, '.output', 'chrome-mv3-demo'), dir, { recursive: true });
  const worker = join(dir, 'background.js');
  const code = readFileSync(worker, 'utf8');
  // Imports stay first; the counter runs before the worker's own code.
  const imports = /^(?:import[^;]*;)*/.exec(code)?.[0] ?? '';
  writeFileSync(worker, `${imports}${COUNTING}${code.slice(imports.length)}`);
  return dir;
}

/**
 * The ids of all notifications that were ever created in this profile, in order. One that was begun by a worker that died
 * over it, and was created again, counts once.
 */
export async function createdNotifications(agent: Agent): Promise<string[]> {
  const stored = await agent.inWorker('chrome.storage.local.get(null)');
  const notes = new Map(Object.entries(stored as Record<string, string>)); // chrome's own shape; ours are the keys below
  const keys = [...notes.keys()].filter((key) => key.startsWith('created:')).sort();
  const isShown = (key: string) => notes.has(key.replace('created:', 'shown:'));
  const isBegunAgain = (key: string, at: number) =>
    keys.slice(at + 1).some((later) => notes.get(later) === notes.get(key));
  return keys.filter((key, at) => isShown(key) || !isBegunAgain(key, at)).map((key) => notes.get(key) ?? '');
}

/** The calls of which devices told the relay this, from the relay's own log, which comes a moment after the word. */
export function seenFrames(stage: Stage, action: 'shown' | 'dismissed' | 'opened'): string[] {
  return (
    stage.relay
      .output()
      .split('\n')
      // What follows the last end of a line is a line that is still being written.
      .slice(0, -1)
      .filter((line) => line.includes('"msg":"seen"') && line.includes(`"action":"${action}"`))
      .map((line) => String(JSON.parse(line).callId))
  );
}

/** Waits until devices have told the relay just so often that they did this with the call of a notification. */
export async function seenOf(
  { stage }: Pick<World, 'stage'>,
  { id, action, times }: { id: string; action: 'shown' | 'dismissed' | 'opened'; times: number },
): Promise<void> {
  await eventually(
    `${id} to be told as ${action}`,
    () => seenFrames(stage, action).filter((callId) => id === `call:${callId}`),
    (frames) => frames.length === times,
  );
}

/** Closes the caller windows that stand; one that is closing by itself just then is as good. */
export async function closeCallerWindows(agent: Agent): Promise<void> {
  await eventually(
    'no caller window',
    async () => {
      for (const target of agent.browser.targets().filter((one) => one.url().includes('/caller.html'))) {
        const page = (await target.page().catch(() => null)) ?? (await target.asPage().catch(() => null));
        await page?.close().catch(() => undefined);
      }
      return agent.callerWindowCount();
    },
    (count) => count === 0,
  );
}

/** Clicks the button of this name, as soon as it stands still; once more where it moved away from under the mouse. */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  const pattern = typeof name === 'string' ? `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$` : name.source;
  await page.bringToFront();
  await eventually(
    `a press on ${pattern}`,
    async () => isPressed(await stillButton(page, pattern)),
    (isHit) => isHit,
    PAGE_LIMIT_MS,
  );
}

// Nobody aims at what is just moving.
async function stillButton(page: Page, pattern: string): Promise<ElementHandle<Element>> {
  const handle = await page.waitForFunction(
    async (source) => {
      const find = () =>
        [...document.querySelectorAll('button')].find((button) => {
          const label = button.getAttribute('aria-label') ?? button.textContent ?? '';
          return new RegExp(source).test(label.trim()) && !button.disabled;
        });
      const placeOf = (button: Element | undefined) => JSON.stringify(button?.getBoundingClientRect());
      const before = find();
      const place = placeOf(before);
      await new Promise((resolve) => setTimeout(resolve, 60));
      const after = find();
      return after !== undefined && after === before && placeOf(after) === place ? after : undefined;
    },
    { timeout: PAGE_LIMIT_MS, polling: 50 },
    pattern,
  );
  const button = handle.asElement();
  if (!button) throw new Error(`no button ${pattern}`);
  return button as ElementHandle<Element>; // a button, see above
}

// Whether the click came to the button; a card that goes by itself may have moved it meanwhile.
async function isPressed(button: ElementHandle<Element>): Promise<boolean> {
  const heard = await button.evaluateHandle((one) => {
    const clicks = { count: 0 };
    one.addEventListener('click', () => (clicks.count += 1), { capture: true });
    return clicks;
  });
  await button.click();
  // The press may have closed the view.
  const { count } = await heard.jsonValue().catch(() => ({ count: 1 }));
  return count > 0;
}

/** Types into the popup's dial field, over what stands there; by keys: a call that comes or goes moves the field. */
export async function typeToDial(popup: Page, text: string): Promise<void> {
  await popup.bringToFront();
  await popup.focus('.dial__input');
  await popup.keyboard.down('Control');
  await popup.keyboard.press('a');
  await popup.keyboard.up('Control');
  await popup.keyboard.type(text);
}

/** How many extensions are signed in at the relay. */
export async function signedIn({ cli }: Pick<Stage, 'cli'>): Promise<number> {
  const [status] = await cli('status');
  return (status as { extensions: number }).extensions; // as control-commands.ts has it
}

// As it is painted: what is hidden does not count; a page that is just coming up has no body. In quotes, since these run there.
const RENDERED = "(document.body?.innerText ?? '')";

/** Waits until the page says this. */
export async function waitForText(page: Page, text: string): Promise<void> {
  await waitForRendered(page, `includes(${JSON.stringify(text)})`).catch(async (cause: unknown) => {
    const said = String(await page.evaluate(RENDERED)).slice(0, 600);
    throw new Error(`the page does not say "${text}" but: ${said}`, { cause });
  });
}

/** Waits until what the page says passes a test, an expression after the dot: `match(/Ben.*Free/s)`. */
export async function waitForRendered(page: Page, test: string): Promise<void> {
  await page.waitForFunction(`${RENDERED}.${test}`, { timeout: PAGE_LIMIT_MS, polling: 50 });
}

/** Waits until the page does not say this any more. */
export async function waitForNoText(page: Page, text: string): Promise<void> {
  await page.waitForFunction(`!${RENDERED}.includes(${JSON.stringify(text)})`, {
    timeout: PAGE_LIMIT_MS,
    polling: 50,
  });
}

/** Asks again and again until the answer fits; for what no event tells. */
export async function eventually<Answer>(
  what: string,
  ask: () => Promise<Answer> | Answer,
  fits: (answer: Answer) => boolean,
  limitMs = PAGE_LIMIT_MS,
): Promise<Answer> {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s for ${what}, last: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
