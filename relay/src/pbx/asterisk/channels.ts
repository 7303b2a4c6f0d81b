// Every channel that Asterisk has, kept in step by its events: who dials whom, who is bridged with whom, who holds. It knows
// nothing of lines, and what it is told twice or out of order changes nothing: of two events of one millisecond either may
// come first. Uniqueid names a channel, Linkedid the conversation that Asterisk itself sees.
import { type Channel, isLocal, newChannel, type Origin } from './channel.ts';
import type { AmiMessage } from './wire.ts';

/** All channels. */
export interface Channels {
  /** Takes an event; answers the channels that may have changed. One that is over is told once, and then gone. */
  take(event: AmiMessage): Channel[];
  /** Marks the moment at which the list of all channels is asked for. */
  mark(): number;
  /** Takes that list: what was there at the mark and is not in it is over. Of what is held it says nothing. */
  sync(items: readonly AmiMessage[], mark: number): void;
  get(id: string): Channel | undefined;
  byName(name: string): Channel | undefined;
  all(): Iterable<Channel>;
  /** The others in its bridge. */
  peers(channel: Channel): Channel[];
  /** Who really calls a channel, looked up through Local channels; undefined when unknown. */
  caller(channel: Channel): Channel | undefined;
  /** The other half of a Local channel. */
  otherHalf(channel: Channel): Channel | undefined;
}

// Words from outside are looked up in maps: an object would find what it has of itself.
const STATES: ReadonlyMap<string, Channel['state']> = new Map([
  ['Ring', 'dialling'],
  ['Dialing', 'dialling'],
  ['Ringing', 'ringing'],
  ['Busy', 'ringing'],
  ['Up', 'up'],
]);
const RANK = { down: 0, dialling: 1, ringing: 1, up: 2 } as const;
const MOST_GONE = 2_000;
const MOST_HOPS = 8;

interface Book {
  now: () => number;
  byId: Map<string, Channel>;
  byName: Map<string, Channel>;
  bridges: Map<string, Set<Channel>>;
  gone: Set<string>;
  /** How many channels were heard of. */
  begun: number;
}

/** No channels yet; `now` is the relay's clock. */
export function createChannels({ now }: { now: () => number }): Channels {
  const book: Book = { now, byId: new Map(), byName: new Map(), bridges: new Map(), gone: new Set(), begun: 0 };
  return {
    take: (event) => take(book, event),
    mark: () => book.begun,
    sync: (items, mark) => sync(book, items, mark),
    get: (id) => book.byId.get(id),
    byName: (name) => book.byName.get(name),
    all: () => book.byId.values(),
    peers: (channel) => peers(book, channel),
    caller: (channel) => caller(book, channel),
    otherHalf: (channel) => otherHalf(book, channel),
  };
}

type Reader = (book: Book, event: AmiMessage) => (Channel | undefined)[];

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>(
  Object.entries({
    Newchannel: (book, event) => [upsert(book, event, '')],
    Newstate: (book, event) => [upsert(book, event, ''), ...diallersOf(book, event)],
    NewCallerid: (book, event) => [upsert(book, event, '')],
    NewConnectedLine: (book, event) => [upsert(book, event, '')],
    Newexten: (book, event) => [upsert(book, event, '')],
    Rename: rename,
    DialBegin: dialBegins,
    DialState: dialGoesOn,
    DialEnd: dialEnds,
    BridgeEnter: entersBridge,
    BridgeLeave: leavesBridge,
    Hold: (book, event) => holds(book, event, 'held'),
    Unhold: (book, event) => holds(book, event, 'retrieved'),
    Pickup: picksUp,
    BlindTransfer: (book, event) => transfers(book, event, ['Transferer']),
    AttendedTransfer: (book, event) => transfers(book, event, ['OrigTransferer', 'SecondTransferer']),
    Hangup: hangsUp,
  }),
);

function take(book: Book, event: AmiMessage): Channel[] {
  const read = READERS.get(event['Event'] ?? '');
  if (!read) return [];
  return [...new Set(read(book, event))].filter((channel) => channel !== undefined);
}

// The keys of a channel in an event, behind a prefix such as `Dest`. Undefined without an id, or for one that is over.
function upsert(book: Book, event: AmiMessage, prefix: string): Channel | undefined {
  const id = event[`${prefix}Uniqueid`];
  const name = event[`${prefix}Channel`];
  if (!id || !name || book.gone.has(id)) return undefined;
  const known = book.byId.get(id);
  const channel = known ?? begin(book, id, name);
  if (channel.name !== name && !known) return undefined;
  const read = (key: string) => event[`${prefix}${key}`];
  channel.linkedId = read('Linkedid') || channel.linkedId;
  channel.callerNumber = textOf(read('CallerIDNum')) ?? channel.callerNumber;
  channel.callerName = textOf(read('CallerIDName')) ?? channel.callerName;
  const connectedNumber = textOf(read('ConnectedLineNum'));
  if (connectedNumber !== undefined && connectedNumber !== channel.connectedNumber) {
    channel.connectedNumber = connectedNumber;
    channel.firstConnected ??= connectedNumber;
    channel.connectedName = textOf(read('ConnectedLineName'));
  }
  const number = read('Exten');
  if (number) {
    channel.places.add(`${read('Context') ?? ''} ${number}`);
    if (!known) channel.firstNumber = number;
  }
  goTo(channel, read('ChannelStateDesc'));
  return channel;
}

