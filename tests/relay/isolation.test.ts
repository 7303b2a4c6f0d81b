// Nobody ever gets, or does, what was not granted: random histories against a naive model, and proof that a relay with a
// fault in its access code would be found out.
import { RIGHTS } from '@offhook/protocol';
import { expect, test } from 'vitest';
import { type Access, viewerOf } from '../../relay/src/access.ts';
import type { Grant } from '../../relay/src/store/store.ts';
import { type Faulty, historyOf } from './isolation-rig.ts';

const isFull = process.env['OFFHOOK_FULL'] === '1';
const DELIVERIES = isFull ? 1_000_000 : 20_000;
const ORDERS = isFull ? 100_000 : 2_000;

test(`among ${DELIVERIES} deliveries and ${ORDERS} orders under changing grants, none was not granted`, async () => {
  const { problems, deliveries, orders, seen } = await historyOf({
    seed: 20_260_101,
    deliveries: DELIVERIES,
    orders: ORDERS,
  });
  expect(problems).toEqual([]);
  expect(deliveries).toBeGreaterThanOrEqual(DELIVERIES);
  expect(orders).toBeGreaterThanOrEqual(ORDERS);
  // The secrets were really on their way: who may see them did, who may dial did.
  expect(seen.numbers).toBeGreaterThan(DELIVERIES / 100);
  expect(seen.contacts).toBeGreaterThan(DELIVERIES / 1_000);
  expect(seen.carriedOut).toBeGreaterThan(ORDERS / 50);
});

const changed = (change: (viewer: NonNullable<Awaited<ReturnType<Access['viewer']>>>) => typeof viewer): Faulty => ({
  access: (access) => ({
    ...access,
    async viewer(userId, deviceId) {
      const viewer = await access.viewer(userId, deviceId);
      return viewer && change(viewer);
    },
  }),
});

test('the history that finds faulty relays finds nothing in one without a fault', async () => {
  expect(await historyOf({ seed: 7, deliveries: 20_000, orders: 2_000 })).toMatchObject({ problems: [] });
});

test.each<[string, Faulty]>([
  [
    'that does not look again when grants change',
    {
      access(access) {
        const first = new Map<string, ReturnType<Access['viewer']>>();
        const viewer: Access['viewer'] = (userId, deviceId) => {
          const held = first.get(userId) ?? access.viewer(userId, deviceId);
          first.set(userId, held);
          return held;
        };
        return { ...access, viewer };
      },
    },
  ],
  ['that never tells of a change', { access: (access) => ({ ...access, onChange: () => () => undefined }) }],
  [
    'that takes every watcher for the owner',
    changed((viewer) => {
      const all = new Set(RIGHTS);
      return { ...viewer, rightsOn: (lineId) => (viewer.rightsOn(lineId).has('watch') ? all : new Set()) };
    }),
  ],
  [
    'that reads the grants of others',
    changed((viewer) => {
      const everybody: Grant = { userId: viewer.user.userId, lineId: '*', rights: ['watch'], isOwn: false };
      return viewerOf(viewer, [everybody]);
    }),
  ],
  [
    'that lets watchers dial',
    changed((viewer) => ({
      ...viewer,
      rightsOn(lineId) {
        const rights = viewer.rightsOn(lineId);
        return rights.has('pickup') ? new Set([...rights, 'control']) : rights;
      },
    })),
  ],
  ['that hides no contacts', changed((viewer) => ({ ...viewer, hiddenSources: new Set() }))],
  [
    'that forgets that somebody left a group',
    {
      store(store) {
        const members = new Map<string, Set<string>>();
        return {
          ...store,
          async groups() {
            return (await store.groups()).map((group) => {
              const ever = members.get(group.groupId) ?? new Set();
              for (const userId of group.userIds) ever.add(userId);
              members.set(group.groupId, ever);
              return { ...group, userIds: [...ever] };
            });
          },
        };
      },
    },
  ],
  [
    'that mixes up companies',
    {
      store: (store) => ({
        ...store,
        groups: async () =>
          (await store.groups()).map((group) => ({
            ...group,
            tenantId: 'tenant-1',
            userIds: ['user-0-0', 'user-0-1'],
          })),
      }),
    },
  ],
  [
    'that forgets workstations when somebody else sits there',
    { store: (store) => ({ ...store, workstations: async () => [] }) },
  ],
  [
    'that keeps who is suspended',
    {
      store: (store) => ({
        ...store,
        tenants: async () =>
          (await store.tenants()).map(({ tenantId, name, country }) => ({ tenantId, name, country })),
      }),
    },
  ],
])('the check finds a relay %s', async (_fault, plant) => {
  const { problems } = await historyOf({ seed: 7, deliveries: 20_000, orders: 2_000, plant });
  expect(problems.length).toBeGreaterThan(0);
});
