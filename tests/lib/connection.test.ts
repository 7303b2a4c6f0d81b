// Pairing and unpairing through the worker: one link, and nothing of one relay at another.
import { describe, expect, test } from 'vitest';
import { loadConnection } from '#lib/settings.ts';
import { aLine } from '../components/builders.ts';
import { aPairedWorld, createWorkerWorld } from '../fakes/worker-world.ts';

describe('pairing', () => {
  const PAIR = { relayUrl: 'http://127.0.0.1:8730', code: 'ABCDEFGH', deviceName: 'Chrome · Linux' };

  test('enrols the key, remembers the relay and connects as that device', async () => {
    const world = createWorkerWorld({ lines: [aLine()] });
    await world.startWorker();
    const answer = world.ask('pair', PAIR);
    await world.greet();
    expect(await answer).toEqual({ type: 'paired', userName: 'Mia Sample' });
    await world.greet();
    expect(world.relay.received.map(({ type }) => type)).toEqual(['enrol', 'hello', 'subscribe', 'journal-page']);
    expect(world.relay.received[0]).toMatchObject({ code: 'ABCDEFGH', publicKey: 'key' });
    expect(world.relay.received[1]).toMatchObject({ device: 'device-9' });
    expect(await world.state()).toMatchObject({ link: { type: 'online' } });
    expect(await loadConnection(world.storage.local)).toMatchObject({ origin: 'ws://127.0.0.1:8730' });
  });

  test('with another relay: nothing of the old one is shown, and it is not listened to any more', async () => {
    const world = await aPairedWorld([aLine()]);
    const old = world.sockets.last();
    world.relay.sendsLines = false;
    const answer = world.ask('pair', { ...PAIR, relayUrl: 'https://relay.example' });
    await world.greet();
    await answer;
    await world.greet();
    expect(old.isClosed).toBe(true);
    expect(await world.state()).toMatchObject({ lines: [] });
    expect(world.sockets.last().url).toBe('wss://relay.example/v1');
    const hellos = world.relay.received.filter((message) => message.type === 'hello');
    expect(hellos.at(-1)).not.toHaveProperty('resume');
  });

  test('that fails leaves the old relay alone', async () => {
    const world = await aPairedWorld([aLine()]);
    const before = world.sockets.last();
    world.relay.refuses = { code: 4404, reason: 'code-invalid' };
    const answer = world.ask('pair', PAIR);
    await world.greet();
    expect(await answer).toEqual({ type: 'failed', code: 'code-invalid' });
    expect([before.isClosed, (await loadConnection(world.storage.local))?.device]).toEqual([false, 'device-1']);
  });

  test('with what is no address is refused in words', async () => {
    const world = createWorkerWorld();
    await world.startWorker();
    expect(await world.ask('pair', { ...PAIR, relayUrl: 'javascript:alert(1)' })).toMatchObject({ type: 'failed' });
  });

  test('twice at once leaves one link', async () => {
    const world = createWorkerWorld({ lines: [aLine()] });
    await world.startWorker();
    const answers = [world.ask('pair', PAIR), world.ask('pair', PAIR)];
    for (let round = 0; round < 4; round += 1) await world.greet();
    await Promise.all(answers);
    await world.greet();
    expect(world.sockets.all.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
  });

  test('and undone: the link, the picture and the key are gone', async () => {
    const world = await aPairedWorld([aLine()]);
    expect(await world.ask('unpair')).toEqual({ type: 'done' });
    expect(await world.state()).toMatchObject({ link: { type: 'unpaired' }, lines: [] });
    expect([world.sockets.last().isClosed, world.relay.forgottenKeys]).toEqual([true, 1]);
    expect(await loadConnection(world.storage.local)).toBeUndefined();
  });
});
