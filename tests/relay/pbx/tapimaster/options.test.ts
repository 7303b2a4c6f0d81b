// The options as the configuration reads them, with the driver that they are combined with.
import { pino } from 'pino';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { openDriver, pbxEndpoints, pbxOptionsSchema } from '../../../../relay/src/pbx/index.ts';
import { startSimulatorServer } from '../../../../relay/src/pbx/simulator/server.ts';
import { secretRefsIn } from '../../../../relay/src/secrets.ts';
import { createFakeClock } from '../../../fakes/clock.ts';
import { startFakeTapiMaster } from '../../../fakes/tapimaster.ts';
import { watchDriver } from '../watched-driver.ts';

const schema = pbxOptionsSchema('tapimaster');
const faultsOf = (options: unknown) => v.safeParse(schema, options).issues?.map(({ message }) => message) ?? [];
const lines = [{ extension: '100' }];

it.each([
  [{ lines }, []],
  [{ with: { kind: 'simulator', options: { port: 8732 } } }, []],
  [{}, [expect.stringContaining('lines is missing')]],
  [{ lines, mode: 'file' }, [expect.stringContaining('folder is missing')]],
  [{ lines: [...lines, ...lines] }, ['has an extension twice']],
  [{ lines: [{ extension: 'anna' }] }, [expect.stringContaining('should be an extension')]],
  [
    { with: { kind: 'simulator', options: { prot: 1 } } },
    [expect.stringContaining('wrong options for simulator: port')],
  ],
  [{ with: { kind: 'tapimaster', options: {} } }, [expect.stringContaining('Invalid type')]],
])('%j', (options, faults) => {
  expect(faultsOf(options)).toEqual(faults);
});

it('names the secrets of the other driver, and where both connect to', () => {
  const options = {
    host: 'tapi.example',
    with: { kind: 'simulator', options: { port: 8732, password: 'env:SAMPLE' } },
  };
  expect(secretRefsIn(v.parse(schema, options))).toMatchObject([{ keys: ['with', 'options', 'password'] }]);
  expect(pbxEndpoints('tapimaster', options)).toEqual([
    { host: 'tapi.example', port: 2503 },
    { host: '127.0.0.1', port: 8732 },
  ]);
});

it('opens with the other driver, whose password it reads by the way', async () => {
  const exchange = { lines: [{ extension: '10', name: 'Line 10' }] };
  const server = await startSimulatorServer({ port: 0, exchange, password: 'sample', print: () => undefined });
  const tapiMaster = await startFakeTapiMaster();
  const options = {
    port: tapiMaster.tcp,
    with: { kind: 'simulator', options: { port: server.port, password: 'env:SAMPLE' } },
  };
  const watched = watchDriver(
    (context) =>
      openDriver({ kind: 'tapimaster', options }, { ...context, log: pino({ level: 'silent' }) }, () => 'sample'),
    createFakeClock(),
  );
  await watched.untilStatus('connected');
  expect((await watched.driver.snapshot()).lines).toMatchObject([
    { extension: '10', capabilities: ['makeCall', 'pickup', 'setForward', 'setDnd'] },
  ]);
  await watched.driver.close();
  await tapiMaster.close();
  await server.close();
});
