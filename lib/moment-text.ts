// When something was, in the habits of the agent's region: the time of today, else the day with it. Display only.

/** `'14:02'` for a moment of today, `'Fri 14:02'` within the last days, else with the date. */
export function momentText(at: number, { now, locale }: { now: number; locale: string }): string {
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  if (new Date(at).toDateString() === new Date(now).toDateString()) return format(at, locale, time);
  const isRecent = Math.abs(now - at) < 6 * 86_400_000;
  return format(at, locale, isRecent ? { weekday: 'short', ...time } : { dateStyle: 'medium', timeStyle: 'short' });
}

function format(at: number, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, options).format(at);
}
