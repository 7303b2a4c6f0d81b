// The lines that Asterisk has: the extensions whose hints name phones, and those of the settings. It knows phones, names,
// do-not-disturb and forwards, no calls; what it cannot learn stays unknown.
import type { CommandName, PbxRestriction } from '@offhook/protocol';
import type { LineReport } from '../driver.ts';
import { deviceOf } from './channel.ts';
import type { Features } from './features.ts';
import type { AsteriskOptions } from './options.ts';
import type { AmiMessage } from './wire.ts';

interface Line {
  extension: string;
  name: string | undefined;
  /** `'PJSIP/100'`, the one first that rings for orders. */
  devices: string[];
  features: Features | undefined;
  voicemail: number | undefined;
}

/** All lines. Answers of `take…` are the extensions of the lines that may look different now. */
export interface Lines {
  /** Takes a hint, from the list or when it changes. */
  takeHint(hint: AmiMessage): string[];
  takeDeviceState(state: AmiMessage): string[];
  takeFeatures(extension: string, features: Features | undefined): string[];
  takeVoicemail(extension: string, newMessages: number): string[];
  takeName(extension: string, name: string): void;
  /** Lines whose hints were not named since `startList` are no more. */
  startList(): void;
  endList(): void;
  /** Extensions in their order. */
  extensions(): string[];
  hasLine(extension: string): boolean;
  hasName(extension: string): boolean;
  devicesOf(extension: string): readonly string[];
  lineKeyOf(channelName: string): string | undefined;
  isDndOn(extension: string): boolean;
  report(extension: string): LineReport | undefined;
}

// Unlike `Custom:` and its like, a phone has a technology before a slash.
const PHONE = /^(?!local\/)[a-z0-9]+\/[a-z0-9_.@-]+$/i;
const NO_PHONE: ReadonlySet<string> = new Set(['UNAVAILABLE', 'INVALID']);

/** No lines yet but those of the settings. `capabilities` is what each of them can be told now. */
export function createLines(
  options: Pick<AsteriskOptions, 'hintContext' | 'lines' | 'remoteControl'>,
  { capabilities }: { capabilities: () => CommandName[] },
): Lines {
  const lines = new Map<string, Line>();
  const phones = createPhones((extension) => options.lines[extension]?.devices !== undefined);
  const states = new Map<string, string>();
  let named: Set<string> | undefined;

  for (const [extension, settings] of Object.entries(options.lines)) {
    addLine(extension, settings.devices ?? []);
  }

  function addLine(extension: string, devices: readonly string[]): Line {
    const line = { extension, name: options.lines[extension]?.name, devices: [...devices], features: undefined };
    const whole: Line = { ...line, voicemail: undefined };
    lines.set(extension, whole);
    phones.claim(whole);
    return whole;
  }

  function removeLine(line: Line): void {
    lines.delete(line.extension);
    phones.release(line);
  }

  return {
    takeHint(hint) {
      const extension = hint['Exten'] ?? '';
      if (!/^[0-9]{1,15}$/.test(extension)) return [];
      if (options.hintContext !== undefined && hint['Context'] !== options.hintContext) return [];
      const devices = phonesOf(hint['Hint']);
      const settings = options.lines[extension];
      if (devices.length === 0 && !settings) return [];
      named?.add(extension);
      const known = lines.get(extension);
      const wanted = settings?.devices ?? devices;
      if (known && known.devices.join('&') === wanted.join('&')) return [];
      if (known) removeLine(known);
      const line = addLine(extension, wanted);
      line.name ??= known?.name;
      line.features = known?.features;
      line.voicemail = known?.voicemail;
      return [extension];
    },
    takeDeviceState(state) {
      const device = state['Device'] ?? '';
      const told = state['State'] ?? 'UNKNOWN';
      if (states.get(device) === told) return [];
      states.set(device, told);
      return phones.linesWith(device);
    },
    takeFeatures(extension, features) {
      const line = lines.get(extension);
      if (line) line.features = features;
      return line ? [extension] : [];
    },
    takeVoicemail(extension, newMessages) {
      const line = lines.get(extension);
      if (!line || line.voicemail === newMessages) return [];
      line.voicemail = newMessages;
      return [extension];
    },
    takeName(extension, name) {
      const line = lines.get(extension);
      if (line) line.name ??= name;
    },
    startList() {
      named = new Set(Object.keys(options.lines));
    },
    endList() {
      for (const line of [...lines.values()]) if (named?.has(line.extension) === false) removeLine(line);
      named = undefined;
    },
    extensions: () => [...lines.keys()].sort(),
    hasLine: (extension) => lines.has(extension),
    hasName: (extension) => lines.get(extension)?.name !== undefined,
    devicesOf: (extension) => lines.get(extension)?.devices ?? [],
    lineKeyOf: (channelName) => phones.ownerOf(deviceOf(channelName)),
    isDndOn: (extension) => lines.get(extension)?.features?.dnd === true,
    report(extension) {
      const line = lines.get(extension);
      return line && reportOf(line, { states, capabilities: capabilities(), options });
    },
  };
}

