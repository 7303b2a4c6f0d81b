// The relay dies by kill -9 at every step of an order and of writing the journal, and comes back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killDrill } from './drill.ts';
import { type Planted, plantedRelay } from './mutated-relay.ts';

const KILLS = process.env['OFFHOOK_FULL'] === '1' ? 1_000 : 10;

test(
  `${KILLS} times kill -9: nothing is dialled twice, nobody was told what is not so, no row that was told is lost`,
  async () => {
    const { problems, kills, orders, dialled, steps, rows, notes } = await killDrill({ kills: KILLS });
    console.info(
      `${kills} kills, ${orders} orders, ${dialled} of them dialled, ${rows} journal rows, ${notes} notes; ${JSON.stringify(steps)}`,
    );
    expect(problems).toEqual([]);
    expect(kills).toBe(KILLS);
    expect(orders).toBe(3 * KILLS);
    // A relay that dials nothing dials nothing twice.
    expect(dialled).toBeGreaterThan(KILLS);
    expect(rows).toBeGreaterThan(KILLS);
  },
  60_000 + KILLS * 6_000,
);

const FAULTS: [string, readonly Planted[], RegExp][] = [
  [
    'records nothing before it sends',
    [
      {
        file: 'commands.ts',
        text: 'const { isNew, record } = await store.recordCommand({',
        instead: 'const { isNew, record } = ((record) => ({ isNew: true, record }))({',
      },
      {
        file: 'commands.ts',
        text: "if (!(await store.advanceCommand(flight.commandKey, ['recorded'], { state: 'sent' }))) {",
        instead: 'if (isLate()) {',
      },
    ],
    /was dialled 2 times/,
  ],
  [
    'tells of a call before it is written down',
    [
      {
        file: 'journal.ts',
        text: '= await store.saveConversation(saved);',
        instead: '= (setTimeout(() => void store.saveConversation(saved), 500), { seq: Date.now() });',
      },
    ],
    /was told and is gone/,
  ],
];

test.each(FAULTS)('the drill finds a relay that %s', async (_what, faults, problem) => {
  const dir = mkdtempSync(join(tmpdir(), 'offhook-planted-'));
  try {
    const main = plantedRelay(dir, faults);
    const { problems } = await killDrill({ kills: 20, main, endsAtProblem: true });
    expect(problems.join('\n')).toMatch(problem);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
