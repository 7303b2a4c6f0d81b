// Kill -9 at every step of an order, while calls are written down: what every agent was told must hold afterwards. What the
// simulator's exchange received is the truth about what was dialled, what the file holds that about the journal.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ServerMessage } from '@offhook/protocol';
import { callIdOf, lineIdOf } from '../../../relay/src/call-ids.ts';
import { commandKeyOf } from '../../../relay/src/commands.ts';
import { AGENTS, type Office, OTHER_LINES, openOffice, PBX } from './office.ts';
import type { PassingFrame } from './tapped-wire.ts';

/** When the relay dies. `lost`: the frame that it died at never arrived. */
const STEPS = [
  'asked',
  'accepted told',
  'order lost',
  'order arrived',
  'ack lost',
  'outcome lost',
  'sent told',
  'end told',
  'journal told',
  'note told',
] as const;
type Step = (typeof STEPS)[number];

/** An order with everything that was ever told about it. */
interface Order {
  key: string;
  agent: string;
  number: string;
  told: { state: string; code: string | undefined; life: number }[];
}

/** What the first agent's browser was told of a journal entry: it must be on the disk from then on. */
interface Told {
  isEnded: boolean;
  note: string | undefined;
}

interface World {
  office: Office;
  random: (below: number) => number;
  life: number;
  step: Step;
  /** How often the step is let pass before it kills. */
  grace: number;
  isKilled: boolean;
  /** Everything is down to the agents' orders of this life. */
  orders: Order[];
  entries: Map<string, Told>;
  unchecked: Set<string>;
  notes: Map<string, { entryId: string; text: string }>;
  steps: Record<string, number>;
  problems: string[];
}

export interface DrillReport {
  problems: string[];
  kills: number;
  orders: number;
  /** How many of them the phone system received. */
  dialled: number;
  /** How often each step was the one. */
  steps: Record<string, number>;
  /** Journal rows that were told to a browser. */
  rows: number;
  notes: number;
}

export interface DrillOptions {
  kills: number;
  main?: string | undefined;
  /** Ends at the first problem: for a relay that is known to be faulty. */
  endsAtProblem?: boolean;
}

/** Kills a relay so often; an empty list of problems means that every promise was kept. */
export async function killDrill({ kills, main, endsAtProblem = false }: DrillOptions): Promise<DrillReport> {
  const world = await openWorld(main);
  const report = { kills: 0, orders: 0, dialled: 0, steps: world.steps };
  try {
    await world.office.start();
    for (world.life = 1; world.life <= kills; world.life += 1) {
      await oneLife(world);
      report.kills += 1;
      report.orders += world.orders.length;
      report.dialled += world.orders.filter((order) => timesDialled(world, order) > 0).length;
      if (endsAtProblem && world.problems.length > 0) break;
    }
    if (!endsAtProblem) checkRows(world, [...world.entries.keys()]);
    return { ...report, problems: world.problems, rows: world.entries.size, notes: world.notes.size };
  } finally {
    await world.office.close();
  }
}

async function openWorld(main: string | undefined): Promise<World> {
  const ears = {
    message: (_agent: string, _message: ServerMessage) => {},
    frame: (_frame: PassingFrame): boolean => true,
  };
  const office = await openOffice(
    { message: (...heard) => ears.message(...heard), frame: (frame) => ears.frame(frame) },
    { main },
  );
  const world: World = {
    ...{ office, random: dice(), life: 0, step: 'asked', grace: 0, isKilled: false },
    ...{ orders: [], entries: new Map(), unchecked: new Set(), notes: new Map(), steps: {}, problems: [] },
  };
  ears.message = (agent, message) => take(world, agent, message);
  ears.frame = (frame) => pass(world, frame);
  return world;
}

// The same history in every run (a linear congruential generator).
function dice(): World['random'] {
  let seed = 20_261_122;
  return (below) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 4_294_967_296) * below);
  };
}

