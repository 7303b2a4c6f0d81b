// Whether one connection still lives: a relay that is silent too long is gone, whatever its socket says of itself, and so
// is a socket that the machine slept through. Knows time only; it never touches the socket.
import type { Clock } from './clock.ts';

export interface PulseOptions {
  clock: Clock;
  /** Sends something that the relay answers. */
  ping(): void;
  /** Called at most once. `slept`: the machine slept or its clock was set; `silent`: nothing came in time. */
  onDeath(why: 'slept' | 'silent'): void;
}

export interface Pulse {
  /** Something came from the relay. */
  heard(): void;
  /** Signed in: pings every 20 s, and 35 s of silence are death. Before that the connection as a whole has 10 s. */
  signedIn(): void;
  /** Asks for a sign of life within 5 s, beginning when signed in. */
  probe(): void;
  /** Looks at the clocks now, without waiting for the next beat. */
  isAlive(): boolean;
  stop(): void;
}

const PING_MS = 20_000;
const SILENCE_LIMIT_MS = 35_000;
const SIGN_IN_LIMIT_MS = 10_000;
const PROBE_LIMIT_MS = 5_000;
const SLEEP_JUMP_MS = 45_000;
const SHORTEST_BEAT_MS = 500;

/** The pulse of a connection that is being opened now; it beats until `stop()` or death. */
export function createPulse({ clock, ping, onDeath }: PulseOptions): Pulse {
  const startedAt = clock.now();
  let lastBeatAt = startedAt;
  let lastHeardAt = startedAt;
  let lastPingAt: number | undefined;
  let answerDueAt = Number.POSITIVE_INFINITY;
  let cancelBeat: (() => void) | undefined;

  function deadline(): number {
    if (lastPingAt === undefined) return startedAt + SIGN_IN_LIMIT_MS;
    return Math.min(lastHeardAt + SILENCE_LIMIT_MS, answerDueAt);
  }

  // A clock that was set back would make silence look young for as long: its age is unknown, which counts as sleep.
  function hasSlept(): boolean {
    return Math.abs(clock.now() - lastBeatAt) > SLEEP_JUMP_MS;
  }

  function beat(): void {
    cancelBeat?.();
    if (hasSlept()) return onDeath('slept');
    const now = clock.now();
    lastBeatAt = now;
    if (now >= deadline()) return onDeath('silent');
    if (lastPingAt !== undefined && now - lastPingAt >= PING_MS) pingNow();
    const dueAt = lastPingAt === undefined ? deadline() : Math.min(deadline(), lastPingAt + PING_MS);
    cancelBeat = clock.after(Math.max(SHORTEST_BEAT_MS, dueAt - now), beat);
  }

  function pingNow(): void {
    lastPingAt = clock.now();
    ping();
  }

  beat();
  return {
    heard() {
      lastHeardAt = clock.now();
      answerDueAt = Number.POSITIVE_INFINITY;
    },
    signedIn() {
      lastPingAt = clock.now();
      beat();
    },
    probe() {
      if (lastPingAt === undefined || answerDueAt !== Number.POSITIVE_INFINITY) return;
      answerDueAt = clock.now() + PROBE_LIMIT_MS;
      pingNow();
      beat();
    },
    isAlive: () => !hasSlept() && clock.now() < deadline(),
    stop: () => cancelBeat?.(),
  };
}