function begin(book: Book, id: string, name: string): Channel {
  const channel = newChannel({ id, name, since: book.now(), place: ++book.begun });
  book.byId.set(id, channel);
  book.byName.set(name, channel);
  return channel;
}

// `Ring` is what a channel is in from which somebody dials; a channel never goes back.
function goTo(channel: Channel, description: string | undefined): void {
  const state = STATES.get(description ?? '');
  if (!state || RANK[state] < RANK[channel.state]) return;
  if (state === 'dialling' && channel.origin === 'unknown') channel.origin = 'phone';
  channel.state = state;
}

function textOf(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text === '<unknown>' ? undefined : text;
}

// A state of a channel that is dialled says how the dialling goes.
function diallersOf(book: Book, event: AmiMessage): (Channel | undefined)[] {
  const channel = book.byId.get(event['Uniqueid'] ?? '');
  const dialler = channel?.dialler === undefined ? undefined : book.byId.get(channel.dialler);
  if (!channel || !dialler) return [];
  if (channel.state === 'ringing' && dialler.dials.has(channel.id)) dialler.dials.set(channel.id, 'ringing');
  return [dialler];
}

function rename(book: Book, event: AmiMessage): (Channel | undefined)[] {
  const channel = book.byId.get(event['Uniqueid'] ?? '');
  const name = event['Newname'];
  if (!channel || !name) return [];
  book.byName.delete(channel.name);
  channel.name = name;
  book.byName.set(name, channel);
  return [channel];
}

function dialBegins(book: Book, event: AmiMessage): (Channel | undefined)[] {
  const dialler = upsert(book, event, '');
  const dialled = upsert(book, event, 'Dest');
  if (!dialled) return [dialler];
  if (!dialler) {
    // Nobody dials it but an order.
    if (dialled.origin === 'unknown') dialled.origin = 'ordered';
    return [dialled];
  }
  dialled.origin = 'dialled';
  dialled.dialler = dialler.id;
  dialler.dials.set(dialled.id, dialled.state === 'ringing' ? 'ringing' : 'trying');
  dialler.mostDials = Math.max(dialler.mostDials, dialler.dials.size);
  dialler.dialFailure = undefined;
  return [dialler, dialled];
}

function dialGoesOn(book: Book, event: AmiMessage): (Channel | undefined)[] {
  const dialler = upsert(book, event, '');
  const dialled = upsert(book, event, 'Dest');
  const rings = event['DialStatus'] === 'RINGING';
  if (rings && dialler && dialled && dialler.dials.has(dialled.id)) dialler.dials.set(dialled.id, 'ringing');
  return [dialler, dialled];
}

function dialEnds(book: Book, event: AmiMessage): (Channel | undefined)[] {
  const dialler = upsert(book, event, '');
  const dialled = upsert(book, event, 'Dest');
  const status = event['DialStatus'];
  if (status === 'ANSWER') {
    if (dialler) dialler.isAnswered = true;
  } else {
    if (dialler) dialler.dialFailure = status;
    if (dialled) dialled.dialFailure = status;
  }
  dialler?.dials.delete(event['DestUniqueid'] ?? '');
  return [dialler, dialled];
}

function entersBridge(book: Book, event: AmiMessage): (Channel | undefined)[] {
  const channel = upsert(book, event, '');
  const bridgeId = event['BridgeUniqueid'];
  if (!channel || !bridgeId) return [channel];
  leave(book, channel);
  channel.bridgeId = bridgeId;
  // Who goes into another bridge speaks there, whatever was held in the one before.
  if (channel.heldIn !== undefined && channel.heldIn !== bridgeId) channel.heldIn = undefined;
  const members = book.bridges.get(bridgeId) ?? new Set();
  members.add(channel);
  book.bridges.set(bridgeId, members);
  if (members.size > 1) for (const member of members) member.isAnswered = true;
  return [...members];
}

function leavesBridge(book: Book, event: AmiMessage): (Channel | undefined)[] {
  const channel = upsert(book, event, '');
  if (!channel || channel.bridgeId !== event['BridgeUniqueid']) return [channel];
  const others = peers(book, channel);
  leave(book, channel);
  return [channel, ...others];
}

function leave(book: Book, channel: Channel): void {
  const members = book.bridges.get(channel.bridgeId ?? '');
  members?.delete(channel);
  if (members?.size === 0) book.bridges.delete(channel.bridgeId ?? '');
  channel.bridgeId = undefined;
}

