// The relay's own certificate: read, checked against its key, and understood as far as the relay has to know it (for which
// names, until when). What is wrong with it is told before the first browser fails at it. Keys are never printed.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { exposureOf } from './secrets.ts';

/** The certificate as a listener takes it, and what the relay says of it. */
export interface Certificate {
  /** Certificate and chain, PEM. */
  cert: string;
  key: string;
  passphrase?: string | undefined;
  /** The names and addresses it is for, `relay.example`, `192.0.2.7`, `::1`. */
  names: readonly string[];
  validFrom: Date;
  validTo: Date;
}

/** Certificate and key cannot be used. `key` is the key under `tls` that is at fault. */
export class TlsError extends Error {
  override readonly name = 'TlsError';
  readonly key: 'cert' | 'key' | 'passphrase';
  constructor(key: TlsError['key'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.key = key;
  }
}

// A key that a group may read is usual (Debian's ssl-cert); one that everybody may read is none.
const KEY_FORBIDDEN_MODE = 0o027;

/** Reads certificate and key from absolute paths. Throws TlsError with the remedy in words. */
export function readCertificate(files: { cert: string; key: string; passphrase?: string | undefined }): Certificate {
  const cert = textOf('cert', files.cert);
  const key = textOf('key', files.key);
  const exposure = exposureOf(files.key, KEY_FORBIDDEN_MODE);
  if (exposure !== undefined) throw new TlsError('key', `the private key ${exposure}`);
  const first = certificateOf(files.cert, cert);
  if (!first.checkPrivateKey(privateKeyOf(files.key, key, files.passphrase))) {
    throw new TlsError('key', `${files.key} is not the key of the certificate ${files.cert}`);
  }
  const names = namesOf(first);
  if (names.length === 0) {
    throw new TlsError('cert', `${files.cert} names no host (subject alternative name), so browsers refuse it`);
  }
  return { cert, key, passphrase: files.passphrase, names, validFrom: first.validFromDate, validTo: first.validToDate };
}

/** Whether a certificate is for a host name or address; a wildcard stands for one label. */
export function isForHost(names: readonly string[], host: string): boolean {
  const wanted = host.replace(/^\[|\]$/g, '').toLowerCase();
  return names.some((name) => {
    if (!name.startsWith('*.')) return name === wanted;
    const dot = wanted.indexOf('.');
    return dot > 0 && wanted.slice(dot) === name.slice(1);
  });
}

/** What is to be said of its term: nothing, or in words that it is over, or will be within 30 days. */
export function termProblem({ validFrom, validTo }: Certificate, now: number): string | undefined {
  const day = validTo.toISOString().slice(0, 10);
  if (now < validFrom.getTime()) return `the certificate is not valid before ${validFrom.toISOString().slice(0, 10)}`;
  if (now >= validTo.getTime()) return `the certificate ran out on ${day}: browsers refuse it`;
  const daysLeft = Math.floor((validTo.getTime() - now) / DAY_MS);
  return daysLeft < 30 ? `the certificate runs out on ${day}, in ${daysLeft} days` : undefined;
}

const DAY_MS = 24 * 3_600_000;

function textOf(key: 'cert' | 'key', path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const remedy = '"relay tls init HOST" makes one';
    throw new TlsError(key, isMissing ? `there is no file ${path}: ${remedy}` : `the relay cannot read ${path}`, {
      cause,
    });
  }
}

function certificateOf(path: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw new TlsError('cert', `${path} is no certificate in PEM form (-----BEGIN CERTIFICATE-----)`, { cause });
  }
}

function privateKeyOf(path: string, text: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: text, format: 'pem', ...(passphrase !== undefined && { passphrase }) });
  } catch (cause) {
    const isLocked = /ENCRYPTED/.test(text);
    if (isLocked && passphrase === undefined) {
      throw new TlsError('key', `${path} has a passphrase: say where it stands in tls.passphrase`, { cause });
    }
    if (isLocked) throw new TlsError('passphrase', `is not the passphrase of ${path}`, { cause });
    throw new TlsError('key', `${path} is no private key in PEM form (-----BEGIN PRIVATE KEY-----)`, { cause });
  }
}

// `DNS:relay.example, IP Address:192.0.2.7`; quoted where a name has odd characters, which no host has.
function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  return subjectAltName.split(', ').flatMap((part) => {
    const [, name] = /^(?:DNS|IP Address):([^"]+)$/.exec(part) ?? [];
    return name === undefined ? [] : [canonical(name)];
  });
}

// As addresses stand in the Host header: `0:0:0:0:0:0:0:1` → `::1`.
function canonical(name: string): string {
  if (!name.includes(':')) return name.toLowerCase();
  return new URL(`http://[${name}]`).hostname.slice(1, -1);
}
