// All agents of a company come back in the same moment: their connections were cut, and calls went on meanwhile. From the
// first attempt until each has proved itself, has gone on from where it stood and knows every line as it is now. Beside it
// as many clients that open a bare WebSocket and are told nothing.
import { type Child, startChild } from '../crowd/child.ts';
import type { Connected, Counted, CrowdQuestion } from '../crowd/clients.ts';
import { foundCompany, legOf, startRelayFor, watchedBy } from '../crowd/company.ts';
import { type BenchExchange, openBenchExchange } from '../crowd/exchange.ts';
import type { PeerQuestion } from '../crowd/peer.ts';
import type { RowFamily } from '../row.ts';

const ID = 'resume-5000';
const CLIENTS = new URL('../crowd/clients.ts', import.meta.url).pathname;
const PEER = new URL('../crowd/peer.ts', import.meta.url).pathname;
const WATCHERS = 20;
// Of so many lines one changes while everybody is away.
const CHANGED_ONE_OF = 10;

const LOOK_MS = 20;

type Crowd = Child<CrowdQuestion, Connected & Counted>;

/** 5,000 agents. */
export const resume = resumeFamily({ agents: 5_000, rounds: 5 });

/** The family, at any size. */
export function resumeFamily({ agents, rounds }: { agents: number; rounds: number }): RowFamily {
  return {
    rows: [
      {
        id: ID,
        unit: 'ms',
        ours: `${agents} agents resume at once: until the last one has all that it missed`,
        reference: `${agents} connections to bare ws, until the last one is open`,
      },
    ],
    rounds,
    warmUpRounds: 0,
    async open({ say, atEnd }) {
      const company = await foundCompany({ agents, watchers: WATCHERS }, atEnd);
      const exchange = await openBenchExchange(company, { asksSnapshot: true });
      atEnd(() => exchange.close());
      const relay = await startRelayFor(company, { pbxPort: exchange.port }, atEnd);
      await exchange.isWatched;
      const silent = await openBenchExchange(company, { asksSnapshot: false });
      atEnd(() => silent.close());
      const ws = startChild<PeerQuestion, number>(PEER, ['ws', String(silent.port)]);
      atEnd(ws.kill);
      const [ours, bare, witness] = [crowd(atEnd), crowd(atEnd), crowd(atEnd)];
      const here = { ask: 'connect', host: '127.0.0.1', agents: [], paths: [] } as const;
      const port = Number(new URL(relay.origin.replace(/^ws/, 'http')).port);
      const comeBack = { ...here, kind: 'offhook', port, agents: company.agents } as const;
      const paths = company.agents.map(() => '/');
      const connect = { ...here, kind: 'ws', port: await ws.ask({ ask: 'port' }), paths, atOnce: agents } as const;
      const first = await ours.ask({ ...comeBack, atOnce: 100 });
      say(`${agents} agents signed in within ${first.tookMs.toFixed(0)} ms, 100 at once`);
      // Who came before the relay had heard of all lines has a place before that.
      await ours.ask({ ask: 'drop' });
      await ours.ask({ ...comeBack, atOnce: agents });
      await witness.ask({ ...comeBack, agents: company.agents.slice(0, 1), atOnce: 1 });
      let turn = 0;
      return {
        async ours() {
          turn += 1;
          await ours.ask({ ask: 'drop' });
          await witness.ask({ ask: 'reset' });
          const missed = changeLines(exchange, { agents, turn });
          await told(witness, watchedBy(0, { agents, watchers: WATCHERS }).filter((line) => missed.has(line)).length);
          const { tookMs, refused, pictures } = await ours.ask({ ...comeBack, atOnce: agents });
          say(`all back after ${tookMs.toFixed(0)} ms, ${refused} attempts were put off`);
          requireAll(pictures, { missed, agents });
          return { [ID]: tookMs };
        },
        async reference() {
          await bare.ask({ ask: 'drop' });
          return { [ID]: (await bare.ask(connect)).tookMs };
        },
      };
    },
  };
}

function crowd(atEnd: (clear: () => unknown) => void): Crowd {
  const child = startChild<CrowdQuestion, Connected & Counted>(CLIENTS);
  atEnd(child.kill);
  return child;
}

/** Which lines are others than before; the last one is among those that agent 0 sees. */
function changeLines(exchange: BenchExchange, { agents, turn }: { agents: number; turn: number }): Set<number> {
  const changed = new Set<number>();
  for (let line = agents - CHANGED_ONE_OF; line >= 0; line -= CHANGED_ONE_OF) {
    exchange.report({ type: 'leg', leg: legOf(line, turn % 2 === 0 ? 'connected' : 'held') });
    changed.add(line);
  }
  return changed;
}

/** Until the one who stayed was told of so many changes: the relay has taken in all of them. */
async function told(witness: Crowd, frames: number): Promise<void> {
  for (;;) {
    const { revs } = await witness.ask({ ask: 'counted' });
    if (revs.length >= frames) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

// Nothing may be missing: everybody resumed, and got exactly those of the changed lines that are his to see.
function requireAll(
  pictures: Connected['pictures'],
  { missed, agents }: { missed: ReadonlySet<number>; agents: number },
): void {
  const short = pictures.filter(({ lines }, agent) => {
    return lines !== watchedBy(agent, { agents, watchers: WATCHERS }).filter((line) => missed.has(line)).length;
  });
  if (short.length > 0) throw new Error(`${short.length} agents did not get exactly what they had missed`);
}
