// The phones behind the made-up NFON: calls between three desks and the outside world, told as the documentation of the CTI
// API says that they are. A fake like the server that it sits on.
import { randomUUID } from 'node:crypto';
import type { SubjectHands } from '../relay/pbx/contract-subject.ts';
import { type NfonOrder, type NfonServer, stamp } from './nfon-server.ts';

interface FakeCall {
  uuid: string;
  caller: string;
  callerContext: string;
  callee: string;
  calleeContext: string;
  /** The desk that calls, if one does. */
  from: string | undefined;
  /** The desks that ring, or the one that answered. */
  at: string[];
  phase: 'prompting' | 'dialing' | 'ringing' | 'talking' | 'failed';
  order?: NfonOrder | undefined;
}

export interface NfonExchange {
  hands: SubjectHands;
  /** How many orders were answered with a call. */
  started(): number;
}

const GROUP = '90';

/** Puts phones behind a server. */
export function createNfonExchange(server: NfonServer): NfonExchange {
  const { account } = server;
  const calls = new Set<FakeCall>();
  const phones = new Map(server.extensions.map(({ number }) => [number, { isIn: true, dnd: false }]));
  let started = 0;

  const isDesk = (number: string) => phones.has(number);
  const callOf = (desk: string) => [...calls].find(({ from, at }) => from === desk || at.includes(desk));
  const rungAt = (desk: string) => [...calls].find(({ at, phase }) => at.includes(desk) && phase === 'ringing');
  const calledBy = (desk: string) => [...calls].find(({ from }) => from === desk);

  function tell(call: FakeCall, state: string, desk: string, extra: object = {}): void {
    server.call({
      uuid: call.uuid,
      state,
      caller: call.caller,
      caller_context: call.callerContext,
      callee: call.callee,
      callee_context: call.calleeContext,
      direction: call.from === desk ? 'outbound' : 'inbound',
      extension: desk,
      customer: account,
      updated: stamp(),
      ...extra,
    });
    if (call.from === desk) call.order?.stream.event({ uuid: call.uuid, state, updated: stamp() });
  }

  function finish(call: FakeCall, error?: string): void {
    call.order?.stream.event({ uuid: call.uuid, state: 'end', updated: stamp(), ...(error && { error }) });
    call.order?.stream.end();
    call.order = undefined;
  }

  // Changes and nothing else, as the documentation has it.
  function tellStates(): void {
    for (const [desk, { isIn, dnd }] of phones) {
      const call = callOf(desk);
      const isRung = call?.at.includes(desk) && call.phase === 'ringing';
      const line = !isIn ? 'offline' : !call ? 'idle' : isRung ? 'ringing' : 'in-use';
      const next = { line, presence: dnd ? 'dnd' : 'available' };
      const before = server.states.get(desk);
      if (before?.line === next.line && before.presence === next.presence) continue;
      server.states.set(desk, next);
      server.state({ customer: account, extension: desk, ...next, updated: stamp() });
    }
  }

  function end(call: FakeCall): void {
    calls.delete(call);
    for (const desk of [...(call.from === undefined ? [] : [call.from]), ...call.at]) tell(call, 'hangup', desk);
    finish(call, call.phase === 'talking' ? undefined : 'cancel');
    tellStates();
  }

  // The own phone of an order is lifted, or a number was dialled.
  function goOut(call: FakeCall): void {
    const { from = '', callee, calleeContext } = call;
    call.phase = 'dialing';
    tell(call, 'dial', from);
    const isInside = calleeContext === account && isDesk(callee);
    if (isInside && phones.get(callee)?.isIn && !callOf(callee)) {
      call.at = [callee];
      call.phase = 'ringing';
      tell(call, 'ring', from);
      tell(call, 'ring', callee);
    }
    tellStates();
  }

  function answer(call: FakeCall, desk: string): void {
    const others = call.at.filter((one) => one !== desk);
    call.at = [desk];
    call.phase = 'talking';
    tell(call, 'answer', desk);
    if (call.from !== undefined) tell(call, 'answer', call.from);
    for (const other of others) tell(call, 'hangup', other);
    finish(call);
    tellStates();
  }

  server.onOrder = (order) => {
    const text = (key: string) => String(order.call[key] ?? '');
    const from = text('extension') || text('caller');
    const call: FakeCall = {
      uuid: randomUUID(),
      caller: text('caller'),
      callerContext: text('caller_context') || account,
      callee: text('callee'),
      calleeContext: text('callee_context') || account,
      from,
      at: [],
      phase: 'prompting',
      order,
    };
    started += 1;
    const isFree = phones.get(from)?.isIn === true && !callOf(from);
    order.stream.event({ uuid: call.uuid, state: 'start', updated: stamp() });
    if (!isFree) return finish(call, 'busy');
    calls.add(call);
    tell(call, 'caller-dial', from);
    tell(call, 'caller-ring', from);
    tellStates();
  };
  server.onEnd = (uuid) => {
    const call = [...calls].find((one) => one.uuid === uuid);
    if (!call) return 404;
    end(call);
    return 204;
  };

  const hands: SubjectHands = {
    async lift(desk) {
      const own = calledBy(desk);
      if (own?.phase === 'prompting') {
        tell(own, 'caller-answer', desk);
        return goOut(own);
      }
      const rung = rungAt(desk);
      if (rung) answer(rung, desk);
    },
    async hangUp(desk) {
      const call = callOf(desk);
      if (call && (call.from === desk || call.phase === 'talking')) end(call);
    },
    async decline(desk) {
      const call = rungAt(desk);
      if (!call) return;
      if (call.at.length === 1) return end(call);
      call.at = call.at.filter((one) => one !== desk);
      tell(call, 'hangup', desk);
      tellStates();
    },
    async dial(desk, digits) {
      if (callOf(desk) || !phones.get(desk)?.isIn) return;
      const isInside = digits.length < 4;
      const call: FakeCall = {
        uuid: randomUUID(),
        caller: desk,
        callerContext: account,
        callee: digits,
        calleeContext: isInside ? account : 'global',
        from: desk,
        at: [],
        phase: 'dialing',
      };
      calls.add(call);
      goOut(call);
    },
    hold: async () => undefined,
    retrieve: async () => undefined,
    async callIn({ to, from = 'anonymous' }) {
      const at = (to === GROUP ? [...phones.keys()] : [to]).filter((desk) => phones.get(desk)?.isIn && !callOf(desk));
      if (at.length === 0) return;
      const call: FakeCall = {
        uuid: randomUUID(),
        caller: from,
        callerContext: /^[0-9]+$/.test(from) && !from.startsWith('0') ? 'global' : account,
        callee: to,
        calleeContext: account,
        from: undefined,
        at,
        phase: 'ringing',
      };
      calls.add(call);
      for (const desk of at) tell(call, 'ring', desk);
      tellStates();
    },
    async farRings(desk) {
      const call = calledBy(desk);
      if (call?.phase !== 'dialing') return;
      call.phase = 'ringing';
      tell(call, 'ring', desk);
    },
    async farAnswers(desk) {
      const call = calledBy(desk);
      if (!call || call.at.length > 0 || (call.phase !== 'dialing' && call.phase !== 'ringing')) return;
      call.phase = 'talking';
      tell(call, 'answer', desk);
      finish(call);
      tellStates();
    },
    async farHangsUp(desk, cause = 'normal') {
      const call = callOf(desk);
      if (!call || call.phase === 'prompting' || call.phase === 'failed') return;
      // The request is over, the handset still up.
      if (cause !== 'normal' && call.order) {
        finish(call, cause === 'busy' ? 'busy' : 'reject');
        call.phase = 'failed';
        return;
      }
      end(call);
    },
    async ringsOut(desk) {
      const call = calledBy(desk);
      if (call?.phase !== 'prompting') return;
      calls.delete(call);
      finish(call, 'timeout');
      tellStates();
    },
    async setPhone(desk, state) {
      const phone = phones.get(desk);
      if (phone) phone.isIn = state === 'loggedIn';
      tellStates();
    },
    async setDnd(desk, state) {
      const phone = phones.get(desk);
      if (phone) phone.dnd = state === 'on';
      tellStates();
    },
    setForward: async () => undefined,
    setVoicemail: async () => undefined,
  };
  return { hands, started: () => started };
}
