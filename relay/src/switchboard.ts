// Turns what phone systems report into lines, calls and conversations: the relay's picture of the present. It knows
// drivers and the journal by their interfaces only, grants nothing and sends nothing.
import type {
  CallState,
  Cause,
  CommandName,
  Direction,
  LineState,
  PhoneNumber,
  UnavailableReason,
} from '@offhook/protocol';

/** A call on a line, with the phone system's own keys. Times are milliseconds since 1970. */
export interface BoardCall {
  callId: string;
  callKey: string;
  conversationId: string;
  direction: Direction;
  state: CallState;
  cause?: Cause | undefined;
  remote: { number: PhoneNumber; name?: string | undefined };
  dialled?: PhoneNumber | undefined;
  group?: string | undefined;
  answerReported: boolean;
  since: number;
  connectedSince?: number | undefined;
  endedAt?: number | undefined;
  capabilities: readonly CommandName[];
}

/** A line with its calls, unfiltered: access.ts decides what of it a viewer gets. */
export interface BoardLine {
  lineId: string;
  tenantId: string;
  pbxId: string;
  lineKey: string;
  extension: string;
  name: string;
  state: LineState;
  unavailableReason?: UnavailableReason | undefined;
  asOf: number;
  dnd: boolean | null;
  forward: { when: 'all' | 'busy' | 'noAnswer'; to: PhoneNumber } | null;
  device?: string | undefined;
  capabilities: readonly CommandName[];
  /** The tenant's revision at which this line last changed. */
  rev: number;
  calls: readonly BoardCall[];
}
