// Which user of the relay an account of the identity provider is, by its claims alone. Pure: what is not certain is nobody.
import { cleanName } from './names.ts';
import type { OidcSettings } from './oidc-settings.ts';
import { isLogin } from './people-assignment.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** An account that fits the settings, or why it does not, in words for the log that hold no claim's value. */
export type OidcAccount =
  | { type: 'account'; tenantId: string; login: string; displayName: string }
  | { type: 'unfit'; why: string };

/** Reads claims; `onlyTenant` is the one of a relay that has no other. */
export function accountOf(claims: Claims, settings: OidcSettings, onlyTenant: string | undefined): OidcAccount {
  const missing = Object.entries(settings.require).find(([claim, wanted]) => !holds(claims[claim], wanted));
  if (missing) return { type: 'unfit', why: `the claim "${missing[0]}" is not as signIn.oidc.require has it` };
  const tenantId = tenantOf(claims, settings) ?? (settings.tenantClaim ? undefined : onlyTenant);
  if (tenantId === undefined) return { type: 'unfit', why: 'the account belongs to no tenant of this relay' };
  const { claim } = settings;
  if (claim === 'email' && claims['email_verified'] !== true) {
    return { type: 'unfit', why: 'the provider has not verified the address (email_verified)' };
  }
  const value = claims[claim];
  if (typeof value !== 'string' || value === '') return { type: 'unfit', why: `there is no claim "${claim}"` };
  const login = loginOf(value, settings.domains);
  if (login === undefined)
    return { type: 'unfit', why: `the claim "${claim}" makes no log-in name: see signIn.oidc.domains` };
  return { type: 'account', tenantId, login, displayName: displayNameOf(claims, login) };
}

function tenantOf(claims: Claims, { tenant, tenantClaim }: OidcSettings): string | undefined {
  if (!tenantClaim) return tenant;
  const value = claims[tenantClaim.claim];
  const isListed = typeof value === 'string' && Object.hasOwn(tenantClaim.values, value);
  return isListed ? tenantClaim.values[value] : undefined;
}

// `Ada@Example.com` → `ada`, if example.com is ours: anybody may be called ada elsewhere.
function loginOf(value: string, domains: readonly string[]): string | undefined {
  const [name = '', domain, ...more] = value.toLowerCase().split('@');
  const isOurs = domain === undefined || (more.length === 0 && domains.includes(domain));
  return isOurs && isLogin(name) ? name : undefined;
}

function displayNameOf(claims: Claims, login: string): string {
  const name = typeof claims['name'] === 'string' ? cleanName(claims['name']) : '';
  return name === '' ? login : name;
}

function holds(value: unknown, wanted: string | readonly string[]): boolean {
  const allowed: readonly unknown[] = typeof wanted === 'string' ? [wanted] : wanted;
  return Array.isArray(value) ? value.some((one) => allowed.includes(one)) : allowed.includes(value);
}
