// A profile that keeps notes, for tests: storage, clock and relay are the test's, workers come and go.
import type { ClientMessage, ServerMessage } from '@offhook/protocol';
import type { JournalEvent } from '#lib/journal.ts';
import { createNotes, type Notes } from '#lib/notes.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createFakeStorage } from '../fakes/storage.ts';

type Sent = Extract<ClientMessage, { type: 'note' }>;

/** A profile whose worker can be started again, and a relay that answers only when told to. */
export function setUp() {
  const world = {
    store: createFakeStorage(),
    clock: createFakeClock(),
    isOnline: true,
    sent: [] as Sent[],
    kept: [] as JournalEvent[],
    changes: 0,
    ids: 0,
  };
  function start(): Notes {
    const notes = createNotes({
      store: world.store,
      clock: world.clock,
      send(message) {
        if (world.isOnline) world.sent.push(message as Sent); // notes send nothing else
        return world.isOnline;
      },
      newId() {
        world.ids += 1;
        return `key-${world.ids}`;
      },
      onKept: (event) => world.kept.push(event),
    });
    notes.onChange(() => {
      world.changes += 1;
    });
    return notes;
  }
  return { world, notes: start(), start };
}

/** What the relay answers to a note. */
export const result = (key: string, change: Partial<ServerMessage & { type: 'result' }> = {}) =>
  ({ type: 'result', id: key, key, state: 'done', ...change }) as const;
export const ONLINE = { isOnline: true };

/** The next worker of the profile, signed in. */
export async function restarted({ start }: ReturnType<typeof setUp>): Promise<Notes> {
  const notes = start();
  await notes.restore();
  notes.onSignedIn();
  return notes;
}
