// `relay contacts …`: how the contact sources stand, reading one now, what is wrong with the numbers in one, and who finds its
// contacts. A check needs no running relay: it reads the source itself, and keeps nothing.

import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { defineCommand } from 'citty';
import { secretReaderOf } from '../config-outside.ts';
import { openContactSource } from '../contacts/index.ts';
import type { FieldMapping, JudgedNumber, RowFault } from '../contacts/source.ts';
import type { ControlItem } from '../control-commands.ts';
import { counted } from './count.ts';
import { csvCell } from './csv-cell.ts';
import { localTime } from './line-text.ts';
import { askRelay, CliError, configAt, inWords, jsonArg, type Place, placeArgs, print } from './terminal.ts';

const tenant = { type: 'string', description: 'Whose contacts, with several tenants', valueHint: 'ID' } as const;
const source = { type: 'positional', description: 'Id of the source, as in relay.yaml', required: true } as const;

const listCommand = defineCommand({
  meta: { name: 'list', description: 'Show every source: its contacts, its last import, and who finds them' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => askRelay(args, 'sources', {}, (item) => print(args, item, sourceText))),
});

const restrictCommand = defineCommand({
  meta: { name: 'restrict', description: 'Show a source’s contacts only to who is granted source:ID' },
  args: { source, tenant, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => restrict(args, { isRestricted: true })),
});

const openCommand = defineCommand({
  meta: { name: 'open', description: 'Show a source’s contacts to everybody of the tenant' },
  args: { source, tenant, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => restrict(args, { isRestricted: false })),
});

const syncCommand = defineCommand({
  meta: { name: 'sync', description: 'Read a source now' },
  args: {
    source,
    'dry-run': { type: 'boolean', description: 'Only tell what would change', default: false },
    whole: { type: 'boolean', description: 'Read all, also where only changes would be asked for', default: false },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const isDryRun = args['dry-run'];
    await askRelay(args, 'syncSource', { source: args.source, isDryRun, isWhole: args.whole }, (item) => {
      if (args.json) return print(args, item, () => '');
      if (item.progress) return showProgress(item.progress);
      if (item.report) process.stdout.write(`${reportText(item.report, { isDryRun })}\n`);
    });
  }),
});

const checkCommand = defineCommand({
  meta: {
    name: 'check',
    description: 'Say which numbers of a source can be used, which are doubtful, and which are not',
  },
  args: {
    source,
    csv: { type: 'string', description: 'A file for the records to mend', valueHint: 'FILE' },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const file = args.csv === undefined ? undefined : createWriteStream(args.csv, { mode: 0o600 });
    const sum = await checked(args, { file, onNumber: (judged) => args.json && print(args, judged, () => '') });
    if (file) await ended(file);
    print(args, sum, () => sumText(sum, args));
  }),
});

/** `relay contacts …`, the list when nothing else is said. */
export const contactsCommand = defineCommand({
  meta: { name: 'contacts', description: 'Show, check or read contact sources, and who finds their contacts' },
  args: { ...placeArgs, ...jsonArg },
  default: 'list',
  subCommands: {
    list: listCommand,
    check: checkCommand,
    sync: syncCommand,
    restrict: restrictCommand,
    open: openCommand,
  },
});

async function restrict(
  args: Place & { source: string; tenant?: string | undefined; json: boolean },
  { isRestricted }: { isRestricted: boolean },
): Promise<void> {
  const wish = { source: args.source, isRestricted, ...(args.tenant !== undefined && { tenant: args.tenant }) };
  await askRelay(args, 'restrictSource', wish, (item) => print(args, item, sourceText));
}

interface Sum {
  source: string;
  contacts: number;
  good: number;
  doubtful: number;
  failed: number;
  mapping: readonly FieldMapping[];
  faultCount: number;
  faults: RowFault[];
}

const COLUMNS = ['line', 'place', 'id', 'name', 'field', 'text', 'verdict', 'reason', 'number', 'proposal'] as const;
const MOST_FAULTS = 20;

