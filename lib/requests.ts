// What each request of pages and views does. What a page script says is hostile: who it is comes from the browser, what
// it wants is read by schema, and nothing here rejects towards it (an error would reach it as an odd answer).
import { PhoneNumberSchema } from '@offhook/protocol';
import * as v from 'valibot';
import type { RelayConnection } from './connection.ts';
import type { Injection } from './injection.ts';
import type { Handlers, OrderResult, PageRequests, Sender } from './messages.ts';
import type { Orders } from './orders.ts';
import { ownCallsOf, ownLinesOf, type PhoneState } from './phone.ts';
import type { PhoneHolder } from './phone-holder.ts';
import { type KeyValueStore, loadConnection, loadSettings } from './settings.ts';

/** The worker's parts that requests reach. */
export interface RequestParts {
  store: KeyValueStore;
  holder: PhoneHolder;
  orders: Orders;
  injection: Injection;
  connection: RelayConnection;
  /** Resolves when the last worker's memory is back and the link is on its way. */
  ready: Promise<void>;
  /** Opens a contact's page; false where there is none to open. */
  openContact(url: string): Promise<boolean>;
}

const LINE_WAIT_MS = 6_000;
const DialRequestSchema = v.object({
  number: PhoneNumberSchema,
  shownText: v.pipe(v.string(), v.maxLength(256)),
  from: v.picklist(['chip', 'link']),
});

/** One handler for each request; see messages.ts for who may send which. */
export function handlersOf(parts: RequestParts): Handlers {
  const { holder, orders, injection, connection, ready } = parts;
  return {
    'gate-found': (_request, sender) =>
      injection.injectPage(sender).then(
        (isInjected) => ({ isInjected }),
        () => ({ isInjected: false }),
      ),
    'page-settings': (_request, sender) => pageSettings(parts, sender).catch(() => ({ isDisabled: true })),
    // What fails before the order is given is this browser's storage, and has dialled nothing; after that nothing fails but by its result.
    dial: (request, sender) => dial(parts, request, sender).catch(() => ({ type: 'failed', code: 'browser-failed' })),
    async 'get-state'() {
      await ready;
      return holder.state();
    },
    async command(request) {
      await ready;
      return orders.give(request);
    },
    async preview(request) {
      await ready;
      await holder.until(isSettled, LINE_WAIT_MS);
      return orders.preview(request);
    },
    async pair(request) {
      await ready;
      return connection.pair(request);
    },
    async unpair() {
      await ready;
      await connection.unpair();
      return { type: 'done' };
    },
    async 'open-contact'({ callId }) {
      await ready;
      const found = ownCallsOf(holder.state()).find(({ call }) => call.callId === callId);
      const url = found?.call.remote.contact?.url;
      const isOpen = url !== undefined && (await parts.openContact(url));
      return { type: isOpen ? 'done' : 'failed' };
    },
    async 'site-changed'() {
      await injection.update({ openTabs: 'inject' });
      return { type: 'done' };
    },
  };
}

async function pageSettings(
  { store, holder, injection, ready }: RequestParts,
  sender: Sender,
): Promise<PageRequests['page-settings']['answer']> {
  if (!(await injection.isAllowed(sender))) return { isDisabled: true };
  await ready;
  const settings = await loadSettings(store);
  return { country: settings.country ?? holder.state().country, takesTelLinks: settings.takesTelLinks };
}

async function dial(parts: RequestParts, request: unknown, sender: Sender): Promise<OrderResult> {
  const { store, holder, orders, injection, ready } = parts;
  const read = v.safeParse(DialRequestSchema, request);
  if (!read.success) return { type: 'failed', code: 'number-invalid' };
  if (!(await injection.isAllowed(sender))) return { type: 'failed', code: 'site-not-enabled' };
  await ready;
  if (!(await loadConnection(store))) return { type: 'failed', code: 'not-paired' };
  const state = await holder.until(isSettled, LINE_WAIT_MS);
  if (state?.link.type === 'refused') return { type: 'failed', code: state.link.code };
  if (state?.link.type !== 'online') return { type: 'failed', code: 'relay-unreachable' };
  const own = ownLinesOf(state).map(({ line }) => line);
  const line = own.find(({ capabilities }) => capabilities.includes('makeCall')) ?? own[0];
  if (!line) return { type: 'failed', code: 'no-line' };
  return orders.give({ lineId: line.lineId, order: { name: 'makeCall', args: { number: read.output.number } } });
}

/** Waiting any longer would change nothing by itself. */
function isSettled({ link }: PhoneState): boolean {
  return link.type === 'online' || link.type === 'refused' || link.type === 'unpaired';
}
