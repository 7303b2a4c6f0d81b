// Users, groups and their grants, as the command line lists and changes them. Every change goes through Access, so that it
// reaches open connections at once; the seed of the configuration is never looked at again.
import { RIGHTS, type Right } from '@offhook/protocol';
import type { Logger } from 'pino';
import { type Access, SOURCE_PREFIX } from './access.ts';
import type { Clock } from './clock.ts';
import { ControlError, type ControlHandlers } from './control.ts';
import type { ControlItem } from './control-commands.ts';
import { isLogin } from './people-assignment.ts';
import { groupNamed, isNameTaken, lineIdNamed, nameOf, partsOf, tenantFor, userNamed } from './people-names.ts';
import { userIdOf } from './seed.ts';
import type { Grant, Group, PeopleEdit, Store, User } from './store/store.ts';
import type { Switchboard } from './switchboard.ts';

export interface PeopleOptions {
  store: Pick<Store, 'forgetAccount' | 'users' | 'tenants' | 'grants' | 'groups' | 'devices'>;
  access: Pick<Access, 'change'>;
  switchboard: Pick<Switchboard, 'lines'>;
  clock: Pick<Clock, 'now'>;
  log: Logger;
}

type UserHandlers = Pick<ControlHandlers, 'users' | 'addUser' | 'unlinkUser' | 'removeUser'>;
type GrantHandlers = Pick<ControlHandlers, 'grants' | 'setGrant' | 'removeGrant'>;

/** The handlers of `relay users …` and `relay grants …`. */
export function peopleHandlers(options: PeopleOptions): UserHandlers & GrantHandlers {
  return { ...userHandlers(options), ...grantHandlers(options) };
}

function userHandlers(options: PeopleOptions): UserHandlers {
  const { store, access, clock, log } = options;
  return {
    async users(_args, { emit }) {
      for (const user of await store.users()) emit({ user: await nameOf(store, user), name: user.displayName });
    },
    async addUser({ user: name, displayName, own, watch, pickup }, { emit }) {
      const user = await newUser(store, name, displayName);
      // All lines are found before anything is written.
      const grants = grantsFor(options, user, { own, watch, pickup });
      if (await isNameTaken(store, user)) throw new ControlError('refused', `there is a user ${name} already`);
      await access.change([
        { type: 'add-user', user },
        ...grants.map((grant) => ({ type: 'put-grant', grant }) as const),
      ]);
      log.info({ user: user.userId }, 'user added');
      emit({ user: await nameOf(store, user), name: displayName });
    },
    async unlinkUser({ user: name }, { emit }) {
      const user = await userNamed(store, name);
      if (!(await store.forgetAccount(user.userId))) {
        throw new ControlError('refused', `nobody has signed in as ${name} with a company account`);
      }
      log.info({ user: user.userId }, 'account at the identity provider forgotten');
      emit({ user: await nameOf(store, user), name: user.displayName });
    },
    async removeUser({ user: name }, { emit }) {
      const user = await userNamed(store, name);
      const shown = { user: await nameOf(store, user), name: user.displayName };
      const devices = (await store.devices()).filter(({ userId }) => userId === user.userId).length;
      await access.change([{ type: 'remove-user', userId: user.userId, at: new Date(clock.now()).toISOString() }]);
      log.info({ user: user.userId, devices }, 'user removed');
      emit({ ...shown, devices });
    },
  };
}

function grantHandlers(options: PeopleOptions): GrantHandlers {
  const { store, access, log } = options;
  return {
    async grants({ user: name }, { emit }) {
      const only = name === undefined ? undefined : await principalNamed(store, name);
      for (const principal of only === undefined ? await everybody(store) : [only]) {
        for (const grant of principal.grants) emit(await presentGrant(options, principal, grant));
      }
    },
    async setGrant({ user: name, line, rights, isOwn }, { emit }) {
      const principal = await principalNamed(store, name);
      const lineId = grantedId(options, principal, line);
      if (isOwn) refuseOwn(principal, lineId);
      const grant = { lineId, rights: isOwn ? RIGHTS : withWatch(rights), isOwn };
      await access.change([principal.put(grant)]);
      log.info({ to: principal.id, lineId, rights: grant.rights, isOwn }, 'grant set');
      emit(await presentGrant(options, principal, grant));
    },
    async removeGrant({ user: name, line }, { emit }) {
      const principal = await principalNamed(store, name);
      // A grant may outlive its line: it is then named by the id that the list shows.
      const grant =
        principal.grants.find(({ lineId }) => lineId === line) ??
        principal.grants.find(isOn(grantedId(options, principal, line)));
      if (!grant)
        throw new ControlError('refused', `${name} has no grant on ${line}: "relay grants" shows those there are`);
      await access.change([principal.remove(grant.lineId)]);
      log.info({ to: principal.id, lineId: grant.lineId }, 'grant removed');
      emit(await presentGrant(options, principal, grant));
    },
  };
}

