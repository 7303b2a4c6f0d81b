// Signing in with the company's account through the worker: what the relay and the browser are asked, and what comes of it.
import { describe, expect, test } from 'vitest';
import { type IdentityDoor, signInAtCompany, signInOffer } from '#lib/company-sign-in.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { aChallenge } from '../fakes/relay-messages.ts';
import { createFakeSockets } from '../fakes/sockets.ts';
import { settled } from '../fakes/worker-world.ts';

const REDIRECT = 'https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/';
const CHALLENGE = { ...aChallenge(), signIn: { provider: 'Sample ID' } };
const BEGUN = { type: 'sign-in', ticket: 'ticket', url: 'https://id.example/authorize?state=s' };
const ENROLLED = { type: 'enrolled', device: 'device-1', user: { userId: 'mia', name: 'Mia Sample' } };

function setUp(launch: IdentityDoor['launch'] = async () => `${REDIRECT}?code=c&state=s`) {
  const clock = createFakeClock();
  const sockets = createFakeSockets();
  const place = { origin: 'wss://relay.example', openSocket: sockets.open, clock };
  const launched: { url: string; isSilent: boolean }[] = [];
  const waiting: string[] = [];
  const signIn = (isSilent = false) =>
    signInAtCompany({
      ...place,
      identity: {
        redirectUri: () => REDIRECT,
        launch(request) {
          launched.push(request);
          return launch(request);
        },
      },
      publicKey: 'key',
      deviceName: 'Chrome · Linux',
      isSilent,
      onWaiting: (provider) => waiting.push(provider),
    });
  return { clock, sockets, place, launched, waiting, signIn };
}

describe('signing in', () => {
  test('begins at the relay, shows the provider’s page, and hands over what came back', async () => {
    const { sockets, launched, waiting, signIn } = setUp();
    const result = signIn();
    sockets.last().says(CHALLENGE);
    expect(sockets.last().sent).toEqual([
      {
        type: 'begin-sign-in',
        publicKey: 'key',
        redirectUri: REDIRECT,
        device: { name: 'Chrome · Linux' },
        isSilent: false,
      },
    ]);
    sockets.last().says(BEGUN);
    await settled();
    expect([launched, waiting]).toEqual([[{ url: BEGUN.url, isSilent: false }], ['Sample ID']]);
    sockets.last().says(CHALLENGE);
    expect(sockets.last().sent).toEqual([{ type: 'finish-sign-in', ticket: 'ticket', answer: 'code=c&state=s' }]);
    sockets.last().says(ENROLLED);
    expect(await result).toEqual({ type: 'paired', device: 'device-1', userName: 'Mia Sample' });
    expect(sockets.all.every(({ isClosed }) => isClosed)).toBe(true);
  });

  test.each([
    [false, 'sign-in-cancelled'],
    [true, 'sign-in-interaction'],
  ])('with a window that came to nothing (silent: %s): %s', async (isSilent, code) => {
    const { sockets, waiting, signIn } = setUp(() => Promise.reject(new Error('The user did not approve access.')));
    const result = signIn(isSilent);
    sockets.last().says(CHALLENGE);
    sockets.last().says(BEGUN);
    expect(await result).toEqual({ type: 'failed', code });
    expect(waiting).toEqual(isSilent ? [] : ['Sample ID']);
  });

  test.each([
    'https://elsewhere.example/?code=c',
    `${REDIRECT}other?code=c`,
    REDIRECT,
    `https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org.elsewhere.example/?code=c`,
  ])('what came back at %s is not handed over', async (address) => {
    const { sockets, signIn } = setUp(async () => address);
    const result = signIn();
    sockets.last().says(CHALLENGE);
    sockets.last().says(BEGUN);
    expect(await result).toEqual({ type: 'failed', code: 'sign-in-cancelled' });
    expect(sockets.all).toHaveLength(1);
  });

  test.each(['javascript:alert(1)', 'chrome://settings', 'data:text/html,x', 'http://id.example/authorize'])(
    'never opens %s',
    async (url) => {
      const { sockets, launched, signIn } = setUp();
      const result = signIn();
      sockets.last().says(CHALLENGE);
      sockets.last().says({ ...BEGUN, url });
      expect(await result).toMatchObject({ type: 'failed' });
      expect(launched).toEqual([]);
    },
  );

  test('at a relay that offers none asks it nothing', async () => {
    const { sockets, signIn } = setUp();
    const result = signIn();
    sockets.last().says(aChallenge());
    expect(await result).toEqual({ type: 'failed', code: 'sign-in-unavailable' });
    expect(sockets.last().sent).toEqual([]);
  });

  test.each([
    [4405, 'sign-in-refused'],
    [4407, 'user-unknown'],
    [4503, 'sign-in-unavailable'],
    [4510, 'not-permitted'],
  ])('that the relay ends with %i says %s', async (closeCode, code) => {
    const { sockets, signIn } = setUp();
    const result = signIn();
    sockets.last().says(CHALLENGE);
    sockets.last().says(BEGUN);
    await settled();
    sockets.last().says(CHALLENGE);
    sockets.last().ends(closeCode, code);
    expect(await result).toEqual({ type: 'failed', code });
  });

  test('waits longer for the relay than it waits for its provider, and not for ever', async () => {
    const { clock, sockets, signIn } = setUp();
    const result = signIn();
    sockets.last().says(CHALLENGE);
    clock.advance(20_000);
    expect(sockets.last().isClosed).toBe(false);
    clock.advance(5_000);
    expect(await result).toEqual({ type: 'failed', code: 'relay-unreachable' });
  });
});

describe('the offer of a relay', () => {
  test.each([
    [CHALLENGE, { type: 'offered', provider: 'Sample ID' }],
    [aChallenge(), { type: 'none' }],
    // A relay of tomorrow may say it in another way.
    [{ ...aChallenge(), signIn: { ways: ['two'] } }, { type: 'none' }],
  ])('is read from its challenge alone', async (challenge, expected) => {
    const { sockets, place } = setUp();
    const offer = signInOffer(place);
    sockets.last().says(challenge);
    expect(await offer).toEqual(expected);
    expect([sockets.last().sent, sockets.last().isClosed]).toEqual([[], true]);
  });
});
