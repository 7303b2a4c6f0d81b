// When nobody was listening: the relay was down, or its link to a phone system. Calls of that time are in no journal, and
// that is what the journal says, instead of nothing. Times are the relay's own; it never knows less than it says.
import { randomUUID } from 'node:crypto';
import type { GapReason } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Gap, Store } from './store/store.ts';

export interface GapsOptions {
  store: Pick<Store, 'gaps' | 'openGap' | 'closeGaps' | 'forgetGaps' | 'heard' | 'setHeard'>;
  clock: Clock;
  log: Logger;
  systems: readonly { pbxId: string; tenantId: string }[];
}

export interface Gaps {
  /** The link to a phone system broke. */
  lost(pbxId: string): void;
  /** All that the phone system knows was heard: from now on nothing is missed. */
  found(pbxId: string): void;
  /** The newest ones of a tenant, each with its phone system. */
  of(tenantId: string): Promise<readonly Gap[]>;
  /** Takes out those that ended before that time, ISO 8601 UTC. */
  forget(tenantId: string, before: string): Promise<void>;
  onChange(listener: (tenantId: string) => void): () => void;
  /** Resolves when all that happened so far is written. */
  drained(): Promise<void>;
  /** Says until when was listened, and stops. */
  close(): Promise<void>;
}

// After a power cut so much of the time before it counts as unheard, at most.
const BEAT_MS = 30_000;
const MOST_SHOWN = 500;

/** Opens the book of gaps; where this relay listened before, one begins at the time of the last sign of life. */
export async function openGaps({ store, clock, log, systems }: GapsOptions): Promise<Gaps> {
  const listeners = new Set<(tenantId: string) => void>();
  const inTouch = new Set<string>();
  // Read once for all browsers: thousands ask at the same moment, when the relay or its phone system is back.
  const known = new Map<string, Promise<readonly Gap[]>>();
  let writing: Promise<unknown> = Promise.resolve();
  let cancelBeat = () => {};
  let isClosed = false;
  const iso = () => new Date(clock.now()).toISOString();

  // One after the other, so that a gap ends after it began; what cannot be written must not end the relay.
  function write(pbxId: string, work: (system: { pbxId: string; tenantId: string }) => Promise<boolean>): void {
    const system = systems.find((one) => one.pbxId === pbxId);
    if (!system) return;
    writing = writing.then(async () => {
      try {
        if (!(await work(system))) return;
        known.delete(system.tenantId);
        for (const listener of [...listeners]) listener(system.tenantId);
      } catch (error) {
        log.error({ err: error, pbx: pbxId }, 'a gap could not be written down');
      }
    });
  }

  function begin(pbxId: string, startedAt: string, reason: GapReason): void {
    write(pbxId, (system) => store.openGap({ gapId: randomUUID(), ...system, reason, startedAt }));
  }

  function beat(): void {
    cancelBeat = clock.after(BEAT_MS, beat);
    sayHeard();
  }

  function sayHeard(): void {
    const until = iso();
    const heard = systems.filter(({ pbxId }) => inTouch.has(pbxId)).map((system) => ({ ...system, until }));
    if (heard.length === 0) return;
    writing = writing
      .then(() => store.setHeard(heard))
      .catch((error: unknown) => log.error({ err: error }, 'the sign of life could not be written'));
  }

  for (const { pbxId, until } of await store.heard()) begin(pbxId, until, 'relay');
  cancelBeat = clock.after(BEAT_MS, beat);
  return {
    lost(pbxId) {
      // Trying again and failing again is one gap.
      if (isClosed || !inTouch.delete(pbxId)) return;
      begin(pbxId, iso(), 'pbx');
    },
    found(pbxId) {
      if (isClosed) return;
      inTouch.add(pbxId);
      const endedAt = iso();
      write(pbxId, async () => (await store.closeGaps(pbxId, endedAt)) > 0);
      sayHeard();
    },
    of(tenantId) {
      const read = known.get(tenantId) ?? store.gaps(tenantId, MOST_SHOWN);
      known.set(tenantId, read);
      // What could not be read is read again.
      read.catch(() => known.delete(tenantId));
      return read;
    },
    async forget(tenantId, before) {
      await store.forgetGaps(tenantId, before);
      known.delete(tenantId);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async drained() {
      await writing;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      cancelBeat();
      sayHeard();
      await writing;
      listeners.clear();
    },
  };
}
