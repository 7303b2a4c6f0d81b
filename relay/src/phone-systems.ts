// The phone systems of one relay: opens their drivers, brings the switchboard into step after each (re)connection, and
// takes orders to the right one. It knows drivers by their contract only.
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Driver, DriverContext, DriverEvent, DriverOrder, SendResult } from './pbx/driver.ts';
import type { Switchboard } from './switchboard.ts';
import type { Trace } from './trace.ts';
import { RELAY_VERSION } from './version.ts';

/** One phone system of the configuration. */
export interface PhoneSystem {
  pbxId: string;
  open(context: DriverContext): Driver;
}

export interface PhoneSystemsOptions {
  systems: readonly PhoneSystem[];
  switchboard: Pick<Switchboard, 'handle' | 'applySnapshot'>;
  clock: Clock;
  log: Logger;
  trace?: Pick<Trace, 'note'>;
  /** Lines that a phone system reported, to be remembered. */
  onLines(pbxId: string, lines: Awaited<ReturnType<Driver['snapshot']>>['lines']): void;
  /** The link to a phone system broke: until `onLines`, calls go by unheard. */
  onLost?: ((pbxId: string) => void) | undefined;
}

export interface PhoneSystems {
  /** Hands an order over; undefined for a phone system that is not there. */
  send(pbxId: string, order: DriverOrder): Promise<SendResult> | undefined;
  /** `'simulator: connected'`, one a phone system, for people. */
  status(): string[];
  close(): Promise<void>;
}

const SNAPSHOT_RETRY_MS = 1_000;
const CLOSE_LIMIT_MS = 2_000;

interface Running {
  driver: Driver;
  status: string;
  /** Why it is not in touch. */
  reason?: string | undefined;
}

/** Opens all drivers; they connect by themselves. */
export function openPhoneSystems(options: PhoneSystemsOptions): PhoneSystems {
  const end = new AbortController();
  const running = new Map<string, Running>();
  for (const system of options.systems) running.set(system.pbxId, run(system, options, end.signal));
  return {
    send(pbxId, order) {
      options.trace?.note({ wire: 'pbx', way: 'out', who: pbxId, frame: order });
      return running.get(pbxId)?.driver.command(order);
    },
    status: () =>
      [...running].map(([pbxId, { status, reason }]) => `${pbxId}: ${status}${reason ? ` (${reason})` : ''}`),
    async close() {
      end.abort();
      await Promise.all([...running].map(([pbxId, { driver }]) => closeDriver(pbxId, driver, options)));
    },
  };
}

// A phone system that does not answer a farewell, or a driver that fails at it, does not keep the relay from ending.
async function closeDriver(pbxId: string, driver: Driver, { clock, log }: PhoneSystemsOptions): Promise<void> {
  const { promise: isLate, resolve } = Promise.withResolvers<'late'>();
  const cancel = clock.after(CLOSE_LIMIT_MS, () => resolve('late'));
  try {
    const end = await Promise.race([driver.close(), isLate]);
    if (end === 'late') log.warn({ pbx: pbxId }, `the driver was not closed within ${CLOSE_LIMIT_MS / 1000} s`);
  } catch (error) {
    log.warn({ err: error, pbx: pbxId }, 'the driver could not be closed');
  } finally {
    cancel();
  }
}

function run({ pbxId, open }: PhoneSystem, options: PhoneSystemsOptions, signal: AbortSignal): Running {
  const { switchboard, clock } = options;
  const log = options.log.child({ pbx: pbxId });
  // What happens while the snapshot is on its way waits behind it: applied before, it would be undone by the older picture.
  let waiting: DriverEvent[] | undefined;
  let round = 0;

  async function sync(): Promise<void> {
    round += 1;
    const mine = round;
    waiting ??= [];
    try {
      const snapshot = await driver.snapshot();
      options.trace?.note({ wire: 'pbx', way: 'in', who: pbxId, frame: { type: 'snapshot', ...snapshot } });
      if (mine !== round || signal.aborted) return;
      switchboard.applySnapshot(pbxId, snapshot);
      options.onLines(pbxId, snapshot.lines);
      const late = waiting;
      waiting = undefined;
      for (const event of late) switchboard.handle(pbxId, event);
    } catch (error) {
      log.warn({ err: error }, 'the phone system gave no snapshot, asking again');
      if (mine === round && !signal.aborted) clock.after(SNAPSHOT_RETRY_MS, () => mine === round && void sync());
    }
  }

  function take(event: DriverEvent): void {
    if (signal.aborted) return;
    options.trace?.note({ wire: 'pbx', way: 'in', who: pbxId, frame: event });
    log.debug({ event: event.type }, 'from the phone system');
    if (event.type === 'status') {
      held.status = event.status.type;
      // While it tries again, why it had to is still of interest.
      if (event.status.type !== 'connecting') {
        held.reason = event.status.type === 'disconnected' ? event.status.reason : undefined;
      }
      log.info({ status: event.status }, 'phone system');
      switchboard.handle(pbxId, event);
      if (event.status.type === 'connected') {
        waiting = [];
        void sync();
      } else if (event.status.type === 'disconnected') {
        options.onLost?.(pbxId);
        round += 1;
        // What a connection reported that is gone: the next snapshot knows how it went on.
        waiting &&= [];
      }
      return;
    }
    // Outcomes belong to orders, not to the picture: nobody waits for them longer than needed.
    if (waiting && event.type !== 'outcome') waiting.push(event);
    else switchboard.handle(pbxId, event);
  }

  const held: Omit<Running, 'driver'> = { status: 'connecting' };
  const driver = open({ signal, emit: take, log, clock, version: RELAY_VERSION });
  return Object.assign(held, { driver });
}
