// The journal list for tests, its clock stopped in an afternoon, and the calls in it.
import type { JournalEntry } from '@offhook/protocol';
import { act } from 'preact/test-utils';
import { vi } from 'vitest';
import { JournalList, type JournalListProps } from '#components/JournalList.tsx';
import type { JournalState } from '#lib/journal.ts';
import type { PhoneState } from '#lib/phone.ts';
import type { Settings } from '#lib/settings.ts';
import { aLine, anEntry, aState, aStranger } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { settingsOf } from './gallery/desk-fixture.ts';
import { mount } from './mount.tsx';

/** The present of these tests, an afternoon. */
export const NOW = new Date(2026, 10, 20, 15).getTime();

/** So many minutes before, as the relay writes it. */
export const at = (minutesAgo: number) => new Date(NOW - minutesAgo * 60_000).toISOString();

/** A call that began so many minutes before; `e5` is its id. */
export function entry(minutesAgo: number, change: Partial<JournalEntry> = {}): JournalEntry {
  const id = `e${minutesAgo}`;
  return anEntry({ entryId: id, conversationId: id, startedAt: at(minutesAgo), ...change });
}

/** One that nobody took. */
export const missed = (minutesAgo: number) => entry(minutesAgo, { outcome: 'missed', remote: aStranger() });

interface Options extends Partial<JournalState> {
  state?: PhoneState;
  settings?: Partial<Settings>;
  canOrder?: boolean;
  density?: JournalListProps['density'];
  onExport?: JournalListProps['onExport'];
}

/** The list alone, online, with a worker that answers when told to. */
export async function list(options: Options = {}) {
  const { state = aState([aLine()]), settings, canOrder = true, density = 'panel', onExport, ...journal } = options;
  const worker = createFakeWorker();
  const viewOf = (change: Partial<JournalState> = {}, phone = state) => (
    <JournalList
      desk={{ phone, journal: { entries: [], isLoaded: true, drafts: {}, ...journal, ...change } }}
      settings={settingsOf({ ...(settings && { settings }) })}
      send={worker.send}
      {...{ density, canOrder, onExport }}
    />
  );
  const view = await mount(viewOf());
  return {
    view,
    worker,
    redraw: (change: Partial<JournalState>, phone?: PhoneState) => view.redraw(viewOf(change, phone)),
    pass: (ms: number) => act(() => void vi.advanceTimersByTime(ms)),
  };
}

/** Who stands in the rows, from the top. */
export const names = (root: HTMLElement) =>
  [...root.querySelectorAll('.journal-row__name')].map((name) => name.textContent);
