// What our own views ask about contacts: who it is, what was before, whose page is opened. Types alone, a part of messages.ts.
import type { Fact, FoundContact, JournalEntry, PhoneNumber } from '@offhook/protocol';
import type { RefusalCode } from './phone.ts';

type Failed = { type: 'failed'; code: RefusalCode | 'relay-unreachable' | 'not-paired' };

/** The part of the views' requests that is about contacts. */
export interface ContactRequests {
  /** Contacts by name, company or digits, best first. */
  search: {
    request: { text: string };
    answer: { type: 'found'; matches: readonly FoundContact[]; more: boolean } | Failed;
  };
  /** All contacts that a number may belong to, best first. */
  lookup: {
    request: { number: PhoneNumber };
    answer: { type: 'found'; matches: readonly FoundContact[] } | Failed;
  };
  /** Says whom a number belongs to, for the whole company, or takes that back. */
  'assign-contact': {
    request: { number: PhoneNumber; contactId: string; undo?: boolean | undefined };
    answer: { type: 'done' } | Failed;
  };
  /** The newest calls with a contact, by all its numbers, or with a number that is nobody's; of all colleagues that are watched. */
  history: {
    request: { contactId?: string | undefined; number?: PhoneNumber | undefined; limit: number };
    answer: { type: 'page'; entries: readonly JournalEntry[]; more: boolean } | Failed;
  };
  /** What is known of a contact; with `waits` what the CRM says now, too, a moment later. */
  facts: {
    request: { contactId: string; number: PhoneNumber; waits: boolean };
    answer: { type: 'facts'; facts: readonly Fact[]; isComplete: boolean } | Failed;
  };
  'open-contact': {
    /** `url`: as the view shows it, for an entry that is so long past that the worker does not hold it. */
    request: { callId: string } | { entryId: string; url?: string | undefined } | { contactId: string };
    answer: { type: 'done' } | { type: 'failed' };
  };
  /** Takes back that a contact was opened by itself; failed where the agent went on from there. */
  'undo-open': { request: Record<string, never>; answer: { type: 'done' } | { type: 'failed' } };
}
