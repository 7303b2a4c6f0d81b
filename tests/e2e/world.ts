// The world of a user story: the demo CRM, the phone system and the relay as processes of their own, and agents with
// real browsers that are paired as users pair them. The extension is the demo build; only its notifications are counted.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { type DemoCrm, serveDemoCrm } from '../../demo/server.ts';
import { type Agent, type AgentOptions, startAgent } from '../../scripts/stage/agent.ts';
import { ROOT, type Stage, type StageOptions, setStage } from '../../scripts/stage/stage.ts';

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
      rmSync(extensionDir, { recursive: true, force: true });
    },
  };
}

const COUNTING = `
{
  const create = chrome.notifications.create;
  chrome.notifications.create = function (...args) {
    const key = 'created:' + Date.now() + ':' + Math.random();
    void chrome.storage.local.set({ [key]: String(args[0]) });
    return create.apply(this, args);
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

/** The ids of all notifications that were ever created in this profile, in order. */
export async function createdNotifications(agent: Agent): Promise<string[]> {
  const stored = await agent.inWorker('chrome.storage.local.get(null)');
  return Object.entries(stored as Record<string, string>) // chrome's own shape; ours are the keys below
    .filter(([key]) => key.startsWith('created:'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, id]) => id);
}

/** How often devices told the relay that they showed a call, from the relay's own log. */
export function seenFrames(stage: Stage, action: 'shown' | 'dismissed' | 'opened'): string[] {
  return stage.relay
    .output()
    .split('\n')
    .filter((line) => line.includes('"msg":"seen"') && line.includes(`"action":"${action}"`))
    .map((line) => String(JSON.parse(line).callId));
}

/** Clicks the button of this name. */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  const pattern = typeof name === 'string' ? `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$` : name.source;
  await page.bringToFront();
  const handle = await page.waitForFunction(
    (source) =>
      [...document.querySelectorAll('button')].find((button) => {
        const label = button.getAttribute('aria-label') ?? button.textContent ?? '';
        return new RegExp(source).test(label.trim()) && !button.disabled;
      }),
    { timeout: 10_000, polling: 50 },
    pattern,
  );
  const button = handle.asElement();
  if (!button) throw new Error(`no button ${pattern}`);
  await (button as import('puppeteer').ElementHandle<Element>).click(); // a button, see above
}

// As it is painted: what is hidden does not count. In quotes, since these run in the page.
const RENDERED = 'document.body.innerText';

/** Waits until the page says this. */
export async function waitForText(page: Page, text: string): Promise<void> {
  await waitForRendered(page, `includes(${JSON.stringify(text)})`).catch(async (cause: unknown) => {
    const said = String(await page.evaluate(RENDERED)).slice(0, 600);
    throw new Error(`the page does not say "${text}" but: ${said}`, { cause });
  });
}

/** Waits until what the page says passes a test, an expression after the dot: `match(/Ben.*Free/s)`. */
export async function waitForRendered(page: Page, test: string): Promise<void> {
  await page.waitForFunction(`${RENDERED}.${test}`, { timeout: 10_000, polling: 50 });
}

/** Waits until the page does not say this any more. */
export async function waitForNoText(page: Page, text: string): Promise<void> {
  await page.waitForFunction(`!${RENDERED}.includes(${JSON.stringify(text)})`, { timeout: 10_000, polling: 50 });
}

/** Asks again and again until the answer fits; for what no event tells. */
export async function eventually<Answer>(
  what: string,
  ask: () => Promise<Answer> | Answer,
  fits: (answer: Answer) => boolean,
  limitMs = 15_000,
): Promise<Answer> {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s for ${what}, last: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
