// The relay is killed again and again while calls go on and orders are under way. The simulator's own record of what was
// dialled and who was on the phone is the truth that ids, orders, journal and log are compared with.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Line, ServerMessage } from '@offhook/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { callIdOf, lineIdOf } from '../../relay/src/call-ids.ts';
import { commandKeyOf } from '../../relay/src/commands.ts';
import { type Stage, setStage } from '../../scripts/stage/stage.ts';
import { codeIn, pairBrowser, signInTo } from './process-rig.ts';
import type { WireClient, WireDevice } from './wire-client.ts';

const KILLS = process.env['OFFHOOK_FULL'] === '1' ? 100 : 5;
const WAIT_MS = 20_000;
const AGENTS = ['10', '11', '12'];
// On these the world outside and the handsets make their calls, one a line.
const OTHER_LINES = ['13', '14', '15', '16', '17', '18', '19', '20', '21'];
const PBX = 'simulator';

interface TrueLeg {
  callId: string;
  extension: string;
  conversation: string;
  state: string;
}

interface Order {
  key: string;
  agent: string;
  number: string;
  state: string;
}

interface World {
  stage: Stage;
  random: (below: number) => number;
  devices: Map<string, WireDevice>;
  clients: Map<string, WireClient>;
  userIds: Map<string, string>;
  /** What the simulator knows of every call there ever was. */
  legs: Map<string, TrueLeg>;
  /** The lines as the first agent's browser has them. */
  picture: Map<string, Line>;
  conversationOf: Map<string, string>;
  orders: Order[];
  calls: number;
  wake: Set<() => void>;
}

let stage: Stage;
beforeEach(async () => {
  vi.stubEnv('OFFHOOK_LOG_LEVEL', 'debug');
  stage = await setStage({
    guard: { perHour: 1_000_000, burstPerMinute: 1_000_000 },
    agents: AGENTS.map((line, n) => ({ login: `agent-${n}`, name: `Sample ${n}`, line, watch: n === 0 ? '*' : [] })),
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await stage.close();
});

function newWorld(): World {
  // The same numbers in every run of the test (a linear congruential generator).
  let seed = 20_261_121;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 4_294_967_296) * below);
  };
  const maps = { devices: new Map(), clients: new Map(), userIds: new Map(), legs: new Map(), picture: new Map() };
  const world: World = { stage, random, ...maps, conversationOf: new Map(), orders: [], calls: 0, wake: new Set() };
  stage.desk.onEvent((event) => {
    if (event.type !== 'leg') return;
    const { callKey, lineKey, linkKey = callKey, state } = event.leg;
    const callId = callIdOf(PBX, callKey, lineKey);
    world.legs.set(callId, { callId, extension: lineKey, conversation: linkKey, state });
    heard(world);
  });
  return world;
}

function heard({ wake }: World): void {
  for (const look of [...wake]) look();
}

/** Resolves as soon as the condition holds; it is looked at whenever a browser or the desk hears something. */
function until({ wake }: World, what: string, holds: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`waited ${WAIT_MS / 1000} s for ${what}`)), WAIT_MS);
    const look = () => {
      if (!holds()) return;
      wake.delete(look);
      clearTimeout(limit);
      resolve();
    };
    wake.add(look);
    look();
  });
}

function take(world: World, agent: string, message: ServerMessage): void {
  if (message.type === 'result') {
    const order = world.orders.find(({ key }) => key === message.key);
    if (order) order.state = message.state;
  }
  if (agent === AGENTS[0] && (message.type === 'snapshot' || message.type === 'delta')) {
    if (message.type === 'snapshot' && message.part === 1) world.picture.clear();
    for (const line of message.lines) if (!('gone' in line)) world.picture.set(line.lineId, line);
  }
  heard(world);
}

const isLive = ({ state }: { state: string }) => state !== 'ended';
const liveOn = ({ legs }: World, extension: string) =>
  [...legs.values()].filter((leg) => leg.extension === extension && isLive(leg));

