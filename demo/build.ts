// Builds the demo CRM and the phone desk beside it: two small React apps. The CRM behaves like those that agents use, and
// is a stranger to the extension on purpose: it must never know that it is there.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Where the built CRM lies, with the desk in its folder `desk`. */
export const DEMO_CRM_DIR: string = fileURLToPath(new URL('../.output/demo-crm', import.meta.url));

/** Builds both into `DEMO_CRM_DIR`, which is emptied first; the CRM's page is the last file that is written. */
export async function buildDemoCrm(): Promise<void> {
  rmSync(DEMO_CRM_DIR, { recursive: true, force: true });
  await buildApp('desk', { base: '/desk/', outDir: join(DEMO_CRM_DIR, 'desk') });
  await buildApp('crm', { base: '/', outDir: DEMO_CRM_DIR });
}

async function buildApp(name: string, { base, outDir }: { base: string; outDir: string }): Promise<void> {
  await build({
    root: fileURLToPath(new URL(`./${name}`, import.meta.url)),
    base,
    configFile: false,
    logLevel: 'warn',
    // Said outright: under a test runner vite would take the development form.
    oxc: { jsx: { runtime: 'automatic', importSource: 'react', development: false } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { outDir, emptyOutDir: false },
  });
}