/** Reads a source; whatever is to be mended goes into the file, and to `onNumber`. */
async function checked(
  args: Place & { source: string },
  { file, onNumber }: { file: WriteStream | undefined; onNumber(judged: JudgedNumber): unknown },
): Promise<Sum> {
  const config = configAt(args);
  const entry = config.contacts.find(({ id }) => id === args.source);
  if (!entry) {
    const known = config.contacts.map(({ id }) => id).join(', ');
    throw new CliError(`there is no contact source ${args.source} in ${config.file}${known && `: there are ${known}`}`);
  }
  const sum: Sum = {
    source: entry.id,
    contacts: 0,
    good: 0,
    doubtful: 0,
    failed: 0,
    mapping: [],
    faultCount: 0,
    faults: [],
  };
  file?.write(`${COLUMNS.join(',')}\n`);
  const reading = openContactSource(entry, secretReaderOf(config, process.env)).read({
    onMapping: (mapping) => {
      sum.mapping = mapping;
    },
    onFault(fault) {
      sum.faultCount += 1;
      if (sum.faults.length < MOST_FAULTS) sum.faults.push(fault);
    },
    onNumber(judged) {
      sum[judged.verdict] += 1;
      if (judged.verdict === 'good') return;
      onNumber(judged);
      file?.write(`${COLUMNS.map((name) => csvCell(String(judged[name] ?? ''))).join(',')}\n`);
    },
    onProgress: showProgress,
  });
  for await (const _contact of reading) {
    sum.contacts += 1;
    if (file?.writableNeedDrain) await once(file, 'drain');
  }
  return sum;
}

async function ended(file: WriteStream): Promise<void> {
  file.end();
  await once(file, 'finish');
}

// For people at a terminal; what is piped somewhere stays clean.
function showProgress({ records, total }: { records: number; total?: number | undefined }): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r${records}${total === undefined ? '' : ` of ${total}`} records read `);
}

function sumText(sum: Sum, { csv }: { csv?: string | undefined }): string {
  const columns = sum.mapping.map(({ title, field, label }) => {
    const what = label === undefined || field !== 'number' ? field : `${field} (${label})`;
    return `  ${title.padEnd(28)} ${field === 'ignored' ? '-' : what}`;
  });
  const faults = sum.faults.map(({ line, place, reason }) => `  ${place ?? `line ${line}`}: ${reason}`);
  const more = sum.faultCount - sum.faults.length;
  const all = sum.good + sum.doubtful + sum.failed;
  return [
    ...(columns.length > 0 ? ['What is taken for what:', ...columns] : []),
    ...(faults.length > 0
      ? ['Left out, whole or in part:', ...faults, ...(more > 0 ? [`  … and ${more} more`] : [])]
      : []),
    `${counted(sum.contacts, 'contact')} with a number; of ${all} numbers ${sum.good} are good, ${sum.doubtful} doubtful, ${sum.failed} unusable`,
    ...(sum.doubtful + sum.failed === 0
      ? []
      : [csv === undefined ? 'With --csv FILE, what to mend is written down' : `What to mend is in ${csv}`]),
  ].join('\n');
}

type Report = NonNullable<ControlItem<'syncSource'>['report']>;

function reportText(report: Report, { isDryRun }: { isDryRun: boolean }): string {
  const { contacts, numbers, added, changed, removed, faults, faultCount, durationMs } = report;
  const words = isDryRun ? 'would be' : contacts === 1 ? 'is' : 'are';
  const oddities = faults
    .slice(0, MOST_FAULTS)
    .map(({ line, place, reason }) => `  ${place ?? `line ${line}`}: ${reason}`);
  return [
    ...oddities,
    ...(faultCount > oddities.length ? [`  … and ${faultCount - oddities.length} more`] : []),
    `${counted(contacts, 'contact')} with ${counted(numbers, 'number')} ${words} there: ${added} new, ${changed} changed, ${removed} gone, ` +
      `${counted(faultCount, 'fault')}, ${(durationMs / 1000).toFixed(1)} s`,
  ].join('\n');
}

function sourceText(item: ControlItem<'sources'>): string {
  const {
    tenant: tenantId,
    source: name,
    isRestricted,
    kind,
    contacts,
    numbers,
    importedAt,
    nextAt,
    running,
    problem,
  } = item;
  const who = isRestricted ? `only with a grant on source:${name}` : 'for everybody';
  if (kind === undefined) return `${tenantId}/${name}  ${who}`;
  const parts = [
    `${tenantId}/${name}`,
    kind,
    `${counted(contacts ?? 0, 'contact')}, ${counted(numbers ?? 0, 'number')}`,
    importedAt === undefined ? 'never imported' : `imported ${localTime(importedAt)}`,
    ...(running ? [`reading, ${running.records}${running.total === undefined ? '' : ` of ${running.total}`}`] : []),
    ...(nextAt === undefined ? [] : [`next ${localTime(nextAt)}`]),
    who,
    ...(problem === undefined ? [] : [`\n  the last import failed: ${problem}`]),
  ];
  return parts.join('  ');
}
