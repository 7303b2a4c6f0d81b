// Passwords and passphrases by reference: the configuration says where a secret stands, never what it is. A secret is read
// when it is used and handed to the one who needs it; nothing here prints, logs or returns one in an error's words.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import * as v from 'valibot';
import { type ReadSecret, SECRET_NAME, type SecretRef } from './secret-ref.ts';

/** A secret that cannot be read, or a name that cannot be one. The message never holds the secret. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}

const MAX_BYTES = 64 * 1024;
const SecretRefSchema = v.strictObject({ secretFrom: v.picklist(['env', 'file', 'store']), name: v.string() });

/** Every reference within a value that a schema has read, with the keys that lead to it. */
export function secretRefsIn(
  value: unknown,
  keys: readonly PropertyKey[] = [],
): { keys: PropertyKey[]; ref: SecretRef }[] {
  if (typeof value !== 'object' || value === null) return [];
  if (v.is(SecretRefSchema, value)) return [{ keys: [...keys], ref: value }];
  return Object.entries(value).flatMap(([key, inner]) =>
    secretRefsIn(inner, [...keys, Array.isArray(value) ? Number(key) : key]),
  );
}

/** How secrets are read: relative files start at `folder`, stored ones lie in `dataDir`. */
export function createSecretReader(place: {
  env: Readonly<Record<string, string | undefined>>;
  folder: string;
  dataDir: string;
}): ReadSecret {
  return ({ secretFrom, name }) => {
    switch (secretFrom) {
      case 'env':
        return fromEnvironment(place.env, name);
      case 'file':
        return fromFile(resolve(place.folder, name), place.env['CREDENTIALS_DIRECTORY']);
      case 'store':
        return fromStore(place.dataDir, name);
      default:
        return secretFrom satisfies never;
    }
  };
}

/** Keeps a secret in the data folder, which must exist, readable by its owner alone. An older one of the name is replaced. */
export function storeSecret(dataDir: string, name: string, value: string): void {
  const path = storedPath(dataDir, name);
  if (value === '') throw new SecretError('the secret is empty: nothing was stored');
  if (Buffer.byteLength(value) > MAX_BYTES)
    throw new SecretError('the secret is longer than 64 KiB: nothing was stored');
  mkdirSync(secretsDir(dataDir), { recursive: true, mode: 0o700 });
  // Whole or not at all, and never readable by others, not even for a moment.
  const half = `${path}.new`;
  rmSync(half, { force: true });
  writeFileSync(half, value, { mode: 0o600, flush: true });
  renameSync(half, path);
}

/** The names of the stored secrets, and when each was set. */
export function storedSecrets(dataDir: string): { name: string; setAt: string }[] {
  const names = namesIn(secretsDir(dataDir)).filter((name) => SECRET_NAME.test(name) && !name.endsWith('.new'));
  return names.sort().map((name) => {
    return { name, setAt: statSync(join(secretsDir(dataDir), name)).mtime.toISOString() };
  });
}

/** Forgets a stored secret; false if there was none of the name. */
export function removeSecret(dataDir: string, name: string): boolean {
  const path = storedPath(dataDir, name);
  if (!storedSecrets(dataDir).some((one) => one.name === name)) return false;
  rmSync(path);
  return true;
}

/** Why others than the owner could read a file, in words, or undefined. Windows has no such modes. */
export function exposureOf(path: string, forbidden = 0o077): string | undefined {
  if (process.platform === 'win32') return undefined;
  const mode = statSync(path).mode & 0o777;
  if ((mode & forbidden) === 0) return undefined;
  return `${path} can be read by others (mode ${mode.toString(8).padStart(4, '0')}): chmod 600 ${path}`;
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') {
    throw new SecretError(`the environment variable ${name} is not set for the relay`);
  }
  return value;
}

// What systemd hands over (LoadCredential=) is for this service alone whatever its mode says, which shows an access list.
function fromFile(path: string, credentialsDir: string | undefined): string {
  const isCredential = credentialsDir !== undefined && !relative(credentialsDir, path).startsWith('..');
  return readGuarded(path, { isGuarded: !isCredential, remedy: 'write the secret there, with mode 600' });
}

function fromStore(dataDir: string, name: string): string {
  return readGuarded(storedPath(dataDir, name), {
    isGuarded: true,
    remedy: `"relay secrets set ${name}" asks for it`,
  });
}

function readGuarded(path: string, { isGuarded, remedy }: { isGuarded: boolean; remedy: string }): string {
  try {
    const exposure = isGuarded ? exposureOf(path) : undefined;
    if (exposure !== undefined) throw new SecretError(`the secret's file ${exposure}`);
    if (statSync(path).size > MAX_BYTES) throw new SecretError(`${path} is longer than 64 KiB: that is no secret`);
    // Editors and echo end a line; no password does.
    const value = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (value === '') throw new SecretError(`the secret's file ${path} is empty: ${remedy}`);
    return value;
  } catch (cause) {
    if (cause instanceof SecretError) throw cause;
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const why = isMissing ? 'there is no file' : 'the relay cannot read';
    throw new SecretError(`${why} ${path}: ${remedy}`, { cause });
  }
}

function storedPath(dataDir: string, name: string): string {
  if (!SECRET_NAME.test(name)) throw new SecretError(`a secret's name is 1–64 of a–z, 0–9, dot, _ and -`);
  return join(secretsDir(dataDir), name);
}

function secretsDir(dataDir: string): string {
  return join(dataDir, 'secrets');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No secret was ever stored.
    return [];
  }
}
