// `relay simulate`: the built-in phone system as a process of its own, with a person's hands on its phones.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { defineCommand } from 'citty';
import { systemClock } from '../clock.ts';
import { connectDesk } from '../pbx/simulator/desk-client.ts';
import { SAMPLE_GROUPS, sampleLines } from '../pbx/simulator/exchange.ts';
import { startSimulatorServer } from '../pbx/simulator/server.ts';
import { startTraffic } from '../pbx/simulator/traffic.ts';
import { createSecretReader } from '../secrets.ts';
import { playScript, runDeskWords } from './desk-words.ts';
import { CliError, inWords } from './terminal.ts';

/** The port of `relay.example.yaml`. */
export const SIMULATOR_PORT = 8732;

// A call that takes its course by itself, at a pace that can be watched.
const LIVELY = { ownPhoneLiftsMs: 1_500, farAnswersMs: 4_000, farTalksMs: 60_000 };

/** Runs a simulator until Ctrl-C; what is typed is done at its desk. */
export const simulateCommand = defineCommand({
  meta: { name: 'simulate', description: 'Run the built-in phone system, to try everything without a real one' },
  args: {
    port: { type: 'string', description: 'Port on 127.0.0.1 (0: any free one)', default: String(SIMULATOR_PORT) },
    lines: { type: 'string', description: 'How many lines, from extension 10 on', default: '12' },
    'outside-line': { type: 'string', description: 'What is dialled before an outside number', default: '' },
    'password-file': { type: 'string', description: 'A file with the password that the relay has to say' },
    traffic: {
      type: 'string',
      description: 'So many made-up calls a minute, with all that happens to calls',
      default: '0',
    },
    script: {
      type: 'string',
      description: 'A file of the words that can be typed, and "wait SECONDS"',
      valueHint: 'FILE',
    },
    live: { type: 'boolean', description: 'Phones lift and callees answer by themselves', default: false },
  },
  run: inWords(async ({ args }) => {
    const script = args.script === undefined ? '' : scriptIn(args.script);
    const perMinute = wholeNumber('--traffic', args.traffic, 6_000);
    const lineCount = wholeNumber('--lines', args.lines, 10_000);
    const server = await startSimulatorServer({
      port: wholeNumber('--port', args.port, 65_535),
      password: passwordIn(args['password-file']),
      exchange: {
        lines: sampleLines(lineCount),
        groups: lineCount >= 3 ? SAMPLE_GROUPS : [],
        outsideLine: args['outside-line'],
        ...(args.live && { timing: LIVELY }),
      },
    });
    const desk = await connectDesk({ port: server.port });
    const prompt = createInterface({ input: process.stdin });
    let queue = Promise.resolve();
    const ended = new Promise<void>((done) => {
      process.once('SIGINT', () => done());
      process.once('SIGTERM', () => done());
      prompt.on('line', (line) => {
        if (/^\s*(?:quit|exit)\s*$/.test(line)) return done();
        queue = queue.then(async () => tell(await wordsFor(line)));
      });
    });
    const wordsFor = (line: string) => runDeskWords(desk, line).catch((error: unknown) => String(error));
    const end = new AbortController();
    const { exchange } = server;
    const stopTraffic = startTraffic({ exchange, clock: systemClock, perMinute, random: Math.random });
    playScript(desk, script, { clock: systemClock, signal: end.signal, tell }).catch((error: unknown) => {
      tell(String(error));
    });
    if (process.stdin.isTTY) tell('"help" lists what you can type, Ctrl-C ends the simulator');
    await ended;
    end.abort();
    stopTraffic();
    prompt.close();
    desk.close();
    await server.close();
  }),
});

function passwordIn(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  return createSecretReader({ env: {}, folder: '.', dataDir: '.' })({ secretFrom: 'file', name: file });
}

function scriptIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(`--script: ${file} cannot be read`, { cause: error });
  }
}

function tell(words: string): void {
  if (words !== '') process.stdout.write(`${words}\n`);
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && value <= most) return value;
  throw new CliError(`${name} is ${text}, but should be a whole number from 0 to ${most}`);
}
