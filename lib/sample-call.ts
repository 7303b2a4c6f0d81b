// A pretended call, to try out whether one is noticed. It is laid over the picture of the phones, so that badge, views,
// notification and caller window treat it as any other; the relay never hears of it, and it ends by itself.
import type { Call, CommandOrder, Line } from '@offhook/protocol';
import type { Clock } from './clock.ts';
import type { OrderResult } from './messages.ts';
import { type HeldLine, ownLinesOf, type PhoneState } from './phone.ts';

/** A picture of the phones that changes. */
export interface PhonePicture {
  state(): PhoneState;
  onChange(listener: (state: PhoneState) => void): void;
}

export interface SampleCall extends PhonePicture {
  /** Lets it ring; an earlier one is over with that. Answers its `callId`. */
  start(): string;
  /** Answers or ends it. */
  give(order: CommandOrder): OrderResult;
}

export interface SampleCallOptions {
  phone: PhonePicture;
  clock: Clock;
  newId(): string;
  /** Who is said to call; must be recognisable as a test. */
  name(): string;
}

interface Sample {
  callId: string;
  state: 'offering' | 'connected' | 'ended';
  startedAt: number;
  connectedAt?: number;
}

const PREFIX = 'sample:';
const RING_MS = 30_000;
const ENDED_MS = 5_000;

/** Whether a call, or the entry about it, is a pretended one. */
export function isSample(id: string): boolean {
  return id.startsWith(PREFIX);
}

/** The picture of the phones with the pretended call in it, if there is one. */
export function createSampleCall({ phone, clock, newId, name }: SampleCallOptions): SampleCall {
  const listeners = new Set<(state: PhoneState) => void>();
  let sample: Sample | undefined;
  let cancel: (() => void) | undefined;

  const state = () => (sample ? withSample(phone.state(), sample, name()) : phone.state());

  function tell(): void {
    for (const listener of [...listeners]) listener(state());
  }

  function become(next: Sample | undefined): void {
    sample = next;
    cancel?.();
    cancel = undefined;
    if (next?.state === 'ended') cancel = clock.after(ENDED_MS, () => become(undefined));
    else if (next)
      cancel = clock.after(next.startedAt + RING_MS - clock.now(), () => become({ ...next, state: 'ended' }));
    tell();
  }

  phone.onChange(tell);
  return {
    state,
    onChange: (listener) => void listeners.add(listener),
    start() {
      const callId = PREFIX + newId();
      become({ callId, state: 'offering', startedAt: clock.now() });
      return callId;
    },
    give({ name: order }) {
      if (!sample || sample.state === 'ended') return { type: 'failed', code: 'call-unknown' };
      if (order !== 'answer' && order !== 'drop') return { type: 'failed', code: 'not-supported' };
      const { callId } = sample;
      if (order === 'drop') become({ ...sample, state: 'ended' });
      else if (sample.state === 'offering') become({ ...sample, state: 'connected', connectedAt: clock.now() });
      return { type: 'done', callId };
    },
  };
}

function withSample(state: PhoneState, sample: Sample, name: string): PhoneState {
  const [own] = ownLinesOf(state);
  const held = own ?? { line: lineFor(state), receivedAt: sample.startedAt };
  const call = callOf(sample, { receivedAt: held.receivedAt, name, extension: held.line.extension });
  const isRinging = sample.state === 'offering' && held.line.state === 'idle';
  const line: Line = { ...held.line, ...(isRinging && { state: 'ringing' }), calls: [...held.line.calls, call] };
  const replaced: HeldLine = { ...held, line };
  return {
    ...state,
    lines: own ? state.lines.map((one) => (one === own ? replaced : one)) : [replaced, ...state.lines],
  };
}

// Who has no line yet can still see what a call would look like.
function lineFor({ user }: PhoneState): Line {
  return {
    lineId: PREFIX,
    tenant: PREFIX,
    name: user?.name ?? 'Offhook',
    extension: '',
    isOwn: true,
    state: 'idle',
    asOf: new Date(0).toISOString(),
    dnd: null,
    forward: null,
    capabilities: [],
    calls: [],
  };
}

// Ages count from when the line's frame arrived, which may be before the call began.
function callOf(sample: Sample, line: { receivedAt: number; name: string; extension: string }): Call {
  const { callId, state, startedAt, connectedAt } = sample;
  return {
    callId,
    conversationId: callId,
    direction: 'inbound',
    state,
    ...(state === 'ended' && { cause: 'normal' as const }),
    // A text only: nobody is called back who does not exist.
    remote: { number: { kind: 'raw', text: '+49 30 23125990' }, name: line.name, verified: true },
    ...(line.extension !== '' && { dialled: { kind: 'internal' as const, number: line.extension } }),
    answerReported: true,
    ageMs: line.receivedAt - startedAt,
    ...(connectedAt !== undefined && { connectedMs: line.receivedAt - connectedAt }),
    capabilities: state === 'offering' ? ['answer', 'drop'] : state === 'connected' ? ['drop'] : [],
  };
}
