// What the toolbar icon says: something rings, somebody talks, or the relay is out of reach. Pure.
import type { PlainKey } from './i18n.ts';
import { ownCallsOf, type PhoneState } from './phone.ts';

export interface Badge {
  /** Which variant of the icon; see public/icon. */
  icon: 'idle' | 'ringing' | 'connected' | 'offline';
  /** At most four characters; '' for none. */
  text: string;
  /** Says the same in words, for the tooltip. */
  title: PlainKey;
}

/** The badge for a state. What is not known for sure is shown as out of reach, never as calm. */
export function badgeOf(state: PhoneState): Badge {
  if (state.link.type !== 'online') {
    return { icon: 'offline', text: '', title: `link_${state.link.type}` };
  }
  const states = ownCallsOf(state).map(({ call }) => call.state);
  const offered = states.filter((one) => one === 'offering').length;
  if (offered > 0) return { icon: 'ringing', text: String(offered), title: 'call_state_offering' };
  if (states.some((one) => one !== 'failed')) return { icon: 'connected', text: '', title: 'call_state_connected' };
  return { icon: 'idle', text: '', title: 'link_online' };
}
