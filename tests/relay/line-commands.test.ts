// What `relay lines accept` takes over: what was named, and never what only has the same number elsewhere.
import { expect, it } from 'vitest';
import { lineIdOf } from '../../relay/src/call-ids.ts';
import { lineHandlers } from '../../relay/src/line-commands.ts';
import type { LineDifference } from '../../relay/src/line-keeper.ts';

const difference = (pbxId: string, extension: string, more: Partial<LineDifference> = {}): LineDifference => ({
  ...{ pbxId, change: 'new', line: { lineKey: extension, extension, name: `Line ${extension}` } },
  ...more,
});
const FOUND = [
  difference('main', '18'),
  difference('main', '19'),
  difference('other', '18'),
  difference('other', '20', { change: 'renamed', now: { lineKey: '20', extension: '21', name: 'Line 21' } }),
];

const NO_GRANTS = { grants: async () => [], groups: async () => [], workstations: async () => [] };

async function accept(lines?: string[]): Promise<string[]> {
  const accepted: LineDifference[] = [];
  const { acceptLines } = lineHandlers({
    lineKeeper: {
      differences: () => FOUND,
      async accept(differences) {
        accepted.push(...differences);
      },
      named: () => [],
    },
    store: NO_GRANTS,
  });
  const signal = new AbortController().signal;
  await acceptLines(lines === undefined ? {} : { lines }, { emit: () => undefined, signal } as never); // it only emits
  return accepted.map(({ pbxId, line }) => `${pbxId}/${line.extension}`);
}

it('an extension that differs at one phone system alone is enough', async () => {
  expect(await accept(['19', '21'])).toEqual(['main/19', 'other/20']);
  expect(await accept()).toHaveLength(4);
});

it('an extension that differs at two, which may be two companies, is asked back, and nothing is taken over', async () => {
  await expect(accept(['19', '18'])).rejects.toThrow('18 differs at several phone systems: say main/18 or other/18');
  expect(await accept(['other/18', 'main/19', 'other/21'])).toEqual(['main/19', 'other/18', 'other/20']);
});

it('says of a line that vanished how many grants on it end with it, of users, groups and workstations', async () => {
  const gone = [difference('main', '18', { change: 'vanished' }), difference('main', '19', { change: 'vanished' })];
  const lineId = lineIdOf('main', '18');
  const rights = ['watch'] as const;
  const { lineChanges, acceptLines } = lineHandlers({
    lineKeeper: { differences: () => gone, accept: async () => void gone.splice(0), named: () => [] },
    store: {
      grants: async () => [
        { userId: 'a', lineId, rights, isOwn: true },
        { userId: 'b', lineId: '*', rights, isOwn: false },
      ],
      groups: async () => [
        { ...{ groupId: 'g', tenantId: 't', name: 'Sales' }, userIds: [], grants: [{ groupId: 'g', lineId, rights }] },
      ],
      workstations: async () => [{ deviceId: 'd', userId: 'a', lineId }],
    },
  });
  const told: unknown[] = [];
  const peer = { emit: (item: unknown) => void told.push(item), signal: new AbortController().signal } as never; // it only emits
  await lineChanges({}, peer);
  await acceptLines({}, peer);
  const shown = [{ extension: '18', grants: 3 }, { extension: '19' }];
  expect(told).toMatchObject([...shown, ...shown]);
  expect(told[1]).not.toHaveProperty('grants');
});

it('what differs nowhere is said to', async () => {
  await expect(accept(['99'])).rejects.toThrow('nothing differs at 99');
});
