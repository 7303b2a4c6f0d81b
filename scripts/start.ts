// `npm start`: the whole product on this machine, with sample data and a simulated phone system. Builds the demo
// extension, starts relay and demo CRM on loopback, opens a browser that is paired as one agent, and lets somebody call.
// Without a display, or with `-- --tour`, it walks the path by itself instead and says of each step whether it worked.
//   npm start -- [--tour] [--break STEP] [--out .output/tour] [--lang en] [--pictures docs/images]
// The tour walks in English and in German unless one language is named.
import { rmSync } from 'node:fs';
import { join, relative, resolve as resolvePath } from 'node:path';
import { parseArgs } from 'node:util';
import { type DemoCrm, serveDemoCrm } from '../demo/server.ts';
import { type Agent, startAgent } from './stage/agent.ts';
import { DEMO_EXTENSION_DIR, freshDemoBuild, freshDemoCrm } from './stage/fresh-builds.ts';
import { freePort, ROOT, type Stage, setStage } from './stage/stage.ts';
import { keepPictures } from './tour/keep-pictures.ts';
import { stepIds, walkTour } from './tour/walk.ts';
import { tourWords } from './tour/words.ts';

const DEMO_DIR = join(ROOT, '.output', 'demo');
const LANGUAGES = ['en', 'de'];
/** The README's pictures, each of a step and a view of the English tour. */
const README_PICTURES = [
  { scheme: 'light', of: 'chip-crm', name: 'chip.png' },
  { scheme: 'light', of: 'ring-caller', name: 'caller.png' },
  { scheme: 'light', of: 'note-sidepanel', name: 'panel.png' },
  { scheme: 'dark', of: 'find-sidepanel', name: 'panel-dark.png' },
  { scheme: 'light', of: 'journal-journal', name: 'journal.png' },
] as const;
const RELAY_PORT = 8730;
const CRM_PORT = 8740;
const FIRST_CALL_MS = 6_000;
const START_LIMIT_MS = 30_000;

const startedAt = performance.now();
process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      out: { type: 'string', default: join('.output', 'tour') },
      tour: { type: 'boolean', default: false },
      break: { type: 'string' },
      lang: { type: 'string' },
      pictures: { type: 'string' },
    },
  });
  if (values.break !== undefined && !stepIds().includes(values.break)) {
    console.error(`There is no step "${values.break}". Steps: ${stepIds().join(', ')}`);
    return 2;
  }
  const isTour = values.tour || values.break !== undefined || !hasDisplay();
  if (isTour && !values.tour && values.break === undefined) say('no display here: walking the tour instead');
  const undo: (() => unknown)[] = [];
  const told = toldToEnd();
  const done = run({
    isTour,
    breakStep: values.break,
    lang: values.lang,
    outDir: resolvePath(ROOT, values.out),
    pictures: values.pictures,
    undo,
    told,
  });
  try {
    return await Promise.race([done, told.then(() => 130)]);
  } catch (error) {
    console.error(`npm start failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    // Ctrl-C counts from the first moment on, and what was only just being started then is ended, too.
    await closeAll(undo);
    await Promise.race([
      done.catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, START_LIMIT_MS).unref()),
    ]);
    await closeAll(undo);
  }
}

async function closeAll(undo: (() => unknown)[]): Promise<void> {
  for (const close of undo.splice(0).reverse()) await close();
}

function toldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

interface Run {
  isTour: boolean;
  breakStep: string | undefined;
  lang: string | undefined;
  outDir: string;
  /** Where the README's pictures are copied to after a good tour. */
  pictures: string | undefined;
  undo: (() => unknown)[];
  told: Promise<void>;
}

async function run(options: Run): Promise<number> {
  const { isTour, undo } = options;
  await freshDemoBuild({ say });
  await freshDemoCrm({ say });
  const crm = await serveDemoCrm({ host: '127.0.0.1', port: isTour ? 0 : await freePort(CRM_PORT) });
  undo.push(() => crm.close());
  say(`demo CRM: ${crm.url}`);
  return isTour ? await tour(options, crm) : await live(options, crm);
}

/** For pictures and proofs: the same walk in each language, each with a company of its own. */
async function tour({ lang, breakStep, outDir, pictures, undo }: Run, crm: DemoCrm): Promise<number> {
  rmSync(outDir, { recursive: true, force: true });
  for (const language of lang === undefined ? LANGUAGES : [lang]) {
    const stage = await setStage({ crmUrl: crm.url });
    undo.push(() => stage.close());
    crm.openDesk(stage.desk);
    say(`${language}: relay ${stage.relayUrl} (12 lines, 2 agents, data in ${stage.dir})`);
    const agent = await startAgent({ extensionDir: DEMO_EXTENSION_DIR, headless: true, lang: language });
    undo.push(() => agent.close());
    const words = tourWords(language);
    const into = join(outDir, language);
    const isGood = await walkTour({ stage, agent, words, crmUrl: crm.url, outDir: into, breakStep, say });
    if (!isGood) {
      console.log(`the relay's log:\n${stage.relay.output().split('\n').slice(-30).join('\n')}`);
      say('the tour failed');
      return 1;
    }
    await undo.pop()?.();
    await undo.pop()?.();
  }
  if (pictures !== undefined) {
    const kept = keepPictures(README_PICTURES, { from: join(outDir, LANGUAGES[0] ?? ''), to: join(ROOT, pictures) });
    say(kept.length === 0 ? 'no picture looks different' : `new pictures: ${kept.join(', ')}`);
  }
  say(`all steps seen to work; pictures in ${relative(ROOT, outDir)}`);
  return 0;
}

async function live({ lang, undo, told }: Run, crm: DemoCrm): Promise<number> {
  rmSync(DEMO_DIR, { recursive: true, force: true });
  const stage = await setStage({ crmUrl: crm.url, dir: DEMO_DIR, port: RELAY_PORT, simulatorArgs: ['--live'] });
  undo.push(() => stage.close());
  crm.openDesk(stage.desk);
  say(`relay: ${stage.relayUrl} (12 lines, 2 agents, data in ${stage.dir})`);
  const agent = await startAgent({
    extensionDir: DEMO_EXTENSION_DIR,
    headless: false,
    ...(lang !== undefined && { lang }),
    profileDir: join(DEMO_DIR, 'profile'),
  });
  undo.push(() => agent.close());
  return await stayOpen({ stage, agent, crmUrl: crm.url, told });
}

/** For people: paired through the same link as every user, the CRM in front, and a first caller after a few seconds. */
async function stayOpen(parts: { stage: Stage; agent: Agent; crmUrl: string; told: Promise<void> }): Promise<number> {
  const { stage, agent, crmUrl, told } = parts;
  const page = await agent.pair(await stage.pairingLink('ada'));
  await agent.openPage(`${crmUrl}/desk`);
  await page.goto(crmUrl);
  await page.bringToFront();
  say('Your browser is paired as Ada Sample, line 10. Hover a number in the CRM and click "Call".');
  say('In the tab "Phone desk" you are the callers and the colleagues.');
  say(
    'Somebody calls you in a moment. Click the Offhook icon in the toolbar to see your line. Ctrl-C ends everything.',
  );
  const caller = setTimeout(() => {
    void stage.desk.callIn({ from: '03023125007', to: '10' });
  }, FIRST_CALL_MS);
  const closed = new Promise<void>((resolve) => {
    agent.browser.once('disconnected', () => resolve());
  });
  await Promise.race([told, closed]);
  clearTimeout(caller);
  say('ending the demo');
  return 0;
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

function say(line: string): void {
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}
