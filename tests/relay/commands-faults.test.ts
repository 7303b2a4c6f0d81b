import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CommandContext } from '../../relay/src/commands.ts';
import type { CommandRecord } from '../../relay/src/store/store.ts';
import { type Fault, type History, type Manner, type Step, violationsOf } from './commands-rig.ts';

const RUNS = process.env['OFFHOOK_FULL'] === '1' ? 10_000 : 100;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('order' as const),
      key: fc.nat(2),
      args: fc.constantFrom(0, 0, 0, 1),
      deadlineMs: fc.constantFrom(5_000, 5_000, 5_000, 0),
    }),
  },
  { weight: 3, arbitrary: fc.constant<Step>({ type: 'settle' }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(1, 5_001, 10_001, 700_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('lateOutcome' as const), state: fc.constantFrom('done', 'failed') }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ type: 'restart' }) },
);
const manner = fc.constantFrom<Manner>(
  'done',
  'outcomeFirst',
  'rejected',
  'failed',
  'silent',
  'lostBefore',
  'lostAfter',
  'twice',
  'contradicts',
  'neverReturns',
  'diesBefore',
  'diesAfter',
);
const fault: fc.Arbitrary<Fault> = fc.record({
  call: fc.integer({ min: 1, max: 24 }),
  kind: fc.constantFrom('throwBefore', 'throwAfter', 'dieBefore', 'dieAfter'),
});
const history: fc.Arbitrary<History> = fc.record({
  steps: fc.array(step, { minLength: 2, maxLength: 14 }),
  manners: fc.array(manner, { minLength: 1, maxLength: 6 }),
  faults: fc.array(fault, { maxLength: 4 }),
});

test('whatever fails between two steps, an order is dialled at most once and nobody is told otherwise', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (one) => {
      expect(await violationsOf(one)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

type LedgerStore = CommandContext['store'];

async function findsFault(plant: (store: LedgerStore) => LedgerStore): Promise<boolean> {
  const found = await fc.check(
    fc.asyncProperty(history, async (one) => (await violationsOf(one, plant)).length === 0),
    { numRuns: 300, endOnFailure: true, seed: 1 },
  );
  return found.failed;
}

test('the check finds a relay that records an order only after it was sent', async () => {
  expect(await findsFault(recordsAfterwards)).toBe(true);
});

test('the check finds a relay that forgets the mark before the hand-over', async () => {
  const withoutMark = (store: LedgerStore): LedgerStore => ({
    ...store,
    advanceCommand: async (key, from, to) =>
      to.state === 'sent' ? true : store.advanceCommand(key, [...from, 'recorded'], to),
  });
  expect(await findsFault(withoutMark)).toBe(true);
});

// Holds in memory what should be on the disk, until the end of the order is known.
function recordsAfterwards(store: LedgerStore): LedgerStore {
  const memory = new Map<string, CommandRecord>();
  return {
    async command(key) {
      return memory.get(key) ?? store.command(key);
    },
    async recordCommand(record) {
      const known = memory.get(record.commandKey) ?? (await store.command(record.commandKey));
      if (known) return { isNew: false, record: known };
      memory.set(record.commandKey, record);
      return { isNew: true, record };
    },
    async advanceCommand(key, from, to) {
      const held = memory.get(key);
      if (!held) return store.advanceCommand(key, from, to);
      if (!from.includes(held.state)) return false;
      memory.set(key, { ...held, ...to });
      if (to.state === 'sent') return true;
      await store.recordCommand({ ...held, ...to });
      memory.delete(key);
      return true;
    },
  };
}
