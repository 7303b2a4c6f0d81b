// What each request of a page script does. What it says is hostile, since its renderer may have been taken over: who it is
// comes from the browser, what it wants is read by schema, and nothing here rejects towards it (an error would reach it as
// an odd answer).
import { PhoneNumberSchema } from '@offhook/protocol';
import * as v from 'valibot';
import type { ContactMemory } from './contacts.ts';
import { callInProgress, dialDuringCall } from './during-call.ts';
import { createTurns } from './in-turn.ts';
import type { Injection } from './injection.ts';
import type { JournalHolder } from './journal-holder.ts';
import type { Handlers, OrderResult, PageRequests, Sender } from './messages.ts';
import { createNumberFacts } from './number-facts.ts';
import { lineToCallFrom, outlookOf } from './number-outlook.ts';
import type { Orders } from './orders.ts';
import { pageSettingsOf, ruleSiteFor } from './page-settings.ts';
import type { PhoneHolder } from './phone-holder.ts';
import { type SettingAreas, settingsInForce } from './policy.ts';
import { loadConnection } from './settings.ts';
import { fulfilWish, isLockedFor } from './site-wishes.ts';
import type { Words } from './words.ts';

/** The worker's parts that pages reach. */
export interface PageRequestParts {
  storage: SettingAreas;
  holder: PhoneHolder;
  orders: Orders;
  injection: Injection;
  journal: Pick<JournalHolder, 'state'>;
  ready: Promise<void>;
  words(): Words;
  now(): number;
  lookup: Handlers['lookup'];
  history: Handlers['history'];
  memory: Pick<ContactMemory, 'recall'>;
}

const NumberRequestSchema = v.object({ number: PhoneNumberSchema });
const DialRequestSchema = v.object({
  number: PhoneNumberSchema,
  shownText: v.pipe(v.string(), v.maxLength(256)),
  from: v.picklist(['chip', 'link']),
  during: v.optional(
    v.object({
      callId: v.pipe(v.string(), v.maxLength(128)),
      how: v.picklist(['consult', 'transfer', 'beside']),
    }),
  ),
});
const WishRequestSchema = v.object({ wish: v.unknown() });

/** One handler for each request of pages. */
export function pageHandlersOf(parts: PageRequestParts): Pick<Handlers, keyof PageRequests> {
  const { injection, journal, now, lookup, history, holder } = parts;
  const factsOf = createNumberFacts({
    lookup: (request) => lookup(request, {}),
    recall: parts.memory.recall,
    history: (request) => history(request, {}),
    colleagueAt(lineId) {
      const line = holder.state().lines.find((held) => held.line.lineId === lineId)?.line;
      return line && !line.isOwn ? line.name : undefined;
    },
    journal: journal.state,
    talksWith: () => talksWith(parts),
    now,
  });
  // Each adds to the rules that the one before has left.
  const inTurn = createTurns();
  return {
    'gate-found': (_request, sender) =>
      injection.injectPage(sender).then(
        (isInjected) => ({ isInjected }),
        () => ({ isInjected: false }),
      ),
    'page-settings': (_request, sender) => pageSettings(parts, sender).catch(() => ({ isDisabled: true })),
    'number-outlook': (request, sender) => outlook(parts, request, sender).catch(() => ({ isDisabled: true })),
    'number-facts': (request, sender) => facts(parts, factsOf, { request, sender }).catch(() => ({ isDisabled: true })),
    'site-wish': (request, sender) =>
      inTurn(() => wish(parts, request, sender)).catch(() => ({ type: 'failed', why: 'browser-failed' })),
    // What fails before the order is given is this browser's storage, and has dialled nothing; after that nothing fails but by its result.
    dial: (request, sender) => dial(parts, request, sender).catch(() => ({ type: 'failed', code: 'browser-failed' })),
  };
}

function talksWith({ holder, words }: PageRequestParts): string | undefined {
  const { contact, number } = callInProgress(holder.state())?.call.remote ?? {};
  return contact?.name ?? (number && words().number(number, { isKnown: false }));
}

async function facts(
  parts: PageRequestParts,
  factsOf: ReturnType<typeof createNumberFacts>,
  { request, sender }: { request: unknown; sender: Sender },
): Promise<PageRequests['number-facts']['answer']> {
  const number = await asked(parts, request, sender);
  return number ? factsOf(number) : { isDisabled: true };
}

// The number that an enabled page asks about.
async function asked({ injection, ready }: PageRequestParts, request: unknown, sender: Sender) {
  const read = v.safeParse(NumberRequestSchema, request);
  if (!read.success || !(await injection.isAllowed(sender))) return undefined;
  await ready;
  return read.output.number;
}

async function pageSettings(
  { storage, holder, injection, ready }: PageRequestParts,
  sender: Sender,
): Promise<PageRequests['page-settings']['answer']> {
  if (!(await injection.isAllowed(sender))) return { isDisabled: true };
  await ready;
  const settings = await settingsInForce(storage);
  const site = ruleSiteFor(sender);
  return {
    ...pageSettingsOf(settings, { sender, country: holder.state().country }),
    ...(site !== undefined && {
      site: { name: site.replace(/^https?:\/\//, ''), isLocked: isLockedFor(settings, site) },
    }),
  };
}

async function outlook(
  parts: PageRequestParts,
  request: unknown,
  sender: Sender,
): Promise<PageRequests['number-outlook']['answer']> {
  const number = await asked(parts, request, sender);
  if (!number) return { isDisabled: true };
  const { defaultLineId } = await settingsInForce(parts.storage);
  return outlookOf(number, { state: parts.holder.state(), defaultLineId, words: parts.words() });
}

async function wish({ storage, injection }: PageRequestParts, request: unknown, sender: Sender) {
  const read = v.safeParse(WishRequestSchema, request);
  if (!read.success || !(await injection.isAllowed(sender))) return { type: 'failed', why: 'not-allowed' } as const;
  return fulfilWish(storage, read.output.wish, sender);
}

async function dial(parts: PageRequestParts, request: unknown, sender: Sender): Promise<OrderResult> {
  const { storage, holder, orders, injection, ready } = parts;
  const read = v.safeParse(DialRequestSchema, request);
  if (!read.success) return { type: 'failed', code: 'number-invalid' };
  if (!(await injection.isAllowed(sender))) return { type: 'failed', code: 'site-not-enabled' };
  await ready;
  if (!(await loadConnection(storage.local))) return { type: 'failed', code: 'not-paired' };
  const state = await holder.settled();
  if (state?.link.type === 'refused') return { type: 'failed', code: state.link.code };
  if (state?.link.type !== 'online') return { type: 'failed', code: 'relay-unreachable' };
  const { number, during } = read.output;
  const { defaultLineId } = await settingsInForce(storage);
  if (during) {
    const { decision, code, params } = outlookOf(number, { state, defaultLineId, words: parts.words() });
    // Nobody is put on hold for a number that cannot be dialled.
    if (decision === 'refused') return { type: 'failed', code: code ?? 'number-invalid', params };
    return dialDuringCall({ holder, orders }, number, during);
  }
  // A second call beside the one that is spoken in is never made by the way.
  if (callInProgress(state)) return { type: 'failed', code: 'in-call' };
  const line = lineToCallFrom(state, defaultLineId);
  if (!line) return { type: 'failed', code: 'no-line' };
  return orders.give({ lineId: line.lineId, order: { name: 'makeCall', args: { number } } });
}
