// Who may see and do what: the one place where grants are read. Absent and not granted give the same answer, and no
// tenant's line exists for another tenant's user. It knows no sockets and no phone systems.
import { type ErrorCode, RIGHTS, type Right } from '@offhook/protocol';
import type { Grant, Store, Tenant, User } from './store/store.ts';

/** Somebody who looks: a user with the rights that hold at this moment. A changed grant makes a new Viewer. */
export interface Viewer {
  user: User;
  tenant: Tenant;
  /** The tenant's revision of grants that this view was made from. */
  aclRev: number;
  rightsOn(lineId: string): ReadonlySet<Right>;
  isOwn(lineId: string): boolean;
}

const NO_RIGHTS: ReadonlySet<Right> = new Set();
const OWN_RIGHTS: ReadonlySet<Right> = new Set(RIGHTS);

/** The view of a user from the grants that name this user; grants of others in the list are ignored. */
export function viewerOf(
  { user, tenant, aclRev }: { user: User; tenant: Tenant; aclRev: number },
  grants: readonly Grant[],
): Viewer {
  const own = new Set<string>();
  const byLine = new Map<string, Set<Right>>();
  for (const grant of grants) {
    if (grant.userId !== user.userId) continue;
    if (grant.isOwn) own.add(grant.lineId);
    const rights = byLine.get(grant.lineId) ?? new Set<Right>();
    for (const right of grant.rights) rights.add(right);
    if (rights.has('control')) rights.add('watch');
    byLine.set(grant.lineId, rights);
  }
  const everyLine = byLine.get('*') ?? NO_RIGHTS;
  const rightsByLine = new Map([...byLine].map(([lineId, rights]) => [lineId, new Set([...rights, ...everyLine])]));
  return {
    user,
    tenant,
    aclRev,
    rightsOn: (lineId) => (own.has(lineId) ? OWN_RIGHTS : (rightsByLine.get(lineId) ?? everyLine)),
    isOwn: (lineId) => own.has(lineId),
  };
}

/**
 * Whether the viewer may use `right` on a line: undefined if so, else the code to answer. A line of another tenant, one
 * that does not exist and one that is not watched are all `line-unknown`.
 */
export function refusalOf(
  viewer: Viewer,
  line: { lineId: string; tenantId: string } | undefined,
  right: Right,
): ErrorCode | undefined {
  if (!line || line.tenantId !== viewer.tenant.tenantId) return 'line-unknown';
  const rights = viewer.rightsOn(line.lineId);
  if (!rights.has('watch')) return 'line-unknown';
  return rights.has(right) ? undefined : 'not-permitted';
}

export interface Access {
  /** The view of a user now, or undefined when the user is gone. */
  viewer(userId: string): Promise<Viewer | undefined>;
  putGrant(grant: Grant): Promise<void>;
  removeGrant(userId: string, lineId: string): Promise<void>;
  /** Tells who must be looked at anew after a grant changed. */
  onChange(listener: (tenantId: string) => void): () => void;
}

type AccessStore = Pick<Store, 'users' | 'tenants' | 'grants' | 'aclRev' | 'putGrant' | 'removeGrant'>;

/** Access over the store's grants. Every change reaches open connections through `onChange`. */
export function createAccess({ store }: { store: AccessStore }): Access {
  const listeners = new Set<(tenantId: string) => void>();

  async function tell(userId: string): Promise<void> {
    const user = (await store.users()).find((one) => one.userId === userId);
    if (user) for (const listener of listeners) listener(user.tenantId);
  }

  return {
    async viewer(userId) {
      const user = (await store.users()).find((one) => one.userId === userId);
      const tenant = (await store.tenants()).find((one) => one.tenantId === user?.tenantId);
      if (!user || !tenant) return undefined;
      // The revision is read first: should a grant change meanwhile, the view is announced as older than it is.
      const aclRev = await store.aclRev(tenant.tenantId);
      return viewerOf({ user, tenant, aclRev }, await store.grants());
    },
    async putGrant(grant) {
      await store.putGrant(grant);
      await tell(grant.userId);
    },
    async removeGrant(userId, lineId) {
      await store.removeGrant(userId, lineId);
      await tell(userId);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