/** Calls whose record has reached the disk, with their conversation and whether their end is recorded. */
function written(): Map<string, { conversationId: string; isEnded: boolean }[]> {
  const db = new DatabaseSync(join(stage.dir, 'data', 'relay.db'), { readOnly: true });
  const rows = db
    .prepare(
      `SELECT callId, conversationId, endedAt FROM leg JOIN conversation USING (conversationId)
       WHERE mergedInto IS NULL`,
    )
    .all();
  db.close();
  const byCall = new Map<string, { conversationId: string; isEnded: boolean }[]>();
  for (const { callId, conversationId, endedAt } of rows) {
    const found = byCall.get(String(callId)) ?? [];
    byCall.set(String(callId), [...found, { conversationId: String(conversationId), isEnded: endedAt !== null }]);
  }
  return byCall;
}

async function signIn(world: World): Promise<void> {
  for (const agent of AGENTS) {
    const device =
      world.devices.get(agent) ??
      (await pairBrowser(stage.relayUrl, codeIn(await stage.cli('pair', `agent-${AGENTS.indexOf(agent)}`))));
    world.devices.set(agent, device);
    const { client, userId } = await signInTo(stage.relayUrl, device, (message) => take(world, agent, message));
    world.clients.set(agent, client);
    world.userIds.set(agent, userId);
  }
}

/** Every call that is going on is shown on its line, in its state, under the id that it always had. */
async function inStep(world: World): Promise<void> {
  const shown = () =>
    [...world.picture.values()].flatMap(({ calls }) =>
      calls.filter(isLive).map((call) => `${call.callId} ${call.state}`),
    );
  const truth = () => [...world.legs.values()].filter(isLive).map(({ callId, state }) => `${callId} ${state}`);
  const isSame = () => world.picture.size === 12 && shown().sort().join() === truth().sort().join();
  const isKnown = () => [...world.picture.values()].every(({ state }) => state !== 'unknown');
  await until(world, 'the lines as the simulator has them', () => isKnown() && isSame());
  for (const call of [...world.picture.values()].flatMap(({ calls }) => calls.filter(isLive))) {
    const before = world.conversationOf.get(call.callId) ?? call.conversationId;
    expect(call.conversationId).toBe(before);
    world.conversationOf.set(call.callId, before);
  }
}

function send(world: World, { key, agent, number }: Order): void {
  world.clients.get(agent)?.send({
    type: 'command',
    id: key,
    key,
    lineId: lineIdOf(PBX, agent),
    name: 'makeCall',
    args: { number: { kind: 'e164', number } },
    deadlineMs: 10_000,
  });
}

const isFinal = ({ state }: Order) => ['done', 'failed', 'unknown'].includes(state);

/** Whoever has no answer asks again under the same key, as the extension does. */
async function settleOrders(world: World): Promise<void> {
  for (const order of world.orders) if (!isFinal(order)) send(world, order);
  await until(world, 'an answer to every order', () => world.orders.every(isFinal));
}

function nextNumber(world: World): string {
  world.calls += 1;
  return `+493023125${String(world.calls).padStart(3, '0')}`;
}

function freeLines(world: World): string[] {
  return OTHER_LINES.filter((line) => liveOn(world, line).length === 0);
}

async function startCall(world: World): Promise<void> {
  const [to, from] = freeLines(world);
  if (to === undefined) return;
  if (from !== undefined && world.random(4) === 0) await stage.desk.dial(from, to);
  else await stage.desk.callIn({ to, from: nextNumber(world).replace('+49', '0'), name: 'Contoso Sample' });
}

/** Ends a call that stands in the journal with all its legs; of one that does not, the relay need not know. */
async function endCall(world: World, lines: readonly string[]): Promise<void> {
  const onDisk = written();
  const isWritten = (leg: TrueLeg) =>
    [...world.legs.values()].every((one) => one.conversation !== leg.conversation || onDisk.has(one.callId));
  const ready = lines.filter((line) => liveOn(world, line).some(isWritten));
  const line = ready[world.random(ready.length)];
  if (line === undefined) return;
  if (!(await stage.desk.hangUp(line))) await stage.desk.reject(line);
}

async function someTraffic(world: World): Promise<void> {
  for (let n = 0; n < 4; n += 1) {
    const busy = OTHER_LINES.filter((line) => liveOn(world, line).length > 0);
    const line = busy[world.random(busy.length)];
    const action = world.random(4);
    if (action === 0 && line !== undefined) await stage.desk.lift(line);
    else if (action === 1) await endCall(world, OTHER_LINES);
    else await startCall(world);
  }
}

