// `npm start`: the whole product on this machine, with sample data and a simulated phone system. Builds the demo
// extension, starts relay and demo CRM on loopback, opens a browser that is paired as one agent, and lets somebody call.
// Without a display, or with `-- --tour`, it walks the path by itself instead and says of each step whether it worked.
//   npm start -- [--tour] [--break STEP] [--out .output/tour] [--lang de] [--pictures docs/images]
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve as resolvePath } from 'node:path';
import { parseArgs } from 'node:util';
import { serveDemoCrm } from '../demo/server.ts';
import { type Agent, startAgent } from './stage/agent.ts';
import { DEMO_EXTENSION_DIR, freshDemoBuild, freshDemoCrm } from './stage/fresh-builds.ts';
import { freePort, ROOT, type Stage, setStage } from './stage/stage.ts';
import { stepIds, walkTour } from './tour.ts';

const DEMO_DIR = join(ROOT, '.output', 'demo');
const README_STEPS = ['chip', 'ring', 'talk'];
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

async function run({ isTour, breakStep, lang, outDir, pictures, undo, told }: Run): Promise<number> {
  await freshDemoBuild({ say });
  await freshDemoCrm({ say });
  rmSync(DEMO_DIR, { recursive: true, force: true });
  const crm = await serveDemoCrm({ host: '127.0.0.1', port: isTour ? 0 : await freePort(CRM_PORT) });
  undo.push(() => crm.close());
  say(`demo CRM: ${crm.url}`);
  const stage = await setStage({
    crmUrl: crm.url,
    ...(isTour ? {} : { dir: DEMO_DIR, port: RELAY_PORT, simulatorArgs: ['--live'] }),
  });
  undo.push(() => stage.close());
  say(`relay: ${stage.relayUrl} (12 lines, 2 agents, data in ${stage.dir})`);
  const agent = await startAgent({
    extensionDir: DEMO_EXTENSION_DIR,
    headless: isTour,
    ...(lang !== undefined && { lang }),
    ...(isTour ? {} : { profileDir: join(DEMO_DIR, 'profile') }),
  });
  undo.push(() => agent.close());
  if (!isTour) return await stayOpen({ stage, agent, crmUrl: crm.url, told });
  const isGood = await walkTour({ stage, agent, crmUrl: crm.url, outDir, breakStep, say });
  if (isGood && pictures !== undefined) copyPictures(outDir, join(ROOT, pictures));
  if (!isGood) console.log(`the relay's log:\n${stage.relay.output().split('\n').slice(-30).join('\n')}`);
  say(isGood ? `all steps seen to work; pictures in ${relative(ROOT, outDir)}` : 'the tour failed');
  return isGood ? 0 : 1;
}

/** For people: paired through the same link as every user, the CRM in front, and a first caller after a few seconds. */
async function stayOpen(parts: { stage: Stage; agent: Agent; crmUrl: string; told: Promise<void> }): Promise<number> {
  const { stage, agent, crmUrl, told } = parts;
  const page = await agent.pair(await stage.pairingLink('ada'));
  await page.goto(crmUrl);
  await page.bringToFront();
  say('Your browser is paired as Ada Sample, line 10. Hover a number in the CRM and click "Call".');
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

function copyPictures(from: string, dir: string): void {
  mkdirSync(dir, { recursive: true });
  for (const file of readdirSync(from)) {
    const step = README_STEPS.find((name) => file.endsWith(`-${name}.png`));
    if (step) copyFileSync(join(from, file), join(dir, `${step}.png`));
  }
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

function say(line: string): void {
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}
