// The bench's own behaviour, over rows that cost nothing: what it prints, in which order it asks, how it ends. No times.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runBench } from '../bench/bench.ts';
import { measure, medianOf, ratioOf } from '../bench/measure.ts';
import type { Contest, Ground, Row, RowFamily } from '../bench/row.ts';

const ROOT = join(import.meta.dirname, '../..');
const say = () => undefined;

function aRow(id: string): Row {
  return { id, unit: 'ms', ours: `ours of ${id}`, reference: `reference of ${id}` };
}

/** A family of one row whose contestants answer these figures, one a round. */
function aFamily(id: string, ours: readonly number[], reference: readonly number[], more: Partial<Contest> = {}) {
  const answering = (figures: readonly number[]) => {
    const left = [...figures];
    return async () => ({ [id]: left.shift() ?? Number.NaN });
  };
  const open = async () => ({ ours: answering(ours), reference: answering(reference), ...more });
  return { rows: [aRow(id)], rounds: ours.length, warmUpRounds: 0, open } satisfies RowFamily;
}

async function bench(families: readonly RowFamily[], ...args: string[]) {
  const printed: string[] = [];
  const said: string[] = [];
  const print = (text: string) => void printed.push(text);
  const code = await runBench({ args, families, print, say: (text) => void said.push(text) });
  return { code, printed, said: said.join('\n') };
}

const broken: RowFamily = { ...aFamily('broken', [1], [1]), open: () => Promise.reject(new Error('no browser today')) };