/** Orders on all free lines of agents, with the kill somewhere among their answers. */
async function killAmongOrders(world: World): Promise<void> {
  let frames = 0;
  const last = 1 + world.random(9);
  const enough = new Promise<void>((resolve) => {
    world.wake.add(function count() {
      frames += 1;
      if (frames < last) return;
      world.wake.delete(count);
      resolve();
    });
  });
  for (const agent of AGENTS) {
    const order = { key: `order-${world.orders.length}`, agent, number: nextNumber(world), state: 'asked' };
    world.orders.push(order);
    send(world, order);
  }
  await enough;
  await stage.relay.kill();
  for (const client of world.clients.values()) await client.closed;
}

async function freeAgents(world: World): Promise<void> {
  for (const agent of AGENTS) {
    const isEnded = () => liveOn(world, agent).length === 0;
    if (!isEnded()) await stage.desk.hangUp(agent);
    await until(world, `the end of the call on ${agent}`, isEnded);
  }
}

/** How often the simulator was told to dial for each order. */
async function dialledTimes(world: World): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const { commandKey } of await stage.desk.received()) times.set(commandKey, (times.get(commandKey) ?? 0) + 1);
  return new Map(
    world.orders.map(({ key, agent }) => {
      const commandKey = commandKeyOf(world.userIds.get(agent) ?? '', key);
      return [key, times.get(commandKey) ?? 0];
    }),
  );
}

async function checkOrders(world: World): Promise<void> {
  const times = await dialledTimes(world);
  const allowed: Record<string, number[]> = { done: [1], failed: [0], unknown: [0, 1] };
  const wrong = world.orders.filter(({ key, state }) => !allowed[state]?.includes(times.get(key) ?? 0));
  expect(wrong.map((order) => ({ ...order, dialled: times.get(order.key) }))).toEqual([]);
  expect((await stage.desk.received()).length).toBe([...times.values()].reduce((sum, one) => sum + one, 0));
}

async function checkJournal(world: World): Promise<void> {
  const onDisk = written();
  const truth = [...world.legs.values()];
  const conversations = new Map<string, Set<string>>();
  for (const { callId, conversation } of truth) {
    const found = onDisk.get(callId);
    expect(found, `${callId} in the journal`).toEqual([{ conversationId: expect.any(String), isEnded: true }]);
    const ids = conversations.get(conversation) ?? new Set();
    conversations.set(conversation, ids.add(found?.[0]?.conversationId ?? ''));
  }
  expect([...conversations.values()].filter((ids) => ids.size !== 1)).toEqual([]);
  expect(onDisk.size).toBe(truth.length);
  const entries = await stage.cli('journal', '--limit', '10000');
  expect(entries).toHaveLength(conversations.size);
  for (const entry of entries)
    expect(entry).toMatchObject({ endedAt: expect.any(String), outcome: expect.any(String) });
}

test(
  `${KILLS} times kill -9 while calls go on: ids stay, nothing is dialled twice, every call is in the journal once`,
  async () => {
    const world = newWorld();
    await signIn(world);
    await inStep(world);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await someTraffic(world);
      await killAmongOrders(world);
      // The phones do not wait for the relay.
      await startCall(world);
      await endCall(world, OTHER_LINES);
      await stage.relay.start();
      await signIn(world);
      await settleOrders(world);
      await inStep(world);
      await freeAgents(world);
      await inStep(world);
    }
    for (const { extension } of [...world.legs.values()].filter(isLive)) {
      if (!(await stage.desk.hangUp(extension))) await stage.desk.reject(extension);
    }
    await inStep(world);
    await until(world, 'the last end in the journal', () => [...written().values()].flat().every((leg) => leg.isEnded));

    await checkOrders(world);
    await checkJournal(world);
    expect(world.orders.some(({ state }) => state === 'done')).toBe(true);
    expect(stage.relay.output()).toContain('signed in');
    expect(stage.relay.output()).not.toMatch(/3023125\d{3}/);
  },
  60_000 + KILLS * 10_000,
);
