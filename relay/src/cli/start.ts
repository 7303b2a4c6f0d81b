// `relay start`: runs the relay in the foreground until it is told to end. Service managers, containers and `npm start`
// all use it; results go to standard output, the log to standard error or its file.
import { closeSync, openSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { defineCommand } from 'citty';
import type { Logger } from 'pino';
import { systemClock } from '../clock.ts';
import { createLog } from '../log.ts';
import { type LogFile, logFile } from '../log-file.ts';
import { createLogLevels } from '../log-levels.ts';
import type { Relay } from '../relay.ts';
import { configToRun, inWords, jsonArg, placeArgs, print } from './terminal.ts';

// Service managers wait for ten seconds and more before they kill.
const CLOSE_LIMIT_MS = 4_500;
// What the relay holds is nearly all there to stay, and grows slowly: V8 would look through all of it again whenever it
// grew by a tenth, which costs more than the deliveries between (docs/decisions/0008-a-heap-that-may-grow.md).
const HEAP_GROWTH = '--heap-growing-percent=50';

/** Runs the relay until SIGINT or SIGTERM. */
export const startCommand = defineCommand({
  meta: { name: 'start', description: 'Run the relay' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    setFlagsFromString(HEAP_GROWTH);
    const load = () => configToRun(args);
    const config = load();
    const levels = createLogLevels({ level: config.log.level, clock: systemClock });
    const file = config.log.file === undefined ? undefined : logFile(config.log.file);
    const log = createLog({
      level: config.log.level,
      levels,
      destination: file ?? process.stderr,
      format: process.stderr.isTTY && file === undefined ? 'text' : 'json',
    });
    endOnSurprise(log);
    // Loaded here, so that the other commands do not wait for the whole relay.
    const { startRelay } = await import('../relay.ts');
    const relay = await startRelay(config, { log, levels, load, env: process.env, clock: systemClock });
    reloadOnHangup(relay, file);
    print(args, { event: 'listening', url: relay.url }, ({ url }) => `relay listening on ${url}`);
    log.info({ signal: await toldToEnd() }, 'the relay ends');
    await inTime(relay.close(), log);
  }),
});

// An error that nobody caught may have left anything half done. What was acknowledged is in the database, and a restart
// settles the rest: so the relay ends at once, and says why. (A rejection that nobody handles arrives here, too.)
function endOnSurprise(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a fault that nobody expected: the relay ends, start it again and report this');
    process.exit(1);
  });
  // Whoever reads the log may go away: calls matter more.
  process.stderr.on('error', () => undefined);
}

// As daemons do: the log goes on in a new file, and the configuration is read anew. What became of it is in the log.
function reloadOnHangup(relay: Pick<Relay, 'reload'>, file: LogFile | undefined): void {
  const hadTerminal = hasTerminal();
  process.on('SIGHUP', () => {
    // Not asked for: the window in which it ran was closed.
    if (hadTerminal && !hasTerminal()) return void process.kill(process.pid, 'SIGTERM');
    file?.reopen();
    try {
      relay.reload();
    } catch {
      // Told in the log already.
    }
  });
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    // None, as for every service, or on Windows.
    return false;
  }
}

// After the first signal none is listened for any more: a second one ends the process the hard way.
function toldToEnd(): Promise<NodeJS.Signals> {
  return new Promise((done) => {
    const told = (signal: NodeJS.Signals) => {
      process.off('SIGINT', told);
      process.off('SIGTERM', told);
      done(signal);
    };
    process.on('SIGINT', told);
    process.on('SIGTERM', told);
  });
}

// The timer also keeps the process alive until everything is closed, whatever else still does.
async function inTime(closing: Promise<void>, log: Logger): Promise<void> {
  const limit = setTimeout(() => {
    log.fatal(`the relay was not closed within ${CLOSE_LIMIT_MS / 1000} s: it ends as it is`);
    process.exit(1);
  }, CLOSE_LIMIT_MS);
  await closing;
  // Until nothing runs any more, but without waiting for it.
  limit.unref();
}
