// Opens the contact of a call by itself, when the phone rings, when the agent calls or when it was answered, as he chose.
// Once a call, whatever becomes of the worker, and in the one browser of the agent that announces it; never over a
// conversation that goes on, never for a contact that is only perhaps the right one, and never while the agent types: then
// the buttons of notification and window remain.
import type { Call } from '@offhook/protocol';
import { createTurns } from './in-turn.ts';
import { ownCallsOf, type PhoneState } from './phone.ts';
import type { KeyValueStore, Settings } from './settings.ts';

export interface ContactOpenerOptions {
  memory: KeyValueStore;
  state(): PhoneState;
  /** When the agent wants it; undefined: never. */
  moments(): Promise<OpeningMoments | undefined>;
  /** Whether it is this browser that announces the call. */
  maySpeak(callId: string): boolean;
  isTyping(): Promise<boolean>;
  open(callId: string, url: string): Promise<unknown>;
}

/** The settings that say when. */
export type OpeningMoments = Pick<Settings, 'opensContact' | 'opensContactVip' | 'opensContactOutbound'>;

/** `elsewhere`: it rang, and another browser of the agent announced it. */
type Mark = 'opened' | 'elsewhere';
type Marks = Readonly<Record<string, Mark | undefined>>;

const KEY = 'openedContacts';
// Who was asked later, since the browser was only just started, is in the middle of the call.
const JUST_ANSWERED_MS = 15_000;
const CALLING: readonly Call['state'][] = ['initiated', 'prompting', 'dialing', 'ringback', 'queued'];

/** Answers what to call at every change of the phones. */
export function createContactOpener(options: ContactOpenerOptions): { update(): Promise<void> } {
  const inTurn = createTurns();
  let nextLook: Promise<void> | undefined;

  async function look(): Promise<void> {
    nextLook = undefined;
    const calls = callsWithContact(options.state());
    if (calls.length === 0) return;
    const moments = await options.moments();
    if (!moments) return;
    const before = await load(options.memory);
    const marks = new Map(calls.map((call) => [call.callId, markOf(call, before)]));
    const due = calls.filter((call) => isDue(call, { moments, marks, state: options.state() }));
    for (const { callId } of due) marks.set(callId, 'opened');
    // Remembered first: a page that opens twice would throw away what was begun in it.
    if (calls.some(({ callId }) => marks.get(callId) !== before[callId])) {
      await options.memory.set({ [KEY]: Object.fromEntries(marks) });
    }
    const last = due.at(-1);
    const url = last?.remote.contact?.url;
    if (last && url !== undefined && !(await options.isTyping())) await options.open(last.callId, url);
  }

  function markOf({ callId, state }: Call, before: Marks): Mark | undefined {
    const mark = before[callId];
    if (mark === 'opened') return mark;
    if (options.maySpeak(callId)) return undefined;
    return state === 'offering' ? 'elsewhere' : mark;
  }

  return {
    update() {
      // Most changes concern no such call: they cost nothing.
      if (callsWithContact(options.state()).length === 0) return Promise.resolve();
      nextLook ??= inTurn(look);
      return nextLook;
    },
  };
}

function callsWithContact(state: PhoneState): Call[] {
  if (state.link.type !== 'online') return [];
  const calls = ownCallsOf(state).map(({ call }) => call);
  return calls.filter(
    ({ direction, remote: { contact } }) =>
      (direction === 'inbound' || direction === 'outbound') && contact?.url !== undefined && contact.match === 'exact',
  );
}

interface Sight {
  moments: OpeningMoments;
  marks: ReadonlyMap<string, Mark | undefined>;
  state: PhoneState;
}

function isDue(call: Call, { moments, marks, state }: Sight): boolean {
  if (marks.get(call.callId) !== undefined) return false;
  const moment = momentOf(call, moments);
  if (moment === 'answer') return call.state === 'connected' && (call.connectedMs ?? 0) < JUST_ANSWERED_MS;
  const others = ownCallsOf(state).filter((one) => one.call.callId !== call.callId);
  if (moment === 'ring') return call.state === 'offering' && others.every((one) => one.call.state === 'offering');
  if (moment === 'dial') return CALLING.includes(call.state) && others.length === 0;
  return false;
}

function momentOf(
  { direction, remote }: Call,
  { opensContact, opensContactVip, opensContactOutbound }: OpeningMoments,
): Settings['opensContact'] | Settings['opensContactOutbound'] {
  if (direction === 'outbound') return opensContactOutbound;
  return remote.contact?.vip === true ? (opensContactVip ?? opensContact) : opensContact;
}

async function load(memory: KeyValueStore): Promise<Marks> {
  const stored = (await memory.get(KEY))[KEY];
  // Session storage holds only what is written above.
  return typeof stored === 'object' && stored !== null ? (stored as Marks) : {};
}
