// Signing in at a real identity provider on loopback, through the relay as a process of its own, started as its users start
// it. All that comes of it is that a key is enrolled.
import { sign } from 'node:crypto';
import { proofText } from '@offhook/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CLIENT, openBrowser, signingKey } from './oidc-rig.ts';
import { FIREFOX, FIREFOX_REDIRECT, newKey, type OidcWorld, openOidcWorld, REDIRECT } from './oidc-world.ts';
import { helloOf } from './wire-client.ts';

let world: OidcWorld;

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  world = await openOidcWorld();
});
afterEach(() => world.close());

describe('a sign-in at the provider', () => {
  test('enrols the key that began it, and nothing else: with it the browser is signed in', async () => {
    await world.start();
    const { privateKey, publicKey } = newKey();
    const offered = await world.connected();
    expect(offered.signIn).toEqual({ provider: 'Sample ID' });
    offered.socket.terminate();
    const { ticket, url } = await world.begun({ publicKey });
    const asked = new URL(url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: REDIRECT,
      client_id: CLIENT.id,
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)).toHaveLength(43);
    const enrolled = await world.finish(ticket, await openBrowser().signIn(url, 'id-1'));
    expect(enrolled).toMatchObject({ type: 'enrolled', user: { userId: 'sample.ada', name: 'Ada Sample' } });
    if (typeof enrolled === 'string') return;
    const client = await world.connected();
    const text = proofText({
      nonce: client.nonce,
      device: enrolled.device,
      origin: world.relayUrl().replace(/^http/, 'ws'),
    });
    const proof = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
      'base64url',
    );
    client.send(helloOf({ device: enrolled.device, proof: () => proof }, proof));
    expect(await client.next('welcome')).toMatchObject({ user: { userId: 'sample.ada' } });
    client.socket.terminate();
  });

  test('is possible on one connection, begun and finished', async () => {
    await world.start();
    const client = await world.connected();
    client.send({
      type: 'begin-sign-in',
      publicKey: newKey().publicKey,
      redirectUri: REDIRECT,
      device: { name: 'One' },
    });
    const { ticket, url } = await client.next('sign-in');
    client.send({ type: 'finish-sign-in', ticket, answer: await openBrowser().signIn(url, 'id-1') });
    expect(await client.next('enrolled')).toMatchObject({ user: { userId: 'sample.ada' } });
    client.socket.terminate();
  });

  test('works for Firefox, whose address for answers is made of the extension’s id', async () => {
    await world.start();
    const { ticket, url } = await world.begun({ origin: FIREFOX, redirectUri: FIREFOX_REDIRECT });
    const answer = await openBrowser().signIn(url, 'id-1');
    expect(await world.finish(ticket, answer, FIREFOX)).toMatchObject({ user: { userId: 'sample.ada' } });
  });

  test('leaves no code, token, ticket or secret in the log', async () => {
    await world.start();
    const { ticket, url } = await world.begun();
    const answer = await openBrowser().signIn(url, 'id-1');
    await world.finish(ticket, answer);
    const code = new URLSearchParams(answer).get('code') ?? '';
    expect(code.length).toBeGreaterThan(20);
    const log = world.log();
    expect(log).toContain('device enrolled by the identity provider');
    const secrets = [
      code,
      ticket,
      CLIENT.secret,
      'eyJ',
      ...['state', 'nonce'].map((name) => new URL(url).searchParams.get(name)),
    ];
    for (const secret of secrets) expect(log).not.toContain(secret);
  });

  test('asks the userinfo endpoint where the ID token says nothing but who it is', async () => {
    await world.replaceProvider({ hasThinTokens: true });
    await world.start();
    const { ticket, url } = await world.begun();
    expect(await world.finish(ticket, await openBrowser().signIn(url, 'id-1'))).toMatchObject({
      user: { userId: 'sample.ada' },
    });
    expect(world.provider().asked.get('me')).toBe(1);
  });

  test('asks it, too, where only what an account must have is missing in the token', async () => {
    await world.replaceProvider({ hasThinTokens: true });
    await world.start({ require: { name: 'Ada Sample' } });
    const { ticket, url } = await world.begun();
    world.provider().lie((claims) => ({ ...claims, preferred_username: 'ada@offhook.example' }));
    expect(await world.finish(ticket, await openBrowser().signIn(url, 'id-1'))).toMatchObject({
      user: { userId: 'sample.ada' },
    });
  });
});

