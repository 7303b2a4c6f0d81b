// What the relay makes of a sign-in, beside the provider: limits, users that are made once, and failures that are its own.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAccess } from '../../relay/src/access.ts';
import { OidcError, type OidcProvider } from '../../relay/src/oidc-provider.ts';
import { OidcSettingsSchema } from '../../relay/src/oidc-settings.ts';
import { createOidcSignIn } from '../../relay/src/oidc-sign-in.ts';
import { createSignIn } from '../../relay/src/sign-in.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { Store } from '../../relay/src/store/store.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { SILENT } from './builders.ts';

const ID = 'abcdefghijklmnopabcdefghijklmnop';
const ORIGIN = `chrome-extension://${ID}`;
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEY = publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');

let dir: string;
let store: Store;
const undo: (() => void)[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'offhook-oidc-sign-in-'));
  store = openSqliteStore(dir);
  await store.seed({ tenants: [{ tenantId: 't', name: 'T', country: 'DE' }], users: [], lines: [], grants: [] });
});
afterEach(async () => {
  for (const close of undo.splice(0)) close();
  await store.close();
  rmSync(dir, { recursive: true });
});

function setUp(claims: OidcProvider['claims'], more: object = {}, failing: Partial<Store> = {}) {
  const clock = createFakeClock();
  const settings = v.parse(OidcSettingsSchema, {
    ...{ issuer: 'https://id.example', name: 'ID', clientId: 'relay', createUsers: true },
    ...more,
  });
  const oidc = createOidcSignIn({
    ...{ settings, clock, log: SILENT },
    store: { ...store, ...failing },
    provider: { address: async ({ state }) => `https://id.example/?state=${state}`, claims },
    access: createAccess({ store }),
    signIn: createSignIn({ store, clock }),
    isHere: () => false,
  });
  undo.push(oidc.close);
  const begin = (address = '10.0.0.1') =>
    oidc.begin({
      ...{ publicKey: KEY, deviceName: 'One', isSilent: false, origin: ORIGIN, address },
      redirectUri: `https://${ID}.chromiumapp.org/`,
    });
  async function signIn() {
    const begun = await begin();
    if ('code' in begun) return begun;
    return oidc.finish({ ticket: begun.ticket, answer: 'code=c', origin: ORIGIN });
  }
  return { clock, begin, signIn };
}

test('a new user is made once, where two browsers of hers come at the same moment', async () => {
  const { signIn } = setUp(async () => ({ preferred_username: 'cleo', name: 'Cleo Sample' }));
  expect(await Promise.all([signIn(), signIn()])).toMatchObject([{ userId: 't.cleo' }, { userId: 't.cleo' }]);
  expect(await store.users()).toMatchObject([{ login: 'cleo', displayName: 'Cleo Sample' }]);
});

test('nobody is made in a tenant that is not there', async () => {
  const { signIn } = setUp(async () => ({ preferred_username: 'cleo' }), { tenant: 'elsewhere' });
  expect(await signIn()).toEqual({ code: 'user-unknown' });
  expect(await store.users()).toEqual([]);
});

test('from one address 300 are begun a minute, and others are let on', async () => {
  const { clock, begin } = setUp(async () => ({}));
  for (let at = 0; at < 300; at += 1) expect(await begin()).toHaveProperty('ticket');
  expect(await begin()).toEqual({ code: 'rate-limited' });
  expect(await begin('10.0.0.2')).toHaveProperty('ticket');
  clock.advance(60_000);
  expect(await begin()).toHaveProperty('ticket');
});

test('what the provider says is told as its code; a fault of our own is none of its', async () => {
  const refusing = setUp(() =>
    Promise.reject(new OidcError('sign-in-interaction', 'the provider says login_required')),
  );
  expect(await refusing.signIn()).toEqual({ code: 'sign-in-interaction' });
  const broken = setUp(() => Promise.reject(new RangeError('a fault')));
  await expect(broken.signIn()).rejects.toThrow('a fault');
  expect(await store.devices()).toEqual([]);
});

test('a name that the provider gives to another account later is not the same user, until an admin says so', async () => {
  let sub = '1';
  const { signIn } = setUp(async () => ({ iss: 'https://id.example', sub, preferred_username: 'ada' }));
  const first = await signIn();
  expect(await signIn()).toMatchObject({ userId: 'userId' in first ? first.userId : '' });
  sub = '2';
  expect(await signIn()).toEqual({ code: 'user-unknown' });
  const [ada] = await store.users();
  expect(await store.forgetAccount(ada?.userId ?? '')).toBe(true);
  expect(await signIn()).toMatchObject({ userId: ada?.userId });
  expect(await store.forgetAccount('nobody')).toBe(false);
});

test('an account that takes another name at the provider does not become the user of that name', async () => {
  const names = { preferred_username: 'ada' };
  const { signIn } = setUp(async () => ({ iss: 'https://id.example', sub: '1', ...names }));
  const user = (login: string) => ({ userId: `t.${login}`, tenantId: 't', login, displayName: login });
  await store.changePeople(['ada', 'boss'].map((login) => ({ type: 'add-user', user: user(login) })));
  expect(await signIn()).toMatchObject({ userId: 't.ada' });
  names.preferred_username = 'boss';
  expect(await signIn()).toEqual({ code: 'user-unknown' });
  // An administrator may say that she is the one now.
  expect(await store.forgetAccount('t.ada')).toBe(true);
  expect(await signIn()).toMatchObject({ userId: 't.boss' });
});

test('whoever was enrolled is told so, also when old devices could not be removed', async () => {
  const { signIn } = setUp(
    async () => ({ iss: 'https://id.example', sub: '1', preferred_username: 'ada' }),
    {},
    {
      devices: () => Promise.reject(new Error('the disk is full')),
    },
  );
  expect(await signIn()).toHaveProperty('deviceId');
});