function holds(book: Book, event: AmiMessage, what: 'held' | 'retrieved'): (Channel | undefined)[] {
  const channel = upsert(book, event, '');
  if (channel) channel.heldIn = what === 'held' ? (channel.bridgeId ?? '') : undefined;
  return [channel];
}

function picksUp(book: Book, event: AmiMessage): (Channel | undefined)[] {
  const channel = upsert(book, event, '');
  const target = upsert(book, event, 'Target');
  if (!channel || !target) return [channel, target];
  channel.pickedUpFrom = target.id;
  channel.pickedUpCaller = caller(book, target)?.id;
  channel.isAnswered = true;
  target.endCause = 'pickedUp';
  return [channel, target];
}

function transfers(book: Book, event: AmiMessage, transferers: readonly string[]): (Channel | undefined)[] {
  if (event['Result'] !== undefined && event['Result'] !== 'Success') return [];
  for (const prefix of transferers) {
    const channel = book.byId.get(event[`${prefix}Uniqueid`] ?? '');
    if (channel) channel.endCause = 'transferred';
  }
  const transferee = book.byId.get(event['TransfereeUniqueid'] ?? '');
  if (transferee) transferee.isTransferred = true;
  return [transferee];
}

function hangsUp(book: Book, event: AmiMessage): (Channel | undefined)[] {
  const channel = upsert(book, event, '');
  if (!channel) return [];
  channel.hangup = { cause: event['Cause'] };
  const others = peers(book, channel);
  const dialler = book.byId.get(channel.dialler ?? '');
  forget(book, channel);
  return [channel, dialler, ...others];
}

function forget(book: Book, channel: Channel): void {
  leave(book, channel);
  book.byId.delete(channel.id);
  book.byName.delete(channel.name);
  book.byId.get(channel.dialler ?? '')?.dials.delete(channel.id);
  book.gone.add(channel.id);
  const [oldest] = book.gone;
  if (oldest !== undefined && book.gone.size > MOST_GONE) book.gone.delete(oldest);
}

function peers(book: Book, channel: Channel): Channel[] {
  const members = book.bridges.get(channel.bridgeId ?? '');
  return members ? [...members].filter((member) => member !== channel) : [];
}

function otherHalf(book: Book, channel: Channel): Channel | undefined {
  const half = /^(.*);([12])$/.exec(channel.name);
  return half ? book.byName.get(`${half[1]};${half[2] === '1' ? '2' : '1'}`) : undefined;
}

function caller(book: Book, channel: Channel): Channel | undefined {
  let at = book.byId.get(channel.dialler ?? '');
  for (let hops = 0; at && isLocal(at) && hops < MOST_HOPS; hops += 1) {
    const half: Channel | undefined = otherHalf(book, at);
    at = half && (book.byId.get(half.dialler ?? '') ?? peers(book, half)[0]);
  }
  return at && isLocal(at) ? undefined : at;
}

function sync(book: Book, items: readonly AmiMessage[], mark: number): void {
  const listed = new Set<string>();
  for (const item of items) {
    const channel = upsert(book, item, '');
    if (!channel) continue;
    listed.add(channel.id);
    const seconds = secondsOf(item);
    if (seconds !== undefined) channel.since = Math.min(channel.since, book.now() - seconds * 1000);
    if (channel.origin === 'unknown') channel.origin = originOf(item['Application'], channel.state);
    const bridgeId = textOf(item['BridgeId'] ?? item['BridgeID']);
    if (bridgeId !== channel.bridgeId) leave(book, channel);
    if (bridgeId !== undefined) entersBridge(book, { ...item, BridgeUniqueid: bridgeId });
  }
  for (const channel of [...book.byId.values()]) {
    if (!listed.has(channel.id) && channel.place <= mark) forget(book, channel);
  }
  for (const channel of book.byId.values()) findDialler(book, channel);
}

// Of a dial that began before we came only its conversation is known: it is named after the channel that began it.
function findDialler(book: Book, channel: Channel): void {
  const first = book.byId.get(channel.linkedId);
  if (channel.origin !== 'dialled' || channel.dialler !== undefined || !first || first === channel) return;
  channel.dialler = first.id;
  if (channel.state !== 'up') first.dials.set(channel.id, channel.state === 'ringing' ? 'ringing' : 'trying');
}

// What runs in a channel that nobody dials from: `AppDial` where a dial made it, `AppDial2` where an order did. What rings
// otherwise is called, too; and whoever speaks and dials has dialled.
function originOf(application: string | undefined, state: Channel['state']): Origin {
  if (application === 'AppDial2') return 'ordered';
  if (application === 'Dial' && state === 'up') return 'phone';
  return application === 'AppDial' || state === 'ringing' ? 'dialled' : 'unknown';
}

// CoreShowChannels tells a `Duration`, Status the plain seconds.
function secondsOf({ Duration: duration, Seconds: plain }: AmiMessage): number | undefined {
  if (/^\d{1,9}$/.test(plain ?? '')) return Number(plain);
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d)$/.exec(duration ?? '') ?? [];
  return seconds === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
