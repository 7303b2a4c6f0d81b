// `relay backup FILE` and `relay restore FILE`: the database out of the data folder while the relay runs, and back into it
// when it does not. This process does the copying, so that the relay's calls wait for nothing.
import { defineCommand } from 'citty';
import { prepareDataDir } from '../control.ts';
import { backUpDatabase, type RestoreReport, restoreDatabase } from '../store/backup.ts';
import { counted } from './count.ts';
import { dataDirOf, inWords, jsonArg, placeArgs, print } from './terminal.ts';

const fileArg = { file: { type: 'positional', description: 'File', required: true } } as const;

/** Writes a backup into a new file. */
export const backupCommand = defineCommand({
  meta: { name: 'backup', description: 'Write a copy of the database into a new file, also while the relay runs' },
  args: { ...fileArg, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    const report = await backUpDatabase(dataDirOf(args), args.file);
    print(args, report, ({ file, bytes, conversations }) => {
      return `${file}: ${counted(conversations, 'call')}, ${Math.ceil(bytes / 1024)} KiB, checked`;
    });
  }),
});

/** Puts a backup in the place of the database. */
export const restoreCommand = defineCommand({
  meta: { name: 'restore', description: 'Put a backup in the place of the database; the relay must not run' },
  args: { ...fileArg, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    const dataDir = dataDirOf(args);
    prepareDataDir(dataDir);
    print(args, restoreDatabase(dataDir, args.file, new Date()), (report) => restoredText(report));
  }),
});

function restoredText({ conversations, newestCallAt, keptAs, revoked }: RestoreReport): string {
  const newest = newestCallAt === undefined ? '' : `, the newest of ${newestCallAt.slice(0, 16).replace('T', ' ')} UTC`;
  return [
    `restored: ${counted(conversations, 'call')}${newest}`,
    ...(keptAs === undefined ? [] : [`the database from before is kept as ${keptAs}`]),
    ...(revoked === 0 ? [] : [`devices revoked since the backup stay revoked: ${revoked}`]),
    'users, grants and devices are as they were at the backup: look at "relay grants" and "relay devices"',
  ].join('\n');
}
