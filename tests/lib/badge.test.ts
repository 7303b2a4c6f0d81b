// What the toolbar icon says.
import { expect, test } from 'vitest';
import { badgeOf } from '#lib/badge.ts';
import type { LinkStatus } from '#lib/phone.ts';
import { aCall, aColleague, aLine, aState } from '../components/builders.ts';

const ringing = aCall({ state: 'offering' });

test.each<LinkStatus>([
  { type: 'unpaired' },
  { type: 'connecting' },
  { type: 'offline' },
  { type: 'refused', code: 'revoked' },
])('while the link is %o nothing is said of calls', (link) => {
  const badge = badgeOf(aState([aLine({ calls: [ringing] })], { link }));
  expect(badge).toEqual({ icon: 'offline', text: '', title: `link_${link.type}` });
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
  expect(badgeOf(aState([aLine({ calls }), aColleague('11', { calls: [ringing] })]))).toMatchObject({ icon, text });
});
