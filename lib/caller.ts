// An offered call becomes one notification, exactly one, however often the worker dies meanwhile: the notification's id
// is the call's, what was shown is remembered in session storage, and the browser itself is asked what still stands.
// (Firefox lists nothing: there a worker that dies between two steps may write the same notification once more.)
import type { Call, CommandOrder } from '@offhook/protocol';
import { createTurns } from './in-turn.ts';
import type { OrderResult } from './messages.ts';
import { ownCallsOf, type PhoneState } from './phone.ts';
import type { KeyValueStore } from './settings.ts';
import type { Words } from './words.ts';

/** The browser's notifications as far as they are used. Firefox takes no buttons and lists nothing in `getAll`. */
export interface Notifications {
  create(id: string, options: NotificationContent): Promise<unknown>;
  /** Chromium only. Leaves alone what does not stand any more. */
  update?(id: string, options: NotificationContent): Promise<unknown>;
  clear(id: string): Promise<unknown>;
  getAll(): Promise<Record<string, unknown>>;
}

export interface NotificationContent {
  type: 'basic';
  iconUrl: string;
  title: string;
  message: string;
  requireInteraction?: boolean;
  buttons?: { title: string }[];
}

export interface CallerOptions {
  notifications: Notifications;
  memory: KeyValueStore;
  iconUrl: string;
  /** Whether this browser takes buttons and `requireInteraction` (Chromium does, Firefox throws). */
  hasButtons: boolean;
  words(): Words;
  state(): PhoneState;
  mayNotify(): Promise<boolean>;
  /** Whether it is this device that announces the call. What is shown already stays. */
  maySpeak(callId: string): boolean;
  give(order: { lineId: string; callId: string; order: CommandOrder }): Promise<OrderResult>;
  openContact(url: string): Promise<unknown>;
  seen(callId: string, action: 'shown' | 'dismissed' | 'opened'): void;
}

export interface Caller {
  /** Looks at the present state: shows what is offered and new, clears what is not offered any more. */
  update(): Promise<void>;
  onClicked(notificationId: string): Promise<void>;
  onButton(notificationId: string, index: number): Promise<void>;
  onClosed(notificationId: string, byUser: boolean): void;
  /** Another device of this agent dealt with the call. */
  onCleared(callId: string): Promise<void>;
  /** Says what an order came to, if it went wrong. */
  tell(callId: string, result: OrderResult): Promise<void>;
  /** Says something under this name; what it said before is replaced. */
  say(name: string, message: string): Promise<void>;
}

const PREFIX = 'call:';
const FAILURE_PREFIX = 'failed-order:';
const KEY = 'shownCalls';

type Button = 'answer' | 'drop';
const BUTTONS: readonly Button[] = ['answer', 'drop'];

/** The calls that were dealt with, each with the buttons that its notification got. */
type Shown = Map<string, readonly Button[]>;

/** The pop-ups of one worker. */
export function createCaller(options: CallerOptions): Caller {
  const { notifications, memory } = options;
  // What is shown as text, to update it only when it changed; lost with the worker, which then updates once too often.
  const shownText = new Map<string, string>();
  // Two states in quick succession must not both find a call unshown.
  const inTurn = createTurns();
  let nextLook: Promise<void> | undefined;

  async function look(): Promise<void> {
    nextLook = undefined;
    const state = options.state();
    // What is remembered from the last worker is no reason to show or to clear anything.
    if (state.link.type === 'connecting' || state.link.type === 'offline') return;
    const offered = offeredIn(state);
    const [shown, standing] = await Promise.all([loadShown(memory), standingUnder(PREFIX)]);
    for (const [callId, call] of offered) {
      const isNew = !shown.has(callId);
      if (isNew && (standing.has(callId) || options.maySpeak(callId))) {
        await show(call, shown, { isStanding: standing.has(callId) });
      } else if (!isNew && standing.has(callId)) await refresh(call, shown);
    }
    const known = new Set([...shown.keys(), ...standing]);
    for (const callId of known) if (!offered.has(callId)) await clear(callId, shown);
  }

  async function standingUnder(prefix: string): Promise<Set<string>> {
    const ids = Object.keys(await notifications.getAll());
    return new Set(ids.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length)));
  }

  // Created, remembered, reported: a worker that dies in between leaves the notification standing, and the next one
  // takes it over without showing it again; `seen` is the last step, so it is never sent twice.
  async function show(call: Call, shown: Shown, { isStanding }: { isStanding: boolean }): Promise<void> {
    const { callId } = call;
    const buttons = buttonsOf(call);
    const mayNotify = isStanding || (await options.mayNotify());
    if (mayNotify && !isStanding) {
      const content = contentOf(call, buttons, options);
      shownText.set(callId, JSON.stringify(content));
      await notifications.create(PREFIX + callId, content);
    }
    // What stands from a worker that died has buttons that nobody knows for sure: none is obeyed before its update.
    await saveShown(memory, shown.set(callId, isStanding ? [] : buttons));
    if (mayNotify) options.seen(callId, 'shown');
    if (isStanding) await refresh(call, shown);
    // What went wrong with an earlier call is history by now.
    for (const other of await standingUnder(FAILURE_PREFIX)) await notifications.clear(FAILURE_PREFIX + other);
  }

  // A pressed button is known by its place alone. So buttons that stand never change their places: "Answer" must not
  // become "Decline" under the pointer. Where there were none they may come later.
  async function refresh(call: Call, shown: Shown): Promise<void> {
    if (!notifications.update) return;
    const { callId } = call;
    const before = shown.get(callId) ?? [];
    const buttons = before.length > 0 ? before : buttonsOf(call);
    const content = contentOf(call, buttons, options);
    const text = JSON.stringify(content);
    if (shownText.get(callId) === text) return;
    shownText.set(callId, text);
    await notifications.update(PREFIX + callId, content);
    if (buttons !== before) await saveShown(memory, shown.set(callId, buttons));
  }

  async function clear(callId: string, shown: Shown): Promise<void> {
    await notifications.clear(PREFIX + callId);
    shownText.delete(callId);
    if (shown.delete(callId)) await saveShown(memory, shown);
  }

  return {
    update() {
      // A look that has not begun yet will see this state, too.
      nextLook ??= inTurn(look);
      return nextLook;
    },
    ...createPresses(options),
    ...createTeller(options),
    onCleared: (callId) =>
      inTurn(async () => {
        const shown = await loadShown(memory);
        // Remembered as shown, so that it does not come up again, or for the first time, while it still rings.
        if (!shown.has(callId)) await saveShown(memory, shown.set(callId, []));
        await notifications.clear(PREFIX + callId);
      }),
  };
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

