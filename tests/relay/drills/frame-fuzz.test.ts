// A signed-in browser that sends damaged frames by the hundred thousand to a relay as users start it: it neither ends nor
// grows, and serves the others on.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { goldenFrames, mutated, randomOf } from '../../fakes/mutated-frames.ts';
import { codeIn, connectTo, type LoneRelay, pairBrowser, signInTo, startLoneRelay } from '../process-rig.ts';
import type { WireClient } from '../wire-client.ts';

const isFull = process.env['OFFHOOK_FULL'] === '1';
// As many again are read without a relay around them (tests/protocol/readers.test.ts).
const FRAMES = isFull ? 1_000_000 : 20_000;
const STRANGERS = isFull ? 10_000 : 200;
const BATCH = 250;
const MOST_GROWTH_BYTES = 20 * 1024 * 1024;

// Tells how much memory is held when all that can be given back is given back.
const WEIGHS_ITSELF = `
  import { setFlagsFromString } from 'node:v8';
  import { runInNewContext } from 'node:vm';
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  let times = 0;
  process.on('SIGUSR2', () => {
    collect();
    times += 1;
    const { rss, heapUsed, external } = process.memoryUsage();
    process.stdout.write('weight ' + times + ' is ' + (heapUsed + external) + ' of ' + rss + '\\n');
  });
`;

let relay: LoneRelay;
let weighed = 0;
beforeEach(async () => {
  vi.stubEnv('OFFHOOK_LOG_LEVEL', 'error');
  // A small nursery, or what grows is mostly the collector's own room (measured: by 120 MiB, and then no more).
  vi.stubEnv('NODE_OPTIONS', '--max-semi-space-size=4');
  weighed = 0;
  relay = await startLoneRelay({ preload: WEIGHS_ITSELF });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await relay.close();
});

interface Weight {
  /** What the relay still needs. */
  held: number;
  /** What it has of the machine. */
  rss: number;
}

async function weight(): Promise<Weight> {
  weighed += 1;
  relay.child.kill('SIGUSR2');
  const [, held, rss] = await relay.said(new RegExp(`weight ${weighed} is (\\d+) of (\\d+)`));
  return { held: Number(held), rss: Number(rss) };
}

/** Resolves when the relay has worked off everything that was sent before. */
async function answered(client: WireClient, n: number): Promise<void> {
  client.send({ type: 'ping', n });
  while ((await client.next('pong')).n !== n);
  // What the damaged ones were answered is of no interest, and would pile up here.
  client.frames.length = 0;
  client.forget();
}

const damaged = () => {
  const random = randomOf(20_261_122);
  const frames = goldenFrames('client').filter((frame) => !frame.includes('"type":"enrol"'));
  return () => mutated(frames[random(frames.length)] ?? '', random);
};

test(`${FRAMES} damaged frames of a signed-in browser: no end, no growth, and the others are answered`, async () => {
  const device = await pairBrowser(relay.url, codeIn(await relay.cli('pair', 'ada')));
  const other = await pairBrowser(relay.url, codeIn(await relay.cli('pair', 'ben')));
  const { client: victim } = await signInTo(relay.url, other);
  const next = damaged();
  let { client } = await signInTo(relay.url, device);
  let before = await weight();
  for (let sent = 0; sent < FRAMES; sent += BATCH) {
    for (let n = 0; n < BATCH; n += 1) client.send(next());
    const isAlive = await Promise.race([
      answered(client, sent).then(() => true),
      client.closed.then(() => false),
    ]).catch(() => false);
    if (!isAlive) ({ client } = await signInTo(relay.url, device));
    await answered(victim, sent);
    // By then everything that is loaded once has been.
    if (sent === FRAMES / 5) before = await weight();
  }
  const after = await weight();
  console.info(`${FRAMES} frames, bytes: ${JSON.stringify({ before, after })}`);
  expect(after.held - before.held).toBeLessThan(MOST_GROWTH_BYTES);
  expect(after.rss - before.rss).toBeLessThan(MOST_GROWTH_BYTES);
  expect(relay.child.exitCode).toBe(null);
  expect(relay.err()).not.toMatch(/unexpected|fatal|could not be worked off/);
});

test(`${STRANGERS} strangers with a damaged first frame: each is cut, none is let in`, async () => {
  const next = damaged();
  for (let n = 0; n < STRANGERS; n += 1) {
    const client = connectTo(relay.url);
    await client.next('challenge');
    client.send(next());
    client.send({ type: 'ping', n: 1 });
    expect((await client.closed).code).toBeGreaterThanOrEqual(4400);
    expect(client.frames.map(({ type }) => type)).toEqual(['challenge']);
  }
  expect(relay.child.exitCode).toBe(null);
});
