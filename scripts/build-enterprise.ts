// npm run build:enterprise -- --hosts https://crm.example.com/*,https://*.desk.example.com/* [--browser firefox] [--zip] [--out FOLDER]
// Builds the extension with these hosts as permissions of its manifest, and no others.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FOLDER_VARIABLE, HOSTS_VARIABLE, readHosts } from './enterprise-hosts.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const USAGE =
  'usage: npm run build:enterprise -- --hosts https://crm.example.com/*,https://*.desk.example.com/* [--browser chrome|edge|firefox] [--zip] [--out FOLDER]';

function optionsOf(args: readonly string[]): { hosts: string[]; browser: string; isZip: boolean; out: string } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      hosts: { type: 'string', multiple: true, default: [] },
      browser: { type: 'string', default: 'chrome' },
      zip: { type: 'boolean', default: false },
      out: { type: 'string', default: join(ROOT, '.output') },
    },
  });
  if (!['chrome', 'edge', 'firefox'].includes(values.browser)) throw new Error(`no such browser: ${values.browser}`);
  return {
    hosts: readHosts(values.hosts.join(',')),
    browser: values.browser,
    isZip: values.zip,
    out: resolve(values.out),
  };
}

function build({ hosts, browser, isZip, out }: ReturnType<typeof optionsOf>): void {
  console.log(`Building for ${browser} with ${hosts.length} host permission(s):\n${hosts.join('\n')}`);
  const args = [isZip ? 'zip' : 'build', '--mv3', '-b', browser, '-c', 'wxt.enterprise.config.ts'];
  const child = spawn(join(ROOT, 'node_modules', '.bin', 'wxt'), args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, [HOSTS_VARIABLE]: hosts.join(','), [FOLDER_VARIABLE]: out },
  });
  child.once('close', (code) => {
    process.exitCode = code ?? 1;
  });
}

try {
  build(optionsOf(process.argv.slice(2)));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  process.exitCode = 1;
}