async function oneLife(world: World): Promise<void> {
  const { office, random, life } = world;
  world.step = STEPS[life % STEPS.length] ?? 'asked';
  world.steps[world.step] = (world.steps[world.step] ?? 0) + 1;
  world.grace = random(AGENTS.length);
  world.isKilled = false;
  for (let n = 0; n < 3; n += 1) someTraffic(world);
  world.orders = AGENTS.map((agent, n) => ({
    key: `order-${life}-${n}`,
    agent,
    number: `+4930231250${String(random(100)).padStart(2, '0')}`,
    told: [],
  }));
  for (const order of world.orders) ask(world, order);
  writeNote(world);
  if (world.step === 'asked') die(world);
  await office.until(`a kill at "${world.step}"`, () => world.isKilled || world.orders.every(isAnswered(life)));
  world.isKilled = true;
  await office.kill();
  // The phones do not wait for the relay.
  someTraffic(world);
  await office.start();
  world.isKilled = false;
  world.step = 'asked';
  await askAgain(world);
  checkOrders(world);
  if (world.problems.length > 0 && world.orders.some((order) => timesDialled(world, order) > 1)) return;
  for (const agent of AGENTS) office.exchange.hands.hangUp(agent);
  await office.until('the lines as the simulator has them', () => pictureOf(world) === truthOf(world));
  checkRows(world, [...world.unchecked]);
  world.unchecked.clear();
}

function die(world: World): void {
  if (world.isKilled) return;
  world.grace -= 1;
  if (world.grace >= 0 && world.step !== 'asked') return;
  world.isKilled = true;
  void world.office.kill();
}

function pass(world: World, { type }: PassingFrame): boolean {
  // What a dead relay had sent is on its way all the same.
  if (world.isKilled) return type !== 'ack' && type !== 'outcome';
  const dying: Partial<Record<Step, PassingFrame['type']>> = {
    'order lost': 'order',
    'order arrived': 'order',
    'ack lost': 'ack',
    'outcome lost': 'outcome',
  };
  if (dying[world.step] !== type) return true;
  die(world);
  return !world.isKilled || world.step === 'order arrived';
}

function take(world: World, agent: string, message: ServerMessage): void {
  const { step, life } = world;
  if (message.type === 'result') {
    const { key, state, code } = message;
    world.orders.find((order) => order.key === key)?.told.push({ state, code, life: world.isKilled ? -1 : life });
    const note = world.notes.get(key);
    const entry = note && world.entries.get(note.entryId);
    if (entry && state === 'done') noted(world, note);
    if (step === 'accepted told' && state === 'accepted') die(world);
    if (step === 'sent told' && state === 'sent') die(world);
    if (step === 'end told' && state === 'done') die(world);
    if (step === 'note told' && note) die(world);
  }
  if (message.type !== 'journal' || agent !== AGENTS[0]) return;
  for (const item of message.items) {
    world.unchecked.add(item.entryId);
    if ('gone' in item) world.entries.delete(item.entryId);
    else {
      const { note } = world.entries.get(item.entryId) ?? {};
      world.entries.set(item.entryId, { isEnded: item.endedAt !== undefined, note: item.note ?? note });
    }
  }
  if (step === 'journal told') die(world);
}

function noted({ entries, unchecked }: World, { entryId, text }: { entryId: string; text: string }): void {
  const entry = entries.get(entryId);
  if (entry) entries.set(entryId, { ...entry, note: text });
  unchecked.add(entryId);
}

function ask({ office }: World, { key, agent, number }: Order): void {
  office.clientOf(agent)?.send({
    ...{ type: 'command', id: key, key, lineId: lineIdOf(PBX, agent), name: 'makeCall', deadlineMs: 10_000 },
    args: { number: { kind: 'e164', number } },
  });
}

/** A note on an entry that has none yet, so that what was told last is what must be there. */
function writeNote(world: World): void {
  const entryId = [...world.entries].findLast(([, { note }]) => note === undefined)?.[0];
  if (entryId === undefined) return;
  const key = `note-${world.life}`;
  const text = `Sample note ${world.life}`;
  world.notes.set(key, { entryId, text });
  world.office.clientOf(AGENTS[0])?.send({ type: 'note', id: key, key, entryId, text });
}

const isEnd = ({ state }: Order['told'][number]) => ['done', 'failed', 'unknown'].includes(state);
const isAnswered = (life: number) => (order: Order) => order.told.some((one) => one.life === life && isEnd(one));

