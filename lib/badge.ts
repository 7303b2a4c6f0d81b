// What the toolbar icon says: something rings, somebody talks, or the relay is out of reach. Pure.
import type { PlainKey } from './i18n.ts';
import { type HeldJournal, isNews } from './journal.ts';
import { ownCallsOf, ownLinesOf, type PhoneState } from './phone.ts';

export interface Badge {
  /** Which variant of the icon; see public/icon. */
  icon: 'idle' | 'ringing' | 'connected' | 'offline';
  /** At most four characters; '' for none. */
  text: string;
  /** Says the same in words, for the tooltip. */
  title: PlainKey;
  /** Missed calls that nobody has looked at yet, as far as they are the agent's own. */
  missed: number;
}

const MOST_SHOWN = 99;

/** The badge for a state. What is not known for sure is shown as out of reach, never as calm. */
export function badgeOf(state: PhoneState, journal: HeldJournal): Badge {
  if (state.link.type !== 'online') {
    return { icon: 'offline', text: '', title: `link_${state.link.type}`, missed: 0 };
  }
  const missed = missedIn(state, journal);
  const states = ownCallsOf(state).map(({ call }) => call.state);
  const offered = states.filter((one) => one === 'offering').length;
  if (offered > 0) return { icon: 'ringing', text: String(offered), title: 'call_state_offering', missed };
  const text = missed > MOST_SHOWN ? `${MOST_SHOWN}+` : missed > 0 ? String(missed) : '';
  if (states.some((one) => one !== 'failed')) return { icon: 'connected', text, title: 'call_state_connected', missed };
  return { icon: 'idle', text, title: 'link_online', missed };
}

// Who watches colleagues' lines sees their missed calls in the journal, too; those are not this agent's news.
function missedIn(state: PhoneState, journal: HeldJournal): number {
  const own = new Set(ownLinesOf(state).map(({ line }) => line.lineId));
  return journal.entries.filter((entry) => own.has(entry.lineId) && isNews(entry, journal)).length;
}
