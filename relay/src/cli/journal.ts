// `relay journal`: the newest calls of all lines.
import { defineCommand } from 'citty';
import { entryText } from './line-text.ts';
import { askRelay, CliError, inWords, jsonArg, placeArgs, print } from './terminal.ts';

/** The newest journal entries, newest first. */
export const journalCommand = defineCommand({
  meta: { name: 'journal', description: 'Show the newest calls, newest first' },
  args: {
    limit: { type: 'string', description: 'How many', default: '20', valueHint: '20' },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const limit = Number(args.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
      throw new CliError(`--limit is ${args.limit}, but should be a whole number from 1 to 10000`);
    }
    const extensions = new Map<string, string>();
    if (!args.json) await askRelay(args, 'lines', {}, (line) => extensions.set(line.lineId, line.extension));
    await askRelay(args, 'journal', { limit }, (entry) =>
      print(args, entry, () => entryText(entry, extensions.get(entry.lineId))),
    );
  }),
});
