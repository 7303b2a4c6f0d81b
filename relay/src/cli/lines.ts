// `relay status`, `relay lines` and `relay watch LINE`: the present as the relay sees it.

import type { Line } from '@offhook/protocol';
import { defineCommand } from 'citty';
import { lineText } from './line-text.ts';
import { askRelay, inWords, jsonArg, placeArgs, print } from './terminal.ts';

/** How the relay stands. */
export const statusCommand = defineCommand({
  meta: { name: 'status', description: 'Show how the running relay stands' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'status', {}, (item) => {
      print(args, item, ({ version, url, lines, extensions, pbx }) =>
        [
          `relay ${version} on ${url}`,
          `${lines} lines, ${extensions} extensions connected`,
          ...pbx.map((one) => `phone system ${one}`),
        ].join('\n'),
      );
    });
  }),
});

/** Every line with its calls: provider, permanent id, address, name, state. */
export const linesCommand = defineCommand({
  meta: { name: 'lines', description: 'Show every line with its state and calls' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'lines', {}, (line) => print(args, line, placedLineText));
  }),
});

/** One line, live. */
export const watchCommand = defineCommand({
  meta: { name: 'watch', description: 'Show a line again after each change, until Ctrl-C' },
  args: { line: { type: 'positional', description: 'Extension', required: true }, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'watch', { line: args.line }, (line) => print(args, line, lineText));
  }),
});

// Provider and permanent id before the address, as TAPI's tools show them: what an import names a line by.
function placedLineText(line: Line): string {
  return `${(line.dialPlan ?? '-').padEnd(10)}  ${line.lineId}  ${lineText(line)}`;
}
