// `relay trace …`: what goes over the wires of the running relay, kept for a while, for whoever looks for a fault. Secrets,
// numbers and names are out of it before it is kept, so that the file can be handed on.
import { closeSync, openSync, writeSync } from 'node:fs';
import { defineCommand } from 'citty';
import type { ControlItem } from '../control-commands.ts';
import { counted } from './count.ts';
import { durationOf } from './duration.ts';
import { askRelay, CliError, inWords, jsonArg, placeArgs, print } from './terminal.ts';

const MOST_MS = 4 * 3_600_000;

const startCommand = defineCommand({
  meta: { name: 'start', description: 'Begin a trace; what was traced before is forgotten' },
  args: {
    for: { type: 'string', description: 'Until it ends by itself', default: '10m', valueHint: '10m' },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const forMs = durationOf('--for', args.for, MOST_MS);
    await askRelay(args, 'traceStart', { forMs }, (state) => print(args, state, stateText));
  }),
});

const stopCommand = defineCommand({
  meta: { name: 'stop', description: 'End the trace; it can be bundled for an hour' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'traceStop', {}, (state) => print(args, state, stateText));
  }),
});

const bundleCommand = defineCommand({
  meta: { name: 'bundle', description: 'Write what was traced so far into a new file, one JSON object a line' },
  args: { file: { type: 'positional', description: 'File', required: true }, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    const lines: string[] = [];
    await askRelay(args, 'traceBundle', {}, ({ line }) => lines.push(line));
    writeNew(args.file, `${lines.join('\n')}\n`);
    const written = { file: args.file, frames: lines.length - 1 };
    print(
      args,
      written,
      ({ file, frames }) => `${file}: ${counted(frames, 'frame')}, without secrets, numbers and names`,
    );
  }),
});

/** `relay trace …` */
export const traceCommand = defineCommand({
  meta: { name: 'trace', description: 'What goes over the wires, to look for a fault' },
  subCommands: { start: startCommand, stop: stopCommand, bundle: bundleCommand },
});

function stateText({ isOn, endsAt, frames, bytes, lost }: ControlItem<'traceStart'>): string {
  const kept = `${counted(frames, 'frame')}, ${Math.ceil(bytes / 1024)} KiB${lost > 0 ? `, ${lost} not kept` : ''}`;
  if (endsAt === undefined) return 'no trace';
  return isOn ? `tracing until ${endsAt.slice(11, 19)} UTC` : `traced until ${endsAt.slice(11, 19)} UTC: ${kept}`;
}

// Nothing that is there is written over, and nobody else may read it.
function writeNew(path: string, text: string): void {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new CliError(isThere ? `there is a file ${path} already: name another one` : `${path} cannot be written`, {
      cause,
    });
  }
  writeSync(file, text);
  closeSync(file);
}
