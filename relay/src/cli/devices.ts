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

const lineCommand = defineCommand({
  meta: { name: 'line', description: 'Make a device a shared workstation: whoever signs in there has this line' },
  args: {
    device: { type: 'positional', description: 'Id of the device, as the list shows it', required: true },
    line: { type: 'positional', description: 'Extension or PBX/EXTENSION; "none" ends it', required: true },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const wish = { device: args.device, line: args.line === 'none' ? null : args.line };
    await askRelay(args, 'setWorkstation', wish, (item) =>
      print(
        args,
        item,
        ({ device, name, line }) => `${device}  ${name}  ${line ? `line ${line}` : 'no line of its own'}`,
      ),
    );
  }),
});

/** `relay devices …`, the list when nothing else is said. */
export const devicesCommand = defineCommand({
  meta: { name: 'devices', description: 'Show paired browsers, revoke one, or give one a line' },
  args: { ...placeArgs, ...jsonArg },
  default: 'list',
  subCommands: { list: listCommand, revoke: revokeCommand, line: lineCommand },
});

/** `d-…  ada  Chromium on Linux  chromium  paired 2026-11-21 10:01:02  connected`; times are this machine's. */
export function deviceText(device: ControlItem<'devices'>): string {
  const { deviceId, user, name, browser, pairedAt, line } = device;
  const place = line === undefined ? [] : [`line ${line}`];
  return [deviceId, user.padEnd(8), name, browser, ...place, `paired ${localTime(pairedAt)}`, standing(device)].join(
    '  ',
  );
}

function standing({ revokedAt, lastSeenAt, sessions }: ControlItem<'devices'>): string {
  if (revokedAt !== undefined) return `revoked ${localTime(revokedAt)}`;
  if (sessions > 1) return `connected ${sessions} times at once: was this browser profile copied?`;
  if (sessions === 1) return 'connected';
  return lastSeenAt === undefined ? 'never seen' : `last seen ${localTime(lastSeenAt)}`;
}
