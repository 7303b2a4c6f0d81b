// Whether this browser is the one that says that the phone rings. The relay picks one of an agent's devices and tells it;
// the others show the call in their views and keep quiet. A relay that does not pick leaves it to every device.
import type { ServerMessage } from '@offhook/protocol';
import type { PhoneState } from './phone.ts';
import { isSample } from './sample-call.ts';

export interface Speaker {
  /** Whether a call that rings may be announced here: by a notification, or by the caller window. */
  maySpeak(callId: string): boolean;
  /** To be told of every message; answers whether there is something new to announce. */
  onMessage(message: ServerMessage): boolean;
}

// More calls than this do not ring at a time; the relay tells anew whoever comes back.
const MOST_CALLS = 200;

/** The speaker of one worker. */
export function createSpeaker({ state }: { state(): Pick<PhoneState, 'hasSpeaker'> }): Speaker {
  const told = new Set<string>();
  return {
    maySpeak: (callId) => state().hasSpeaker !== true || told.has(callId) || isSample(callId),
    onMessage(message) {
      if (message.type !== 'notify' || !message.show || told.has(message.callId)) return false;
      told.add(message.callId);
      const [oldest] = told;
      if (oldest !== undefined && told.size > MOST_CALLS) told.delete(oldest);
      return true;
    },
  };
}
