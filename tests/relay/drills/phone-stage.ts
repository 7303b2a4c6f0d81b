// A relay's picture of its phone system over a wire that can be damaged: the real switchboard, the real driver and a real
// socket to the simulator, under one clock that a drill moves. The simulator's exchange is the truth.

import * as v from 'valibot';
import { createLog } from '../../../relay/src/log.ts';
import type { DriverEvent, PbxStatus } from '../../../relay/src/pbx/driver.ts';
import { openSimulatorDriver } from '../../../relay/src/pbx/simulator/driver.ts';
import type { Exchange } from '../../../relay/src/pbx/simulator/exchange.ts';
import { startSimulatorServer } from '../../../relay/src/pbx/simulator/server.ts';
import { openPhoneSystems } from '../../../relay/src/phone-systems.ts';
import { secretRefSchema } from '../../../relay/src/secret-ref.ts';
import { createSwitchboard } from '../../../relay/src/switchboard.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { createTcpProxy } from '../../fakes/tcp-proxy.ts';
import { BERLIN } from '../builders.ts';
import { hearingJournal, TENANT } from '../switchboard-rig.ts';

const PBX = 'simulator';
const STEP_MS = 250;
const LIMIT_MS = 20_000;

/** Opens it, in touch, with its lines known. `password` is what the phone system asks for. */
export async function openPhoneStage({ password }: { password?: string } = {}) {
  const clock = createFakeClock();
  const simulator = await startSimulatorServer({
    ...{ port: 0, clock, print: () => undefined, password },
    exchange: { timing: { noAnswerMs: 7_200_000, ownPhoneMs: 7_200_000 } },
  });
  const proxy = await createTcpProxy(simulator.port);
  const logged: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => void logged.push(line) } });
  const switchboard = createSwitchboard({
    clock,
    log,
    epoch: 'epoch',
    journal: hearingJournal(),
    locationOf: () => BERLIN,
  });
  switchboard.attach({ pbxId: PBX, tenantId: TENANT, lines: [] });
  const told: PbxStatus[] = [];
  const secret = { value: password ?? '' };
  const systems = openPhoneSystems({
    systems: [
      {
        pbxId: PBX,
        open: (context) =>
          openSimulatorDriver(
            {
              host: '127.0.0.1',
              port: proxy.port,
              ...(password !== undefined && { password: v.parse(secretRefSchema, 'env:SAMPLE') }),
            },
            { ...context, emit: heard(context.emit) },
            () => secret.value,
          ),
      },
    ],
    ...{ switchboard, clock, log },
    onLines: () => undefined,
  });

  function heard(emit: (event: DriverEvent) => void) {
    return (event: DriverEvent) => {
      if (event.type === 'status') told.push(event.status);
      emit(event);
    };
  }

  const status = () => told.at(-1)?.type;
  const shown = () => switchboard.lines(TENANT).map(pictureOf).sort();
  const truth = () => truthOf(simulator.exchange.snapshot());
  const isUnknown = () => switchboard.lines(TENANT).every(({ state }) => state === 'unknown');

  /** Moves the clock while nothing happens by itself, until this holds; answers how far it had to be moved. */
  async function until(what: string, holds: () => boolean): Promise<number> {
    const endsAt = performance.now() + LIMIT_MS;
    const from = clock.elapsed();
    while (!holds()) {
      if (performance.now() > endsAt) throw new Error(`waited for ${what}; the phone system is ${status()}`);
      // An attempt has its own time limit, which must not pass while the machine is only busy.
      if (status() !== 'connecting') clock.advance(STEP_MS);
      for (let turn = 0; turn < 20 && !holds(); turn += 1) await new Promise(setImmediate);
    }
    return clock.elapsed() - from;
  }

  const stage = {
    ...{ clock, proxy, exchange: simulator.exchange, logged, told, secret },
    ...{ status, shown, truth, isUnknown, until },
    converged: () => until('the truth', () => status() === 'connected' && shown().join() === truth().join()),
    async close() {
      await systems.close();
      switchboard.close();
      await proxy.close();
      await simulator.close();
    },
  };
  if (password === undefined) await stage.converged();
  return stage;
}

export type PhoneStage = Awaited<ReturnType<typeof openPhoneStage>>;

type Truth = ReturnType<Exchange['snapshot']>;
type Shown = ReturnType<ReturnType<typeof createSwitchboard>['lines']>[number];

function pictureOf({ lineKey, state, dnd, forward, name, calls }: Shown): string {
  const live = calls.filter((call) => call.state !== 'ended');
  const told = live.map(({ callKey, state: its, direction, since }) => `${callKey} ${its} ${direction} ${since}`);
  return [lineKey, name, state, `dnd ${dnd}`, `to ${forward?.to ?? 'nobody'}`, ...told.sort()].join('; ');
}

// As a person at the exchange would say it, without any code of the relay.
function truthOf({ lines, legs }: Truth): string[] {
  return lines
    .map(({ lineKey, name, isRegistered, dnd, forward }) => {
      const live = legs.filter((leg) => leg.lineKey === lineKey && leg.state !== 'ended');
      const ringing = live.filter(({ state }) => state === 'offering').length;
      const inUse = live.length - ringing;
      const held = live.filter(({ state }) => state === 'held').length;
      const free = isRegistered === false ? 'unavailable' : 'idle';
      const used = held === inUse ? 'held' : 'busy';
      const quiet = inUse > 0 ? used : free;
      const state = ringing === 0 ? quiet : inUse > 0 ? 'busyRinging' : 'ringing';
      const told = live.map(({ callKey, state: its, direction, since }) => `${callKey} ${its} ${direction} ${since}`);
      return [lineKey, name, state, `dnd ${dnd}`, `to ${forward?.to ?? 'nobody'}`, ...told.sort()].join('; ');
    })
    .sort();
}
