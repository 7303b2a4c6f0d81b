// How the settings want the connection to the manager protected.
import { readFileSync } from 'node:fs';
import type { AmiConnectionOptions } from './connection.ts';
import type { AsteriskOptions } from './options.ts';

/** What TLS needs, the certificate to believe read from its file; undefined without TLS. Throws when it cannot be read. */
export function tlsOf({ tls }: Pick<AsteriskOptions, 'tls'>): AmiConnectionOptions['tls'] {
  if (tls === undefined || tls === false) return undefined;
  if (tls === true) return { ca: undefined, name: undefined };
  return { ca: tls.ca === undefined ? undefined : readFileSync(tls.ca, 'utf8'), name: tls.name };
}
