// The lines of one K-account: names and numbers from the list of extensions, states from the stream. Two lists of NFON's,
// joined under the extension. A state that nobody knows is no news.
import type { PbxRestriction } from '@offhook/protocol';
import type { LineReport } from '../driver.ts';
import type { NfonOptions } from './options.ts';
import type { ExtensionData, StateEvent } from './wire.ts';

export interface LineBook {
  /** The extensions there are now, in place of those before. */
  setExtensions(extensions: readonly ExtensionData[]): void;
  /** Answers the line's report if there is such a line and something changed. */
  setState(state: StateEvent): LineReport | undefined;
  isExtension(number: string): boolean;
  /** Whether the line was last told to be idle. */
  isIdle(extension: string): boolean;
  reports(): LineReport[];
}

// What agents shall know of every NFON line; declaration.ts says why.
const RESTRICTIONS: readonly PbxRestriction[] = [
  'group-calls-not-reported',
  'forwarded-calls-not-reported',
  'conferences-not-reported',
  'one-device-per-line',
  'drop-own-calls-only',
  'running-calls-not-reported',
];

/** An empty book. States that come before their extension wait for it. */
export function createLineBook({ otherPhones }: Pick<NfonOptions, 'otherPhones'>): LineBook {
  const names = new Map<string, string>();
  const states = new Map<string, { line: string | undefined; presence: string | undefined }>();

  function reportOf(extension: string, name: string): LineReport {
    const { line, presence } = states.get(extension) ?? {};
    const own = otherPhones.filter((phone) => phone.extension === extension);
    return {
      lineKey: extension,
      extension,
      name,
      // Not by presence: it says offline, too, for people with several devices.
      isRegistered: line === undefined || line === 'unknown' ? undefined : line !== 'offline',
      lamp: LAMPS.get(line ?? ''),
      dnd: presence === undefined || presence === 'null' ? null : presence === 'dnd',
      forward: null,
      ...(own.length > 0 && { devices: own.map(({ id, name: title }) => ({ deviceId: id, name: title })) }),
      restrictions: RESTRICTIONS,
      capabilities: line === 'offline' && own.length === 0 ? [] : ['makeCall'],
    };
  }

  return {
    setExtensions(extensions) {
      names.clear();
      for (const { extension_number: extension, name } of extensions) names.set(extension, name);
    },
    setState({ extension, line, presence }) {
      const before = states.get(extension);
      const next = {
        line: known(LINES, line) ?? before?.line,
        presence: known(PRESENCES, presence) ?? before?.presence,
      };
      if (before && before.line === next.line && before.presence === next.presence) return undefined;
      if (!before && states.size >= MOST_STATES) return undefined;
      states.set(extension, next);
      const name = names.get(extension);
      return name === undefined ? undefined : reportOf(extension, name);
    },
    isExtension: (number) => names.has(number),
    isIdle: (extension) => states.get(extension)?.line === 'idle',
    reports: () => [...names].map(([extension, name]) => reportOf(extension, name)),
  };
}

const MOST_STATES = 50_000;
// `busy` is in no document, but sent.
const LINES = ['unknown', 'offline', 'idle', 'ringing', 'in-use', 'busy'] as const;
const PRESENCES = ['offline', 'available', 'away', 'busy', 'dnd', 'null'] as const;
const LAMPS = new Map<string, 'idle' | 'ringing' | 'busy'>([
  ['idle', 'idle'],
  ['ringing', 'ringing'],
  ['in-use', 'busy'],
  ['busy', 'busy'],
]);

function known<const Word extends string>(words: readonly Word[], text: string | undefined): Word | undefined {
  return words.find((word) => word === text);
}
