// A thousand browsers that stop reading, over real sockets of a relay as users start it: one that reads on is told of
// changes as fast as when all of them read.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { codeIn, type LoneRelay, pairBrowser, signInTo, startLoneRelay } from '../process-rig.ts';

const isFull = process.env['OFFHOOK_FULL'] === '1';
const STALLED = isFull ? 1_000 : 50;
const CHANGES = 100;
/** So much may be noise of the machine, whatever is measured. */
const NOISE_MS = 3;

let relay: LoneRelay;
beforeEach(async () => {
  vi.stubEnv('OFFHOOK_LOG_LEVEL', 'error');
  relay = await startLoneRelay();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await relay.close();
});

test(`a browser beside ${STALLED} that read nothing is told of changes as before`, async () => {
  const { exchange } = relay.simulator;
  const device = await pairBrowser(relay.url, codeIn(await relay.cli('pair', 'ada')));
  let onChange = () => {};
  const { client: healthy } = await signInTo(relay.url, device, (message) => {
    if (message.type === 'delta') onChange();
  });
  await healthy.next('snapshot');
  const others = [];
  for (let n = 0; n < STALLED; n += 1) {
    const { client } = await signInTo(relay.url, device);
    await client.next('snapshot');
    others.push(client);
  }

  /** The slowest of a hundred changes, in milliseconds. */
  async function p99(): Promise<number> {
    const tookMs: number[] = [];
    for (let n = 0; n < CHANGES; n += 1) {
      const told = new Promise<void>((resolve) => {
        onChange = resolve;
      });
      const startedAt = performance.now();
      exchange.hands.setDnd('12', n % 2 === 0 ? 'on' : 'off');
      await told;
      tookMs.push(performance.now() - startedAt);
    }
    return tookMs.sort((a, b) => a - b)[Math.ceil(tookMs.length * 0.99) - 1] ?? 0;
  }

  await p99();
  const reading = await p99();
  for (const { socket } of others) socket.pause();
  const stalled = await p99();
  console.info(`p99 with ${STALLED} reading ${reading.toFixed(2)} ms, stalled ${stalled.toFixed(2)} ms`);
  // With few of them, the machine's noise is larger than what is measured.
  if (isFull) expect(stalled).toBeLessThanOrEqual(1.2 * reading + NOISE_MS);
  for (const { socket } of [healthy, ...others]) socket.terminate();
});
