// What it costs to tell everybody who may know that a line changed, beside a bare WebSocket server and socket.io that send
// the same bytes to the same clients and ask nobody. The relay stands as users start it, with real sessions, rights of
// three kinds and a phone system over a socket; the peers get the same events from such a phone system.

import { type Child, cpuMsOf, type Memory, sharedNow, startChild } from '../crowd/child.ts';
import type { Connected, Counted, CrowdQuestion, Kind } from '../crowd/clients.ts';
import { type Company, type CompanySize, foundCompany, legOf, startRelayFor, watchedBy } from '../crowd/company.ts';
import { type BenchExchange, openBenchExchange } from '../crowd/exchange.ts';
import type { PeerQuestion } from '../crowd/peer.ts';
import { keepApart } from '../crowd/processors.ts';
import type { Ground, RowFamily, Sample } from '../row.ts';

const CLIENTS = new URL('../crowd/clients.ts', import.meta.url).pathname;
const PEER = new URL('../crowd/peer.ts', import.meta.url).pathname;
const AT_ONCE = 100;

/** How large, how fast and how long. */
export interface FanOutSize extends CompanySize {
  eventsPerSecond: number;
  /** Of one turn. */
  windowMs: number;
  /** Of each contestant in a round. */
  turns: number;
  rounds: number;
  /** Before the rounds, at a pace of their own; until the code of all three is compiled. */
  warmUp: { events: number; perSecond: number };
}

/** 2,000 agents, 20 watchers a line, 200 events a second. */
export const fanOut = fanOutFamily({
  agents: 2_000,
  watchers: 20,
  eventsPerSecond: 200,
  // Each client hears of something four times in it: by then all of its server is near the processor again.
  windowMs: 2_000,
  turns: 3,
  rounds: 5,
  // What is done once an event is compiled for good after some ten thousand of them: two minutes of such a company.
  warmUp: { events: 16_000, perSecond: 1_000 },
});

/** The family, at any size. */
export function fanOutFamily(size: FanOutSize): RowFamily {
  const what = `${size.agents} agents, ${size.watchers} watchers a line, ${size.eventsPerSecond} events a second`;
  const reference = 'bare ws, the same bytes, made once an event';
  return {
    rows: [
      { id: 'fanout-cpu', unit: 'µs', ours: `processor time of the relay for one delivery; ${what}`, reference },
      {
        id: 'fanout-p99',
        unit: 'ms',
        ours: 'from the phone system to the client, 99th percentile',
        reference,
        ofTurns: 'median',
      },
      { id: 'fanout-memory', unit: 'kB', ours: 'resident memory for each connection with its session', reference },
    ],
    rounds: size.rounds,
    warmUpRounds: 0,
    turns: size.turns,
    async open(ground) {
      const company = await foundCompany(size, ground.atEnd);
      const relay = await openRelay(company, size, ground);
      const template = await relay.sample();
      const ws = await openPeer('ws', company, { size, template }, ground);
      const io = await openPeer('socket.io', company, { size, template }, ground);
      const contestants = [relay, ws, io];
      const isApart = keepApart(
        { servers: contestants.map(({ pid }) => pid), others: contestants.map(({ crowd }) => crowd) },
        ground.atEnd,
      );
      if (!isApart) ground.say('the servers share their processors with the clients: the figures are higher for it');
      for (const { warmUp } of contestants) await warmUp();
      return { ours: relay.run, reference: ws.run, others: { 'socket.io': io.run } };
    },
  };
}

interface Server {
  kind: Kind;
  pid: number;
  exchange: BenchExchange;
  crowd: Child<CrowdQuestion, Counted>;
  kilobytes: number;
  /** Events so far. */
  told: number;
  states: ('connected' | 'held')[];
}

async function openRelay(company: Company, size: FanOutSize, ground: Ground) {
  const exchange = await openBenchExchange(company, { asksSnapshot: true });
  ground.atEnd(() => exchange.close());
  const { pid, origin, memory } = await startRelayFor(company, { pbxPort: exchange.port }, ground.atEnd);
  await exchange.isWatched;
  const { port } = new URL(origin.replace(/^ws/, 'http'));
  const server = await populate({
    kind: 'offhook',
    pid,
    exchange,
    memory,
    port: Number(port),
    size,
    ground,
    agents: company.agents,
  });
  return {
    ...contestantAt(server, size),
    async sample() {
      await roundOf(server, { ...size, windowMs: 1000 / size.eventsPerSecond });
      return (await server.crowd.ask({ ask: 'counted' })).sample;
    },
  };
}

async function openPeer(
  kind: 'ws' | 'socket.io',
  company: Company,
  { size, template }: { size: FanOutSize; template: string },
  ground: Ground,
) {
  const exchange = await openBenchExchange(company, { asksSnapshot: false });
  ground.atEnd(() => exchange.close());
  const peer = startChild<PeerQuestion, number>(PEER, [kind, String(exchange.port)]);
  ground.atEnd(peer.kill);
  await exchange.isWatched;
  const port = await peer.ask({ ask: 'port' });
  const { pid, memory } = peer;
  const paths = company.agents.map((_, n) => {
    const lines = watchedBy(n, size).map((line) => company.lines[line]?.lineKey);
    return kind === 'ws'
      ? `/?lines=${lines.join(',')}`
      : `/socket.io/?EIO=4&transport=websocket&lines=${lines.join(',')}`;
  });
  const server = await populate({ kind, pid, exchange, memory, port, size, ground, paths });
  await peer.ask({ ask: 'template', frame: template });
  return contestantAt(server, size);
}

