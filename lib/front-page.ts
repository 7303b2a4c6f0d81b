// The page in front, asked by the worker: its numbers, whether somebody types there, and what keyboard commands do in it.
// Frames are found by a probe that the browser lets into enabled sites alone; only our own page script answers. What it
// says is hostile (its renderer may have been taken over), so it is read by schema.
import { PhoneNumberSchema } from '@offhook/protocol';
import * as v from 'valibot';
import type { Browser, Tabs } from 'webextension-polyfill';
import { framedOrigins } from './framed-origins.ts';
import type { PageNumber } from './messages.ts';
import type { PageCommands } from './page/commands.ts';
import type { ExplainedText } from './page-facts.ts';
import { siteOf } from './sites.ts';

export interface FrontPage {
  /** The numbers of all frames, the top one's first. */
  numbers(): Promise<PageNumber[]>;
  /** What became of the digits that are selected in the page, and why. */
  selectionReasons(): Promise<ExplainedText[]>;
  /** The sites that shown frames of the page come from, `'https://crm-frame.example'`, in use or not, each once. */
  framedSites(): Promise<string[]>;
  /** Whether the agent typed in the page within the last seconds. */
  isTyping(): Promise<boolean>;
  /** Does it in the first frame that can, from the one on that could last; false where none can. */
  show(order: 'next-number' | 'dial-selection'): Promise<boolean>;
  /** Shows the button beside what is selected in this very frame; false where it cannot. */
  showSelectionIn(tabId: number, frameId: number): Promise<boolean>;
}

type FrontBrowser = Pick<Browser, 'tabs' | 'scripting'>;

const MOST_NUMBERS = 500;
const ANSWER_LIMIT_MS = 1_000;
const MOST_REASONS = 5;
const words = (most: number) => v.pipe(v.string(), v.maxLength(most));
const because = { rule: words(64), label: v.optional(words(64)) };
const NumbersSchema = v.array(
  v.object({
    number: PhoneNumberSchema,
    text: words(256),
    isFax: v.boolean(),
    why: v.fallback(v.optional(v.object(because)), undefined),
  }),
);
const ReasonsSchema = v.array(v.object({ ...because, text: words(256), isNumber: v.boolean() }));
const OriginsSchema = v.pipe(v.array(v.pipe(v.string(), v.maxLength(300))), v.maxLength(20));
const ShownSchema = v.object({ shown: v.boolean() });

// The tab that the agent works in: the one in front of the last used window that is no window of ours.
async function tabInFront(browser: Pick<Browser, 'tabs'>): Promise<Tabs.Tab | undefined> {
  const [front] = await browser.tabs.query({ active: true, lastFocusedWindow: true, windowType: 'normal' });
  if (front) return front;
  const active = await browser.tabs.query({ active: true, windowType: 'normal' });
  return active.sort((a, b) => (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0))[0];
}

/** The page in front. `after` limits how long a frame is waited for. */
export function createFrontPage(
  browser: FrontBrowser,
  after: (delayMs: number, action: () => void) => () => void,
): FrontPage {
  // Where the last number was shown: the next one is looked for there first.
  let last: { tabId: number; frameId: number } | undefined;

  async function ask(tabId: number, frameId: number, name: keyof PageCommands): Promise<unknown> {
    const limit = new Promise<undefined>((resolve) => void after(ANSWER_LIMIT_MS, () => resolve(undefined)));
    // A frame without our script answers by an error.
    const answer = browser.tabs.sendMessage(tabId, { name }, { frameId }).catch(() => undefined);
    return Promise.race([answer, limit]);
  }

  async function inAllFrames(name: keyof PageCommands): Promise<unknown[]> {
    const tabId = (await tabInFront(browser))?.id;
    if (tabId === undefined) return [];
    const frames = await framesOf(browser, tabId);
    return Promise.all(frames.map((frameId) => ask(tabId, frameId, name)));
  }

  // The first frame that can, and those that answered before it.
  async function goRound(tabId: number, frames: readonly number[], order: keyof PageCommands) {
    const answered: number[] = [];
    for (const frameId of frames) {
      const read = v.safeParse(ShownSchema, await ask(tabId, frameId, order));
      if (read.success && read.output.shown) return { frameId, answered };
      if (read.success) answered.push(frameId);
    }
    return { answered };
  }

  return {
    async numbers() {
      const answers = await inAllFrames('list-numbers');
      const found = answers.flatMap((answer) => {
        const read = v.safeParse(NumbersSchema, answer);
        return read.success ? read.output : [];
      });
      return found.slice(0, MOST_NUMBERS);
    },
    async selectionReasons() {
      const answers = await inAllFrames('explain-selection');
      const reasons = answers.flatMap((answer) => {
        const read = v.safeParse(ReasonsSchema, answer);
        return read.success ? read.output : [];
      });
      return reasons.slice(0, MOST_REASONS);
    },
    async framedSites() {
      const tabId = (await tabInFront(browser))?.id;
      if (tabId === undefined) return [];
      // In the extension's own world of each enabled frame; what comes back is still a page's to decide.
      const injection = { target: { tabId, allFrames: true }, func: framedOrigins };
      const answers = await browser.scripting.executeScript(injection).catch(() => []);
      const origins = answers.flatMap(({ result }) => {
        const read = v.safeParse(OriginsSchema, result);
        return read.success ? read.output : [];
      });
      return [...new Set(origins.flatMap((origin) => siteOf(origin) ?? []))];
    },
    async isTyping() {
      return (await inAllFrames('is-typing')).includes(true);
    },
    async show(order) {
      const tabId = (await tabInFront(browser))?.id;
      if (tabId === undefined) return false;
      const frames = framesFrom(last?.tabId === tabId ? last.frameId : 0, await framesOf(browser, tabId));
      const round = await goRound(tabId, frames, order);
      // A frame that has come to its end begins anew when it is asked again. Where none can, any of them may be at its end:
      // a new worker does not know which.
      const isAtItsEnd = order === 'next-number' && round.frameId === undefined;
      const { frameId } = isAtItsEnd ? await goRound(tabId, round.answered, order) : round;
      if (frameId === undefined) return false;
      last = { tabId, frameId };
      return true;
    },
    async showSelectionIn(tabId, frameId) {
      return (await goRound(tabId, [frameId], 'dial-selection')).frameId !== undefined;
    },
  };
}

async function framesOf(browser: FrontBrowser, tabId: number): Promise<number[]> {
  const injection = { target: { tabId, allFrames: true }, func: () => true };
  // Where the browser does not let us in there is nothing to ask.
  const found = await browser.scripting.executeScript(injection).catch(() => []);
  return found.map(({ frameId }) => frameId).sort((a, b) => a - b);
}

// All the way round.
function framesFrom(first: number, frames: readonly number[]): number[] {
  const start = Math.max(0, frames.indexOf(first));
  return [...frames.slice(start), ...frames.slice(0, start)];
}
