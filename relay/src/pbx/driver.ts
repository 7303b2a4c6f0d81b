// The contract between the relay and a phone system. One driver = one file or folder in this folder; it translates, it
// decides nothing: who may do what, what is recorded and what agents see is the business of others.
// tests/relay/pbx/contract.ts checks every driver against it; docs/writing-a-driver.md explains it to newcomers.
import type {
  CallState,
  Cause,
  CommandName,
  CommandOrder,
  Direction,
  ErrorCode,
  Params,
  PbxRestriction,
} from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { ReadSecret } from '../secret-ref.ts';

/** The other party as the phone system names it: digits as it writes them, undefined when withheld. */
export interface ReportedRemote {
  number: string | undefined;
  name?: string | undefined;
}

/**
 * One call as seen from one line. Legs with one `linkKey` belong to one conversation. `since` and `connectedSince` are
 * milliseconds since 1970 on the relay's clock; a driver that only learns ages subtracts them.
 */
export interface Leg {
  lineKey: string;
  /** The phone system's own key of the call at this line; stable over reconnects and restarts of the relay. */
  callKey: string;
  linkKey?: string | undefined;
  direction: Direction;
  state: CallState;
  cause?: Cause | undefined;
  remote: ReportedRemote;
  /** Which of our numbers was called (inbound), or what was dialled (outbound), as the phone system writes it. */
  dialled?: string | undefined;
  since: number;
  connectedSince?: number | undefined;
  /** Whether this phone system tells when the far end answers. */
  answerReported: boolean;
  capabilities: readonly CommandName[];
  /** The command that started this leg, where the phone system lets us know. */
  commandKey?: string | undefined;
  /** Name of the ring group or queue through which the call came. */
  group?: string | undefined;
  /** The phone system documents that it does not tell all of such a call: whether somebody answered, nobody may know. */
  isPartial?: boolean | undefined;
}

/** One line as the phone system reports it, without its calls. */
export interface LineReport {
  lineKey: string;
  extension: string;
  name: string;
  /** Whether a phone is logged in; undefined when the phone system does not tell. */
  isRegistered: boolean | undefined;
  /** What the line does besides its calls, where the phone system tells that but not every call. Calls go before it. */
  lamp?: 'idle' | 'ringing' | 'busy' | 'unknown' | undefined;
  dnd: boolean | null;
  forward: { when: 'all' | 'busy' | 'noAnswer'; to: string } | null;
  /** The phone that rings for this line, by the name that people know. */
  device?: string | undefined;
  /** The phones that an order may name as `args.device` of makeCall; left out where there is nothing to choose. */
  devices?: readonly { deviceId: string; name: string }[] | undefined;
  /** New messages in the voicemail box; undefined when the phone system does not tell. */
  voicemail?: number | undefined;
  /** What of the driver's declared restrictions holds for this line and is of interest to agents. */
  restrictions?: readonly PbxRestriction[] | undefined;
  capabilities: readonly CommandName[];
}

/** Whether the driver is in touch with its phone system. While it is not, lines are `unknown`. */
export type PbxStatus = { type: 'connecting' } | { type: 'connected' } | { type: 'disconnected'; reason: string };

/** How a command came out. Always an event, never a return value: it may arrive after a reconnect, or never. */
export interface CommandOutcome {
  commandKey: string;
  state: 'done' | 'failed';
  code?: ErrorCode | undefined;
  params?: Params | undefined;
  /** The call that the command made or changed. */
  callKey?: string | undefined;
}

export type DriverEvent =
  | { type: 'leg'; leg: Leg }
  | { type: 'line'; line: LineReport }
  /** Calls that turned out to be one conversation (a bridge, a transfer). */
  | { type: 'link'; callKeys: readonly string[] }
  | { type: 'outcome'; outcome: CommandOutcome }
  | { type: 'status'; status: PbxStatus };

/**
 * An order that passed access and guard and was recorded. `commandKey` is unique per order for ever: hand it to the phone
 * system where it takes an id, so that even there the order exists once. `number` fields are dial strings by now.
 */
export interface DriverOrder {
  commandKey: string;
  lineKey: string;
  callKey?: string | undefined;
  order: CommandOrder;
  /** The digits to dial for makeCall, redirect and setForward: only `[+0-9*#]`. */
  dialString?: string | undefined;
  /** The phone system's keys for `otherCallId` (toggle, transfer, conference) and `lineId` (pickup). */
  otherCallKey?: string | undefined;
  otherLineKey?: string | undefined;
}

/** `sent`: handed over, an outcome event follows. `rejected`: certainly not carried out. */
export type SendResult = { type: 'sent' } | { type: 'rejected'; code: ErrorCode; params?: Params | undefined };

export interface DriverContext {
  /** Ends the driver: it closes its connection and emits nothing more. */
  signal: AbortSignal;
  emit: (event: DriverEvent) => void;
  log: Logger;
  clock: Clock;
  /** The relay's own, for phone systems that want to be told who asks. */
  version?: string | undefined;
}

export interface Driver {
  /**
   * Everything the phone system knows now: lines, and legs that are not over. Asked after each `connected` status.
   * Whoever awaits it has it before any event that is newer than it is emitted.
   */
  snapshot(): Promise<{ lines: LineReport[]; legs: Leg[] }>;
  /** Hands an order over. A throw means that nobody knows whether it arrived: its outcome is `unknown`. */
  command(order: DriverOrder): Promise<SendResult>;
  close(): Promise<void>;
}

/**
 * Opens a driver. It connects by itself, reconnects with back-off, and says so by `status` events. A password is an option
 * that says where it stands (`secretRefSchema`): the driver reads it at each connection, so that a new one needs no restart,
 * and keeps, logs and emits it nowhere.
 */
export type OpenDriver<Options> = (options: Options, context: DriverContext, readSecret: ReadSecret) => Driver;

/** What `relay doctor` is told of one phone system; `remedy` is there unless all is well. */
export interface PbxFinding {
  state: 'ok' | 'warn' | 'fail';
  message: string;
  remedy?: string | undefined;
}

/**
 * Looks at a phone system beside the driver, for `relay doctor`: rights that are missing or too many, versions that should be
 * updated, a line that others can read. It changes nothing there, and answers a failure as a finding.
 */
export type ExaminePbx<Options> = (
  options: Options,
  tools: { clock: Clock; readSecret: ReadSecret },
) => Promise<PbxFinding[]>;

/** A phone system that failed us. `code` goes to whoever asked, the message into the log. */
export class PbxError extends Error {
  override readonly name = 'PbxError';
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