function contestantAt(server: Server, size: FanOutSize) {
  const { events, perSecond } = size.warmUp;
  return {
    pid: server.pid,
    crowd: server.crowd.pid,
    run: () => roundOf(server, size),
    warmUp: () => roundOf(server, { ...size, eventsPerSecond: perSecond, windowMs: (events * 1_000) / perSecond }),
  };
}

async function populate(options: {
  kind: Kind;
  pid: number;
  exchange: BenchExchange;
  memory: () => Promise<Memory>;
  port: number;
  size: FanOutSize;
  ground: Ground;
  agents?: Company['agents'];
  paths?: readonly string[];
}): Promise<Server> {
  const { kind, pid, exchange, memory, port, size, ground, agents = [], paths = [] } = options;
  const crowd = startChild<CrowdQuestion, never>(CLIENTS);
  ground.atEnd(crowd.kill);
  const before = await memory();
  const { tookMs }: Connected = await crowd.ask({
    ask: 'connect',
    kind,
    host: '127.0.0.1',
    port,
    agents,
    paths,
    atOnce: AT_ONCE,
  });
  const after = await memory();
  const kilobytes = (after.rss - before.rss) / size.agents / 1024;
  const heap = (after.heap - before.heap) / size.agents / 1024;
  ground.say(
    `${kind}: ${size.agents} clients in ${tookMs.toFixed(0)} ms, ${kilobytes.toFixed(1)} kB each (heap ${heap.toFixed(1)})`,
  );
  return { kind, pid, exchange, crowd, kilobytes, told: 0, states: company(size.agents) };
}

function company(agents: number): ('connected' | 'held')[] {
  return Array.from({ length: agents }, () => 'connected');
}

/** Tells of events for a while and waits until all of it was delivered. */
async function roundOf(server: Server, size: FanOutSize): Promise<Sample> {
  const { crowd, exchange, pid, states } = server;
  await crowd.ask({ ask: 'reset' });
  const count = Math.max(1, Math.round((size.windowMs * size.eventsPerSecond) / 1000));
  const cpuBefore = cpuMsOf(pid);
  const expected = new Array<number>(size.agents).fill(0);
  const sentAt: number[] = [];
  await inPace(count, 1000 / size.eventsPerSecond, () => {
    // A stride that meets every line before it meets one again.
    const line = (server.told * 7) % size.agents;
    server.told += 1;
    const state = states[line] === 'held' ? 'connected' : 'held';
    states[line] = state;
    for (const agent of watchersOf(line, size)) expected[agent] = (expected[agent] ?? 0) + 1;
    sentAt.push(sharedNow());
    exchange.report({ type: 'leg', leg: legOf(line, state) });
  });
  const counted = await delivered(server, count * size.watchers);
  const cpuMs = cpuMsOf(pid) - cpuBefore;
  const missing = expected.filter((frames, agent) => frames !== counted.frames[agent]).length;
  if (missing > 0) throw new Error(`${server.kind}: ${missing} clients did not get exactly what they should`);
  return {
    'fanout-cpu': (cpuMs * 1000) / (count * size.watchers),
    'fanout-p99': percentile(latencies(counted, sentAt), 0.99),
    'fanout-memory': server.kilobytes,
  };
}

/** Agents that watch a line. */
function watchersOf(line: number, { agents, watchers }: CompanySize): number[] {
  return Array.from({ length: watchers }, (_, step) => (line - step + agents) % agents);
}

const LIMIT_MS = 10_000;
const LOOK_MS = 20;

async function delivered({ crowd, kind }: Server, frames: number): Promise<Counted> {
  for (let waited = 0; waited < LIMIT_MS; waited += LOOK_MS) {
    const counted = await crowd.ask({ ask: 'counted' });
    if (counted.broken > 0) throw new Error(`${kind}: ${counted.broken} connections broke`);
    if (counted.revs.length >= frames) return counted;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const { revs } = await crowd.ask({ ask: 'counted' });
  throw new Error(`${kind}: ${revs.length} of ${frames} frames were delivered`);
}

// Each event raises the revision by one, so that the last one's tells all others'.
function latencies({ revs, times }: Counted, sentAt: readonly number[]): number[] {
  const first = revs.reduce((most, rev) => Math.max(most, rev), 0) - sentAt.length + 1;
  return Array.from(revs, (rev, at) => (times[at] ?? 0) - (sentAt[rev - first] ?? 0));
}

function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Does it `count` times, one each `everyMs`; what is late is done at once. */
function inPace(count: number, everyMs: number, action: () => void): Promise<void> {
  const startedAt = sharedNow();
  let done = 0;
  return new Promise((resolve) => {
    const step = () => {
      while (done < count && sharedNow() - startedAt >= done * everyMs) {
        action();
        done += 1;
      }
      if (done < count) setTimeout(step, Math.max(0, startedAt + done * everyMs - sharedNow()));
      else resolve();
    };
    step();
  });
}
