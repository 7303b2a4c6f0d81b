// How a configuration and a driver speak of a secret without having it: by where it stands. Whoever reads one is secrets.ts.
import * as v from 'valibot';

/** Where a secret stands: an environment variable, a file, or the data folder's own (`relay secrets set`). */
export interface SecretRef {
  secretFrom: 'env' | 'file' | 'store';
  name: string;
}

/** Reads what a reference points to. Throws an error whose message says where it looked and what to do. */
export type ReadSecret = (ref: SecretRef) => string;

/** What a secret of the data folder may be called. */
export const SECRET_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

const FORMS = '"env:NAME", "file:PATH" or "secret:NAME" (see "relay secrets set")';
// The value itself is never in the message: somebody may have written the secret here.
const NOT_A_REF = `should say where the secret stands, ${FORMS}; the secret itself does not belong into this file`;

/** The schema of every key of the configuration that is a secret: the reference as text → SecretRef. */
export const secretRefSchema = v.pipe(
  v.string(NOT_A_REF),
  v.rawTransform(({ dataset, addIssue, NEVER }): SecretRef => {
    const [, kind, name = ''] = /^(env|file|secret):(.+)$/s.exec(dataset.value) ?? [];
    if (kind === 'file') return { secretFrom: 'file', name };
    if (kind === 'env' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return { secretFrom: 'env', name };
    if (kind === 'secret' && SECRET_NAME.test(name)) return { secretFrom: 'store', name };
    // Neither the text nor a part of it is repeated.
    addIssue({ message: NOT_A_REF, input: undefined });
    return NEVER;
  }),
);
