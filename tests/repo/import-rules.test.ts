// The rules who may import whom bite: for each one a violation is planted in a copy of the house and must be reported,
// and its allowed counterpart must not be (an alias that is not resolved makes such rules pass in silence).
// One biome run over all planted files, with the project's own configuration.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const RESTRICTED = 'lint/style/noRestrictedImports';
const BARREL = 'lint/performance/noBarrelFile';
const CYCLE = 'lint/suspicious/noImportCycles';

interface Planted {
  why: string;
  path: string;
  source: string;
  /** The category that must be reported, or both where two rules overlap; undefined for an allowed file. */
  rule?: string | readonly string[];
}

const importOf = (specifier: string) => `import { x } from '${specifier}';\nexport const y = x;\n`;
const typeOf = (specifier: string) => `import type { X } from '${specifier}';\nexport type Y = X;\n`;

const refusedImports: [why: string, folder: string, specifiers: string[]][] = [
  ['entrypoints leave a folder by # only', 'entrypoints', ['../lib/link.ts', '../components/button.tsx']],
  ['entrypoints in a folder, too', 'entrypoints/popup', ['../../lib/link.ts', '../background.ts']],
  ['the extension never imports the relay', 'entrypoints', ['@offhook/relay', '@offhook/relay/src/main.ts', 'node:fs']],
  ['components know preact and each other', 'components', ['webextension-polyfill', 'wxt/browser', 'idb', 'valibot']],
  ['components leave their folder by # only', 'components', ['../lib/i18n.ts', '../entrypoints/popup/main.tsx']],
  ['lib never imports components or entrypoints', 'lib', ['#components/button.tsx', '../entrypoints/background.ts']],
  ['lib never imports the relay, nor Node', 'lib', ['../relay/src/clock.ts', '@offhook/relay', 'node:crypto']],
  ['lib draws nothing', 'lib', ['preact', 'preact/hooks']],
  ['lib leaves a folder by # only', 'lib/sites', ['../link.ts']],
  ['lib/page uses no browser API', 'lib/page', ['webextension-polyfill', 'wxt/browser', 'wxt', 'wxt/utils/storage']],
  ['lib/page gets its renderer as an argument', 'lib/page', ['#components/chip.tsx', 'preact', '../link.ts']],
  [
    'lib/numbers is pure',
    'lib/numbers',
    ['#lib/link.ts', '../phone.ts', 'webextension-polyfill', 'valibot', 'node:fs'],
  ],
  [
    'the protocol knows valibot only',
    'protocol/src',
    ['node:crypto', 'ws', 'webextension-polyfill', '../../lib/link.ts'],
  ],
  [
    'messages load no phone metadata',
    'protocol/src',
    ['./number.ts', './dial-plan.ts', './location-settings.ts', './number-policy.ts', 'libphonenumber-js/max'],
  ],
  ['the relay never imports the extension', 'relay/src', ['#lib/phone.ts', '#components/button.tsx', 'preact']],
  ['the relay reaches the protocol by its name', 'relay/src/cli', ['../../../protocol/src/index.ts', '#lib/phone.ts']],
  ['the core names no phone system', 'relay/src', ['./pbx/index.ts', './pbx/simulator/driver.ts', './pbx/asterisk.ts']],
  ['the core names no store', 'relay/src', ['./store/sqlite.ts']],
  ['the core names no contact source', 'relay/src', ['./contacts/csv.ts', './contacts/index.ts']],
  [
    'drivers never import each other',
    'relay/src/pbx/simulator',
    ['../asterisk/driver.ts', '../asterisk.ts', '../index.ts'],
  ],
  ['drivers know nothing of the core', 'relay/src/pbx/simulator', ['../../switchboard.ts', '../../session.ts']],
  ['a driver of one file, too', 'relay/src/pbx', ['./nfon.ts', './simulator/driver.ts', '../switchboard.ts']],
  ['stores know no calls', 'relay/src/store', ['../switchboard.ts', '../pbx/driver.ts', '../server.ts']],
  ['contact sources know no calls', 'relay/src/contacts', ['../switchboard.ts', '../pbx/index.ts']],
  ['the demo CRM knows nothing of Offhook', 'demo/crm', ['#lib/phone.ts', '@offhook/protocol']],
];

