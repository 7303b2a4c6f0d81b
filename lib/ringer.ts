// Which ringtone is heard now, if any. Off unless the agent wants it, since the phone itself rings as well. It is decided
// anew from the state of the calls at every change: a worker that dies leaves nothing behind that the next one would not
// put right. While the agent speaks nothing rings; another call is seen, not heard.
import type { Call } from '@offhook/protocol';
import { offeredIn } from './caller.ts';
import { createTurns } from './in-turn.ts';
import { ownCallsOf, type PhoneState } from './phone.ts';
import type { ToneChoice } from './ring-tones.ts';
import type { Ringtones } from './ringtone-settings.ts';
import type { KeyValueStore } from './settings.ts';

/** What is to be heard. */
export interface Ring {
  tone: ToneChoice;
  /** 0 to 1. */
  volume: number;
  /** The browser's id of an output; undefined: the one that it uses by itself. */
  device?: string | undefined;
}

/** Where a ringtone is heard. */
export interface RingPlayer {
  /** Plays this over and over, or nothing. The same again changes nothing. */
  set(ring: Ring | undefined): Promise<void>;
}

export interface RingerOptions {
  state(): PhoneState;
  /** Whether it is this device that announces the call. */
  maySpeak(callId: string): boolean;
  /** The settings as they hold; undefined: nothing is to ring. */
  settings(): Promise<Ringtones | undefined>;
  player: RingPlayer;
  /** For as long as the browser runs. */
  memory: KeyValueStore;
}

export interface Ringer {
  /** Looks at the present state. */
  update(): Promise<void>;
  /** Silence for the calls that ring now; the next one rings again. */
  mute(): Promise<void>;
  /** Another device of this agent dealt with the call. */
  onCleared(callId: string): Promise<void>;
}

/** Whose call it is, as far as a ringtone tells. */
export type RingKind = 'internal' | 'vip' | 'known' | 'unknown';

const KEY = 'mutedRings';
const MOST_MUTED = 50;

/** The ringer of one worker. */
export function createRinger({ state, maySpeak, settings, player, memory }: RingerOptions): Ringer {
  const inTurn = createTurns();
  let next: Promise<void> | undefined;
  // As in memory, which may fail.
  const mutedHere = new Set<string>();
  // Not known before the first look: an earlier worker may have left something that rings.
  let isSilent = false;

  async function look(): Promise<void> {
    next = undefined;
    // What rings goes on while the link is made again: it stutters otherwise at each change of the network.
    if (state().link.type === 'connecting') return;
    // Until it is known: what happens meanwhile is looked at again.
    isSilent = false;
    // Where the settings cannot be read, or nothing can be heard, the call is still seen.
    const ringtones = await settings().catch(() => undefined);
    const muted = new Set([...mutedHere, ...(await mutedIn(memory))]);
    const call = ringtones && ringingIn(state(), (callId) => maySpeak(callId) && !muted.has(callId));
    const tone = call && toneFor(ringKindOf(call), ringtones);
    const isHeard = ringtones && tone !== undefined && tone !== 'none';
    const ring = isHeard ? { tone, volume: ringtones.volume, device: ringtones.device } : undefined;
    isSilent = await player.set(ring).then(
      () => ring === undefined,
      () => false,
    );
  }

  function update(): Promise<void> {
    // Most changes concern no call that rings: they cost nothing.
    if (isSilent && !next && offeredIn(state()).size === 0) return Promise.resolve();
    next ??= inTurn(look);
    return next;
  }

  async function silence(callIds: readonly string[]): Promise<void> {
    for (const callId of callIds) mutedHere.add(callId);
    await inTurn(async () => {
      const muted = [...(await mutedIn(memory)), ...callIds].slice(-MOST_MUTED);
      // What cannot be remembered is forgotten with this worker.
      await memory.set({ [KEY]: muted }).catch(() => undefined);
    });
    await update();
  }

  return {
    update,
    mute: () => silence([...offeredIn(state()).keys()]),
    onCleared: (callId) => silence([callId]),
  };
}

/** Whose call it is. A contact that is only probable is no known one. */
export function ringKindOf({ direction, remote: { contact } }: Pick<Call, 'direction' | 'remote'>): RingKind {
  if (direction === 'internal') return 'internal';
  if (contact?.match !== 'exact') return 'unknown';
  return contact.vip === true ? 'vip' : 'known';
}

/** The tone for a call: what is not chosen for VIP, known and unknown callers is that of all calls from outside. */
export function toneFor(kind: RingKind, { tones }: Pick<Ringtones, 'tones'>): ToneChoice {
  return kind === 'internal' ? tones.internal : (tones[kind] ?? tones.external);
}

// The call that rings longest; none while the agent speaks.
function ringingIn(state: PhoneState, mayRing: (callId: string) => boolean): Call | undefined {
  const isTalking = ownCallsOf(state).some(({ call }) => call.state === 'connected');
  if (isTalking) return undefined;
  return [...offeredIn(state).values()]
    .filter(({ callId }) => mayRing(callId))
    .toSorted((a, b) => b.ageMs - a.ageMs || a.callId.localeCompare(b.callId))[0];
}

async function mutedIn(memory: KeyValueStore): Promise<string[]> {
  const { [KEY]: stored } = await memory.get(KEY).catch((): Record<string, unknown> => ({}));
  return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string') : [];
}
