// The sign-in at the company's identity provider as the configuration has it, or none. Puts its parts together; decides
// nothing.
import type { Clock } from './clock.ts';
import type { Config, Environment } from './config.ts';
import { secretReaderOf } from './config-outside.ts';
import { createOidcProvider } from './oidc-provider.ts';
import { createOidcSignIn, type OidcSignIn, type OidcSignInOptions } from './oidc-sign-in.ts';

/** Undefined without `signIn.oidc`. What closes it goes into `undo`. */
export function openOidc(
  place: { config: Config; env: Environment; clock: Clock; undo: (() => unknown)[] },
  parts: Pick<OidcSignInOptions, 'store' | 'access' | 'signIn' | 'isHere' | 'log'>,
): OidcSignIn | undefined {
  const { config, env, clock, undo } = place;
  const settings = config.signIn.oidc;
  if (!settings) return undefined;
  const { clientSecret } = settings;
  const readSecret = secretReaderOf(config, env);
  const provider = createOidcProvider({
    settings,
    clock,
    clientSecret: () => clientSecret && readSecret(clientSecret),
  });
  const oidc = createOidcSignIn({ ...parts, settings, provider, clock });
  undo.push(oidc.close);
  return oidc;
}
