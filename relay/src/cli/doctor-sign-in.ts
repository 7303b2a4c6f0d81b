// What `relay doctor` looks at where people sign in at an identity provider: whether it is there, calls itself as configured,
// and knows the relay. Asks it with a code that cannot be right, so that nobody is signed in.
import { systemClock } from '../clock.ts';
import type { Config, Environment } from '../config.ts';
import { secretReaderOf } from '../config-outside.ts';
import { createOidcProvider, OidcError } from '../oidc-provider.ts';
import { redirectsOf } from '../oidc-settings.ts';
import type { Finding } from './doctor-checks.ts';

const NOBODY = { state: 'doctor', nonce: 'doctor', verifier: 'doctor-asks-whether-the-relay-is-known-here-at-all' };

/** Nothing where no provider is configured. */
export async function checkSignIn(config: Config, env: Environment): Promise<Finding[]> {
  const settings = config.signIn.oidc;
  if (!settings) return [];
  const { clientSecret, issuer, firefoxIds } = settings;
  const readSecret = secretReaderOf(config, env);
  const provider = createOidcProvider({
    settings,
    clock: systemClock,
    clientSecret: () => clientSecret && readSecret(clientSecret),
  });
  const redirects = redirectsOf(config.extensionOrigins, firefoxIds);
  const query = new URLSearchParams({ code: 'doctor', state: NOBODY.state, iss: issuer }).toString();
  try {
    await provider.claims({ ...NOBODY, redirectUri: redirects[0] ?? issuer, query });
  } catch (error) {
    if (!(error instanceof OidcError)) throw error;
    if (error.code === 'sign-in-unavailable') return [failed(error.message)];
  }
  const message = `${settings.name} knows the relay; answers go to ${redirects.join(' and ')}`;
  return [{ check: 'sign-in', state: 'ok', message }];
}

function failed(message: string): Finding {
  const remedy = message.includes('invalid_client')
    ? 'compare signIn.oidc.clientId and the secret with those at the provider'
    : 'look at signIn.oidc.issuer and at the way there (proxy, firewall, NODE_EXTRA_CA_CERTS)';
  return { check: 'sign-in', state: 'fail', message, remedy };
}
