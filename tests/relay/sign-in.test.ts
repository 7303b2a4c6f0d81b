// Pairing codes are short, so they die quickly; proofs are worth something only at this relay, for this device, once.
import { createHash, generateKeyPairSync, randomInt, sign } from 'node:crypto';
import { proofText } from '@offhook/protocol';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createSignIn, readCode, type SignIn } from '../../relay/src/sign-in.ts';
import type { Device } from '../../relay/src/store/store.ts';

const GUESSES = process.env['OFFHOOK_FULL'] === '1' ? 100_000 : 10_000;
const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ';
const MINUTE_MS = 60_000;
const ORIGIN = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';
const user = { userId: 'default.anna', tenantId: 'default', login: 'anna', displayName: 'Anna Sample' };

function keyPair(namedCurve = 'P-256') {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
  return { spki: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'), privateKey };
}
const key = keyPair();

function aSignIn({ secretLetters }: { secretLetters?: number } = {}) {
  let now = Date.parse('2026-11-21T10:00:00Z');
  const devices = new Map<string, Device>();
  const disk = { isFull: false };
  const store = {
    user: async (userId: string) => (userId === user.userId ? user : undefined),
    users: async () => [user],
    async addDevice(device: Device) {
      if (disk.isFull) throw new Error('disk full');
      devices.set(device.deviceId, device);
    },
    device: async (deviceId: string) => devices.get(deviceId),
    async touchDevice(deviceId: string, at: string) {
      const device = devices.get(deviceId);
      if (device) devices.set(deviceId, { ...device, lastSeenAt: at });
    },
  };
  const clock = { now: () => now, elapsed: () => now, after: () => () => undefined };
  const signIn = createSignIn({ store, clock, ...(secretLetters !== undefined && { secretLetters }) });
  const enrol = (code: string, address = '192.0.2.1') =>
    signIn.enrol({ code, publicKey: key.spki, deviceName: 'Chrome on a sample', origin: ORIGIN, address });
  return { signIn, devices, disk, enrol, advance: (ms: number) => (now += ms) };
}

// A secret that is certainly another one.
function wrong(code: string): string {
  const last = code.at(-1) ?? '';
  return code.slice(0, -1) + (last === 'B' ? 'C' : 'B');
}

describe('pairing codes', () => {
  test('a code pairs one device, pinned to its extension, and no second one', async () => {
    const { signIn, devices, enrol } = aSignIn();
    const { code } = await signIn.issueCode(user.userId);
    const answer = await enrol(code);
    expect(answer).toMatchObject({ userId: user.userId });
    expect([...devices.values()]).toEqual([
      expect.objectContaining({ userId: user.userId, origin: ORIGIN, publicKey: key.spki, name: 'Chrome on a sample' }),
    ]);
    expect(await enrol(code)).toEqual({ code: 'code-invalid' });
  });

  test('a code whose device could not be kept is good once more, and no longer than before', async () => {
    const { signIn, devices, disk, enrol, advance } = aSignIn();
    const [{ code }, { code: late }] = [await signIn.issueCode(user.userId), await signIn.issueCode(user.userId)];
    disk.isFull = true;
    await expect(enrol(code)).rejects.toThrow('disk full');
    await expect(enrol(late)).rejects.toThrow('disk full');
    disk.isFull = false;
    expect(await enrol(code)).toMatchObject({ userId: user.userId });
    expect(await enrol(code)).toEqual({ code: 'code-invalid' });
    advance(10 * MINUTE_MS);
    expect(await enrol(late)).toEqual({ code: 'code-invalid' });
    expect(devices.size).toBe(1);
  });

  test('of two devices that use a code at the same moment, one is paired', async () => {
    const { signIn, devices, enrol } = aSignIn();
    const { code } = await signIn.issueCode(user.userId);
    await Promise.all([enrol(code), enrol(code), enrol(code)]);
    expect(devices.size).toBe(1);
  });

  test('a code looks like BCD-FGHJK, of twenty letters without vowels and look-alikes', async () => {
    const { signIn } = aSignIn();
    const { code } = await signIn.issueCode(user.userId);
    expect(code).toMatch(new RegExp(`^[${ALPHABET}]{3}-[${ALPHABET}]{5}$`));
  });

  test('case, blanks and dashes do not matter', async () => {
    const { signIn, enrol } = aSignIn();
    const { code } = await signIn.issueCode(user.userId);
    const spelled = ` ${code.toLowerCase().replace('-', ' – ').split('').join(' ')}\n`;
    expect(await enrol(spelled)).toMatchObject({ userId: user.userId });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('-', ' ', '–', '\t', '\u00a0', '\u200b'), { minLength: 8, maxLength: 8 }),
        (signs) => {
          expect(readCode(signs.map((sign, index) => `${sign}${'bcdfghjk'[index]}`).join(''))).toBe('BCDFGHJK');
        },
      ),
    );
  });

  test('after ten minutes a code is over, a moment before it is good', async () => {
    const { signIn, enrol, advance } = aSignIn();
    const first = await signIn.issueCode(user.userId);
    const second = await signIn.issueCode(user.userId);
    advance(10 * MINUTE_MS - 1);
    expect(await enrol(first.code)).toMatchObject({ userId: user.userId });
    advance(1);
    expect(await enrol(second.code)).toEqual({ code: 'code-invalid' });
  });

  test('the fifth wrong secret kills its code and no other', async () => {
    const { signIn, enrol } = aSignIn();
    const { code } = await signIn.issueCode(user.userId);
    const other = await signIn.issueCode(user.userId);
    for (let attempt = 0; attempt < 4; attempt += 1) await enrol(wrong(code));
    const spared = await signIn.issueCode(user.userId);
    for (let attempt = 0; attempt < 4; attempt += 1) await enrol(wrong(spared.code));
    await enrol(wrong(code));
    expect(await enrol(code)).toEqual({ code: 'code-invalid' });
    expect(await enrol(spared.code)).toMatchObject({ userId: user.userId });
    expect(await enrol(other.code)).toMatchObject({ userId: user.userId });
  });

  test('twenty unknown names a minute, then the address is limited for whatever it says, and no other address', async () => {
    const { signIn, enrol, advance } = aSignIn();
    const { code } = await signIn.issueCode(user.userId);
    for (let attempt = 0; attempt < 20; attempt += 1) {
      expect(await enrol(`${code.startsWith('B') ? 'C' : 'B'}BB-BBBBB`, '192.0.2.66')).toEqual({
        code: 'code-invalid',
      });
    }
    expect(await enrol(code, '192.0.2.66')).toEqual({ code: 'rate-limited' });
    expect(await enrol(wrong(code), '192.0.2.7')).toEqual({ code: 'code-invalid' });
    advance(MINUTE_MS + 1);
    expect(await enrol(code, '192.0.2.66')).toMatchObject({ userId: user.userId });
  });

  test(`${GUESSES} guesses at codes whose names are known: five a code are evaluated`, async () => {
    const { signIn, enrol } = aSignIn({ secretLetters: 2 });
    let guesses = 0;
    let hits = 0;
    let evaluated = 0;
    while (guesses < GUESSES) {
      const { code } = await signIn.issueCode(user.userId);
      const [name = '', secret = ''] = code.split('-');
      // A hundred different guesses, the right one at a random place among them: only the first five may count.
      const place = randomInt(100);
      const others = [...ALPHABET].flatMap((a) => [...ALPHABET].map((b) => a + b)).filter((guess) => guess !== secret);
      const list = [...others.slice(0, place), secret, ...others.slice(place, 99)];
      for (const guess of list) {
        guesses += 1;
        const answer = await enrol(`${name}-${guess}`, `198.51.100.${guesses % 250}/${guesses}`);
        if ('deviceId' in answer) hits += 1;
      }
      if (place < 5) evaluated += 1;
    }
    expect(hits).toBe(evaluated);
  });

  test('a key that is no P-256 key costs nobody a code', async () => {
    const { signIn, enrol } = aSignIn();
    const { code } = await signIn.issueCode(user.userId);
    for (const publicKey of [keyPair('P-384').spki, '', 'AAAA', createHash('sha256').digest('base64url')]) {
      const request = { code, publicKey, deviceName: 'x', origin: ORIGIN, address: '192.0.2.1' };
      expect(await signIn.enrol(request)).toEqual({ code: 'message-invalid' });
    }
    expect(await enrol(code)).toMatchObject({ userId: user.userId });
  });

  test('a restart of the relay ends all codes; nobody gets one for a user that does not exist', async () => {
    const { code } = await aSignIn().signIn.issueCode(user.userId);
    expect(await aSignIn().enrol(code)).toEqual({ code: 'code-invalid' });
    await expect(aSignIn().signIn.issueCode('default.nobody')).rejects.toThrow('no user');
  });
});

