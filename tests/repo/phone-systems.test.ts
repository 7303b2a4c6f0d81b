// docs/phone-systems.md says what the drivers declare and the contract has shown, and nothing more.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { limited, no, YES } from '../../relay/src/pbx/declaration.ts';
import { SIMULATOR } from '../../relay/src/pbx/simulator/declaration.ts';
import { phoneSystemsPage, type Report } from '../../scripts/phone-systems/page.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

test('docs/phone-systems.md is what node scripts/phone-systems.ts would write', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/phone-systems.ts', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

describe('a cell', () => {
  const hold = (claim: typeof YES, ...shown: Report['shown'][]): string | undefined => {
    const declaration = { ...SIMULATOR, name: 'Sample', commands: { ...SIMULATOR.commands, hold: claim } };
    const reports = shown.map((one) => ({ kind: 'sample', subject: 'a sample', shown: one }));
    const page = phoneSystemsPage([{ kind: 'sample', declaration, reports }]);
    return /^\| `hold` \| (.*) \|$/m.exec(page)?.[1];
  };

  test('reads unknown without a passed test, whatever is declared', () => {
    expect(hold(YES)).toBe('unknown');
    expect(hold(no('It has no hold.'))).toBe('unknown');
    expect(hold(YES, { 'command/drop': 'yes' })).toBe('unknown');
  });

  test('reads unknown when something else was shown than is declared', () => {
    expect(hold(YES, { 'command/hold': 'no' })).toBe('unknown');
    expect(hold(YES, { 'command/hold': 'limited' })).toBe('unknown');
    expect(hold(no('It has no hold.'), { 'command/hold': 'yes' })).toBe('unknown');
  });

  test('says what is declared and shown, with the reason of what is not simply yes', () => {
    expect(hold(YES, { 'command/hold': 'no' }, { 'command/hold': 'yes' })).toBe('yes');
    expect(hold(limited('Some phones.'), { 'command/hold': 'limited' })).toBe('limited (1)');
    expect(hold(no('It has no hold.'), { 'command/hold': 'no' })).toBe('no (1)');
  });
});
