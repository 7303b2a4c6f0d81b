// Whether this browser keeps quiet about calls: because the agent said so for a while, or presents something. A quiet browser
// shows calls in its views and at its icon alone; another device of the agent may announce them.
import type { Settings } from './settings.ts';

/** The browser's windows as far as they are looked at. */
export interface WindowStates {
  getAll(): Promise<readonly { state?: string | undefined }[]>;
}

/** For how long a press keeps quiet. */
export const QUIET_MS = 60 * 60_000;

// `now` is this browser’s clock.
function isQuietUntil({ quietUntil }: Pick<Settings, 'quietUntil'>, now: number): boolean {
  // A clock that was set back must not keep it quiet for days.
  return quietUntil !== undefined && now < quietUntil && quietUntil - now <= QUIET_MS;
}

/** Whether calls are not announced now. Windows that cannot be looked at are taken for usual ones. */
export async function isQuiet(
  settings: Pick<Settings, 'quietUntil' | 'quietInFullScreen'>,
  { now, windows }: { now: number; windows: WindowStates },
): Promise<boolean> {
  if (isQuietUntil(settings, now)) return true;
  if (!settings.quietInFullScreen) return false;
  const all = await windows.getAll().catch(() => []);
  return all.some(({ state }) => state === 'fullscreen');
}
