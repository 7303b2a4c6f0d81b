// `relay call LINE NUMBER`: an order from the terminal, through the same guard and the same records as any other.
import { defineCommand } from 'citty';
import { errorWords } from './error-words.ts';
import { askRelay, inWords, jsonArg, placeArgs, print } from './terminal.ts';

/** Starts a call on a line; exit code 1 unless the phone system carried it out. */
export const callCommand = defineCommand({
  meta: { name: 'call', description: 'Let a line call a number' },
  args: {
    line: { type: 'positional', description: 'Extension', required: true },
    number: { type: 'positional', description: 'Number, as somebody at that line would write it', required: true },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'call', { line: args.line, number: args.number }, (item) => {
      const { state, code, params, dialled } = item;
      process.exitCode = state === 'failed' || state === 'unknown' ? 1 : 0;
      const why = code === undefined ? '' : `: ${errorWords(code, params)}`;
      print(args, item, () => `line ${args.line}${dialled === undefined ? '' : ` dials ${dialled}`}: ${state}${why}`);
    });
  }),
});
