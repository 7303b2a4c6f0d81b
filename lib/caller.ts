// An offered call becomes one notification, exactly one, however often the worker dies meanwhile and on however many own
// lines it rings: the notification's id is the call's, what was shown is remembered in session storage, and the browser
// itself is asked what still stands. What was dealt with anywhere is not shown again.
// (Firefox lists nothing: there a worker that dies between two steps may write the same notification once more.)
import type { Call, CommandOrder } from '@offhook/protocol';
import * as v from 'valibot';
import { BUTTONS, type Button, buttonsOf, type NotificationContent, noticeOf } from './call-notice.ts';
import { createTurns } from './in-turn.ts';
import type { OrderResult } from './messages.ts';
import type { NoticeFacts } from './notice-facts.ts';
import { ownCallsOf, type PhoneState } from './phone.ts';
import type { KeyValueStore } from './settings.ts';
import type { Words } from './words.ts';

/** The browser's notifications as far as they are used. Firefox takes no buttons and lists nothing in `getAll`. */
export interface Notifications {
  create(id: string, options: NotificationContent): Promise<unknown>;
  /** Chromium only. Leaves alone what does not stand any more; without it a change of who calls is written anew. */
  update?(id: string, options: NotificationContent): Promise<unknown>;
  clear(id: string): Promise<unknown>;
  getAll(): Promise<Record<string, unknown>>;
  /** Whether it must be let alone for a moment; somebody calls `update` after that. */
  isNew?(id: string): boolean;
}

export interface CallerOptions {
  notifications: Notifications;
  memory: KeyValueStore;
  iconUrl: string;
  /** Whether this browser takes buttons, `requireInteraction` and `silent` (Chromium does, Firefox throws). */
  hasButtons: boolean;
  words(): Words;
  state(): PhoneState;
  facts: NoticeFacts;
  /** Resolves when waiting any longer would not make the state truer. */
  settled(): Promise<unknown>;
  /** Resolves soon, when the state has the names that this browser itself knows. */
  named(): Promise<unknown>;
  mayNotify(): Promise<boolean>;
  /** Whether it is this device that announces the call. What is shown already stays. */
  maySpeak(callId: string): boolean;
  give(order: { lineId: string; callId: string; order: CommandOrder }): Promise<OrderResult>;
  openContact(url: string): Promise<unknown>;
  seen(callId: string, action: 'shown' | 'dismissed' | 'opened'): void;
  /** The agent closed the notification: nothing else of this browser is to announce this call either. */
  onDismissed(callId: string): void;
}

export interface Caller {
  /** Looks at the present state: shows what is offered and new, clears what is not offered any more. */
  update(): Promise<void>;
  onClicked(notificationId: string): Promise<void>;
  onButton(notificationId: string, index: number): Promise<void>;
  onClosed(notificationId: string, byUser: boolean): void;
  /** Another device of this agent dealt with the call. */
  onCleared(callId: string): Promise<void>;
  /** The agent closed whatever else of this browser announced the call. */
  dismiss(callId: string): Promise<void>;
  /** Says what an order came to, if it went wrong. */
  tell(callId: string, result: OrderResult): Promise<void>;
  /** Says something under this name; what it said before is replaced. */
  say(name: string, message: string): Promise<void>;
}

const PREFIX = 'call:';
const FAILURE_PREFIX = 'failed-order:';
const KEY = 'shownCalls';
const TEXTS_KEY = 'shownTexts';
const TextsSchema = v.record(v.string(), v.object({ whole: v.string(), who: v.string() }));

/**
 * `along`: the same call on another own line, for which the notification of the first one stands. `planned`: it is shown if
 * its notification stands; the worker that was about to create it may have died before.
 */
type Mark = Button | 'along' | 'planned';
const MARKS: readonly Mark[] = [...BUTTONS, 'along', 'planned'];

/** The calls that were dealt with, each with the buttons that its notification got. */
type Shown = Map<string, readonly Mark[]>;

