// A relay's sessions under random grants, groups, workstations, restrictions and companies that come and go, with random
// calls and orders; every frame and every order is held against the model. The same seed makes the same history.
import type { Contact, Line, PhoneNumber, Right, ServerMessage } from '@offhook/protocol';
import { RIGHTS } from '@offhook/protocol';
import type { Access, AccessStore } from '../../relay/src/access.ts';
import type { PeopleEdit } from '../../relay/src/store/store.ts';
import type { FakePeople } from '../fakes/people.ts';
import { aCall, aGrant, aLine, settled } from './builders.ts';
import { createModel, isIn, isOwnIn, type Model, rightsIn, seesSource, withGrant } from './isolation-model.ts';
import { createOrderDesk } from './isolation-orders.ts';
import { type Client, createRig } from './session-rig.ts';

const TENANTS = ['tenant-1', 'tenant-2'];
const USERS = Object.fromEntries(
  TENANTS.flatMap((tenantId, tenant) => [0, 1, 2].map((n) => [`user-${tenant}-${n}`, tenantId])),
);
const USER_IDS = Object.keys(USERS);
const GROUPS = Object.fromEntries(
  TENANTS.flatMap((tenantId, n) => [
    [`group-${n}-a`, tenantId],
    [`group-${n}-b`, tenantId],
  ]),
);
const LINES = TENANTS.flatMap((tenantId, tenant) =>
  Array.from({ length: 6 }, (_, n) => ({ tenantId, lineId: `line-${tenant}-${n}` })),
);
const SOURCE = 'sample';
const AT = '2026-11-21T10:00:00.000Z';

/** Numbers from 0 to below 1, the same ones for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

// Secrets that can be found in any text: a number, a name and a contact of each line's caller.
const numberOf = (n: number) => `+49302312500${n % 10}${Math.floor(n / 10) % 10}`;
function contactOf(_tenantId: string, number: PhoneNumber, hidden?: ReadonlySet<string>): Contact | undefined {
  if (number.kind !== 'e164' || !number.number.endsWith('5') || hidden?.has(SOURCE)) return undefined;
  const url = `https://crm.test/?number=${encodeURIComponent(number.number)}`;
  return { contactId: 'sample:1', name: 'Contactsecret Sample', url, source: SOURCE, match: 'exact' };
}

export interface Faulty {
  access?: (access: Access) => Access;
  store?: (store: FakePeople) => AccessStore;
}

export interface Outcome {
  problems: string[];
  deliveries: number;
  orders: number;
  /** How often a number was really seen, a contact found, an order carried out: the secrets were on their way. */
  seen: { numbers: number; contacts: number; carriedOut: number };
}

