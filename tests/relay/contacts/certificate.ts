// A certificate for localhost by an authority of its own, as files, for the servers of the tests.
import { issueServerCertificate, makeAuthority } from '../../../relay/src/certificate-authority.ts';
import type { Folder } from './servers.ts';

/** Writes the three files and answers their paths. */
export function createCertificate(folder: Folder): { cert: string; key: string; ca: string } {
  const now = new Date();
  const hosts = ['localhost', '127.0.0.1'];
  const authority = makeAuthority({ name: 'Sample authority', hosts, now });
  const { cert, key } = issueServerCertificate(authority, { hosts, now });
  return {
    cert: folder.file('cert.pem', cert),
    key: folder.file('key.pem', key),
    ca: folder.file('ca.pem', authority.cert),
  };
}
