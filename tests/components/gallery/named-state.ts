// One name in every place where somebody else's text can stand: caller, company, colleague, device, group, note. For
// names that try to be something else.
import type { JournalEntry } from '@offhook/protocol';
import { aCall, aColleague, aContact, aLine, aRemote, aState, aStranger } from '../builders.ts';
import type { DeskFixture } from './desk-fixture.ts';

/** A desk on which everybody and everything is called `name`. */
export function namedState(name: string): DeskFixture {
  const contact = aContact({ name, company: name });
  const known = aRemote({ name, contact });
  const calls = [
    aCall({ callId: 'a', conversationId: 'a', state: 'held', remote: known, group: name, ageMs: 90_000 }),
    aCall({
      callId: 'b',
      conversationId: 'b',
      state: 'offering',
      remote: aStranger({ name }),
      group: name,
      ageMs: 4000,
    }),
    aCall({ callId: 'c', conversationId: 'c', state: 'ended', cause: 'busy', remote: known, ageMs: 60_000 }),
  ];
  const ringing = aCall({ callId: 'd', conversationId: 'd', state: 'offering', remote: known });
  return {
    state: aState([
      aLine({ state: 'busyRinging', name, device: name, calls }),
      aColleague('22', { name, state: 'ringing', device: name, calls: [ringing] }),
      aColleague('31', { name, device: name }),
    ]),
    journal: {
      entries: [anEntry('a', { remote: known }), anEntry('e', { remote: aStranger({ name }), outcome: 'missed' })].map(
        (entry) => ({ ...entry, group: name, answeredBy: name, note: name }),
      ),
      isLoaded: true,
      drafts: {},
    },
    answers: {
      lookup: { type: 'found', matches: [{ contact, numbers: [] }] },
      search: { type: 'found', matches: [{ contact, numbers: [{ number: known.number, label: name }] }], more: false },
      'page-numbers': { numbers: [{ number: known.number, text: name, isFax: false }] },
    },
  };
}

function anEntry(entryId: string, change: Partial<JournalEntry>): JournalEntry {
  const startedAt = new Date(Date.now() - 3_600_000).toISOString();
  return {
    entryId,
    conversationId: entryId,
    direction: 'inbound',
    lineId: 'line-18',
    remote: aRemote(),
    startedAt,
    answeredAt: startedAt,
    endedAt: new Date(Date.now() - 3_500_000).toISOString(),
    isEstimated: false,
    outcome: 'answered',
    ...change,
  };
}
