// Everything that views show, put together, and told to them no more often than anybody can see: a busy company changes
// many times a second, and each message to a view carries all lines. What takes everything away is told at once and never
// left out: a view that did not hear of it would go on showing what somebody has lost the right to.
import type { Clock } from './clock.ts';
import type { JournalState } from './journal.ts';
import type { JournalHolder } from './journal-holder.ts';
import type { Desk } from './messages.ts';
import type { Notes } from './notes.ts';
import type { OpenedContact } from './opened-contact.ts';
import type { PhoneState } from './phone.ts';
import type { PhonePicture } from './sample-call.ts';

export interface DeskOptions {
  phone: PhonePicture;
  journal: Pick<JournalHolder, 'state' | 'onChange'>;
  notes: Pick<Notes, 'drafts' | 'onChange'>;
  opened: Pick<OpenedContact, 'state' | 'onChange'>;
  clock: Clock;
  publish(change: Partial<Desk>): void;
}

const PHONE_PAUSE_MS = 50;
const JOURNAL_PAUSE_MS = 100;
// That the relay was heard shows in ages of minutes only, and every answer of it says so.
const HEARD_PAUSE_MS = 1000;

/** Starts publishing; answers what is current. */
export function createDesk({ phone, journal, notes, opened, clock, publish }: DeskOptions): { current(): Desk } {
  let wasOnline = false;
  let hadUser = false;
  let hadJournal = false;
  let last: PhoneState | undefined;

  function journalNow(): JournalState {
    const { cursor: _ours, oldestAt: _oursToo, ...shown } = journal.state();
    return { ...shown, drafts: notes.drafts({ isOnline: phone.state().link.type === 'online' }) };
  }

  const publishPhone = paced(clock, PHONE_PAUSE_MS, () => publish({ phone: phone.state() }));
  const publishHeard = paced(clock, HEARD_PAUSE_MS, () => publish({ phone: phone.state() }));
  const publishJournal = paced(clock, JOURNAL_PAUSE_MS, () => publish({ journal: journalNow() }));
  phone.onChange((state) => {
    const { link, user } = state;
    const isOnlyHeard = last !== undefined && isSameButHeard(last, state);
    last = state;
    const isWiped = hadUser && user === undefined;
    hadUser = user !== undefined;
    if (isWiped) publishPhone.now();
    else if (isOnlyHeard) publishHeard.soon();
    else publishPhone.soon();
    // Drafts say whether they are on their way.
    if ((link.type === 'online') !== wasOnline) publishJournal.soon();
    wasOnline = link.type === 'online';
  });
  journal.onChange(() => {
    const { entries, isLoaded } = journal.state();
    const hasJournal = isLoaded || entries.length > 0;
    const isWiped = hadJournal && !hasJournal;
    hadJournal = hasJournal;
    if (isWiped) publishJournal.now();
    else publishJournal.soon();
  });
  notes.onChange(publishJournal.soon);
  const openedNow = () => opened.state() ?? null;
  opened.onChange(() => publish({ opened: openedNow() }));
  return { current: () => ({ phone: phone.state(), journal: journalNow(), opened: openedNow() }) };
}

function isSameButHeard({ heardAt: _, cursor: __, ...one }: PhoneState, other: PhoneState): boolean {
  const { heardAt: ___, cursor: ____, ...rest } = other;
  const keys = new Set([...Object.keys(one), ...Object.keys(rest)]);
  return [...keys].every((key) => Reflect.get(one, key) === Reflect.get(rest, key));
}

interface Paced {
  /** Acts at once, then at most once a pause; what comes during a pause is acted on at its end. */
  soon(): void;
  /** Acts at once in any case. */
  now(): void;
}

function paced(clock: Clock, pauseMs: number, action: () => void): Paced {
  let isPausing = false;
  let isDue = false;

  function now(): void {
    isDue = false;
    if (!isPausing) {
      isPausing = true;
      clock.after(pauseMs, () => {
        isPausing = false;
        if (isDue) now();
      });
    }
    action();
  }

  return {
    now,
    soon() {
      if (isPausing) isDue = true;
      else now();
    },
  };
}
