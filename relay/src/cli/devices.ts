// `relay devices` and `relay devices revoke ID`: which browsers may sign in, and the end of one that must not any more.
import { defineCommand } from 'citty';
import type { ControlItem } from '../control-commands.ts';
import { localTime } from './line-text.ts';
import { askRelay, inWords, jsonArg, placeArgs, print } from './terminal.ts';

const listCommand = defineCommand({
  meta: { name: 'list', description: 'Show every paired browser' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'devices', {}, (item) => print(args, item, deviceText));
  }),
});

const revokeCommand = defineCommand({
  meta: { name: 'revoke', description: 'End a browser’s sessions and never let it sign in again' },
  args: {
    device: { type: 'positional', description: 'Id of the device, as the list shows it', required: true },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'revoke', { device: args.device }, (item) => print(args, item, deviceText));
  }),
});

/** `relay devices …`, the list when nothing else is said. */
export const devicesCommand = defineCommand({
  meta: { name: 'devices', description: 'Show paired browsers, or revoke one' },
  args: { ...placeArgs, ...jsonArg },
  default: 'list',
  subCommands: { list: listCommand, revoke: revokeCommand },
});

/** `d-…  ada  Chromium on Linux  chromium  paired 2026-11-21 10:01:02  connected`; times are this machine's. */
export function deviceText(device: ControlItem<'devices'>): string {
  const { deviceId, user, name, browser, pairedAt } = device;
  return [deviceId, user.padEnd(8), name, browser, `paired ${localTime(pairedAt)}`, standing(device)].join('  ');
}

function standing({ revokedAt, lastSeenAt, sessions }: ControlItem<'devices'>): string {
  if (revokedAt !== undefined) return `revoked ${localTime(revokedAt)}`;
  if (sessions > 1) return `connected ${sessions} times at once: was this browser profile copied?`;
  if (sessions === 1) return 'connected';
  return lastSeenAt === undefined ? 'never seen' : `last seen ${localTime(lastSeenAt)}`;
}
