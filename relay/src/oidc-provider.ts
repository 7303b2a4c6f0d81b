// The company's identity provider: where it sends people, and who it says somebody is. The one place that knows OpenID
// Connect's library. Tokens live in here for the length of one call; none is kept, logged or given to anybody.
import * as oidc from 'openid-client';
import type { Clock } from './clock.ts';
import type { OidcSettings } from './oidc-settings.ts';

/** Why the provider did not say who somebody is. The message is for the log and holds no token, code or claim. */
export class OidcError extends Error {
  override readonly name = 'OidcError';
  readonly code: 'sign-in-unavailable' | 'sign-in-refused' | 'sign-in-interaction';
  constructor(code: OidcError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What makes one sign-in unlike every other one. All are unpredictable. */
export interface OidcChecks {
  state: string;
  nonce: string;
  verifier: string;
}

export interface OidcProvider {
  /** The address at which somebody signs in. Rejects with OidcError `sign-in-unavailable`. */
  address(request: OidcChecks & { redirectUri: string; isSilent: boolean }): Promise<string>;
  /** Exchanges what came back at `redirectUri`, and answers the claims of an ID token in which everything is right. */
  claims(answer: OidcChecks & { redirectUri: string; query: string }): Promise<Readonly<Record<string, unknown>>>;
}

export interface OidcProviderOptions {
  settings: Pick<OidcSettings, 'issuer' | 'clientId' | 'scopes' | 'claim' | 'require' | 'tenantClaim'>;
  /** Read anew for each exchange, so that a changed secret needs no restart. */
  clientSecret(): string | undefined;
  clock: Pick<Clock, 'elapsed'>;
}

const TIMEOUT_SECONDS = 5;
const METADATA_GOOD_MS = 3_600_000;

/** The provider of these settings; nothing is asked before it is needed. */
export function createOidcProvider({ settings, clientSecret, clock }: OidcProviderOptions): OidcProvider {
  const { issuer, clientId, scopes } = settings;
  let known: { metadata: Promise<oidc.ServerMetadata>; askedAt: number } | undefined;

  function metadata(): Promise<oidc.ServerMetadata> {
    if (known && clock.elapsed() - known.askedAt < METADATA_GOOD_MS) return known.metadata;
    const asked = { metadata: discovered(settings), askedAt: clock.elapsed() };
    known = asked;
    // Asked again by whoever comes next.
    asked.metadata.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked.metadata;
  }

  // Made anew each time, and with it the provider's keys are read anew: one that was taken back holds no longer.
  async function configuration(): Promise<oidc.Configuration> {
    const secret = clientSecret();
    const configured = new oidc.Configuration(await metadata(), clientId, secret);
    configured.timeout = TIMEOUT_SECONDS;
    // A token straight from the provider needs no signature by the book. A proxy that reads TLS is no provider, though.
    oidc.enableNonRepudiationChecks(configured);
    if (isPlain(issuer)) oidc.allowInsecureRequests(configured);
    return configured;
  }

  return {
    async address({ state, nonce, verifier, redirectUri, isSilent }) {
      const url = oidc.buildAuthorizationUrl(await configuration().catch(unavailable), {
        redirect_uri: redirectUri,
        scope: [...new Set(['openid', ...scopes])].join(' '),
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(isSilent && { prompt: 'none' }),
      });
      return url.href;
    },
    async claims({ state, nonce, verifier, redirectUri, query }) {
      const configured = await configuration().catch(unavailable);
      try {
        const tokens = await oidc.authorizationCodeGrant(configured, new URL(`${redirectUri}?${query}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        return await allClaims(configured, tokens, claimsIn(settings));
      } catch (error) {
        throw errorOf(error);
      }
    },
  };
}

/** The claims that decide who somebody is. */
function claimsIn({ claim, require, tenantClaim }: OidcProviderOptions['settings']): string[] {
  const beside = claim === 'email' ? ['email_verified'] : [];
  return [claim, ...beside, ...Object.keys(require), ...(tenantClaim ? [tenantClaim.claim] : [])];
}

// Some providers tell no more than who it is in the ID token, and the rest to whoever asks with the access token.
async function allClaims(
  configured: oidc.Configuration,
  tokens: Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>,
  wanted: readonly string[],
): Promise<Record<string, unknown>> {
  const claims = { ...tokens.claims() };
  const { userinfo_endpoint: endpoint } = configured.serverMetadata();
  const isWhole = wanted.every((name) => claims[name] !== undefined);
  if (isWhole || endpoint === undefined || claims.sub === undefined) return claims;
  return { ...(await oidc.fetchUserInfo(configured, tokens.access_token, claims.sub)), ...claims };
}

async function discovered({ issuer, clientId }: OidcProviderOptions['settings']): Promise<oidc.ServerMetadata> {
  const found = await oidc.discovery(new URL(issuer), clientId, undefined, undefined, {
    timeout: TIMEOUT_SECONDS,
    ...(isPlain(issuer) && { execute: [oidc.allowInsecureRequests] }),
  });
  const { supportsPKCE: _helper, ...metadata } = found.serverMetadata();
  // The library lets some well-known providers speak for every company.
  if (new URL(metadata.issuer).href !== new URL(issuer).href) {
    throw new OidcError('sign-in-unavailable', `the provider calls itself ${metadata.issuer}, not ${issuer}`);
  }
  return metadata;
}

function isPlain(issuer: string): boolean {
  return issuer.startsWith('http:');
}

function unavailable(error: unknown): never {
  if (error instanceof OidcError) throw error;
  throw new OidcError('sign-in-unavailable', `the provider cannot be asked: ${wordsOf(error)}`, { cause: error });
}

// OpenID Connect Core, 3.1.2.6: with `prompt=none` somebody would have to be asked.
const NEEDS_PERSON = ['login_required', 'interaction_required', 'consent_required', 'account_selection_required'];
const PASSING = ['temporarily_unavailable', 'server_error'];
// What is wrong is between relay and provider; nobody who signs in can mend it.
const OUR_FAULT = ['invalid_client', 'unauthorized_client', 'invalid_scope', 'unsupported_response_type'];
const SILENT_CODES = ['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'];

function errorOf(error: unknown): OidcError {
  const words = wordsOf(error);
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError) {
    if (NEEDS_PERSON.includes(error.error)) return new OidcError('sign-in-interaction', words);
    if ([...PASSING, ...OUR_FAULT].includes(error.error)) return new OidcError('sign-in-unavailable', words);
    return new OidcError('sign-in-refused', words);
  }
  // The network's own failures come as TypeError with a cause (`fetch failed`).
  const isSilent = error instanceof TypeError ? error.cause !== undefined : SILENT_CODES.includes(codeOf(error));
  return new OidcError(isSilent ? 'sign-in-unavailable' : 'sign-in-refused', words, { cause: nameless(error) });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

// Descriptions of providers may name people: only codes and the library's own words are kept.
function wordsOf(error: unknown): string {
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError) {
    return `the provider says ${error.error.replace(/[^\x20-\x7e]/g, '').slice(0, 64)}`;
  }
  if (!(error instanceof Error)) return 'it failed';
  const inner = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${inner}`.slice(0, 200);
}

// The library's causes hold claims and answers.
function nameless(error: unknown): Error | undefined {
  return error instanceof TypeError ? error : undefined;
}
