// What was acknowledged is there after the process was killed in the middle of writing.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';

const WRITER = join(import.meta.dirname, '../fixtures/relay/store-writer.ts');
const RUNS = process.env['OFFHOOK_FULL'] === '1' ? 1_000 : 20;

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-kill-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

// Lets a writer work until it has acknowledged so many rounds, kills it and answers the last one it acknowledged.
function killedWriter(run: number, rounds: number): Promise<number> {
  return new Promise((done, fail) => {
    const writer = spawn(process.execPath, [WRITER, dataDir, String(run)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    writer.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.split('\n').length > rounds) writer.kill('SIGKILL');
    });
    writer.on('error', fail);
    // The last line may be cut: only whole ones count as said.
    writer.on('close', (_code, signal) => {
      if (signal === 'SIGKILL') done(Number(output.split('\n').at(-2)));
      else fail(new Error('the writer ended by itself'));
    });
  });
}

test(
  `${RUNS} times kill -9 in the middle of writing: nothing that was acknowledged is lost, nothing is half there`,
  async () => {
    const acknowledged: number[] = [];
    for (let run = 0; run < RUNS; run += 1) acknowledged.push(await killedWriter(run, 1 + ((run * 7) % 40)));

    const db = new DatabaseSync(join(dataDir, 'relay.db'));
    expect(db.prepare('PRAGMA integrity_check').get()?.['integrity_check']).toBe('ok');
    expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    const halves = db.prepare('SELECT conversationId FROM leg GROUP BY conversationId HAVING count(*) <> 3').all();
    expect(halves).toEqual([]);
    db.close();

    const store = openSqliteStore(dataDir);
    for (const [run, last] of acknowledged.entries()) {
      for (let index = 0; index <= last; index += 1) {
        expect((await store.conversation(`v-${run}-${index}`))?.legs).toHaveLength(3);
        expect((await store.command(`k-${run}-${index}`))?.state).toBe('sent');
      }
    }
    await store.close();
  },
  RUNS * 3_000,
);