const allowedImports: [folder: string, specifiers: string[]][] = [
  [
    'entrypoints',
    ['#lib/link.ts', '#components/button.tsx', 'webextension-polyfill', '@offhook/protocol', './gate.ts'],
  ],
  ['components', ['preact', 'preact/hooks', '#components/button.tsx', './button.tsx', '#lib/i18n.ts']],
  ['lib', ['@offhook/protocol', '#lib/phone.ts', './phone.ts', 'webextension-polyfill', 'idb']],
  ['lib/page', ['#lib/numbers/find.ts', './walk.ts', '@offhook/protocol']],
  ['lib/numbers', ['libphonenumber-js/max', './labels.ts', '#lib/numbers/labels.ts']],
  ['protocol/src', ['valibot', './telephony.ts']],
  [
    'relay/src',
    ['@offhook/protocol', '@offhook/protocol/number', './pbx/driver.ts', './store/store.ts', 'node:fs', 'ws'],
  ],
  ['relay/src/cli', ['../pbx/simulator/server.ts', '../store/sqlite.ts', 'citty']],
  ['relay/src/pbx/simulator', ['../driver.ts', '../declaration.ts', '../../clock.ts', './exchange.ts', 'node:net']],
  ['relay/src/pbx', ['./driver.ts', './declaration.ts', '../clock.ts']],
  ['relay/src/store', ['./migrations/001.ts', 'node:sqlite']],
  ['demo/crm', ['react', './contacts.ts']],
];

const components: Planted[] = [
  {
    why: 'components may name types of lib',
    path: 'components/type-of-lib.tsx',
    source: typeOf('#lib/phone.ts') + typeOf('@offhook/protocol').replaceAll(/\b([XY])\b/g, '$1$1'),
  },
  ...[
    "import { x } from '#lib/phone.ts';",
    "import * as x from '#lib/link.ts';",
    "import { x } from '@offhook/protocol';",
  ].map((line, at) => ({
    why: `components take no values of lib: ${line}`,
    path: `components/value-of-lib-${at}.tsx`,
    source: `${line}\nexport const y = x;\n`,
    rule: 'plugin',
  })),
  {
    why: 'components take no values of lib by export from',
    path: 'components/export-of-lib.tsx',
    source: "export { x } from '#lib/phone.ts';\n",
    rule: [BARREL, 'plugin'],
  },
];

const others: Planted[] = [
  { why: 'a cycle by alias is a cycle', path: 'lib/cycle-a.ts', source: importOf('#lib/cycle-b.ts'), rule: CYCLE },
  { why: 'and so is its other half', path: 'lib/cycle-b.ts', source: importOf('#lib/cycle-a.ts'), rule: CYCLE },
  { why: 'a cycle by path', path: 'relay/src/cycle-a.ts', source: importOf('./cycle-b.ts'), rule: CYCLE },
  { why: 'and its other half', path: 'relay/src/cycle-b.ts', source: importOf('./cycle-a.ts'), rule: CYCLE },
  {
    why: 'no barrel outside the protocol',
    path: 'lib/barrel.ts',
    source: "export * from './phone.ts';\n",
    rule: [BARREL, 'lint/performance/noReExportAll'],
  },
  { why: 'the protocol has one', path: 'protocol/src/index.ts', source: "export * from './telephony.ts';\n" },
  {
    why: 'no default export',
    path: 'lib/default.ts',
    source: 'export default function x() {}\n',
    rule: 'lint/style/noDefaultExport',
  },
  { why: 'but WXT wants one', path: 'entrypoints/background.ts', source: 'export default function x() {}\n' },
  {
    why: 'imports carry their extension',
    path: 'relay/src/extension.ts',
    source: importOf('./talk'), // planted below: biome only misses an extension of a file that is there
    rule: 'lint/correctness/useImportExtensions',
  },
  { why: 'no any', path: 'lib/any.ts', source: 'export const x = 1 as any;\n', rule: 'lint/suspicious/noExplicitAny' },
  {
    why: 'no promise is left alone',
    path: 'relay/src/floating.ts',
    source: 'async function x() {}\nexport function y() {\n  x();\n}\n',
    rule: 'lint/nursery/noFloatingPromises',
  },
  {
    why: 'no console in the relay',
    path: 'relay/src/talk.ts',
    source: "console.log('hello');\n",
    rule: 'lint/suspicious/noConsole',
  },
  { why: 'the command line may talk', path: 'relay/src/cli/talk.ts', source: "console.log('hello');\n" },
  {
    why: 'the environment is read at the edge',
    path: 'relay/src/environment.ts',
    source: 'export const x = process.env;\n',
    rule: 'lint/style/noProcessEnv',
  },
  {
    why: 'no HTML from strings',
    path: 'components/html.tsx',
    source: "export const X = () => <div dangerouslySetInnerHTML={{ __html: 'x' }} />;\n",
    rule: 'lint/security/noDangerouslySetInnerHtml',
  },
  {
    why: 'no file above 400 lines',
    path: 'lib/long-file.ts',
    source: Array.from({ length: 401 }, (_, n) => `export const x${n} = ${n};\n`).join(''),
    rule: 'lint/style/noExcessiveLinesPerFile',
  },
  {
    why: 'no function above 80 lines',
    path: 'lib/long-function.ts',
    source: `export function x(y: string[]) {\n${"  y.push('');\n".repeat(81)}}\n`,
    rule: 'lint/complexity/noExcessiveLinesPerFunction',
  },
  {
    why: 'a function of 80 lines',
    path: 'lib/fitting-function.ts',
    source: `export function x(y: string[]) {\n${"  y.push('');\n".repeat(78)}}\n`,
  },
];

