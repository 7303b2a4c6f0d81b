// The tour: walks the whole path by itself, one line a step, with a screenshot each. A step counts only if what it did
// can be read from the relay's own state or from the rendered view; `--break STEP` leaves out what a step does, and then
// the tour has to fail there.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from '@offhook/protocol';
import type { Page } from 'puppeteer';
import type { Agent } from './stage/agent.ts';
import { chipFor, clickChip, hoverNumber, waitForPainted } from './stage/marks.ts';
import type { Stage } from './stage/stage.ts';

/** What the tour walks on. */
export interface Scene {
  stage: Stage;
  agent: Agent;
  crmUrl: string;
  /** The CRM's tab, once it is open. */
  crm(): Page;
  openCrm(): Promise<Page>;
  /** The popup's view, in a tab, so that it stays open. */
  popup(): Promise<Page>;
  /** What a step saw before it acted, for its check. */
  memory: { workerBornAt?: number; relayPid?: number | undefined };
}

interface Step {
  id: string;
  /** What the step shows, in a few words. */
  title: string;
  act(scene: Scene): Promise<unknown>;
  /** Throws unless the step's effect can be seen; answers what was seen. */
  check(scene: Scene): Promise<string>;
  shot: 'crm' | 'popup' | 'none';
}

export interface TourOptions {
  stage: Stage;
  agent: Agent;
  crmUrl: string;
  outDir: string;
  /** The step to sabotage. */
  breakStep?: string | undefined;
  say(line: string): void;
}

const ADA = '10';
/** Anna Krüger of the demo CRM, as her number stands there and as a phone system reports it. */
const CONTACT = { text: '030/23125007', e164: '+493023125007', reported: '03023125007', page: '/contacts/c001' };

/** The names of all steps, for `--break`. */
export function stepIds(): string[] {
  return STEPS.map(({ id }) => id);
}

/** Walks all steps; true if every one was seen to work. */
export async function walkTour({ outDir, breakStep, say, ...parts }: TourOptions): Promise<boolean> {
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  const scene = sceneOf(parts);
  for (const [index, step] of STEPS.entries()) {
    const startedAt = performance.now();
    const spent = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
    const name = `${String(index + 1).padStart(2, '0')}-${step.id}`;
    const picture = (ending: '' | '-failed') => `${join(outDir, name)}${ending}.png` as const;
    try {
      if (step.id !== breakStep) await step.act(scene);
      const seen = await step.check(scene);
      await shoot(scene, step.shot, picture(''));
      say(`ok    ${name}  ${step.title}: ${seen}  (${spent()})`);
    } catch (error) {
      await shoot(scene, step.shot, picture('-failed')).catch(() => undefined);
      say(`FAIL  ${name}  ${step.title}: ${error instanceof Error ? error.message : String(error)}  (${spent()})`);
      return false;
    }
  }
  return true;
}

function sceneOf({ stage, agent, crmUrl }: Omit<TourOptions, 'outDir' | 'breakStep' | 'say'>): Scene {
  let crm: Page | undefined;
  let popup: Page | undefined;
  return {
    stage,
    agent,
    crmUrl,
    memory: {},
    crm() {
      if (!crm) throw new Error('the CRM is not open');
      return crm;
    },
    async openCrm() {
      crm = await agent.openPage(crmUrl);
      return crm;
    },
    async popup() {
      popup ??= await agent.openView('popup.html');
      await popup.setViewport({ width: 380, height: 600 });
      return popup;
    },
  };
}

async function shoot(scene: Scene, what: Step['shot'], path: `${string}.png`): Promise<void> {
  if (what === 'none') return;
  const page = what === 'crm' ? scene.crm() : await scene.popup();
  await page.bringToFront();
  await page.screenshot({ path });
}

