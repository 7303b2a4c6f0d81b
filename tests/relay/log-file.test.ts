// A log on a disk that is full: nothing ends, nothing is lost that fits, and what is lost is counted. `/dev/full` refuses every
// write as such a disk does.
import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { logFile } from '../../relay/src/log-file.ts';

const FULL = '/dev/full';
let folder = '';
const path = () => join(folder, 'relay.log');
const lines = () => readFileSync(path(), 'utf8').split('\n').slice(0, -1);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offhook-log-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.skipIf(!existsSync(FULL))('while the disk is full', () => {
  test('lines wait, and are written in their order when there is room', () => {
    symlinkSync(FULL, path());
    const file = logFile(path());
    file.write('one\n');
    file.write('two\n');
    rmSync(path());
    file.reopen();
    file.write('three\n');
    expect(lines()).toEqual(['one', 'two', 'three']);
  });

  test('what finds no place any more is counted where it is missing', () => {
    symlinkSync(FULL, path());
    const file = logFile(path(), { mostWaitingBytes: 200 });
    const long = 'x'.repeat(149);
    for (const name of ['kept', 'lost', 'lost']) file.write(`${name} ${long}\n`);
    rmSync(path());
    file.reopen();
    file.write('after\n');
    const [kept, remark = '', after] = lines();
    expect([kept, after]).toEqual([`kept ${long}`, 'after']);
    expect(JSON.parse(remark)).toMatchObject({ level: 'warn', msg: expect.stringContaining('2 lines') });
  });
});

test('a log that cannot be opened anew goes on in the old file, and says so', () => {
  const file = logFile(join(folder, 'logs', 'relay.log'));
  file.write('one\n');
  // Another name of the same file, by which it is read when its folder is gone.
  linkSync(join(folder, 'logs', 'relay.log'), path());
  rmSync(join(folder, 'logs'), { recursive: true });
  file.reopen();
  file.write('two\n');
  expect(lines()).toEqual(['one', expect.stringContaining('could not be opened anew'), 'two']);
});
