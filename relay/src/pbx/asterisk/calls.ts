// The legs of all lines, told when they change and only then. It watches channels, and remembers of each leg what its
// channel does not: since when it is connected, that its dial failed for good, that Asterisk itself took the call.
import type { CallState, CommandName } from '@offhook/protocol';
import type { Clock } from '../../clock.ts';
import type { DriverEvent, Leg } from '../driver.ts';
import { type Channel, isLocal } from './channel.ts';
import type { Channels } from './channels.ts';
import { type LegRules, legOf } from './legs.ts';
import { isRemoteControlled, type Lines } from './lines.ts';
import type { AsteriskOptions } from './options.ts';
import type { Orders } from './orders.ts';

/** How long after a failed dial the dial plan may take to try something else. */
const GIVE_UP_AFTER_MS = 1_500;

/** What is possible at all: by the manager's user and the settings. */
export interface Powers {
  call: boolean;
  originate: boolean;
  system: boolean;
}

export interface CallsOptions {
  channels: Channels;
  lines: Lines;
  options: AsteriskOptions;
  orders: Pick<Orders, 'orderOf'>;
  powers(): Powers;
  clock: Clock;
  /** Not called while nothing may be told, as before the first snapshot. */
  tell(event: DriverEvent): void;
  /** A call of this line to a feature code is over: something may have been switched. */
  onFeatureCode(extension: string): void;
}

/** The legs of all lines. */
export interface Calls {
  /** Looks at channels that may have changed, and at what else is on their lines. */
  look(channels: readonly Channel[]): void;
  /** All legs that are not over, which count as told. */
  snapshot(): Leg[];
  /** Asterisk itself took the call: an announcement, a voicemail box. */
  takenByApplication(channel: Channel): void;
  leg(callKey: string): Leg | undefined;
}

interface Memory {
  told: string;
  leg: Leg;
}

interface Book extends CallsOptions {
  rules: LegRules;
  known: Map<string, Memory>;
  byLine: Map<string, Set<Channel>>;
  /** Ids of channels: whose dials failed for good, may have, and whose far end is Asterisk itself. */
  givenUp: Set<string>;
  doubtful: Set<string>;
  inApplication: Set<string>;
  /** What is heard of now was there before us. */
  isSync: boolean;
}

/** No legs yet. */
export function createCalls(setup: CallsOptions): Calls {
  const { channels, lines, options, orders } = setup;
  const rules: LegRules = {
    channels,
    lineKeyOf: ({ name }) => lines.lineKeyOf(name),
    hasLine: lines.hasLine,
    isDndOn: lines.isDndOn,
    orderOf: ({ id }) => orders.orderOf(id),
    groupAt: (place) => groupAt(options, place),
    isGivenUp: ({ id }) => book.givenUp.has(id),
    isInApplication: ({ id }) => book.inApplication.has(id),
    before: ({ id }) => book.known.get(id)?.leg,
    connectedSince: (channel, state) => connectedSince(book, channel, state),
    capabilities: (channel, state) => capabilitiesOf(book, channel, state),
  };
  const book: Book = {
    ...setup,
    rules,
    known: new Map(),
    byLine: new Map(),
    givenUp: new Set(),
    doubtful: new Set(),
    inApplication: new Set(),
    isSync: false,
  };
  return {
    look: (changed) => look(book, changed),
    snapshot: () => snapshot(book),
    takenByApplication(channel) {
      book.inApplication.add(channel.id);
      lookAt(book, channel);
    },
    leg: (callKey) => book.known.get(callKey)?.leg,
  };
}

function look(book: Book, changed: readonly Channel[]): void {
  const all = new Set<Channel>();
  for (const channel of changed) {
    const line = isLocal(channel) ? undefined : book.lines.lineKeyOf(channel.name);
    if (line === undefined) continue;
    all.add(channel);
    keep(book, line, channel);
    // What can be done with one call depends on the others at its phone.
    for (const sibling of channelsOf(book, line)) all.add(sibling);
  }
  for (const channel of all) lookAt(book, channel);
}

function keep(book: Book, line: string, channel: Channel): void {
  const { byLine, known } = book;
  // A call that went on at another phone is over at the first one.
  const before = known.get(channel.id)?.leg;
  if (before && before.lineKey !== line) leaveLine(book, before, channel);
  const members = byLine.get(line) ?? new Set();
  if (channel.hangup) members.delete(channel);
  else members.add(channel);
  byLine.set(line, members);
}

function leaveLine({ byLine, known, tell }: Book, leg: Leg, channel: Channel): void {
  byLine.get(leg.lineKey)?.delete(channel);
  known.delete(leg.callKey);
  tell({ type: 'leg', leg: { ...leg, state: 'ended', cause: channel.endCause ?? 'unknown', capabilities: [] } });
}

function channelsOf({ byLine }: Book, lineKey: string): Channel[] {
  return [...(byLine.get(lineKey) ?? [])];
}

