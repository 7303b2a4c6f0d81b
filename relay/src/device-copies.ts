// A device that is signed in twice: somebody has copied the browser profile, and with it the key. Its user is told on every
// copy, the administrator finds it in the log and in `relay devices`. A connection that was cut and is being made again is
// no copy: both must have stood longer than a dead one does.
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { SpeakingSession } from './speakers.ts';

export interface DeviceCopiesOptions {
  clock: Clock;
  log: Logger;
}

export interface DeviceCopies {
  joined(session: SpeakingSession): void;
  left(session: SpeakingSession): void;
  close(): void;
}

// Longer than the relay waits for a frame of a connection before it ends it.
const STANDS_MS = 60_000;

/** Watches for copies among the sessions of a relay. */
export function createDeviceCopies({ clock, log }: DeviceCopiesOptions): DeviceCopies {
  // Since when.
  const sessions = new Map<SpeakingSession, number>();
  // Thousands come back at once: none looks through all others for one of its own device.
  const byDevice = new Map<string, Set<SpeakingSession>>();
  const timers = new Map<SpeakingSession, () => void>();
  const told = new Set<string>();
  const ofDevice = (deviceId: string) => [...(byDevice.get(deviceId) ?? [])].filter((one) => !one.isOver);
  const stands = (session: SpeakingSession) => clock.elapsed() - (sessions.get(session) ?? 0) >= STANDS_MS;

  function tell(deviceId: string): void {
    const copies = ofDevice(deviceId);
    // The one may be dead, and the other one what came in its place.
    const isNews = told.has(deviceId) || copies.filter(stands).length > 1;
    if (!isNews) return;
    if (copies.length > 1 && !told.has(deviceId)) {
      log.warn(
        { device: deviceId, sessions: copies.length },
        'a device is signed in more than once: was its profile copied?',
      );
    }
    if (copies.length > 1) told.add(deviceId);
    else told.delete(deviceId);
    for (const session of copies) session.send({ type: 'device-sessions', sessions: copies.length });
  }

  return {
    joined(session) {
      const { deviceId } = session;
      if (deviceId === undefined || sessions.has(session)) return;
      sessions.set(session, clock.elapsed());
      byDevice.set(deviceId, (byDevice.get(deviceId) ?? new Set()).add(session));
      if (ofDevice(deviceId).length < 2) return;
      timers.set(
        session,
        clock.after(STANDS_MS, () => tell(deviceId)),
      );
    },
    left(session) {
      if (!sessions.delete(session)) return;
      timers.get(session)?.();
      timers.delete(session);
      const { deviceId } = session;
      if (deviceId === undefined) return;
      const others = byDevice.get(deviceId);
      others?.delete(session);
      if (others?.size === 0) byDevice.delete(deviceId);
      if (told.has(deviceId)) tell(deviceId);
    },
    close() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
      sessions.clear();
      byDevice.clear();
    },
  };
}
