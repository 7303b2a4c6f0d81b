// How a worker says that the phone rings: by a notification, and aloud where the agent wants it. What each browser can do
// is told here, and nowhere else.
import type { Browser } from 'webextension-polyfill';
import { type Caller, type CallerOptions, createCaller, type Notifications } from './caller.ts';
import type { Clock } from './clock.ts';
import type { T } from './i18n.ts';
import { createNoticeFacts } from './notice-facts.ts';
import { settingsInForce } from './policy.ts';
import type { Questions } from './questions.ts';
import { createRinger, type Ringer, type RingPlayer } from './ringer.ts';
import { isSample, type SampleCall } from './sample-call.ts';
import { settlingNotifications } from './settling-notifications.ts';
import type { Speaker } from './speaker.ts';
import { createWords } from './words.ts';

export interface AnnouncementOptions extends Pick<CallerOptions, 'give' | 'openContact'> {
  browser: Browser;
  kind: 'chrome' | 'firefox';
  t: T;
  clock: Clock;
  /** Asks the relay what is known of who calls. */
  ask: Questions['ask'];
  sample: SampleCall;
  speaker: Speaker;
  country(): string;
  settled: CallerOptions['settled'];
  /** Resolves when everybody who calls now was looked for in this browser's memory. */
  recollected(): Promise<unknown>;
  /** Tells the relay of a call that somebody else knows, too. */
  seen: CallerOptions['seen'];
  onDismissed: CallerOptions['onDismissed'];
  player: RingPlayer;
  /** Whether calls are not announced now. */
  isQuiet(): Promise<boolean>;
}

// Storage that does not answer keeps nobody from hearing that the phone rings.
const NAME_WAIT_MS = 100;

/** The notifications and the ringtone of one worker. */
export function createAnnouncements(options: AnnouncementOptions): { caller: Caller; ringer: Ringer } {
  const { browser, kind, t, sample, speaker } = options;
  const memory = browser.storage.session;
  const { maySpeak } = speaker;
  // Chromium alone can update a notification; the types describe what both browsers have.
  const { update } = browser.notifications as Pick<Notifications, 'update'>;
  const own: Notifications = {
    create: (id, content) => browser.notifications.create(id, content),
    clear: (id) => browser.notifications.clear(id),
    getAll: () => browser.notifications.getAll(),
  };
  const caller: Caller = createCaller({
    notifications: update
      ? settlingNotifications({
          notifications: { ...own, update: (id, content) => update(id, content) },
          clock: options.clock,
          onSettled: () => void caller.update(),
        })
      : own,
    memory,
    iconUrl: browser.runtime.getURL('icon/128.png'),
    hasButtons: kind === 'chrome',
    words: () => createWords({ t, country: options.country() }),
    state: sample.state,
    facts: createNoticeFacts({
      ...{ memory, ask: options.ask, clock: options.clock },
      onKnown: () => void caller.update(),
    }),
    settled: options.settled,
    named: () => atMost(NAME_WAIT_MS, options.recollected(), options.clock),
    maySpeak,
    mayNotify: async () => (await settingsInForce(browser.storage)).notifies && !(await options.isQuiet()),
    give: options.give,
    openContact: options.openContact,
    // Of a pretended call nobody else knows.
    seen: (callId, action) => (isSample(callId) ? undefined : options.seen(callId, action)),
    onDismissed: options.onDismissed,
  });
  const ringer = createRinger({
    state: sample.state,
    maySpeak,
    memory,
    player: options.player,
    async settings() {
      const { rings, ringtones } = await settingsInForce(browser.storage);
      return rings && !(await options.isQuiet()) ? ringtones : undefined;
    },
  });
  return { caller, ringer };
}

async function atMost(ms: number, done: Promise<unknown>, clock: Clock): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(ms, resolve);
  await Promise.race([done, over]);
  cancel();
}
