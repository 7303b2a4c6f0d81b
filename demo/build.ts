// Builds the demo CRM: a small React app that behaves like the CRMs agents use. A stranger to the extension on purpose:
// it must never know that it is there.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('./crm', import.meta.url));

/** Where the built CRM lies. */
export const DEMO_CRM_DIR: string = fileURLToPath(new URL('../.output/demo-crm', import.meta.url));

/** Builds the CRM into `DEMO_CRM_DIR`, which is emptied first. */
export async function buildDemoCrm(): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    // Said outright: under a test runner vite would take the development form.
    oxc: { jsx: { runtime: 'automatic', importSource: 'react', development: false } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { outDir: DEMO_CRM_DIR, emptyOutDir: true },
  });
}