function lookAt(book: Book, channel: Channel): void {
  const { known, rules, tell } = book;
  considerGivingUp(book, channel);
  const leg = legOf(channel, rules);
  if (!leg) return;
  const told = JSON.stringify(leg);
  if (known.get(channel.id)?.told !== told) {
    known.set(channel.id, { told, leg });
    tell({ type: 'leg', leg });
  }
  if (leg.state !== 'ended') return;
  for (const memory of [known, book.givenUp, book.doubtful, book.inApplication]) memory.delete(channel.id);
  if (/^[*#]/.test(leg.dialled ?? '')) book.onFeatureCode(leg.lineKey);
}

function snapshot(book: Book): Leg[] {
  const { byLine, channels, known, rules, tell } = book;
  book.isSync = true;
  byLine.clear();
  for (const channel of channels.all()) {
    const line = isLocal(channel) ? undefined : book.lines.lineKeyOf(channel.name);
    if (line !== undefined) keep(book, line, channel);
  }
  const legs = [...channels.all()].flatMap((channel) => legOf(channel, rules) ?? []);
  book.isSync = false;
  const present = new Set(legs.map(({ callKey }) => callKey));
  const lost = [...known.values()].filter(({ leg }) => !present.has(leg.callKey));
  known.clear();
  for (const leg of legs) known.set(leg.callKey, { told: JSON.stringify(leg), leg });
  for (const memory of [book.givenUp, book.doubtful, book.inApplication]) {
    for (const id of memory) if (!known.has(id)) memory.delete(id);
  }
  // Whoever was in touch all the time has to hear of it: no event tells that a call is missing in a list.
  for (const { leg } of lost) {
    tell({ type: 'leg', leg: { ...leg, state: 'ended', cause: leg.cause ?? 'unknown', capabilities: [] } });
  }
  return legs;
}

function connectedSince({ known, clock, isSync }: Book, { id }: Channel, state: CallState): number | undefined {
  const before = known.get(id)?.leg;
  if (before?.connectedSince !== undefined || !isSpoken(state)) return before?.connectedSince;
  return isSync || isSpoken(before?.state) ? undefined : clock.now();
}

function isSpoken(state: CallState | undefined): boolean {
  return state === 'connected' || state === 'held';
}

function capabilitiesOf(book: Book, channel: Channel, state: CallState): CommandName[] {
  const { channels, options, lines } = book;
  const line = lines.lineKeyOf(channel.name) ?? '';
  const { call, system } = book.powers();
  if (!call) return [];
  const obeys = system && isRemoteControlled(options, line);
  const hasPeer = channels.peers(channel).length > 0;
  const others = channelsOf(book, line).filter((one) => one !== channel && channels.peers(one).length > 0);
  const canJoin = hasPeer && others.length > 0;
  const able: [CommandName, boolean][] = [
    ['answer', obeys && state === 'offering'],
    ['drop', true],
    ['hold', obeys && state === 'connected' && hasPeer],
    ['retrieve', obeys && state === 'held'],
    ['toggle', obeys && canJoin],
    ['redirect', state === 'offering' ? channels.caller(channel) !== undefined : state === 'connected' && hasPeer],
    ['transfer', canJoin],
    ['conference', canJoin && options.conferenceContext !== undefined],
    ['sendDtmf', state === 'connected' && hasPeer],
  ];
  return able.flatMap(([name, isAble]) => (isAble ? [name] : []));
}

// A dial plan may go on after a failed dial: another trunk, another phone. Only a busy far end outside is final at once.
function considerGivingUp(book: Book, channel: Channel): void {
  const { givenUp, doubtful, orders, lines, clock } = book;
  if (!hasFailed(channel) || givenUp.has(channel.id) || doubtful.has(channel.id)) return;
  const dialled = orders.orderOf(channel.id)?.target ?? channel.firstConnected ?? channel.firstNumber ?? '';
  if (channel.dialFailure === 'BUSY' && !lines.hasLine(dialled)) {
    givenUp.add(channel.id);
    return;
  }
  doubtful.add(channel.id);
  clock.after(GIVE_UP_AFTER_MS, () => {
    if (!doubtful.delete(channel.id) || !hasFailed(channel)) return;
    givenUp.add(channel.id);
    lookAt(book, channel);
  });
}

// An outgoing call whose dials are all over, with nobody there.
function hasFailed(channel: Channel): boolean {
  const isOutgoing = channel.origin === 'phone' || (channel.origin === 'ordered' && channel.state === 'up');
  const isOpen = !channel.isAnswered && !channel.hangup && channel.dials.size === 0;
  return isOutgoing && isOpen && channel.dialFailure !== undefined && channel.dialFailure !== 'CANCEL';
}

function groupAt({ groups, groupContexts }: AsteriskOptions, place: string): string | undefined {
  const [context = '', number = ''] = place.split(' ');
  if (Object.hasOwn(groups, number)) return groups[number];
  return groupContexts.includes(context) && /^[0-9]+$/.test(number) ? number : undefined;
}
