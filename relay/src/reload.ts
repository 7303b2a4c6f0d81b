// What of a changed configuration a running relay takes over, and what waits for its next start. All or nothing: where the
// new file has a fault, everything stays as it was, and whoever asked is told why. Calls are never touched.
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { pathText } from './config-error.ts';

/** Keys of the configuration by what became of their change, `'guard.perHour'`. */
export interface ReloadReport {
  applied: string[];
  needsRestart: string[];
}

/** The configuration in force; whoever reads it at each use follows a reload by itself. */
export interface LiveConfig {
  config: Config;
}

/** Reads, compares and takes over. Throws what `load` or `prepare` threw, with nothing changed. One after another. */
export function createReloader(parts: {
  live: LiveConfig;
  load(): Config;
  /** Does what may fail (reading a certificate), and answers what puts it in force and cannot. */
  prepare(next: Config): () => void;
  log: Logger;
}): () => ReloadReport {
  const { live, load, prepare, log } = parts;
  return () => {
    try {
      const read = load();
      const report = reportOf(live.config, read);
      const next = takenOver(live.config, read);
      const apply = prepare(next);
      live.config = next;
      apply();
      log.info({ ...report }, 'the configuration was read anew');
      return report;
    } catch (error) {
      log.error({ err: error }, 'the configuration was not taken over, the one before stays in force');
      throw error;
    }
  };
}

/** Every key that differs. `seed` is left out: it fills an empty database and is never looked at again. */
export function reportOf(before: Config, after: Config): ReloadReport {
  const changed = differences(before, after).filter(([top]) => top !== 'seed' && top !== 'file');
  const isLive = (keys: PropertyKey[]) => LIVE_KEYS.some((key) => pathText(keys).startsWith(key)) || isTlsKey(keys);
  const isTlsKey = ([top, ...inside]: PropertyKey[]) => top === 'tls' && inside.length > 0;
  return {
    applied: changed.filter(isLive).map(pathText),
    needsRestart: changed.filter((keys) => !isLive(keys)).map(pathText),
  };
}

const LIVE_KEYS = [
  'contacts',
  'entryForms',
  'extensionOrigins',
  'guard.perHour',
  'guard.burstPerMinute',
  'log.level',
  'publicOrigins',
];

function takenOver(before: Config, after: Config): Config {
  const { contacts, entryForms, extensionOrigins, guard, publicOrigins, tls } = after;
  const { publicOrigins: _old, ...rest } = before;
  return {
    ...rest,
    contacts,
    entryForms,
    extensionOrigins,
    guard: { ...before.guard, perHour: guard.perHour, burstPerMinute: guard.burstPerMinute },
    ...(publicOrigins && { publicOrigins }),
    ...(before.tls && tls && { tls }),
    log: { ...before.log, level: after.log.level },
  };
}

// A list that got longer or shorter is named as a whole, as is what is there on one side only.
function differences(before: unknown, after: unknown, keys: PropertyKey[] = []): PropertyKey[][] {
  if (isDeepStrictEqual(before, after)) return [];
  const isList = Array.isArray(before) && Array.isArray(after) && before.length === after.length;
  const isBlock = isPlain(before) && isPlain(after);
  if (!isList && !isBlock) return [keys];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) =>
    differences(Reflect.get(before, name), Reflect.get(after, name), [...keys, isList ? Number(name) : name]),
  );
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
