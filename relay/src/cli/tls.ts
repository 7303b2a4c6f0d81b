// `relay tls init HOST…`: a company's own certificate authority and a certificate of it for the relay, in a few files. Run
// again it renews the certificate; the authority, which every computer of the company trusts, is never made anew by itself.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { defineCommand } from 'citty';
import { hostsBeyond, isHost, issueServerCertificate, makeAuthority } from '../certificate-authority.ts';
import { exposureOf } from '../secrets.ts';
import { CliError, DEFAULT_CONFIG, inWords, jsonArg, placeArgs, print } from './terminal.ts';

const initCommand = defineCommand({
  meta: { name: 'init', description: 'Make a certificate for the relay, and an authority that computers can trust' },
  args: {
    hosts: {
      type: 'positional',
      description: 'Under which names and addresses browsers reach the relay',
      required: true,
    },
    out: { type: 'string', description: 'Folder, instead of "tls" beside the configuration', valueHint: 'FOLDER' },
    renew: { type: 'boolean', description: 'Replace a certificate that is there', default: false },
    config: placeArgs.config,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const folder = resolve(args.out ?? join(dirname(args.config ?? DEFAULT_CONFIG), 'tls'));
    const made = makeFiles({
      folder,
      hosts: hostsIn(args._),
      existing: args.renew ? 'replace' : 'refuse',
      now: new Date(),
    });
    print(args, made, madeText);
  }),
});

/** `relay tls …` */
export const tlsCommand = defineCommand({
  meta: { name: 'tls', description: 'The relay’s certificate' },
  subCommands: { init: initCommand },
});

/** The same for whoever sets the relay up, in words; with `keep`, a certificate that is there stays as it is. */
export function makeCertificate(wish: Omit<Wish, 'existing'> & { existing: 'keep' }): string {
  const cert = join(wish.folder, 'relay.crt');
  if (existsSync(cert)) return `the certificate ${cert} stays as it is`;
  return madeText(makeFiles({ ...wish, existing: 'refuse' }));
}

interface Wish {
  folder: string;
  hosts: string[];
  existing: 'replace' | 'refuse';
  now: Date;
}

interface Made {
  hosts: string[];
  /** For the computers of the company. */
  authority: string;
  isNewAuthority: boolean;
  cert: string;
  key: string;
  validTo: string;
}

function makeFiles(wish: Wish): Made {
  const { folder, now } = wish;
  const hosts = [...new Set(wish.hosts.map(canonicalHost))];
  const [authority, authorityKey, cert, key] = ['ca.crt', 'ca.key', 'relay.crt', 'relay.key'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string]; // as many as were named
  if (existsSync(cert) && wish.existing === 'refuse') {
    throw new CliError(`there is a certificate ${cert} already: --renew replaces it`);
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const isNewAuthority = !existsSync(authority);
  if (isNewAuthority) {
    const made = makeAuthority({ name: `Offhook authority for ${hosts[0]}`, hosts, now });
    writeWhole(authorityKey, made.key, 0o600);
    writeWhole(authority, made.cert, 0o644);
  }
  const issued = issueServerCertificate(readAuthority(authority, authorityKey, hosts), { hosts, now });
  writeWhole(key, issued.key, 0o600);
  writeWhole(cert, issued.cert, 0o644);
  return { hosts, authority, isNewAuthority, cert, key, validTo: issued.validTo.toISOString() };
}

function readAuthority(certFile: string, keyFile: string, hosts: readonly string[]): { cert: string; key: string } {
  const cert = readFileSync(certFile, 'utf8');
  const beyond = hostsBeyond(cert, hosts);
  if (beyond.length > 0) {
    throw new CliError(
      `the authority ${certFile} was not made for ${beyond.join(', ')}: name another folder with --out for a new one, ` +
        'which the computers then have to trust, too',
    );
  }
  if (!existsSync(keyFile)) {
    throw new CliError(`the key of the authority is not there: put it back as ${keyFile} to renew a certificate of it`);
  }
  const exposure = exposureOf(keyFile);
  if (exposure !== undefined) throw new CliError(`the key of the authority ${exposure}`);
  return { cert, key: readFileSync(keyFile, 'utf8') };
}

// A relay that reads its certificate at this moment finds the old one or the new one.
function writeWhole(path: string, text: string, mode: number): void {
  const half = `${path}.new`;
  writeFileSync(half, text, { mode, flush: true });
  chmodSync(half, mode);
  renameSync(half, path);
}

function hostsIn(words: readonly string[]): string[] {
  const hosts = [...new Set(words.map((word) => word.toLowerCase().replace(/^\[|\]$/g, '')))];
  const odd = hosts.find((host) => !isHost(host));
  if (odd === undefined) return hosts;
  throw new CliError(`${odd} is no host name or address: name it without wss://, port and path, as relay.example`);
}

// One spelling of an address, that of certificates: `2001:db8:0:0:0:0:0:1` → `2001:db8::1`.
function canonicalHost(host: string): string {
  return isIPv6(host) ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host.toLowerCase();
}

function madeText({ hosts, authority, isNewAuthority, cert, key, validTo }: Made): string {
  const rollOut = [
    `The computers of the company have to trust ${authority} (docs/admin.md, "TLS"): it can speak for`,
    `${hosts.join(', ')} only. Its key, ca.key beside it, is needed for renewals alone: keep it elsewhere.`,
  ];
  return [
    `certificate for ${hosts.join(', ')}, good until ${validTo.slice(0, 10)}`,
    '',
    'In relay.yaml:',
    '  tls:',
    `    cert: ${JSON.stringify(cert)}`,
    `    key: ${JSON.stringify(key)}`,
    '',
    ...(isNewAuthority ? rollOut : ['A running relay takes it with "relay config reload" or SIGHUP.']),
  ].join('\n');
}
