// What the extension knows about the phones: a pure reducer from relay messages to lines and calls. The single source
// for badge, views and notifications; it never invents a state, and what is old says how old it is.
import type { Cursor, ErrorCode, Line } from '@offhook/protocol';

/** How the link to the relay stands. `offline` comes back by itself; `refused` needs the agent. */
export type LinkStatus =
  | { type: 'unpaired' }
  | { type: 'connecting' }
  | { type: 'online' }
  | { type: 'offline'; code?: ErrorCode | undefined }
  | { type: 'refused'; code: ErrorCode };

/** A line with the moment its frame arrived (`Date.now()` of this browser), from which running times are counted. */
export interface HeldLine {
  line: Line;
  receivedAt: number;
}

export interface PhoneState {
  link: LinkStatus;
  user?: { userId: string; name: string } | undefined;
  /** ISO 3166 country of the tenant, for showing numbers. */
  country: string;
  relayVersion?: string | undefined;
  cursor?: Cursor | undefined;
  /** In the order of extensions. Empty until the first snapshot. */
  lines: readonly HeldLine[];
  /** When the relay was last heard (`Date.now()`); what is shown while not online is as old as this. */
  heardAt?: number | undefined;
}
