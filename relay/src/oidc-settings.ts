// At which identity provider people sign in, and who of them is which user: `signIn.oidc` in relay.yaml. It says nothing
// about rights: whoever signs in has those of the user that he is.
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { secretRefSchema } from './secret-ref.ts';

// The id in the manifest of the project's own builds for Firefox.
const FIREFOX_ID = 'offhook@offhook.example';
// Everybody's directory: who manages one may write any name and address into it.
const ANYBODYS = /^https:\/\/login\.microsoftonline\.com\/(?:common|organizations|consumers)(?:\/|$)/i;

const text = (most: number) =>
  v.pipe(v.string(), v.minLength(1, 'is empty'), v.maxLength(most, `is longer than ${most} characters`));
const claimName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_.:/-]{1,128}$/, 'should be the name of a claim, such as "tid"'),
);

const issuer = v.pipe(
  v.string('should be the address of the identity provider'),
  v.check((url) => isIssuer(url), 'should be an https:// address without ? and #, as the provider calls itself'),
  v.check(
    (url) => !ANYBODYS.test(url),
    'lets in accounts of every company in the world: it has to name your own directory (…/TENANT-ID/v2.0)',
  ),
);

/** The settings, with defaults. */
export const OidcSettingsSchema = v.strictObject({
  issuer,
  /** As people call it, `'Sample ID'`: it stands on the button. */
  name: text(64),
  clientId: text(256),
  clientSecret: v.optional(secretRefSchema),
  scopes: v.optional(v.array(v.pipe(v.string(), v.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'is no scope'))), [
    'openid',
    'profile',
    'email',
  ]),
  /** Which claim is the log-in name of the relay's user, in small letters. */
  claim: v.optional(claimName, 'preferred_username'),
  /** Of `ada@example.com` only `ada` is left for these; a name with any other one is nobody's. */
  domains: v.optional(v.array(v.pipe(v.string(), v.regex(/^[a-z0-9.-]+$/, 'should be like example.com'))), []),
  /** Claims that an account must have, each with this value or one of these. */
  require: v.optional(v.record(claimName, v.union([v.string(), v.array(v.string())])), {}),
  tenant: v.optional(v.string()),
  /** In place of `tenant`: a claim that says which one it is. */
  tenantClaim: v.optional(v.strictObject({ claim: claimName, values: v.record(v.string(), v.string()) })),
  createUsers: v.optional(v.boolean(), false),
  /** Of this extension in Firefox, whose address for answers is made of it. */
  firefoxIds: v.optional(v.array(v.pipe(v.string(), v.regex(/^[^\s]{1,80}$/))), [FIREFOX_ID]),
});
export type OidcSettings = v.InferOutput<typeof OidcSettingsSchema>;

/** What is wrong with the tenants of these settings, with the key to change. */
export function oidcTenantFaults(
  { tenant, tenantClaim }: Pick<OidcSettings, 'tenant' | 'tenantClaim'>,
  known: readonly string[],
): { keys: string[]; message: string }[] {
  if (tenant !== undefined && tenantClaim) {
    return [{ keys: ['tenant'], message: 'and tenantClaim contradict each other: leave one of them out' }];
  }
  if (tenant === undefined && !tenantClaim && known.length > 1) {
    return [{ keys: ['tenant'], message: `is missing: there are several tenants (${known.join(', ')})` }];
  }
  return [];
}

/**
 * Whether answers for an extension may go to this address: its browser's own one for it, which no page and no other
 * extension is ever given.
 */
export function isRedirectOf(redirectUri: string, extensionOrigin: string, firefoxIds: readonly string[]): boolean {
  const [, chromium] = /^chrome-extension:\/\/([a-p]{32})$/.exec(extensionOrigin) ?? [];
  if (chromium !== undefined) return redirectUri === chromiumRedirect(chromium);
  if (!extensionOrigin.startsWith('moz-extension://')) return false;
  return firefoxIds.some((id) => redirectUri === firefoxRedirect(id));
}

/** Every address for answers that the provider has to know, for these extensions. */
export function redirectsOf(extensionOrigins: readonly string[], firefoxIds: readonly string[]): string[] {
  const chromium = extensionOrigins.flatMap((origin) => {
    const [, id] = /^chrome-extension:\/\/([a-p]{32})$/.exec(origin) ?? [];
    return id === undefined ? [] : [chromiumRedirect(id)];
  });
  return [...chromium, ...firefoxIds.map(firefoxRedirect)];
}

/** Where Firefox takes answers for an extension, by the id in its manifest. */
export function firefoxRedirect(id: string): string {
  return `https://${createHash('sha1').update(id, 'utf8').digest('hex')}.extensions.allizom.org/`;
}

function chromiumRedirect(id: string): string {
  return `https://${id}.chromiumapp.org/`;
}

function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (!url || text.includes('?') || text.includes('#') || url.username !== '') return false;
  // Without TLS on this machine alone, as everything else of the relay.
  return url.protocol === 'https:' || (url.protocol === 'http:' && /^(?:127\.0\.0\.1|localhost)$/.test(url.hostname));
}