const STEPS: readonly Step[] = [
  {
    id: 'pair',
    title: "the browser is paired by the start page's link",
    act: async ({ stage, agent }) => agent.pair(await stage.pairingLink('ada')),
    async check(scene) {
      await eventually('a signed-in extension at the relay', async () => (await extensionsAt(scene)) === 1);
      return seeText(await scene.popup(), 'Line 10');
    },
    shot: 'popup',
  },
  {
    id: 'numbers',
    title: 'numbers in the CRM are marked',
    act: (scene) => scene.openCrm(),
    async check(scene) {
      const painted = await waitForPainted(scene.crm(), 20);
      if (!painted.includes(CONTACT.text)) throw new Error(`${CONTACT.text} is not among ${painted.join(', ')}`);
      return `${painted.length} numbers painted`;
    },
    shot: 'crm',
  },
  {
    id: 'chip',
    title: 'the mouse on a number brings the chip',
    act: (scene) => hoverNumber(scene.crm(), CONTACT),
    async check(scene) {
      const box = await (await chipFor(scene.crm(), CONTACT.e164)).boundingBox();
      if (!box) throw new Error('the chip has no place');
      return `Call ${CONTACT.e164}`;
    },
    shot: 'crm',
  },
  {
    id: 'dial',
    title: 'one click on it orders the call',
    act: async (scene) => clickChip(scene.crm(), await chipFor(scene.crm(), CONTACT.e164)),
    check: (scene) => callIn(scene, 'prompting', 'our own phone rings'),
    shot: 'popup',
  },
  {
    id: 'talk',
    title: 'own phone lifted, far end answers',
    async act({ stage }) {
      await stage.desk.lift(ADA);
      await stage.desk.farAnswers(ADA);
    },
    async check(scene) {
      await callIn(scene, 'connected', 'a connected call');
      return seeText(await scene.popup(), 'In call');
    },
    shot: 'popup',
  },
  {
    id: 'hang-up',
    title: 'the popup hangs up',
    act: async (scene) => press(await scene.popup(), 'Hang up'),
    check: (scene) => callIn(scene, 'ended', 'the end of the call'),
    shot: 'popup',
  },
  {
    id: 'ring',
    title: 'a caller from outside rings and is known by name',
    act: ({ stage }) => stage.desk.callIn({ from: CONTACT.reported, to: ADA }),
    async check(scene) {
      await callIn(scene, 'offering', 'a ringing call');
      await eventually('a notification', async () => (await scene.agent.notifications()).length === 1);
      return seeText(await scene.popup(), 'Anna Krüger');
    },
    shot: 'popup',
  },
  {
    id: 'contact',
    title: 'the notification opens the contact in the CRM tab that is open',
    async act({ agent }) {
      const [notification = ''] = await agent.notifications();
      await agent.pressNotification(notification, -1);
    },
    async check(scene) {
      const crm = scene.crm();
      await crm.waitForFunction((path) => location.pathname === path, { timeout: WAIT_MS, polling: 100 }, CONTACT.page);
      const tabs = (await scene.agent.browser.pages()).filter((page) => page.url().startsWith(scene.crmUrl));
      if (tabs.length !== 1) throw new Error(`the CRM is open in ${tabs.length} tabs`);
      return CONTACT.page;
    },
    shot: 'crm',
  },
  {
    id: 'answer',
    title: 'the popup answers',
    act: async (scene) => press(await scene.popup(), 'Answer'),
    check: (scene) => callIn(scene, 'connected', 'a connected call'),
    shot: 'popup',
  },
  {
    id: 'worker',
    title: 'the browser ends the worker in the middle of the call',
    async act(scene) {
      scene.memory.workerBornAt = await workerBornAt(scene);
      await scene.agent.stopWorker();
    },
    async check(scene) {
      const { workerBornAt: before } = scene.memory;
      if (before === undefined) throw new Error('the worker was not ended');
      await eventually('a new worker', async () => (await workerBornAt(scene)) > before);
      await eventually('one signed-in extension', async () => (await extensionsAt(scene)) === 1);
      if ((await scene.agent.notifications()).length > 0) throw new Error('a notification came back');
      return seeText(await scene.popup(), 'In call');
    },
    shot: 'popup',
  },
  {
    id: 'relay',
    title: 'the relay is killed and started again',
    async act({ stage, memory }) {
      memory.relayPid = stage.relay.pid;
      await stage.relay.kill();
      await stage.relay.start();
    },
    async check(scene) {
      const { relayPid } = scene.memory;
      if (relayPid === undefined || scene.stage.relay.pid === relayPid) throw new Error('the relay was not restarted');
      await eventually('the link to come back', async () => (await extensionsAt(scene)) === 1, 45_000);
      await callIn(scene, 'connected', 'the call to go on');
      return seeText(await scene.popup(), 'In call');
    },
    shot: 'popup',
  },
  {
    id: 'journal',
    title: 'the caller hangs up, and both calls are in the journal',
    act: ({ stage }) => stage.desk.farHangsUp(ADA),
    async check(scene) {
      await callIn(scene, 'ended', 'the end of the call');
      const want = 'inbound answered, outbound answered';
      const read = async () => {
        const entries = await scene.stage.journal();
        return entries.map(({ direction, outcome }) => `${direction} ${outcome}`).join(', ');
      };
      await eventually(`the journal to say "${want}"`, async () => (await read()) === want);
      return want;
    },
    shot: 'popup',
  },
];

const WAIT_MS = 10_000;

/** The newest call on the agent's line, once the relay has it in this state. */
async function callIn({ stage }: Scene, state: Call['state'], what: string): Promise<string> {
  const newest = (calls: readonly Call[]) => [...calls].sort((a, b) => a.ageMs - b.ageMs)[0];
  const line = await stage.lineUntil(ADA, what, ({ calls }) => newest(calls)?.state === state);
  const number = newest(line.calls)?.remote.number;
  if (number?.kind !== 'e164' || number.number !== CONTACT.e164)
    throw new Error(`the call is with ${JSON.stringify(number)}`);
  return `the relay says ${state}, ${number.number}`;
}

async function extensionsAt({ stage }: Scene): Promise<number> {
  const [status] = await stage.cli('status');
  return typeof status === 'object' && status !== null && 'extensions' in status ? Number(status.extensions) : 0;
}

async function workerBornAt({ agent }: Scene): Promise<number> {
  return Number(await agent.inWorker('performance.timeOrigin'));
}

async function press(page: Page, name: string): Promise<void> {
  // A tab in the background is not painted, and what is not painted cannot be clicked.
  await page.bringToFront();
  const selector = `::-p-aria([role="button"][name="${name}"])`;
  const button = await page.waitForSelector(selector, { timeout: WAIT_MS }).catch(() => null);
  if (!button) throw new Error(`there is no button "${name}"`);
  await button.click();
}

async function seeText(page: Page, text: string): Promise<string> {
  const found = page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(text)})`, {
    timeout: WAIT_MS,
    polling: 100,
  });
  await found.catch(() => {
    throw new Error(`the view does not say "${text}"`);
  });
  return `the view says "${text}"`;
}

async function eventually(what: string, holds: () => Promise<boolean>, limitMs = WAIT_MS): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s for ${what}`);
    // Asked of another process or of the browser, which tell of no change by themselves.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
