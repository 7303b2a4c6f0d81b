// The relay's certificate: made by its own authority, believed by whoever trusts that and for the named hosts only, and
// looked through before a browser fails at it.
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostsBeyond, isHost, issueServerCertificate, makeAuthority } from '../../relay/src/certificate-authority.ts';
import { makeCertificate } from '../../relay/src/cli/tls.ts';
import { isForHost, readCertificate, TlsError, termProblem } from '../../relay/src/tls.ts';

const DAY_MS = 24 * 3_600_000;
const now = new Date();
const HOSTS = ['relay.example', '192.0.2.7', '2001:db8::7'];
const authority = makeAuthority({ name: 'Sample authority', hosts: HOSTS, now });

/** What a client that trusts the authority says of a server with a certificate of it. */
async function verdictOf(hosts: readonly string[], by = authority): Promise<string> {
  const issued = issueServerCertificate(by, { hosts, now });
  const server = createServer({ cert: issued.cert, key: issued.key }).listen(0, '127.0.0.1');
  server.on('tlsClientError', () => undefined);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP listener's address is never a string
  const socket = connect({
    port,
    host: '127.0.0.1',
    ca: by.cert,
    servername: 'relay.example',
    checkServerIdentity: () => undefined,
  });
  const verdict = await new Promise<string>((resolve) => {
    socket.once('secureConnect', () => resolve('trusted'));
    socket.once('error', (error: Error) => resolve(error.message));
  });
  socket.destroy();
  server.close();
  await once(server, 'close');
  return verdict;
}

describe('the company’s authority', () => {
  test('its certificate is believed for the hosts that it was made for, and names below them', async () => {
    expect(await verdictOf(HOSTS)).toBe('trusted');
    expect(await verdictOf(['eu.relay.example'])).toBe('trusted');
  });

  test.each([
    ['another site', ['bank.example']],
    ['another address', ['192.0.2.8']],
    ['another address of the newer kind', ['2001:db8::8']],
    ['its own and another site', ['relay.example', 'bank.example']],
  ])('stolen, its key is of no use for %s', async (_what, hosts) => {
    expect(await verdictOf(hosts)).toBe('permitted subtree violation');
  });

  test('made for names alone it speaks for no address, made for addresses alone for no name', async () => {
    const forNames = makeAuthority({ name: 'Names', hosts: ['relay.example'], now });
    const forAddresses = makeAuthority({ name: 'Addresses', hosts: ['192.0.2.7'], now });
    expect(await verdictOf(['192.0.2.7'], forNames)).toBe('excluded subtree violation');
    expect(await verdictOf(['relay.example'], forAddresses)).toBe('excluded subtree violation');
    expect(await verdictOf(['192.0.2.7'], forAddresses)).toBe('trusted');
  });

  test('tells beforehand for which hosts it cannot speak', () => {
    const wanted = ['relay.example', 'a.relay.example', 'notrelay.example', '192.0.2.7', '192.0.2.8', '2001:db8::7'];
    expect(hostsBeyond(authority.cert, wanted)).toEqual(['notrelay.example', '192.0.2.8']);
  });

  test('is valid for ten years, a server’s certificate for no longer than Apple’s devices take', () => {
    const server = new X509Certificate(issueServerCertificate(authority, { hosts: HOSTS, now }).cert);
    const own = new X509Certificate(authority.cert);
    expect(own.ca).toBe(true);
    expect(server.ca).toBe(false);
    expect(server.checkIssued(own)).toBe(true);
    expect(server.verify(own.publicKey)).toBe(true);
    const days = (server.validToDate.getTime() - server.validFromDate.getTime()) / DAY_MS;
    expect(days).toBeGreaterThan(800);
    expect(days).toBeLessThanOrEqual(825);
    expect((own.validToDate.getTime() - now.getTime()) / DAY_MS).toBeGreaterThan(3_600);
    expect(own.serialNumber).toHaveLength(32);
  });
});

test.each(['relay', 'relay.example', '192.0.2.7', '::1'])('%s is a host', (host) => expect(isHost(host)).toBe(true));
test.each(['', 'relay_1', '-a', 'wss://x', 'a:1', 'a b', 'ä.example', '*.example'])('%j is none', (host) => {
  expect(isHost(host)).toBe(false);
});

