// Devices that were enrolled at the identity provider come and go with their browser profiles, which nobody tells the relay:
// a terminal server throws one away every evening. This keeps their list short. A device that is connected is never removed,
// nor one that was paired by a code, nor one that was revoked.
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Device, Store } from './store/store.ts';

export interface OidcDevicesOptions {
  store: Pick<Store, 'devices' | 'removeDevices'>;
  isHere(deviceId: string): boolean;
  clock: Clock;
  log: Logger;
}

/** Of one person: more browsers than this are profiles that are gone. */
const MOST_OF_A_USER = 10;
/** What came by itself comes again by itself. */
const SILENT_KEEP_MS = 7 * 86_400_000;
const SWEEP_MS = 3_600_000;
const FIRST_SWEEP_MS = 300_000;

/** Sweeps every hour until `close`, the first time when those that are there have come back after a restart. */
export function createOidcDevices({ store, isHere, clock, log }: OidcDevicesOptions) {
  async function remove(gone: readonly Device[]): Promise<void> {
    if (gone.length === 0) return;
    const ids = gone.map(({ deviceId }) => deviceId);
    await store.removeDevices(ids, new Date(clock.now()).toISOString());
    log.info({ devices: ids }, 'devices of the identity provider that are not in use any more were removed');
  }

  // One that was revoked has to hear that whenever it comes: a browser that nobody knows signs in anew by itself.
  function mayGo({ deviceId, revokedAt }: Device): boolean {
    return revokedAt === undefined && !isHere(deviceId);
  }

  async function sweep(): Promise<void> {
    const before = new Date(clock.now() - SILENT_KEEP_MS).toISOString();
    const devices = await store.devices();
    await remove(devices.filter((one) => one.enrolledBy === 'silent' && mayGo(one) && lastHere(one) < before));
  }

  function sweepAndGoOn(): void {
    sweep().catch((error: unknown) => log.error({ err: error }, 'old devices could not be removed'));
    cancel = clock.after(SWEEP_MS, sweepAndGoOn);
  }

  let cancel = clock.after(FIRST_SWEEP_MS, sweepAndGoOn);
  return {
    /**
     * After a device has come: those that it stands in for go. That is each silent one of the same name, for one that
     * came silently, and whatever is more than ten of this user, the one that was not here for the longest first.
     */
    async makeRoom(deviceId: string): Promise<void> {
      const devices = await store.devices();
      const come = devices.find((one) => one.deviceId === deviceId);
      if (!come) return;
      const others = devices.filter(
        (one) => one !== come && one.userId === come.userId && one.enrolledBy !== undefined && mayGo(one),
      );
      const replaced = others.filter((one) => isStoodInFor(one, come));
      const left = others.filter((one) => !replaced.includes(one)).sort((a, b) => (lastHere(a) < lastHere(b) ? -1 : 1));
      const connected = devices.filter((one) => one.userId === come.userId && one.enrolledBy && isHere(one.deviceId));
      const tooMany = Math.max(0, left.length + connected.length + 1 - MOST_OF_A_USER);
      await remove([...replaced, ...left.slice(0, tooMany)]);
    },
    close: () => cancel(),
  };
}

function isStoodInFor(one: Device, come: Device): boolean {
  if (come.enrolledBy !== 'silent' || one.enrolledBy !== 'silent') return false;
  return one.name === come.name && one.origin === come.origin;
}

function lastHere({ lastSeenAt, createdAt }: Device): string {
  return lastSeenAt ?? createdAt;
}
