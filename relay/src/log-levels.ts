// How much each part of the relay logs, while it runs. The configuration says the usual level; somebody who looks for a
// fault raises one part for a while, and what was raised falls back by itself: nobody has to remember to turn it down.
import type { Clock } from './clock.ts';

/** What can be raised on its own, each the `part` of its lines. */
export const LOG_PARTS = ['pbx', 'server', 'journal', 'contacts', 'commands'] as const;
export type LogPart = (typeof LOG_PARTS)[number];

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A part whose level is not the usual one, and until when (milliseconds since 1970). */
export interface RaisedLevel {
  part: LogPart;
  level: LogLevel;
  endsAt: number;
}

export interface LogLevels {
  /** Whether a line of this part is written; lines without a part follow the usual level. */
  lets(part: string | undefined, level: LogLevel | 'fatal'): boolean;
  /** Sets the usual level. What was raised stays raised. */
  setUsual(level: LogLevel): void;
  usual(): LogLevel;
  /** Sets parts for a while, in place of what was set for them before. */
  raise(parts: readonly LogPart[], level: LogLevel, forMs: number): void;
  raised(): RaisedLevel[];
}

/** Levels that start at `level` for every part. */
export function createLogLevels({ level, clock }: { level: LogLevel; clock: Clock }): LogLevels {
  let usual = level;
  const raised = new Map<string, RaisedLevel & { cancel(): void }>();
  return {
    lets(part, wanted) {
      if (wanted === 'fatal') return true;
      const least = (part === undefined ? undefined : raised.get(part)?.level) ?? usual;
      return LOG_LEVELS.indexOf(wanted) >= LOG_LEVELS.indexOf(least);
    },
    setUsual(next) {
      usual = next;
    },
    usual: () => usual,
    raise(parts, next, forMs) {
      for (const part of parts) {
        raised.get(part)?.cancel();
        const cancel = clock.after(forMs, () => raised.delete(part));
        raised.set(part, { part, level: next, endsAt: clock.now() + forMs, cancel });
      }
    },
    raised: () => [...raised.values()].map(({ part, level: now, endsAt }) => ({ part, level: now, endsAt })),
  };
}