describe('npm run bench', () => {
  test('--json prints the array and nothing else', async () => {
    const { code, printed } = await bench([aFamily('a', [3, 1, 2], [4, 4, 4]), aFamily('b', [8], [2])], '--json');
    expect(code).toBe(0);
    expect(printed).toHaveLength(1);
    expect(JSON.parse(printed[0] ?? '')).toEqual([
      { id: 'a', ours: 2, reference: 4, ratio: 0.5, unit: 'ms', n: 3 },
      { id: 'b', ours: 8, reference: 2, ratio: 4, unit: 'ms', n: 1 },
    ]);
  });

  test('names the medians of other contestants where there are any', async () => {
    const others = { peer: async () => ({ a: 7 }) };
    const { printed } = await bench([aFamily('a', [1, 1], [1, 1], { others })], '--json');
    expect(JSON.parse(printed[0] ?? '')).toMatchObject([{ id: 'a', others: { peer: 7 } }]);
  });

  test('the table has a line for each row, with median and spread', async () => {
    const { printed } = await bench([aFamily('a', [3, 1, 2.5], [4, 5, 6])]);
    expect(printed[0]?.split('\n')[1]?.split(/\s+/)).toEqual(['a', 'ms', '3', '2.50', '1–3', '5', '4–6', '0.50']);
  });

  test('--only measures the named rows and opens no other family', async () => {
    let isOpened = false;
    const other = aFamily('b', [1], [1]);
    const open = () => {
      isOpened = true;
      return other.open();
    };
    const { code, printed } = await bench([{ ...other, open }, aFamily('a', [1], [1])], '--json', '--only', 'a');
    expect({ code, isOpened }).toEqual({ code: 0, isOpened: false });
    expect(JSON.parse(printed[0] ?? '')).toMatchObject([{ id: 'a' }]);
  });

  test('an unknown row is refused with the names of those that there are', async () => {
    const { code, printed, said } = await bench([aFamily('a', [1], [1]), broken], '--only', 'c');
    expect({ code, printed, said }).toEqual({ code: 2, printed: [], said: 'There is no row "c". Rows: a, broken' });
  });

  test('an option that it does not know is refused', async () => {
    const { code, printed, said } = await bench([aFamily('a', [1], [1])], '--fast');
    expect({ code, printed }).toEqual({ code: 2, printed: [] });
    expect(said).toContain('--fast');
  });

  test('a row that could not be measured costs the exit code, not the other rows', async () => {
    const { code, printed, said } = await bench([broken, aFamily('a', [1], [1])], '--json');
    expect(code).toBe(1);
    expect(JSON.parse(printed[0] ?? '')).toMatchObject([{ id: 'a' }]);
    expect(said).toContain('broken: FAILED: no browser today');
  });

  test('a row without ratio is not measured', async () => {
    expect(await bench([aFamily('a', [1], [0])], '--json')).toMatchObject({ code: 1, printed: ['[]'] });
    expect(await bench([aFamily('a', [Number.NaN], [1])], '--json')).toMatchObject({ code: 1, printed: ['[]'] });
  });

  test('knows its rows', () => {
    const run = spawnSync(process.execPath, ['tests/bench/run.ts', '--json', '--only', 'nonsense'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect({ code: run.status, stdout: run.stdout }).toEqual({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/Rows:.* ring-to-notification, ring-to-name, click-to-driver, popup-open, gate-bytes/);
  });
});

describe('a contest', () => {
  const rows = [aRow('a'), aRow('b')];

  test('gives every contestant a turn in each round, and forgets the warm-up', async () => {
    const turns: string[] = [];
    const taking = (name: string) => async () => ({ a: turns.push(name) });
    const others = { peer: taking('peer') };
    const open = async () => ({ ours: taking('ours'), reference: taking('reference'), others });
    const [outcome] = await measure({ rows, rounds: 2, warmUpRounds: 1, open }, { ids: ['a'], say });
    expect(turns.join(' ')).toBe('ours reference peer ours reference peer ours reference peer');
    expect(outcome).toMatchObject({ n: 2, ours: { median: 5.5, min: 4, max: 7 }, others: { peer: { min: 6 } } });
  });

  test('takes turns within a round where that is wanted: their mean counts, or their median', async () => {
    const turns: string[] = [];
    const taking = (name: string) => async () => {
      const at = turns.push(name);
      return { a: at === 11 ? 20 : at, b: at === 9 ? 1_000 : at };
    };
    const open = async () => ({ ours: taking('ours'), reference: taking('reference') });
    const family: RowFamily = {
      rows: [aRow('a'), { ...aRow('b'), ofTurns: 'median' }],
      rounds: 1,
      warmUpRounds: 1,
      turns: 3,
      open,
    };
    const [mean, median] = await measure(family, { ids: ['a', 'b'], say });
    expect(turns.join(' ')).toBe(Array.from({ length: 6 }, () => 'ours reference').join(' '));
    expect(mean).toMatchObject({ n: 1, ours: { median: 12 }, reference: { median: 10 } });
    expect(median).toMatchObject({ n: 1, ours: { median: 11 }, reference: { median: 10 } });
  });

  test('measures several rows at once, and fails only the one it has no figure for', async () => {
    const open = async () => ({ ours: async () => ({ a: 1 }), reference: async () => ({ a: 2, b: 2 }) });
    const outcomes = await measure({ rows, rounds: 1, warmUpRounds: 0, open }, { ids: ['a', 'b'], say });
    expect(outcomes.map(({ type, row }) => [row.id, type])).toEqual([
      ['a', 'measured'],
      ['b', 'failed'],
    ]);
  });

  test('is cleared away when a contestant fails, last things first, whatever of that fails', async () => {
    const cleared: string[] = [];
    const fell = () => Promise.reject(new Error('fell'));
    const open = async ({ atEnd }: Ground) => {
      for (const name of ['world', 'browser']) atEnd(() => void cleared.push(name));
      atEnd(fell);
      return { ours: fell, reference: fell };
    };
    const [outcome] = await measure({ rows, rounds: 1, warmUpRounds: 0, open }, { ids: ['a'], say });
    expect(cleared).toEqual(['browser', 'world']);
    expect(outcome).toMatchObject({ type: 'failed', why: 'fell' });
  });
});

describe('figures', () => {
  test.each([
    [[5], 5],
    [[9, 1, 5], 5],
    [[10, 1, 2, 9], 5.5],
  ])('the median of %j is %d', (figures, median) => {
    expect(medianOf(figures)).toBe(median);
  });

  test.each([
    ['ring-to-notification', 0.5],
    ['finder-table-cold', 2],
    ['finder-mail-warm', 2],
    ['finder-precision', 0.5],
    ['page-finder-cold', 0.5],
  ])('the ratio of %s tells what it should', (id, ratio) => {
    expect(ratioOf(id, { ours: 10, reference: 20 })).toBe(ratio);
  });
});