/** Whoever has no answer asks again under the same key, as the extension does; whoever has one asks twice, to be sure. */
async function askAgain(world: World): Promise<void> {
  const before = world.orders.map(({ told }) => told.filter(isEnd).length);
  for (const order of world.orders) {
    ask(world, order);
    ask(world, order);
  }
  const isSettled = () => world.orders.every(({ told }, n) => told.filter(isEnd).length > (before[n] ?? 0));
  const isDouble = () => world.orders.some((order) => timesDialled(world, order) > 1);
  await world.office.until('an answer to every order', () => isSettled() || isDouble());
}

function timesDialled({ office }: World, { agent, key }: Order): number {
  const commandKey = commandKeyOf(office.userIds.get(agent) ?? '', key);
  return office.exchange.received().filter((one) => one.commandKey === commandKey).length;
}

function checkOrders(world: World): void {
  for (const order of world.orders) {
    const times = timesDialled(world, order);
    const where = `${order.key} (killed at "${world.step}")`;
    if (times > 1) world.problems.push(`${where} was dialled ${times} times`);
    for (const { state, code } of order.told.filter(isEnd)) {
      if (state === 'done' && times === 0) world.problems.push(`${where} was never dialled, but is said to be done`);
      if (state === 'failed' && code !== 'pbx-rejected' && times > 0) {
        world.problems.push(`${where} is said to have failed (${code}), but was dialled`);
      }
    }
  }
}

const liveCalls = (calls: readonly { callId: string; state: string }[]) =>
  calls.filter(({ state }) => state !== 'ended').map(({ callId, state }) => `${callId} ${state}`);

function pictureOf({ office }: World): string {
  const lines = [...office.picture.values()];
  return lines.some(({ state }) => state === 'unknown')
    ? 'unknown'
    : sorted(lines.flatMap(({ calls }) => liveCalls(calls)));
}

function truthOf({ office }: World): string {
  const { legs } = office.exchange.snapshot();
  return sorted(
    liveCalls(legs.map(({ callKey, lineKey, state }) => ({ callId: callIdOf(PBX, callKey, lineKey), state }))),
  );
}

function sorted(words: readonly string[]): string {
  return [...words].sort().join('\n');
}

function someTraffic({ office, random }: World): void {
  const { exchange } = office;
  const { legs } = exchange.snapshot();
  const isBusy = (line: string) => legs.some(({ lineKey, state }) => lineKey === line && state !== 'ended');
  const busy = OTHER_LINES.filter(isBusy);
  const free = OTHER_LINES.filter((line) => !isBusy(line));
  const line = busy[random(busy.length)];
  const [to, from] = free;
  const action = random(5);
  if (line !== undefined && (action < 2 || to === undefined)) {
    if (!exchange.hands.hangUp(line)) exchange.hands.reject(line);
  } else if (line !== undefined && action === 2) exchange.hands.lift(line);
  else if (to !== undefined && from !== undefined && action === 3) exchange.hands.dial(from, to);
  else if (to !== undefined) exchange.callIn({ to, from: `030231259${String(random(100)).padStart(2, '0')}` });
}

/** What was told is on the disk, and the file is sound. */
function checkRows(world: World, entryIds: readonly string[]): void {
  const db = new DatabaseSync(join(world.office.dataDir, 'relay.db'), { readOnly: true });
  try {
    const integrity = db.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
    if (integrity !== 'ok') world.problems.push(`life ${world.life}: the database says ${String(integrity)}`);
    const legsOf = db.prepare('SELECT count(*) AS legs, count(endedAt) AS ended FROM leg WHERE conversationId = ?');
    const noteOf = db.prepare('SELECT text FROM note WHERE conversationId = ?1 OR ownerId = ?1');
    for (const entryId of entryIds) {
      const told = world.entries.get(entryId);
      if (!told) continue;
      const { legs, ended } = legsOf.get(entryId) ?? {};
      if (Number(legs) === 0) world.problems.push(`${entryId} was told and is gone`);
      if (told.isEnded && legs !== ended) world.problems.push(`the end of ${entryId} was told and is gone`);
      const texts = noteOf.all(entryId).map(({ text }) => String(text));
      if (told.note !== undefined && !texts.some((text) => told.note?.includes(text))) {
        world.problems.push(`the note on ${entryId} was told and is gone`);
      }
    }
  } finally {
    db.close();
  }
}
