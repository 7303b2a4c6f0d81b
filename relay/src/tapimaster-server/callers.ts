// Who is calling: a key or an address → one user, as the administrator wrote it down. Whoever is not written down is nobody,
// and an address that two users share is nobody's. It knows neither lines nor rights: those are the user's own.
import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import type { CallerSettings } from './settings.ts';

/** Somebody who was recognised. */
export interface Caller {
  /** Log-in name, `tenant/login` where it was written so. */
  user: string;
  /** May ask by GET without a key. */
  plainGet: boolean;
}

/** Why nobody was recognised. `wrongKey` counts against the address. */
export type NoCaller = 'wrongKey' | 'unknown' | 'ambiguous';

export interface Callers {
  /** Recognises by the key where there is one, else by the address. */
  find(said: { key?: string | undefined; address: string }): Caller | NoCaller;
}

interface Entry {
  caller: Caller;
  keyHash: Buffer | undefined;
  isFrom(address: string): boolean;
  hasAddresses: boolean;
}

/** The callers of a configuration, with the keys that were read for them, in the same order. */
export function createCallers(settings: readonly CallerSettings[], keys: readonly (string | undefined)[]): Callers {
  const entries = settings.map(({ user, plainGet, addresses }, index): Entry => {
    const key = keys[index];
    return {
      caller: { user, plainGet },
      keyHash: key === undefined ? undefined : hashOf(key),
      isFrom: matcherOf(addresses),
      hasAddresses: addresses.length > 0,
    };
  });
  return {
    find({ key, address }) {
      return key === undefined ? byAddress(entries, address) : byKey(entries, key, address);
    },
  };
}

/** `'::ffff:192.168.1.18'` → `'192.168.1.18'`: one spelling for each address. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=[0-9]+\.)/i, '').replace(/%.*$/, '');
}

// Every key is compared, whichever fits, so that time tells nothing. Where addresses are given, too, both must fit.
function byKey(entries: readonly Entry[], key: string, address: string): Caller | NoCaller {
  const given = hashOf(key);
  const fitting = entries.filter(({ keyHash }) => keyHash !== undefined && timingSafeEqual(keyHash, given));
  const [found] = fitting.filter(({ hasAddresses, isFrom }) => !hasAddresses || isFrom(address));
  return found?.caller ?? 'wrongKey';
}

function byAddress(entries: readonly Entry[], address: string): Caller | NoCaller {
  const [found, another] = entries.filter(({ keyHash, isFrom }) => keyHash === undefined && isFrom(address));
  if (!found) return 'unknown';
  return another ? 'ambiguous' : found.caller;
}

function matcherOf(addresses: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const one of addresses) {
    const [address = '', bits] = one.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
