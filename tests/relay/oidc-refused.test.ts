// What does not belong to the very sign-in that was begun is refused, however genuine it looks: at a real identity provider on
// loopback, through a relay that is a process of its own.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { DEMO_EXTENSION_ID } from '../../relay/src/extension-ids.ts';
import { openBrowser, signingKey } from './oidc-rig.ts';
import { FIREFOX, FIREFOX_REDIRECT, type OidcWorld, openOidcWorld } from './oidc-world.ts';

describe('refused is', () => {
  let world: OidcWorld;
  let tokensBefore = 0;
  const tokens = () => world.provider().asked.get('token') ?? 0;
  const tokensAsked = () => tokens() - tokensBefore;

  beforeAll(async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    world = await openOidcWorld();
    await world.start();
  });
  beforeEach(() => {
    tokensBefore = tokens();
  });
  afterEach(() => {
    vi.useRealTimers();
    world.provider().lie(undefined);
  });
  afterAll(() => world.close());

  test('an answer that is given twice, and a ticket that was used', async () => {
    const first = await world.begun();
    const answer = await openBrowser().signIn(first.url, 'id-1');
    expect(await world.finish(first.ticket, answer)).toMatchObject({ type: 'enrolled' });
    expect(await world.finish(first.ticket, answer)).toBe('sign-in-refused');
    // The provider is not even asked.
    expect(tokensAsked()).toBe(1);
  });

  test('a code of another sign-in: its state is not ours', async () => {
    const [mine, theirs] = [await world.begun(), await world.begun()];
    const answer = await openBrowser().signIn(theirs.url, 'id-1');
    expect(await world.finish(mine.ticket, answer)).toBe('sign-in-refused');
    expect(tokensAsked()).toBe(0);
  });

  test('a code of another sign-in under our state: its PKCE verifier is not ours', async () => {
    const [mine, theirs] = [await world.begun(), await world.begun()];
    const answer = new URLSearchParams(await openBrowser().signIn(theirs.url, 'id-1'));
    answer.set('state', new URL(mine.url).searchParams.get('state') ?? '');
    expect(await world.finish(mine.ticket, answer.toString())).toBe('sign-in-refused');
    expect(tokensAsked()).toBe(1);
  });

  test('an answer without a state, and one of another issuer', async () => {
    for (const change of [{ state: '' }, { iss: 'https://elsewhere.example' }]) {
      const { ticket, url } = await world.begun();
      const answer = new URLSearchParams(await openBrowser().signIn(url, 'id-1'));
      for (const [name, value] of Object.entries(change)) answer.set(name, value);
      if (change.state === '') answer.delete('state');
      expect(await world.finish(ticket, answer.toString())).toBe('sign-in-refused');
    }
  });

  test('a code that is out of date', async () => {
    const { ticket, url } = await world.begun();
    const answer = await openBrowser().signIn(url, 'id-1');
    // The provider's clock alone: it lives in this process.
    vi.setSystemTime(Date.now() + 120_000);
    expect(await world.finish(ticket, answer)).toBe('sign-in-refused');
  });

  test.each([
    ['another nonce', { nonce: 'another-nonce' }],
    ['another audience', { aud: 'another-client' }],
    ['another issuer', { iss: 'https://elsewhere.example' }],
    ['an end in the past', { exp: 1_000_000_000 }],
  ])('an ID token with %s, however well it is signed', async (_name, lie) => {
    world.provider().lie((claims) => ({ ...claims, ...lie }));
    const { ticket, url } = await world.begun();
    expect(await world.finish(ticket, await openBrowser().signIn(url, 'id-1'))).toBe('sign-in-refused');
  });

  test('an ID token that is signed by a key which the provider does not publish', async () => {
    world.provider().lie(undefined, { ...signingKey('first') });
    const { ticket, url } = await world.begun();
    expect(await world.finish(ticket, await openBrowser().signIn(url, 'id-1'))).toBe('sign-in-refused');
  });

  test('a ticket of another extension', async () => {
    const { ticket, url } = await world.begun();
    const answer = await openBrowser().signIn(url, 'id-1');
    expect(await world.finish(ticket, answer, FIREFOX)).toBe('sign-in-refused');
    // Whoever had it has used it up.
    expect(await world.finish(ticket, answer)).toBe('sign-in-refused');
  });

  test.each([
    `https://${DEMO_EXTENSION_ID}.chromiumapp.org/other`,
    `https://${DEMO_EXTENSION_ID}.chromiumapp.org`,
    `https://${'a'.repeat(32)}.chromiumapp.org/`,
    `https://${DEMO_EXTENSION_ID}.chromiumapp.org.elsewhere.example/`,
    `http://${DEMO_EXTENSION_ID}.chromiumapp.org/`,
    FIREFOX_REDIRECT,
    'https://elsewhere.example/',
  ])('an address for answers that is not the extension’s own: %s', async (redirectUri) => {
    expect(await world.begin({ redirectUri })).toMatchObject({ code: 4403, reason: 'origin-refused' });
  });

  test('a key that is none', async () => {
    expect(await world.begin({ publicKey: 'bm8ta2V5' })).toMatchObject({ reason: 'message-invalid' });
  });

  test('somebody of another domain, who may be called the same', async () => {
    const { ticket, url } = await world.begun();
    expect(await world.finish(ticket, await openBrowser().signIn(url, 'id-2'))).toBe('sign-in-refused');
  });

  test('who gave up at the provider', async () => {
    const { ticket, url } = await world.begun();
    const state = new URL(url).searchParams.get('state') ?? '';
    const answer = new URLSearchParams({ error: 'access_denied', state, iss: world.provider().issuer });
    expect(await world.finish(ticket, answer.toString())).toBe('sign-in-refused');
  });
});
