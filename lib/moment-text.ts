// When something was, in the habits of the agent's region: the time of today, else the day with it. Display only.

/** Writes a moment in the habits of a region. */
export type FormatMoment = (at: number, locale: string, options: Intl.DateTimeFormatOptions) => string;

/** A format that keeps its formatters: to make one takes a hundred times as long as to use it, and lists use many. */
export function createFormatMoment(): FormatMoment {
  const formatters = new Map<string, Intl.DateTimeFormat>();
  return (at, locale, options) => {
    const key = `${locale} ${JSON.stringify(options)}`;
    const formatter = formatters.get(key) ?? new Intl.DateTimeFormat(locale, options);
    formatters.set(key, formatter);
    return formatter.format(at);
  };
}

interface Habits {
  now: number;
  locale: string;
  format?: FormatMoment;
}

/** `'14:02'` for a moment of today, `'Fri 14:02'` within the last days, else with the date. */
export function momentText(at: number, { now, locale, format = formatOnce }: Habits): string {
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  if (new Date(at).toDateString() === new Date(now).toDateString()) return format(at, locale, time);
  const isRecent = Math.abs(now - at) < 6 * 86_400_000;
  return format(at, locale, isRecent ? { weekday: 'short', ...time } : { dateStyle: 'medium', timeStyle: 'short' });
}

/** `'14:02'`, whatever the day. */
export function clockText(at: number, locale: string, format: FormatMoment = formatOnce): string {
  return format(at, locale, { hour: '2-digit', minute: '2-digit' });
}

/** `'Today'`, `'Yesterday'`, `'Tuesday'` within the last days, else the date; the beginning of a line, so in capitals. */
export function dayText(at: number, { now, locale, format = formatOnce }: Habits): string {
  const days = Math.round((startOfDay(at) - startOfDay(now)) / 86_400_000);
  if (days === 0 || days === -1) {
    const word = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
    return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
  }
  if (days < 0 && days > -6) return format(at, locale, { weekday: 'long' });
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(at, locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    ...(!isThisYear && { year: 'numeric' }),
  });
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function formatOnce(at: number, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, options).format(at);
}
