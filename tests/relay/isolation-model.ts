// Who may what, as naively as it can be asked: lists that are searched from the beginning for every question. It shares no
// code with the relay, and what the relay delivers and carries out is compared with it.
import { RIGHTS, type Right } from '@offhook/protocol';

export interface ModelLine {
  tenantId: string;
  lineId: string;
}

interface ModelGrant {
  /** A user or a group. */
  to: string;
  lineId: string;
  rights: readonly Right[];
  isOwn: boolean;
}

/** What the grants say at this moment. */
export interface Model {
  users: Record<string, string>;
  /** Group → its tenant. */
  groups: Record<string, string>;
  members: { groupId: string; userId: string }[];
  grants: ModelGrant[];
  gone: Set<string>;
  suspended: Set<string>;
  /** User → the line of the workstation at which the user sits. */
  workstations: Map<string, string>;
  restricted: Set<string>;
}

/** A model in which every user watches everything of the own tenant. */
export function createModel(users: Record<string, string>, groups: Record<string, string>): Model {
  const watch = Object.keys(users).map((to) => ({ to, lineId: '*', rights: ['watch'] as const, isOwn: false }));
  return {
    users,
    groups,
    members: [],
    grants: [...watch],
    gone: new Set(),
    suspended: new Set(),
    workstations: new Map(),
    restricted: new Set(),
  };
}

/** Whether the user may be signed in at all. */
export function isIn(model: Model, userId: string): boolean {
  return !model.gone.has(userId) && !model.suspended.has(model.users[userId] ?? '');
}

function isMeant(model: Model, to: string, userId: string): boolean {
  if (to === userId) return true;
  if (model.groups[to] !== model.users[userId]) return false;
  return model.members.some((one) => one.groupId === to && one.userId === userId);
}

/** What the user may do on the line. */
export function rightsIn(model: Model, userId: string, line: ModelLine): Set<Right> {
  const rights = new Set<Right>();
  if (!isIn(model, userId) || model.users[userId] !== line.tenantId) return rights;
  if (model.workstations.get(userId) === line.lineId) return new Set(RIGHTS);
  for (const { to, lineId, rights: granted, isOwn } of model.grants) {
    if (!isMeant(model, to, userId) || (lineId !== '*' && lineId !== line.lineId)) continue;
    for (const right of isOwn && lineId !== '*' ? RIGHTS : granted) rights.add(right);
  }
  if (rights.has('control')) rights.add('watch');
  return rights;
}

/** Whether calls on the line ring for the user, who watches it. */
export function isOwnIn(model: Model, userId: string, line: ModelLine): boolean {
  const place = model.workstations.get(userId);
  if (place !== undefined) return place === line.lineId;
  return model.grants.some(({ to, lineId, isOwn }) => to === userId && isOwn && lineId === line.lineId);
}

/** Whether the contacts of the source exist for the user. */
export function seesSource(model: Model, userId: string, source: string): boolean {
  if (!model.restricted.has(`${model.users[userId]} ${source}`)) return true;
  return model.grants.some(({ to, lineId }) => lineId === `source:${source}` && isMeant(model, to, userId));
}

/** The model after a change; `undefined` grants are taken away. */
export function withGrant(model: Model, on: { to: string; lineId: string }, grant: ModelGrant | undefined): void {
  model.grants = model.grants.filter(({ to, lineId }) => to !== on.to || lineId !== on.lineId);
  if (grant) model.grants.push(grant);
}
