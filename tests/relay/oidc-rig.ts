// A real identity provider (the package oidc-provider) on loopback, with people who have a password each, and a browser as
// far as a sign-in needs one: it follows redirects, keeps cookies and fills in forms. What a lying provider would send can be
// set: the ID token is then changed and signed again.
import { createPrivateKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration, type JWK } from 'oidc-provider';

/** An account by its log-in name at the provider, with its claims. */
export type Accounts = Record<string, Record<string, unknown>>;

export interface ProviderOptions {
  accounts: Accounts;
  redirectUris: readonly string[];
  /** 0 lets the system choose one. */
  port?: number;
  keys?: SigningKey;
  /** Claims beside `sub` are told by the userinfo endpoint alone, as OpenID Connect Core has it. */
  hasThinTokens?: boolean;
}

/** A key that ID tokens are signed with. */
export type SigningKey = JWK & { kid: string };

export interface SampleProvider {
  issuer: string;
  port: number;
  keys: SigningKey;
  /** Changes the claims of ID tokens from now on, or how they are signed. */
  lie(change: ((claims: Record<string, unknown>) => Record<string, unknown>) | undefined, keys?: SigningKey): void;
  /** How often each of the provider's own addresses was asked, by its last part: `token`, `jwks` … */
  asked: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export const CLIENT = { id: 'offhook-relay', secret: 'sample-secret-of-the-relay' };

/** A new RSA key. */
export function signingKey(kid: string): SigningKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } as SigningKey; // JWK of an RSA key
}

/** Starts one; resolves when it listens. */
export async function startProvider(options: ProviderOptions): Promise<SampleProvider> {
  const { accounts, redirectUris, port = 0, keys = signingKey('first'), hasThinTokens = false } = options;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port; // a TCP listener's address is never a string
  const issuer = `http://127.0.0.1:${bound}`;
  let lies: { change?: Parameters<SampleProvider['lie']>[0]; keys: SigningKey } = { keys };
  const asked = new Map<string, number>();
  const provider = new Provider(issuer, configurationOf({ ...options, accounts, redirectUris, keys, hasThinTokens }));
  provider.use(async (context, next) => {
    const last = context.path.split('/').at(-1) ?? '';
    asked.set(last, (asked.get(last) ?? 0) + 1);
    await next();
    const body: unknown = context.body;
    if (!isTokenAnswer(body) || (!lies.change && lies.keys === keys)) return;
    const claims = claimsIn(body.id_token);
    body.id_token = signed(lies.change?.(claims) ?? claims, lies.keys);
  });
  server.on('request', provider.callback());
  return {
    issuer,
    port: bound,
    keys,
    asked,
    lie(change, other = keys) {
      lies = { change, keys: other };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function configurationOf(options: ProviderOptions & { keys: SigningKey; hasThinTokens: boolean }): Configuration {
  const { accounts, redirectUris, keys, hasThinTokens } = options;
  const claimNames = [...new Set(Object.values(accounts).flatMap((claims) => Object.keys(claims)))];
  return {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [...redirectUris],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [keys] },
    cookies: { keys: ['sample cookie key'] },
    conformIdTokenClaims: hasThinTokens,
    claims: { openid: ['sub'], profile: claimNames, email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    ttl: {
      AuthorizationCode: 60,
      Session: 3_600,
      Interaction: 3_600,
      Grant: 3_600,
      IdToken: 3_600,
      AccessToken: 3_600,
    },
    features: { devInteractions: { enabled: true } },
    findAccount: async (_context, id) =>
      Object.hasOwn(accounts, id) ? { accountId: id, claims: async () => ({ sub: id, ...accounts[id] }) } : undefined,
    // A company's own program needs nobody's consent.
    async loadExistingGrant({ oidc }) {
      const { session, client, provider } = oidc;
      const grant = new provider.Grant({ accountId: session?.accountId, clientId: client?.clientId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  };
}

function isTokenAnswer(body: unknown): body is { id_token: string } {
  return typeof body === 'object' && body !== null && 'id_token' in body && typeof body.id_token === 'string';
}

function claimsIn(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

function signed(claims: Record<string, unknown>, { kid, ...jwk }: SigningKey): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid })}.${part(claims)}`;
  const key = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

export interface SampleBrowser {
  /**
   * Opens an address of the provider and goes on to where it sends an extension's browser back: the query of that address.
   * Signs in as `login` where it is asked to; without one it fails there.
   */
  signIn(url: string, login?: string): Promise<string>;
}

/** A browser with no cookies yet. */
export function openBrowser(): SampleBrowser {
  const cookies = new Map<string, string>();

  async function load(url: string, form?: URLSearchParams): Promise<Response> {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  return {
    async signIn(url, login) {
      let here = url;
      let response = await load(here);
      for (let step = 0; step < 12; step += 1) {
        const next = response.headers.get('location');
        if (next !== null) {
          here = new URL(next, here).href;
          if (!here.startsWith('http://127.0.0.1')) return new URL(here).search.slice(1);
          response = await load(here);
          continue;
        }
        const page = await response.text();
        const [, action] = /<form[^>]* action="([^"]+)"/.exec(page) ?? [];
        if (action === undefined || login === undefined) throw new Error(`no way on from ${response.status}: ${page}`);
        const [, prompt = 'login'] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
        response = await load(new URL(action, here).href, new URLSearchParams({ prompt, login, password: 'sample' }));
      }
      throw new Error('the provider sends the browser in circles');
    },
  };
}
