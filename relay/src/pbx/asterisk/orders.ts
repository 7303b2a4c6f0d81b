// Orders → actions of the manager interface. Nothing is sent twice, and nothing of an order but digits that were checked
// here again reaches the dial plan. A call begins with the own phone, in `Wait`; only when it is sure that this very phone
// was lifted, and not a voicemail box or a forward in its place, is it sent on to the number: else nobody is called.
import { type CommandOutcome, type DriverEvent, type DriverOrder, PbxError, type SendResult } from '../driver.ts';
import { type Channel, deviceOf } from './channel.ts';
import type { Channels } from './channels.ts';
import type { AmiConnection } from './connection.ts';
import { type ForwardWhen, writeDnd, writeForward } from './features.ts';
import type { Lines } from './lines.ts';
import type { AsteriskOptions } from './options.ts';
import type { AmiAction, AmiMessage } from './wire.ts';

const DIAL_STRING = /^[+0-9*#]{1,32}$/;
const COMMAND_KEY = /^[A-Za-z0-9._-]{1,64}$/;
/** What the own phone hears between lifting and dialling lasts a moment; this long when we are gone by then. */
const WAIT_SECONDS = '10';
const MOST_ORDERS = 1_000;
const TONE_MS = '120';

/** An order that rings an own phone. */
export interface RingingOrder {
  commandKey: string;
  lineKey: string;
  device: string;
  /** What is dialled once the own phone is lifted. */
  target?: string;
  /** The channel whose ringing call is taken over. */
  pickUp?: string;
  isSettled: boolean;
  /** Asterisk has said that somebody lifted; whether at this phone, the phone's own channel has to say. */
  isLifted?: boolean;
}

export interface OrdersOptions {
  wire: Pick<AmiConnection, 'ask' | 'list'>;
  channels: Channels;
  lines: Lines;
  options: AsteriskOptions;
  tell(event: DriverEvent): void;
  /** What a line has switched on may have changed. */
  onFeatures(extension: string): void;
  /** The call was sent on to its number. */
  onDialling(channelId: string): void;
}

export interface Orders {
  carryOut(order: DriverOrder): Promise<SendResult>;
  /** The order that made a channel. */
  orderOf(channelId: string): RingingOrder | undefined;
  /** A channel is there: if an order made it, that is done. */
  onChannel(channel: Channel): void;
  /** How ringing an own phone came out. */
  onOriginateResponse(event: AmiMessage): void;
}

interface Desk extends OrdersOptions {
  ringing: Map<string, RingingOrder>;
}

/** No orders yet. */
export function createOrders(setup: OrdersOptions): Orders {
  const desk: Desk = { ...setup, ringing: new Map() };
  return {
    carryOut: (order) => carryOut(desk, order),
    orderOf: (channelId) => desk.ringing.get(channelId),
    onChannel(channel) {
      const { id } = channel;
      const order = desk.ringing.get(id);
      if (order) channel.origin = 'ordered';
      if (order && !order.isSettled) settle(desk, order, { state: 'done', callKey: id });
      if (order?.isLifted) void dialOn(desk, order, channel);
    },
    onOriginateResponse: (event) => void goOn(desk, event),
  };
}

/** The id that an order's channel bears. */
function channelIdOf(commandKey: string): string {
  return `offhook-${commandKey}`;
}

async function carryOut(desk: Desk, order: DriverOrder): Promise<SendResult> {
  if (!COMMAND_KEY.test(order.commandKey)) return { type: 'rejected', code: 'internal' };
  if (!desk.lines.hasLine(order.lineKey)) return { type: 'rejected', code: 'line-unknown' };
  if (order.dialString !== undefined && !DIAL_STRING.test(order.dialString)) {
    return { type: 'rejected', code: 'number-invalid' };
  }
  const { name } = order.order;
  switch (name) {
    case 'makeCall':
      return makeCall(desk, order);
    case 'pickup':
      return pickUp(desk, order);
    case 'setDnd':
    case 'setForward':
      return setFeature(desk, order);
    case 'answer':
    case 'drop':
    case 'hold':
    case 'retrieve':
    case 'toggle':
    case 'redirect':
    case 'transfer':
    case 'conference':
    case 'sendDtmf':
      return onCall(desk, order);
    default:
      return name satisfies never;
  }
}

async function makeCall(desk: Desk, order: DriverOrder): Promise<SendResult> {
  const { dialString } = order;
  if (dialString === undefined || !(await isDialable(desk, dialString))) {
    return { type: 'rejected', code: 'number-invalid' };
  }
  return ring(desk, order, { target: dialString });
}

// No phone rings for a number that leads nowhere. Where Asterisk does not say, it is tried.
async function isDialable({ wire, options }: Desk, number: string): Promise<boolean> {
  const Variable = `DIALPLAN_EXISTS(${options.dialContext},${number},1)`;
  return (await wire.ask({ Action: 'Getvar', Variable }))['Value'] !== '0';
}

async function pickUp(desk: Desk, order: DriverOrder): Promise<SendResult> {
  const colleague = order.otherLineKey ?? '';
  const target = [...desk.channels.all()].find(
    (one) => one.state === 'ringing' && one.origin === 'dialled' && desk.lines.lineKeyOf(one.name) === colleague,
  );
  if (!target || colleague === order.lineKey) return { type: 'rejected', code: 'call-unknown' };
  return ring(desk, order, { pickUp: target.id });
}

type Purpose = Pick<RingingOrder, 'target' | 'pickUp'>;

// The device itself is rung, never the dial plan before it: there a voicemail box or a forward would answer.
async function ring(desk: Desk, order: DriverOrder, purpose: Purpose): Promise<SendResult> {
  const { options, ringing } = desk;
  const { commandKey, lineKey } = order;
  const id = channelIdOf(commandKey);
  if (ringing.has(id)) return { type: 'rejected', code: 'key-reused' };
  const devices = desk.lines.devicesOf(lineKey);
  const wanted = order.order.name === 'makeCall' ? order.order.args.device : undefined;
  const device = wanted ?? devices[0];
  if (device === undefined || !devices.includes(device)) return { type: 'rejected', code: 'not-supported' };
  remember(desk, id, { commandKey, lineKey, device, ...purpose, isSettled: false });
  const target = purpose.pickUp === undefined ? undefined : desk.channels.get(purpose.pickUp);
  const answer = await desk.wire.ask({
    Action: 'Originate',
    ActionID: id,
    Channel: device,
    ChannelId: id,
    ...(target ? { Application: 'PickupChan', Data: target.name } : { Application: 'Wait', Data: WAIT_SECONDS }),
    Timeout: String(options.ownPhoneSeconds * 1000),
    Async: 'true',
    Variable: ringVariables(options, purpose.target ?? target?.connectedNumber),
  });
  if (answer['Response'] === 'Success') return { type: 'sent' };
  ringing.delete(id);
  return { type: 'rejected', code: 'pbx-rejected' };
}

function remember({ ringing }: Desk, id: string, order: RingingOrder): void {
  ringing.set(id, order);
  const [oldest] = ringing.keys();
  if (oldest !== undefined && ringing.size > MOST_ORDERS) ringing.delete(oldest);
}

const AUTO_ANSWER = {
  callInfo: 'PJSIP_HEADER(add,Call-Info)=<sip:offhook>;answer-after=0',
  alertInfo: 'PJSIP_HEADER(add,Alert-Info)=<http://offhook>;info=alert-autoanswer;delay=0',
} as const;

// A phone that sends its calls elsewhere sends them to a context that there is not: nobody else is rung or called at the
// company's cost, and of a pickup nobody else gets the caller.
const NO_FORWARD = 'FORWARD_CONTEXT=offhook-no-forward';

// What the own phone shows is its connected line. Its caller id stays its own: that is what a trunk makes our number of.
function ringVariables({ autoAnswer }: AsteriskOptions, shown: string | undefined): string[] {
  const isPlain = shown !== undefined && DIAL_STRING.test(shown);
  return [
    NO_FORWARD,
    ...(isPlain ? [`CONNECTEDLINE(num,i)=${shown}`, `CONNECTEDLINE(name,i)=${shown}`] : []),
    ...(autoAnswer ? [AUTO_ANSWER[autoAnswer]] : []),
  ];
}

async function goOn(desk: Desk, event: AmiMessage): Promise<void> {
  const id = event['ActionID'] ?? '';
  const order = desk.ringing.get(id);
  if (!order) return;
  const channel = event['Channel'] ?? '';
  if (event['Response'] !== 'Success') {
    // With a channel the call itself tells how it ended.
    if (!order.isSettled)
      settle(desk, order, { state: 'failed', code: 'pbx-rejected', params: { cause: 'unreachable' } });
    return;
  }
  const isOwnPhone = event['Uniqueid'] === id && deviceOf(channel) === order.device;
  if (order.target === undefined && isOwnPhone) return;
  if (!isOwnPhone) return void (await hangUp(desk, channel).catch(outOfTouch));
  order.isLifted = true;
  const own = desk.channels.get(id);
  if (own) await dialOn(desk, order, own);
}

// Asterisk names the own phone's channel also when a forward of that phone was answered; only its own state says that it was
// this phone. That may be told a moment later.
async function dialOn(desk: Desk, order: RingingOrder, { id, name, state, hangup }: Channel): Promise<void> {
  if (state !== 'up' || hangup || order.target === undefined) return;
  order.isLifted = false;
  try {
    const isOwnPhone = deviceOf(name) === order.device;
    const answer = isOwnPhone && (await desk.wire.ask(redirectTo(desk, name, order.target)));
    if (answer && answer['Response'] === 'Success') return desk.onDialling(id);
    await hangUp(desk, name);
  } catch {
    outOfTouch();
  }
}

// Nobody is called, and the phone's wait ends by itself.
function outOfTouch(): void {}

function redirectTo({ options }: Desk, channel: string, target: string): AmiAction {
  return { Action: 'Redirect', Channel: channel, Context: options.dialContext, Exten: target, Priority: '1' };
}

function hangUp({ wire }: Desk, channel: string): Promise<AmiMessage> {
  return wire.ask({ Action: 'Hangup', Channel: channel, Cause: '16' });
}

async function setFeature(desk: Desk, { commandKey, lineKey, order, dialString }: DriverOrder): Promise<SendResult> {
  const style = desk.options.features;
  if (!style) return { type: 'rejected', code: 'not-supported', params: { command: order.name } };
  const extension = lineKey;
  return acted(desk, { commandKey }, async () => {
    if (order.name === 'setDnd') await writeDnd(desk.wire, { extension, on: order.args.on, style });
    if (order.name === 'setForward') {
      const when: ForwardWhen = order.args.when;
      await writeForward(desk.wire, { extension, when, to: dialString, style });
    }
    desk.onFeatures(extension);
  });
}

async function onCall(desk: Desk, order: DriverOrder): Promise<SendResult> {
  const channel = ownChannel(desk, order, order.callKey);
  if (!channel) return { type: 'rejected', code: 'call-unknown' };
  const settled = { commandKey: order.commandKey, callKey: channel.id };
  switch (order.order.name) {
    case 'drop':
      return acted(desk, settled, () =>
        must(desk, { Action: 'Hangup', Channel: channel.name, Cause: dropCause(channel) }),
      );
    case 'answer':
    case 'retrieve':
      return acted(desk, settled, () => notify(desk, channel, 'talk'));
    case 'hold':
      return acted(desk, settled, () => notify(desk, channel, 'hold'));
    case 'redirect':
      return redirect(desk, channel, order);
    case 'sendDtmf':
      return sendDtmf(desk, channel, { ...settled, digits: order.order.args.digits });
    default:
      return withTwoCalls(desk, channel, order);
  }
}

function ownChannel({ channels, lines }: Desk, { lineKey }: DriverOrder, callKey: string | undefined) {
  const channel = channels.get(callKey ?? '');
  return channel && lines.lineKeyOf(channel.name) === lineKey ? channel : undefined;
}

// Busy is what a phone says that declines.
function dropCause({ state, origin }: Channel): string {
  return origin === 'dialled' && state !== 'up' ? '17' : '16';
}

async function redirect(desk: Desk, channel: Channel, { commandKey, dialString }: DriverOrder): Promise<SendResult> {
  if (dialString === undefined) return { type: 'rejected', code: 'number-invalid' };
  const settled = { commandKey, callKey: channel.id };
  if (channel.state === 'up') {
    const place = { Context: desk.options.dialContext, Exten: dialString };
    return acted(desk, settled, () => must(desk, { Action: 'BlindTransfer', Channel: channel.name, ...place }));
  }
  const caller = desk.channels.caller(channel);
  if (!caller) return { type: 'rejected', code: 'call-unknown' };
  return acted(desk, settled, async () => {
    channel.endCause = 'forwarded';
    try {
      await must(desk, redirectTo(desk, caller.name, dialString));
    } catch (error) {
      channel.endCause = undefined;
      throw error;
    }
  });
}

async function sendDtmf(
  desk: Desk,
  channel: Channel,
  { digits, ...settled }: { commandKey: string; callKey: string; digits: string },
): Promise<SendResult> {
  const [peer] = desk.channels.peers(channel);
  if (!peer) return { type: 'rejected', code: 'not-supported', params: { command: 'sendDtmf' } };
  if (!/^[0-9*#A-D]{1,64}$/.test(digits)) return { type: 'rejected', code: 'number-invalid' };
  return acted(desk, settled, async () => {
    for (const Digit of digits) {
      await must(desk, { Action: 'PlayDTMF', Channel: peer.name, Digit, Duration: TONE_MS });
    }
  });
}

async function withTwoCalls(desk: Desk, channel: Channel, order: DriverOrder): Promise<SendResult> {
  const { commandKey } = order;
  const other = ownChannel(desk, order, order.otherCallKey);
  const [mine] = desk.channels.peers(channel);
  const [theirs] = other ? desk.channels.peers(other) : [];
  if (!other || other === channel || !mine || !theirs) return { type: 'rejected', code: 'call-unknown' };
  const settled = { commandKey, callKey: channel.id };
  if (order.order.name === 'toggle') {
    const [held, active] = channel.heldIn === undefined ? [other, channel] : [channel, other];
    return acted(desk, settled, async () => {
      await notify(desk, active, 'hold');
      await notify(desk, held, 'talk');
    });
  }
  if (order.order.name === 'transfer') {
    const bridge = { Action: 'Bridge', Channel1: mine.name, Channel2: theirs.name, Tone: 'no' };
    return acted(desk, settled, () => leaving(desk, [channel, other], () => must(desk, bridge)));
  }
  return acted(desk, settled, () => confer(desk, { channel, other, mine, theirs }));
}

// The own phone has done its part; where its dial plan would go on, it is not left with a dead line. The calls may end before
// we are told that it went well, and then it must be known why.
async function leaving(desk: Desk, channels: readonly Channel[], action: () => Promise<void>): Promise<void> {
  for (const channel of channels) channel.endCause = 'transferred';
  try {
    await action();
  } catch (error) {
    for (const channel of channels) channel.endCause = undefined;
    throw error;
  }
  for (const channel of channels) if (!channel.hangup) await hangUp(desk, channel.name);
}

// Both far ends and one own call meet in a room; the own phone's other call is over then.
async function confer(
  desk: Desk,
  { channel, other, mine, theirs }: { channel: Channel; other: Channel; mine: Channel; theirs: Channel },
): Promise<void> {
  const context = desk.options.conferenceContext;
  if (context === undefined) throw new PbxError('not-supported', 'there is no context for conferences');
  const [stays, goes] = channel.heldIn === undefined ? [channel, other] : [other, channel];
  const [near, far] = channel.heldIn === undefined ? [mine, theirs] : [theirs, mine];
  const room = desk.lines.lineKeyOf(channel.name) ?? '0';
  const place = { Context: context, Exten: room, Priority: '1' };
  const extra = { ExtraContext: context, ExtraExten: room, ExtraPriority: '1' };
  await leaving(desk, [goes], async () => {
    await must(desk, { Action: 'Redirect', Channel: stays.name, ExtraChannel: near.name, ...place, ...extra });
    await must(desk, { Action: 'Redirect', Channel: far.name, ...place });
  });
}

async function notify(desk: Desk, channel: Channel, event: 'talk' | 'hold'): Promise<void> {
  await must(desk, { Action: 'PJSIPNotify', Channel: channel.name, Variable: `Event=${event}` });
}

async function must({ wire }: Desk, action: AmiAction): Promise<void> {
  const answer = await wire.ask(action);
  if (answer['Response'] === 'Success') return;
  throw new PbxError('pbx-rejected', `${action.Action}: ${answer['Message'] ?? 'refused'}`);
}

// The outcome follows the answer. What takes several steps may be refused at its second one: so a refusal is an outcome, too.
async function acted(
  desk: Desk,
  settled: { commandKey: string; callKey?: string },
  action: () => Promise<void>,
): Promise<SendResult> {
  const outcome: CommandOutcome = { ...settled, state: 'done' };
  try {
    await action();
  } catch (error) {
    if (!(error instanceof PbxError) || error.code !== 'pbx-rejected') throw error;
    Object.assign(outcome, { state: 'failed', code: error.code });
  }
  setImmediate(() => desk.tell({ type: 'outcome', outcome }));
  return { type: 'sent' };
}

function settle({ tell }: Desk, order: RingingOrder, outcome: Omit<CommandOutcome, 'commandKey'>): void {
  order.isSettled = true;
  tell({ type: 'outcome', outcome: { commandKey: order.commandKey, ...outcome } });
}
