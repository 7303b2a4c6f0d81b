// What keeps the house small and its ways short: file sizes, rooms that must not exist, budgets for dependencies, links
// that lead somewhere. What biome can say (functions, imports) is its business: import-rules.test.ts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SKIPPED_FOLDERS = new Set(['node_modules', '.git', '.output', '.wxt', 'fixtures']);
const MAX_LINES = 400;
/** Files that are tables: data whose length says nothing about how hard they are to read. */
const TABLES = new Set(['public/_locales/en/messages.json', 'public/_locales/de/messages.json', 'package-lock.json']);
const BANNED_ROOMS = ['utils', 'util', 'helpers', 'helper', 'types', 'constants', 'services', 'managers', 'common'];
const SOURCES = new Set(['.ts', '.tsx', '.mjs', '.cjs', '.css', '.html', '.grit']);

const files = filesIn(root);

describe('files', () => {
  test(`none has more than ${MAX_LINES} lines`, () => {
    const sources = files.filter((path) => SOURCES.has(extname(path)) && !TABLES.has(path));
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.filter((path) => linesOf(path) > MAX_LINES)).toEqual([]);
  });

  test('each source file begins by saying why it exists', () => {
    // Not tests: their titles do.
    const code = files.filter((path) => /\.(?:ts|tsx|mjs)$/.test(path) && !/\.test\./.test(path));
    expect(code.filter((path) => !/^(?:#!.*\n)?\s*(?:\/\/|\/\*)/.test(read(path)))).toEqual([]);
  });

  test('no room is named after what does not say what is in it', () => {
    const names = files.flatMap((path) => [...dirname(path).split('/'), basename(path).replace(/\..*$/, '')]);
    expect(BANNED_ROOMS.filter((name) => names.includes(name))).toEqual([]);
  });

  test('no test is retried, skipped for good or told to wait', () => {
    const tests = files.filter((path) => /\.test\.tsx?$/.test(path) && path !== 'tests/repo/house.test.ts');
    const banned = /\b(?:test|it|describe)\.(?:only|todo)\b|\bretry:\s*[1-9]|\bsleep\(|setTimeout\(resolve/;
    expect(tests.filter((path) => banned.test(read(path)))).toEqual([]);
  });

  test('a TODO names its issue', () => {
    const code = files.filter((path) => SOURCES.has(extname(path)) && path !== 'tests/repo/house.test.ts');
    expect(code.filter((path) => /\b(?:TODO|FIXME)\b(?!\s*\(#\d+\))/.test(read(path)))).toEqual([]);
  });
});

describe('dependencies', () => {
  test.each([
    ['the extension', 'package.json', 6],
    ['the relay', 'relay/package.json', 25],
    ['the protocol', 'protocol/package.json', 2],
  ])('%s keeps its budget', (_, path, budget) => {
    expect(Object.keys(dependenciesOf(path, 'dependencies')).length).toBeLessThanOrEqual(budget);
  });

  test('every version is exact', () => {
    const versions = ['package.json', 'relay/package.json', 'protocol/package.json'].flatMap((path) => {
      return Object.entries({ ...dependenciesOf(path, 'dependencies'), ...dependenciesOf(path, 'devDependencies') });
    });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  describe('the lock file', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockEntry> };
    const installed = Object.entries(packages).filter(([path, entry]) => path.includes('node_modules/') && !entry.link);

    test('holds a checksum for every package that is not for one kind of machine alone', () => {
      expect(installed.length).toBeGreaterThan(100);
      const bare = installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
      expect(bare.filter(([, { optional, os }]) => !(optional && os)).map(([path]) => path)).toEqual([]);
    });

    test('knows the public registry only', () => {
      const hosts = installed.flatMap(([, { resolved }]) => (resolved ? [new URL(resolved).origin] : []));
      expect([...new Set(hosts)].filter((host) => host !== 'https://registry.npmjs.org')).toEqual([]);
    });

    // npm leaves out what its registry lacks on the day, and `npm ci` then refuses the lock on every machine.
    test('names every optional package, those for other machines too', () => {
      const wanted = installed.flatMap(([, entry]) => Object.keys(entry.optionalDependencies ?? {}));
      const missing = wanted.filter((name) => !installed.some(([path]) => path.endsWith(`node_modules/${name}`)));
      expect(missing).toEqual([]);
    });
  });
});

describe('documents', () => {
  const documents = files.filter((path) => path.endsWith('.md'));

  test.each(documents)('the links of %s lead somewhere', (path) => {
    const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const local = links.filter((target) => !/^(?:https?:|mailto:|#)/.test(target));
    const missing = local.filter((target) => !existsSync(join(root, dirname(path), target.replace(/#.*$/, ''))));
    expect(missing).toEqual([]);
  });

  test('the anchors of a page are its headings', () => {
    const broken = documents.flatMap((path) => {
      const anchors = [...read(path).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) => anchorOf(title));
      const links = [...read(path).matchAll(/\]\(#([^)\s]+)\)/g)].map(([, target = '']) => target);
      return links.filter((target) => !anchors.includes(target)).map((target) => `${path}#${target}`);
    });
    expect(broken).toEqual([]);
  });

  test('npm scripts and files that the documents name exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = documents.flatMap((path) => [...read(path).matchAll(/`npm run ([a-z:]+)/g)].map(([, name]) => name));
    expect([...new Set(named)].filter((name) => name === undefined || !(name in scripts))).toEqual([]);
  });
});

interface LockEntry {
  link?: boolean;
  optional?: boolean;
  os?: string[];
  optionalDependencies?: Record<string, string>;
  integrity?: string;
  resolved?: string;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : filesIn(path);
    return entry.isFile() ? [relative(root, path).replaceAll('\\', '/')] : [];
  });
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function linesOf(path: string): number {
  return read(path).trimEnd().split('\n').length;
}

function dependenciesOf(path: string, kind: 'dependencies' | 'devDependencies'): Record<string, string> {
  // A package.json: npm would not have installed it in another shape.
  return (JSON.parse(read(path)) as Record<string, Record<string, string> | undefined>)[kind] ?? {};
}

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}
