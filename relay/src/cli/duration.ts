// Durations as people type them: `30s`, `10m`, `2h`.
import { CliError } from './terminal.ts';

const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** `'10m'` → 600000. Throws CliError that names the option for what is no duration, or above `mostMs`. */
export function durationOf(option: string, text: string, mostMs: number): number {
  const [, count = '', unit = ''] = /^([1-9][0-9]{0,4})([smh])$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? 0);
  if (ms > 0 && ms <= mostMs) return ms;
  throw new CliError(
    `${option} is ${text}, but should be a time such as 30s, 10m or 1h, at most ${mostMs / 3_600_000}h`,
  );
}
