// What the agent set, and the relay of this profile.
import { describe, expect, test } from 'vitest';
import { guessCountry, loadConnection, loadSettings, saveConnection, saveSettings } from '#lib/settings.ts';
import { createFakeStorage } from '../fakes/storage.ts';

const DEFAULTS = {
  country: undefined,
  takesTelLinks: true,
  notifies: true,
  showsCallerWindow: true,
  opensContact: 'never',
  defaultLineId: undefined,
  favourites: [],
  pausedSites: [],
};

describe('settings', () => {
  test.each([undefined, null, 'text', 42, []])('stored as %j are the defaults', async (stored) => {
    const store = createFakeStorage();
    if (stored !== undefined) await store.set({ settings: stored });
    expect(await loadSettings(store)).toEqual(DEFAULTS);
  });

  test('a field that another version wrote differently falls back alone', async () => {
    const store = createFakeStorage();
    await store.set({ settings: { country: 'Germany', takesTelLinks: false, notifies: 'often', future: 1 } });
    expect(await loadSettings(store)).toEqual({ ...DEFAULTS, takesTelLinks: false });
  });

  test('a change keeps the others', async () => {
    const store = createFakeStorage();
    await saveSettings(store, { country: 'AT' });
    await saveSettings(store, { notifies: false });
    expect(await loadSettings(store)).toEqual({ ...DEFAULTS, country: 'AT', notifies: false });
  });
});

describe('the relay of this profile', () => {
  const CONNECTION = { origin: 'wss://relay.example', device: 'device-1', userName: 'Mia Sample' };

  test('is remembered and forgotten', async () => {
    const store = createFakeStorage();
    expect(await loadConnection(store)).toBeUndefined();
    await saveConnection(store, CONNECTION);
    expect(await loadConnection(store)).toEqual(CONNECTION);
    await saveConnection(store, undefined);
    expect(await loadConnection(store)).toBeUndefined();
  });

  test('of something that is no address is none', async () => {
    const store = createFakeStorage();
    await store.set({ connection: { ...CONNECTION, origin: 'https://relay.example/path' } });
    expect(await loadConnection(store)).toBeUndefined();
  });
});

test.each([
  ['Europe/Vienna', 'en-US', 'AT'],
  ['Etc/UTC', 'de-CH', 'CH'],
  ['Etc/UTC', 'fr', 'FR'],
  ['Etc/UTC', 'en', 'DE'],
  ['Etc/UTC', '', 'DE'],
])('in time zone %s with language %s numbers are read as in %s', (timeZone, language, country) => {
  expect(guessCountry({ timeZone, language })).toBe(country);
});
