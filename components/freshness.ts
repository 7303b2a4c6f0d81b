// Whether what the views show is the present. What is not fresh is never shown as a state: it says how old it is.
import type { PhoneState } from '#lib/phone.ts';

// A relay that is reachable is heard every 20 s; a worker that just woke up needs a moment to connect again.
const GRACE_MS = 45_000;

/** Whether lines and calls can be believed now. While connecting, what was heard moments ago still counts. */
export function isFresh({ link, heardAt }: PhoneState, now: number): boolean {
  if (link.type === 'online') return true;
  return link.type === 'connecting' && heardAt !== undefined && now - heardAt < GRACE_MS;
}
