// Where the rows with a browser are measured: an agent at work on the real stage, with a guard that lets her dial as
// often as the rounds ask for. The extension is the demo build with one page more, which holds nothing but a line's name.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Agent } from '../../scripts/stage/agent.ts';
import { DEMO_EXTENSION_DIR, freshDemoBuild, freshDemoCrm } from '../../scripts/stage/fresh-builds.ts';
import { ADA, openWorld, type World } from '../e2e/world.ts';
import type { BareSocket } from './bare-socket.ts';
import type { Ground } from './row.ts';

/** The page that is as bare as an extension's page can be, `'bare.html'`. */
export const BARE_PAGE = 'bare.html';
/** How the agent's own line is called in every view. */
export const LINE_NAME = 'Line 10';

const GUARD = { perHour: 1_000_000, burstPerMinute: 1_000_000 };

export interface Office {
  world: World;
  /** Ada, paired, on line 10. */
  agent: Agent;
}

/** Opens an office until the family ends; each has its own, so that none inherits another's state. */
export async function openOffice(ground: Ground, { lines }: { lines?: number } = {}): Promise<Office> {
  await freshDemoBuild(ground);
  await freshDemoCrm(ground);
  const extensionDir = extensionWithBarePage();
  ground.atEnd(() => rmSync(extensionDir, { recursive: true, force: true }));
  const world = await openWorld({ guard: GUARD, ...(lines !== undefined && { lines }) });
  ground.atEnd(() => world.close());
  const agent = await world.agent('ada', { extensionDir, lang: 'en' });
  ground.say(`measuring in ${await agent.browser.version()}`);
  return { world, agent };
}

/**
 * Waits until nothing of the last round is under way: the line is idle, the worker has dealt with it, and has had the
 * time of a look at the relay to fall asleep, as before any call. A worker that was just asked answers five times faster.
 */
export async function comeToRest({ world }: Office, bare: BareSocket): Promise<void> {
  const lineIsIdle = () => world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  await lineIsIdle();
  await bare.settle();
  await lineIsIdle();
}

function extensionWithBarePage(): string {
  const dir = mkdtempSync(join(tmpdir(), 'offhook-bench-'));
  cpSync(DEMO_EXTENSION_DIR, dir, { recursive: true });
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bare</title><p>${LINE_NAME}</p></html>\n`;
  writeFileSync(join(dir, BARE_PAGE), page);
  return dir;
}
