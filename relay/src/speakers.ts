// Which of an agent's devices says that the phone rings: one speaks, the one that was used last; another takes over when it
// does not say within two seconds that it has shown the call; what was dismissed or opened anywhere is cleared everywhere.
// So a call is announced once, and never by nobody. It knows sessions by what they do, no sockets and no frames that come in.
import type { ServerMessage } from '@offhook/protocol';
import type { Viewer } from './access.ts';
import type { Clock } from './clock.ts';
import type { BoardLine } from './switchboard.ts';

/** A session as far as it may speak. */
export interface SpeakingSession {
  readonly deviceId: string | undefined;
  readonly viewer: Viewer | undefined;
  readonly isOver: boolean;
  send(message: ServerMessage): void;
}

/** What a device's user did with a call's notification. */
export type Seen = 'shown' | 'dismissed' | 'opened';

export interface SpeakersOptions {
  clock: Clock;
  line(lineId: string): BoardLine | undefined;
  lines(tenantId: string): readonly BoardLine[];
  onChange(listener: (change: { tenantId: string; lineId: string }) => void): () => void;
}

export interface Speakers {
  /** It has subscribed: from now on it can show calls. Once more changes nothing. */
  joined(session: SpeakingSession): void;
  left(session: SpeakingSession): void;
  /** Its agent does something there. */
  used(session: SpeakingSession): void;
  seen(session: SpeakingSession, callId: string, action: Seen): void;
  close(): void;
}

const TAKEOVER_MS = 2_000;
// Devices whose last use is remembered, over their reconnects.
const MOST_DEVICES = 20_000;

/** A call that rings for an agent. */
interface Round {
  userId: string;
  callId: string;
  /** The devices that were told to show it, the last one last. */
  told: string[];
  isShown: boolean;
  cleared: 'dismissed' | 'opened' | undefined;
  /** Somebody was told, and has the time to say that it is shown. */
  isWaiting: boolean;
  cancelTimer: () => void;
}

interface Floor {
  options: SpeakersOptions;
  /** In the order in which they came. */
  sessions: Set<SpeakingSession>;
  usedAt: Map<string, number>;
  /** By user and call. */
  rounds: Map<string, Round>;
  /** The keys of the rounds of a line. */
  ringing: Map<string, Set<string>>;
}

/** Speakers for all agents of a relay. */
export function createSpeakers(options: SpeakersOptions): Speakers {
  const floor: Floor = { options, sessions: new Set(), usedAt: new Map(), rounds: new Map(), ringing: new Map() };
  const stopListening = options.onChange(({ lineId }) => {
    const line = options.line(lineId);
    if (line) lineChanged(floor, line);
  });
  return {
    joined(session) {
      if (floor.sessions.has(session)) return;
      floor.sessions.add(session);
      for (const round of roundsOf(floor, session)) joinRound(floor, round, session);
      // Calls that rang before anybody was here.
      const { viewer } = session;
      for (const line of viewer ? watchedBy(floor, viewer) : [])
        if (viewer?.isOwn(line.lineId)) lineChanged(floor, line);
    },
    left(session) {
      if (!floor.sessions.delete(session)) return;
      for (const round of roundsOf(floor, session)) {
        // What it shows may be gone with it. A device that is only coming back finds its own notification there.
        if (isPresent(floor, round, round.told.at(-1))) continue;
        round.isShown = false;
        giveTurn(floor, round);
      }
    },
    used(session) {
      const { deviceId } = session;
      if (deviceId === undefined) return;
      floor.usedAt.delete(deviceId);
      floor.usedAt.set(deviceId, options.clock.elapsed());
      const [oldest] = floor.usedAt.keys();
      if (oldest !== undefined && floor.usedAt.size > MOST_DEVICES) floor.usedAt.delete(oldest);
    },
    seen: (session, callId, action) => seen(floor, session, { callId, action }),
    close() {
      stopListening();
      for (const { cancelTimer } of floor.rounds.values()) cancelTimer();
      floor.rounds.clear();
      floor.sessions.clear();
    },
  };
}