/** Goes on until so many lines were delivered and so many orders were given, or something is wrong. */
export async function historyOf(options: {
  seed: number;
  deliveries: number;
  orders: number;
  plant?: Faulty;
}): Promise<Outcome> {
  const random = seeded(options.seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!; // none is empty
  const model = createModel({ ...USERS }, GROUPS);
  const outcome: Outcome = { problems: [], deliveries: 0, orders: 0, seen: { numbers: 0, contacts: 0, carriedOut: 0 } };
  const desk = createOrderDesk();
  const rig = createRig({
    users: USERS,
    grants: USER_IDS.map((userId) => aGrant(userId, '*', 'watch')),
    contactOf,
    ...(options.plant?.access && { plant: options.plant.access }),
    ...(options.plant?.store && { plantStore: options.plant.store }),
    commands: desk.commands,
    onFrame(client, message, text) {
      if (message.type === 'snapshot' || message.type === 'delta') outcome.deliveries += message.lines.length;
      if (text.includes('302312500')) outcome.seen.numbers += 1;
      if (text.includes('Contactsecret')) outcome.seen.contacts += 1;
      outcome.problems.push(...leaksIn(client, message, model));
    },
  });
  const lots = { random, pick };
  const clients = new Map<string, Client>();
  await rig.access.change(Object.entries(GROUPS).map(([groupId, tenantId]) => addGroup(groupId, tenantId)));
  for (const userId of USER_IDS) {
    await rig.people.addDevice(deviceOf(userId));
    clients.set(userId, await rig.connect(userId));
  }
  const { deliveries, orders } = options;
  const isDone = () => outcome.deliveries >= deliveries && outcome.orders >= orders;
  for (let step = 0; !isDone() && outcome.problems.length === 0 && step < 4 * (deliveries + orders); step += 1) {
    if (random() < 0.06) {
      await rig.access.change(changeOf(model, lots));
      await settled();
      await reconnect(rig, model, clients);
      for (const client of clients.values()) outcome.problems.push(...wrongPicture(client, model, rig));
    }
    rig.board.set(lineAt(step, lots));
    // A tenth as many orders as deliveries, as in the numbers that the issue names.
    if (outcome.orders >= orders || random() > 0.5) continue;
    outcome.problems.push(...(await wrongOrder(step, { model, lots, clients, desk, outcome })));
  }
  return outcome;
}

interface Lots {
  random(): number;
  pick<Item>(items: readonly Item[]): Item;
}

type Rig = ReturnType<typeof createRig>;

function addGroup(groupId: string, tenantId: string): PeopleEdit {
  return { type: 'add-group', group: { groupId, tenantId, name: groupId } };
}

function deviceOf(userId: string) {
  return { deviceId: userId, userId, name: 'Sample', publicKey: '', origin: '', createdAt: AT };
}

function lineAt(step: number, { random, pick }: Lots) {
  const { tenantId, lineId } = pick(LINES);
  const number: PhoneNumber = { kind: 'e164', number: numberOf(step) };
  const remote = { number, name: random() < 0.5 ? `Callersecret ${step}` : numberOf(step) };
  const call = aCall({ callId: `call-${step}`, direction: 'outbound', remote, dialled: number });
  const isLineFree = random() < 0.3;
  const forward = random() < 0.2 ? ({ when: 'all', to: number } as const) : null;
  return aLine({ tenantId, lineId, forward, calls: isLineFree ? [] : [call] });
}

/** A random change, made in the model; the answer makes it in the relay. */
function changeOf(model: Model, lots: Lots): PeopleEdit[] {
  const { random, pick } = lots;
  const userId = pick(USER_IDS);
  const lot = random();
  if (lot < 0.5) return [grantChange(model, lots)];
  if (lot < 0.7) {
    const groupId = pick(Object.keys(GROUPS));
    const rest = model.members.filter((one) => one.groupId !== groupId || one.userId !== userId);
    const joins = random() < 0.6 && !model.gone.has(userId);
    model.members = joins ? [...rest, { groupId, userId }] : rest;
    return [{ type: joins ? 'join-group' : 'leave-group', groupId, userId }];
  }
  if (lot < 0.8) {
    const lineId = random() < 0.6 && !model.gone.has(userId) ? pick(LINES).lineId : undefined;
    if (lineId === undefined) model.workstations.delete(userId);
    else model.workstations.set(userId, lineId);
    return [{ type: 'set-workstation', deviceId: userId, lineId }];
  }
  if (lot < 0.9) {
    const tenantId = pick(TENANTS);
    const isRestricted = random() < 0.6;
    if (isRestricted) model.restricted.add(`${tenantId} ${SOURCE}`);
    else model.restricted.delete(`${tenantId} ${SOURCE}`);
    return [{ type: 'restrict-source', tenantId, source: SOURCE, isRestricted }];
  }
  return [lot < 0.94 ? suspension(model, pick(TENANTS), random() < 0.3) : comingOrGoing(model, userId)];
}

function grantChange(model: Model, { random, pick }: Lots): PeopleEdit {
  const to = pick([...USER_IDS, ...Object.keys(GROUPS)]);
  const isGroup = to in GROUPS;
  // Any line, those of the other tenant too: a wrong grant must not open another company's line.
  const lot = random();
  const lineId = lot < 0.2 ? '*' : lot < 0.3 ? `source:${SOURCE}` : pick(LINES).lineId;
  const on = { to, lineId };
  if (random() < 0.35 || model.gone.has(to)) {
    withGrant(model, on, undefined);
    return isGroup ? { type: 'remove-group-grant', groupId: to, lineId } : { type: 'remove-grant', userId: to, lineId };
  }
  const rights: Right[] = RIGHTS.filter(() => random() < 0.5);
  const isOwn = !isGroup && random() < 0.2;
  withGrant(model, on, { ...on, rights, isOwn });
  return isGroup
    ? { type: 'put-group-grant', grant: { groupId: to, lineId, rights } }
    : { type: 'put-grant', grant: { userId: to, lineId, rights, isOwn } };
}

function suspension(model: Model, tenantId: string, isSuspended: boolean): PeopleEdit {
  if (isSuspended) model.suspended.add(tenantId);
  else model.suspended.delete(tenantId);
  return { type: 'suspend-tenant', tenantId, suspendedAt: isSuspended ? AT : undefined };
}

function comingOrGoing(model: Model, userId: string): PeopleEdit {
  if (model.gone.delete(userId)) {
    const tenantId = USERS[userId] ?? '';
    return { type: 'add-user', user: { userId, tenantId, login: userId, displayName: `Sample ${userId}` } };
  }
  model.gone.add(userId);
  model.members = model.members.filter((one) => one.userId !== userId);
  model.grants = model.grants.filter(({ to }) => to !== userId);
  model.workstations.delete(userId);
  return { type: 'remove-user', userId, at: AT };
}

// Who was cut and may come back, comes back.
async function reconnect(rig: Rig, model: Model, clients: Map<string, Client>): Promise<void> {
  for (const [userId, client] of clients) {
    if (model.gone.has(userId)) continue;
    if ((await rig.people.device(userId)) === undefined) await rig.people.addDevice(deviceOf(userId));
    if (client.closed === undefined || !isIn(model, userId)) continue;
    clients.set(userId, await rig.connect(userId));
  }
}

function leaksIn(client: Client, message: ServerMessage, model: Model): string[] {
  if (message.type !== 'snapshot' && message.type !== 'delta') return [];
  const who = client.userId;
  return message.lines.flatMap((line) => {
    const known = LINES.find(({ lineId }) => lineId === line.lineId);
    const rights = known ? rightsIn(model, who, known) : new Set<Right>();
    if (!known || !rights.has('watch')) return [`${who} got ${line.lineId}`];
    const text = JSON.stringify(line);
    const leaks: string[] = [];
    if (!rights.has('see-numbers') && /302312500\d/.test(text)) leaks.push(`${who} saw a number`);
    if (!rights.has('see-names') && /secret/.test(text)) leaks.push(`${who} saw a name`);
    if (!seesSource(model, who, SOURCE) && text.includes('Contactsecret')) leaks.push(`${who} saw a contact`);
    const { capabilities, isOwn } = line as Line; // a line that is gone has none; it is never sent here
    if (!rights.has('control') && capabilities.includes('makeCall')) leaks.push(`${who} may dial`);
    if (isOwn !== isOwnIn(model, who, known)) leaks.push(`${who} and ${line.lineId}: own is ${isOwn}`);
    return leaks;
  });
}

function wrongPicture(client: Client, model: Model, { board }: Rig): string[] {
  const { userId, closed } = client;
  if (!isIn(model, userId)) return closed === undefined ? [`${userId} is still connected`] : [];
  if (closed !== undefined) return [`${userId} was cut: ${closed}`];
  return LINES.flatMap((line) => {
    const shall = rightsIn(model, userId, line).has('watch') && board.line(line.lineId) !== undefined;
    const does = client.picture.has(line.lineId);
    return shall === does ? [] : [`${userId} ${does ? 'still has' : 'lacks'} ${line.lineId}`];
  });
}

interface OrderContext {
  model: Model;
  lots: Lots;
  clients: Map<string, Client>;
  desk: ReturnType<typeof createOrderDesk>;
  outcome: Outcome;
}

/** An order of a random user on a random line: carried out exactly if the model says so. */
async function wrongOrder(step: number, { model, lots, clients, desk, outcome }: OrderContext): Promise<string[]> {
  const userId = lots.pick(USER_IDS);
  const line = lots.pick(LINES);
  const client = clients.get(userId);
  if (!client) return [];
  const other = lots.pick(LINES);
  const isPickup = lots.random() < 0.3;
  const order = isPickup
    ? { name: 'pickup', args: { lineId: other.lineId } }
    : { name: 'makeCall', args: { number: { kind: 'e164', number: numberOf(step) } } };
  const key = `order-${step}`;
  const before = desk.sent();
  if (client.closed === undefined) {
    await client.send({ type: 'command', id: key, key, lineId: line.lineId, deadlineMs: 5_000, ...order });
  }
  outcome.orders += 1;
  const wasSent = desk.sent() > before;
  if (wasSent) outcome.seen.carriedOut += 1;
  const rights = rightsIn(model, userId, line);
  const onOther = rightsIn(model, userId, other);
  const may =
    rights.has('watch') && rights.has('control') && (!isPickup || (onOther.has('watch') && onOther.has('pickup')));
  if (wasSent && !may) return [`${userId} carried out ${order.name} on ${line.lineId}`];
  // Whether a call may be picked up depends on the call, too.
  if (!wasSent && may && !isPickup && desk.isThere(line.lineId))
    return [`${userId} was refused ${order.name} on ${line.lineId}`];
  return [];
}
