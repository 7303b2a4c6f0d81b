// The key by which a relay knows this browser profile: made here, kept in IndexedDB as non-extractable, so that neither a
// page nor an export of the profile's storage can read its private half.
import { type IDBPDatabase, openDB } from 'idb';

/** Signs as this device. `publicKey` is SPKI in base64url, as the relay wants it for pairing. */
export interface DeviceKey {
  publicKey: string;
  /** ECDSA P-256/SHA-256 over the text's UTF-8, as base64url of r and s. */
  sign(text: string): Promise<string>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;
const STORE = 'keys';
const ID = 'device';

/** The key of this profile, made on first use. */
export async function loadDeviceKey(): Promise<DeviceKey> {
  const database = await openKeys();
  try {
    return await deviceKeyOf((await readPair(database)) ?? (await makePair(database)));
  } finally {
    database.close();
  }
}

/** Forgets the key; the next pairing makes a new one. */
export async function forgetDeviceKey(): Promise<void> {
  const database = await openKeys();
  try {
    await database.delete(STORE, ID);
  } finally {
    database.close();
  }
}

async function readPair(database: IDBPDatabase): Promise<CryptoKeyPair | undefined> {
  const stored: unknown = await database.get(STORE, ID);
  return isKeyPair(stored) ? stored : undefined;
}

// Of two that are made at the same time the first one stored is the profile's; both callers get that one.
async function makePair(database: IDBPDatabase): Promise<CryptoKeyPair> {
  const made = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const { store, done } = database.transaction(STORE, 'readwrite');
  const stored: unknown = await store.get(ID);
  if (!isKeyPair(stored)) await store.put(made, ID);
  await done;
  return isKeyPair(stored) ? stored : made;
}

function openKeys(): Promise<IDBPDatabase> {
  return openDB('offhook-device', 1, {
    upgrade: (database) => {
      database.createObjectStore(STORE);
    },
  });
}

async function deviceKeyOf(pair: CryptoKeyPair): Promise<DeviceKey> {
  const spki = await crypto.subtle.exportKey('spki', pair.publicKey);
  return {
    publicKey: base64url(new Uint8Array(spki)),
    async sign(text) {
      const signature = await crypto.subtle.sign(SIGNATURE, pair.privateKey, new TextEncoder().encode(text));
      return base64url(new Uint8Array(signature));
    },
  };
}

function isKeyPair(value: unknown): value is CryptoKeyPair {
  return typeof value === 'object' && value !== null && 'privateKey' in value && value.privateKey instanceof CryptoKey;
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
