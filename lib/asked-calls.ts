// Calls that were asked for outside of our own pages: by a phone link in a mail or a table, by a page's link that the
// browser hands to us, by the menu of the right button. Nothing here dials; each waits for somebody to press Call on its
// card. Web pages can make such links by the thousand, so there is a bound to everything.
import * as v from 'valibot';

/** A call that somebody, or a page, asked for. What it says is anybody's text. */
export interface AskedCall {
  id: string;
  /** An address such as `tel:…`, or text that was selected. */
  kind: 'link' | 'text';
  text: string;
  /**
   * `menu` was chosen by the agent, `outside` comes from another program; a `page` may have done it without a click;
   * `either` of those two, where the browser does not tell.
   */
  from: 'menu' | 'outside' | 'page' | 'either';
  /** `'https://crm.example'`, where the browser tells it. */
  site?: string | undefined;
}

/** What waits for an answer; the first one is shown. */
export interface AskedCalls {
  calls: readonly AskedCall[];
  /** How many more there were, which nobody will see. */
  leftOut: number;
  /** When pages asked lately, in milliseconds. */
  pageTimes: readonly number[];
}

/** Longer texts are no number, and are cut. */
export const MAX_ASKED_LENGTH = 1_000;
const MOST_WAITING = 5;
const MOST_FROM_PAGES = 8;
const PAGE_SPAN_MS = 30_000;

/** Nobody asked for anything. */
export const NO_ASKED_CALLS: AskedCalls = { calls: [], leftOut: 0, pageTimes: [] };

const AskedCallsSchema = v.object({
  calls: v.array(
    v.object({
      id: v.string(),
      kind: v.picklist(['link', 'text']),
      text: v.pipe(v.string(), v.maxLength(MAX_ASKED_LENGTH)),
      from: v.picklist(['menu', 'outside', 'page', 'either']),
      site: v.optional(v.string()),
    }),
  ),
  leftOut: v.number(),
  pageTimes: v.array(v.number()),
});

/** What was stored; nothing, where it cannot be read. */
export function readAskedCalls(stored: unknown): AskedCalls {
  const read = v.safeParse(AskedCallsSchema, stored);
  return read.success ? read.output : NO_ASKED_CALLS;
}

/** Whether it was a person's doing for sure. */
export function isByPerson({ from }: Pick<AskedCall, 'from'>): boolean {
  return from === 'menu' || from === 'outside';
}

/**
 * With one more. What the agent did comes in front; what a page may have done waits behind, so that a page cannot put another number
 * under a hand that is about to press. Each text waits once.
 */
export function withAsked(asked: AskedCalls, call: AskedCall, now: number): AskedCalls {
  const recent = asked.pageTimes.filter((at) => now - at < PAGE_SPAN_MS);
  // One more than is let through tells that it is too many, however many there are.
  const pageTimes = isByPerson(call) ? recent : [...recent, now].slice(-MOST_FROM_PAGES - 1);
  const cut = { ...call, text: call.text.slice(0, MAX_ASKED_LENGTH) };
  const isSame = (one: AskedCall) => one.kind === cut.kind && one.text === cut.text;
  if (isByPerson(call)) {
    const calls = [cut, ...asked.calls.filter((one) => !isSame(one))];
    const dropped = Math.max(0, calls.length - MOST_WAITING);
    return { calls: calls.slice(0, MOST_WAITING), leftOut: asked.leftOut + dropped, pageTimes };
  }
  if (asked.calls.some(isSame)) return { ...asked, pageTimes };
  const isTooMany = asked.calls.length >= MOST_WAITING || pageTimes.length > MOST_FROM_PAGES;
  return isTooMany
    ? { ...asked, leftOut: asked.leftOut + 1, pageTimes }
    : { ...asked, calls: [...asked.calls, cut], pageTimes };
}

/** Without one that was decided about; with nothing left, what was left out is forgotten as well. */
export function withoutAsked(asked: AskedCalls, id: string | 'all'): AskedCalls {
  const calls = id === 'all' ? [] : asked.calls.filter((one) => one.id !== id);
  return { ...asked, calls, leftOut: calls.length === 0 ? 0 : asked.leftOut };
}
