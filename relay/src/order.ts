// What an agent asked for → what a phone system may be told: access, guard and the phone system's own possibilities, in
// that order. It records nothing and sends nothing. Nothing that a client wrote leaves here as it came but ids and digits.
import type { Command, CommandName, ErrorCode, Location, Params, PhoneNumber } from '@offhook/protocol';
import { refusalOf, type Viewer } from './access.ts';
import type { Guard } from './guard.ts';
import type { DriverOrder } from './pbx/driver.ts';
import type { BoardCall, BoardLine } from './switchboard.ts';

/** The parts of the relay that judge an order. */
export interface OrderRules {
  guard: Pick<Guard, 'judge'>;
  line(lineId: string): BoardLine | undefined;
  locationOf(pbxId: string): Location;
}

/** An order that may be sent. `dials`: a call starts or goes elsewhere, which counts against the user's allowance. */
export interface PreparedOrder {
  line: BoardLine;
  order: Omit<DriverOrder, 'commandKey'>;
  dials: boolean;
}

/** Why an order is not carried out. Absent and not granted are the same refusal. */
export interface Refusal {
  code: ErrorCode;
  params?: Params | undefined;
}

interface Asked {
  viewer: Viewer;
  command: Command;
  line: BoardLine;
  rules: OrderRules;
}

/** The order for the phone system, or the reason why there is none. */
export function prepareOrder(viewer: Viewer, command: Command, rules: OrderRules): PreparedOrder | Refusal {
  const line = rules.line(command.lineId);
  const refusal = refusalOf(viewer, line, 'control');
  if (refusal || !line) return { code: refusal ?? 'line-unknown' };
  const prepared = onLine({ viewer, command, line, rules });
  if ('code' in prepared) return prepared;
  // Last, so that somebody without rights does not learn that the phone system is out of reach.
  return line.unavailableReason === 'pbxUnreachable' ? { code: 'pbx-unreachable' } : prepared;
}

function onLine(asked: Asked): PreparedOrder | Refusal {
  const { command, line } = asked;
  switch (command.name) {
    case 'makeCall':
      return dialling(asked, line.capabilities, { number: command.args.number });
    case 'setForward':
      if (command.args.to !== null) return dialling(asked, line.capabilities, { number: command.args.to });
      return plain(asked, line.capabilities);
    case 'setDnd':
      return plain(asked, line.capabilities);
    case 'pickup':
      return pickingUp(asked, command.args.lineId);
    case 'redirect':
    case 'toggle':
    case 'transfer':
    case 'conference':
    case 'answer':
    case 'drop':
    case 'hold':
    case 'retrieve':
    case 'sendDtmf':
      return onCall(asked);
    default:
      return command satisfies never;
  }
}

// Calls are looked up on the line that the order names: a call of another line is no call here.
function onCall(asked: Asked): PreparedOrder | Refusal {
  const { command, line } = asked;
  const call = callOn(line, command.callId);
  if (!call) return { code: 'call-unknown' };
  const { callKey } = call;
  switch (command.name) {
    case 'redirect':
      return dialling(asked, call.capabilities, { number: command.args.to, callKey });
    case 'toggle':
    case 'transfer':
    case 'conference': {
      const other = callOn(line, command.args.otherCallId);
      if (!other || other === call) return { code: 'call-unknown' };
      return plain(asked, call.capabilities, { callKey, otherCallKey: other.callKey });
    }
    default:
      return plain(asked, call.capabilities, { callKey });
  }
}

function callOn(line: BoardLine, callId: string | undefined): BoardCall | undefined {
  return line.calls.find((call) => call.callId === callId);
}

type Keys = Pick<DriverOrder, 'callKey' | 'otherCallKey' | 'otherLineKey' | 'dialString'>;

function plain({ command, line }: Asked, able: readonly CommandName[], keys: Keys = {}): PreparedOrder | Refusal {
  const { name, args } = command;
  if (!able.includes(name)) return { code: 'not-supported', params: { command: name } };
  const order = { name, args } as DriverOrder['order']; // name and args come as one member of the union
  return { line, order: { lineKey: line.lineKey, order, ...keys }, dials: false };
}

// The number goes on as the relay read it, never as the client wrote it.
function dialling(
  asked: Asked,
  able: readonly CommandName[],
  { number, callKey }: { number: PhoneNumber; callKey?: string },
): PreparedOrder | Refusal {
  const { command, line, rules } = asked;
  const verdict = rules.guard.judge(number, rules.locationOf(line.pbxId));
  if (verdict.decision !== 'allowed' || verdict.dialString === undefined) {
    return { code: verdict.code ?? 'number-invalid', params: verdict.params };
  }
  const field = command.name === 'makeCall' ? 'number' : 'to';
  const args = { ...command.args, [field]: verdict.number };
  const read = { ...asked, command: { ...command, args } as Command }; // the same member, its number replaced
  const prepared = plain(read, able, { dialString: verdict.dialString, ...(callKey !== undefined && { callKey }) });
  return 'code' in prepared ? prepared : { ...prepared, dials: true };
}

// `command.lineId` is the agent's own line, where the call shall come to; the right is needed on the colleague's.
function pickingUp(asked: Asked, targetId: string): PreparedOrder | Refusal {
  const { viewer, line, rules } = asked;
  const target = rules.line(targetId);
  const refusal = refusalOf(viewer, target, 'pickup');
  if (refusal || !target) return { code: refusal ?? 'line-unknown' };
  if (target.pbxId !== line.pbxId) return { code: 'not-supported', params: { command: 'pickup' } };
  return plain(asked, line.capabilities, { otherLineKey: target.lineKey });
}
