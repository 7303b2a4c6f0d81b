// An offered call becomes one notification, exactly one, however often the worker dies meanwhile: the notification's id
// is the call's, what was shown is remembered in session storage, and the browser itself is asked what still stands.
import type { Call, CommandOrder } from '@offhook/protocol';
import type { PhoneState } from './phone.ts';
import { ownCallsOf } from './phone.ts';
import type { KeyValueStore } from './settings.ts';
import type { Words } from './words.ts';

/** The browser's notifications as far as they are used. Firefox takes no buttons and lists nothing in `getAll`. */
export interface Notifications {
  create(id: string, options: NotificationContent): Promise<unknown>;
  update?(id: string, options: NotificationContent): Promise<unknown>;
  clear(id: string): Promise<unknown>;
  getAll(): Promise<Record<string, unknown>>;
}

export interface NotificationContent {
  type: 'basic';
  iconUrl: string;
  title: string;
  message: string;
  contextMessage?: string;
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
  give(order: { lineId: string; callId: string; order: CommandOrder }): Promise<unknown>;
  openContact(url: string): Promise<unknown>;
  seen(callId: string, action: 'shown' | 'dismissed' | 'opened'): void;
}

export interface Caller {
  /** Looks at the present state: shows what is offered and new, clears what is not offered any more. */
  update(): Promise<void>;
  onClicked(notificationId: string): Promise<void>;
  onButton(notificationId: string, index: number): Promise<void>;
  onClosed(notificationId: string, byUser: boolean): Promise<void>;
  /** Another device of this agent dealt with the call. */
  onCleared(callId: string): Promise<void>;
}

const PREFIX = 'call:';
const KEY = 'shownCalls';

/** The pop-ups of one worker. */
export function createCaller(options: CallerOptions): Caller {
  const { notifications, memory } = options;
  // What is shown as text, to update it only when it changed; lost with the worker, which then updates once too often.
  const shownText = new Map<string, string>();
  let queue: Promise<unknown> = Promise.resolve();

  /** One step after the other: two states in quick succession must not both find a call unshown. */
  function inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
    const done = queue.then(step);
    queue = done.catch(() => undefined);
    return done;
  }

  async function look(): Promise<void> {
    const state = options.state();
    // What is remembered from the last worker is no reason to show or to clear anything.
    if (state.link.type !== 'online') return;
    const offered = ownCallsOf(state).filter(({ call }) => call.state === 'offering');
    const remembered = await rememberedCalls();
    const standing = await standingCalls();
    const shown = new Set([...remembered, ...standing]);
    for (const { call } of offered) {
      if (remembered.has(call.callId)) await refresh(call);
      else await show(call, { shown, isStanding: standing.includes(call.callId) });
    }
    const offeredIds = new Set(offered.map(({ call }) => call.callId));
    for (const callId of [...shown].filter((known) => !offeredIds.has(known))) await clear(callId, shown);
  }

  async function rememberedCalls(): Promise<Set<string>> {
    const stored = (await memory.get(KEY))[KEY];
    return new Set(Array.isArray(stored) ? stored.filter((item) => typeof item === 'string') : []);
  }

  async function standingCalls(): Promise<string[]> {
    const ids = Object.keys(await notifications.getAll());
    return ids.filter((id) => id.startsWith(PREFIX)).map((id) => id.slice(PREFIX.length));
  }

  // Created, remembered, reported: a worker that dies in between leaves the notification standing, and the next one
  // takes it over without showing it again; `seen` is the last step, so it is never sent twice.
  async function show(call: Call, { shown, isStanding }: { shown: Set<string>; isStanding: boolean }): Promise<void> {
    const mayNotify = await options.mayNotify();
    if (mayNotify && !isStanding) {
      const content = contentOf(call, options);
      shownText.set(call.callId, JSON.stringify(content));
      await notifications.create(PREFIX + call.callId, content);
    }
    await remember(shown.add(call.callId));
    if (mayNotify) options.seen(call.callId, 'shown');
  }

  async function refresh(call: Call): Promise<void> {
    const before = shownText.get(call.callId);
    const content = contentOf(call, options);
    const text = JSON.stringify(content);
    if (before === text || before === undefined) return void shownText.set(call.callId, text);
    shownText.set(call.callId, text);
    await notifications.update?.(PREFIX + call.callId, content);
  }

  async function clear(callId: string, shown: Set<string>): Promise<void> {
    await notifications.clear(PREFIX + callId);
    shownText.delete(callId);
    shown.delete(callId);
    await remember(shown);
  }

  async function remember(shown: ReadonlySet<string>): Promise<void> {
    await memory.set({ [KEY]: [...shown] });
  }

  function callOf(notificationId: string) {
    const callId = notificationId.slice(PREFIX.length);
    return ownCallsOf(options.state()).find(({ call }) => call.callId === callId);
  }

  return {
    update: () => inTurn(look),
    async onClicked(notificationId) {
      if (!notificationId.startsWith(PREFIX)) return;
      const url = callOf(notificationId)?.call.remote.contact?.url;
      options.seen(notificationId.slice(PREFIX.length), 'opened');
      await notifications.clear(notificationId);
      if (url !== undefined) await options.openContact(url);
    },
    async onButton(notificationId, index) {
      const found = callOf(notificationId);
      const name = found && buttonsOf(found.call)[index];
      if (!found || !name) return;
      await options.give({
        lineId: found.held.line.lineId,
        callId: found.call.callId,
        order: { name, args: {} },
      });
    },
    async onClosed(notificationId, byUser) {
      if (byUser && notificationId.startsWith(PREFIX)) options.seen(notificationId.slice(PREFIX.length), 'dismissed');
    },
    onCleared: (callId) =>
      inTurn(async () => {
        // It stays remembered as shown, so that it does not come up again while it still rings.
        await notifications.clear(PREFIX + callId);
      }),
  };
}

function buttonsOf(call: Call): ('answer' | 'drop')[] {
  return (['answer', 'drop'] as const).filter((name) => call.capabilities.includes(name));
}

function contentOf(call: Call, { words, iconUrl, hasButtons }: CallerOptions): NotificationContent {
  const { t, number } = words();
  const { remote, dialled } = call;
  const isKnown = remote.contact !== undefined;
  const shownNumber = number(remote.number, { isKnown });
  const who = [remote.contact?.name ?? (remote.verified ? remote.name : undefined), remote.contact?.company];
  const claimed = !remote.verified && remote.name ? t('caller_claims', { name: remote.name }) : undefined;
  const title = who.filter(Boolean).join(', ') || shownNumber;
  const called = dialled && number(dialled, { isKnown: false });
  const message = called
    ? t('notification_incoming_message', { dialled: called })
    : t('notification_incoming_message_plain');
  const details = [title === shownNumber ? undefined : shownNumber, claimed].filter(Boolean).join(' · ');
  return {
    type: 'basic',
    iconUrl,
    title: t('notification_incoming_title', { name: title }),
    message: details ? `${message} · ${details}` : message,
    ...(hasButtons && {
      requireInteraction: true,
      buttons: buttonsOf(call).map((name) => ({ title: t(name === 'answer' ? 'action_answer' : 'action_decline') })),
    }),
  };
}
