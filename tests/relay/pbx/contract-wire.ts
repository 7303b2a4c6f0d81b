// The part of the drivers' contract that is about the wire: it breaks, carries rubbish, falls silent.
import { describe, expect, it } from 'vitest';
import type { Leg } from '../../../relay/src/pbx/driver.ts';
import type { DriverRig } from './contract.ts';
import type { WatchedDriver } from './watched-driver.ts';

const NUMBER = '03023125042';
const LONGEST_PAUSE_MS = 30_000;
const STEP_MS = 50;
const ANSWER_TIMEOUT_MS = 5000;

/** What the wire's tests need of the contract's. */
export interface WireTests {
  rig(): DriverRig;
  watched(): WatchedDriver;
  dial(): Promise<{ commandKey: string; result: unknown }>;
  connectedCall(): Promise<Leg>;
}

/** Runs the contract's tests of a wire that breaks, lies or falls silent. */
export function testWire(name: string, tests: WireTests): void {
  const { connectedCall, dial } = tests;
  // The clock goes on until the driver tries again and not further, or the attempt's own time limit would pass with it.
  const backInTouch = async (mark: number) => {
    const { events, untilStatus } = tests.watched();
    await untilStatus('disconnected', mark);
    const isTrying = () =>
      events.slice(mark).some((event) => event.type === 'status' && event.status.type === 'connecting');
    for (let waitedMs = 0; !isTrying() && waitedMs < LONGEST_PAUSE_MS; waitedMs += STEP_MS) {
      tests.rig().clock.advance(STEP_MS);
    }
    await untilStatus('connected', mark);
  };

  describe(`${name}: a bad wire`, () => {
    it('says that it lost touch, comes back, and finds the call under the same key', async () => {
      const leg = await connectedCall();
      const mark = tests.watched().events.length;
      tests.rig().wire?.cut();
      await backInTouch(mark);
      const { legs } = await tests.watched().driver.snapshot();
      expect(legs).toMatchObject([{ callKey: leg.callKey, state: 'connected', since: leg.since }]);
    });

    it('refuses an order while it is out of touch, which then certainly was not carried out', async () => {
      const mark = tests.watched().events.length;
      tests.rig().wire?.cut();
      await tests.watched().untilStatus('disconnected', mark);
      expect((await dial()).result).toEqual({ type: 'rejected', code: 'pbx-unreachable' });
    });

    it('hands a snapshot over before anything newer, even if both came in one packet', async () => {
      const { wire, world } = tests.rig();
      const { driver, events, untilLeg } = tests.watched();
      wire?.hold();
      const snapshotHeld = wire?.held();
      const legsTold = () => events.filter(({ type }) => type === 'leg').length;
      const asked = driver.snapshot().then(({ legs }) => ({ legs, told: legsTold() }));
      await snapshotHeld;
      const eventHeld = wire?.held();
      await world.callIn({ from: NUMBER, to: '10' });
      await eventHeld;
      wire?.release();
      expect(await asked).toEqual({ legs: [], told: 0 });
      await untilLeg({ lineKey: '10', state: 'offering' });
    });

    it('survives garbage, unknown events and half messages', async () => {
      const { wire, world } = tests.rig();
      wire?.inject(
        '\u0000\u00ff{"type":\n[1,2]\n{"type":"weather","is":"fine"}\n{"type":"event","event":{"type":"leg"}}\n',
      );
      wire?.dribble();
      await world.callIn({ from: NUMBER, name: 'Jürgen Sämple', to: '10' });
      const leg = await tests.watched().untilLeg({ lineKey: '10', state: 'offering' });
      expect(leg.remote.name).toBe('Jürgen Sämple');
    });

    it('knows no outcome of an order while the phone system is silent, and says so', async () => {
      const { world, clock, arrived } = tests.rig();
      await world.goSilent();
      const sending = dial();
      const failure = expect(sending).rejects.toMatchObject({ name: 'PbxError', code: 'timeout' });
      await arrived('order-1');
      clock.advance(ANSWER_TIMEOUT_MS);
      await failure;
      expect(tests.watched().events.some(({ type }) => type === 'outcome')).toBe(false);
    });

    it('takes a phone system that is silent for good as out of touch', async () => {
      const mark = tests.watched().events.length;
      await tests.rig().world.goSilent();
      tests.rig().clock.advance(LONGEST_PAUSE_MS);
      expect(await tests.watched().untilStatus('disconnected', mark)).toMatchObject({ reason: expect.any(String) });
    });
  });
}