/** The pop-ups of one worker. */
export function createCaller(options: CallerOptions): Caller {
  const { notifications, memory } = options;
  const { shownText, restoreTexts, keepTexts } = createShownTexts(memory);
  // Two states in quick succession must not both find a call unshown.
  const inTurn = createTurns();
  let nextLook: Promise<void> | undefined;

  async function look(): Promise<void> {
    nextLook = undefined;
    // A name that comes a moment after the notification would have to wait until that has settled.
    await Promise.all([restoreTexts(), options.named()]);
    const state = options.state();
    // What is remembered from the last worker is no reason to show or to clear anything.
    if (state.link.type === 'connecting' || state.link.type === 'offline') return;
    const offered = offeredIn(state);
    const [shown, standing] = await Promise.all([loadShown(memory), standingUnder(PREFIX, notifications)]);
    for (const calls of familiesOf(offered)) await lookAt(calls, { shown, standing, state });
    const known = new Set([...shown.keys(), ...standing]);
    for (const callId of known) if (!offered.has(callId)) await clear(callId, shown);
  }

  // The calls of one conversation: the same one, on each own line that it rings on.
  async function lookAt(calls: readonly Call[], { shown, standing, state }: Sight): Promise<void> {
    const isLead = ({ callId }: Call) => isLeadIn(shown, callId);
    const lead = calls.find(({ callId }) => standing.has(callId)) ?? calls.find(isLead);
    if (lead && isLead(lead)) {
      // Firefox does not tell what stands.
      if (standing.has(lead.callId) || !notifications.update) await refresh(lead, shown);
    } else if (lead) await show(lead, shown, { isStanding: true });
    else if (!isTaken(calls, state)) {
      const [best] = calls.filter(({ callId }) => options.maySpeak(callId)).toSorted(byButtons);
      if (best) await show(best, shown, { isStanding: false });
    }
    await takeAlong(calls, { shown, standing, state });
  }

  // The relay hears that the others are shown, too: it would ask another device to show them.
  async function takeAlong(calls: readonly Call[], { shown, standing }: Sight): Promise<void> {
    const lead = calls.find(({ callId }) => isLeadIn(shown, callId));
    if (!lead) return;
    for (const { callId } of calls) {
      if (callId === lead.callId) continue;
      // Two that were one from the beginning, as it turned out.
      if (standing.has(callId)) await notifications.clear(PREFIX + callId);
      if (isLeadIn(shown, callId) || isAlongIn(shown, callId) || !options.maySpeak(callId)) continue;
      await saveShown(memory, shown.set(callId, ['along']));
      if (await options.mayNotify()) options.seen(callId, 'shown');
    }
  }

  // Planned, created, remembered, reported: a worker that dies in between leaves the notification standing, and the next one
  // takes it over without showing it again, with the buttons that were planned; `seen` is the last step, so it is never sent
  // twice.
  async function show(call: Call, shown: Shown, { isStanding }: { isStanding: boolean }): Promise<void> {
    const { callId } = call;
    const buttons = isStanding ? (shown.get(callId) ?? []).filter(isButton) : buttonsOf(call);
    const mayNotify = isStanding || (await options.mayNotify());
    if (mayNotify && !isStanding) {
      const content = await contentOf(call, buttons, options);
      shownText.set(callId, { whole: JSON.stringify(content), who: content.title });
      await saveShown(memory, shown.set(callId, [...buttons, 'planned']));
      await notifications.create(PREFIX + callId, content).then(keepTexts);
    }
    await saveShown(memory, shown.set(callId, buttons));
    if (mayNotify) options.seen(callId, 'shown');
    if (isStanding) await refresh(call, shown);
    // What went wrong with an earlier call is history by now.
    for (const other of await standingUnder(FAILURE_PREFIX, notifications))
      await notifications.clear(FAILURE_PREFIX + other);
  }

  // A pressed button is known by its place alone. So buttons that stand never change their places: "Answer" must not
  // become "Decline" under the pointer. Where there were none they may come later.
  async function refresh(call: Call, shown: Shown): Promise<void> {
    const { callId } = call;
    const before = shown.get(callId) ?? [];
    const buttons = before.length > 0 ? before.filter(isButton) : buttonsOf(call);
    const content = await contentOf(call, buttons, options);
    const whole = JSON.stringify(content);
    const last = shownText.get(callId);
    if (last?.whole === whole || !(last || notifications.update) || notifications.isNew?.(PREFIX + callId)) return;
    shownText.set(callId, { whole, who: content.title });
    if (notifications.update) await notifications.update(PREFIX + callId, content);
    // Firefox: written anew under the same id it takes the place of the old one, and is noticed once more. That is worth it
    // for another name alone; of what an earlier worker wrote, or the agent closed, nobody knows whether it was another one.
    else if (last?.who !== content.title) await notifications.create(PREFIX + callId, content);
    await keepTexts();
    if (before.length === 0 && buttons.length > 0) await saveShown(memory, shown.set(callId, buttons));
  }

  async function clear(callId: string, shown: Shown): Promise<void> {
    await notifications.clear(PREFIX + callId);
    await Promise.all([options.facts.forget(callId), shownText.delete(callId) && keepTexts()]);
    if (shown.delete(callId)) await saveShown(memory, shown);
  }

  return {
    update() {
      // A look that has not begun yet will see this state, too.
      nextLook ??= inTurn(look);
      return nextLook;
    },
    ...createPresses({
      options,
      remember: (callId) => inTurn(() => rememberFamily(callId, options)),
      onGone: (callId) => void shownText.delete(callId),
    }),
    ...createTeller(options),
    onCleared: (callId) =>
      inTurn(async () => {
        for (const id of await rememberFamily(callId, options)) await notifications.clear(PREFIX + id);
      }),
    dismiss: (callId) =>
      inTurn(async () => {
        for (const id of await rememberFamily(callId, options)) {
          await notifications.clear(PREFIX + id);
          options.seen(id, 'dismissed');
        }
      }),
  };
}