const planted: Planted[] = [
  ...refusedImports.flatMap(([why, folder, specifiers]) =>
    specifiers.map((specifier, at) => ({
      why: `${why}: ${specifier}`,
      path: `${folder}/refused-${slug(why)}-${at}.ts`,
      source: importOf(specifier),
      rule: RESTRICTED,
    })),
  ),
  ...allowedImports.flatMap(([folder, specifiers]) =>
    specifiers.map((specifier, at) => ({
      why: `${folder} may import ${specifier}`,
      path: `${folder}/allowed-${at}.ts`,
      source: importOf(specifier),
    })),
  ),
  ...components,
  ...others,
];

let house = '';
let reported = new Map<string, string[]>();

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'offhook-house-'));
  for (const name of ['biome.json', 'package.json', '.gitignore', 'scripts/lint']) {
    await cp(join(root, name), join(house, name), { recursive: true });
  }
  for (const { path, source } of planted) {
    await mkdir(dirname(join(house, path)), { recursive: true });
    await writeFile(join(house, path), source);
  }
  reported = await lint(house);
});

afterAll(() => rm(house, { recursive: true, force: true }));

describe('refused', () => {
  test.each(planted.filter(({ rule }) => rule))('$why', ({ path, rule }) => {
    // Biome reports what its threads find first.
    expect(reported.get(path)?.toSorted()).toEqual([rule].flat().toSorted());
  });
});

describe('allowed', () => {
  test.each(planted.filter(({ rule }) => !rule))('$why', ({ path }) => {
    expect(reported.get(path)).toBeUndefined();
  });
});

test('only planted files were reported', () => {
  const paths = planted.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect([...reported.keys()].filter((path) => !paths.includes(path))).toEqual([]);
});

/** The categories that biome reports, by file, each once. */
async function lint(folder: string): Promise<Map<string, string[]>> {
  const biome = join(root, 'node_modules', '.bin', 'biome');
  const args = ['lint', '--reporter=github', '--max-diagnostics=none', folder];
  const output = await new Promise<string>((resolve) => {
    execFile(biome, args, { cwd: folder, maxBuffer: 2 ** 26 }, (_, stdout) => resolve(stdout));
  });
  const found = new Map<string, string[]>();
  for (const [, title = '', file = ''] of output.matchAll(/^::\w+ title=([^,]+),file=([^,]+),/gm)) {
    const path = file.startsWith(folder) ? file.slice(folder.length + 1) : file;
    found.set(path, [...new Set([...(found.get(path) ?? []), title])]);
  }
  return found;
}

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z]+/g, '-');
}
