// TAPIMaster's driver keeps the drivers' contract: with the simulator's driver as its eyes, and alone. The TAPIMaster is a
// fake that carries its commands out on the simulator's exchange.

import * as v from 'valibot';
import { connectDesk } from '../../../../relay/src/pbx/simulator/desk-client.ts';
import { openSimulatorDriver } from '../../../../relay/src/pbx/simulator/driver.ts';
import { createExchange } from '../../../../relay/src/pbx/simulator/exchange.ts';
import { startSimulatorServer } from '../../../../relay/src/pbx/simulator/server.ts';
import { TAPIMASTER, TAPIMASTER_ALONE } from '../../../../relay/src/pbx/tapimaster/declaration.ts';
import { openTapiMasterDriver } from '../../../../relay/src/pbx/tapimaster/driver.ts';
import { TapiMasterOptionsSchema } from '../../../../relay/src/pbx/tapimaster/options.ts';
import { createFakeClock } from '../../../fakes/clock.ts';
import { startFakeTapiMaster } from '../../../fakes/tapimaster.ts';
import { describeDriver } from '../contract.ts';
import type { ReceivedOrder, Subject } from '../contract-subject.ts';
import { carryOutLine } from './exchange-hands.ts';

const LINES = ['10', '11', '12'].map((extension) => ({ extension, name: `Line ${extension}` }));
const GROUPS = [{ extension: '90', name: 'Sales', members: ['10', '11', '12'] }];
const PASSWORD = 'a-sample-of-a-password';
const OWN_PHONE_RINGS_MS = 30_000;

async function combined(): Promise<Subject> {
  const clock = createFakeClock();
  const pbxClock = createFakeClock();
  const exchange = { lines: LINES, groups: GROUPS };
  const server = await startSimulatorServer({
    ...{ port: 0, exchange, clock: pbxClock, password: PASSWORD },
    print: () => undefined,
  });
  const desk = await connectDesk({ port: server.port });
  const received: ReceivedOrder[] = [];
  const tapiMaster = await startFakeTapiMaster((line) => {
    received.push(carryOutLine(server.exchange, line, `tapimaster-${received.length}`));
  });
  const drivers: { snapshot(): Promise<unknown> }[] = [];
  const options = v.parse(TapiMasterOptionsSchema, { port: tapiMaster.tcp });
  const telling = { host: '127.0.0.1', port: server.port, password: { secretFrom: 'env', name: 'UNUSED' } } as const;
  return {
    open(context) {
      const openEvents = (inner: typeof context) => openSimulatorDriver(telling, inner, () => PASSWORD);
      const driver = openTapiMasterDriver(options, context, openEvents);
      drivers.push(driver);
      return driver;
    },
    clock,
    lineKeyOf: (extension) => extension,
    hands: {
      lift: (line) => desk.lift(line),
      hangUp: (line) => desk.hangUp(line),
      decline: (line) => desk.reject(line),
      dial: (line, digits) => desk.dial(line, digits),
      hold: (line) => desk.hold(line),
      retrieve: (line) => desk.retrieve(line),
      callIn: (call) => desk.callIn(call),
      farRings: async () => undefined,
      farAnswers: (line) => desk.farAnswers(line),
      farHangsUp: (line, cause) => desk.farHangsUp(line, cause),
      ringsOut: async () => pbxClock.advance(OWN_PHONE_RINGS_MS),
      setPhone: (line, state) => desk.setRegistered(line, state),
      setDnd: (line, state) => desk.setDnd(line, state),
      setForward: (line, to) => (to === null ? desk.setForward(line) : desk.setForward(line, to)),
      setVoicemail: (line, newMessages) => desk.setVoicemail(line, newMessages),
    },
    faults: {
      cut: () => desk.disconnectCti(),
      garbage: () => desk.wireFault('garbage'),
      pieces: () => desk.wireFault('pieces'),
      silence: () => desk.goSilent(),
      refuseLogin: () => desk.wireFault('refuseLogin'),
      flood: (changes) => desk.flood(changes),
    },
    secrets: [PASSWORD],
    async settled() {
      await Promise.allSettled(drivers.map((driver) => driver.snapshot()));
      await new Promise((resolve) => setImmediate(resolve));
    },
    received: () => received,
    async close() {
      desk.close();
      await tapiMaster.close();
      await server.close();
    },
  };
}

async function alone(): Promise<Subject> {
  const clock = createFakeClock();
  const exchange = createExchange({ lines: LINES, clock });
  const received: ReceivedOrder[] = [];
  const tapiMaster = await startFakeTapiMaster((line) => {
    received.push(carryOutLine(exchange, line, `tapimaster-${received.length}`));
  });
  const options = v.parse(TapiMasterOptionsSchema, { port: tapiMaster.tcp, lines: LINES });
  return {
    open: (context) => openTapiMasterDriver(options, context),
    clock,
    lineKeyOf: (extension) => extension,
    hands: {
      lift: async (line) => exchange.hands.lift(line),
      hangUp: async (line) => exchange.hands.hangUp(line),
      dial: async (line, digits) => exchange.hands.dial(line, digits),
      callIn: async (call) => exchange.callIn(call),
      farAnswers: async (line) => exchange.hands.farAnswers(line),
      farHangsUp: async (line, cause) => exchange.hands.farHangsUp(line, cause),
    },
    secrets: [],
    settled: async () => undefined,
    received: () => received,
    close: () => tapiMaster.close(),
  };
}

describeDriver({
  ...{ kind: 'tapimaster', subjectId: 'fake-with-simulator', declaration: TAPIMASTER, openSubject: combined },
  subject: 'a loopback fake of TAPIMaster, with the simulator’s driver telling',
});
describeDriver({
  ...{ kind: 'tapimaster', subjectId: 'fake-alone', declaration: TAPIMASTER_ALONE, openSubject: alone },
  subject: 'a loopback fake of TAPIMaster, alone',
  hasWire: false,
});
