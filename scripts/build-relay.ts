// `npm run build:relay`: the relay as its users run it, one file that needs nothing but Node, with what belongs beside it.
//   node scripts/build-relay.ts [FOLDER]      default: .output/relay
import { chmodSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NODE = 'node24';

/** Builds into `outDir`, which is emptied first; answers the path of the file to run. */
export async function buildRelay(outDir: string): Promise<string> {
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  await build({
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    // Everything inside: whoever runs it installs no packages.
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: join(ROOT, 'relay', 'src', 'main.ts'),
      target: NODE,
      outDir,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { output: { format: 'esm', entryFileNames: 'relay.mjs', codeSplitting: false } },
    },
  });
  const file = join(outDir, 'relay.mjs');
  chmodSync(file, 0o755);
  for (const name of ['relay.example.yaml', 'sample', 'offhook-relay.service']) {
    cpSync(join(ROOT, 'relay', name), join(outDir, name), { recursive: true });
  }
  return file;
}

if (import.meta.main) {
  const file = await buildRelay(resolve(process.argv[2] ?? join(ROOT, '.output', 'relay')));
  console.log(file);
}
