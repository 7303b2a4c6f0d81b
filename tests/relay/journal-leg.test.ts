import { expect, test } from 'vitest';
import { isSameLeg } from '../../relay/src/journal-leg.ts';
import type { JournalLeg } from '../../relay/src/store/store.ts';

// Every field that a leg can have: one that is added is asked for here.
const leg: Required<JournalLeg> = {
  callId: 'call-1',
  lineId: 'line-1',
  direction: 'inbound',
  remote: { number: { kind: 'e164', number: '+493023125042' }, name: 'Sample caller' },
  dialled: { kind: 'e164', number: '+493023125001' },
  group: 'Sales',
  cause: 'normal',
  startedAt: '2026-01-15T09:00:00.000Z',
  connectedAt: '2026-01-15T09:00:05.000Z',
  endedAt: '2026-01-15T09:01:00.000Z',
  isEstimated: false,
  isPartial: false,
};

const other: Required<JournalLeg> = {
  callId: 'call-2',
  lineId: 'line-2',
  direction: 'outbound',
  remote: { ...leg.remote, name: 'Another sample' },
  dialled: { kind: 'e164', number: '+493023125002' },
  group: 'Support',
  cause: 'busy',
  startedAt: '2026-01-15T09:00:00.001Z',
  connectedAt: '2026-01-15T09:00:05.001Z',
  endedAt: '2026-01-15T09:01:00.001Z',
  isEstimated: true,
  isPartial: true,
};

test('a leg with the same facts is the same one, whoever made it', () => {
  expect(isSameLeg(leg, structuredClone(leg))).toBe(true);
});

test.each(Object.keys(leg))('a leg with another %s is another one, and so is one without it', (name) => {
  const changed = { ...leg, [name]: other[name as keyof JournalLeg] };
  const { [name as keyof JournalLeg]: _, ...without } = leg;
  const answers = [changed, without as JournalLeg].flatMap((one) => [isSameLeg(leg, one), isSameLeg(one, leg)]);
  expect(answers).toEqual([false, false, false, false]);
});
