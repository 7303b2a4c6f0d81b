// `relay config reload`: what SIGHUP does, with an answer, and on Windows, too.
import { defineCommand } from 'citty';
import type { ControlItem } from '../control-commands.ts';
import { askRelay, inWords, jsonArg, placeArgs, print } from './terminal.ts';

/** Lets the running relay read its configuration anew. Exit code 1 when it has a fault; then the one before stays. */
export const reloadCommand = defineCommand({
  meta: { name: 'reload', description: 'Let the running relay read its configuration, certificate and contacts anew' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'reload', {}, (report) => print(args, report, reportText));
  }),
});

function reportText({ applied, needsRestart }: ControlItem<'reload'>): string {
  const lines = [
    ...(applied.length > 0 ? [`in force: ${applied.join(', ')}`] : []),
    ...(needsRestart.length > 0 ? [`needs a restart: ${needsRestart.join(', ')}`] : []),
  ];
  return lines.length > 0 ? lines.join('\n') : 'nothing was changed; certificate and contacts are read anew';
}
