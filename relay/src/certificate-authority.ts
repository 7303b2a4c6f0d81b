// A small company's own certificate authority: makes one, and certificates of it for the relay. It is made for the hosts that
// were named and nothing else (name constraints): computers that trust it would not believe it about any other site, should
// its key ever be stolen. Only `relay tls init` uses this; the running relay never has the authority's key.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { isIP } from 'node:net';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as x509 from '@peculiar/asn1-x509';

/** A certificate and its key, PEM. */
export interface Issued {
  cert: string;
  key: string;
  validTo: Date;
}

const DAY_MS = 24 * 3_600_000;
const AUTHORITY_DAYS = 3_650;
// Apple's devices believe no server certificate that is valid for more than 825 days.
const SERVER_DAYS = 820;
// The clocks of a company's computers differ.
const EARLIER_MS = 3_600_000;

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';

/** Host names and addresses as certificates hold them: `'relay.example'`, `'192.0.2.7'`, `'::1'`. */
export function isHost(text: string): boolean {
  return (
    isIP(text) !== 0 ||
    /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text)
  );
}

/** Makes an authority that can speak for these hosts, and names below them, only. */
export function makeAuthority({ name, hosts, now }: { name: string; hosts: readonly string[]; now: Date }): Issued {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = nameOf(name);
  return issue({
    subject,
    issuer: subject,
    publicKey,
    privateKey,
    signWith: privateKey,
    now,
    days: AUTHORITY_DAYS,
    extensions: [
      extension(x509.id_ce_basicConstraints, new x509.BasicConstraints({ cA: true, pathLenConstraint: 0 }), 'critical'),
      extension(
        x509.id_ce_keyUsage,
        new x509.KeyUsage(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign),
        'critical',
      ),
      extension(x509.id_ce_nameConstraints, constraintsFor(hosts), 'critical'),
      keyIdExtension(publicKey),
    ],
  });
}

/** A new key and certificate for a server. */
export function issueServerCertificate(
  authority: { cert: string; key: string },
  { hosts, now }: { hosts: readonly string[]; now: Date },
): Issued {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const by = parsed(authority.cert);
  const signWith = createPrivateKey(authority.key);
  const names = hosts.map((host) => new x509.GeneralName(isIP(host) ? { iPAddress: host } : { dNSName: host }));
  const authorityId = new x509.AuthorityKeyIdentifier({
    keyIdentifier: new x509.KeyIdentifier(keyIdOf(createPublicKey(signWith))),
  });
  return issue({
    // No host: without one among the names, some look for it here, and find a host that the authority cannot speak for.
    subject: nameOf('Offhook relay'),
    issuer: by.tbsCertificate.subject,
    publicKey,
    privateKey,
    signWith,
    now,
    days: SERVER_DAYS,
    extensions: [
      extension(x509.id_ce_basicConstraints, new x509.BasicConstraints({ cA: false }), 'critical'),
      extension(x509.id_ce_keyUsage, new x509.KeyUsage(x509.KeyUsageFlags.digitalSignature), 'critical'),
      extension(x509.id_ce_extKeyUsage, new x509.ExtendedKeyUsage([x509.id_kp_serverAuth])),
      extension(x509.id_ce_subjectAltName, new x509.SubjectAlternativeName(names)),
      keyIdExtension(publicKey),
      extension(x509.id_ce_authorityKeyIdentifier, authorityId),
    ],
  });
}

/** Those of the hosts for which the authority cannot speak. */
export function hostsBeyond(authorityCert: string, hosts: readonly string[]): string[] {
  const { extensions = [] } = parsed(authorityCert).tbsCertificate;
  const found = [...extensions].find(({ extnID }) => extnID === x509.id_ce_nameConstraints);
  if (!found) return [];
  const { permittedSubtrees = [] } = AsnConvert.parse(found.extnValue.buffer, x509.NameConstraints);
  const bases = [...permittedSubtrees].map(({ base }) => base);
  return hosts.filter((host) =>
    isIP(host)
      ? !bases.some(({ iPAddress }) => iPAddress?.replace(/\/.*/, '') === host)
      : !bases.some(({ dNSName }) => dNSName !== undefined && (host === dNSName || host.endsWith(`.${dNSName}`))),
  );
}

