import type { Contact, JournalEntry, Right } from '@offhook/protocol';
import { RIGHTS } from '@offhook/protocol';
import { describe, expect, it } from 'vitest';
import { entryOf, type JournalViewer } from '../../relay/src/journal-entry.ts';
import type { Conversation, JournalLeg } from '../../relay/src/store/store.ts';
import { aConversation, aJournalLeg, CALLER, isoAt } from './journal-rig.ts';

const CONTACT: Contact = {
  contactId: 'p-1',
  name: 'Sample Person',
  url: 'https://crm.example/?tel=03023125042',
  source: 'csv',
  match: 'exact',
};
const over = { endedAt: isoAt(20) };

function viewer(rights: Partial<Record<string, readonly Right[]>>, contact?: Contact): JournalViewer {
  return {
    rightsOn: (lineId) => new Set(rights[lineId] ?? []),
    contactOf: () => contact,
    lineName: (lineId) => (lineId === 'l-secret' ? undefined : `Name of ${lineId}`),
  };
}

const own = viewer({ 'l-10': RIGHTS });

function seen(legs: JournalLeg[], by: JournalViewer = own, part: Partial<Conversation> = {}): JournalEntry {
  const entry = entryOf(aConversation(legs, part), by);
  if (!entry || 'gone' in entry) throw new Error('no entry');
  return entry;
}

const offered = (lineId: string, part: Partial<JournalLeg> = {}) =>
  aJournalLeg({ lineId, group: 'Sales', cause: 'noAnswer', ...over, ...part });
const internal = (number: string) => ({ kind: 'internal', number }) as const;

describe('the outcome', () => {
  it('is open while the call rings, and answered as soon as it was', () => {
    expect(seen([aJournalLeg()]).outcome).toBeUndefined();
    expect(seen([aJournalLeg({ connectedAt: isoAt(4) })])).toMatchObject({ outcome: 'answered', answeredAt: isoAt(4) });
  });

  it('is missed once for a group of which nobody answered', () => {
    const entry = seen(['l-10', 'l-11', 'l-12'].map((lineId) => offered(lineId, { cause: 'cancelled' })));
    expect(entry).toMatchObject({ outcome: 'missed', group: 'Sales', lineId: 'l-10', cause: 'cancelled' });
  });

  it('is unclear, not missed, where the phone system reports such calls in part and nobody was seen to answer', () => {
    const partial = (lineId: string, part: Partial<JournalLeg> = {}) => offered(lineId, { isPartial: true, ...part });
    expect(seen([partial('l-10'), partial('l-11', { cause: 'unknown' })]).outcome).toBe('unclear');
    expect(seen([offered('l-10'), partial('l-11')]).outcome).toBe('unclear');
    expect(seen([partial('l-10'), partial('l-11', { connectedAt: isoAt(4) })]).outcome).toBe('answeredElsewhere');
    expect(seen([partial('l-10', { connectedAt: isoAt(4) })]).outcome).toBe('answered');
  });

  it('is unclear, not missed, where the link broke while it rang, so that nobody saw how it went on', () => {
    const lost = (lineId: string) => offered(lineId, { cause: 'unknown', isEstimated: true });
    expect(seen([lost('l-10')]).outcome).toBe('unclear');
    expect(seen([offered('l-10'), lost('l-11')]).outcome).toBe('unclear');
    expect(seen([lost('l-10'), offered('l-11', { connectedAt: isoAt(4) })]).outcome).toBe('answeredElsewhere');
    expect(seen([offered('l-10', { cause: 'unknown' })]).outcome).toBe('missed');
    expect(seen([offered('l-10', { isEstimated: true })]).outcome).toBe('missed');
  });

  it('is not missed when a colleague answered, who is named', () => {
    const legs = [
      offered('l-10', { cause: 'answeredElsewhere' }),
      offered('l-11', { connectedAt: isoAt(4), cause: 'normal' }),
    ];
    expect(seen(legs)).toMatchObject({ outcome: 'answeredElsewhere', answeredBy: 'Name of l-11' });
    expect(seen(legs, viewer({ 'l-11': RIGHTS }))).toMatchObject({ outcome: 'answered', lineId: 'l-11' });
  });

  it('is answered elsewhere also where the cause of the own leg says something else', () => {
    const legs = [offered('l-10', { cause: 'noAnswer' }), offered('l-11', { connectedAt: isoAt(30) })];
    expect(seen(legs).outcome).toBe('answeredElsewhere');
  });

  it('names no colleague whose line the viewer may not know', () => {
    const legs = [offered('l-10', { cause: 'answeredElsewhere' }), offered('l-secret', { connectedAt: isoAt(4) })];
    expect(seen(legs)).not.toHaveProperty('answeredBy');
  });

  it('is open as long as somebody else may still answer', () => {
    expect(seen([offered('l-10'), offered('l-11', { endedAt: undefined, cause: undefined })]).outcome).toBeUndefined();
  });

  it('is forwarded when the call was sent on to a place that is not ours', () => {
    expect(seen([aJournalLeg({ cause: 'forwarded', ...over })]).outcome).toBe('forwarded');
  });

  it('is missed for a colleague who was asked for advice in vain, though the first agent spoke with the caller', () => {
    const legs = [
      aJournalLeg({ lineId: 'l-11', connectedAt: isoAt(2) }),
      aJournalLeg({
        callId: 'c-ask',
        lineId: 'l-11',
        direction: 'internal',
        remote: { number: internal('10') },
        dialled: internal('10'),
        startedAt: isoAt(5),
        cause: 'noAnswer',
        ...over,
      }),
      aJournalLeg({
        lineId: 'l-10',
        direction: 'internal',
        remote: { number: internal('11') },
        dialled: internal('10'),
        startedAt: isoAt(5),
        cause: 'noAnswer',
        ...over,
      }),
    ].map((leg) => ({ ...leg, ...over }));
    expect(seen(legs).outcome).toBe('missed');
  });

  it.each([
    ['busy', 'busy'],
    ['noAnswer', 'noAnswer'],
    ['cancelled', 'noAnswer'],
    ['rejected', 'failed'],
    ['invalidNumber', 'failed'],
    ['ownPhoneNotAnswered', 'failed'],
    ['forwarded', 'forwarded'],
  ] as const)('of an outgoing call that ended with %s is %s', (cause, outcome) => {
    expect(seen([aJournalLeg({ direction: 'outbound', cause, ...over })])).toMatchObject({ outcome, cause });
  });

  it('of a call between colleagues is noAnswer for who called and missed for who was called', () => {
    const caller = aJournalLeg({
      lineId: 'l-10',
      direction: 'internal',
      remote: { number: internal('11'), name: 'Line 11' },
      dialled: internal('11'),
      cause: 'noAnswer',
      ...over,
    });
    const called = { ...caller, callId: 'c-2', lineId: 'l-11', remote: { number: internal('10') } };
    const legs = [called, caller];
    expect(seen(legs)).toMatchObject({ outcome: 'noAnswer', remote: { name: 'Line 11', verified: true } });
    expect(seen(legs, viewer({ 'l-11': RIGHTS })).outcome).toBe('missed');
  });
});