describe('who is not there', () => {
  test('is told so, and no user is made', async () => {
    await world.start();
    const { ticket, url } = await world.begun();
    expect(await world.finish(ticket, await openBrowser().signIn(url, 'id-3'))).toBe('user-unknown');
    expect(await world.cli('users', 'list')).not.toContain('cleo');
  });

  test('is added where the configuration says so, without any right, with a name that is only a name', async () => {
    await world.start({ createUsers: true });
    const { ticket, url } = await world.begun();
    const enrolled = await world.finish(ticket, await openBrowser().signIn(url, 'id-3'));
    expect(enrolled).toMatchObject({ user: { userId: 'sample.cleo', name: 'Cleo Sample' } });
    expect(await world.cli('grants', 'list')).not.toContain('cleo');
  });

  test('is kept out while the tenant is suspended', async () => {
    await world.start();
    await world.cli('tenants', 'suspend', 'sample');
    const { ticket, url } = await world.begun();
    expect(await world.finish(ticket, await openBrowser().signIn(url, 'id-1'))).toBe('not-permitted');
    expect(await world.cli('devices', 'list')).toBe('');
  });
});

describe('the provider', () => {
  test('may be away when the relay starts, and is asked again by whoever comes next', async () => {
    await world.provider().close();
    await world.start();
    expect(await world.begin()).toMatchObject({ code: 4503, reason: 'sign-in-unavailable' });
    await world.replaceProvider();
    const { ticket, url } = await world.begun();
    expect(await world.finish(ticket, await openBrowser().signIn(url, 'id-1'))).toMatchObject({ type: 'enrolled' });
  });

  test('may go away in the middle: the browser is told that it is not its fault', async () => {
    await world.start();
    const { ticket, url } = await world.begun();
    const answer = await openBrowser().signIn(url, 'id-1');
    await world.provider().close();
    expect(await world.finish(ticket, answer)).toBe('sign-in-unavailable');
    await world.replaceProvider();
  });

  test('may sign with another key from now on, and the very next sign-in works', async () => {
    await world.start();
    const first = await world.begun();
    expect(await world.finish(first.ticket, await openBrowser().signIn(first.url, 'id-1'))).toMatchObject({
      type: 'enrolled',
    });
    await world.replaceProvider({ keys: signingKey('second') });
    const next = await world.begun();
    expect(await world.finish(next.ticket, await openBrowser().signIn(next.url, 'id-1'))).toMatchObject({
      type: 'enrolled',
    });
  });

  test('that does not know the relay is the administrator’s concern, and its log says so', async () => {
    await world.start({ clientId: 'another-client' });
    const { ticket, url } = await world.begun();
    const state = new URL(url).searchParams.get('state') ?? '';
    const answer = new URLSearchParams({ code: 'sample', state, iss: world.provider().issuer });
    expect(await world.finish(ticket, answer.toString())).toBe('sign-in-unavailable');
    expect(world.log()).toContain('invalid_client');
  });
});

describe('a sign-in that nobody sees', () => {
  test('asks nobody: without a session at the provider the button is needed', async () => {
    await world.start();
    const { ticket, url } = await world.begun({ isSilent: true });
    expect(new URL(url).searchParams.get('prompt')).toBe('none');
    expect(await world.finish(ticket, await openBrowser().signIn(url))).toBe('sign-in-interaction');
  });

  test('enrols a fresh key each time, and the list of devices stays as long as it was', async () => {
    await world.start();
    const browser = openBrowser();
    const first = await world.begun({ name: 'By hand' });
    expect(await world.finish(first.ticket, await browser.signIn(first.url, 'id-1'))).toMatchObject({
      type: 'enrolled',
    });
    for (let morning = 0; morning < 4; morning += 1) {
      const { ticket, url } = await world.begun({ isSilent: true, name: 'Terminal server' });
      expect(await world.finish(ticket, await browser.signIn(url))).toMatchObject({ type: 'enrolled' });
    }
    const devices = (await world.cli('devices', 'list')).trim().split('\n');
    expect(devices).toHaveLength(2);
  });
});

test('a relay without a provider offers none, and says so to who asks all the same', async () => {
  await world.start(false);
  const client = await world.connected();
  expect(client.signIn).toBeUndefined();
  client.socket.terminate();
  expect(await world.begin()).toMatchObject({ reason: 'sign-in-unavailable' });
});

describe('relay doctor', () => {
  test('finds a provider that knows the relay, signs nobody in, and names the addresses to enter there', async () => {
    await world.start();
    const said = await world.cli('doctor');
    expect(said).toMatch(/ok +sign-in +Sample ID knows the relay; answers go to https:/);
    for (const address of [REDIRECT, FIREFOX_REDIRECT]) expect(said).toContain(address);
    expect(await world.cli('devices', 'list')).toBe('');
  });

  test.each([
    ['another secret', { clientSecret: 'file:relay.yaml' }, /fail +sign-in .*invalid_client/],
    ['another client', { clientId: 'another-client' }, /fail +sign-in .*invalid_client/],
    ['nobody at the address', { issuer: 'http://127.0.0.1:9' }, /fail +sign-in +the provider cannot be asked/],
  ])('says what is wrong with %s', async (_title, oidc, expected) => {
    world.configure(oidc);
    expect(await world.failing('doctor')).toMatch(expected);
  });
});