describe('reading', () => {
  let folder = '';
  const file = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'offhook-tls-'));
    const good = issueServerCertificate(authority, { hosts: HOSTS, now });
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const write = (name: string, text: string | Buffer, mode = 0o600) => {
      writeFileSync(file(name), text);
      chmodSync(file(name), mode);
    };
    write('relay.crt', good.cert, 0o644);
    write('relay.key', good.key);
    write('open.key', good.key, 0o644);
    write('group.key', good.key, 0o640);
    write('other.key', other.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    write(
      'locked.key',
      generateKeyPairSync('ec', {
        namedCurve: 'P-256',
        privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'sample' },
        publicKeyEncoding: { type: 'spki', format: 'pem' },
      }).privateKey,
    );
    write('ca.crt', authority.cert);
    write('ca.key', authority.key);
    write('text', 'no certificate');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (cert: string, key: string, passphrase?: string) => () =>
    readCertificate({ cert: file(cert), key: file(key), passphrase });

  test('says for which hosts, and until when', () => {
    const { names, validTo } = read('relay.crt', 'relay.key')();
    expect(names).toEqual(HOSTS);
    expect(validTo.getTime()).toBeGreaterThan(now.getTime() + 800 * DAY_MS);
    expect(read('relay.crt', 'group.key')().names).toEqual(HOSTS);
  });

  test.each([
    ['none', 'relay.key', 'cert', /there is no file .*none: "relay tls init HOST" makes one/],
    ['text', 'relay.key', 'cert', /no certificate in PEM form/],
    ['ca.crt', 'ca.key', 'cert', /names no host/],
    ['relay.crt', 'none', 'key', /there is no file/],
    ['relay.crt', 'text', 'key', /no private key in PEM form/],
    ['relay.crt', 'other.key', 'key', /is not the key of the certificate/],
    ['relay.crt', 'open.key', 'key', /can be read by others \(mode 0644\)/],
    ['relay.crt', 'locked.key', 'key', /has a passphrase: say where it stands in tls\.passphrase/],
  ] as const)('%s with %s is refused at tls.%s', (cert, key, at, words) => {
    expect(read(cert, key)).toThrow(TlsError);
    expect(read(cert, key)).toThrow(words);
    expect(read(cert, key)).toThrow(expect.objectContaining({ key: at }));
  });

  test('a wrong passphrase is told as such, the right one opens the key', () => {
    expect(read('relay.crt', 'locked.key', 'wrong')).toThrow(expect.objectContaining({ key: 'passphrase' }));
    expect(read('relay.crt', 'locked.key', 'sample')).toThrow(/is not the key of the certificate/);
  });

  test('its term is told from 30 days before its end on', () => {
    const certificate = read('relay.crt', 'relay.key')();
    const at = (daysBefore: number) => termProblem(certificate, certificate.validTo.getTime() - daysBefore * DAY_MS);
    expect(at(31)).toBeUndefined();
    expect(at(29.5)).toMatch(/runs out on \d{4}-\d\d-\d\d, in 29 days/);
    expect(at(0)).toMatch(/ran out on/);
    expect(termProblem(certificate, certificate.validFrom.getTime() - 1)).toMatch(/not valid before/);
  });
});

test.each([
  [['relay.example'], 'RELAY.example', true],
  [['*.example'], 'relay.example', true],
  [['*.example'], 'a.relay.example', false],
  [['*.example'], 'example', false],
  [['::1'], '[::1]', true],
  [['192.0.2.7'], '192.0.2.8', false],
])('%j is for %s: %s', (names, host, isFor) => {
  expect(isForHost(names, host)).toBe(isFor);
});

test('a certificate is made for an address however it was spelled', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'offhook-spelled-')), 'tls');
  const words = makeCertificate({ folder, hosts: ['2001:DB8:0:0::7', 'Relay.Example'], existing: 'keep', now });
  expect(words).toMatch(/^certificate for 2001:db8::7, relay\.example, good until/);
  rmSync(join(folder, '..'), { recursive: true });
});
