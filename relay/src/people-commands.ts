// Users and their grants, as the command line lists and changes them. Every change goes through Access, so that it reaches
// open connections at once; the seed of the configuration is never looked at again.
import { RIGHTS, type Right } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Access } from './access.ts';
import { ControlError, type ControlHandlers } from './control.ts';
import type { ControlItem } from './control-commands.ts';
import { userIdOf } from './seed.ts';
import type { Grant, Store, User } from './store/store.ts';
import type { BoardLine, Switchboard } from './switchboard.ts';

export interface PeopleOptions {
  store: Pick<Store, 'users' | 'tenants' | 'grants' | 'addUser'>;
  access: Pick<Access, 'putGrant' | 'removeGrant'>;
  switchboard: Pick<Switchboard, 'lines'>;
  log: Logger;
}

type PeopleHandlers = Pick<ControlHandlers, 'users' | 'addUser' | 'grants' | 'setGrant' | 'removeGrant'>;

/** The handlers of `relay users …` and `relay grants …`. */
export function peopleHandlers(options: PeopleOptions): PeopleHandlers {
  const { store, access, log } = options;
  return {
    async users(_args, { emit }) {
      for (const user of await store.users()) emit({ user: await nameOf(store, user), name: user.displayName });
    },
    async addUser({ user: name, displayName, own, watch, pickup }, { emit }) {
      const user = await newUser(store, name, displayName);
      // All lines are found before anything is written.
      const grants = grantsFor(options, user, { own, watch, pickup });
      if (!(await store.addUser(user))) throw new ControlError('refused', `there is a user ${name} already`);
      for (const grant of grants) await access.putGrant(grant);
      log.info({ user: user.userId }, 'user added');
      emit({ user: await nameOf(store, user), name: displayName });
    },
    async grants({ user: name }, { emit }) {
      const only = name === undefined ? undefined : await userNamed(store, name);
      const users = (await store.users()).filter(({ userId }) => only === undefined || userId === only.userId);
      const grants = await store.grants();
      for (const user of users) {
        for (const grant of grants.filter(({ userId }) => userId === user.userId)) {
          emit(await presentGrant(options, user, grant));
        }
      }
    },
    async setGrant({ user: name, line, rights, isOwn }, { emit }) {
      const user = await userNamed(store, name);
      const lineId = lineIdNamed(options, user, line);
      if (isOwn && lineId === '*') throw new ControlError('refused', 'not every line can be somebody’s own: name one');
      const grant = { userId: user.userId, lineId, rights: isOwn ? RIGHTS : withWatch(rights), isOwn };
      await access.putGrant(grant);
      log.info({ user: user.userId, lineId, rights: grant.rights, isOwn }, 'grant set');
      emit(await presentGrant(options, user, grant));
    },
    async removeGrant({ user: name, line }, { emit }) {
      const user = await userNamed(store, name);
      const own = (await store.grants()).filter(({ userId }) => userId === user.userId);
      // A grant may outlive its line: it is then named by the id that the list shows.
      const grant = own.find(({ lineId }) => lineId === line) ?? own.find(isOn(lineIdNamed(options, user, line)));
      if (!grant)
        throw new ControlError('refused', `${name} has no grant on ${line}: "relay grants" shows those there are`);
      await access.removeGrant(user.userId, grant.lineId);
      log.info({ user: user.userId, lineId: grant.lineId }, 'grant removed');
      emit(await presentGrant(options, user, grant));
    },
  };
}

/** The user of a log-in name, `tenant/login` where it takes that. Throws ControlError `refused`, with those there are. */
export async function userNamed(store: Pick<Store, 'users'>, name: string): Promise<User> {
  const { tenantId, login } = partsOf(name);
  const users = await store.users();
  const found = users.filter((user) => user.login === login && (tenantId === undefined || user.tenantId === tenantId));
  const [user, another] = found;
  if (!user) {
    const known = users.map((one) => one.login).slice(0, 20);
    const hint = known.length > 0 ? `There are: ${known.join(', ')}` : 'There are none: "relay users add" adds one';
    throw new ControlError('refused', `no user has the log-in name ${name}. ${hint}`);
  }
  if (another) {
    const names = found.map((one) => `${one.tenantId}/${one.login}`).join(', ');
    throw new ControlError('refused', `several tenants have a user ${name}: say which one of ${names}`);
  }
  return user;
}

function partsOf(name: string): { tenantId: string | undefined; login: string } {
  const slash = name.indexOf('/');
  return slash < 0
    ? { tenantId: undefined, login: name }
    : { tenantId: name.slice(0, slash), login: name.slice(slash + 1) };
}

async function newUser(store: PeopleOptions['store'], name: string, displayName: string): Promise<User> {
  const { tenantId: wanted, login } = partsOf(name);
  if (!/^[a-z0-9][a-z0-9._-]{0,31}$/.test(login)) {
    throw new ControlError('refused', `a log-in name is 1–32 of a–z, 0–9, dot, _ and -, unlike ${login}`);
  }
  const tenants = await store.tenants();
  const [tenant, another] = tenants.filter(({ tenantId }) => wanted === undefined || tenantId === wanted);
  if (!tenant || another) {
    const ids = tenants.map(({ tenantId }) => `${tenantId}/${login}`).join(', ');
    throw new ControlError('refused', `say whose user it is, one of: ${ids}`);
  }
  const { tenantId } = tenant;
  return { userId: userIdOf(tenantId, login), tenantId, login, displayName };
}

interface Wishes {
  own: readonly string[];
  watch: readonly string[];
  pickup: readonly string[];
}

function grantsFor(options: PeopleOptions, user: User, { own, watch, pickup }: Wishes): Grant[] {
  const rightsOn = new Map<string, readonly Right[]>();
  const idsOf = (names: readonly string[]) => names.map((name) => lineIdNamed(options, user, name));
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

// Lines of another tenant are not found.
function lineIdNamed({ switchboard }: PeopleOptions, { tenantId }: User, name: string): string {
  if (name === '*') return '*';
  const isNamed = ({ extension, lineId, pbxId }: BoardLine) =>
    [extension, lineId, `${pbxId}/${extension}`].includes(name);
  const [line, another] = switchboard.lines(tenantId).filter(isNamed);
  if (!line) throw new ControlError('refused', `there is no line ${name}: "relay lines" shows those there are`);
  if (another) {
    const names = [line, another].map(({ pbxId, extension }) => `${pbxId}/${extension}`).join(', ');
    throw new ControlError('refused', `several phone systems have a line ${name}: say which one, as in ${names}`);
  }
  return line.lineId;
}

function isOn(lineId: string): (grant: Grant) => boolean {
  return (grant) => grant.lineId === lineId;
}

async function presentGrant(options: PeopleOptions, user: User, grant: Grant): Promise<ControlItem<'grants'>> {
  const line = options.switchboard.lines(user.tenantId).find(({ lineId }) => lineId === grant.lineId);
  return {
    user: await nameOf(options.store, user),
    line: line?.extension ?? grant.lineId,
    lineId: grant.lineId,
    rights: [...grant.rights],
    isOwn: grant.isOwn,
  };
}

async function nameOf(store: PeopleOptions['store'], { tenantId, login }: User): Promise<string> {
  return (await store.tenants()).length === 1 ? login : `${tenantId}/${login}`;
}