/** What the agent does with a notification. */
function createPresses(options: CallerOptions): Pick<Caller, 'onClicked' | 'onButton' | 'onClosed'> {
  const { notifications, memory } = options;
  const { tell } = createTeller(options);

  function callOf(callId: string) {
    return ownCallsOf(options.state()).find(({ call }) => call.callId === callId);
  }

  return {
    async onClicked(notificationId) {
      // What it said was read.
      if (notificationId.startsWith(FAILURE_PREFIX)) await notifications.clear(notificationId);
      const callId = callIdOf(notificationId);
      if (callId === undefined) return;
      const url = callOf(callId)?.call.remote.contact?.url;
      options.seen(callId, 'opened');
      await notifications.clear(notificationId);
      if (url !== undefined) await options.openContact(url);
    },
    async onButton(notificationId, index) {
      const callId = callIdOf(notificationId);
      if (callId === undefined) return;
      const name = (await loadShown(memory)).get(callId)?.[index];
      const found = callOf(callId);
      // A call that was answered meanwhile is not to be hung up by a late "Decline".
      if (!name || found?.call.state !== 'offering') return;
      await tell(callId, await options.give({ lineId: found.held.line.lineId, callId, order: { name, args: {} } }));
    },
    onClosed(notificationId, byUser) {
      const callId = callIdOf(notificationId);
      if (byUser && callId !== undefined) options.seen(callId, 'dismissed');
    },
  };
}

/** The own calls that ring. Once the relay was forgotten, or does not let this browser in, nothing is offered to it. */
export function offeredIn(state: PhoneState): Map<string, Call> {
  if (state.link.type !== 'online') return new Map();
  const calls = ownCallsOf(state).map(({ call }) => call);
  return new Map(calls.filter((call) => call.state === 'offering').map((call) => [call.callId, call]));
}

async function loadShown(memory: KeyValueStore): Promise<Shown> {
  const stored = (await memory.get(KEY))[KEY];
  if (typeof stored !== 'object' || stored === null) return new Map();
  const buttonsIn = (names: unknown) => BUTTONS.filter((button) => Array.isArray(names) && names.includes(button));
  return new Map(Object.entries(stored).map(([callId, names]) => [callId, buttonsIn(names)]));
}

async function saveShown(memory: KeyValueStore, shown: Shown): Promise<void> {
  await memory.set({ [KEY]: Object.fromEntries(shown) });
}

function callIdOf(notificationId: string): string | undefined {
  return notificationId.startsWith(PREFIX) ? notificationId.slice(PREFIX.length) : undefined;
}

function buttonsOf(call: Call): readonly Button[] {
  return BUTTONS.filter((name) => call.capabilities.includes(name));
}

function contentOf(
  { remote, dialled }: Call,
  buttons: readonly Button[],
  { words, iconUrl, hasButtons }: CallerOptions,
): NotificationContent {
  const { t, number } = words();
  const shownNumber = number(remote.number, { isKnown: remote.contact !== undefined });
  const title = nameOf(remote, t) ?? shownNumber;
  const claimed = !remote.contact && !remote.verified && remote.name ? t('caller_claims', { name: remote.name }) : '';
  const called = dialled
    ? t('notification_incoming_message', { dialled: number(dialled, { isKnown: false }) })
    : t('notification_incoming_message_plain');
  const details = [called, title === shownNumber ? '' : shownNumber, claimed];
  return {
    type: 'basic',
    iconUrl,
    title: t('notification_incoming_title', { name: title }),
    message: details.filter((part) => part !== '').join(' · '),
    ...(hasButtons && {
      requireInteraction: true,
      buttons: buttons.map((name) => ({ title: t(name === 'answer' ? 'action_answer' : 'action_decline') })),
    }),
  };
}

/** A name that somebody vouches for; what only the telephone network claims is never the headline. */
function nameOf({ contact, name, verified }: Call['remote'], t: Words['t']): string | undefined {
  if (!contact) return verified && name ? name : undefined;
  const who = contact.match === 'exact' ? contact.name : t('caller_perhaps', { name: contact.name });
  return [who, contact.company].filter(Boolean).join(', ');
}
