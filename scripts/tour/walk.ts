// The tour: walks the whole product by itself, one line a step, with pictures of what is to be seen, light and dark. A
// step counts only if its effect can be read from the relay's own state or from a rendered view; `--break STEP` leaves out
// what a step does, and then the tour has to fail there.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createScene, type Scene, type SceneParts, type ViewName } from './scene.ts';
import { STEPS } from './steps.ts';

export interface TourOptions extends SceneParts {
  /** Pictures go to `<outDir>/light` and `<outDir>/dark`. */
  outDir: string;
  /** The step to sabotage. */
  breakStep?: string | undefined;
  say(line: string): void;
}

const SCHEMES = ['light', 'dark'] as const;

/** The names of all steps, for `--break`. */
export function stepIds(): string[] {
  return STEPS.map(({ id }) => id);
}

/** Walks all steps; true if every one was seen to work. */
export async function walkTour({ outDir, breakStep, say, ...parts }: TourOptions): Promise<boolean> {
  rmSync(outDir, { recursive: true, force: true });
  for (const scheme of SCHEMES) mkdirSync(join(outDir, scheme), { recursive: true });
  const scene = createScene(parts);
  for (const [index, step] of STEPS.entries()) {
    const startedAt = performance.now();
    const spent = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
    const name = `${String(index + 1).padStart(2, '0')}-${step.id}`;
    try {
      if (step.id !== breakStep) await step.act(scene);
      const seen = await step.check(scene);
      for (const view of step.shots) await shoot(scene, view, { outDir, name: `${name}-${view}` });
      say(`ok    ${name}  ${step.title}: ${seen}  (${spent()})`);
    } catch (error) {
      for (const view of step.shots) {
        await shoot(scene, view, { outDir, name: `${name}-${view}-failed` }).catch(() => undefined);
      }
      say(`FAIL  ${name}  ${step.title}: ${error instanceof Error ? error.message : String(error)}  (${spent()})`);
      return false;
    }
  }
  return true;
}

async function shoot(scene: Scene, what: ViewName, { outDir, name }: { outDir: string; name: string }): Promise<void> {
  const page = await scene.view(what);
  await page.bringToFront();
  for (const scheme of SCHEMES) {
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      // Or a picture shows how one colour turns into the other.
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    await page.screenshot({ path: join(outDir, scheme, `${name}.png`) });
  }
}