type HeldGrant = Omit<Grant, 'userId'>;

/** Who is granted something: a user, or a group of users. */
interface Principal {
  id: string;
  tenantId: string;
  /** As it is named without its tenant: `anna`, `@sales`. */
  word: string;
  isGroup: boolean;
  grants: readonly HeldGrant[];
  put(grant: HeldGrant): PeopleEdit;
  remove(lineId: string): PeopleEdit;
}

async function principalNamed(store: PeopleOptions['store'], name: string): Promise<Principal> {
  if (partsOf(name).login.startsWith('@')) return groupPrincipal(await groupNamed(store, name));
  return userPrincipal(await userNamed(store, name), await store.grants());
}

async function everybody(store: PeopleOptions['store']): Promise<Principal[]> {
  const grants = Map.groupBy(await store.grants(), ({ userId }) => userId);
  const users = (await store.users()).map((user) => userPrincipal(user, grants.get(user.userId) ?? []));
  return [...users, ...(await store.groups()).map(groupPrincipal)];
}

function userPrincipal({ userId, tenantId, login }: User, grants: readonly Grant[]): Principal {
  return {
    id: userId,
    tenantId,
    word: login,
    isGroup: false,
    grants: grants.filter((grant) => grant.userId === userId),
    put: (grant) => ({ type: 'put-grant', grant: { ...grant, userId } }),
    remove: (lineId) => ({ type: 'remove-grant', userId, lineId }),
  };
}

function groupPrincipal({ groupId, tenantId, name, grants }: Group): Principal {
  return {
    id: groupId,
    tenantId,
    word: `@${name}`,
    isGroup: true,
    grants: grants.map(({ lineId, rights }) => ({ lineId, rights, isOwn: false })),
    put: ({ lineId, rights }) => ({ type: 'put-group-grant', grant: { groupId, lineId, rights } }),
    remove: (lineId) => ({ type: 'remove-group-grant', groupId, lineId }),
  };
}

function refuseOwn({ isGroup, word }: Principal, lineId: string): void {
  if (isGroup) throw new ControlError('refused', `calls ring for persons: ${word} cannot have a line of its own`);
  if (lineId === '*') throw new ControlError('refused', 'not every line can be somebody’s own: name one');
  if (lineId.startsWith(SOURCE_PREFIX)) throw new ControlError('refused', 'contacts are nobody’s own: grant see-names');
}

// A source is named as it stands in the configuration; whether it is there now does not matter.
function grantedId(options: PeopleOptions, { tenantId }: { tenantId: string }, name: string): string {
  return name.startsWith(SOURCE_PREFIX) ? name : lineIdNamed(options.switchboard, tenantId, name);
}

async function newUser(store: PeopleOptions['store'], name: string, displayName: string): Promise<User> {
  const { tenantId: wanted, login } = partsOf(name);
  if (!isLogin(login)) {
    throw new ControlError('refused', `a log-in name is 1–32 of a–z, 0–9, dot, _ and -, unlike ${login}`);
  }
  const { tenantId } = await tenantFor(store, wanted, login);
  return { userId: userIdOf(tenantId, login), tenantId, login, displayName };
}

interface Wishes {
  own: readonly string[];
  watch: readonly string[];
  pickup: readonly string[];
}

function grantsFor({ switchboard }: PeopleOptions, user: User, { own, watch, pickup }: Wishes): Grant[] {
  const rightsOn = new Map<string, readonly Right[]>();
  const idsOf = (names: readonly string[]) => names.map((name) => lineIdNamed(switchboard, user.tenantId, name));
  for (const lineId of idsOf(watch)) rightsOn.set(lineId, withWatch([]));
  for (const lineId of idsOf(pickup)) rightsOn.set(lineId, withWatch(['pickup']));
  const ownIds = idsOf(own);
  if (ownIds.includes('*')) throw new ControlError('refused', 'not every line can be somebody’s own: name one');
  for (const lineId of ownIds) rightsOn.set(lineId, RIGHTS);
  return [...rightsOn].map(([lineId, rights]) => {
    return { userId: user.userId, lineId, rights, isOwn: ownIds.includes(lineId) };
  });
}

// No right is of use on a line that is not seen.
function withWatch(rights: readonly Right[]): readonly Right[] {
  return RIGHTS.filter((right) => right === 'watch' || rights.includes(right));
}

function isOn(lineId: string): (grant: HeldGrant) => boolean {
  return (grant) => grant.lineId === lineId;
}

async function presentGrant(
  { store, switchboard }: PeopleOptions,
  { tenantId, word }: Principal,
  { lineId, rights, isOwn }: HeldGrant,
): Promise<ControlItem<'grants'>> {
  const line = switchboard.lines(tenantId).find((one) => one.lineId === lineId);
  const user = await nameOf(store, { tenantId, login: word });
  return { user, line: line?.extension ?? lineId, lineId, rights: [...rights], isOwn };
}
