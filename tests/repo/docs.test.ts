// The administrator's page tells every key, command and error code that there is, and none that there is not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../protocol/src/errors.ts';
import { firewallTable } from '../../relay/src/cli/firewall.ts';
import { readConfig } from '../../relay/src/config.ts';
import { ConfigFileSchema } from '../../relay/src/config-schema.ts';

const ROOT = join(import.meta.dirname, '../..');
const admin = readFileSync(join(ROOT, 'docs/admin.md'), 'utf8');

/** The rows of the table in the section of this title, cell by cell, without the header. */
function tableUnder(title: string): string[][] {
  const section = admin.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(1).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

// `pbx[].id`, `guard.perHour` …: every key of the configuration's schema, walked as plain data.
function keysOf(schema: unknown, path = ''): string[] {
  const wrapped = field(schema, 'wrapped');
  if (wrapped !== undefined) return keysOf(wrapped, path);
  const item = field(schema, 'item');
  if (item !== undefined) return keysOf(item, `${path}[]`);
  // A list whose entries are of several kinds.
  const kinds = field(schema, 'options');
  if (field(schema, 'type') === 'variant' && Array.isArray(kinds)) {
    return [...new Set(kinds.flatMap((kind) => keysOf(kind, path)))];
  }
  const entries = field(schema, 'entries');
  if (typeof entries !== 'object' || entries === null) return [];
  return Object.entries(entries).flatMap(([key, inner]) => {
    const here = path === '' ? key : `${path}.${key}`;
    return [here, ...keysOf(inner, here)];
  });
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

describe('error codes', () => {
  const rows = tableUnder('Error codes');

  test('the table has exactly the codes of the protocol, each once, in its order', () => {
    expect(rows.map(([code]) => code)).toEqual(ERROR_CODES.map((code) => `\`${code}\``));
  });

  test('each code has what happened and what to do', () => {
    for (const [code, cause = '', remedy = ''] of rows) {
      expect([code, cause.length > 10 && remedy.length > 5]).toEqual([code, true]);
    }
  });
});

describe('relay.yaml', () => {
  const told = tableUnder('relay.yaml').map(([key = '']) => key.replaceAll('`', ''));
  // Blocks are told by their keys, and these lists by one row that names the keys of an entry.
  const isToldInside = (key: string) =>
    /^(?:guard|log|signIn|contacts\[\]\.(?:fields|limits|tls|page|facts\[\]|live\.facts\[\])\..+|seed\.(?:users|tenants|lines)(?:\[\]\..+)?|pbx\[\]\.location(?:\.internal\..+|\.emergency)?)$/.test(
      key,
    );
  const known = keysOf(ConfigFileSchema);

  test('every key is told', () => {
    const missing = known.filter((key) => !isToldInside(key) && !told.includes(key));
    expect(missing).toEqual([]);
  });

  test('no key is told that does not exist', () => {
    expect(told.filter((key) => !known.includes(key.replace(/\[\]$/, '')))).toEqual([]);
    expect(told.length).toBeGreaterThan(30);
  });

  test('the keys of a user, a tenant and a line are all named', () => {
    const text = admin.slice(admin.indexOf('| `seed` |'), admin.indexOf('A line is named'));
    for (const key of known.filter((one) => /^seed\.\w+\[\]\./.test(one))) {
      expect([key, text.includes(key.split('.').at(-1) ?? key)]).toEqual([key, true]);
    }
  });
});

test('what stands in the blocks of a contact source is named in its table or its section', () => {
  const inBlocks = keysOf(ConfigFileSchema).filter((key) =>
    /^contacts\[\]\.(?:fields|limits|page|tls)\.\w+$/.test(key),
  );
  const sections = admin.split(/^## /m).filter((part) => /^(?:relay\.yaml|Contacts)\n/.test(part));
  const isNamed = (key: string) => new RegExp(`\\b${key.split('.').at(-1)}\\b`).test(sections.join(''));
  expect(inBlocks.length).toBeGreaterThan(10);
  expect(inBlocks.filter((key) => !isNamed(key))).toEqual([]);
});

test('the sample of the firewall’s table is what the command prints', () => {
  const pbx = '{ id: main, kind: simulator, options: { host: 192.0.2.20, port: 8732 }, location: { country: DE } }';
  const config = readConfig(`publicOrigins: ["wss://relay.example"]\npbx: [${pbx}]`, '/etc/offhook/relay.yaml', {});
  expect(admin).toContain(`\n\`\`\`\n${firewallTable(config)}\n\`\`\`\n`);
});

test('every command of the command line is told, and no other one', async () => {
  const main = readFileSync(join(ROOT, 'relay/src/main.ts'), 'utf8');
  const commands = [...main.matchAll(/^ {6}(\w+): async/gm)].map((match) => match[1]);
  const told = tableUnder('Commands').map(([command = '']) => /^`relay (\w+)/.exec(command)?.[1]);
  expect(commands.length).toBeGreaterThan(5);
  expect([...new Set(told)].toSorted()).toEqual(commands.toSorted());
});
