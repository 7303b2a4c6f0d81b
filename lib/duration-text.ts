// How long a call runs, in figures that line up. Display only.

/** `'04:12'`, from an hour on `'1:04:12'`. Never negative: a clock that jumped back shows 00:00. */
export function durationText(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const clock = `${pad(minutes % 60)}:${pad(seconds % 60)}`;
  return minutes < 60 ? clock : `${Math.floor(minutes / 60)}:${clock}`;
}
