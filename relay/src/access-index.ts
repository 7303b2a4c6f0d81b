// The people of the store, arranged so that one user's rights are found without reading everybody's: five thousand
// connections look again within a second after a grant changed. It decides nothing.
import type { Right } from '@offhook/protocol';
import type { Grant, Group, Tenant, User, Workstation } from './store/store.ts';

/** All that a viewer can be made of. */
export interface PeopleRows {
  users: ReadonlyMap<string, User>;
  tenants: ReadonlyMap<string, Tenant>;
  grantsOf(userId: string): readonly Grant[];
  /** Of the groups of the user's own tenant that the user is in. */
  groupGrantsOf(userId: string): readonly { lineId: string; rights: readonly Right[] }[];
  restrictedIn(tenantId: string): readonly string[];
  workstationLine(userId: string, deviceId: string): string | undefined;
  workstationsOf(userId: string): readonly Workstation[];
}

/** Arranges the rows. */
export function accessIndexOf(rows: {
  tenants: readonly Tenant[];
  users: readonly User[];
  grants: readonly Grant[];
  groups: readonly Group[];
  restricted: readonly { tenantId: string; source: string }[];
  workstations: readonly Workstation[];
}): PeopleRows {
  const users = new Map(rows.users.map((user) => [user.userId, user]));
  const grants = Map.groupBy(compact(rows.grants), ({ userId }) => userId);
  const workstations = Map.groupBy(rows.workstations, ({ userId }) => userId);
  const restricted = Map.groupBy(rows.restricted, ({ tenantId }) => tenantId);
  const groups = new Map<string, Group[]>();
  for (const group of rows.groups) {
    for (const userId of group.userIds) {
      // A member from elsewhere would be a fault of the store's: it gets nothing.
      if (users.get(userId)?.tenantId !== group.tenantId) continue;
      groups.set(userId, [...(groups.get(userId) ?? []), group]);
    }
  }
  return {
    users,
    tenants: new Map(rows.tenants.map((tenant) => [tenant.tenantId, tenant])),
    grantsOf: (userId) => grants.get(userId) ?? [],
    groupGrantsOf: (userId) => (groups.get(userId) ?? []).flatMap((group) => group.grants),
    restrictedIn: (tenantId) => (restricted.get(tenantId) ?? []).map(({ source }) => source),
    workstationLine: (userId, deviceId) => workstations.get(userId)?.find((one) => one.deviceId === deviceId)?.lineId,
    workstationsOf: (userId) => workstations.get(userId) ?? [],
  };
}

// A company of thousands has some hundred thousand grants, on lines and with rights that are the same ones over and over.
function compact(grants: readonly Grant[]): Grant[] {
  const ids = new Map<string, string>();
  const rightsOf = new Map<string, readonly Right[]>();
  const once = <Kept>(known: Map<string, Kept>, key: string, value: Kept): Kept => {
    const kept = known.get(key) ?? value;
    known.set(key, kept);
    return kept;
  };
  return grants.map(({ userId, lineId, rights, isOwn }) => ({
    userId: once(ids, userId, userId),
    lineId: once(ids, lineId, lineId),
    rights: once(rightsOf, rights.join(' '), rights),
    isOwn,
  }));
}

/** Another text wherever anything is different that a user's view is made of; of nobody, the empty text. */
export function fingerprintOf(rows: PeopleRows, userId: string): string {
  const user = rows.users.get(userId);
  if (!user) return '';
  const { tenantId } = user;
  const restricted = rows.restrictedIn(tenantId);
  const granted = [rows.grantsOf(userId), rows.groupGrantsOf(userId), rows.workstationsOf(userId)];
  return JSON.stringify([user, rows.tenants.get(tenantId), restricted, ...granted]);
}