interface Phones {
  claim(line: Line): void;
  release(line: Line): void;
  /** The line to which what happens at a phone belongs. */
  ownerOf(device: string): string | undefined;
  linesWith(device: string): string[];
}

// The hint of a group may name the phones of its members. So a phone belongs to the line of which the settings say so, else
// to the one that is called like it, else to the one with the fewest phones, in whatever order the hints come.
function createPhones(isSet: (extension: string) => boolean): Phones {
  const claims = new Map<string, Set<Line>>();
  const owners = new Map<string, string>();

  function settle(device: string): void {
    const peer = device.slice(device.indexOf('/') + 1);
    const rank = ({ extension, devices }: Line) => {
      if (isSet(extension)) return -1;
      return extension === peer ? 0 : devices.length;
    };
    const [owner] = [...(claims.get(device) ?? [])].sort(
      (a, b) => rank(a) - rank(b) || a.extension.localeCompare(b.extension),
    );
    if (owner) owners.set(device, owner.extension);
    else owners.delete(device);
  }

  return {
    claim(line) {
      for (const device of line.devices) {
        claims.set(device, (claims.get(device) ?? new Set()).add(line));
        settle(device);
      }
    },
    release(line) {
      for (const device of line.devices) {
        const claiming = claims.get(device);
        claiming?.delete(line);
        if (claiming?.size === 0) claims.delete(device);
        settle(device);
      }
    },
    ownerOf: (device) => owners.get(device),
    linesWith: (device) => [...(claims.get(device) ?? [])].map(({ extension }) => extension),
  };
}

/** The phones that a hint names. `PJSIP/100&PJSIP/100-soft&Custom:DND100,CustomPresence:100`: behind the comma is presence. */
export function phonesOf(hint: string | undefined): string[] {
  const [devices = ''] = (hint ?? '').split(',');
  return devices.split('&').filter((device) => PHONE.test(device));
}

function reportOf(
  { extension, name, devices, features, voicemail }: Line,
  {
    states,
    capabilities,
    options,
  }: {
    states: ReadonlyMap<string, string>;
    capabilities: CommandName[];
    options: Pick<AsteriskOptions, 'remoteControl'>;
  },
): LineReport {
  const [first] = devices;
  const restrictions = isRemoteControlled(options, extension) ? [] : AT_THE_PHONE;
  return {
    lineKey: extension,
    extension,
    name: name ?? '',
    isRegistered: isRegistered(devices.map((device) => states.get(device))),
    dnd: features?.dnd ?? null,
    forward: forwardOf(features),
    ...(first !== undefined && { device: first }),
    ...(devices.length > 1 && { devices: devices.map((device) => ({ deviceId: device, name: device })) }),
    ...(voicemail !== undefined && { voicemail }),
    ...(restrictions.length > 0 && { restrictions }),
    capabilities,
  };
}

const AT_THE_PHONE: readonly PbxRestriction[] = ['answer-at-the-phone', 'hold-at-the-phone'];

/** Whether a line's phones obey orders to lift and to hold. */
export function isRemoteControlled({ remoteControl }: Pick<AsteriskOptions, 'remoteControl'>, extension: string) {
  return Array.isArray(remoteControl) ? remoteControl.includes(extension) : remoteControl;
}

function isRegistered(states: readonly (string | undefined)[]): boolean | undefined {
  const told = states.filter((state) => state !== undefined && state !== 'UNKNOWN');
  if (told.length === 0) return undefined;
  return told.some((state) => state !== undefined && !NO_PHONE.has(state));
}

// The board has room for one: the one that takes every call, else the first of the others.
function forwardOf(features: Features | undefined): LineReport['forward'] {
  const { all, busy, noAnswer } = features?.forwards ?? {};
  if (all !== undefined) return { when: 'all', to: all };
  if (busy !== undefined) return { when: 'busy', to: busy };
  return noAnswer === undefined ? null : { when: 'noAnswer', to: noAnswer };
}
