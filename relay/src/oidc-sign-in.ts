// Signing in at the company's identity provider: one more way to enrol a device's key, and nothing else. The provider says
// who somebody is; what he may do is the relay's own business. No token and no code outlives the call that uses it, and none
// is ever logged.
import type { ErrorCode } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Access } from './access.ts';
import { createAddressLimit } from './address-limit.ts';
import type { Clock } from './clock.ts';
import { accountOf, type Claims } from './oidc-account.ts';
import { createOidcDevices } from './oidc-devices.ts';
import { OidcError, type OidcProvider } from './oidc-provider.ts';
import { isRedirectOf, type OidcSettings } from './oidc-settings.ts';
import { createOidcTickets, type OidcTicket } from './oidc-tickets.ts';
import { userIdOf } from './seed.ts';
import { isPublicKey, type SignIn } from './sign-in.ts';
import type { Store, User } from './store/store.ts';

export interface BeginRequest {
  publicKey: string;
  deviceName: string;
  redirectUri: string;
  isSilent: boolean;
  /** The extension's origin. */
  origin: string;
  address: string;
}

/** Codes that a sign-in can fail with. */
export type OidcFailure = ErrorCode &
  (
    | OidcError['code']
    | 'user-unknown'
    | 'not-permitted'
    | 'revoked'
    | 'rate-limited'
    | 'message-invalid'
    | 'origin-refused'
  );

export interface OidcSignIn {
  /** As people call the provider. */
  provider: string;
  begin(request: BeginRequest): Promise<{ ticket: string; url: string } | { code: OidcFailure }>;
  /** `answer`: the query with which the provider sent the browser back. */
  finish(request: {
    ticket: string;
    answer: string;
    origin: string;
  }): Promise<{ deviceId: string; userId: string } | { code: OidcFailure }>;
  close(): void;
}

export interface OidcSignInOptions {
  settings: OidcSettings;
  provider: OidcProvider;
  store: Pick<Store, 'bindAccount' | 'users' | 'tenants' | 'devices' | 'removeDevices'>;
  access: Pick<Access, 'viewer' | 'whyNone' | 'change'>;
  signIn: Pick<SignIn, 'addDevice'>;
  /** Whether a device is connected now. */
  isHere(deviceId: string): boolean;
  clock: Clock;
  log: Logger;
}

// A terminal server brings hundreds of people from one address at eight o'clock; who is not let in comes again by himself.
const MOST_BEGUN_A_MINUTE = 300;

/** Sign-in at one provider. */
export function createOidcSignIn(options: OidcSignInOptions): OidcSignIn {
  const { settings, provider, signIn, clock, log } = options;
  const tickets = createOidcTickets({ clock });
  const limit = createAddressLimit({ clock, mostAMinute: MOST_BEGUN_A_MINUTE });
  const devices = createOidcDevices(options);

  async function enrolled(begun: OidcTicket, answer: string) {
    const claims = await provider.claims({ ...begun, query: answer });
    const user = await userOf(options, claims);
    if ('code' in user) return user;
    const { userId } = user;
    const { publicKey, deviceName, origin, isSilent } = begun;
    const enrolledBy = isSilent ? 'silent' : 'sign-in';
    const deviceId = await signIn.addDevice({ userId, publicKey, deviceName, origin, enrolledBy });
    // It is enrolled by now: that an old one could not be removed is no reason to make it come again.
    await devices.makeRoom(deviceId).catch((error: unknown) => {
      log.error({ err: error }, 'old devices could not be removed');
    });
    return { deviceId, userId };
  }

  return {
    provider: settings.name,
    async begin({ publicKey, deviceName, redirectUri, isSilent, origin, address }) {
      if (limit.isReached(address)) return { code: 'rate-limited' };
      limit.add(address);
      if (!isPublicKey(publicKey)) return { code: 'message-invalid' };
      if (!isRedirectOf(redirectUri, origin, settings.firefoxIds)) {
        log.warn({ origin, redirectUri }, 'an extension asked for answers at an address that is not its own');
        return { code: 'origin-refused' };
      }
      const issued = tickets.issue({ publicKey, deviceName, redirectUri, isSilent, origin });
      if (!issued) return { code: 'rate-limited' };
      const { ticket, begun } = issued;
      try {
        return { ticket, url: await provider.address(begun) };
      } catch (error) {
        tickets.take(ticket);
        return failed(log, error);
      }
    },
    async finish({ ticket, answer, origin }) {
      const begun = tickets.take(ticket);
      if (begun?.origin !== origin) {
        log.info({ origin }, 'an answer of the identity provider belongs to no sign-in that is under way');
        return { code: 'sign-in-refused' };
      }
      try {
        return await enrolled(begun, answer);
      } catch (error) {
        return failed(log, error);
      }
    },
    close: devices.close,
  };
}

function failed(log: Logger, error: unknown): { code: OidcFailure } {
  if (!(error instanceof OidcError)) throw error;
  const { code, message } = error;
  if (code === 'sign-in-unavailable') log.error({ code, why: message }, 'the identity provider cannot be used');
  else log.info({ code, why: message }, 'the identity provider did not confirm a sign-in');
  return { code };
}

async function userOf(
  { settings, store, access, log }: OidcSignInOptions,
  claims: Claims,
): Promise<{ userId: string } | { code: OidcFailure }> {
  const [only, another] = await store.tenants();
  const account = accountOf(claims, settings, another ? undefined : only?.tenantId);
  if (account.type === 'unfit') {
    log.warn({ why: account.why }, 'an account of the identity provider does not fit the settings');
    return { code: 'sign-in-refused' };
  }
  const { tenantId, login } = account;
  const isOurs = (one: User) => one.tenantId === tenantId && one.login === login;
  let user = (await store.users()).find(isOurs);
  const hasTenant = (await store.tenants()).some((tenant) => tenant.tenantId === tenantId);
  if (!user && settings.createUsers && hasTenant) {
    user = { userId: userIdOf(tenantId, login), tenantId, login, displayName: account.displayName };
    await addUser({ access, store, log }, user);
  }
  if (!user) {
    log.warn({ tenant: tenantId }, 'somebody signed in at the identity provider who is no user of the relay');
    return { code: 'user-unknown' };
  }
  const { userId } = user;
  if (!(await access.viewer(userId))) return { code: await access.whyNone(userId) };
  // A name that the provider gives to somebody else later is not the same person; nor does somebody who takes another name
  // there become the user of that name.
  if (await store.bindAccount(userId, `${claims['iss']} ${claims['sub']}`)) return { userId };
  log.warn(
    { user: userId },
    'this user is another account, or this account another user: relay users unlink that user, if it is right',
  );
  return { code: 'user-unknown' };
}

// Of two browsers that come at the same moment one is the first.
async function addUser(
  { access, store, log }: Pick<OidcSignInOptions, 'access' | 'store' | 'log'>,
  user: User,
): Promise<void> {
  try {
    await access.change([{ type: 'add-user', user }]);
    log.info({ user: user.userId }, 'user added at the first sign-in');
  } catch (error) {
    if (!(await store.users()).some(({ userId }) => userId === user.userId)) throw error;
  }
}