// Remembered as shown, so that it does not come up again, or for the first time, while it still rings on any line. Answers
// all calls that this holds for.
async function rememberFamily(callId: string, { memory, state }: CallerOptions): Promise<string[]> {
  const family = familyOf(callId, state());
  const shown = await loadShown(memory);
  const fresh = family.filter((id) => !isLeadIn(shown, id));
  for (const id of fresh) shown.set(id, []);
  if (fresh.length > 0) await saveShown(memory, shown);
  return family;
}

/** What is said of itself. Nobody looks at a view while a notification or a key is pressed. */
function createTeller({ notifications, words, iconUrl }: CallerOptions): Pick<Caller, 'tell' | 'say'> {
  async function say(name: string, message: string): Promise<void> {
    const title = words().t('extName');
    await notifications.create(FAILURE_PREFIX + name, { type: 'basic', iconUrl, title, message });
  }

  return {
    say,
    async tell(callId, result) {
      if (result.type === 'done') return;
      const { error } = words();
      await say(callId, result.type === 'unknown' ? error('outcome-unknown') : error(result.code, result.params));
    },
  };
}

interface PressOptions {
  options: CallerOptions;
  /** The call is dealt with; answers it and those that are the same call on other own lines. */
  remember(callId: string): Promise<string[]>;
  /** Its notification stands no more. */
  onGone(callId: string): void;
}

/** What the agent does with a notification. */
function createPresses({
  options,
  remember,
  onGone,
}: PressOptions): Pick<Caller, 'onClicked' | 'onButton' | 'onClosed'> {
  const { notifications, memory } = options;
  const { tell } = createTeller(options);

  // A press may be what started this worker, and the last one may not have lived to write down the call.
  async function callOf(callId: string) {
    const found = () => ownCallsOf(options.state()).find(({ call }) => call.callId === callId);
    if (!found()) await options.settled();
    return found();
  }

  function told(callId: string, action: 'opened' | 'dismissed'): void {
    for (const id of familyOf(callId, options.state())) {
      options.seen(id, action);
      if (action === 'dismissed') options.onDismissed(id);
    }
    void remember(callId);
  }

  return {
    async onClicked(notificationId) {
      // What it said was read.
      if (notificationId.startsWith(FAILURE_PREFIX)) await notifications.clear(notificationId);
      const callId = callIdOf(notificationId);
      if (callId === undefined) return;
      await notifications.clear(notificationId);
      const url = (await callOf(callId))?.call.remote.contact?.url;
      told(callId, 'opened');
      if (url !== undefined) await options.openContact(url);
    },
    async onButton(notificationId, index) {
      const callId = callIdOf(notificationId);
      if (callId === undefined) return;
      const name = (await loadShown(memory)).get(callId)?.[index];
      const found = await callOf(callId);
      // A call that was answered meanwhile is not to be hung up by a late "Decline".
      if (!name || !isButton(name) || found?.call.state !== 'offering') return;
      await tell(callId, await options.give({ lineId: found.held.line.lineId, callId, order: { name, args: {} } }));
    },
    onClosed(notificationId, byUser) {
      const callId = callIdOf(notificationId);
      if (callId === undefined) return;
      onGone(callId);
      if (byUser) told(callId, 'dismissed');
    },
  };
}

