// The policy that is documented, the schema that Chromium checks it by, the files that are ready to use, and what the
// extension reads: one and the same. And the build for a company declares its hosts and nothing else.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POLICY_NAMES, readPolicy } from '#lib/policy.ts';
import { StrictSiteRuleSchema } from '#lib/site-rules.ts';
import { readHosts } from '../../scripts/enterprise-hosts.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** As much of JSON Schema as Chromium takes for managed storage, and no more. */
interface Schema {
  type: 'object' | 'array' | 'string' | 'boolean';
  title?: string;
  description?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

const schema: Schema = JSON.parse(read('public/managed-schema.json'));
const sites = schema.properties?.['sites']?.items?.properties ?? {};
const page = read('docs/policies/README.md');

/** What does not fit, with its place. */
function faultsOf(value: unknown, { type, enum: words, properties = {}, items }: Schema, path = ''): string[] {
  const is = Array.isArray(value) ? 'array' : typeof value;
  if (is !== type) return [`${path} is ${is}, not ${type}`];
  if (words && !words.includes(String(value))) return [`${path} is ${value}`];
  if (Array.isArray(value)) {
    return value.flatMap((one, index) => (items ? faultsOf(one, items, `${path}[${index}]`) : `${path} has no items`));
  }
  if (type !== 'object') return [];
  return Object.entries(Object(value)).flatMap(([name, one]) => {
    const inner = properties[name];
    return inner ? faultsOf(one, inner, `${path}.${name}`) : [`${path}.${name} is unknown`];
  });
}

describe('the schema', () => {
  test('names what the extension reads', () => {
    expect(Object.keys(schema.properties ?? {}).toSorted()).toEqual([...POLICY_NAMES, 'locked'].toSorted());
    expect(schema.properties?.['locked']?.items?.enum).toEqual([...POLICY_NAMES]);
    expect(Object.keys(sites).toSorted()).toEqual(['site', ...Object.keys(StrictSiteRuleSchema.entries)].toSorted());
  });

  test('is one that Chromium takes: an unknown keyword would stop the extension from loading', () => {
    const keywords = (one: Schema): string[] => [
      ...Object.keys(one),
      ...Object.values(one.properties ?? {}).flatMap(keywords),
      ...(one.items ? keywords(one.items) : []),
    ];
    const known = ['type', 'title', 'description', 'enum', 'properties', 'items'];
    expect(keywords(schema).filter((name) => !known.includes(name))).toEqual([]);
  });

  test('is what the page tells, key by key', () => {
    const told = [...page.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/\w+/g)].map(String),
    );
    expect(told.toSorted()).toEqual([...Object.keys(schema.properties ?? {}), ...Object.keys(sites)].toSorted());
  });
});

describe('the ready file', () => {
  const POLICIES: Record<string, () => unknown> = {
    'chrome.json': () => JSON.parse(read('docs/policies/chrome.json'))['3rdparty'].extensions['EXTENSION-ID'],
    'edge.json': () => JSON.parse(read('docs/policies/edge.json'))['3rdparty'].extensions['EXTENSION-ID'],
    'firefox.json': () =>
      JSON.parse(read('docs/policies/firefox.json')).policies['3rdparty'].Extensions['offhook@offhook.example'],
    'chrome.reg': () => registryPolicy('chrome.reg', 'Google\\Chrome'),
    'edge.reg': () => registryPolicy('edge.reg', 'Microsoft\\Edge'),
  };

  test.each(Object.entries(POLICIES))(
    '%s fits the schema, and the extension understands all of it',
    (_name, policyOf) => {
      const policy = policyOf() as Record<string, unknown>; // a sample, whose shape is what is tested
      expect(faultsOf(policy, schema)).toEqual([]);
      const understood = readPolicy(policy);
      const told = Object.keys(policy).filter((name) => !['relay', 'sites', 'locked'].includes(name));
      expect(Object.keys(understood.values).toSorted()).toEqual(told.toSorted());
      expect(understood.relay).toBe('https://relay.example.com');
      expect(Object.keys(understood.sites)).toHaveLength((policy['sites'] as unknown[]).length);
      expect(understood.locked).toEqual(policy['locked']);
    },
  );

  test('a fault in one would be seen', () => {
    expect(faultsOf({ country: 7, colour: 'red', sites: [{ state: 'off' }] }, schema)).toEqual([
      '.country is number, not string',
      '.colour is unknown',
      '.sites[0].state is off',
    ]);
  });

  // Texts, numbers, and lists as one text in JSON: as the registry holds them.
  function registryPolicy(file: string, vendor: string): unknown {
    const text = read(`docs/policies/${file}`);
    expect(text).toContain(
      `[HKEY_LOCAL_MACHINE\\Software\\Policies\\${vendor}\\3rdparty\\extensions\\EXTENSION-ID\\policy]`,
    );
    expect(text.split('\n').every((line) => line === '' || line.endsWith('\r'))).toBe(true);
    const values = [...text.matchAll(/^"(\w+)"=(?:dword:(\d{8})|"(.*)")\r$/gm)].map(
      ([, name = '', number, quoted = '']) => {
        const unquoted = quoted.replace(/\\(.)/g, '$1');
        const isList = schema.properties?.[name]?.type === 'array';
        return [name, number === undefined ? (isList ? JSON.parse(unquoted) : unquoted) : Number(number) === 1];
      },
    );
    return Object.fromEntries(values);
  }
});

describe('hosts of a company', () => {
  test('are read from a list, each once, as permissions', () => {
    expect(readHosts('https://crm.example.com/*, *.desk.example.com,https://crm.example.com')).toEqual([
      'https://crm.example.com/*',
      'https://*.desk.example.com/*',
    ]);
  });

  test.each(['', ' , ', '<all_urls>', '*://*/*', 'https://*/*', 'https://*.com/*', 'file:///*', 'https://c*m.example'])(
    'are not %j',
    (list) => {
      expect(() => readHosts(list)).toThrow(/no hosts|not the address|more than the sites/);
    },
  );
});

describe('the build for a company', () => {
  const HOSTS = ['https://crm.example.com/*', 'https://*.desk.example.com/*'];
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'offhook-enterprise-'));
    for (const browser of ['chrome', 'firefox']) await build('--hosts', HOSTS.join(','), '--browser', browser);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function build(...options: string[]) {
    const script = join(ROOT, 'scripts/build-enterprise.ts');
    return promisify(execFile)(process.execPath, [script, '--out', folder, ...options]);
  }

  test.each(['chrome-mv3', 'firefox-mv3'])('declares exactly its hosts, and is otherwise %s', (name) => {
    const built = JSON.parse(readFileSync(join(folder, `${name}-enterprise`, 'manifest.json'), 'utf8'));
    const { host_permissions, ...rest } = built;
    expect(host_permissions).toEqual(HOSTS);
    expect(rest).toEqual(JSON.parse(read(`.output/${name}/manifest.json`)));
  });

  test('is not made without hosts, and says why', async () => {
    await expect(build('--hosts', '*://*/*')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('more than the sites of a company'),
    });
  });
});
