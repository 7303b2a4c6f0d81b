// What a notification may say of who calls besides the name: what the relay knows at once. It never waits for it: what does
// not come in the notification's first moment stays out of it, since what is written anew later takes the place of the one
// that the agent is about to press. Asked once for each call, however often the worker dies.
import type { Call, Fact } from '@offhook/protocol';
import * as v from 'valibot';
import type { Clock } from './clock.ts';
import type { Questions } from './questions.ts';
import type { KeyValueStore } from './settings.ts';

export interface NoticeFactsOptions {
  ask: Questions['ask'];
  memory: KeyValueStore;
  clock: Pick<Clock, 'now'>;
  /** Something more is known of a call that was asked about. */
  onKnown(): void;
}

const KEY = 'noticeFacts';
// Nobody has read it by then, let alone aimed at a button.
const IN_TIME_MS = 300;
const MOST_CALLS = 20;
const MemorySchema = v.record(
  v.string(),
  v.object({ contactId: v.string(), facts: v.array(v.object({ label: v.string(), text: v.string() })) }),
);

export interface NoticeFacts {
  /** What is known of who calls by now; what was never asked is asked for, and `onKnown` follows when it comes in time. */
  of(call: Call): Promise<readonly Fact[]>;
  /** The call has no notification any more. */
  forget(callId: string): Promise<void>;
}

type Known = Map<string, { contactId: string; facts: readonly Fact[] }>;

/** The facts of one worker's notifications. */
export function createNoticeFacts({ ask, memory, clock, onKnown }: NoticeFactsOptions): NoticeFacts {
  let restored: Promise<Known> | undefined;

  async function restore(): Promise<Known> {
    const read = v.safeParse(MemorySchema, (await memory.get(KEY))[KEY]);
    return new Map(read.success ? Object.entries(read.output) : []);
  }

  function load(): Promise<Known> {
    restored ??= restore().catch((): Known => new Map());
    return restored;
  }

  // Kept before it is shown: the next worker must not take away again what stands there.
  const keep = (known: Known) => memory.set({ [KEY]: Object.fromEntries([...known].slice(-MOST_CALLS)) });

  async function learn({ callId, remote: { number } }: Call, contactId: string, known: Known): Promise<void> {
    const askedAt = clock.now();
    const nothing = { contactId, facts: [] };
    await keep(known.set(callId, nothing));
    const met = number.kind === 'e164' && { number };
    const answer = await ask({ type: 'facts', contactId, ...met });
    const tookMs = clock.now() - askedAt;
    // A clock that was set meanwhile says nothing.
    const isInTime = tookMs >= 0 && tookMs <= IN_TIME_MS;
    if (answer.type !== 'facts' || answer.facts.length === 0 || !isInTime || known.get(callId) !== nothing) return;
    await keep(known.set(callId, { contactId, facts: answer.facts }));
    onKnown();
  }

  return {
    async of(call) {
      const { contact } = call.remote;
      // Of who is only perhaps meant, nothing is told.
      if (contact?.match !== 'exact') return [];
      const known = await load();
      const before = known.get(call.callId);
      if (before?.contactId === contact.contactId) return before.facts;
      // Storage that fails costs the facts, nothing else.
      learn(call, contact.contactId, known).catch(() => undefined);
      return [];
    },
    async forget(callId) {
      const known = await load();
      if (known.delete(callId)) await keep(known);
    },
  };
}
