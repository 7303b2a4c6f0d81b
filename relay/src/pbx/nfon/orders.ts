// Orders for NFON: a call that is started, and its end. What a number is was decided before: a public one goes out as such
// (`global`), only an extension goes into the K-account's own context, where 112 would be a colleague. Nothing is ever
// ordered twice.
import type { PhoneNumber } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { type CommandOutcome, type DriverOrder, PbxError, type SendResult } from '../driver.ts';
import type { Api, CallOrder } from './api.ts';
import type { CallBook } from './calls.ts';
import { isStream, readEvents } from './feed.ts';
import { ApiError, textOf } from './http.ts';
import type { NfonOptions } from './options.ts';
import { type CallEvent, jsonIn, readCallEvents } from './wire.ts';

export interface OrderDeskOptions {
  options: NfonOptions;
  api: Api;
  calls: CallBook;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  isExtension(number: string): boolean;
  tell(outcome: CommandOutcome): void;
}

// The stream of one call's start: longer than both phones may ring.
const LONGEST_START_MS = 600_000;

/** Carries out an order. Rejects with PbxError when nobody knows whether it arrived. */
export async function carryOut(desk: OrderDeskOptions, order: DriverOrder): Promise<SendResult> {
  switch (order.order.name) {
    case 'makeCall':
      return makeCall(desk, order, order.order.args);
    case 'drop':
      return drop(desk, order);
    default:
      return { type: 'rejected', code: 'not-supported', params: { command: order.order.name } };
  }
}

/** Who is called and in which context; a refusal for what must not be dialled through this API. */
function calleeOf(number: PhoneNumber, account: string): { callee: string; context: string } | SendResult {
  switch (number.kind) {
    case 'e164':
      return { callee: number.number.slice(1), context: 'global' };
    case 'internal':
      return { callee: number.number, context: account };
    // Emergency calls need the caller's place, which a cloud does not know. At the phone it does.
    case 'service':
      return { type: 'rejected', code: 'policy-blocked', params: { reason: 'emergency' } };
    case 'code':
      return { type: 'rejected', code: 'policy-blocked', params: { reason: 'code' } };
    case 'anonymous':
    case 'hidden':
    case 'raw':
      return { type: 'rejected', code: 'number-invalid' };
    default:
      return number satisfies never;
  }
}

async function makeCall(
  desk: OrderDeskOptions,
  { lineKey, commandKey }: DriverOrder,
  { number, device }: { number: PhoneNumber; device?: string | undefined },
): Promise<SendResult> {
  const { options, api, clock } = desk;
  const { account, ringSeconds } = options;
  if (!desk.isExtension(lineKey)) return { type: 'rejected', code: 'line-unknown' };
  const far = calleeOf(number, account);
  if ('type' in far) return far;
  const near = callerOf(options, lineKey, device);
  if (!near) return { type: 'rejected', code: 'not-supported', params: { command: 'makeCall', reason: 'device' } };
  const call: CallOrder = {
    caller: near.caller,
    caller_context: near.context,
    callee: far.callee,
    callee_context: far.context,
    extension: lineKey,
    timeout: ringSeconds,
  };
  const over = new AbortController();
  const cancel = clock.after(LONGEST_START_MS, () => over.abort());
  try {
    const response = await api.startCall(call, AbortSignal.any([desk.signal, over.signal]));
    const callee = far.context === 'global' ? `+${far.callee}` : far.callee;
    void follow(desk, response, { extension: lineKey, callee, commandKey }).finally(() => {
      cancel();
      over.abort();
    });
    return { type: 'sent' };
  } catch (error) {
    cancel();
    return refusalOf(error, 'the order of a call');
  }
}

// The extension's own phone, or a number outside that rings on behalf of it.
function callerOf({ otherPhones, account }: NfonOptions, extension: string, device: string | undefined) {
  if (device === undefined) return { caller: extension, context: account };
  const phone = otherPhones.find((one) => one.extension === extension && one.id === device);
  return phone && { caller: phone.number.slice(1), context: 'global' };
}

interface Started {
  extension: string;
  callee: string;
  commandKey: string;
}

// The stream of the order itself says what the account's stream may not: why the call did not come about.
async function follow({ calls, log, tell }: OrderDeskOptions, response: Response, started: Started): Promise<void> {
  const { commandKey } = started;
  let callKey: string | undefined;
  const take = (event: CallEvent) => {
    if (callKey === undefined && event.state === 'end' && event.error !== undefined) {
      const cause = event.error === 'busy' ? 'busy' : event.error === 'timeout' ? 'ownPhoneNotAnswered' : 'unknown';
      return tell({ commandKey, state: 'failed', code: 'pbx-rejected', params: { cause } });
    }
    if (callKey === undefined) {
      callKey = calls.ordered(event.uuid, started);
      tell({ commandKey, state: 'done', callKey });
    }
    calls.takeOrdered(callKey, event);
  };
  const takeText = (text: string) => {
    for (const event of readCallEvents(jsonIn(text)).items) take(event);
  };
  try {
    if (isStream(response)) await readEvents(response, { onData: takeText });
    else takeText(await textOf(response, 'the order of a call'));
  } catch (error) {
    // The account's stream goes on telling of it; without a first event the order's outcome stays unknown.
    log.debug({ err: error, commandKey }, 'the stream of an order broke off');
  }
}

async function drop({ api, calls, tell }: OrderDeskOptions, { callKey, commandKey }: DriverOrder): Promise<SendResult> {
  if (callKey === undefined || !calls.isLive(callKey)) return { type: 'rejected', code: 'call-unknown' };
  const uuid = calls.uuidToDrop(callKey);
  if (uuid === undefined) return { type: 'rejected', code: 'not-supported', params: { command: 'drop' } };
  const wasConnected = calls.legs().some((leg) => leg.callKey === callKey && leg.state === 'connected');
  calls.dropping(callKey, 'asked');
  try {
    await api.endCall(uuid);
    tell({ commandKey, state: 'done', callKey });
    return { type: 'sent' };
  } catch (error) {
    const status = error instanceof ApiError ? error.status : 0;
    if (status !== 404 && status !== 409) return refusalOf(error, 'the end of a call');
    if (!wasConnected) return { type: 'rejected', code: 'call-unknown' };
    // The documentation leaves open whether a call that was answered can be ended. Here it cannot.
    calls.dropping(callKey, 'refused');
    return { type: 'rejected', code: 'not-supported', params: { command: 'drop' } };
  }
}

function refusalOf(error: unknown, what: string): SendResult {
  if (!(error instanceof ApiError)) throw new PbxError('internal', `${what} failed`, { cause: error });
  switch (error.status) {
    case 400:
      return { type: 'rejected', code: 'pbx-rejected', params: { cause: 'invalidNumber' } };
    // Two sentences with two remedies: the credentials are wrong, or they may not do this.
    case 401:
      return { type: 'rejected', code: 'pbx-rejected', params: { cause: 'credentials' } };
    case 403:
      return { type: 'rejected', code: 'pbx-rejected', params: { cause: 'permission' } };
    case 429:
      return { type: 'rejected', code: 'pbx-rejected', params: { cause: 'congestion' } };
    default:
      if (error.arrived === 'no') return { type: 'rejected', code: 'pbx-unreachable' };
      if (error.arrived === 'yes') return { type: 'rejected', code: 'pbx-rejected' };
      throw new PbxError('timeout', error.message, { cause: error });
  }
}
