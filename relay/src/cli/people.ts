// `relay users …` and `relay grants …`: who there is, and who may see and do what on which line. The seed of the
// configuration counts for an empty database only; this is how things change afterwards.
import { RIGHTS } from '@offhook/protocol';
import { defineCommand } from 'citty';
import type { ControlItem } from '../control-commands.ts';
import { counted } from './count.ts';
import { askRelay, CliError, inWords, jsonArg, placeArgs, print } from './terminal.ts';

const user = {
  type: 'positional',
  description: 'Log-in name, TENANT/USER with several tenants',
  required: true,
} as const;
const principal = { ...user, description: 'Log-in name, or @GROUP; TENANT/… with several tenants' } as const;
const line = {
  type: 'positional',
  description: 'Extension, PBX/EXTENSION, "*" for every line, or source:ID for contacts',
  required: true,
} as const;

const usersListCommand = defineCommand({
  meta: { name: 'list', description: 'Show every user' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'users', {}, (item) => print(args, item, userText));
  }),
});

const usersAddCommand = defineCommand({
  meta: { name: 'add', description: 'Add a user' },
  args: {
    user,
    name: { type: 'positional', description: 'As colleagues read it, "Anna Sample"', required: true },
    line: { type: 'string', description: 'The user’s own lines, with every right', valueHint: 'EXT,…' },
    watch: { type: 'string', description: 'Lines whose state the user sees', valueHint: '"*"|EXT,…' },
    pickup: { type: 'string', description: 'Lines whose ringing calls the user may take', valueHint: '"*"|EXT,…' },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const lines = { own: wordsIn(args.line), watch: wordsIn(args.watch), pickup: wordsIn(args.pickup) };
    const wish = { user: args.user, displayName: args.name, ...lines };
    await askRelay(args, 'addUser', wish, (item) => print(args, item, userText));
  }),
});

const usersRemoveCommand = defineCommand({
  meta: { name: 'remove', description: 'Remove a user: sessions end at once, browsers never sign in again' },
  args: { user, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'removeUser', { user: args.user }, (item) =>
      print(args, item, (removed) => `${userText(removed)}  removed, with ${counted(removed.devices, 'device')}`),
    );
  }),
});

const usersUnlinkCommand = defineCommand({
  meta: { name: 'unlink', description: 'Forget which company account a user has: the next one of that name counts' },
  args: { user, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'unlinkUser', { user: args.user }, (item) => print(args, item, userText));
  }),
});

/** `relay users …`, the list when nothing else is said. */
export const usersCommand = defineCommand({
  meta: { name: 'users', description: 'Show, add, unlink or remove users' },
  args: { ...placeArgs, ...jsonArg },
  default: 'list',
  subCommands: { list: usersListCommand, add: usersAddCommand, unlink: usersUnlinkCommand, remove: usersRemoveCommand },
});

const grantsListCommand = defineCommand({
  meta: { name: 'list', description: 'Show who may do what on which line' },
  args: { user: { ...principal, required: false }, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    const only = args.user === undefined ? {} : { user: args.user };
    await askRelay(args, 'grants', only, (item) => print(args, item, grantText));
  }),
});

const grantsSetCommand = defineCommand({
  meta: { name: 'set', description: 'Say what a user may do on a line, instead of what was said before' },
  args: {
    user: principal,
    line,
    rights: { type: 'positional', description: `"own", or some of ${RIGHTS.join(',')}`, required: true },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const wish = { user: args.user, line: args.line, ...rightsIn(args.rights) };
    await askRelay(args, 'setGrant', wish, (item) => print(args, item, grantText));
  }),
});

const grantsRemoveCommand = defineCommand({
  meta: { name: 'remove', description: 'Take away what a user was granted on a line' },
  args: { user: principal, line, ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    const { user: name, line: on } = args;
    await askRelay(args, 'removeGrant', { user: name, line: on }, (item) => print(args, item, removedText));
  }),
});

/** `relay grants …`, the list when nothing else is said. */
export const grantsCommand = defineCommand({
  meta: { name: 'grants', description: 'Show or change who may do what on which line' },
  args: { ...placeArgs, ...jsonArg },
  default: 'list',
  subCommands: { list: grantsListCommand, set: grantsSetCommand, remove: grantsRemoveCommand },
});

function wordsIn(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function rightsIn(text: string) {
  const words = wordsIn(text);
  if (words.length === 1 && words[0] === 'own') return { rights: [], isOwn: true };
  const rights = RIGHTS.filter((right) => words.includes(right));
  const unknown = words.find((word) => !rights.some((right) => right === word));
  if (unknown === undefined && rights.length > 0) return { rights, isOwn: false };
  throw new CliError(`${unknown ?? 'nothing'} is no right: "own", or some of ${RIGHTS.join(',')}`);
}

function userText({ user: name, name: displayName }: ControlItem<'users'>): string {
  return `${name.padEnd(8)}  ${displayName}`;
}

function grantText({ user: name, line: on, rights, isOwn }: ControlItem<'grants'>): string {
  return `${name.padEnd(8)}  ${on.padEnd(4)}  ${isOwn ? 'own' : rights.join(',')}`;
}

function removedText(item: ControlItem<'removeGrant'>): string {
  return `${grantText(item)}  removed`;
}
