// What a configuration points to outside of itself: secrets, certificate and key. Looked at before a relay runs with it, so
// that the fault is told with its key and line. It reads, and keeps nothing.
import { dirname } from 'node:path';
import * as v from 'valibot';
import type { Config, Environment } from './config.ts';
import type { CrossFault } from './config-rules.ts';
import { pbxOptionsSchema } from './pbx/index.ts';
import type { ReadSecret, SecretRef } from './secret-ref.ts';
import { createSecretReader, SecretError, secretRefsIn } from './secrets.ts';
import { type Certificate, readCertificate, TlsError } from './tls.ts';

/** Every secret that cannot be read, and what is wrong with certificate and key. */
export function outsideFaults(config: Config, env: Environment): CrossFault[] {
  const readSecret = secretReaderOf(config, env);
  const faults = secretsOf(config).flatMap(({ keys, ref }) => {
    const problem = problemOf(() => readSecret(ref), SecretError);
    return problem ? [{ keys, message: problem.message }] : [];
  });
  if (faults.some(({ keys }) => keys[0] === 'tls')) return faults;
  const problem = problemOf(() => certificateOf(config, env), TlsError);
  return problem ? [...faults, { keys: ['tls', problem.key], message: problem.message }] : faults;
}

/** Every secret of a configuration, with the key where it is referred to. */
export function secretsOf(config: Config): { keys: PropertyKey[]; ref: SecretRef }[] {
  const ofPbx = config.pbx.flatMap(({ kind, options }, index) =>
    secretRefsIn(v.parse(pbxOptionsSchema(kind), options), ['pbx', index, 'options']),
  );
  return [
    ...secretRefsIn(config.tls, ['tls']),
    ...secretRefsIn(config.signIn, ['signIn']),
    ...secretRefsIn(config.tapiMasterServer, ['tapiMasterServer']),
    ...secretRefsIn(config.contacts, ['contacts']),
    ...ofPbx,
  ];
}

/** How the secrets of a configuration are read. */
export function secretReaderOf({ file, dataDir }: Config, env: Environment): ReadSecret {
  return createSecretReader({ env, folder: dirname(file), dataDir });
}

/** The certificate, read anew; undefined without `tls`. Throws TlsError or SecretError. */
export function certificateOf(config: Config, env: Environment): Certificate | undefined {
  if (!config.tls) return undefined;
  const { cert, key, passphrase } = config.tls;
  const readSecret = secretReaderOf(config, env);
  return readCertificate({ cert, key, passphrase: passphrase && readSecret(passphrase) });
}

function problemOf<Kind extends Error>(work: () => unknown, kind: new (...args: never[]) => Kind): Kind | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
}
