// Tenants, users and grants in memory: the part of the store that access reads.
import type { Grant, Store, Tenant, User } from '../../relay/src/store/store.ts';

export type FakePeople = Pick<Store, 'users' | 'tenants' | 'grants' | 'aclRev' | 'putGrant' | 'removeGrant'>;

/** People with the given grants. */
export function createFakePeople(people: { tenants: Tenant[]; users: User[]; grants?: Grant[] }): FakePeople {
  const grants = new Map((people.grants ?? []).map((grant) => [`${grant.userId} ${grant.lineId}`, grant]));
  const aclRevs = new Map<string, number>();
  const raise = (userId: string) => {
    const tenantId = people.users.find((user) => user.userId === userId)?.tenantId ?? '';
    aclRevs.set(tenantId, (aclRevs.get(tenantId) ?? 1) + 1);
  };
  return {
    users: async () => people.users,
    tenants: async () => people.tenants,
    grants: async () => [...grants.values()],
    aclRev: async (tenantId) => aclRevs.get(tenantId) ?? 1,
    async putGrant(grant) {
      grants.set(`${grant.userId} ${grant.lineId}`, grant);
      raise(grant.userId);
    },
    async removeGrant(userId, lineId) {
      if (grants.delete(`${userId} ${lineId}`)) raise(userId);
    },
  };
}
