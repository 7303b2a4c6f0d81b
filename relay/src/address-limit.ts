// How often something came from an address within a sliding minute, for limits on what strangers may try. Memory is bounded:
// the addresses that were quiet for the longest are forgotten first.
import type { Clock } from './clock.ts';

export interface AddressLimit {
  /** Counts one more. */
  add(address: string): void;
  /** Whether the address has reached the limit. */
  isReached(address: string): boolean;
}

const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 10_000;

/** A limit of `mostAMinute` for each address. */
export function createAddressLimit({ clock, mostAMinute }: { clock: Clock; mostAMinute: number }): AddressLimit {
  const times = new Map<string, number[]>();
  const recent = (address: string) => (times.get(address) ?? []).filter((at) => at > clock.elapsed() - WINDOW_MS);
  return {
    isReached: (address) => recent(address).length >= mostAMinute,
    add(address) {
      const list = [...recent(address), clock.elapsed()];
      times.delete(address);
      times.set(address, list);
      const [oldest] = times.keys();
      if (times.size > MOST_ADDRESSES && oldest !== undefined) times.delete(oldest);
    },
  };
}
