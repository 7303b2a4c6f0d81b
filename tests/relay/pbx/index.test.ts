import { pino } from 'pino';
import { expect, it } from 'vitest';
import { openDriver, PBX_KINDS, pbxOptionsSchema } from '../../../relay/src/pbx/index.ts';
import { startSimulatorServer } from '../../../relay/src/pbx/simulator/server.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { watchDriver } from './watched-driver.ts';

const kind = 'simulator';
const noSecrets = () => '';

it('opens each kind with options that its schema lets through, and no others', async () => {
  expect(PBX_KINDS).toEqual(expect.arrayContaining(['simulator', 'nfon']));
  const printed: string[] = [];
  const server = await startSimulatorServer({ port: 0, print: (line) => printed.push(line) });
  expect(printed).toEqual([`simulator listening on 127.0.0.1:${server.port}`]);
  const watched = watchDriver(
    (context) => openDriver({ kind, options: { port: server.port } }, context, noSecrets),
    createFakeClock(),
  );
  await watched.untilStatus('connected');
  expect((await watched.driver.snapshot()).lines).toHaveLength(12);
  await watched.driver.close();
  await server.close();
  const context = {
    signal: AbortSignal.abort(),
    clock: createFakeClock(),
    log: pino({ level: 'silent' }),
    emit: () => undefined,
  };
  expect(() => openDriver({ kind, options: { port: 0 } }, context, noSecrets)).toThrow();
  expect(() => openDriver({ kind, options: { port: 1, hots: 'x' } }, context, noSecrets)).toThrow();
  expect(pbxOptionsSchema('simulator')['~standard'].vendor).toBe('valibot');
});

it('names the port when the simulator cannot listen there', async () => {
  const server = await startSimulatorServer({ port: 0, print: () => undefined });
  const second = startSimulatorServer({ port: server.port, print: () => undefined });
  await expect(second).rejects.toThrow(`127.0.0.1:${server.port}`);
  await server.close();
});
