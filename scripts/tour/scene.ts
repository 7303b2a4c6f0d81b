// What the tour walks on, and the few things that its steps do with it. What a step claims is read from the relay's own
// state or from a rendered view, never from what the step itself did.
import type { Call } from '@offhook/protocol';
import type { Page, Target } from 'puppeteer';
import type { Agent } from '../stage/agent.ts';
import type { Stage } from '../stage/stage.ts';
import type { TourWords } from './words.ts';

/** What a picture can be taken of: the CRM's tab, the agent's real caller window, the confirm window, or one of our pages in a tab. */
export type ViewName = 'crm' | 'desk' | 'form' | 'caller' | 'confirm' | OwnPage;
type OwnPage = 'popup' | 'sidepanel' | 'journal' | 'options' | 'welcome';

/** Address and size in pixels of each of our pages, as the browser shows it. */
const PAGES: Record<OwnPage, { path: string; width: number; height: number }> = {
  popup: { path: 'popup.html', width: 380, height: 600 },
  sidepanel: { path: 'sidepanel.html', width: 400, height: 800 },
  journal: { path: 'journal.html', width: 900, height: 700 },
  options: { path: 'options.html', width: 900, height: 1000 },
  welcome: { path: 'options.html#welcome', width: 900, height: 700 },
};

const CALLER_SIZE = { width: 400, height: 440 };
const CONFIRM_SIZE = { width: 400, height: 400 };

/** What the scene is made of. */
export interface SceneParts {
  stage: Stage;
  agent: Agent;
  crmUrl: string;
  words: TourWords;
}

/** What the tour walks on. */
export interface Scene extends SceneParts {
  /** The CRM's tab, once a step has opened it. */
  crm(): Page;
  /** Opens the CRM, or goes to another of its pages. */
  openCrm(path?: string): Promise<Page>;
  /** One of our pages, opened at the first time. */
  page(name: OwnPage): Promise<Page>;
  /** What to take a picture of. */
  view(name: ViewName): Promise<Page>;
  /** Facts that a step keeps for its check, by name. */
  memory: Map<string, unknown>;
}

/** One thing that the tour does and shows. */
export interface Step {
  id: string;
  /** What the step shows, in a few words. */
  title: string;
  act(scene: Scene): Promise<unknown>;
  /** Throws unless the step's effect can be seen; answers what was seen. */
  check(scene: Scene): Promise<string>;
  /** What to take pictures of. */
  shots: readonly ViewName[];
}

/** A scene on which nothing is open yet. */
export function createScene(parts: SceneParts): Scene {
  const { agent, crmUrl } = parts;
  const pages = new Map<OwnPage, Page>();
  let crm: Page | undefined;
  let desk: Page | undefined;

  async function page(name: OwnPage): Promise<Page> {
    const open = pages.get(name);
    if (open) return open;
    const { path, width, height } = PAGES[name];
    const opened = await agent.openView(path);
    await opened.setViewport({ width, height });
    pages.set(name, opened);
    return opened;
  }

  const scene: Scene = {
    ...parts,
    memory: new Map(),
    crm() {
      if (!crm) throw new Error('the CRM is not open');
      return crm;
    },
    async openCrm(path = '/') {
      crm ??= await agent.browser.newPage();
      await crm.bringToFront();
      await crm.goto(crmUrl + path);
      return crm;
    },
    page,
    async view(name) {
      if (name === 'crm') return scene.crm();
      if (name === 'form') {
        const form = scene.memory.get('form');
        // Kept there by the step that opened it.
        if (typeof form !== 'object' || form === null) throw new Error('no form of the CRM is open');
        return form as Page;
      }
      if (name === 'caller') {
        const window = await agent.callerWindow();
        await window.setViewport(CALLER_SIZE);
        return window;
      }
      if (name === 'confirm') {
        const isConfirm = (target: Target) => target.url().includes('/confirm.html');
        const target = await agent.browser.waitForTarget(isConfirm, { timeout: WAIT_MS });
        const window = (await target.page()) ?? (await target.asPage());
        await window.setViewport(CONFIRM_SIZE);
        // It takes no press in its first moment, and looks so.
        await window.waitForSelector('.confirm-card:not(:has(.patient, button:disabled))', { timeout: WAIT_MS });
        return window;
      }
      if (name !== 'desk') return page(name);
      desk ??= await agent.openPage(`${crmUrl}/desk`);
      await desk.waitForSelector('main li, main tr, main article', { timeout: WAIT_MS });
      return desk;
    },
  };
  return scene;
}

/** How long a step's effect may take to be seen. */
export const WAIT_MS = 20_000;
/** The agent's line. */
export const ADA = '10';
/** Anna Krüger of the demo CRM, as her number stands there and as a phone system reports it. */
export const CONTACT = {
  name: 'Anna Krüger',
  text: '030/23125007',
  e164: '+493023125007',
  reported: '03023125007',
  page: '/contacts/c001',
};

/** The newest call on the agent's line, once the relay has it in this state. */
export async function callIn({ stage }: Scene, state: Call['state'], what: string): Promise<string> {
  const newest = (calls: readonly Call[]) => [...calls].sort((a, b) => a.ageMs - b.ageMs)[0];
  const line = await stage.lineUntil(ADA, what, ({ calls }) => newest(calls)?.state === state);
  const number = newest(line.calls)?.remote.number;
  if (number?.kind !== 'e164' || number.number !== CONTACT.e164)
    throw new Error(`the call is with ${JSON.stringify(number)}`);
  return `the relay says ${state}, ${number.number}`;
}

/** How many browsers are signed in at the relay. */
export async function extensionsAt({ stage }: Scene): Promise<number> {
  const [status] = await stage.cli('status');
  return typeof status === 'object' && status !== null && 'extensions' in status ? Number(status.extensions) : 0;
}

/** Presses the button of this name, as a mouse does: as soon as it stands still. */
export async function press(page: Page, name: string): Promise<void> {
  // A tab in the background is not painted, and what is not painted cannot be clicked.
  await page.bringToFront();
  const selector = `::-p-aria([role="button"][name="${name}"])`;
  const find = () => page.waitForSelector(selector, { timeout: WAIT_MS }).catch(() => null);
  let place: string | undefined;
  await eventually(`the button "${name}" to stand still`, async () => {
    const button = await find();
    if (!button) throw new Error(`there is no button "${name}"`);
    const before = place;
    place = JSON.stringify(await button.boundingBox());
    return place !== 'null' && place === before;
  });
  await (await find())?.click();
}

/** Waits until a view says something; answers the finding in words. */
export async function seeText(page: Page, text: string): Promise<string> {
  const found = page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(text)})`, {
    timeout: WAIT_MS,
    polling: 100,
  });
  await found.catch(() => {
    throw new Error(`the view does not say "${text}"`);
  });
  return `the view says "${text}"`;
}

/** Waits for something that another process or the browser knows. */
export async function eventually(what: string, holds: () => Promise<boolean>, limitMs = WAIT_MS): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s for ${what}`);
    // Asked of another process or of the browser, which tell of no change by themselves.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
