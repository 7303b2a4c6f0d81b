// NFON's driver over a made-up NFON, with a clock that the test moves and everything that it emits and logs.
import { pino } from 'pino';
import * as v from 'valibot';
import { openNfonDriver } from '../../../../relay/src/pbx/nfon/driver.ts';
import { NfonOptionsSchema } from '../../../../relay/src/pbx/nfon/options.ts';
import { createFakeClock, type FakeClock } from '../../../fakes/clock.ts';
import { createNfonExchange, type NfonExchange } from '../../../fakes/nfon-exchange.ts';
import { type NfonServer, type NfonServerOptions, startNfonServer } from '../../../fakes/nfon-server.ts';
import { type WatchedDriver, watchDriver } from '../watched-driver.ts';

export interface NfonRig extends WatchedDriver {
  server: NfonServer;
  exchange: NfonExchange;
  clock: FakeClock;
  logLines: string[];
  /** Lets time pass in small steps, with the network in between, until something is true. */
  pass(limitMs: number, isThere?: () => boolean): Promise<void>;
  /** Resolves when something on the network is true. */
  untilTrue(isTrue: () => boolean): Promise<void>;
  /** The requests of a kind, `'POST /login'`. */
  asked(what: string): NfonServer['requests'];
  close(): Promise<void>;
}

export interface NfonRigOptions extends NfonServerOptions {
  options?: object;
  readSecret?: () => string;
  /** Before the driver is opened. */
  prepare?: (server: NfonServer) => void;
}

/** Starts both; resolves when the driver is in touch, or with `isUp: false` at once. */
export async function aRig({ isUp = true, ...given }: NfonRigOptions & { isUp?: boolean } = {}): Promise<NfonRig> {
  const server = await startNfonServer(given);
  given.prepare?.(server);
  const exchange = createNfonExchange(server);
  const clock = createFakeClock();
  const options = v.parse(NfonOptionsSchema, {
    account: server.account,
    password: 'secret:nfon',
    baseUrl: server.baseUrl,
    ...given.options,
  });
  const readSecret = given.readSecret ?? (() => given.password ?? 'sample-password');
  const logLines: string[] = [];
  const watched = watchDriver((context) => {
    const log = pino({ level: 'trace' }, { write: (line: string) => void logLines.push(line) });
    return openNfonDriver(options, { ...context, log, version: '1.2.3' }, readSecret);
  }, clock);
  if (isUp) await watched.untilStatus('connected');
  return {
    ...watched,
    server,
    exchange,
    clock,
    logLines,
    async pass(limitMs, isThere = () => false) {
      for (let passed = 0; passed < limitMs && !isThere(); passed += 100) {
        clock.advance(100);
        await turn();
      }
    },
    untilTrue: async (isTrue) => {
      while (!isTrue()) await turn();
    },
    asked: (what) => server.requests.filter(({ method, path }) => `${method} ${path.replace('/v1', '')}` === what),
    async close() {
      await watched.driver.close();
      await server.close();
    },
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
