// Who is it? A short code, spoken or followed as a link, enrols a browser's own key once; from then on the browser proves
// by a signature that it holds the key. Codes live in memory only: a restart of the relay ends them all. No secret and no
// code ever enters the log.
import {
  createPublicKey,
  type KeyObject,
  randomBytes,
  randomInt,
  timingSafeEqual,
  type VerifyKeyObjectInput,
  type VerifyPublicKeyInput,
  verify,
} from 'node:crypto';
import { type ErrorCode, proofText } from '@offhook/protocol';
import { createAddressLimit } from './address-limit.ts';
import type { Clock } from './clock.ts';
import { cleanName } from './names.ts';
import type { Device, Store, User } from './store/store.ts';

/** A pairing code. `code` as it is shown, `'BCD-FGHJK'`; `endsAt` in milliseconds since 1970. */
export interface PairingCode {
  code: string;
  endsAt: number;
}

export interface EnrolRequest {
  /** As typed: case, blanks and dashes do not matter. */
  code: string;
  /** SPKI, base64url, P-256. */
  publicKey: string;
  deviceName: string;
  /** The extension's origin, to which the device is pinned. */
  origin: string;
  /** The peer's IP address, which wrong guesses count against. */
  address: string;
}

export interface VerifyRequest {
  deviceId: string;
  /** ECDSA P-256/SHA-256 over `proofText`, r‖s, base64url. */
  proof: string;
  nonce: string;
  /** This relay's origin as the client dialled it. */
  origin: string;
  extensionOrigin: string;
}

/** A browser's key for somebody of whom it is certain who it is. */
export interface NewDevice extends Pick<EnrolRequest, 'publicKey' | 'deviceName' | 'origin'> {
  userId: string;
  enrolledBy?: Device['enrolledBy'];
}

export interface SignIn {
  /** A new code for a user, good for ten minutes and one device. Throws for a user that does not exist. */
  issueCode(userId: string): Promise<PairingCode>;
  /** Turns a code and a public key into a device, or says why not: `message-invalid` means the key. */
  enrol(
    request: EnrolRequest,
  ): Promise<
    { deviceId: string; userId: string } | { code: ErrorCode & ('code-invalid' | 'rate-limited' | 'message-invalid') }
  >;
  /** Enrols the key of somebody who has proved otherwise who it is; answers the device's id. `isPublicKey` held before. */
  addDevice(device: NewDevice): Promise<string>;
  /** Checks a proof. Only who holds the key learns that it was revoked or belongs to another extension. */
  verify(
    request: VerifyRequest,
  ): Promise<{ device: Device; user: User } | { code: ErrorCode & ('unauthenticated' | 'revoked' | 'origin-refused') }>;
  /** The device was here until this moment. */
  noteSeen(deviceId: string): Promise<void>;
}

export interface SignInOptions {
  store: Pick<Store, 'user' | 'users' | 'addDevice' | 'device' | 'touchDevice'>;
  clock: Clock;
  /** A whole number from 0 to below `limit`, unpredictable. */
  random?: (limit: number) => number;
  /** Letters of a code's secret half; fewer only to test guessing. */
  secretLetters?: number;
}

interface OpenCode {
  secret: string;
  userId: string;
  /** By the clock that does not jump. */
  goodUntil: number;
  wrongSecrets: number;
}

// Twenty letters without vowels (no words) and without what looks alike in print: RFC 8628, section 6.1.
const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ';
const NAME_LETTERS = 3;
const SECRET_LETTERS = 5;
const CODE_LIFETIME_MS = 600_000;
const MOST_WRONG_SECRETS = 5;
const MOST_UNKNOWN_NAMES_A_MINUTE = 20;
// More codes open at a time than this are no office that pairs its browsers; names would become scarce.
const MOST_OPEN_CODES = 2_000;

/** Sign-in over a store's users and devices. */
export function createSignIn(options: SignInOptions): SignIn {
  const { store, clock, random = (limit) => randomInt(limit), secretLetters = SECRET_LETTERS } = options;
  const codes = createCodes({ clock, random, secretLetters });

  function noteSeen(deviceId: string): Promise<void> {
    return store.touchDevice(deviceId, new Date(clock.now()).toISOString());
  }

  async function addDevice({ userId, publicKey, deviceName, origin, enrolledBy }: NewDevice): Promise<string> {
    const deviceId = `d-${randomBytes(16).toString('base64url')}`;
    const createdAt = new Date(clock.now()).toISOString();
    await store.addDevice({ deviceId, userId, name: cleanName(deviceName), publicKey, origin, createdAt, enrolledBy });
    return deviceId;
  }

  return {
    async issueCode(userId) {
      const users = await store.users();
      if (!users.some((user) => user.userId === userId)) throw new Error(`no user ${userId}`);
      return codes.issue(userId);
    },

    async enrol({ code, publicKey, deviceName, origin, address }) {
      // A limited address is not answered at all, or the answers would tell which names exist.
      if (codes.isLimited(address)) return { code: 'rate-limited' };
      if (!isPublicKey(publicKey)) return { code: 'message-invalid' };
      const taken = codes.take(readCode(code), address);
      const isThere = taken !== undefined && (await store.users()).some(({ userId }) => userId === taken.userId);
      if (!isThere) return { code: 'code-invalid' };
      const { userId } = taken;
      try {
        return { deviceId: await addDevice({ userId, publicKey, deviceName, origin }), userId };
      } catch (error) {
        // Nobody was enrolled by it: when the disk takes the device, the code is still good.
        codes.giveBack(readCode(code), taken);
        throw error;
      }
    },
    addDevice,

    async verify({ deviceId, proof, nonce, origin, extensionOrigin }) {
      const device = await store.device(deviceId);
      const text = proofText({ nonce, device: deviceId, origin });
      if (!device || !isProof({ text, proof, publicKey: device.publicKey })) return { code: 'unauthenticated' };
      if (device.revokedAt !== undefined) return { code: 'revoked' };
      if (!isSame(extensionOrigin, device.origin)) return { code: 'origin-refused' };
      const user = await store.user(device.userId);
      if (!user) return { code: 'unauthenticated' };
      // Not awaited, and a full disk must not keep anybody from seeing who calls.
      noteSeen(deviceId).catch(() => undefined);
      return { device, user };
    },

    noteSeen,
  };
}

