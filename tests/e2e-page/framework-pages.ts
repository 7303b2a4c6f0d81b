// The framework pages of tests/fixtures/frameworks as HTML that a server would send: rendered there, with the client's
// script inside, in the development form of each framework, which says when the tree is not what it expects.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile } from 'svelte/compiler';
import { build, type InlineConfig, type Plugin } from 'vite';

/** A framework that has a page. */
export type Framework = 'react' | 'vue' | 'svelte';

const FOLDER = fileURLToPath(new URL('../fixtures/frameworks', import.meta.url));

/** The page of one framework, ready for `app.hydrate()`. */
export async function frameworkPage(framework: Framework): Promise<string> {
  const body = await renderOnServer(framework);
  const script = await bundle(`${framework}-client.ts`, 'client');
  const safe = script.replaceAll('</script', '<\\/script');
  return `<!doctype html><meta charset="utf-8"><title>${framework}</title><div id="app">${body}</div><script>${safe}</script>`;
}

async function renderOnServer(framework: Framework): Promise<string> {
  const code = await bundle(`${framework}-server.ts`, 'server');
  const dir = mkdtempSync(join(tmpdir(), 'offhook-frameworks-'));
  try {
    const file = join(dir, 'server.mjs');
    writeFileSync(file, code);
    // Our own module, built a moment ago.
    const { render } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      render: () => string | Promise<string>;
    };
    return await render();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function bundle(entry: string, side: 'client' | 'server'): Promise<string> {
  const common: InlineConfig = {
    configFile: false,
    logLevel: 'error',
    mode: 'development',
    root: FOLDER,
    plugins: [svelte(side)],
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true',
    },
  };
  const input = join(FOLDER, entry);
  const built = await build(
    side === 'server'
      ? { ...common, ssr: { noExternal: true }, build: { write: false, minify: false, ssr: input } }
      : {
          ...common,
          build: { write: false, minify: false, lib: { entry: input, formats: ['iife'], name: 'frameworkPage' } },
        },
  );
  const [first] = Array.isArray(built) ? built : [built];
  const chunk = first && 'output' in first ? first.output.find((one) => one.type === 'chunk') : undefined;
  if (!chunk || !('code' in chunk)) throw new Error(`${entry} was not bundled`);
  return chunk.code;
}

function svelte(side: 'client' | 'server'): Plugin {
  return {
    name: 'svelte-fixtures',
    transform(source, id) {
      if (!id.endsWith('.svelte')) return undefined;
      return { code: compile(source, { filename: id, generate: side, dev: true, css: 'injected' }).js.code };
    },
  };
}
