// Names of callers from this browser's memory, laid over the picture of the phones where the relay has none yet. The relay's
// own word always goes before, and what it says of a number ends what is remembered otherwise.
import type { Call, Contact, PhoneNumber, ServerMessage } from '@offhook/protocol';
import type { ContactMemory } from './contacts.ts';
import { type HeldLine, ownCallsOf, type PhoneState } from './phone.ts';
import type { PhonePicture } from './sample-call.ts';

export interface RecalledCalls extends PhonePicture {
  /** The relay was asked whom a number belongs to; undefined: to nobody. */
  told(number: PhoneNumber, contact: Contact | undefined): void;
  /** To be told of every message: who was spoken with lately is worth remembering. */
  onMessage(message: ServerMessage): void;
  /** Resolves when everybody who calls now was looked for in the memory; never rejects. */
  recollected(): Promise<unknown>;
  forget(): Promise<void>;
}

/** The layer of one worker. */
export function createRecalledCalls({ phone, memory }: { phone: PhonePicture; memory: ContactMemory }): RecalledCalls {
  const recalled = new Map<string, Contact>();
  const asked = new Set<string>();
  const pending = new Set<Promise<void>>();
  const listeners: ((state: PhoneState) => void)[] = [];
  let round = 0;
  let drawn: { from: PhoneState; round: number; state: PhoneState } | undefined;

  function state(): PhoneState {
    const from = phone.state();
    if (drawn?.from !== from || drawn.round !== round) drawn = { from, round, state: withNames(from, recalled) };
    return drawn.state;
  }

  function changed(): void {
    round += 1;
    for (const listener of listeners) listener(state());
  }

  async function recall(number: PhoneNumber & { kind: 'e164' }): Promise<void> {
    const contact = await memory.recall(number);
    // Meanwhile it may have been forgotten.
    if (!contact || !asked.has(number.number)) return;
    recalled.set(number.number, contact);
    changed();
  }

  function look(now: PhoneState): void {
    const numbers = ownCallsOf(now).flatMap(({ call: { remote } }) => {
      if (remote.contact) void memory.keep(remote.number, remote.contact);
      return remote.contact || remote.number.kind !== 'e164' ? [] : [remote.number];
    });
    const fresh = numbers.filter(({ number }) => !asked.has(number));
    for (const number of asked) {
      if (numbers.some((one) => one.number === number)) continue;
      asked.delete(number);
      // Next time it may be another name.
      recalled.delete(number);
    }
    for (const number of fresh) {
      asked.add(number.number);
      const looking = recall(number).finally(() => pending.delete(looking));
      pending.add(looking);
    }
  }

  phone.onChange((now) => {
    look(now);
    for (const listener of listeners) listener(state());
  });

  return {
    state,
    onChange: (listener) => void listeners.push(listener),
    told(number, contact) {
      void memory.keep(number, contact);
      if (!contact && number.kind === 'e164' && recalled.delete(number.number)) changed();
    },
    onMessage(message) {
      if (message.type !== 'journal') return;
      for (const item of message.items) {
        if ('remote' in item && item.remote.contact) void memory.keep(item.remote.number, item.remote.contact);
      }
    },
    recollected: () => Promise.allSettled(pending),
    async forget() {
      recalled.clear();
      asked.clear();
      round += 1;
      await memory.forget();
    },
  };
}

function withNames(state: PhoneState, recalled: ReadonlyMap<string, Contact>): PhoneState {
  if (recalled.size === 0) return state;
  return { ...state, lines: state.lines.map((held) => (held.line.isOwn ? namedIn(held, recalled) : held)) };
}

function namedIn(held: HeldLine, recalled: ReadonlyMap<string, Contact>): HeldLine {
  const calls = held.line.calls.map((call) => named(call, recalled));
  const isSame = calls.every((call, at) => call === held.line.calls[at]);
  return isSame ? held : { ...held, line: { ...held.line, calls } };
}

function named(call: Call, recalled: ReadonlyMap<string, Contact>): Call {
  const { remote } = call;
  if (remote.contact || remote.number.kind !== 'e164') return call;
  const contact = recalled.get(remote.number.number);
  return contact ? { ...call, remote: { ...remote, contact } } : call;
}
