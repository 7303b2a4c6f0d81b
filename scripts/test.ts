// `npm test`: builds what the browser tests need, runs the test projects shuffled, and ends with one line that says how
// many tests passed and failed. It must never end well when nothing ran or when a file could not be loaded.
//   npm test -- [--full] [--seed N] [filters and options of vitest]
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const HEAVY_FOLDERS = ['tests/e2e', 'tests/e2e-page', 'tests/e2e-firefox', 'tests/repo'];
const OPTIONS_WITH_VALUE = new Set(['--project', '-t', '--testNamePattern', '--exclude', '--reporter']);

interface Options {
  isFull: boolean;
  seed: number;
  /** Handed to vitest as they are: file filters and its own options. */
  passed: string[];
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const options = readOptions(process.argv.slice(2));
process.exitCode = await main(options);

async function main({ isFull, seed, passed }: Options): Promise<number> {
  if (isFull) process.env['OFFHOOK_FULL'] = '1';
  // The tests start the relay and its commands some hundred times: each would strip and compile the same sources.
  process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules', '.cache', 'node');
  if (needsBuilds(passed)) {
    const failedBuild = await build();
    if (failedBuild !== undefined) {
      console.error(`${failedBuild} failed: no test was run`);
      return report({ passed: 0, failed: 1, skipped: 0 });
    }
  }
  const reportDir = mkdtempSync(join(tmpdir(), 'offhook-test-'));
  const reportPath = join(reportDir, 'report.json');
  console.log(`tests: shuffled with seed ${seed}; the same order again: npm test -- --seed ${seed}`);
  const code = await run('vitest', [
    'run',
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportPath}`,
    '--sequence.shuffle.files',
    '--sequence.shuffle.tests',
    `--sequence.seed=${seed}`,
    ...passed,
  ]);
  const counts = countsOf(reportPath, code);
  rmSync(reportDir, { recursive: true, force: true });
  return report(counts);
}

function readOptions(args: readonly string[]): Options {
  const passed = args.filter((arg, at) => arg !== '--full' && arg !== '--seed' && args[at - 1] !== '--seed');
  const seedAt = args.indexOf('--seed');
  const seed = seedAt >= 0 ? Number(args[seedAt + 1]) : Date.now() % 1_000_000;
  if (!Number.isSafeInteger(seed)) throw new Error('--seed wants a whole number');
  return { isFull: args.includes('--full'), seed, passed };
}

/** Without a filter everything runs; with one, builds are made when it can reach a test that looks at them. */
function needsBuilds(passed: readonly string[]): boolean {
  const projects = passed.flatMap((arg, at) => {
    if (arg.startsWith('--project=')) return [arg.slice('--project='.length)];
    return passed[at - 1] === '--project' ? [arg] : [];
  });
  if (projects.length > 0)
    return projects.some((name) => !['protocol', 'relay', 'extension', 'views', 'look'].includes(name));
  const filters = passed.filter((arg, at) => !arg.startsWith('-') && !OPTIONS_WITH_VALUE.has(passed[at - 1] ?? ''));
  return filters.length === 0 || filters.some((filter) => HEAVY_FOLDERS.some((folder) => filter.includes(folder)));
}

/** The name of the first build that failed, if any. */
async function build(): Promise<string | undefined> {
  const builds: [name: string, args: string[]][] = [
    ['the extension', ['build', '--mv3']],
    ['the demo extension', ['build', '--mv3', '-c', 'wxt.demo.config.ts']],
    ['the Firefox extension', ['build', '--mv3', '-b', 'firefox']],
    ['the demo extension for Firefox', ['build', '--mv3', '-b', 'firefox', '-c', 'wxt.demo.config.ts']],
  ];
  for (const [name, args] of builds) {
    const startedAt = Date.now();
    if ((await run('wxt', args, { isQuiet: true })) !== 0) return `wxt ${args.join(' ')}`;
    console.log(`build: ${name}: ${secondsSince(startedAt)}`);
  }
  return await buildDemoCrm();
}

async function buildDemoCrm(): Promise<string | undefined> {
  const path = join(root, 'demo', 'build.ts');
  if (!existsSync(path)) return undefined;
  const startedAt = Date.now();
  const code = await run(
    'node',
    ['-e', `import(${JSON.stringify(pathToFileURL(path).href)}).then((m) => m.buildDemoCrm())`],
    {
      isQuiet: true,
    },
  );
  console.log(`build: the demo CRM: ${secondsSince(startedAt)}`);
  return code === 0 ? undefined : 'demo/build.ts';
}

/** Runs a tool of node_modules/.bin and resolves with its exit code; a quiet one shows its output only when it fails. */
function run(tool: string, args: readonly string[], { isQuiet = false } = {}): Promise<number> {
  const bin = join(root, 'node_modules', '.bin');
  const child = spawn(join(bin, tool), args, {
    cwd: root,
    stdio: ['ignore', isQuiet ? 'pipe' : 'inherit', isQuiet ? 'pipe' : 'inherit'],
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${tool}: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code) => {
      if (code !== 0 && output !== '') console.error(output.trimEnd());
      resolve(code ?? 1);
    });
  });
}

/**
 * What vitest's JSON report says. A file that could not be loaded, an unhandled error or a missing report has no test of
 * its own: each counts as one failure, so that the last line can never look better than the run was.
 */
function countsOf(path: string, code: number): Counts {
  const report = readReport(path);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const brokenFiles = report.testResults.filter((file) => {
    return file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed');
  });
  for (const file of brokenFiles) console.error(`not run: ${file.name}`);
  const failed = report.numFailedTests + brokenFiles.length;
  return {
    passed: report.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

function readReport(path: string): Report | undefined {
  if (!existsSync(path)) return undefined;
  // Written a moment ago by the vitest that is pinned in package.json: its shape is known.
  return JSON.parse(readFileSync(path, 'utf8')) as Report;
}

function report({ passed, failed, skipped }: Counts): number {
  if (passed + failed === 0) console.error('no test was run');
  if (skipped > 0) console.log(`${skipped} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function secondsSince(startedAt: number): string {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
}