describe('what a viewer sees', () => {
  const leg = aJournalLeg({
    remote: { number: CALLER, name: 'claimed' },
    dialled: internal('10'),
    connectedAt: isoAt(4),
    ...over,
  });

  it('is nothing of a conversation without a watched line, merged or not', () => {
    expect(entryOf(aConversation([leg]), viewer({ 'l-11': RIGHTS }))).toBeUndefined();
    expect(entryOf(aConversation([leg]), viewer({ 'l-10': ['see-numbers', 'see-names'] }))).toBeUndefined();
    expect(entryOf(aConversation([leg], { mergedInto: 'v-0' }), viewer({}))).toBeUndefined();
  });

  it('is that an entry is gone when its conversation became part of another', () => {
    expect(entryOf(aConversation([leg], { mergedInto: 'v-0' }), own)).toEqual({ entryId: 'v-1', gone: true });
  });

  it('is a hidden number without see-numbers, also as what was dialled', () => {
    const watch = viewer({ 'l-10': ['watch', 'see-names'] });
    expect(seen([leg], watch).remote).toEqual({ number: { kind: 'hidden' }, name: 'claimed', verified: false });
    const outgoing = { ...leg, direction: 'outbound', dialled: CALLER } as const;
    expect(JSON.stringify(seen([outgoing], watch))).not.toContain('23125042');
  });

  it('is neither name nor contact without see-names', () => {
    const watch = viewer({ 'l-10': ['watch', 'see-numbers'] }, CONTACT);
    expect(seen([leg], watch).remote).toEqual({ number: CALLER, verified: false });
  });

  it('is nothing that would name a contact’s number to a viewer who may only see names', () => {
    const entry = seen([leg], viewer({ 'l-10': ['watch', 'see-names'] }, CONTACT));
    expect(entry.remote).toMatchObject({ number: { kind: 'hidden' }, name: 'Sample Person', verified: true });
    expect(JSON.stringify(entry)).not.toContain('23125042');
  });

  it('is the contact’s name rather than the one that the caller claims', () => {
    expect(seen([leg], viewer({ 'l-10': RIGHTS }, CONTACT)).remote).toEqual({
      number: CALLER,
      name: 'Sample Person',
      contact: CONTACT,
      verified: true,
    });
  });

  it('is one entry of several own lines, from the first ring to the last end, on the line that spoke', () => {
    const both = viewer({ 'l-10': RIGHTS, 'l-11': RIGHTS });
    const legs = [
      aJournalLeg({ cause: 'forwarded', endedAt: isoAt(10) }),
      aJournalLeg({ lineId: 'l-11', startedAt: isoAt(10), connectedAt: isoAt(12), endedAt: isoAt(30) }),
    ];
    expect(seen(legs, both)).toMatchObject({
      lineId: 'l-11',
      startedAt: isoAt(0),
      answeredAt: isoAt(12),
      endedAt: isoAt(30),
      outcome: 'answered',
    });
  });

  it('is whether the times are estimates', () => {
    expect(seen([{ ...leg, isEstimated: true }]).isEstimated).toBe(true);
    expect(seen([leg]).isEstimated).toBe(false);
  });
});