/** The codes that are open, in memory alone. */
function createCodes({
  clock,
  random,
  secretLetters,
}: Required<Pick<SignInOptions, 'clock' | 'random' | 'secretLetters'>>) {
  const codes = new Map<string, OpenCode>();
  const unknownNames = createAddressLimit({ clock, mostAMinute: MOST_UNKNOWN_NAMES_A_MINUTE });

  function letters(count: number): string {
    return Array.from({ length: count }, () => ALPHABET[random(ALPHABET.length)] ?? '').join('');
  }

  function forgetEnded(): void {
    for (const [name, { goodUntil }] of codes) if (goodUntil <= clock.elapsed()) codes.delete(name);
  }

  function freeName(): string {
    let name = letters(NAME_LETTERS);
    while (codes.has(name)) name = letters(NAME_LETTERS);
    return name;
  }

  // Takes the code out if name and secret are right. Everything here is synchronous: of two tries at once one gets it.
  function take(typed: string, address: string): OpenCode | undefined {
    const name = typed.slice(0, NAME_LETTERS);
    const open = codes.get(name);
    if (!open || open.goodUntil <= clock.elapsed()) {
      codes.delete(name);
      unknownNames.add(address);
      return undefined;
    }
    if (isSame(typed.slice(NAME_LETTERS), open.secret)) {
      codes.delete(name);
      return open;
    }
    open.wrongSecrets += 1;
    if (open.wrongSecrets >= MOST_WRONG_SECRETS) codes.delete(name);
    return undefined;
  }

  return {
    take,
    giveBack(typed: string, open: OpenCode): void {
      const name = typed.slice(0, NAME_LETTERS);
      if (!codes.has(name)) codes.set(name, open);
    },
    isLimited: unknownNames.isReached,
    issue(userId: string): PairingCode {
      forgetEnded();
      if (codes.size >= MOST_OPEN_CODES) {
        throw new Error(`${MOST_OPEN_CODES} pairing codes are open: wait until some end`);
      }
      const name = freeName();
      const secret = letters(secretLetters);
      const endsAt = clock.now() + CODE_LIFETIME_MS;
      const goodUntil = clock.elapsed() + CODE_LIFETIME_MS;
      codes.set(name, { secret, userId, goodUntil, wrongSecrets: 0 });
      return { code: `${name}-${secret}`, endsAt };
    },
  };
}

/** A code as somebody typed or pasted it → its letters: `' bcd–fghjk '` → `'BCDFGHJK'`. */
export function readCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}_.\u200b-\u200f\u2060\ufeff]/gu, '');
}

/** Whether a text is a key that a device may have: SPKI, base64url, P-256. */
export function isPublicKey(spki: string): boolean {
  return readPublicKey(spki) !== undefined;
}

function readPublicKey(spki: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(spki, 'base64url'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    // Whatever node:crypto cannot read is no key; why does not matter to a stranger.
    return undefined;
  }
}

const P256_SIGNATURE_BYTES = 64;
// SPKI of an uncompressed point on P-256 (RFC 5480): everything before the point's own 64 bytes.
const P256_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const P256_KEY_BYTES = P256_HEAD.length + 64;

function isProof({ text, proof, publicKey }: { text: string; proof: string; publicKey: string }): boolean {
  const signature = Buffer.from(proof, 'base64url');
  const key = keyOf(publicKey);
  if (!key || signature.length !== P256_SIGNATURE_BYTES) return false;
  try {
    return verify('sha256', Buffer.from(text, 'utf8'), { ...key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    // The bytes behind the head are no point of the curve.
    return false;
  }
}

// A key as browsers write it says by its first bytes what it is. Asking node:crypto for its curve costs as much as the
// check of a signature, and thousands come back at once.
function keyOf(publicKey: string): VerifyKeyObjectInput | VerifyPublicKeyInput | undefined {
  const der = Buffer.from(publicKey, 'base64url');
  if (der.length === P256_KEY_BYTES && der.subarray(0, P256_HEAD.length).equals(P256_HEAD)) {
    return { key: der, format: 'der', type: 'spki' };
  }
  const key = readPublicKey(publicKey);
  return key && { key };
}

// Takes as long for a wrong text as for a right one of the same length.
function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given, 'utf8');
  const b = Buffer.from(expected, 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
}
