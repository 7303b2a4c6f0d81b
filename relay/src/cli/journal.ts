// `relay journal`: the newest calls of all lines; what is kept of a number, as a table; and the end of what is kept of it.
import { defineCommand } from 'citty';
import type { ControlItem } from '../control-commands.ts';
import { counted } from './count.ts';
import { csvCell } from './csv-cell.ts';
import { entryText } from './line-text.ts';
import { askRelay, CliError, inWords, jsonArg, placeArgs, print } from './terminal.ts';

const limitArg = {
  limit: { type: 'string', description: 'How many', default: '20', valueHint: '20' },
} as const;
const tenantArg = {
  tenant: { type: 'string', description: 'Of this tenant only', valueHint: 'ID' },
} as const;

const listCommand = defineCommand({
  meta: { name: 'list', description: 'Show the newest calls, newest first' },
  args: { ...limitArg, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    const extensions = new Map<string, string>();
    const limit = limitOf(args.limit);
    if (!args.json) await askRelay(args, 'lines', {}, (line) => extensions.set(line.lineId, line.extension));
    await askRelay(args, 'journal', { limit }, (entry) =>
      print(args, entry, () => entryText(entry, extensions.get(entry.lineId))),
    );
  }),
});

const exportCommand = defineCommand({
  meta: { name: 'export', description: 'Write calls as CSV (or with --json, one object a line), newest first' },
  args: {
    number: { type: 'string', description: 'Only calls with this number', valueHint: '"+49 30 23125042"' },
    since: { type: 'string', description: 'From this day or moment on', valueHint: '2026-11-01' },
    until: { type: 'string', description: 'Before this day or moment', valueHint: '2026-12-01' },
    ...tenantArg,
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const { number, tenant } = args;
    const since = momentOf('since', args.since);
    const until = momentOf('until', args.until);
    const asked = {
      ...(tenant && { tenant }),
      ...(number && { number }),
      ...(since && { since }),
      ...(until && { until }),
    };
    if (!args.json) process.stdout.write(`${COLUMNS.map(([name]) => name).join(',')}\n`);
    await askRelay(args, 'exportJournal', asked, (entry) => print(args, entry, csvRow));
  }),
});

const eraseCommand = defineCommand({
  meta: { name: 'erase', description: 'Erase every call with a number, with its notes, for good' },
  args: {
    number: { type: 'positional', description: 'Number, in quotes', required: true },
    ...tenantArg,
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const { number, tenant } = args;
    await askRelay(args, 'eraseJournal', { number, ...(tenant && { tenant }) }, (item) =>
      print(args, item, erasedText),
    );
  }),
});

/** `relay journal …`, the list when nothing else is said. */
export const journalCommand = defineCommand({
  meta: { name: 'journal', description: 'Show, export or erase calls' },
  args: { ...limitArg, ...placeArgs, ...jsonArg },
  default: 'list',
  subCommands: { list: listCommand, export: exportCommand, erase: eraseCommand },
});

/** `relay audit`: who changed what. */
export const auditCommand = defineCommand({
  meta: { name: 'audit', description: 'Show the changes by the command line, newest first' },
  args: { ...limitArg, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'audit', { limit: limitOf(args.limit) }, (record) => print(args, record, auditText));
  }),
});

type Entry = ControlItem<'exportJournal'>;

const COLUMNS: readonly (readonly [string, (entry: Entry) => string | undefined])[] = [
  ['startedAt', ({ startedAt }) => startedAt],
  ['answeredAt', ({ answeredAt }) => answeredAt],
  ['endedAt', ({ endedAt }) => endedAt],
  ['direction', ({ direction }) => direction],
  ['outcome', ({ outcome }) => outcome],
  ['number', ({ remote }) => numberText(remote.number)],
  ['name', ({ remote }) => remote.name],
  ['dialled', ({ dialled }) => dialled && numberText(dialled)],
  ['group', ({ group }) => group],
  ['lineId', ({ lineId }) => lineId],
  ['estimated', ({ isEstimated }) => (isEstimated ? 'yes' : 'no')],
  ['note', ({ note }) => note],
  ['disposition', ({ disposition }) => disposition],
];

function csvRow(entry: Entry): string {
  return COLUMNS.map(([, read]) => csvCell(read(entry) ?? '')).join(',');
}

function numberText(number: Entry['remote']['number']): string {
  if ('number' in number) return number.number;
  if (number.kind === 'code') return number.code;
  return number.kind === 'raw' ? number.text : number.kind;
}

function erasedText({ tenant, erased, running }: ControlItem<'eraseJournal'>): string {
  const rest = running === 0 ? '' : `, ${running} still going on: ask again when they are over`;
  return `${tenant}: ${counted(erased, 'call')} erased${rest}`;
}

function auditText({ at, actor, action, args, outcome }: ControlItem<'audit'>): string {
  const said = Object.entries(args).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [at, actor, action, ...said, outcome === 'done' ? 'done' : `refused: ${outcome}`].join('  ');
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 10_000) return limit;
  throw new CliError(`--limit is ${text}, but should be a whole number from 1 to 10000`);
}

// A day begins at midnight on this machine.
function momentOf(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00`) : new Date(text);
  if (Number.isNaN(at.getTime())) throw new CliError(`--${name} is ${text}, but should be a day such as 2026-11-01`);
  return at.toISOString();
}
