// Which addresses a contact source may be fetched from. Whoever can write an address into an answer (a next page, a redirect, a
// name server) must not thereby reach what only the relay's machine can reach, so private addresses are closed unless the
// configuration names their host.
import { type LookupAddress, lookup as lookUp } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { ContactsError } from './source.ts';

const PRIVATE: readonly (readonly [address: string, prefix: number, family: 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

const PRIVATE_LIST = blockListOf(PRIVATE);

/** Whether an address belongs to this machine, to a company's network or to nobody. */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  // An IPv4 address in IPv6 clothes is judged as itself; the list does so for `::ffff:0:0/96`.
  const family = isIP(bare) === 6 ? 'ipv6' : 'ipv4';
  return isIP(bare) === 0 || PRIVATE_LIST.check(bare, family);
}

function blockListOf(nets: typeof PRIVATE): BlockList {
  const list = new BlockList();
  for (const [net, prefix, family] of nets) list.addSubnet(net, prefix, family);
  return list;
}

/** Hosts that the configuration lets be private, in small letters. */
export type OpenHosts = ReadonlySet<string>;

/** Throws ContactsError for an address that may not be asked at all. */
export function checkUrl(url: URL, openHosts: OpenHosts): void {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const isOpen = openHosts.has(host);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isOpen)) {
    throw new ContactsError(
      `${url.origin} is not https: only hosts that "privateHosts" names are asked without encryption`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new ContactsError(`the address at ${url.host} holds a password: it belongs into a secret`);
  }
  if (!isOpen && isIP(host) !== 0 && isPrivateAddress(host)) throw privateError(host, host);
}

/** A look-up of names that finds no private address, except for open hosts. The address that was checked is the one used. */
export function guardedLookup(openHosts: OpenHosts): LookupFunction {
  return (hostname, options, done) => {
    lookUp(hostname, { ...options, all: true }, (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => {
      if (error) return done(error, '', 0);
      const closed = openHosts.has(hostname.toLowerCase())
        ? undefined
        : found.find(({ address }) => isPrivateAddress(address));
      const [first] = found;
      if (closed || !first) return done(privateError(hostname, closed?.address ?? 'no address'), '', 0);
      return options.all ? done(null, found) : done(null, first.address, first.family);
    });
  };
}

function privateError(host: string, address: string): ContactsError {
  return new ContactsError(
    `${host} is ${address}, an address of a private network: if that is meant, name ${host} under "privateHosts"`,
  );
}
