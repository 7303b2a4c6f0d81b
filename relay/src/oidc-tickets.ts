// Sign-ins that are under way at the identity provider, in memory alone: a restart of the relay ends them all. Each is good
// once, for ten minutes, and only for the extension and the key that began it. Bounded, since strangers begin them.
import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { OidcChecks } from './oidc-provider.ts';

/** What was said when a sign-in was begun. */
export interface OidcTicket extends OidcChecks {
  /** The extension's origin. */
  origin: string;
  redirectUri: string;
  publicKey: string;
  deviceName: string;
  isSilent: boolean;
}

export interface OidcTickets {
  /** Undefined while too many are under way. */
  issue(request: Omit<OidcTicket, keyof OidcChecks>): { ticket: string; begun: OidcTicket } | undefined;
  /** Takes it out: of two at once, one gets it. Undefined for one that is not there, used, or out of date. */
  take(ticket: string): OidcTicket | undefined;
}

const LIFETIME_MS = 600_000;
const MOST_UNDER_WAY = 10_000;

/** No sign-in is under way yet. */
export function createOidcTickets({ clock }: { clock: Pick<Clock, 'elapsed'> }): OidcTickets {
  const underWay = new Map<string, { begun: OidcTicket; endsAt: number }>();

  // The oldest stand first.
  function forgetEnded(): void {
    for (const [ticket, { endsAt }] of underWay) {
      if (endsAt > clock.elapsed()) return;
      underWay.delete(ticket);
    }
  }

  return {
    issue(request) {
      forgetEnded();
      if (underWay.size >= MOST_UNDER_WAY) return undefined;
      const begun = { ...request, state: unguessable(), nonce: unguessable(), verifier: unguessable() };
      const ticket = unguessable();
      underWay.set(ticket, { begun, endsAt: clock.elapsed() + LIFETIME_MS });
      return { ticket, begun };
    },
    take(ticket) {
      forgetEnded();
      const found = underWay.get(ticket);
      underWay.delete(ticket);
      return found?.begun;
    },
  };
}

// 43 characters: as long as a PKCE verifier has to be at least (RFC 7636, section 4.1).
function unguessable(): string {
  return randomBytes(32).toString('base64url');
}