/** The own calls that ring. Once the relay was forgotten, or does not let this browser in, nothing is offered to it. */
export function offeredIn(state: PhoneState): Map<string, Call> {
  if (state.link.type !== 'online') return new Map();
  const calls = ownCallsOf(state).map(({ call }) => call);
  return new Map(calls.filter((call) => call.state === 'offering').map((call) => [call.callId, call]));
}

/** What one look goes by. */
interface Sight {
  shown: Shown;
  standing: ReadonlySet<string>;
  state: PhoneState;
}

function familiesOf(offered: ReadonlyMap<string, Call>): readonly Call[][] {
  return [...Map.groupBy(offered.values(), ({ conversationId }) => conversationId).values()];
}

/** The call and those that are the same call on other own lines, as far as they ring. */
function familyOf(callId: string, state: PhoneState): string[] {
  const offered = offeredIn(state);
  const conversationId = offered.get(callId)?.conversationId;
  const others = [...offered.values()].filter(
    (call) => call.callId !== callId && call.conversationId === conversationId,
  );
  return [callId, ...others.map((call) => call.callId)];
}

// Answered on another own line: the rest of its ringing is nobody's business.
function isTaken([first]: readonly Call[], state: PhoneState): boolean {
  const isTalked = ({ state: now }: Call) => now === 'connected' || now === 'held';
  return ownCallsOf(state).some(({ call }) => call.conversationId === first?.conversationId && isTalked(call));
}

// What can be answered from here goes before what cannot.
function byButtons(one: Call, other: Call): number {
  return buttonsOf(other).length - buttonsOf(one).length;
}

function isLeadIn(shown: Shown, callId: string): boolean {
  const marks = shown.get(callId);
  return marks !== undefined && !marks.includes('along') && !marks.includes('planned');
}

function isAlongIn(shown: Shown, callId: string): boolean {
  return shown.get(callId)?.includes('along') === true;
}

async function standingUnder(prefix: string, { getAll }: Pick<Notifications, 'getAll'>): Promise<Set<string>> {
  const ids = Object.keys(await getAll());
  return new Set(ids.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length)));
}

/**
 * What notifications say, to update them only when that changed. Kept for the next worker: an update that changes nothing
 * takes the place of the notification all the same, and a press that is just under way is lost with the old one.
 */
function createShownTexts(memory: KeyValueStore) {
  const shownText = new Map<string, { whole: string; who: string }>();
  let isRestored = false;
  return {
    shownText,
    async restoreTexts(): Promise<void> {
      if (isRestored) return;
      isRestored = true;
      const read = v.safeParse(TextsSchema, (await memory.get(TEXTS_KEY))[TEXTS_KEY]);
      for (const [callId, text] of Object.entries(read.success ? read.output : {})) shownText.set(callId, text);
    },
    // Only once it is shown: a worker that dies before that updates once too often, and never once too little.
    keepTexts: () => memory.set({ [TEXTS_KEY]: Object.fromEntries(shownText) }),
  };
}

async function loadShown(memory: KeyValueStore): Promise<Shown> {
  const stored = (await memory.get(KEY))[KEY];
  if (typeof stored !== 'object' || stored === null) return new Map();
  const marksIn = (names: unknown) => MARKS.filter((mark) => Array.isArray(names) && names.includes(mark));
  return new Map(Object.entries(stored).map(([callId, names]) => [callId, marksIn(names)]));
}

async function saveShown(memory: KeyValueStore, shown: Shown): Promise<void> {
  await memory.set({ [KEY]: Object.fromEntries(shown) });
}

function callIdOf(notificationId: string): string | undefined {
  return notificationId.startsWith(PREFIX) ? notificationId.slice(PREFIX.length) : undefined;
}

function isButton(mark: Mark): mark is Button {
  return mark !== 'along' && mark !== 'planned';
}

async function contentOf(call: Call, buttons: readonly Button[], options: CallerOptions): Promise<NotificationContent> {
  const { words, iconUrl, hasButtons, state } = options;
  const facts = await options.facts.of(call);
  return noticeOf(call, { words: words(), iconUrl, hasButtons, buttons, state: state(), facts });
}
