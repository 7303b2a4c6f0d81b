// One channel of Asterisk, as its events tell of it. Data only: what becomes of it is decided in channels.ts, what it means
// for a line in legs.ts.
import type { Cause } from '@offhook/protocol';

/** `phone`: somebody dialled there; `dialled`: a call comes in there; `ordered`: an Originate rings it. */
export type Origin = 'unknown' | 'phone' | 'dialled' | 'ordered';

/** One channel. Ids are Uniqueids. Times are milliseconds since 1970. */
export interface Channel {
  readonly id: string;
  /** The how many-eth channel that was heard of. */
  readonly place: number;
  name: string;
  linkedId: string;
  state: 'down' | 'dialling' | 'ringing' | 'up';
  origin: Origin;
  callerNumber: string | undefined;
  callerName: string | undefined;
  connectedNumber: string | undefined;
  connectedName: string | undefined;
  /** The other number that it showed first: of an order's channel what is dialled. */
  firstConnected: string | undefined;
  /** The number with which it began, as dialled. */
  firstNumber: string | undefined;
  /** Where its dial plan has been, `'context number'`. */
  places: Set<string>;
  /** Who dials it, and whom it dials: whether that one rings. */
  dialler: string | undefined;
  dials: Map<string, 'trying' | 'ringing'>;
  /** How many it has dialled at once at most. */
  mostDials: number;
  /** How the last dial that it made, or that was made to it, came out when nobody answered. */
  dialFailure: string | undefined;
  /** The far end has answered, in whatever way. */
  isAnswered: boolean;
  bridgeId: string | undefined;
  /** It holds the call in that bridge; '' where the bridge is not known. */
  heldIn: string | undefined;
  /** The channel whose ringing call it took over. */
  pickedUpFrom: string | undefined;
  /** Who was calling there. */
  pickedUpCaller: string | undefined;
  /** Why it will end, where something but its Hangup says so. */
  endCause: Cause | undefined;
  isTransferred: boolean;
  since: number;
  /** Its Hangup, once that is there. */
  hangup: { cause: string | undefined } | undefined;
}

/** Whether a channel is one of Asterisk's own joints, which nobody hears. */
export function isLocal({ name }: { name: string }): boolean {
  return name.startsWith('Local/');
}

/** A channel that was just heard of. */
export function newChannel(news: Pick<Channel, 'id' | 'name' | 'since' | 'place'>): Channel {
  return {
    ...news,
    linkedId: news.id,
    state: 'down',
    origin: 'unknown',
    callerNumber: undefined,
    callerName: undefined,
    connectedNumber: undefined,
    connectedName: undefined,
    firstConnected: undefined,
    firstNumber: undefined,
    places: new Set(),
    dialler: undefined,
    dials: new Map(),
    mostDials: 0,
    dialFailure: undefined,
    isAnswered: false,
    bridgeId: undefined,
    heldIn: undefined,
    pickedUpFrom: undefined,
    pickedUpCaller: undefined,
    endCause: undefined,
    isTransferred: false,
    hangup: undefined,
  };
}

/** The phone or trunk of a channel, `'PJSIP/100-0000000a'` → `'PJSIP/100'`. */
export function deviceOf(channelName: string): string {
  const dash = channelName.lastIndexOf('-');
  return dash > 0 ? channelName.slice(0, dash) : channelName;
}