interface Wanted {
  subject: x509.Name;
  issuer: x509.Name;
  publicKey: KeyObject;
  privateKey: KeyObject;
  signWith: KeyObject;
  now: Date;
  days: number;
  extensions: x509.Extension[];
}

function issue({ subject, issuer, publicKey, privateKey, signWith, now, days, extensions }: Wanted): Issued {
  const validTo = new Date(now.getTime() + days * DAY_MS);
  const signature = new x509.AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const tbsCertificate = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: serialNumber(),
    signature,
    issuer,
    subject,
    validity: new x509.Validity({ notBefore: new Date(now.getTime() - EARLIER_MS), notAfter: validTo }),
    subjectPublicKeyInfo: AsnConvert.parse(
      publicKey.export({ type: 'spki', format: 'der' }),
      x509.SubjectPublicKeyInfo,
    ),
    extensions: new x509.Extensions(extensions),
  });
  const signatureValue = sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), signWith);
  const certificate = new x509.Certificate({
    tbsCertificate,
    signatureAlgorithm: signature,
    signatureValue: new Uint8Array(signatureValue).buffer,
  });
  return {
    cert: pemOf(Buffer.from(AsnConvert.serialize(certificate))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    validTo,
  };
}

// What is not named is shut out kind by kind: without a permitted address, no address at all.
function constraintsFor(hosts: readonly string[]): x509.NameConstraints {
  const addresses = hosts.filter((host) => isIP(host) !== 0);
  const names = hosts.filter((host) => isIP(host) === 0);
  const subtree = (base: Partial<x509.GeneralName>) => new x509.GeneralSubtree({ base: new x509.GeneralName(base) });
  const permitted = [
    ...names.map((dNSName) => subtree({ dNSName })),
    ...addresses.map((address) => subtree({ iPAddress: `${address}/${isIP(address) === 6 ? 128 : 32}` })),
  ];
  const excluded = [
    ...(names.length === 0 ? [subtree({ dNSName: '' })] : []),
    ...(addresses.length === 0 ? [subtree({ iPAddress: '0.0.0.0/0' }), subtree({ iPAddress: '::/0' })] : []),
  ];
  return new x509.NameConstraints({
    permittedSubtrees: new x509.GeneralSubtrees(permitted),
    ...(excluded.length > 0 && { excludedSubtrees: new x509.GeneralSubtrees(excluded) }),
  });
}

function nameOf(commonName: string): x509.Name {
  const value = new x509.AttributeValue({ utf8String: commonName.slice(0, 64) });
  const attribute = new x509.AttributeTypeAndValue({ type: COMMON_NAME, value });
  return new x509.Name([new x509.RelativeDistinguishedName([attribute])]);
}

function extension(extnID: string, value: object, weight?: 'critical'): x509.Extension {
  const extnValue = new OctetString(AsnConvert.serialize(value));
  return new x509.Extension({ extnID, critical: weight === 'critical', extnValue });
}

function keyIdExtension(publicKey: KeyObject): x509.Extension {
  return extension(x509.id_ce_subjectKeyIdentifier, new x509.SubjectKeyIdentifier(keyIdOf(publicKey)));
}

// RFC 7093, method 1: the first 160 bits of SHA-256.
function keyIdOf(publicKey: KeyObject): ArrayBuffer {
  const hash = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
  return new Uint8Array(hash.subarray(0, 20)).buffer;
}

// 127 bits, positive and of full length.
function serialNumber(): ArrayBuffer {
  const bytes = new Uint8Array(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.buffer;
}

function parsed(pem: string): x509.Certificate {
  const base64 = pem.replace(/-----[^-]+-----|\s/g, '');
  return AsnConvert.parse(Buffer.from(base64, 'base64'), x509.Certificate);
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
