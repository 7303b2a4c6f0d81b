// What the notification of a call says: who calls, as far as somebody vouches for it, and which of our numbers was called.
// Pure; it decides neither whether nor when there is one.
import type { Call, Fact } from '@offhook/protocol';
import { ownCallsOf, ownLinesOf, type PhoneState } from './phone.ts';
import type { Words } from './words.ts';

export interface NotificationContent {
  type: 'basic';
  iconUrl: string;
  title: string;
  message: string;
  requireInteraction?: boolean;
  /** Chromium only: it comes up without a sound. */
  silent?: boolean;
  buttons?: { title: string }[];
}

/** What a button of the notification does. */
export type Button = 'answer' | 'drop';
export const BUTTONS: readonly Button[] = ['answer', 'drop'];

/** The buttons that a call can have now, in the order in which they stand. */
export function buttonsOf(call: Call): readonly Button[] {
  return BUTTONS.filter((name) => call.capabilities.includes(name));
}

export interface NoticeOptions {
  words: Words;
  iconUrl: string;
  /** Whether this browser takes buttons, `requireInteraction` and `silent` (Chromium does, Firefox throws). */
  hasButtons: boolean;
  buttons: readonly Button[];
  state: PhoneState;
  /** What is known of who calls by now. */
  facts: readonly Fact[];
}

// What systems show of a line before they cut it.
const MOST_FACTS_LENGTH = 80;

/** The notification of a call that is offered. */
export function noticeOf(
  call: Call,
  { words, iconUrl, hasButtons, buttons, state, facts }: NoticeOptions,
): NotificationContent {
  const { t, number } = words;
  const { remote } = call;
  const shownNumber = number(remote.number, { isKnown: remote.contact !== undefined });
  const title = nameOf(remote, t) ?? shownNumber;
  const claimed = !remote.contact && !remote.verified && remote.name ? t('caller_claims', { name: remote.name }) : '';
  const called = calledNamesOf(call, state, words).join(', ');
  const details = [
    called ? t('notification_incoming_message', { dialled: called }) : t('notification_incoming_message_plain'),
    title === shownNumber ? '' : shownNumber,
    claimed,
  ];
  return {
    type: 'basic',
    iconUrl,
    title: t('notification_incoming_title', { name: title }),
    message: [details.filter((part) => part !== '').join(' · '), ...knownLineOf(remote, facts, t)].join('\n'),
    ...(hasButtons && {
      requireInteraction: true,
      // Who talks to somebody sees that another one calls, and hears nothing of it.
      ...(isTalking(state) && { silent: true }),
      buttons: buttons.map((name) => ({ title: t(name === 'answer' ? 'action_answer' : 'action_decline') })),
    }),
  };
}

/**
 * Which of our numbers was called, from the widest to the narrowest: the group, the number, the line. What goes without
 * saying is left out: the own extension, and the line of who has one alone.
 */
function calledNamesOf({ callId, dialled, group }: Call, state: PhoneState, words: Words): readonly string[] {
  const line = ownCallsOf(state).find(({ call }) => call.callId === callId)?.held.line;
  const isOwnExtension = dialled?.kind === 'internal' && dialled.number === line?.extension;
  const number = dialled && !isOwnExtension ? words.number(dialled, { isKnown: false }) : undefined;
  const namesLine = line !== undefined && ownLinesOf(state).length > 1;
  const name = namesLine ? words.t('line_named', { extension: line.extension }) : undefined;
  return [group, number, name].filter((part): part is string => part !== undefined && part !== '');
}

// One line, the most important first; of who is only perhaps meant, nothing is claimed.
function knownLineOf({ contact }: Call['remote'], facts: readonly Fact[], t: Words['t']): readonly string[] {
  if (contact?.match !== 'exact') return [];
  const parts = [...(contact.vip ? [t('contact_vip')] : []), ...facts.map(({ label, text }) => `${label}: ${text}`)];
  const fitting = parts.filter((_, at) => at === 0 || parts.slice(0, at + 1).join(' · ').length <= MOST_FACTS_LENGTH);
  return fitting.length > 0 ? [fitting.join(' · ')] : [];
}

function isTalking(state: PhoneState): boolean {
  return ownCallsOf(state).some(({ call }) => call.state === 'connected');
}

/** A name that somebody vouches for; what only the telephone network claims is never the headline. */
function nameOf({ contact, name, verified }: Call['remote'], t: Words['t']): string | undefined {
  if (!contact) return verified && name ? name : undefined;
  const who = contact.match === 'exact' ? contact.name : t('caller_perhaps', { name: contact.name });
  return [who, contact.company].filter(Boolean).join(', ');
}
