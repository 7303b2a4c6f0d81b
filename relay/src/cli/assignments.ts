// `relay import tsecimp FILE` and `relay export tsecimp`: who has which lines, in the XML of Windows' tsecimp, as companies
// that assigned TAPI lines have it already. The file is read here; the running relay only hears what it says.
import { readFile, writeFile } from 'node:fs/promises';
import { defineCommand } from 'citty';
import type { ControlArgs, ControlItem } from '../control-commands.ts';
import { type DomainRule, domainUserOf, loginOf, readDomainRules } from '../tsecimp/domains.ts';
import { readTsecimp, type TsecimpUser } from '../tsecimp/read.ts';
import { writeTsecimp } from '../tsecimp/write.ts';
import { counted } from './count.ts';
import { askRelay, CliError, inWords, jsonArg, placeArgs, print } from './terminal.ts';

const tenant = { type: 'string', description: 'Whose users they are, with several tenants', valueHint: 'ID' } as const;
const domains = {
  type: 'string',
  description: 'Domains, further ones with a prefix for their users’ log-in names',
  valueHint: 'EXAMPLE,SALES=s-',
} as const;

const importTsecimp = defineCommand({
  meta: { name: 'tsecimp', description: 'Give users their own lines, from the XML of tsecimp' },
  args: {
    file: { type: 'positional', description: 'The XML file', required: true },
    check: { type: 'boolean', description: 'Only look for faults in the file', default: false },
    'dry-run': { type: 'boolean', description: 'Only tell what would change', default: false },
    domains,
    tenant,
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const users = await usersIn(args.file, args.domains);
    if (args.check)
      return print(
        args,
        { users: users.length, faults: 0 },
        () => `${args.file}: ${counted(users.length, 'user')}, no fault`,
      );
    const isDryRun = args['dry-run'];
    const items: ControlItem<'assignLines'>[] = [];
    const wish = { users, isDryRun, ...(args.tenant !== undefined && { tenant: args.tenant }) };
    await askRelay(args, 'assignLines', wish, (item) => {
      items.push(item);
      print(args, item, assignmentText);
    });
    if (!args.json) process.stdout.write(`${sumText(items, { isDryRun })}\n`);
  }),
});

const exportTsecimp = defineCommand({
  meta: { name: 'tsecimp', description: 'Write every user’s own lines as the XML of tsecimp' },
  args: {
    file: { type: 'positional', description: 'A new file; without it, standard output', required: false },
    domains: { ...domains, required: true },
    tenant,
    ...placeArgs,
  },
  run: inWords(async ({ args }) => {
    const rules = rulesIn(args.domains);
    const users: ControlItem<'ownLines'>[] = [];
    await askRelay(args, 'ownLines', args.tenant === undefined ? {} : { tenant: args.tenant }, (item) =>
      users.push(item),
    );
    const xml = writeTsecimp(users.map((user) => writtenUser(user, rules)));
    if (args.file === undefined) process.stdout.write(xml);
    else await writeNew(args.file, xml);
  }),
});

/** `relay import …`. */
export const importCommand = defineCommand({
  meta: { name: 'import', description: 'Take over users and their lines from a file' },
  subCommands: { tsecimp: importTsecimp },
});

/** `relay export …`. */
export const exportCommand = defineCommand({
  meta: { name: 'export', description: 'Write users and their lines into a file' },
  subCommands: { tsecimp: exportTsecimp },
});

async function usersIn(file: string, domainsText: string | undefined): Promise<ControlArgs<'assignLines'>['users']> {
  const { users, faults } = readTsecimp(await bytesOf(file));
  const rules = domainsText === undefined ? rulesFor(users) : rulesIn(domainsText);
  const named = users.map((user) => ({ user, login: loginOf(user, rules) }));
  const strange = named
    .filter(({ login }) => login === undefined)
    .map(({ user }) => ({ place: user.place, message: `${user.domain} is not among --domains` }));
  const all = [...faults, ...strange].sort((a, b) => a.place - b.place);
  if (all.length > 0) {
    throw new CliError(
      all.map(({ place, message }) => `${file}${place > 0 ? `:${place}` : ''}: ${message}`).join('\n'),
    );
  }
  return named.map(({ user, login = '' }) => {
    const { place, friendlyName, isReplacing, lines } = user;
    return { place, login, ...(friendlyName !== undefined && { name: friendlyName }), isReplacing, lines };
  });
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new CliError(`${file} cannot be read`, { cause });
  }
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new CliError(`${file} cannot be written, or is there already`, { cause });
  }
}

function rulesIn(text: string): DomainRule[] {
  const read = readDomainRules(text);
  if ('fault' in read) throw new CliError(read.fault);
  if (read.rules.length === 0) throw new CliError('--domains names no domain');
  return read.rules;
}

// One domain needs no rule; of several, nobody can know whether an anna of one is the anna of the other.
function rulesFor(users: readonly TsecimpUser[]): DomainRule[] {
  const found = [...new Set(users.map(({ domain }) => domain.toLowerCase()))];
  if (found.length <= 1) return found.map((domain) => ({ domain, prefix: '' }));
  const names = found.map((domain) => domain.toUpperCase());
  const hint = names.map((name, place) => (place === 0 ? name : `${name}=${name[0]?.toLowerCase()}-`)).join(',');
  throw new CliError(
    `the file has users of ${names.join(' and ')}: say how they are told apart, as in --domains ${hint}`,
  );
}

function writtenUser({ user, name, lines }: ControlItem<'ownLines'>, rules: readonly DomainRule[]) {
  const domainUser = domainUserOf(user, rules);
  if (domainUser === undefined) throw new CliError(`no domain of --domains fits the log-in name ${user}`);
  const named = lines.map(({ address, lineId, isOnly }) => (isOnly ? { address } : { permanentId: lineId }));
  return { domainUser, friendlyName: name, lines: named };
}

/** `= anna      Anna Sample   = 18  + 19  - 20`: first whether anything changes for the user at all. */
export function assignmentText({ user, name, isNew, nameBefore, lines }: ControlItem<'assignLines'>): string {
  const sign = isNew ? '+' : isChanged({ nameBefore, lines }) ? '~' : '=';
  const named = nameBefore === undefined ? name : `${nameBefore} → ${name}`;
  const changes = lines.map(({ change, line }) => `${change} ${line}`);
  return [`${sign} ${user.padEnd(12)}`, named.padEnd(24), ...changes].join('  ').trimEnd();
}

function isChanged({ nameBefore, lines }: Pick<ControlItem<'assignLines'>, 'nameBefore' | 'lines'>): boolean {
  return nameBefore !== undefined || lines.some(({ change }) => change !== '=');
}

function sumText(items: readonly ControlItem<'assignLines'>[], { isDryRun }: { isDryRun: boolean }): string {
  const added = items.filter(({ isNew }) => isNew).length;
  const changed = items.filter((item) => !item.isNew && isChanged(item)).length;
  const sum = `${counted(items.length, 'user')}: ${added} new, ${changed} changed, ${items.length - added - changed} as before`;
  return isDryRun ? `${sum}. Nothing was done: this was a dry run` : sum;
}
