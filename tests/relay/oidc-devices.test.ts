// Devices that came from the identity provider are kept few; nothing that is in use, or was paired by a code, ever goes. And
// sign-ins that are under way end by themselves.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAddressLimit } from '../../relay/src/address-limit.ts';
import { createOidcDevices } from '../../relay/src/oidc-devices.ts';
import { createOidcTickets } from '../../relay/src/oidc-tickets.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { Device, Store } from '../../relay/src/store/store.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { SILENT } from './builders.ts';

const DAY_MS = 86_400_000;
let dir: string;
let store: Store;
let clock: ReturnType<typeof createFakeClock>;
let here: Set<string>;
let devices: ReturnType<typeof createOidcDevices>;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'offhook-devices-'));
  store = openSqliteStore(dir);
  const users = ['ada', 'ben'].map((login) => ({ userId: login, tenantId: 't', login, displayName: login }));
  await store.seed({ tenants: [{ tenantId: 't', name: 'T', country: 'DE' }], users, lines: [], grants: [] });
  clock = createFakeClock();
  here = new Set();
  devices = createOidcDevices({ store, clock, log: SILENT, isHere: (deviceId) => here.has(deviceId) });
});
afterEach(async () => {
  devices.close();
  await store.close();
  rmSync(dir, { recursive: true });
});

async function add(deviceId: string, more: Partial<Device> = {}): Promise<void> {
  const createdAt = new Date(clock.now()).toISOString();
  const usual = { deviceId, userId: 'ada', name: 'Terminal server', publicKey: 'key', origin: 'chrome-extension://a' };
  await store.addDevice({ ...usual, createdAt, enrolledBy: 'silent', ...more });
}

const ids = async () => (await store.devices()).map(({ deviceId }) => deviceId).toSorted();

describe('one that comes silently', () => {
  test('stands in for the silent ones of its name, of this user, in this extension, that are not connected', async () => {
    await add('gone');
    await add('connected');
    await add('other-name', { name: 'Office' });
    await add('other-user', { userId: 'ben' });
    await add('other-extension', { origin: 'moz-extension://b' });
    await add('by-hand', { enrolledBy: 'sign-in' });
    await add('by-code', { enrolledBy: undefined });
    await add('revoked', { revokedAt: '2026-01-01T00:00:00.000Z' });
    here.add('connected');
    await add('new');
    await devices.makeRoom('new');
    const left = ['by-code', 'by-hand', 'connected', 'new', 'other-extension', 'other-name', 'other-user', 'revoked'];
    expect(await ids()).toEqual(left);
  });
});

test('of one person ten stay, the one that was not here for the longest goes, and no connected one ever', async () => {
  for (let at = 0; at < 10; at += 1) {
    await add(`d-${at}`, { enrolledBy: 'sign-in', name: `Browser ${at}` });
    clock.advance(1_000);
  }
  here.add('d-0');
  await store.touchDevice('d-1', new Date(clock.now()).toISOString());
  await add('new', { enrolledBy: 'sign-in', name: 'New' });
  await devices.makeRoom('new');
  expect(await ids()).toEqual(['d-0', 'd-1', 'd-3', 'd-4', 'd-5', 'd-6', 'd-7', 'd-8', 'd-9', 'new']);
});

test('silent ones go by themselves after a week without a visit; others stay', async () => {
  await add('silent');
  await add('silent-here');
  await add('by-hand', { enrolledBy: 'sign-in' });
  await add('by-code', { enrolledBy: undefined });
  here.add('silent-here');
  clock.advance(6 * DAY_MS);
  await settled();
  expect(await ids()).toHaveLength(4);
  await add('younger');
  clock.advance(1.1 * DAY_MS);
  await settled();
  expect(await ids()).toEqual(['by-code', 'by-hand', 'silent-here', 'younger']);
});

test('one that was revoked stays, however old it is and however many there are: its browser has to hear that', async () => {
  await add('revoked', { revokedAt: '2026-01-01T00:00:00.000Z' });
  clock.advance(8 * DAY_MS);
  await settled();
  for (let at = 0; at < 12; at += 1) await add(`d-${at}`, { name: `Browser ${at}` });
  await devices.makeRoom('d-11');
  expect(await ids()).toContain('revoked');
  expect(await ids()).toHaveLength(11);
});

// The store's promises.
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a sign-in that is under way', () => {
  const request = {
    origin: 'chrome-extension://a',
    redirectUri: 'https://a.chromiumapp.org/',
    publicKey: 'key',
    deviceName: 'One',
    isSilent: false,
  };

  test('is good once, for ten minutes', async () => {
    const tickets = createOidcTickets({ clock });
    const [first, second, third] = [tickets.issue(request), tickets.issue(request), tickets.issue(request)];
    expect(new Set([first, second].flatMap((one) => [one?.ticket, one?.begun.state, one?.begun.nonce])).size).toBe(6);
    expect(tickets.take(first?.ticket ?? '')).toMatchObject(request);
    expect(tickets.take(first?.ticket ?? '')).toBeUndefined();
    clock.advance(599_999);
    expect(tickets.take(second?.ticket ?? '')).toMatchObject(request);
    clock.advance(1);
    expect(tickets.take(third?.ticket ?? '')).toBeUndefined();
    expect(tickets.take('')).toBeUndefined();
  });

  test('is not begun while ten thousand are, and is again when they have ended', async () => {
    const tickets = createOidcTickets({ clock });
    for (let at = 0; at < 10_000; at += 1) tickets.issue(request);
    expect(tickets.issue(request)).toBeUndefined();
    clock.advance(600_000);
    expect(tickets.issue(request)).toBeDefined();
  });
});

test('an address that has reached its limit is let go on a minute later', async () => {
  const limit = createAddressLimit({ clock, mostAMinute: 2 });
  limit.add('10.0.0.1');
  expect(limit.isReached('10.0.0.1')).toBe(false);
  limit.add('10.0.0.1');
  expect([limit.isReached('10.0.0.1'), limit.isReached('10.0.0.2')]).toEqual([true, false]);
  clock.advance(60_000);
  expect(limit.isReached('10.0.0.1')).toBe(false);
});
