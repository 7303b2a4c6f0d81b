// The company's account through the worker: the agent's button, the company's policy, and what views are told meanwhile.
import { expect, test } from 'vitest';
import { loadConnection } from '#lib/settings.ts';
import { aLine } from '../components/builders.ts';
import { createWorkerWorld, settled } from '../fakes/worker-world.ts';

const RELAY = 'https://relay.example';
const REDIRECT = 'https://sample.chromiumapp.org/';
const BEGUN = { type: 'sign-in', ticket: 'ticket', url: 'https://id.example/authorize' } as const;
const ENROLLED = { type: 'enrolled', device: 'device-7', user: { userId: 'mia', name: 'Mia Sample' } } as const;

/** A worker's world whose browser has an identity provider: `answers` says what comes of each page, in order. */
function aCompany(policy?: object) {
  const world = createWorkerWorld({ lines: [aLine()] });
  const pages: { url: string; interactive: boolean; answer(back: string | undefined): void }[] = [];
  const identity = {
    getRedirectURL: () => REDIRECT,
    launchWebAuthFlow: ({ url, interactive }: { url: string; interactive: boolean }) =>
      new Promise<string>((resolve, reject) => {
        const answer = (back: string | undefined) => (back === undefined ? reject(new Error('closed')) : resolve(back));
        pages.push({ url, interactive, answer });
      }),
  };
  Object.assign(world.browser, { identity });
  if (policy) void world.storage.local.set({ policy });
  if (policy) Object.assign(world.browser.storage, { managed: { get: async () => policy } });
  world.relay.answer = (message, socket) => {
    if (message.type === 'begin-sign-in') socket.says(BEGUN);
    if (message.type === 'finish-sign-in') socket.says(ENROLLED);
  };
  world.relay.signIn = { provider: 'Sample ID' };
  return { ...world, pages };
}

test('the button: the page waits for the agent, every view says so, and then the browser is signed in', async () => {
  const world = aCompany();
  await world.startWorker();
  expect(world.pages).toEqual([]);
  const answer = world.ask('sign-in', { relayUrl: RELAY, deviceName: 'Desk' });
  await world.greet();
  expect(world.pages).toMatchObject([{ url: BEGUN.url, interactive: true }]);
  expect(await world.state()).toMatchObject({ signIn: { type: 'waiting', provider: 'Sample ID' } });
  world.pages[0]?.answer(`${REDIRECT}?code=c&state=s`);
  await world.greet();
  expect(await answer).toEqual({ type: 'paired', userName: 'Mia Sample' });
  await world.greet();
  const state = await world.state();
  expect([state.link, state.signIn]).toEqual([{ type: 'online' }, undefined]);
  expect(await loadConnection(world.storage.local)).toMatchObject({
    origin: 'wss://relay.example',
    device: 'device-7',
  });
});

test('a window that the agent closed is said in every view, and the next try takes it away', async () => {
  const world = aCompany();
  await world.startWorker();
  const answer = world.ask('sign-in', { relayUrl: RELAY, deviceName: 'Desk' });
  await world.greet();
  world.pages[0]?.answer(undefined);
  expect(await answer).toEqual({ type: 'failed', code: 'sign-in-cancelled' });
  expect(await world.state()).toMatchObject({ signIn: { type: 'failed', code: 'sign-in-cancelled' } });
  void world.ask('sign-in', { relayUrl: RELAY, deviceName: 'Desk' });
  await world.greet();
  expect(await world.state()).toMatchObject({ signIn: { type: 'waiting' } });
});

test('a second button while a page is open opens no second one', async () => {
  const world = aCompany();
  await world.startWorker();
  void world.ask('sign-in', { relayUrl: RELAY, deviceName: 'Desk' });
  await world.greet();
  expect(await world.ask('sign-in', { relayUrl: RELAY, deviceName: 'Desk' })).toMatchObject({ type: 'failed' });
  expect(world.pages).toHaveLength(1);
});

test('two buttons at the same moment begin one sign-in', async () => {
  const world = aCompany();
  await world.startWorker();
  const ask = () => world.ask('sign-in', { relayUrl: RELAY, deviceName: 'Desk' });
  const [first, second] = [ask(), ask()];
  await world.greet();
  expect(await second).toEqual({ type: 'failed', code: 'sign-in-cancelled' });
  expect(world.pages).toHaveLength(1);
  world.pages[0]?.answer(`${REDIRECT}?code=c&state=s`);
  await world.greet();
  expect(await first).toMatchObject({ type: 'paired' });
  expect(world.relay.received.filter(({ type }) => type === 'begin-sign-in')).toHaveLength(1);
});

test('with the company’s policy a browser without a key signs in unseen', async () => {
  const world = aCompany({ relay: RELAY, signIn: 'oidc' });
  await world.startWorker();
  await world.greet();
  expect(world.pages).toMatchObject([{ interactive: false }]);
  world.pages[0]?.answer(`${REDIRECT}?code=c&state=s`);
  await world.greet();
  await world.greet();
  expect(await world.state()).toMatchObject({ link: { type: 'online' } });
  expect(world.relay.received[0]).toMatchObject({ type: 'begin-sign-in', isSilent: true });
});

test('that nobody is signed in at the company is no error: the button is there', async () => {
  const world = aCompany({ relay: RELAY, signIn: 'oidc' });
  await world.startWorker();
  await world.greet();
  world.pages[0]?.answer(undefined);
  await settled();
  const state = await world.state();
  expect([state.link, state.signIn]).toEqual([{ type: 'unpaired' }, undefined]);
});

test('who has disconnected is not signed in again by itself', async () => {
  const world = aCompany({ relay: RELAY, signIn: 'oidc' });
  await world.pairedWith('wss://relay.example');
  await world.startWorker();
  await world.ask('unpair');
  world.killWorker();
  await world.startWorker();
  await world.greet();
  expect(world.pages).toEqual([]);
});

test('a relay that the company did not choose is not signed in at', async () => {
  const world = aCompany({ relay: 'https://other.example', locked: ['relay'] });
  await world.startWorker();
  expect(await world.ask('sign-in', { relayUrl: RELAY, deviceName: 'Desk' })).toEqual({
    type: 'failed',
    code: 'relay-not-allowed',
  });
  expect(world.pages).toEqual([]);
});

test('a worker that died while the page was open has left nothing that waits', async () => {
  const world = aCompany();
  await world.startWorker();
  void world.ask('sign-in', { relayUrl: RELAY, deviceName: 'Desk' });
  await world.greet();
  world.clock.advance(1_000);
  await settled();
  world.killWorker();
  await world.startWorker();
  expect((await world.state()).signIn).toBeUndefined();
});

test('a sign-in that ends after the agent connected by a code, or disconnected, changes nothing', async () => {
  const world = aCompany();
  await world.startWorker();
  const signIn = world.ask('sign-in', { relayUrl: RELAY, deviceName: 'Desk' });
  await world.greet();
  const pairing = world.ask('pair', { relayUrl: 'https://other.example', code: 'ABCD-EFGH', deviceName: 'Desk' });
  await world.greet();
  expect(await pairing).toMatchObject({ type: 'paired' });
  world.pages[0]?.answer(`${REDIRECT}?code=c&state=s`);
  await world.greet();
  expect(await signIn).toEqual({ type: 'failed', code: 'sign-in-cancelled' });
  expect(await loadConnection(world.storage.local)).toMatchObject({ origin: 'wss://other.example' });
  expect((await world.state()).signIn).toBeUndefined();
});
