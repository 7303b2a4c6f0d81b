// The watched folder: what is dialled from it, and everything that must not be.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchFolder } from '../../../relay/src/tapimaster-server/folder.ts';
import type { Reply } from '../../../relay/src/tapimaster-server/reply.ts';
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts';
import { SILENT } from '../builders.ts';

let folder: string;
let clock: FakeClock;
let taken: string[];
let answer: Reply;
let watching: { close(): Promise<void> };
let looked: () => void;

const watch = async (parts: { acceptUnterminated?: boolean; reply?: () => Promise<Reply> } = {}) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  looked = resolve;
  watching = watchFolder({
    ...{ folder, clock, log: SILENT, user: 'anna', acceptUnterminated: parts.acceptUnterminated ?? false },
    desk: {
      async take({ line, user }) {
        taken.push(`${user}: ${line}`);
        return parts.reply ? parts.reply() : answer;
      },
    },
    onLooked: () => looked(),
  });
  await promise;
};
/** So many looks, half a second apart. */
const looks = async (times: number) => {
  for (let time = 0; time < times; time += 1) {
    const { promise, resolve } = Promise.withResolvers<void>();
    looked = resolve;
    clock.advance(500);
    await promise;
  }
};
const put = (name: string, text: string, ageMs = 0) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  const at = new Date(clock.now() - ageMs);
  utimesSync(path, at, at);
};
const told = (name: string) => readFileSync(join(folder, name), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offhook-cti-'));
  clock = createFakeClock();
  taken = [];
  answer = { state: 'ok', text: 'OK done' };
});
afterEach(async () => {
  await watching.close();
  rmSync(folder, { recursive: true });
});

it('a file is carried out once, and its answer lies beside', async () => {
  await watch();
  put('call.CTI', 'MakeCall 100 102\r\n');
  await looks(4);
  expect(taken).toEqual(['anna: MakeCall 100 102']);
  expect(readdirSync(folder)).toEqual(['call.OK']);
  expect(told('call.OK')).toBe('OK done\r\n');
});

it('what was refused says so in a file of its own', async () => {
  await watch();
  answer = { state: 'refused', code: 'policy-blocked', text: 'ERR policy-blocked premium' };
  put('call.cti', 'MakeCall 100 102\n');
  await looks(2);
  expect(readdirSync(folder)).toEqual(['call.ERR']);
  expect(told('call.ERR')).toBe('ERR policy-blocked premium\r\n');
});

it('a file that still grows waits until it does not', async () => {
  await watch();
  put('call.CTI', 'MakeCall 100 0302\r\n');
  await looks(1);
  put('call.CTI', 'MakeCall 100 03023125042\r\n');
  await looks(1);
  expect(taken).toEqual([]);
  await looks(1);
  expect(taken).toEqual(['anna: MakeCall 100 03023125042']);
});

it('half a line is never dialled, however long it lies there', async () => {
  await watch();
  put('call.CTI', 'MakeCall 100 0302312');
  await looks(20);
  expect(taken).toEqual([]);
  expect(told('call.ERR')).toContain('no line break at its end');
});

it('a line without an end is dialled after a while where that is wanted', async () => {
  await watch({ acceptUnterminated: true });
  put('call.CTI', 'MakeCall 100 102');
  await looks(4);
  expect(taken).toEqual([]);
  await looks(4);
  expect(taken).toEqual(['anna: MakeCall 100 102']);
});

it.each([
  ['from before the relay started', 61_000, 'older than 60 s'],
  ['of last year', 365 * 86_400_000, 'older than 60 s'],
  ['from the future', -40_000, 'from the future'],
])('a file %s is not dialled', async (_, ageMs, words) => {
  put('call.CTI', 'MakeCall 100 102\r\n', ageMs);
  await watch();
  await looks(2);
  expect(taken).toEqual([]);
  expect(told('call.ERR')).toContain(words);
});

