// Makes sure that what is shown or measured is what the sources say: builds what is missing or older than its sources,
// silently, and leaves alone what is up to date, so that a second run starts at once and nobody's build is pulled away.
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildDemoCrm, DEMO_CRM_DIR } from '../../demo/build.ts';
import { ROOT } from './stage.ts';

/** Hears what is being built. */
interface Teller {
  say(line: string): void;
}

/** Where the builds of the extension lie. */
export const STORE_DIR: string = join(ROOT, '.output', 'chrome-mv3');
export const DEMO_EXTENSION_DIR: string = join(ROOT, '.output', 'chrome-mv3-demo');
export const FIREFOX_EXTENSION_DIR: string = join(ROOT, '.output', 'firefox-mv3-demo');

const EXTENSION_SOURCES = [
  'entrypoints',
  'components',
  'lib',
  'protocol/src',
  'public',
  'wxt.config.ts',
  'wxt.demo.config.ts',
  'package.json',
  'package-lock.json',
];

/** Builds the extension for the store, if need be. */
export async function freshStoreBuild({ say }: Teller): Promise<void> {
  // The manifest is the last file that a build writes.
  if (isFresh(join(STORE_DIR, 'manifest.json'), EXTENSION_SOURCES)) return;
  say('building the extension');
  await runWxt(['build', '--mv3']);
}

/** Builds the demo extension, if need be. */
export async function freshDemoBuild({ say }: Teller): Promise<void> {
  if (isFresh(join(DEMO_EXTENSION_DIR, 'manifest.json'), EXTENSION_SOURCES)) return;
  say('building the demo extension');
  await runWxt(['build', '--mv3', '-c', 'wxt.demo.config.ts']);
}

/** Builds the demo CRM, if need be. */
export async function freshDemoCrm({ say }: Teller): Promise<void> {
  if (isFresh(join(DEMO_CRM_DIR, 'index.html'), ['demo', 'package-lock.json'])) return;
  say('building the demo CRM');
  await buildDemoCrm();
}

function isFresh(built: string, sources: readonly string[]): boolean {
  const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return sources.every((source) => newestIn(join(ROOT, source)) < builtAt);
}

function newestIn(path: string): number {
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  // A folder's own time tells what was removed.
  return Math.max(own.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

function runWxt(args: readonly string[]): Promise<void> {
  const wxt = join(ROOT, 'node_modules', '.bin', 'wxt');
  const child = spawn(wxt, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`wxt ${args.join(' ')} ended with code ${code}: ${output}`));
    });
  });
}
