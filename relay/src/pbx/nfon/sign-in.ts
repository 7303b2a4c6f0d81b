// Tokens for NFON's API. NFON has announced that signing in will change: how a token is got is behind `AuthStrategy`, when
// one is asked for is decided here. Tokens and passwords are handed to requests, never logged, and never shared between
// K-accounts: each driver has its own.
import * as v from 'valibot';
import type { Clock } from '../../clock.ts';
import { ApiError, type Send } from './http.ts';
import type { NfonOptions } from './options.ts';
import { LoginSchema, OAuthSchema } from './wire.ts';

/** What a request is signed with. */
export interface Tokens {
  access: string;
  /** For a new pair without the password. */
  refresh?: string | undefined;
  lifeMs: number;
}

/** One way to get tokens. Rejects with ApiError when it is refused. */
export interface AuthStrategy {
  login(): Promise<Tokens>;
  /** Left out where there is no way but a new login. */
  refresh?: (refreshToken: string) => Promise<Tokens>;
}

/** The tokens of one driver. */
export interface SignIn {
  /** A token that is good for now. Asked by several at once, one of them logs in. */
  token(): Promise<string>;
  /**
   * The API refused this token: the next one is a new one, by password. False for a token that is new itself: another one
   * would be refused as well, and whoever refuses everything shall not make us log in without end.
   */
  forget(token: string): boolean;
  close(): void;
}

export interface AuthContext {
  options: NfonOptions;
  send: Send;
  readPassword: () => string;
}

// NFON's access tokens live for five minutes.
const JWT_LIFE_MS = 300_000;
const RENEW_AT = 0.8;
const NEW_FOR_MS = 10_000;
const SHORTEST_LIFE_MS = 10_000;
const LONGEST_LIFE_MS = 86_400_000;

/** The way that the configuration names. */
export function authStrategyOf(context: AuthContext): AuthStrategy {
  const { signIn } = context.options;
  switch (signIn.kind) {
    case 'login-jwt':
      return loginJwt(context);
    case 'oauth2-cc':
      return clientCredentials(context, signIn);
    default:
      return signIn satisfies never;
  }
}

// POST /login with name and password, PUT /login with the refresh token.
function loginJwt({ options, send, readPassword }: AuthContext): AuthStrategy {
  const url = `${options.baseUrl}/login`;
  const tokensIn = (answer: unknown): Tokens => {
    const { success, output } = v.safeParse(LoginSchema, answer);
    if (!success) throw new ApiError('NFON answered the login with something that holds no token');
    return { access: output['access-token'], refresh: output['refresh-token'], lifeMs: JWT_LIFE_MS };
  };
  return {
    async login() {
      const body = { username: options.username ?? options.account, password: readPassword() };
      return tokensIn(await send({ what: 'the login', method: 'POST', url, json: body }));
    },
    async refresh(refreshToken) {
      const headers = { authorization: `Bearer ${refreshToken}` };
      return tokensIn(await send({ what: 'the refresh of its token', method: 'PUT', url, headers }));
    },
  };
}

// RFC 6749, 4.4. Name and secret go into the header, as every server has to take them.
function clientCredentials(
  { options, send, readPassword }: AuthContext,
  { tokenUrl, scope }: { tokenUrl: string; scope?: string | undefined },
): AuthStrategy {
  return {
    async login() {
      const clientId = options.username ?? options.account;
      const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(readPassword())}`);
      const answer = await send({
        what: 'the login',
        method: 'POST',
        url: tokenUrl,
        form: { grant_type: 'client_credentials', ...(scope !== undefined && { scope }) },
        headers: { authorization: `Basic ${basic.toString('base64')}` },
      });
      const { success, output } = v.safeParse(OAuthSchema, answer);
      if (!success) throw new ApiError('the token endpoint answered with something that holds no token');
      const { access_token: access, expires_in: seconds } = output;
      const lifeMs = seconds === undefined ? JWT_LIFE_MS : seconds * 1000;
      return { access, lifeMs: Math.min(LONGEST_LIFE_MS, Math.max(SHORTEST_LIFE_MS, lifeMs)) };
    },
  };
}

interface Keeper {
  strategy: AuthStrategy;
  clock: Clock;
  tokens: Tokens | undefined;
  issuedAt: number;
  pending: Promise<Tokens> | undefined;
  cancelTimer: (() => void) | undefined;
  isClosed: boolean;
}

/** Keeps one pair of tokens good: renewed after four fifths of its life, so that no order waits for a login. */
export function createSignIn(strategy: AuthStrategy, clock: Clock): SignIn {
  const keeper: Keeper = {
    strategy,
    clock,
    tokens: undefined,
    issuedAt: 0,
    pending: undefined,
    cancelTimer: undefined,
    isClosed: false,
  };
  return {
    token: async () => (keeper.tokens ?? (await renew(keeper))).access,
    forget(token) {
      if (keeper.tokens?.access !== token) return true;
      if (clock.elapsed() - keeper.issuedAt < NEW_FOR_MS) return false;
      keeper.cancelTimer?.();
      keeper.tokens = undefined;
      return true;
    },
    close() {
      keeper.isClosed = true;
      keeper.cancelTimer?.();
      keeper.tokens = undefined;
    },
  };
}

function renew(keeper: Keeper, old?: Tokens): Promise<Tokens> {
  keeper.pending ??= newTokens(keeper, old).finally(() => {
    keeper.pending = undefined;
  });
  return keeper.pending;
}

async function newTokens(keeper: Keeper, old: Tokens | undefined): Promise<Tokens> {
  const { strategy, clock } = keeper;
  const tokens = (await refreshed(strategy, old)) ?? (await strategy.login());
  if (keeper.isClosed) return tokens;
  keeper.tokens = tokens;
  keeper.issuedAt = clock.elapsed();
  keeper.cancelTimer?.();
  keeper.cancelTimer = clock.after(tokens.lifeMs * RENEW_AT, () => void renewInTime(keeper, tokens));
  return tokens;
}

// However a refresh fails, the password may still be good.
async function refreshed({ refresh }: AuthStrategy, old: Tokens | undefined): Promise<Tokens | undefined> {
  if (!refresh || old?.refresh === undefined) return undefined;
  try {
    return await refresh(old.refresh);
  } catch {
    return undefined;
  }
}

// Whoever needs a token next finds out why there is none.
async function renewInTime(keeper: Keeper, old: Tokens): Promise<void> {
  try {
    await renew(keeper, old);
  } catch {
    if (keeper.tokens === old) keeper.tokens = undefined;
  }
}