function lineChanged(floor: Floor, line: BoardLine): void {
  const ringing = line.calls.filter(({ state }) => state === 'offering');
  const before = floor.ringing.get(line.lineId);
  if (ringing.length === 0 && !before) return;
  const offered = ringing.map(({ callId }) => callId);
  const known = before ?? new Set<string>();
  for (const key of known) {
    const round = floor.rounds.get(key);
    if (round && offered.includes(round.callId)) continue;
    round?.cancelTimer();
    floor.rounds.delete(key);
    known.delete(key);
  }
  if (offered.length === 0) return void floor.ringing.delete(line.lineId);
  floor.ringing.set(line.lineId, known);
  for (const userId of usersOf(floor, line)) {
    for (const callId of offered) {
      const key = `${userId} ${callId}`;
      if (floor.rounds.has(key)) continue;
      const round: Round = {
        userId,
        callId,
        told: [],
        isShown: false,
        cleared: undefined,
        isWaiting: false,
        cancelTimer: () => {},
      };
      floor.rounds.set(key, round);
      known.add(key);
      giveTurn(floor, round);
    }
  }
}

// Thousands that come back at once must not each go through thousands of lines that are not theirs.
function watchedBy({ options }: Floor, { tenant, linesWith }: Viewer): readonly BoardLine[] {
  const watched = linesWith('watch');
  return watched === 'all' ? options.lines(tenant.tenantId) : [...watched].flatMap((id) => options.line(id) ?? []);
}

/** The agents whose own line it is, of those who are here. */
function usersOf({ sessions }: Floor, { lineId, tenantId }: BoardLine): Set<string> {
  const users = new Set<string>();
  for (const { viewer, isOver } of sessions) {
    if (viewer && !isOver && viewer.tenant.tenantId === tenantId && viewer.isOwn(lineId)) users.add(viewer.user.userId);
  }
  return users;
}

// To the next device that has not been told; when the second one says nothing either, to all that are left: rather twice
// than never.
function giveTurn(floor: Floor, round: Round): void {
  round.cancelTimer();
  round.isWaiting = false;
  if (round.isShown || round.cleared) return;
  const waiting = devicesOf(floor, round.userId).filter((deviceId) => !round.told.includes(deviceId));
  const next = round.told.length < 2 ? waiting.slice(0, 1) : waiting;
  if (next.length === 0) return;
  const reason = round.told.length === 0 ? 'speaker' : 'takeover';
  for (const deviceId of next) {
    round.told.push(deviceId);
    for (const session of sessionsOf(floor, round.userId)) {
      if (session.deviceId === deviceId) session.send({ type: 'notify', callId: round.callId, show: true, reason });
    }
  }
  round.isWaiting = true;
  round.cancelTimer = floor.options.clock.after(TAKEOVER_MS, () => giveTurn(floor, round));
}

// A device that comes, or comes back, while it rings.
function joinRound(floor: Floor, round: Round, session: SpeakingSession): void {
  const { callId, cleared, told } = round;
  if (cleared) return session.send({ type: 'notify', callId, show: false, reason: cleared });
  if (session.deviceId !== undefined && told.includes(session.deviceId)) {
    return session.send({ type: 'notify', callId, show: true, reason: 'speaker' });
  }
  // Those that were told before have had their time.
  if (!round.isWaiting || !isPresent(floor, round, told.at(-1))) giveTurn(floor, round);
}

function seen(floor: Floor, from: SpeakingSession, { callId, action }: { callId: string; action: Seen }): void {
  const userId = from.viewer?.user.userId;
  if (userId === undefined) return;
  const round = floor.rounds.get(`${userId} ${callId}`);
  if (action === 'shown') {
    if (!round || from.deviceId === undefined) return;
    round.isShown = true;
    // The one that shows it speaks, whoever was asked first.
    round.told = [...round.told.filter((deviceId) => deviceId !== from.deviceId), from.deviceId];
    return round.cancelTimer();
  }
  if (round) {
    round.cleared = action;
    round.cancelTimer();
  }
  for (const session of sessionsOf(floor, userId)) {
    if (session !== from) session.send({ type: 'notify', callId, show: false, reason: action });
  }
}

function sessionsOf({ sessions }: Floor, userId: string): SpeakingSession[] {
  return [...sessions].filter(({ viewer, isOver }) => !isOver && viewer?.user.userId === userId);
}

/** The one that was used last first; those that nobody used yet in the order in which they came. */
function devicesOf(floor: Floor, userId: string): string[] {
  const ids = new Set(sessionsOf(floor, userId).flatMap(({ deviceId }) => deviceId ?? []));
  return [...ids].sort((a, b) => (floor.usedAt.get(b) ?? 0) - (floor.usedAt.get(a) ?? 0));
}

function roundsOf({ rounds }: Floor, { viewer }: SpeakingSession): Round[] {
  return [...rounds.values()].filter(({ userId }) => userId === viewer?.user.userId);
}

function isPresent(floor: Floor, { userId }: Round, deviceId: string | undefined): boolean {
  return deviceId !== undefined && sessionsOf(floor, userId).some((session) => session.deviceId === deviceId);
}
