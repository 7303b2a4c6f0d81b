// Builders for what views show. Sample people and numbers reserved for fiction only.
import type { Call, Contact, JournalEntry, Line, Remote } from '@offhook/protocol';
import type { PhoneState } from '#lib/phone.ts';

/** A contact of the sample directory. */
export function aContact(change: Partial<Contact> = {}): Contact {
  return {
    contactId: 'c001',
    name: 'Anna Krüger',
    company: 'Elbe Logistik KG',
    url: 'https://crm.example/contacts/c001',
    source: 'sample',
    match: 'exact',
    ...change,
  };
}

/** A caller that the directory knows. */
export function aRemote(change: Partial<Remote> = {}): Remote {
  return {
    number: { kind: 'e164', number: '+493023125042' },
    name: 'Anna Krüger',
    contact: aContact(),
    verified: true,
    ...change,
  };
}

/** A caller of whom only the number and a claimed name are known. */
export function aStranger(change: Partial<Remote> = {}): Remote {
  return { number: { kind: 'e164', number: '+493023125077' }, verified: false, ...change };
}

/** An inbound call that a phone system lets one control in every way. */
export function aCall(change: Partial<Call> = {}): Call {
  return {
    callId: 'call-1',
    conversationId: 'conversation-1',
    direction: 'inbound',
    state: 'connected',
    remote: aRemote(),
    dialled: { kind: 'e164', number: '+493023125000' },
    answerReported: true,
    ageMs: 260_000,
    connectedMs: 252_000,
    capabilities: ['answer', 'drop', 'hold', 'retrieve'],
    ...change,
  };
}

/** A free line of the agent's own. */
export function aLine(change: Partial<Line> = {}): Line {
  return {
    lineId: 'line-18',
    tenant: 'sample',
    name: 'Mia Sample',
    extension: '18',
    isOwn: true,
    state: 'idle',
    asOf: '2026-11-20T13:02:00.000Z',
    dnd: false,
    forward: null,
    device: 'desk phone',
    capabilities: ['makeCall', 'pickup', 'setDnd', 'setForward'],
    calls: [],
    ...change,
  };
}

/** A colleague's line; the extension names it. */
export function aColleague(extension: string, change: Partial<Line> = {}): Line {
  const { device: _none, ...line } = aLine({ lineId: `line-${extension}`, extension, isOwn: false });
  return { ...line, name: `Colleague ${extension}`, capabilities: ['pickup'], ...change };
}

/** Paired and online, with these lines. */
export function aState(lines: readonly Line[], change: Partial<PhoneState> = {}): PhoneState {
  return {
    link: { type: 'online' },
    user: { userId: 'mia', name: 'Mia Sample' },
    country: 'DE',
    relayVersion: '0.1.0',
    lines: lines.map((line) => ({ line, receivedAt: Date.now() })),
    heardAt: Date.now(),
    ...change,
  };
}

/** A call from a known caller that was answered and talked for a little more than four minutes. */
export function anEntry(change: Partial<JournalEntry> = {}): JournalEntry {
  return {
    entryId: 'entry-1',
    conversationId: 'entry-1',
    direction: 'inbound',
    lineId: 'line-18',
    remote: aRemote(),
    startedAt: '2026-11-20T13:12:00.000Z',
    answeredAt: '2026-11-20T13:12:08.000Z',
    endedAt: '2026-11-20T13:16:20.000Z',
    isEstimated: false,
    outcome: 'answered',
    ...change,
  };
}
