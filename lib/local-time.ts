// A moment as the wall clock here shows it, for other programs: forms and files. What people read is in moment-text.ts.

/** The moment in the time zone of this browser, `'2026-11-22T11:01:05'`, as `datetime-local` fields take it. */
export function localTime(at: number): string {
  const offsetMs = new Date(at).getTimezoneOffset() * 60_000;
  return utcTime(at - offsetMs).slice(0, -1);
}

/** The moment in UTC without its fraction, `'2026-11-22T10:01:05Z'`. */
export function utcTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
