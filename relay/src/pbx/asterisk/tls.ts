// How the settings want the connection to the manager protected.
import { readFileSync } from 'node:fs';
import { PbxError } from '../driver.ts';
import type { AmiConnectionOptions } from './connection.ts';
import type { AsteriskOptions } from './options.ts';

/** What TLS needs, the certificate to believe read from its file; undefined without TLS. Throws when it cannot be read. */
export function tlsOf({ tls }: Pick<AsteriskOptions, 'tls'>): ReturnType<AmiConnectionOptions['tls']> {
  if (tls === undefined || tls === false) return undefined;
  if (tls === true) return { ca: undefined, name: undefined };
  return { ca: tls.ca === undefined ? undefined : certificateIn(tls.ca), name: tls.name };
}

function certificateIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PbxError('pbx-unreachable', `the certificate of tls.ca cannot be read: ${why}`, { cause });
  }
}
