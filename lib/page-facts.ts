// What page scripts and the worker tell each other about single numbers: orders, whom a number belongs to, and why digits
// were taken for a number or not. Types alone; messages.ts says who may send which.
import type { JournalEntry, PhoneNumber } from '@offhook/protocol';

/** An order from a page, with what was shown there. */
export interface DialRequest {
  number: PhoneNumber;
  shownText: string;
  from: 'chip' | 'link';
  /** What is done about the call `callId` that the agent is in; without it, nothing is dialled during a call. */
  during?: { callId: string; how: 'consult' | 'transfer' | 'beside' } | undefined;
}

/** Whom a number belongs to and when it was last spoken with, as far as this agent may know. */
export interface NumberFacts {
  person:
    | { type: 'known'; name: string; isCertain: boolean; company?: string | undefined; others: number }
    | { type: 'unknown' }
    /** The relay could not be asked, or there is none. */
    | { type: 'unasked' };
  /** Whom the agent speaks with now. */
  talksWith?: string | undefined;
  lastCall?:
    | {
        direction: JournalEntry['direction'];
        outcome: JournalEntry['outcome'];
        startedAt: number;
        /** The colleague who had it, where that was another one. */
        by?: string | undefined;
      }
    | undefined;
}

/** The finder's rule that decided, and the words on the page that it went by. */
export interface FoundBecause {
  rule: string;
  label?: string | undefined;
}

/** Digits in the selection that were taken for a number, or not, and why. */
export interface ExplainedText extends FoundBecause {
  text: string;
  isNumber: boolean;
}
