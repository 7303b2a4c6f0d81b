// `relay start`: runs the relay in the foreground until it is told to end. Service managers, containers and `npm start`
// all use it; results go to standard output, the log to standard error or its file.
import { defineCommand } from 'citty';
import { systemClock } from '../clock.ts';
import { createLog, logFile } from '../log.ts';
import { configAt, inWords, jsonArg, placeArgs, print } from './terminal.ts';

/** Runs the relay until SIGINT or SIGTERM. */
export const startCommand = defineCommand({
  meta: { name: 'start', description: 'Run the relay' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    const config = configAt(args);
    const log = createLog({
      level: config.log.level,
      destination: config.log.file === undefined ? process.stderr : logFile(config.log.file),
      format: process.stderr.isTTY && config.log.file === undefined ? 'text' : 'json',
    });
    // Loaded here, so that the other commands do not wait for the whole relay.
    const { startRelay } = await import('../relay.ts');
    const relay = await startRelay(config, { log, clock: systemClock });
    print(args, { event: 'listening', url: relay.url }, ({ url }) => `relay listening on ${url}`);
    await toldToEnd();
    await relay.close();
  }),
});

// The second Ctrl-C finds no listener any more and ends the process the hard way.
function toldToEnd(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
}
