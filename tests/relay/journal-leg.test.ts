import { expect, test } from 'vitest';
import { isSameLeg } from '../../relay/src/journal-leg.ts';
import type { JournalLeg } from '../../relay/src/store/store.ts';

const leg: JournalLeg = {
  callId: 'call-1',
  lineId: 'line-1',
  direction: 'inbound',
  remote: { number: { kind: 'e164', number: '+493023125042' }, name: 'Sample caller' },
  startedAt: '2026-01-15T09:00:00.000Z',
  connectedAt: '2026-01-15T09:00:05.000Z',
  isEstimated: false,
};

test('a leg with the same facts is the same one, whoever made it', () => {
  expect(isSameLeg(leg, structuredClone(leg))).toBe(true);
});

const changes: [what: string, changed: JournalLeg][] = [
  ['what was told changed', { ...leg, remote: { ...leg.remote, name: 'Another sample' } }],
  ['something more is known', { ...leg, endedAt: '2026-01-15T09:01:00.000Z' }],
  ['a time is estimated', { ...leg, isEstimated: true }],
];

test.each(changes)('a leg is another one when %s, compared either way round', (_what, changed) => {
  expect([isSameLeg(leg, changed), isSameLeg(changed, leg)]).toEqual([false, false]);
});
