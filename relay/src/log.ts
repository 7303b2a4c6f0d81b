// The program log. Telephone numbers are personal: no full one may ever get into it, whoever logs what in whatever form.
// So nothing relies on care at the call: every finished line is parsed, masked through and through, and written anew.
import { isIPv4 } from 'node:net';
import { type DestinationStream, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
import { LOG_LEVELS, type LogLevels } from './log-levels.ts';

export interface LogOptions {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Where lines go; one call of `write` is one line. */
  destination: { write(line: string): void };
  /** `json`: one object a line, for machines; `text`: for people at a terminal. */
  format?: 'json' | 'text';
  /** Levels that may change while the log is in use; they go before `level`. */
  levels?: LogLevels;
}

/** A pino logger whose lines carry masked numbers only. */
export function createLog({ level, destination, format = 'json', levels }: LogOptions): Logger {
  const masked: DestinationStream = {
    write(line) {
      const entry: unknown = maskDeep(JSON.parse(line));
      destination.write(format === 'json' ? `${JSON.stringify(entry)}\n` : textOf(entry));
    },
  };
  // No pid and host name: they say nothing here, and a pid looks like a number.
  return pino(
    {
      level: levels ? 'debug' : level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      ...(levels && partly(levels)),
    },
    masked,
  );
}

// What is not let through costs no more than the question: nothing is put into words for it.
function partly(levels: LogLevels): Pick<LoggerOptions, 'hooks' | 'onChild'> {
  const parts = new WeakMap<object, string>();
  return {
    onChild(child) {
      const part: unknown = child.bindings()['part'];
      if (typeof part === 'string') parts.set(child, part);
    },
    hooks: {
      logMethod(args, method, levelValue) {
        const name = levelValue >= FATAL ? 'fatal' : (NAMES.get(levelValue) ?? 'debug');
        if (levels.lets(parts.get(this), name)) method.apply(this, args);
      },
    },
  };
}

const FATAL = 60;
const NAMES = new Map(LOG_LEVELS.map((name) => [pino.levels.values[name], name]));

/** `'+493023125042'` → `'+49…042'`; short numbers show less. */
export function maskNumber(number: string): string {
  const compact = number.replace(/[^+0-9*#]/g, '');
  const digits = compact.replace(/\D/g, '').length;
  if (digits < 6) return compact;
  if (digits < 9) return `…${compact.slice(-2)}`;
  return `${compact.slice(0, 3)}…${compact.slice(-3)}`;
}

// What may stand in one written number: digits of any script with up to three signs between two of them, so that
// `+49 (0) 30 / 231 25-042` is one. Six digits make a number.
const NUMBER = /\+?(?:\p{Nd}[\s\p{Pd}\p{Zs}()./,;:_~'’+*#-]{0,3}){5,}\p{Nd}/gu;
// Points in time may stay: they are read often, and the T in the middle is in no number.
const TIME = /(?<!\d)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?=Z)/g;

/** A text with everything that looks like a telephone number masked; ISO times and IPv4 addresses stay. */
export function maskText(text: string): string {
  let masked = '';
  let end = 0;
  for (const { 0: time, index } of text.matchAll(TIME)) {
    if (Number.isNaN(Date.parse(`${time}Z`))) continue;
    masked += maskNumbers(text.slice(end, index)) + time;
    end = index + time.length;
  }
  return masked + maskNumbers(text.slice(end));
}

function maskNumbers(text: string): string {
  return text.replace(NUMBER, (found) => {
    // Only one that stands alone is an address: a piece of a number with dots in it may look like one.
    if (isIPv4(found.replace(/:\d{1,5}$/, ''))) return found;
    return maskNumber(found.normalize('NFKC').replace(/\p{Nd}/gu, asciiDigit));
  });
}

// Outside of what NFKC has made ASCII already, the digits of a script stand in one run from its 0 to its 9.
function asciiDigit(digit: string): string {
  if (/[0-9]/.test(digit)) return digit;
  let value = 0;
  const code = digit.codePointAt(0) ?? 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}

// Whole numbers of nine digits and more: a telephone number that somebody turned into a number. Durations, sizes and
// points in time say what they are by their names.
const LARGE = 100_000_000;
const MEASURE = /(?:Ms|At|Bytes)$/;

function maskDeep(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'number' && Math.abs(value) >= LARGE && !MEASURE.test(key)) return maskNumber(String(value));
  if (Array.isArray(value)) return value.map((item) => maskDeep(item, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [maskText(name), maskDeep(inner, name)]));
}

const CONTROL = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;

// `10:01:02 info  device paired  user=anna`; a caller's name must not steer the terminal.
function textOf(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return `${String(entry)}\n`;
  const { time, level, msg, err, ...rest } = Object.fromEntries(Object.entries(entry));
  const fields = Object.entries(rest).map(([key, value]) => {
    return `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  const error = typeof err === 'object' && err !== null ? Reflect.get(err, 'stack') : err;
  const parts = [String(time).slice(11, 19), String(level).padEnd(5), String(msg ?? ''), ...fields];
  const line = parts.join('  ').replace(CONTROL, ' ');
  const stack = error === undefined ? '' : `\n  ${String(error).split('\n').join('\n  ')}`;
  return `${line}${stack}\n`;
}
