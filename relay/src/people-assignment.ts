// Which lines belong to whom, as a list says it, against what is so now: pure arithmetic over users, lines and grants. It
// changes nothing; what it answers is told to a person first, or put in force as a whole.
import { RIGHTS } from '@offhook/protocol';
import { userIdOf } from './seed.ts';
import type { Grant, PeopleEdit, User } from './store/store.ts';
import type { BoardLine } from './switchboard.ts';

/** A user of the list. `place` is where the list has it. */
export interface Assignment {
  place: number;
  login: string;
  name?: string | undefined;
  /** The lines take the place of the user's own ones; else they are added. */
  isReplacing: boolean;
  lines: readonly ({ address: string } | { permanentId: string })[];
}

/** What becomes of one user's own lines, in the order of extensions. */
export interface AssignmentChange {
  user: User;
  isNew: boolean;
  /** The name before, where the list has another one. */
  nameBefore?: string | undefined;
  lines: { change: '+' | '-' | '='; line: string; lineId: string }[];
}

/** What is there. */
export interface AssignmentGround {
  tenantId: string;
  /** Of this tenant. */
  users: readonly User[];
  lines: readonly Pick<BoardLine, 'lineId' | 'pbxId' | 'lineKey' | 'extension' | 'name'>[];
  grants: readonly Grant[];
}

export interface AssignmentPlan {
  changes: AssignmentChange[];
  /** What the store is to do; nothing in it where all is as the list says. */
  edits: PeopleEdit[];
  /** With a fault nothing is to be done. */
  faults: { place: number; message: string }[];
}

type Line = AssignmentGround['lines'][number];

/** Several entries for one user count one after the other. */
export function planAssignments(list: readonly Assignment[], ground: AssignmentGround): AssignmentPlan {
  const faults: AssignmentPlan['faults'] = [];
  const find = lineFinder(ground.lines);
  const known = new Map(ground.users.map((user) => [user.login, user]));
  const wishes = new Map<string, Wish>();
  for (const entry of list) {
    const { login, place } = entry;
    if (!isLogin(login)) {
      faults.push({ place, message: `a log-in name is 1–32 of a–z, 0–9, dot, _ and -, unlike ${login}` });
      continue;
    }
    const wish = wishes.get(login) ?? wishOf(login, known.get(login), ground);
    wishes.set(login, wish);
    if (entry.name !== undefined) wish.name = entry.name;
    if (entry.isReplacing) wish.after.clear();
    for (const named of entry.lines) {
      const found = find(named);
      if ('fault' in found) faults.push({ place, message: found.fault });
      else wish.after.add(found.line.lineId);
    }
  }
  const changes = [...wishes.values()].map((wish) => changeOf(wish, ground.lines));
  return { changes, edits: changes.flatMap(editsOf), faults };
}

/** Whether this may be a log-in name. */
export function isLogin(text: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,31}$/.test(text);
}

interface Wish {
  user: User;
  isNew: boolean;
  name: string;
  before: ReadonlySet<string>;
  after: Set<string>;
}

function wishOf(login: string, known: User | undefined, { tenantId, grants }: AssignmentGround): Wish {
  const user = known ?? { userId: userIdOf(tenantId, login), tenantId, login, displayName: login };
  const own = known ? grants.filter(({ userId, isOwn }) => isOwn && userId === user.userId) : [];
  const before = new Set(own.map(({ lineId }) => lineId));
  return { user, isNew: !known, name: user.displayName, before, after: new Set(before) };
}

function lineFinder(lines: readonly Line[]) {
  const byAddress = groupedBy(lines, ({ extension }) => extension);
  const byKey = groupedBy(lines, ({ lineKey }) => lineKey);
  const byId = new Map(lines.map((line) => [line.lineId, line]));
  return (named: { address: string } | { permanentId: string }): { line: Line } | { fault: string } => {
    if ('address' in named) return onlyOne(byAddress.get(named.address), `Address ${named.address}`);
    const line = byId.get(named.permanentId);
    return line ? { line } : onlyOne(byKey.get(named.permanentId), `PermanentID ${named.permanentId}`);
  };
}

function onlyOne(found: readonly Line[] = [], what: string): { line: Line } | { fault: string } {
  const [line, another] = found;
  if (!line) return { fault: `there is no line with ${what}: "relay lines" shows those there are` };
  if (!another) return { line };
  const each = found.map(({ pbxId, lineId, name }) => `${pbxId} ${name}: PermanentID ${lineId}`);
  return { fault: `${what} fits several lines, name one by its id: ${each.join('; ')}` };
}

function groupedBy(lines: readonly Line[], keyOf: (line: Line) => string): Map<string, Line[]> {
  const groups = new Map<string, Line[]>();
  for (const line of lines) groups.set(keyOf(line), [...(groups.get(keyOf(line)) ?? []), line]);
  return groups;
}

function changeOf({ user, isNew, name, before, after }: Wish, lines: readonly Line[]): AssignmentChange {
  const ids = [...new Set([...before, ...after])];
  const nameOf = new Map(lines.map(({ lineId, extension }) => [lineId, extension]));
  const changed = ids.map((lineId) => {
    const line = nameOf.get(lineId) ?? lineId;
    if (!before.has(lineId)) return { change: '+' as const, line, lineId };
    return { change: after.has(lineId) ? ('=' as const) : ('-' as const), line, lineId };
  });
  const order = new Intl.Collator('en', { numeric: true });
  return {
    user: { ...user, displayName: name },
    isNew,
    ...(!isNew && name !== user.displayName && { nameBefore: user.displayName }),
    lines: changed.sort((a, b) => order.compare(a.line, b.line)),
  };
}

function editsOf({ user, isNew, nameBefore, lines }: AssignmentChange): PeopleEdit[] {
  const { userId, displayName } = user;
  const edits: PeopleEdit[] = [];
  if (isNew) edits.push({ type: 'add-user', user });
  if (nameBefore !== undefined) edits.push({ type: 'rename-user', userId, displayName });
  for (const { change, lineId } of lines) {
    if (change === '+') edits.push({ type: 'put-grant', grant: { userId, lineId, rights: RIGHTS, isOwn: true } });
    if (change === '-') edits.push({ type: 'remove-grant', userId, lineId });
  }
  return edits;
}
