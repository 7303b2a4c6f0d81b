// What relay.example.yaml has commented out works as soon as it is commented in.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../relay/src/config.ts';
import { PBX_KINDS } from '../../relay/src/pbx/index.ts';

const read = (config: object) => readConfig(JSON.stringify(config), '/etc/offhook/relay.yaml', {});

const text = readFileSync(join(import.meta.dirname, '../../relay/relay.example.yaml'), 'utf8');
const example: { pbx: { kind: string }[] } = parse(commentedIn(text));

// A block begins with a list's item or a lone key, and goes on with what is indented below it; all else is prose.
function commentedIn(yaml: string): string {
  let isBlock = false;
  const lines = yaml.split('\n').map((line) => {
    isBlock = /^ *# (?:- id: .*|[a-zA-Z]+:)$/.test(line) || (isBlock && /^ *# {3}/.test(line));
    return isBlock ? line.replace('# ', '') : line;
  });
  return lines.join('\n');
}

test.each(PBX_KINDS)('a phone system of kind %s: each is one that the relay takes as it stands', (kind) => {
  const blocks = example.pbx.filter((pbx) => pbx.kind === kind);
  expect(blocks.length).toBeGreaterThan(0);
  for (const pbx of blocks) expect(read({ ...example, pbx: [pbx] }).pbx).toMatchObject([{ kind }]);
});

test('the server for programs that were written for TAPIMaster, and the sign-in with the company’s account', () => {
  const { tapiMasterServer, signIn } = read({ ...example, pbx: example.pbx.slice(0, 1) });
  expect(tapiMasterServer).toMatchObject({ callers: [{ user: 'anna' }] });
  expect(signIn.oidc).toMatchObject({ name: 'Company ID' });
});
