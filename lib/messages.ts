// Typed messages between page scripts, views and the worker. Views talk through a port and requests; page scripts may
// send only the three kinds of `PageRequests`, and the worker treats them as hostile (a renderer can be hijacked).
import type { CommandOrder, ErrorCode, Params, PhoneNumber } from '@offhook/protocol';
import type { PhoneState } from './phone.ts';

/** What came of an order, in the form that views and the chip show. `refused` never left this browser or was denied. */
export type OrderResult =
  | { type: 'done'; callId?: string | undefined }
  | {
      type: 'failed';
      code: ErrorCode | 'relay-unreachable' | 'not-paired' | 'no-line' | 'site-not-enabled';
      params?: Params | undefined;
    }
  /** The order may have reached the phone system: nobody repeats it, the line's real state decides. */
  | { type: 'unknown' };

/** What a number would become, and whether it may be dialled. */
export interface DialPreview {
  dialled?: string | undefined;
  number?: PhoneNumber | undefined;
  decision: 'allowed' | 'confirm' | 'refused';
  code?: ErrorCode | 'relay-unreachable' | undefined;
  params?: Params | undefined;
}

/** How the page script behaves on this site. */
export interface PageSettings {
  /** The agent's default country, for reading numbers without country code. */
  country: string;
  /** Whether a click on a `tel:` link dials. */
  takesTelLinks: boolean;
}

/** From gate and page script. `dial` carries what the chip showed. */
export interface PageRequests {
  'gate-found': { request: Record<string, never>; answer: { isInjected: boolean } };
  'page-settings': { request: Record<string, never>; answer: PageSettings | { isDisabled: true } };
  dial: { request: { number: PhoneNumber; shownText: string; from: 'chip' | 'link' }; answer: OrderResult };
}

/** From our own pages (popup, options). */
export interface ViewRequests {
  'get-state': { request: Record<string, never>; answer: PhoneState };
  command: { request: { lineId: string; callId?: string | undefined; order: CommandOrder }; answer: OrderResult };
  preview: { request: { lineId: string; number: PhoneNumber }; answer: DialPreview };
  /** `link` is the pairing link, or a relay address with the code apart. */
  pair: {
    request: { relayUrl: string; code: string; deviceName: string };
    answer: { type: 'paired'; userName: string } | { type: 'failed'; code: ErrorCode | 'relay-unreachable' };
  };
  unpair: { request: Record<string, never>; answer: { type: 'done' } };
  'open-contact': { request: { callId: string }; answer: { type: 'done' } | { type: 'failed' } };
  'site-changed': { request: { origin: string }; answer: { type: 'done' } };
}

export type Requests = PageRequests & ViewRequests;
export type RequestName = keyof Requests;

/** Sends a request to the worker and resolves with its answer. */
export type Send = <Name extends RequestName>(
  name: Name,
  request: Requests[Name]['request'],
) => Promise<Requests[Name]['answer']>;
