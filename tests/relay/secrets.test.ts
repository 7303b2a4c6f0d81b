// A secret is told where it stands, never what it is: by no message, list or stored mode.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfigToRun } from '../../relay/src/config.ts';
import { secretRefSchema } from '../../relay/src/secret-ref.ts';
import {
  createSecretReader,
  removeSecret,
  SecretError,
  secretRefsIn,
  storedSecrets,
  storeSecret,
} from '../../relay/src/secrets.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offhook-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const readerIn = (env: Record<string, string> = {}) =>
  createSecretReader({ env, folder, dataDir: join(folder, 'data') });
const ref = (text: string) => v.parse(secretRefSchema, text);
const aFile = (name: string, text: string, mode = 0o600) => {
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), mode);
};

describe('a reference', () => {
  test.each([
    ['env:PBX_PASSWORD', { secretFrom: 'env', name: 'PBX_PASSWORD' }],
    ['file:secrets/pbx', { secretFrom: 'file', name: 'secrets/pbx' }],
    ['file:/run/credentials/relay/pbx', { secretFrom: 'file', name: '/run/credentials/relay/pbx' }],
    ['secret:pbx-main', { secretFrom: 'store', name: 'pbx-main' }],
  ])('%s is understood', (text, expected) => {
    expect(ref(text)).toEqual(expected);
  });

  test('whatever else stands there is refused without being repeated', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.constantFrom('', 'env:', 'secret:', 'vault:'), (secret, before) => {
        const read = v.safeParse(secretRefSchema, `${before}${secret}`);
        if (read.success) return;
        for (const { message } of read.issues) {
          expect(message).toMatch(/should say where the secret stands/);
          expect(message.replace(/should say.*into this file/, '')).not.toContain(secret);
        }
      }),
    );
    expect(v.safeParse(secretRefSchema, 'secret:../../etc/passwd').success).toBe(false);
    expect(v.safeParse(secretRefSchema, 12345).issues?.[0].message).not.toContain('12345');
  });

  test('references are found wherever they stand in what was read', () => {
    const password = ref('env:A');
    expect(secretRefsIn({ host: 'pbx', deep: [{ password }] })).toEqual([
      { keys: ['deep', 0, 'password'], ref: password },
    ]);
  });
});

describe('reading', () => {
  test('from the environment, from a file beside the configuration, from the data folder', () => {
    aFile('pw', 'from a file\n');
    mkdirSync(join(folder, 'data'));
    storeSecret(join(folder, 'data'), 'pbx', 'kept');
    const read = readerIn({ A: 'from env' });
    expect(read(ref('env:A'))).toBe('from env');
    expect(read(ref('file:pw'))).toBe('from a file');
    expect(read(ref('secret:pbx'))).toBe('kept');
  });

  test.each([
    ['env:NONE', /environment variable NONE is not set/],
    ['file:none', /there is no file .*none: write the secret there, with mode 600/],
    ['file:open', /open can be read by others \(mode 0644\): chmod 600/],
    ['file:empty', /empty is empty/],
    ['secret:none', /"relay secrets set none" asks for it/],
  ])('%s tells what to do, and nothing of the secret', (text, words) => {
    aFile('open', 'hunter2', 0o644);
    aFile('empty', '\n');
    const read = () => readerIn()(ref(text));
    expect(read).toThrow(SecretError);
    expect(read).toThrow(words);
    expect(read).not.toThrow(/hunter2/);
  });

  test('what systemd hands over is taken whatever its mode says', () => {
    mkdirSync(join(folder, 'credentials'));
    aFile('credentials/pbx', 'handed over', 0o440);
    expect(readerIn({ CREDENTIALS_DIRECTORY: join(folder, 'credentials') })(ref('file:credentials/pbx'))).toBe(
      'handed over',
    );
    expect(() => readerIn()(ref('file:credentials/pbx'))).toThrow(/chmod 600/);
  });
});

describe('secrets of the data folder', () => {
  test('belong to their owner alone, are replaced whole, listed by name, and forgotten', () => {
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir);
    storeSecret(dataDir, 'pbx', 'one');
    storeSecret(dataDir, 'pbx', 'two');
    const [name = ''] = readdirSync(join(dataDir, 'secrets'));
    expect(name).toBe('pbx');
    expect(readFileSync(join(dataDir, 'secrets', name), 'utf8')).toBe('two');
    expect(statSync(join(dataDir, 'secrets', name)).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'secrets')).mode & 0o777).toBe(0o700);
    expect(storedSecrets(dataDir)).toEqual([{ name: 'pbx', setAt: expect.stringMatching(/^\d{4}-/) }]);
    expect(removeSecret(dataDir, 'pbx')).toBe(true);
    expect(removeSecret(dataDir, 'pbx')).toBe(false);
    expect(storedSecrets(dataDir)).toEqual([]);
  });

  test.each(['', '../x', 'A', '.hidden', 'a/b'])('%j is no name for one', (name) => {
    expect(() => storeSecret(folder, name, 'x')).toThrow(/a secret's name is/);
  });
});

test('a configuration whose secret cannot be read is told with its key and line before a relay runs with it', () => {
  const file = join(folder, 'relay.yaml');
  const yaml = `pbx:
  - id: main
    kind: simulator
    location: { country: DE }
    options:
      port: 8732
      password: "env:PBX_PASSWORD"
`;
  writeFileSync(file, yaml);
  expect(() => loadConfigToRun(file, {})).toThrow(
    /relay\.yaml:7: pbx\[0\]\.options\.password: the environment variable/,
  );
  expect(loadConfigToRun(file, { PBX_PASSWORD: 'x' }).pbx).toHaveLength(1);
});
