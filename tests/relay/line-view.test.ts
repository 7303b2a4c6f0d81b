import type { Contact } from '@offhook/protocol';
import { LineSchema } from '@offhook/protocol';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../relay/src/access.ts';
import { lineFor, remoteFor } from '../../relay/src/line-view.ts';
import { aCall, aGrant, aLine, aViewer } from './builders.ts';

const number = { kind: 'e164', number: '+493023125042' } as const;
const contact: Contact = {
  contactId: 'sample:1',
  name: 'Sample Person',
  url: 'https://crm.test/?number=%2B493023125042',
  source: 'sample',
  match: 'exact',
};
const noContacts = { now: 1_000_000, contactOf: () => undefined };

describe('access: refusals', () => {
  const viewer = aViewer({
    grants: [
      aGrant('user-1', 'line-1', 'control'),
      aGrant('user-1', 'line-2', 'watch'),
      aGrant('user-1', 'line-3', 'see-numbers'),
      aGrant('user-1', 'line-9', 'watch', 'control'),
      aGrant('user-2', 'line-4', 'watch'),
    ],
  });
  test.each([
    ['control includes watch', 'line-1', 'tenant-1', 'watch', undefined],
    ['watch is not control', 'line-2', 'tenant-1', 'control', 'not-permitted'],
    ['a right without watch is none', 'line-3', 'tenant-1', 'see-numbers', 'line-unknown'],
    ['the grants of others do not count', 'line-4', 'tenant-1', 'watch', 'line-unknown'],
    ['a grant does not open another company’s line', 'line-9', 'tenant-2', 'watch', 'line-unknown'],
  ] as const)('%s', (_what, lineId, tenantId, right, code) => {
    expect(refusalOf(viewer, { lineId, tenantId }, right)).toBe(code);
  });

  test('a line that does not exist is line-unknown', () => {
    expect(refusalOf(viewer, undefined, 'watch')).toBe('line-unknown');
  });

  test('a grant for all lines adds to that for one', () => {
    const both = aViewer({ grants: [aGrant('user-1', '*', 'watch'), aGrant('user-1', 'line-1', 'see-names')] });
    expect([...both.rightsOn('line-1')].sort()).toEqual(['see-names', 'watch']);
    expect([...both.rightsOn('line-2')]).toEqual(['watch']);
  });
});

describe('line view: the other party', () => {
  const all = new Set(['see-numbers', 'see-names'] as const);
  const names = new Set(['see-names'] as const);

  test('a known contact is verified; what the network says is a claim, without control characters', () => {
    expect(remoteFor(all, { number, name: 'X', contact, isColleague: false })).toEqual({
      number,
      name: 'Sample Person',
      contact,
      verified: true,
    });
    const name = `Sam\u202eple\u0000 ${'x'.repeat(200)}`;
    const claimed = remoteFor(all, { number, name, isColleague: false });
    expect(claimed.verified).toBe(false);
    expect(claimed.name).toMatch(/^Sam ple x+$/);
    expect(claimed.name?.length).toBeLessThanOrEqual(128);
  });

  test('without see-numbers, neither the contact’s address nor a name that is a number tells it', () => {
    const hidden = { kind: 'hidden' };
    const { url: _, ...withoutUrl } = contact;
    expect(remoteFor(names, { number, contact, isColleague: false })).toMatchObject({
      number: hidden,
      contact: withoutUrl,
    });
    expect(JSON.stringify(remoteFor(names, { number, contact, isColleague: false }))).not.toContain('23125042');
    for (const name of ['+49 30 23125 042', '03023125042', '18', 'Call 23125042']) {
      expect(remoteFor(names, { number, name, isColleague: false })).toEqual({ number: hidden, verified: false });
    }
  });

  test('a caller from outside who claims an extension is no colleague', () => {
    const extension = { kind: 'internal', number: '18' } as const;
    expect(remoteFor(all, { number: extension, name: 'Sample Desk', isColleague: false }).verified).toBe(false);
    expect(remoteFor(all, { number: extension, name: 'Sample Desk', isColleague: true }).verified).toBe(true);
  });
});

describe('line view: the line', () => {
  test('what may be done is offered to those who may do it', () => {
    const line = aLine({ calls: [aCall({ capabilities: ['answer', 'drop'] })] });
    const watcher = lineFor(aViewer({ grants: [aGrant('user-1', 'line-1', 'watch', 'pickup')] }), line, noContacts);
    expect([watcher.capabilities, watcher.calls[0]?.capabilities]).toEqual([['pickup'], []]);
    const owner = lineFor(aViewer(), line, noContacts);
    expect([owner.capabilities, owner.calls[0]?.capabilities]).toEqual([line.capabilities, ['answer', 'drop']]);
  });

  test('the dial plan is named to those who may call from the line', () => {
    const watcher = lineFor(aViewer({ grants: [aGrant('user-1', 'line-1', 'watch', 'pickup')] }), aLine(), noContacts);
    expect([watcher.dialPlan, lineFor(aViewer(), aLine(), noContacts).dialPlan]).toEqual([undefined, 'pbx-1']);
  });

  test('of very many calls, those that are not over are shown, and the frame stays readable', () => {
    const calls = Array.from({ length: 200 }, (_, n) =>
      aCall({ callId: `call-${n}`, state: n % 5 === 0 ? 'held' : 'ended' }),
    );
    const shown = lineFor(aViewer(), aLine({ calls }), noContacts);
    expect(shown.calls).toHaveLength(50);
    expect(shown.calls.filter(({ state }) => state === 'held')).toHaveLength(40);
  });

  test('a call through a ring group names the group, to everybody who sees the call', () => {
    const line = aLine({ calls: [aCall({ callId: 'call-1', group: 'Sales' }), aCall({ callId: 'call-2' })] });
    for (const viewer of [aViewer(), aViewer({ grants: [aGrant('user-1', 'line-1', 'watch')] })]) {
      const groups = lineFor(viewer, line, noContacts).calls.map((call) => call.group);
      expect(groups).toEqual(['Sales', undefined]);
    }
  });

  test('a phone system with a wrong clock costs no call', () => {
    const calls = [aCall({ since: -1e14, connectedSince: 9e14 })];
    const read = v.parse(LineSchema, lineFor(aViewer(), aLine({ calls }), noContacts));
    expect(read.calls).toMatchObject([{ callId: 'call-1', connectedMs: 0 }]);
  });
});
