// The page script and the gate as one plain script for a fixture page: everything real but the worker. What is asked of
// the worker is kept on `window.offhookTest`, where the test also decides what the worker answers.
import { chipSkin } from '#components/Chip.tsx';
import { createT } from '#lib/i18n.ts';
import type { OrderResult, PageSettings, Send } from '#lib/messages.ts';
import type { NumberOutlook } from '#lib/number-outlook.ts';
import { startGate } from '#lib/page/gate.ts';
import { type PageScript, startPageScript } from '#lib/page/page-script.ts';
import { pageWords } from '#lib/page/page-words.ts';
import { type Presence, setPresence } from '#lib/page/presence.ts';
import type { NumberFacts } from '#lib/page-facts.ts';
import type { SiteWish, WishResult } from '#lib/site-wishes.ts';
import messages from '../../public/_locales/en/messages.json';

export interface PageUnderTest {
  sent: { name: string; request: unknown }[];
  settings: PageSettings | { isDisabled: true };
  answer: () => Promise<OrderResult>;
  outlook: () => Promise<NumberOutlook | { isDisabled: true }>;
  facts: () => Promise<NumberFacts | { isDisabled: true }>;
  /** What becomes of a decision; a worker would also change the settings by it. */
  wish: (wish: SiteWish) => Promise<WishResult>;
  isAlive: boolean;
  reports: number;
  /** Whether reports of the gate are heard. */
  isHeard: boolean;
  script?: PageScript;
  /** What the worker asks of the page script. */
  ask(message: unknown): unknown;
  start(): void;
  startGate(): Presence;
  /** The gate that was started last. */
  gate?: Presence;
  /** Closed roots as an extension sees them: set up before the page's own scripts run. */
  closedRoots: WeakMap<Element, ShadowRoot>;
}

declare global {
  interface Window {
    offhookTest: PageUnderTest;
    closedRootsOfPage?: WeakMap<Element, ShadowRoot>;
  }
}

const scope = {};
const texts: Record<string, { message: string; placeholders?: Record<string, { content: string }> }> = messages;
const t = createT((key, values) => {
  const { message = key, placeholders = {} } = texts[key] ?? {};
  return message.replace(/\$([A-Z]+)\$/g, (_, name: string) => {
    const place = Number(placeholders[name.toLowerCase()]?.content.slice(1));
    return values[place - 1] ?? '';
  });
});
const closedRoots = window.closedRootsOfPage ?? new WeakMap<Element, ShadowRoot>();
const openShadowRoot = (element: Element) => element.shadowRoot ?? closedRoots.get(element) ?? null;
let answer: (message: unknown) => unknown = () => undefined;
const send: Send = async (name, request) => {
  window.offhookTest.sent.push({ name, request });
  const { answer: dialled, outlook, facts, wish, settings } = window.offhookTest;
  const answers: Record<string, () => unknown> = {
    dial: dialled,
    'number-outlook': outlook,
    'number-facts': facts,
    'site-wish': () => wish((request as { wish: SiteWish }).wish), // the request of this name
  };
  const sent = await (answers[name]?.() ?? settings);
  // The answer belongs to the name, which a stand-in cannot prove.
  return sent as Awaited<ReturnType<Send>> as never;
};

// As the worker does it: the settings say it from now on, and the page script hears that they have changed, after the
// answer as a rule.
function fulfil(wish: SiteWish): WishResult {
  const { settings } = window.offhookTest;
  if ('isDisabled' in settings) return { type: 'failed', why: 'not-allowed' };
  const { notNumbers = [], alwaysColumns = [], ignoresRecordCountry } = settings;
  const country = settings.countryFrom === 'site' ? settings.country : undefined;
  const put = (list: readonly string[], one: string, isOn: boolean) => [
    ...list.filter((each) => each !== one),
    ...(isOn ? [one] : []),
  ];
  const change: Partial<PageSettings> =
    wish.name === 'not-number'
      ? { notNumbers: put(notNumbers, wish.text, wish.isOn) }
      : wish.name === 'always-column'
        ? { alwaysColumns: put(alwaysColumns, wish.title, wish.isOn) }
        : {
            country: wish.country ?? 'DE',
            countryFrom: wish.country ? 'site' : 'agent',
            ignoresRecordCountry: wish.ignoresRecordCountry,
          };
  window.offhookTest.settings = { ...settings, ...change };
  setTimeout(() => window.offhookTest.ask({ name: 'settings-changed' }), 50);
  const before: SiteWish =
    wish.name === 'country' ? { name: 'country', country, ignoresRecordCountry } : { ...wish, isOn: !wish.isOn };
  return { type: 'done', before };
}

window.offhookTest = {
  sent: [],
  settings: { country: 'DE', takesTelLinks: true },
  answer: () => Promise.resolve({ type: 'done' }),
  outlook: () => Promise.resolve({ isDisabled: true }),
  facts: () => Promise.resolve({ person: { type: 'unknown' } }),
  wish: (wish) => Promise.resolve(fulfil(wish)),
  isAlive: true,
  reports: 0,
  isHeard: true,
  closedRoots,
  ask: (message) => answer(message),
  start() {
    const script = startPageScript({
      document,
      scope,
      send,
      listen(hear, signal) {
        answer = (message) => (signal.aborted ? undefined : hear(message));
      },
      openShadowRoot,
      skin: chipSkin(pageWords(t, 'en-GB')),
      isAlive: () => window.offhookTest.isAlive,
    });
    setPresence(scope, 'page', { isAlive: () => script.isAtWork(), close: () => script.close() });
    window.offhookTest.script = script;
  },
  startGate() {
    const gate = startGate({
      document,
      scope,
      openShadowRoot,
      report: async () => {
        window.offhookTest.reports += 1;
        return window.offhookTest.isHeard;
      },
      isAlive: () => window.offhookTest.isAlive,
    });
    window.offhookTest.gate = gate;
    return gate;
  },
};
