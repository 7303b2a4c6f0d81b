// `relay groups …` and `relay tenants …`: what several users share, and whole companies.
import { open } from 'node:fs/promises';
import { defineCommand } from 'citty';
import type { ControlItem } from '../control-commands.ts';
import { counted } from './count.ts';
import { localTime } from './line-text.ts';
import { askRelay, CliError, inWords, jsonArg, type Place, placeArgs, print } from './terminal.ts';

const group = { type: 'positional', description: '@NAME, TENANT/@NAME with several tenants', required: true } as const;
const user = { type: 'positional', description: 'Log-in name', required: true } as const;
const id = { type: 'positional', description: 'Id of the tenant', required: true } as const;

const groupsList = defineCommand({
  meta: { name: 'list', description: 'Show every group and its members' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => askRelay(args, 'groups', {}, (item) => print(args, item, groupText))),
});

const groupsAdd = defineCommand({
  meta: { name: 'add', description: 'Add a group; "relay grants set @NAME …" says what its members may' },
  args: { group, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) =>
    askRelay(args, 'addGroup', { group: args.group }, (item) => print(args, item, groupText)),
  ),
});

const groupsRemove = defineCommand({
  meta: { name: 'remove', description: 'Remove a group with all that it was granted' },
  args: { group, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) =>
    askRelay(args, 'removeGroup', { group: args.group }, (item) => print(args, item, removedGroupText)),
  ),
});

const groupsJoin = defineCommand({
  meta: { name: 'join', description: 'Put a user into a group' },
  args: { group, user, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) =>
    askRelay(args, 'joinGroup', { group: args.group, user: args.user }, (item) => print(args, item, groupText)),
  ),
});

const groupsLeave = defineCommand({
  meta: { name: 'leave', description: 'Take a user out of a group' },
  args: { group, user, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) =>
    askRelay(args, 'leaveGroup', { group: args.group, user: args.user }, (item) => print(args, item, groupText)),
  ),
});

/** `relay groups …`, the list when nothing else is said. */
export const groupsCommand = defineCommand({
  meta: { name: 'groups', description: 'Show or change groups of users' },
  args: { ...placeArgs, ...jsonArg },
  default: 'list',
  subCommands: { list: groupsList, add: groupsAdd, remove: groupsRemove, join: groupsJoin, leave: groupsLeave },
});

const tenantsList = defineCommand({
  meta: { name: 'list', description: 'Show every tenant' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => askRelay(args, 'tenants', {}, (item) => print(args, item, tenantText))),
});

const tenantsAdd = defineCommand({
  meta: { name: 'add', description: 'Add a tenant' },
  args: {
    id,
    name: { type: 'positional', description: 'As its people read it, "Sample Ltd"', required: true },
    country: { type: 'positional', description: 'Its home country, "DE"', required: true },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const wish = { tenantId: args.id, name: args.name, country: args.country };
    await askRelay(args, 'addTenant', wish, (item) => print(args, item, tenantText));
  }),
});

const tenantsSuspend = defineCommand({
  meta: { name: 'suspend', description: 'End a tenant’s sessions and let nobody of it sign in' },
  args: { id, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) =>
    askRelay(args, 'suspendTenant', { tenant: args.id, isSuspended: true }, (item) => print(args, item, tenantText)),
  ),
});

const tenantsResume = defineCommand({
  meta: { name: 'resume', description: 'Let a suspended tenant in again' },
  args: { id, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) =>
    askRelay(args, 'suspendTenant', { tenant: args.id, isSuspended: false }, (item) => print(args, item, tenantText)),
  ),
});

const tenantsRemove = defineCommand({
  meta: { name: 'remove', description: 'Remove a tenant with all that is kept of it, after writing that into a file' },
  args: {
    id,
    export: {
      type: 'string',
      description: 'A new file for what is removed, JSON lines',
      valueHint: 'FILE',
      required: true,
    },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const rows = await exported(args, args.id, args.export);
    await askRelay(args, 'removeTenant', { tenant: args.id }, (item) =>
      print(args, item, (tenant) => `${tenantText(tenant)}  removed, ${counted(rows, 'row')} in ${args.export}`),
    );
  }),
});

/** `relay tenants …`, the list when nothing else is said. */
export const tenantsCommand = defineCommand({
  meta: { name: 'tenants', description: 'Show or change tenants' },
  args: { ...placeArgs, ...jsonArg },
  default: 'list',
  subCommands: {
    list: tenantsList,
    add: tenantsAdd,
    suspend: tenantsSuspend,
    resume: tenantsResume,
    remove: tenantsRemove,
  },
});

// On the disk before anything is removed; a file that is there is not written over.
async function exported(place: Place, tenantId: string, path: string): Promise<number> {
  const lines: string[] = [];
  await askRelay(place, 'exportTenant', { tenant: tenantId }, ({ line }) => lines.push(line));
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${lines.join('\n')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new CliError(`${path} cannot be written, or is there already: nothing was removed`, { cause });
  }
  return lines.length;
}

function groupText({ group: name, users }: ControlItem<'groups'>): string {
  return `${name.padEnd(12)}  ${users.length === 0 ? 'nobody' : users.join(', ')}`;
}

function removedGroupText(item: ControlItem<'removeGroup'>): string {
  return `${groupText(item)}  removed`;
}

function tenantText({ tenant: tenantId, name, country, users, lines, suspendedAt }: ControlItem<'tenants'>): string {
  const standing = suspendedAt === undefined ? [] : [`suspended ${localTime(suspendedAt)}`];
  return [tenantId.padEnd(12), name, country, counted(users, 'user'), counted(lines, 'line'), ...standing].join('  ');
}
