// What the agent set, and the relay of this profile.
import { describe, expect, test } from 'vitest';
import {
  guessCountry,
  loadChoices,
  loadConnection,
  loadSettings,
  saveConnection,
  saveSettings,
} from '#lib/settings.ts';
import { createFakeStorage } from '../fakes/storage.ts';

const DEFAULTS = {
  country: undefined,
  takesTelLinks: true,
  notifies: true,
  showsCallerWindow: true,
  opensContact: 'never',
  opensContactVip: undefined,
  opensContactOutbound: 'never',
  rings: false,
  quietUntil: undefined,
  quietInFullScreen: false,
  ringtones: { volume: 0.5, tones: { internal: 'double', external: 'classic' } },
  defaultLineId: undefined,
  favourites: [],
  phones: {},
  siteRules: {},
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

describe('stored by the first version', () => {
  const FIRST = {
    country: 'AT',
    takesTelLinks: true,
    notifies: false,
    favourites: ['line-11'],
    pausedSites: ['https://mail.example'],
  };

  test('paused sites become rules, and nothing else is lost', async () => {
    const store = createFakeStorage();
    await store.set({ settings: FIRST });
    expect(await loadSettings(store)).toEqual({
      ...DEFAULTS,
      country: 'AT',
      notifies: false,
      favourites: ['line-11'],
      siteRules: { 'https://mail.example': { state: 'paused' } },
    });
  });

  test('what was stored stays beside it at the first change', async () => {
    const store = createFakeStorage();
    await store.set({ settings: FIRST });
    await loadSettings(store);
    expect(store.items.get('settingsBefore2')).toBeUndefined();
    await saveSettings(store, { country: 'CH' });
    expect(store.items.get('settingsBefore2')).toEqual(FIRST);
    await saveSettings(store, { country: 'DE' });
    expect(store.items.get('settingsBefore2')).toEqual(FIRST);
    expect(await loadSettings(store)).toMatchObject({ country: 'DE', favourites: ['line-11'] });
    expect(store.items.get('settings')).toMatchObject({ version: 2 });
  });

  test('a default that was stored is nobody’s choice', async () => {
    const store = createFakeStorage();
    await store.set({ settings: FIRST });
    expect(Object.keys(await loadChoices(store)).sort()).toEqual(['country', 'favourites', 'notifies', 'siteRules']);
  });
});

test('what only a newer version knows outlives a change by this one', async () => {
  const store = createFakeStorage();
  await store.set({ settings: { version: 9, country: 'AT', wallpaper: 'blue' } });
  await saveSettings(store, { notifies: false });
  expect(store.items.get('settings')).toEqual({ version: 9, country: 'AT', wallpaper: 'blue', notifies: false });
});

test('a choice is taken back by undefined', async () => {
  const store = createFakeStorage();
  await saveSettings(store, { country: 'AT' });
  await saveSettings(store, { country: undefined });
  expect(await loadChoices(store)).toEqual({});
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
