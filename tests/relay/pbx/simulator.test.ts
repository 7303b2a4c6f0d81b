// The built-in simulator keeps the drivers' contract, in this process and over its socket.

import { connectDesk } from '../../../relay/src/pbx/simulator/desk-client.ts';
import { openInProcessSimulator, openSimulatorDriver } from '../../../relay/src/pbx/simulator/driver.ts';
import { createExchange, type Exchange } from '../../../relay/src/pbx/simulator/exchange.ts';
import { startSimulatorServer } from '../../../relay/src/pbx/simulator/server.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { createTcpProxy } from '../../fakes/tcp-proxy.ts';
import { type DriverRig, type PbxWorld, testDriverContract } from './contract.ts';
import { watchDriver } from './watched-driver.ts';

const SETUP = {
  lines: ['10', '11', '12'].map((extension) => ({ extension, name: `Line ${extension}` })),
  groups: [{ extension: '90', name: 'Sales', members: ['10', '11', '12'] }],
};

const noSecrets = () => '';

function worldOf(exchange: Exchange): PbxWorld {
  const { hands } = exchange;
  return {
    callIn: async (call) => exchange.callIn(call),
    lift: async (line) => hands.lift(line),
    hangUp: async (line) => hands.hangUp(line),
    reject: async (line) => hands.reject(line),
    farAnswers: async (line) => hands.farAnswers(line),
    farHangsUp: async (line, cause) => hands.farHangsUp(line, cause),
    setRegistered: async (line, state) => hands.setRegistered(line, state),
    setDnd: async (line, state) => hands.setDnd(line, state),
    goSilent: async () => undefined,
  };
}

async function inProcess(): Promise<DriverRig> {
  const clock = createFakeClock();
  const exchange = createExchange({ ...SETUP, clock });
  return {
    world: worldOf(exchange),
    clock,
    pbxClock: clock,
    openDriver: () => watchDriver((context) => openInProcessSimulator({ exchange }, context), clock),
    arrived: async () => undefined,
    close: async () => undefined,
  };
}

async function overSocket(): Promise<DriverRig> {
  const clock = createFakeClock();
  const pbxClock = createFakeClock();
  const server = await startSimulatorServer({ port: 0, exchange: SETUP, clock: pbxClock, print: () => undefined });
  const wire = await createTcpProxy(server.port);
  const desk = await connectDesk({ port: server.port });
  const options = { host: '127.0.0.1', port: wire.port };
  return {
    world: desk,
    clock,
    pbxClock,
    wire,
    openDriver: () => watchDriver((context) => openSimulatorDriver(options, context, noSecrets), clock),
    arrived: (commandKey) =>
      new Promise((resolve) => {
        desk.onEvent((event) => {
          if (event.type === 'outcome' && event.outcome.commandKey === commandKey) resolve();
        });
      }),
    async close() {
      desk.close();
      await wire.close();
      await server.close();
    },
  };
}

testDriverContract('simulator in this process', { open: inProcess, hasWire: false });
testDriverContract('simulator over its socket', { open: overSocket, hasWire: true });
