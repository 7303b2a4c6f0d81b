// Who may see and do what: the one place where grants are read. Absent and not granted give the same answer, and no
// tenant's line exists for another tenant's user. It knows no sockets and no phone systems.
import { type ErrorCode, RIGHTS, type Right } from '@offhook/protocol';
import { accessIndexOf, fingerprintOf, type PeopleRows } from './access-index.ts';
import type { Grant, GroupGrant, PeopleEdit, Store, Tenant, User } from './store/store.ts';

/** Somebody who looks: a user with the rights that hold at this moment. A changed grant makes a new Viewer. */
export interface Viewer {
  user: User;
  tenant: Tenant;
  /** Another one whenever this user's rights changed. */
  aclRev: number;
  /** Sources whose contacts do not exist for this viewer. */
  hiddenSources: ReadonlySet<string>;
  /** All lines of the tenant, or those that are named in grants with the right, whether they are there or not. */
  linesWith(right: Right): ReadonlySet<string> | 'all';
  rightsOn(lineId: string): ReadonlySet<Right>;
  isOwn(lineId: string): boolean;
}

/** What a viewer is made of, besides the grants of the user. */
export interface ViewerParts {
  user: User;
  tenant: Tenant;
  aclRev: number;
  /** Of all groups that the user is in. */
  groupGrants?: readonly Omit<GroupGrant, 'groupId'>[];
  /** Sources of the tenant that are not for everybody. */
  restrictedSources?: readonly string[];
  /** The line of the shared workstation at which the user signed in: it goes before the user's own ones. */
  workstationLineId?: string | undefined;
}

/** A grant on a source of contacts names it so in place of a line. */
export const SOURCE_PREFIX = 'source:';

const NOTHING = 0;
const EVERYTHING = 2 ** RIGHTS.length - 1;
// Every set of rights that there is, by its mask: thousands of viewers with dozens of lines each share them.
const RIGHT_SETS: readonly ReadonlySet<Right>[] = Array.from({ length: EVERYTHING + 1 }, (_, mask) => {
  return new Set(RIGHTS.filter((_right, bit) => mask & (1 << bit)));
});

/** The view of a user from the grants that name this user; grants of others in the list are ignored. */
export function viewerOf(parts: ViewerParts, grants: readonly Grant[]): Viewer {
  const { user, tenant, aclRev, groupGrants = [], restrictedSources = [], workstationLineId } = parts;
  const mine = grants.filter(({ userId }) => userId === user.userId);
  const masks = masksByLine([...mine, ...groupGrants]);
  const own = mine.flatMap(({ isOwn, lineId }) => (isOwn ? [lineId] : []));
  for (const lineId of workstationLineId === undefined ? own : [...own, workstationLineId]) {
    if (lineId !== '*') masks.set(lineId, EVERYTHING);
  }
  return {
    user,
    tenant,
    aclRev,
    hiddenSources: hiddenOf(restrictedSources, masks),
    // Calls ring where the user sits.
    ...linesOf(masks, workstationLineId === undefined ? own : [workstationLineId]),
  };
}

// In a function of its own, so that nothing else of what a view was made of is held as long as the view.
function linesOf(
  masks: ReadonlyMap<string, number>,
  ringing: readonly string[],
): Pick<Viewer, 'rightsOn' | 'linesWith' | 'isOwn'> {
  const everyLine = masks.get('*') ?? NOTHING;
  const setOf = (mask: number): ReadonlySet<Right> => RIGHT_SETS[mask | everyLine] ?? NO_RIGHTS;
  return {
    rightsOn: (lineId) => setOf(masks.get(lineId) ?? NOTHING),
    linesWith(right) {
      if (setOf(NOTHING).has(right)) return 'all';
      return new Set([...masks].filter(([, mask]) => setOf(mask).has(right)).map(([lineId]) => lineId));
    },
    isOwn: (lineId) => ringing.includes(lineId),
  };
}

const NO_RIGHTS: ReadonlySet<Right> = new Set();
const NONE_HIDDEN: ReadonlySet<string> = new Set();

function hiddenOf(restricted: readonly string[], masks: ReadonlyMap<string, number>): ReadonlySet<string> {
  const hidden = restricted.filter((source) => !masks.has(`${SOURCE_PREFIX}${source}`));
  return hidden.length === 0 ? NONE_HIDDEN : new Set(hidden);
}

function masksByLine(grants: readonly Omit<GroupGrant, 'groupId'>[]): Map<string, number> {
  const byLine = new Map<string, number>();
  for (const { lineId, rights } of grants) {
    let mask = byLine.get(lineId) ?? NOTHING;
    for (const right of rights) mask |= maskOf(right) | (right === 'control' ? maskOf('watch') : NOTHING);
    byLine.set(lineId, mask);
  }
  return byLine;
}

function maskOf(right: Right): number {
  return 1 << RIGHTS.indexOf(right);
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
  if (!line) return 'line-unknown';
  const rights = viewer.rightsOn(line.lineId);
  if (!mayWatch({ tenantId: viewer.tenant.tenantId, rights }, line)) return 'line-unknown';
  return rights.has(right) ? undefined : 'not-permitted';
}

/** Whether the line is there for a viewer of that company who has these rights on it: for nobody in another company. */
export function mayWatch(who: { tenantId: string; rights: ReadonlySet<Right> }, line: { tenantId: string }): boolean {
  return line.tenantId === who.tenantId && who.rights.has('watch');
}

