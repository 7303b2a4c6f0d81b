// The built-in simulator keeps the drivers' contract, in this process and over its socket.
import type { Cause } from '@offhook/protocol';
import { expect, it } from 'vitest';
import { SIMULATOR } from '../../../relay/src/pbx/simulator/declaration.ts';
import { connectDesk, type Desk } from '../../../relay/src/pbx/simulator/desk-client.ts';
import { openInProcessSimulator, openSimulatorDriver } from '../../../relay/src/pbx/simulator/driver.ts';
import { createExchange } from '../../../relay/src/pbx/simulator/exchange.ts';
import { startSimulatorServer } from '../../../relay/src/pbx/simulator/server.ts';
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts';
import { createTcpProxy } from '../../fakes/tcp-proxy.ts';
import { describeDriver } from './contract.ts';
import type { Subject, SubjectFaults, SubjectHands } from './contract-subject.ts';
import { watchDriver } from './watched-driver.ts';

const SETUP = {
  lines: ['10', '11', '12'].map((extension) => ({ extension, name: `Line ${extension}` })),
  groups: [{ extension: '90', name: 'Sales', members: ['10', '11', '12'] }],
};
const OWN_PHONE_RINGS_MS = 30_000;
const PASSWORD = 'a-sample-of-a-password';
const noSecrets = () => PASSWORD;

// The hands are the same in this process and at the desk; here they answer at once.
type Hands = Pick<
  { [Name in keyof Desk]: (...args: Parameters<Desk[Name]>) => unknown },
  | 'lift'
  | 'hangUp'
  | 'reject'
  | 'dial'
  | 'hold'
  | 'retrieve'
  | 'callIn'
  | 'farAnswers'
  | 'farHangsUp'
  | 'setRegistered'
  | 'setDnd'
  | 'setForward'
  | 'setVoicemail'
>;

function handsOn(hands: Hands, clock: FakeClock): SubjectHands {
  return {
    lift: async (line) => hands.lift(line),
    hangUp: async (line) => hands.hangUp(line),
    decline: async (line) => hands.reject(line),
    dial: async (line, digits) => hands.dial(line, digits),
    hold: async (line) => hands.hold(line),
    retrieve: async (line) => hands.retrieve(line),
    callIn: async (call) => hands.callIn(call),
    farRings: async () => undefined,
    farAnswers: async (line) => hands.farAnswers(line),
    farHangsUp: async (line, cause?: Cause) => hands.farHangsUp(line, cause),
    ringsOut: async () => clock.advance(OWN_PHONE_RINGS_MS),
    setPhone: async (line, state) => hands.setRegistered(line, state),
    setDnd: async (line, state) => hands.setDnd(line, state),
    setForward: async (line, to) => (to === null ? hands.setForward(line) : hands.setForward(line, to)),
    setVoicemail: async (line, newMessages) => hands.setVoicemail(line, newMessages),
  };
}

async function inProcess(): Promise<Subject> {
  const clock = createFakeClock();
  const exchange = createExchange({ ...SETUP, clock });
  return {
    open: (context) => openInProcessSimulator({ exchange }, context),
    clock,
    lineKeyOf: (extension) => extension,
    hands: handsOn({ ...exchange.hands, callIn: exchange.callIn }, clock),
    secrets: [],
    settled: async () => undefined,
    received: () => exchange.received(),
    close: async () => undefined,
  };
}

async function overSocket(): Promise<Subject> {
  const clock = createFakeClock();
  const pbxClock = createFakeClock();
  const server = await startSimulatorServer({
    port: 0,
    exchange: SETUP,
    clock: pbxClock,
    password: PASSWORD,
    print: () => undefined,
  });
  const desk = await connectDesk({ port: server.port });
  const drivers: { snapshot(): Promise<unknown> }[] = [];
  const options = { host: '127.0.0.1', port: server.port, password: { secretFrom: 'env', name: 'UNUSED' } } as const;
  return {
    open(context) {
      const driver = openSimulatorDriver(options, context, noSecrets);
      drivers.push(driver);
      return driver;
    },
    clock,
    lineKeyOf: (extension) => extension,
    hands: handsOn(desk, pbxClock),
    faults: faultsAt(desk),
    secrets: [PASSWORD],
    // What was told before the answer to a question arrived before it; what is out of touch has nothing to tell.
    async settled() {
      await Promise.allSettled(drivers.map((driver) => driver.snapshot()));
      await new Promise((resolve) => setImmediate(resolve));
    },
    received: () => desk.received(),
    async close() {
      desk.close();
      await server.close();
    },
  };
}

function faultsAt(desk: Desk): SubjectFaults {
  return {
    cut: () => desk.disconnectCti(),
    garbage: () => desk.wireFault('garbage'),
    pieces: () => desk.wireFault('pieces'),
    silence: () => desk.goSilent(),
    refuseLogin: () => desk.wireFault('refuseLogin'),
    flood: (changes) => desk.flood(changes),
  };
}

const tested = { kind: 'simulator', declaration: SIMULATOR };
describeDriver({
  ...tested,
  subjectId: 'in-process',
  subject: 'the simulator in the same process',
  openSubject: inProcess,
  hasWire: false,
});
describeDriver({ ...tested, subjectId: 'socket', subject: 'the simulator over its socket', openSubject: overSocket });

it('hands a snapshot over before anything newer, even if both came in one packet', async () => {
  const clock = createFakeClock();
  const server = await startSimulatorServer({ port: 0, exchange: SETUP, print: () => undefined });
  const wire = await createTcpProxy(server.port);
  const options = { host: '127.0.0.1', port: wire.port };
  const watched = watchDriver((context) => openSimulatorDriver(options, context, noSecrets), clock);
  await watched.untilStatus('connected');
  wire.hold();
  const snapshotHeld = wire.held();
  const legsTold = () => watched.events.filter(({ type }) => type === 'leg').length;
  const asked = watched.driver.snapshot().then(({ legs }) => ({ legs, told: legsTold() }));
  await snapshotHeld;
  const eventHeld = wire.held();
  server.exchange.callIn({ from: '03023125042', to: '10' });
  await eventHeld;
  wire.release();
  expect(await asked).toEqual({ legs: [], told: 0 });
  await watched.untilLeg({ lineKey: '10', state: 'offering' });
  await watched.driver.close();
  await wire.close();
  await server.close();
});

it('does not take a phone system for gone because it stood still itself', async () => {
  let stoodMs = 0;
  const running = createFakeClock();
  const clock = { ...running, elapsed: () => running.elapsed() + stoodMs };
  const server = await startSimulatorServer({ port: 0, exchange: SETUP, print: () => undefined });
  const options = { host: '127.0.0.1', port: server.port };
  const watched = watchDriver((context) => openSimulatorDriver(options, context, noSecrets), clock);
  await watched.untilStatus('connected');
  // The timer that was due meanwhile comes late, and before anything is read.
  stoodMs = 60_000;
  running.advance(3_000);
  expect(await watched.driver.snapshot()).toMatchObject({ legs: [] });
  expect(watched.events.filter((event) => event.type === 'status')).toHaveLength(2);
  await watched.driver.close();
  await server.close();
});
