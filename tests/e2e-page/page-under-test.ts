// The page script and the gate as one plain script for a fixture page: everything real but the worker. What is asked of
// the worker is kept on `window.offhookTest`, where the test also decides what the worker answers.
import { chipSkin } from '#components/Chip.tsx';
import { errorText } from '#lib/error-text.ts';
import { createT } from '#lib/i18n.ts';
import type { OrderResult, PageSettings, Send } from '#lib/messages.ts';
import type { NumberOutlook } from '#lib/number-outlook.ts';
import { numberAsRead } from '#lib/page/as-read.ts';
import { startGate } from '#lib/page/gate.ts';
import { type PageScript, startPageScript } from '#lib/page/page-script.ts';
import { type Presence, setPresence } from '#lib/page/presence.ts';
import messages from '../../public/_locales/en/messages.json';

export interface PageUnderTest {
  sent: { name: string; request: unknown }[];
  settings: PageSettings | { isDisabled: true };
  answer: () => Promise<OrderResult>;
  outlook: () => Promise<NumberOutlook | { isDisabled: true }>;
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
// Where a text of the page script has two placeholders, they stand in it in the order of their names.
const texts: Record<string, { message: string }> = messages;
const t = createT((key, values) =>
  values.reduce((text, value) => text.replace(/\$[A-Z]+\$/, () => value), texts[key]?.message ?? key),
);
const closedRoots = window.closedRootsOfPage ?? new WeakMap<Element, ShadowRoot>();
const openShadowRoot = (element: Element) => element.shadowRoot ?? closedRoots.get(element) ?? null;
let answer: (message: unknown) => unknown = () => undefined;
const send: Send = async (name, request) => {
  window.offhookTest.sent.push({ name, request });
  const { answer: dialled, outlook, settings } = window.offhookTest;
  const sent = name === 'dial' ? await dialled() : name === 'number-outlook' ? await outlook() : settings;
  // The answer belongs to the name, which a stand-in cannot prove.
  return sent as Awaited<ReturnType<Send>> as never;
};

window.offhookTest = {
  sent: [],
  settings: { country: 'DE', takesTelLinks: true },
  answer: () => Promise.resolve({ type: 'done' }),
  outlook: () => Promise.resolve({ isDisabled: true }),
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
      skin: chipSkin({
        t,
        error: (code, params) => errorText(t, code, params),
        number: (number) => numberAsRead(number, t),
      }),
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
