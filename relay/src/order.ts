// What an agent asked for → what a phone system may be told: access, guard and the phone system's own possibilities, in
// that order. It records nothing and sends nothing. Nothing that a client wrote leaves here as it came but ids and digits.
import type { Command, CommandName, ErrorCode, Location, Params, PhoneNumber } from '@offhook/protocol';
import { refusalOf, type Viewer } from './access.ts';
import type { Guard, UserVerdict } from './guard.ts';
import type { DriverOrder } from './pbx/driver.ts';
import type { BoardCall, BoardLine } from './switchboard.ts';

/** The parts of the relay that judge an order. */
export interface OrderRules {
  guard: Pick<Guard, 'judgeFor' | 'judgeParties' | 'pressKeys' | 'confirm'>;
  line(lineId: string): BoardLine | undefined;
  /** Whether a phone system has a line of its own with this extension. */
  hasLine(pbxId: string, extension: string): boolean;
  /** Whether a number is one of the tenant's contacts, for certain. */
  isContact(tenantId: string, number: PhoneNumber): boolean;
  /** Whether contacts that are not among `hidden` sources say that nobody is to call it. */
  isDoNotCall?: ((tenantId: string, number: PhoneNumber, hidden: ReadonlySet<string>) => boolean) | undefined;
  locationOf(pbxId: string): Location;
}

/**
 * An order that may be sent. `dials`: a call starts or goes elsewhere, which counts against the user's allowance; never
 * one to an emergency or service number.
 */
export interface PreparedOrder {
  line: BoardLine;
  order: Omit<DriverOrder, 'commandKey'>;
  dials: boolean;
  /** The country that the user has confirmed by this order. */
  newCountry?: string | undefined;
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
      return partiesRefusal(asked, [call]) ?? dialling(asked, call.capabilities, { number: command.args.to, callKey });
    case 'toggle':
    case 'transfer':
    case 'conference':
      return withTwoCalls(asked, call, callOn(line, command.args.otherCallId));
    case 'sendDtmf':
      return pressing(asked, call, command.args.digits);
    default:
      return plain(asked, call.capabilities, { callKey });
  }
}

// Who is on the phone with a number that may not be dialled dialled it on the phone itself. That stays between the two of
// them: it is not handed on, so that no outside caller goes on talking at the company's cost.
function partiesRefusal({ line, rules }: Asked, calls: readonly BoardCall[]): Refusal | undefined {
  const dialled = calls.filter(({ direction }) => direction === 'outbound').map(({ remote }) => remote.number);
  return rules.guard.judgeParties(dialled, rules.locationOf(line.pbxId));
}

function withTwoCalls(asked: Asked, call: BoardCall, other: BoardCall | undefined): PreparedOrder | Refusal {
  if (!other || other === call) return { code: 'call-unknown' };
  const refusal = asked.command.name === 'toggle' ? undefined : partiesRefusal(asked, [call, other]);
  return refusal ?? plain(asked, call.capabilities, { callKey: call.callKey, otherCallKey: other.callKey });
}

// Before the far end has answered, keys are dialled on, past all that was judged of the number.
function pressing(asked: Asked, call: BoardCall, digits: string): PreparedOrder | Refusal {
  const { viewer, command, rules } = asked;
  if (call.state !== 'connected') return { code: 'not-supported', params: { command: command.name } };
  const prepared = plain(asked, call.capabilities, { callKey: call.callKey });
  if ('code' in prepared) return prepared;
  return rules.guard.pressKeys(viewer.user.userId, call.callId, digits) ?? prepared;
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
  if (command.name !== 'makeCall' && command.name !== 'redirect' && command.name !== 'setForward') {
    return { code: 'not-supported', params: { command: command.name } };
  }
  const verdict = rules.guard.judgeFor({
    userId: asked.viewer.user.userId,
    number,
    location: rules.locationOf(line.pbxId),
    command: command.name,
    isContact: (read) => rules.isContact(line.tenantId, read),
    isDoNotCall: (read) => rules.isDoNotCall?.(line.tenantId, read, asked.viewer.hiddenSources) === true,
  });
  const { dialString } = verdict;
  if (verdict.decision === 'refused' || dialString === undefined) {
    return { code: verdict.code ?? 'number-invalid', params: verdict.params };
  }
  // 112 is a colleague in some companies, and where it is, nobody knows what would be rung.
  const isService = verdict.number.kind === 'service';
  if (isService && rules.hasLine(line.pbxId, dialString)) {
    return { code: 'policy-blocked', params: { reason: 'emergency' } };
  }
  const field = command.name === 'makeCall' ? 'number' : 'to';
  const args = { ...command.args, [field]: verdict.number };
  const read = { ...asked, command: { ...command, args } as Command }; // the same member, its number replaced
  const prepared = plain(read, able, { dialString, ...(callKey !== undefined && { callKey }) });
  if ('code' in prepared) return prepared;
  // Asked for last: nobody confirms what could not be done anyway.
  const question = line.unavailableReason === 'pbxUnreachable' ? undefined : questionFor(asked, verdict);
  if (question) return question;
  const { newCountry } = verdict;
  return { ...prepared, dials: !isService, ...(newCountry !== undefined && { newCountry }) };
}

// Only an agent in our own interface has the token: it is asked about this very order, and good for it alone.
function questionFor({ viewer, command, line, rules }: Asked, verdict: UserVerdict): Refusal | undefined {
  const { decision, dialString, params } = verdict;
  if (decision !== 'confirm' || dialString === undefined) return undefined;
  const { userId } = viewer.user;
  const order = { userId, lineId: line.lineId, name: command.name, callId: command.callId, dialString };
  const given = 'confirm' in command.args ? command.args.confirm : undefined;
  const confirmed = rules.guard.confirm(order, given);
  if (confirmed.confirmed) return undefined;
  return { code: 'confirmation-needed', params: { ...params, confirm: confirmed.token } };
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
