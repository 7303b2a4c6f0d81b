// The keyboard commands, which work while a page or no window of ours is in front. What cannot be done says so in a
// notification, since nobody looks at a view then. A key never ends a conversation that the agent did not mean: not by a
// second press, and not because what rang went away just before the first.
import type { CommandOrder } from '@offhook/protocol';
import type { Clock } from './clock.ts';
import type { FrontPage } from './front-page.ts';
import type { PlainKey } from './i18n.ts';
import type { OrderResult } from './messages.ts';
import type { ExplainedText } from './page-facts.ts';
import { ownCallsOf, type PhoneState } from './phone.ts';
import type { PhonePicture } from './sample-call.ts';

/** The names of the commands, as in the manifest. */
export const SHORTCUTS = ['answer-or-drop', 'open-contact', 'next-number', 'dial-selection', 'list-numbers'] as const;

export interface ShortcutOptions {
  phone: PhonePicture;
  clock: Clock;
  /** Resolves when the picture of the phones is current, or will not become so soon: a key may be what started the worker. */
  settled(): Promise<unknown>;
  page: Pick<FrontPage, 'show' | 'numbers' | 'selectionReasons'>;
  /** Opens the toolbar's popup with the list of the page's numbers; false where the browser does not open it. */
  openList(): Promise<boolean>;
  give(order: { lineId: string; callId: string; order: CommandOrder }): Promise<OrderResult>;
  openContact(callId: string): Promise<boolean>;
  /** Says why nothing happened. */
  say(reason: PlainKey): Promise<void>;
  /** Says why digits that were meant are no number. */
  explain(reason: ExplainedText): Promise<void>;
  /** Says what an order came to, if it went wrong. */
  tell(callId: string, result: OrderResult): Promise<void>;
}

/** What the keyboard commands do. */
export interface Shortcuts {
  /** Does what a command says; names that are not ours do nothing. */
  run(name: string): Promise<void>;
}

type Found = ReturnType<typeof ownCallsOf>[number];

// Who meant to answer may press a little late, and some fingers press twice.
const CALM_MS = 1_500;

/** The keyboard commands of one worker. Create it before the picture of the phones first changes. */
export function createShortcuts(options: ShortcutOptions): Shortcuts {
  const answerOrDrop = createAnswerOrDrop(options);
  return {
    async run(name) {
      switch (SHORTCUTS.find((known) => known === name)) {
        case 'answer-or-drop':
          await options.settled();
          return answerOrDrop();
        case 'open-contact':
          await options.settled();
          return openContact(options);
        case 'next-number':
          if (!(await options.page.show('next-number'))) await options.say('shortcut_no_number');
          return;
        case 'dial-selection':
          return dialSelection(options);
        case 'list-numbers':
          return listNumbers(options);
        case undefined:
          return;
      }
    },
  };
}

async function listNumbers({ page, openList, say }: ShortcutOptions): Promise<void> {
  const numbers = await page.numbers().catch(() => []);
  if (numbers.length === 0) return say('shortcut_no_number');
  if (!(await openList())) await say('shortcut_no_list');
}

async function dialSelection({ page, say, explain }: ShortcutOptions): Promise<void> {
  if (await page.show('dial-selection')) return;
  const [reason] = (await page.selectionReasons().catch(() => [])).filter(({ isNumber }) => !isNumber);
  await (reason ? explain(reason) : say('shortcut_no_selection'));
}

// What rings is answered first, the oldest before the others. Only then something is hung up: what is spoken on, else what
// is being dialled; a call on hold never, since nobody hears it go.
function createAnswerOrDrop(options: ShortcutOptions): () => Promise<void> {
  const { phone, clock, say } = options;
  const isRecent = (at: number) => clock.now() - at < CALM_MS;
  const stoppedAt = watchRinging(options);
  let answeredAt = Number.NEGATIVE_INFINITY;

  async function answer(ringing: readonly [Found, ...Found[]]): Promise<void> {
    // From now on, and again from when it is done: a phone takes its time.
    answeredAt = clock.now();
    const { type } = await order('answer', ringing, options);
    answeredAt = type === 'failed' ? Number.NEGATIVE_INFINITY : clock.now();
  }

  return async () => {
    if (isRecent(answeredAt)) return;
    const calls = callsByAge(phone.state());
    const [rings, ...others] = calls.filter(({ call }) => call.state === 'offering');
    if (rings) return answer([rings, ...others]);
    const [first, ...later] = droppable(calls);
    if (!first) return say('shortcut_no_call');
    if (isRecent(stoppedAt())) return say('shortcut_just_stopped');
    await order('drop', [first, ...later], options);
  };
}

/** Watches when a call of the agent's own last stopped ringing, whyever it did. */
function watchRinging({ phone, clock }: ShortcutOptions): () => number {
  let ringing = ringingIds(phone.state());
  let stoppedAt = Number.NEGATIVE_INFINITY;
  phone.onChange((state) => {
    const before = ringing;
    ringing = ringingIds(state);
    if ([...before].some((callId) => !ringing.has(callId))) stoppedAt = clock.now();
  });
  return () => stoppedAt;
}

function ringingIds(state: PhoneState): Set<string> {
  const ringing = ownCallsOf(state).filter(({ call }) => call.state === 'offering');
  return new Set(ringing.map(({ call }) => call.callId));
}

/** Gives the order for the first call that takes it. */
async function order(
  name: 'answer' | 'drop',
  found: readonly [Found, ...Found[]],
  { give, tell }: ShortcutOptions,
): Promise<OrderResult> {
  const able = found.find(({ call }) => call.capabilities.includes(name));
  const { call, held } = able ?? found[0];
  const { callId } = call;
  const result: OrderResult = able
    ? await give({ lineId: held.line.lineId, callId, order: { name, args: {} } })
    : { type: 'failed', code: 'not-supported' };
  await tell(callId, result);
  return result;
}

function droppable(calls: Found[]): Found[] {
  const connected = calls.filter(({ call }) => call.state === 'connected');
  return connected.length > 0 ? connected : calls.filter(({ call }) => call.state !== 'held');
}

async function openContact({ phone, openContact: open, say }: ShortcutOptions): Promise<void> {
  const calls = callsByAge(phone.state());
  const ringing = calls.filter(({ call }) => call.state === 'offering');
  const connected = calls.filter(({ call }) => call.state === 'connected');
  const known = [...ringing, ...connected, ...calls].find(({ call }) => call.remote.contact?.url !== undefined);
  if (!known || !(await open(known.call.callId))) await say('shortcut_no_contact');
}

function callsByAge(state: PhoneState): Found[] {
  if (state.link.type !== 'online') return [];
  return ownCallsOf(state).sort((a, b) => beganAt(a) - beganAt(b));
}

function beganAt({ call, held }: Found): number {
  return held.receivedAt - call.ageMs;
}
