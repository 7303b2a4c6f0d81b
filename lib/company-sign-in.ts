// Signing in with the account that the agent has in the company: the relay says where, the browser shows the page and brings
// the answer, the relay makes of it that this profile's key is enrolled. No token, no password and no secret of the sign-in
// ever comes into the extension.
import type { ServerMessage } from '@offhook/protocol';
import type { Browser } from 'webextension-polyfill';
import { askOnce, type EnrolResult, enrolledFrom, type NoAnswer, type RelayPlace } from './pairing.ts';

/** The part of the browser that shows a provider's page and catches its answer. */
export interface IdentityDoor {
  /** The browser's own address for this extension, which no page is ever loaded from. */
  redirectUri(): string;
  /** The address that the provider sent the browser back to; rejects when it did not, or the window was closed. */
  launch(request: { url: string; isSilent: boolean }): Promise<string>;
}

/**
 * Why nobody was signed in. `sign-in-cancelled`: the window was closed, or never showed anything; `browser-failed`: this
 * browser's own key or storage fails.
 */
export interface SignInFailure {
  type: 'failed';
  code: NoAnswer['code'] | 'sign-in-cancelled' | 'browser-failed' | 'relay-not-allowed';
}

/** What a relay says about signing in there with the company's account. */
export type SignInOffer = { type: 'offered'; provider: string } | { type: 'none' } | NoAnswer;

export interface SignInRequest extends RelayPlace {
  identity: IdentityDoor;
  publicKey: string;
  deviceName: string;
  /** Without a window: it works where the agent is signed in at the provider already. */
  isSilent: boolean;
  /** A page of this provider is about to be shown. */
  onWaiting?(provider: string): void;
}

// The relay asks the provider before it answers.
const PROVIDER_LIMIT_MS = 25_000;
const SILENT_LIMIT_MS = 20_000;

/** Asks a relay whether it takes the company's account. */
export function signInOffer(place: RelayPlace): Promise<SignInOffer> {
  return askOnce<SignInOffer>(place, {
    ask: ({ signIn }) => ({ answer: signIn ? { type: 'offered', provider: signIn.provider } : { type: 'none' } }),
  });
}

/** Signs in and enrols this profile's key. Never rejects. */
export async function signInAtCompany(request: SignInRequest): Promise<EnrolResult | SignInFailure> {
  const { identity, isSilent, publicKey, deviceName } = request;
  const redirectUri = identity.redirectUri();
  let provider = '';
  const begun = await askOnce<(ServerMessage & { type: 'sign-in' }) | NoAnswer>(request, {
    limitMs: PROVIDER_LIMIT_MS,
    ask({ signIn }) {
      if (!signIn) return { answer: { type: 'failed', code: 'sign-in-unavailable' } };
      provider = signIn.provider;
      return { type: 'begin-sign-in', publicKey, redirectUri, device: { name: deviceName }, isSilent };
    },
    read: (message) => (message.type === 'sign-in' ? message : undefined),
  });
  if (begun.type === 'failed') return begun;
  if (!isSilent) request.onWaiting?.(provider);
  const answer = await answerOf(identity, { url: begun.url, redirectUri, isSilent });
  if (answer === undefined) return { type: 'failed', code: isSilent ? 'sign-in-interaction' : 'sign-in-cancelled' };
  return askOnce<EnrolResult>(request, {
    limitMs: PROVIDER_LIMIT_MS,
    ask: () => ({ type: 'finish-sign-in', ticket: begun.ticket, answer }),
    read: enrolledFrom,
  });
}

// The query of the address, if the browser came back to ours.
async function answerOf(
  identity: IdentityDoor,
  { url, redirectUri, isSilent }: { url: string; redirectUri: string; isSilent: boolean },
): Promise<string | undefined> {
  if (!isFitForPasswords(url)) return undefined;
  try {
    const back = await identity.launch({ url, isSilent });
    return back.startsWith(`${redirectUri}?`) ? URL.parse(back)?.search.slice(1) : undefined;
  } catch {
    // Browsers tell why in words that are theirs alone.
    return undefined;
  }
}

// People enter passwords there: encrypted, or on this very machine.
function isFitForPasswords(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? {};
  return protocol === 'https:' || (protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost'));
}

/** The browser's own. Firefox takes no limits for what is silent; there, the first page that is no answer ends it. */
export function identityDoorOf({ identity }: Browser, kind: 'chrome' | 'firefox'): IdentityDoor {
  return {
    redirectUri: () => identity.getRedirectURL(),
    launch({ url, isSilent }) {
      // Providers go on by script even where they ask nothing: the first page is not the last word.
      const patience = { abortOnLoadForNonInteractive: false, timeoutMsForNonInteractive: SILENT_LIMIT_MS };
      return identity.launchWebAuthFlow({
        url,
        interactive: !isSilent,
        ...(isSilent && kind === 'chrome' && patience),
      });
    },
  };
}