describe('proofs', () => {
  let signIn: SignIn;
  let devices: Map<string, Device>;
  let deviceId = '';
  const dialled = 'ws://127.0.0.1:8730';

  beforeEach(async () => {
    const made = aSignIn();
    ({ signIn, devices } = made);
    const answer = await made.enrol((await signIn.issueCode(user.userId)).code);
    deviceId = 'deviceId' in answer ? answer.deviceId : '';
  });

  const prove = (
    parts: { nonce?: string; device?: string; origin?: string; privateKey?: typeof key.privateKey } = {},
  ) => {
    const { nonce = 'n1', device = deviceId, origin = dialled, privateKey = key.privateKey } = parts;
    const text = Buffer.from(proofText({ nonce, device, origin }));
    return sign('sha256', text, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  };
  const verify = (parts: { deviceId?: string; proof?: string; extensionOrigin?: string } = {}) =>
    signIn.verify({ deviceId, proof: prove(), nonce: 'n1', origin: dialled, extensionOrigin: ORIGIN, ...parts });

  test('the holder of the key is signed in, and the device says when it was last seen', async () => {
    expect(await verify()).toMatchObject({ user, device: { deviceId } });
    expect(devices.get(deviceId)?.lastSeenAt).toBe('2026-11-21T10:00:00.000Z');
  });

  test('a signature that WebCrypto made is accepted', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
    const spki = Buffer.from(await crypto.subtle.exportKey('spki', pair.publicKey)).toString('base64url');
    const { code } = await signIn.issueCode(user.userId);
    const request = { code, publicKey: spki, deviceName: 'x', origin: ORIGIN, address: '192.0.2.1' };
    const answer = await signIn.enrol(request);
    const device = 'deviceId' in answer ? answer.deviceId : '';
    const text = new TextEncoder().encode(proofText({ nonce: 'n1', device, origin: dialled }));
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, text);
    const proof = Buffer.from(signature).toString('base64url');
    expect(await verify({ deviceId: device, proof })).toMatchObject({ user });
  });

  test.each([
    ['for another nonce', () => ({ proof: prove({ nonce: 'n2' }) })],
    ['for another relay', () => ({ proof: prove({ origin: 'ws://127.0.0.1:9999' }) })],
    ['for another device', () => ({ proof: prove({ device: 'd-other' }) })],
    ['by another key', () => ({ proof: prove({ privateKey: keyPair().privateKey }) })],
    ['that is no signature', () => ({ proof: 'AAAA' })],
    ['of a device that nobody knows', () => ({ deviceId: 'd-unknown', proof: prove({ device: 'd-unknown' }) })],
  ])('a proof %s is worth nothing', async (_title, parts) => {
    expect(await verify(parts())).toEqual({ code: 'unauthenticated' });
  });

  test('only who holds the key learns that it was revoked, or that the extension is another one', async () => {
    expect(await verify({ extensionOrigin: 'chrome-extension://other' })).toEqual({ code: 'origin-refused' });
    const device = devices.get(deviceId);
    if (device) devices.set(deviceId, { ...device, revokedAt: '2026-11-21T10:00:00.000Z' });
    expect(await verify()).toEqual({ code: 'revoked' });
    expect(await verify({ proof: 'AAAA' })).toEqual({ code: 'unauthenticated' });
  });
});
