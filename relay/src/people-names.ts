// What people type at the command line, and whom or what it means: users, groups, tenants and lines by name. What is not
// there is refused in words, with what there is; nothing of one tenant is ever found for another.
import { ControlError } from './control.ts';
import type { Group, Store, Tenant, User } from './store/store.ts';
import type { BoardLine, Switchboard } from './switchboard.ts';

/** `tenant/login` in its parts; the tenant may be left out. */
export function partsOf(name: string): { tenantId: string | undefined; login: string } {
  const slash = name.indexOf('/');
  return slash < 0
    ? { tenantId: undefined, login: name }
    : { tenantId: name.slice(0, slash), login: name.slice(slash + 1) };
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

/** The group `@name`, or `tenant/@name`; the `@` may be left out. Throws ControlError `refused`. */
export async function groupNamed(store: Pick<Store, 'groups'>, name: string): Promise<Group> {
  const { tenantId, login } = partsOf(name);
  const wanted = login.replace(/^@/, '');
  const groups = await store.groups();
  const found = groups.filter((group) => group.name === wanted && (tenantId ?? group.tenantId) === group.tenantId);
  const [group, another] = found;
  if (!group) {
    const known = groups.map((one) => `@${one.name}`).slice(0, 20);
    const hint = known.length > 0 ? `There are: ${known.join(', ')}` : 'There are none: "relay groups add" adds one';
    throw new ControlError('refused', `there is no group ${name}. ${hint}`);
  }
  if (another) {
    const names = found.map((one) => `${one.tenantId}/@${one.name}`).join(', ');
    throw new ControlError('refused', `several tenants have a group ${name}: say which one of ${names}`);
  }
  return group;
}

/** The tenant of whom something new is to be: the named one, or the only one. `word` is what it would be called. */
export async function tenantFor(
  store: Pick<Store, 'tenants'>,
  tenantId: string | undefined,
  word: string,
): Promise<Tenant> {
  const tenants = await store.tenants();
  const [tenant, another] = tenants.filter((one) => tenantId === undefined || one.tenantId === tenantId);
  if (tenant && !another) return tenant;
  const ids = tenants.map((one) => `${one.tenantId}/${word}`).join(', ');
  throw new ControlError('refused', `say whose it is, one of: ${ids}`);
}

/** The tenant of this id, or the only one. Throws ControlError `refused`, with those there are. */
export async function tenantNamed(store: Pick<Store, 'tenants'>, tenantId: string | undefined): Promise<Tenant> {
  const tenants = await store.tenants();
  const [tenant, another] = tenants.filter((one) => tenantId === undefined || one.tenantId === tenantId);
  if (tenant && !another) return tenant;
  const ids = tenants.map((one) => one.tenantId).join(', ');
  const why =
    tenantId === undefined ? `say which tenant is meant: ${ids}` : `there is no tenant ${tenantId}, only ${ids}`;
  throw new ControlError('refused', why);
}

/** The id of a tenant's line by its extension, `PBX/EXTENSION` or id; `'*'` stays. Throws ControlError `refused`. */
export function lineIdNamed(switchboard: Pick<Switchboard, 'lines'>, tenantId: string, name: string): string {
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

/** How a user (`login`) or group (`@name`) is shown: with its tenant where there are several. */
export async function nameOf(
  store: Pick<Store, 'tenants'>,
  { tenantId, login }: { tenantId: string; login: string },
): Promise<string> {
  return (await store.tenants()).length === 1 ? login : `${tenantId}/${login}`;
}

/** Whether the tenant has a user of this log-in name. */
export async function isNameTaken(
  store: Pick<Store, 'users'>,
  { tenantId, login }: Pick<User, 'tenantId' | 'login'>,
): Promise<boolean> {
  return (await store.users()).some((user) => user.tenantId === tenantId && user.login === login);
}