it('what has more than one line, is too long or is a link is refused', async () => {
  await watch();
  put('two.CTI', 'MakeCall 100 102\r\nMakeCall 100 103\r\n');
  put('long.CTI', `MakeCall 100 ${'1'.repeat(2_000)}\r\n`);
  put('real.txt', 'MakeCall 100 102\r\n');
  symlinkSync(join(folder, 'real.txt'), join(folder, 'link.CTI'));
  await looks(3);
  expect(taken).toEqual([]);
  expect(told('two.ERR')).toContain('more than one line');
  expect(told('long.ERR')).toContain('longer than a command');
  expect(told('link.ERR')).toContain('no ordinary file');
  expect(readdirSync(folder).filter((name) => name.endsWith('.CTI'))).toEqual([]);
});

it('a folder with the name of a file keeps no other file waiting', async () => {
  await watch();
  mkdirSync(join(folder, 'a.CTI'));
  put('b.CTI', 'MakeCall 100 102\r\n');
  await looks(3);
  expect(taken).toEqual(['anna: MakeCall 100 102']);
  expect(told('a.ERR')).toContain('no ordinary file');
});

it('other files stay untouched', async () => {
  await watch();
  put('call.CTI.tmp', 'MakeCall 100 102\r\n');
  put('notes.txt', 'MakeCall 100 102\r\n');
  await looks(3);
  expect(readdirSync(folder)).toEqual(['call.CTI.tmp', 'notes.txt']);
  // A program that writes under another name and renames, as it should.
  renameSync(join(folder, 'call.CTI.tmp'), join(folder, 'call.CTI'));
  await looks(2);
  expect(taken).toHaveLength(1);
});

it('what an earlier run had taken is not dialled again; nobody knows how it ended', async () => {
  put('call.BUSY', 'MakeCall 100 102\r\n');
  await watch();
  await looks(3);
  expect(taken).toEqual([]);
  expect(told('call.ERR')).toMatch(/^UNKNOWN /);
});

it('a file is taken before it is dialled: a crash in between cannot dial it twice', async () => {
  const dialling = Promise.withResolvers<Reply>();
  const { promise: isTaken, resolve } = Promise.withResolvers<string[]>();
  await watch({
    reply() {
      resolve(readdirSync(folder));
      return dialling.promise;
    },
  });
  put('call.CTI', 'MakeCall 100 102\r\n');
  await looks(1);
  clock.advance(500);
  expect(await isTaken).toEqual(['call.BUSY']);
  dialling.resolve(answer);
});

it('an answer never goes through a link that lies where it is written', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'offhook-outside-'));
  const secret = join(outside, 'relay.db');
  writeFileSync(secret, 'the relay’s own');
  for (const ending of ['TMP', 'OK', 'ERR']) symlinkSync(secret, join(folder, `call.${ending}`));
  await watch();
  put('call.CTI', 'MakeCall 100 102\r\n');
  await looks(2);
  expect(taken).toHaveLength(1);
  expect(readFileSync(secret, 'utf8')).toBe('the relay’s own');
  expect(told('call.OK')).toBe('OK done\r\n');
  rmSync(outside, { recursive: true });
});

it('a half-written file of the program that has the name of an answer’s draft stays as it is', async () => {
  await watch();
  put('call.CTI', 'MakeCall 100 102\r\n');
  put('call.TMP', 'MakeCall 100 10');
  await looks(2);
  expect(told('call.TMP')).toBe('MakeCall 100 10');
});

it('when it is closed, files that were not taken yet stay for the next start', async () => {
  const dialling = Promise.withResolvers<Reply>();
  const { promise: isTaken, resolve } = Promise.withResolvers<void>();
  await watch({
    reply() {
      resolve();
      return dialling.promise;
    },
  });
  put('a.CTI', 'MakeCall 100 102\r\n');
  put('b.CTI', 'MakeCall 100 103\r\n');
  await looks(1);
  clock.advance(500);
  await isTaken;
  const closed = watching.close();
  dialling.resolve(answer);
  await closed;
  expect(taken).toEqual(['anna: MakeCall 100 102']);
  expect(readdirSync(folder)).toEqual(['a.OK', 'b.CTI']);
});

it('a folder that is not there yet is looked for again', async () => {
  const later = join(folder, 'later');
  folder = later;
  await watch();
  await looks(2);
  mkdirSync(later);
  put('call.CTI', 'Drop 100\r\n');
  await looks(2);
  expect(taken).toEqual(['anna: Drop 100']);
});