/** Users of one tenant whose rights, name or company are not what they were. */
export interface AccessChange {
  tenantId: string;
  userIds: ReadonlySet<string>;
}

export interface Access {
  /** The view of a user now, at this device; undefined when the user is gone, or the tenant suspended. */
  viewer(userId: string, deviceId?: string): Promise<Viewer | undefined>;
  /** Why there is no viewer: the tenant is suspended for a while, or the user is gone. */
  whyNone(userId: string): Promise<'not-permitted' | 'revoked'>;
  /** Puts changes in force, all or none, one call after the other. */
  change(edits: readonly PeopleEdit[]): Promise<void>;
  /** Takes out a company with all that is kept of it. */
  removeTenant(tenantId: string): Promise<void>;
  putGrant(grant: Grant): Promise<void>;
  removeGrant(userId: string, lineId: string): Promise<void>;
  /** Has everybody of the tenant look anew, as if their rights had changed: lines are there no more. */
  renew(tenantId: string): Promise<void>;
  /** Tells who must be looked at anew; who is not concerned by a change is not named. */
  onChange(listener: (change: AccessChange) => void): () => void;
}

/** The part of the store that access reads and writes. */
export type AccessStore = Pick<
  Store,
  | 'users'
  | 'tenants'
  | 'grants'
  | 'groups'
  | 'restrictedSources'
  | 'workstations'
  | 'aclRev'
  | 'changePeople'
  | 'removeTenant'
>;

/**
 * Access over the store's people, which are held in memory: nobody else may change them in the store. Every change reaches
 * open connections through `onChange`.
 */
export function createAccess({ store }: { store: AccessStore }): Access {
  const listeners = new Set<(change: AccessChange) => void>();
  const revs = new Map<string, number>();
  let held: Promise<PeopleRows> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function read(): Promise<PeopleRows> {
    const tenants = await store.tenants();
    const users = await store.users();
    const grants = await store.grants();
    const [groups, restricted, workstations] = [
      await store.groups(),
      await store.restrictedSources(),
      await store.workstations(),
    ];
    const rows = accessIndexOf({ tenants, users, grants, groups, restricted, workstations });
    for (const { tenantId } of tenants) {
      const aclRev = await store.aclRev(tenantId);
      for (const user of users) if (user.tenantId === tenantId && !revs.has(user.userId)) revs.set(user.userId, aclRev);
    }
    return rows;
  }

  function people(): Promise<PeopleRows> {
    held ??= read();
    held.catch(() => {
      // Read again by whoever asks next.
      held = undefined;
    });
    return held;
  }

  // One after the other, so that each compares with what was really there before it.
  function afterLast(work: () => Promise<void>): Promise<void> {
    const next = last.then(() => changed(work));
    last = next.catch(() => undefined);
    return next;
  }

  async function changed(work: () => Promise<void>): Promise<void> {
    const before = await people();
    try {
      await work();
    } finally {
      // Whatever became of it: what the store has now is what counts.
      held = undefined;
    }
    const after = await people();
    for (const change of concerned(before, after)) {
      const aclRev = await store.aclRev(change.tenantId);
      for (const userId of change.userIds) revs.set(userId, Math.max((revs.get(userId) ?? 0) + 1, aclRev));
      for (const listener of listeners) listener(change);
    }
  }

  // Now, so that the first to sign in does not wait for it. What fails is tried again by whoever asks.
  people().catch(() => undefined);
  const change = (edits: readonly PeopleEdit[]) => afterLast(() => store.changePeople(edits));

  return {
    async viewer(userId, deviceId) {
      const rows = await people();
      const user = rows.users.get(userId);
      const tenant = rows.tenants.get(user?.tenantId ?? '');
      if (!user || !tenant || tenant.suspendedAt !== undefined) return undefined;
      const parts = {
        ...{ user, tenant, aclRev: revs.get(userId) ?? 0 },
        groupGrants: rows.groupGrantsOf(userId),
        restrictedSources: rows.restrictedIn(tenant.tenantId),
        workstationLineId: deviceId === undefined ? undefined : rows.workstationLine(userId, deviceId),
      };
      return viewerOf(parts, rows.grantsOf(userId));
    },
    async whyNone(userId) {
      const rows = await people();
      const tenant = rows.tenants.get(rows.users.get(userId)?.tenantId ?? '');
      return tenant?.suspendedAt === undefined ? 'revoked' : 'not-permitted';
    },
    change,
    removeTenant: (tenantId) => afterLast(() => store.removeTenant(tenantId)),
    putGrant: (grant) => change([{ type: 'put-grant', grant }]),
    async renew(tenantId) {
      const { users } = await people();
      const userIds = new Set(
        [...users.values()].filter((one) => one.tenantId === tenantId).map(({ userId }) => userId),
      );
      for (const userId of userIds) revs.set(userId, (revs.get(userId) ?? 0) + 1);
      for (const listener of listeners) listener({ tenantId, userIds });
    },
    removeGrant: (userId, lineId) => change([{ type: 'remove-grant', userId, lineId }]),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function concerned(before: PeopleRows, after: PeopleRows): AccessChange[] {
  const byTenant = new Map<string, Set<string>>();
  for (const [userId, { tenantId }] of new Map([...before.users, ...after.users])) {
    if (fingerprintOf(before, userId) === fingerprintOf(after, userId)) continue;
    byTenant.set(tenantId, (byTenant.get(tenantId) ?? new Set()).add(userId));
  }
  return [...byTenant].map(([tenantId, userIds]) => ({ tenantId, userIds }));
}
