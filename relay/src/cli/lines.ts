// `relay status`, `relay lines …` and `relay watch LINE`: the present as the relay sees it, and its lines beside those of
// the phone systems.

import type { Line } from '@offhook/protocol';
import { defineCommand } from 'citty';
import type { ControlItem } from '../control-commands.ts';
import { counted } from './count.ts';
import { lineText } from './line-text.ts';
import { STORE_PROBLEMS } from './store-words.ts';
import { askRelay, CliError, inWords, jsonArg, placeArgs, print } from './terminal.ts';

/** How the relay stands. */
export const statusCommand = defineCommand({
  meta: { name: 'status', description: 'Show how the running relay stands' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'status', {}, (item) => {
      print(args, item, ({ version, url, lines, extensions, pbx, storeProblem }) =>
        [
          `relay ${version} on ${url}`,
          `${counted(lines, 'line')}, ${counted(extensions, 'extension')} connected`,
          ...pbx.map((one) => `phone system ${one}`),
          ...(storeProblem ? [`calls may be neither dialled nor kept: ${STORE_PROBLEMS[storeProblem]}`] : []),
        ].join('\n'),
      );
    });
  }),
});

const linesListCommand = defineCommand({
  meta: { name: 'list', description: 'Show every line with its state and calls' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'lines', {}, (line) => print(args, line, placedLineText));
  }),
});

const linesNamesCommand = defineCommand({
  meta: { name: 'names', description: 'Show how lines are called, or would be by another pattern' },
  args: {
    pattern: { type: 'string', description: 'Instead of pbx[].lines.name', valueHint: '"{extension} {name}"' },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const question = args.pattern === undefined ? {} : { pattern: args.pattern };
    let equal = 0;
    await askRelay(args, 'lineNames', question, (item) => {
      if (item.equals.length > 0) equal += 1;
      print(args, item, ({ pbx, extension, name, equals }) => {
        const warning = equals.length > 0 ? `  the same as ${equals.join(', ')}` : '';
        return `${pbx.padEnd(10)}  ${extension.padEnd(6)}  ${name}${warning}`;
      });
    });
    if (equal > 0 && !args.json) process.stdout.write(`warning: ${equal} lines do not have a name of their own\n`);
  }),
});

const linesDiffCommand = defineCommand({
  meta: { name: 'diff', description: 'Show where the phone systems have other lines than the relay' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    let count = 0;
    await askRelay(args, 'lineChanges', {}, (change) => {
      count += 1;
      print(args, change, changeText);
    });
    if (count === 0 && !args.json) process.stdout.write('nothing differs\n');
  }),
});

const linesAcceptCommand = defineCommand({
  meta: { name: 'accept', description: 'Take over what "relay lines diff" shows; grants on vanished lines end' },
  args: {
    lines: { type: 'positional', description: 'Extensions, with commas between them', required: false },
    all: { type: 'boolean', description: 'Everything that differs', default: false },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const lines = args.lines?.split(',').filter((word) => word !== '') ?? [];
    if (lines.length > 0 === args.all) throw new CliError('say which: "relay lines accept 18,19", or --all');
    await askRelay(args, 'acceptLines', args.all ? {} : { lines }, (change) => print(args, change, changeText));
  }),
});

/** `relay lines …`, the list when nothing else is said. */
export const linesCommand = defineCommand({
  meta: { name: 'lines', description: 'Show every line, how lines are called, and where the phone systems differ' },
  args: { ...placeArgs, ...jsonArg },
  default: 'list',
  subCommands: {
    list: linesListCommand,
    names: linesNamesCommand,
    diff: linesDiffCommand,
    accept: linesAcceptCommand,
  },
});

/** One line, live. */
export const watchCommand = defineCommand({
  meta: { name: 'watch', description: 'Show a line again after each change, until Ctrl-C' },
  args: { line: { type: 'positional', description: 'Extension', required: true }, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'watch', { line: args.line }, (line) => print(args, line, lineText));
  }),
});

const CHANGE_SIGNS = { new: '+', renamed: '~', vanished: '-' } as const;

// `+ main  18  Hugo Sample`, `~ main  18  Hugo Sample → 18 Hugo Muster`
function changeText({ pbx, change, extension, name, now, grants = 0 }: ControlItem<'lineChanges'>): string {
  const next = now ? ` → ${now.extension} ${now.name}` : '';
  const ends = grants === 0 ? '' : `; with it ${grants === 1 ? 'a grant' : `${grants} grants`} on it`;
  return `${CHANGE_SIGNS[change]} ${pbx.padEnd(10)}  ${extension.padEnd(6)}  ${name}${next}  (${change}${ends})`;
}

// Provider and permanent id before the address, as TAPI's tools show them: what an import names a line by.
function placedLineText(line: Line): string {
  return `${(line.dialPlan ?? '-').padEnd(10)}  ${line.lineId}  ${lineText(line)}`;
}
