// What the toolbar icon says.
import { expect, test } from 'vitest';
import { badgeOf } from '#lib/badge.ts';
import type { HeldJournal } from '#lib/journal.ts';
import type { LinkStatus } from '#lib/phone.ts';
import { aCall, aColleague, aLine, anEntry, aState } from '../components/builders.ts';

const ringing = aCall({ state: 'offering' });
const NOTHING: HeldJournal = { entries: [], isLoaded: true };

function withMissed(count: number): HeldJournal {
  const entries = Array.from({ length: count }, (_none, index) =>
    anEntry({ entryId: `missed-${index}`, outcome: 'missed', startedAt: new Date(1e12 - index * 1000).toISOString() }),
  );
  return { entries, isLoaded: true };
}

test.each<LinkStatus>([
  { type: 'unpaired' },
  { type: 'connecting' },
  { type: 'offline' },
  { type: 'refused', code: 'revoked' },
])('while the link is %o nothing is said of calls', (link) => {
  const badge = badgeOf(aState([aLine({ calls: [ringing] })], { link }), withMissed(2));
  expect(badge).toEqual({ icon: 'offline', text: '', title: `link_${link.type}`, missed: 0 });
});

test.each([
  ['nothing', [], 'idle', ''],
  ['a call that is over', [aCall({ state: 'ended' })], 'idle', ''],
  ['a handset that is still off the hook', [aCall({ state: 'failed' })], 'idle', ''],
  ['a conversation', [aCall()], 'connected', ''],
  ['a call on hold', [aCall({ state: 'held' })], 'connected', ''],
  ['a call being made', [aCall({ state: 'prompting' })], 'connected', ''],
  ['a ringing call', [ringing], 'ringing', '1'],
  ['two that ring beside a conversation', [aCall(), ringing, aCall({ ...ringing, callId: 'b' })], 'ringing', '2'],
])('%s', (_title, calls, icon, text) => {
  const state = aState([aLine({ calls }), aColleague('11', { calls: [ringing] })]);
  expect(badgeOf(state, NOTHING)).toMatchObject({ icon, text });
});

test.each([
  ['one missed call', [], 1, 'idle', '1'],
  ['missed calls beside a conversation', [aCall()], 3, 'connected', '3'],
  ['what rings before what was missed', [ringing], 3, 'ringing', '1'],
  ['more than can be read', [], 150, 'idle', '99+'],
])('%s', (_title, calls, missed, icon, text) => {
  expect(badgeOf(aState([aLine({ calls })]), withMissed(missed))).toMatchObject({ icon, text, missed });
});

test('what was looked at, answered, or missed by a colleague is no news', () => {
  const { entries } = withMissed(3);
  const [first, second, third] = entries;
  const journal: HeldJournal = {
    isLoaded: true,
    seenUntil: second!.startedAt,
    entries: [{ ...first!, lineId: 'line-11' }, second!, third!, anEntry({ outcome: 'answered' })],
  };
  expect(badgeOf(aState([aLine(), aColleague('11')]), journal)).toMatchObject({ text: '', missed: 0 });
});
