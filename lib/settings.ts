// What the agent set, typed and with defaults. Stored values are read by schema, so that a field that an older or newer
// version wrote falls back to its default alone.
import * as v from 'valibot';

const SettingsSchema = v.object({
  /** ISO 3166 country by which numbers without country code are read; undefined until chosen: see `guessCountry`. */
  country: v.fallback(v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/))), undefined),
  /** Whether a click on a phone link (`tel:`) dials. */
  takesTelLinks: v.fallback(v.boolean(), true),
  /** Whether an incoming call shows a notification. */
  notifies: v.fallback(v.boolean(), true),
  /** Whether an incoming call opens the caller window. */
  showsCallerWindow: v.fallback(v.boolean(), true),
  /** When the contact of an inbound call opens in the CRM by itself. */
  opensContact: v.fallback(v.picklist(['ring', 'answer', 'never']), 'never'),
  /** The line that calls go out on where the agent did not choose another one. */
  defaultLineId: v.fallback(v.optional(v.string()), undefined),
  /** Lines of colleagues that stand first, in the agent's order. */
  favourites: v.fallback(v.array(v.string()), []),
  /** Origins on which the agent paused Offhook although the browser would let it in. */
  pausedSites: v.fallback(v.array(v.string()), []),
});
export type Settings = v.InferOutput<typeof SettingsSchema>;

/** A storage area as far as it is needed here (`browser.storage.local`). */
export interface KeyValueStore {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
  remove(key: string): Promise<void>;
}

const KEY = 'settings';

/** The settings as they are stored, defaults filled in. */
export async function loadSettings(store: KeyValueStore): Promise<Settings> {
  const stored = (await store.get(KEY))[KEY];
  return v.parse(SettingsSchema, typeof stored === 'object' && stored !== null ? stored : {});
}

/** Changes some settings and keeps the others. */
export async function saveSettings(store: KeyValueStore, change: Partial<Settings>): Promise<Settings> {
  const settings = { ...(await loadSettings(store)), ...change };
  await store.set({ [KEY]: settings });
  return settings;
}

const COUNTRY_BY_TIME_ZONE: Record<string, string> = {
  'Europe/Berlin': 'DE',
  'Europe/Busingen': 'DE',
  'Europe/Vienna': 'AT',
  'Europe/Zurich': 'CH',
  'Europe/Paris': 'FR',
  'Europe/London': 'GB',
  'Europe/Rome': 'IT',
  'Europe/Madrid': 'ES',
  'Europe/Amsterdam': 'NL',
  'Europe/Brussels': 'BE',
  'Europe/Warsaw': 'PL',
  'Europe/Lisbon': 'PT',
  'Europe/Stockholm': 'SE',
  'Europe/Copenhagen': 'DK',
  'America/New_York': 'US',
  'America/Chicago': 'US',
  'America/Denver': 'US',
  'America/Los_Angeles': 'US',
  'America/Toronto': 'CA',
  'Australia/Sydney': 'AU',
  'Asia/Kolkata': 'IN',
};

/**
 * The country to read numbers by until the agent chose one: the time zone's, else the region of the browser's language
 * (`'de-AT'` → `'AT'`), else Germany. `en` without a region says nothing.
 */
export function guessCountry({ timeZone, language }: { timeZone: string; language: string }): string {
  const region = /-([A-Z]{2})\b/.exec(language)?.[1];
  const byLanguage = { de: 'DE', fr: 'FR', it: 'IT', es: 'ES', nl: 'NL', pl: 'PL' }[language.slice(0, 2)];
  return COUNTRY_BY_TIME_ZONE[timeZone] ?? region ?? byLanguage ?? 'DE';
}

const ConnectionSchema = v.object({
  /** `'ws://127.0.0.1:8730'` */
  origin: v.pipe(v.string(), v.regex(/^wss?:\/\/[^/]+$/)),
  device: v.string(),
  userName: v.string(),
});
/** The relay that this profile is paired with. */
export type Connection = v.InferOutput<typeof ConnectionSchema>;

const CONNECTION_KEY = 'connection';

/** The relay of this profile, or undefined while it is not paired. */
export async function loadConnection(store: KeyValueStore): Promise<Connection | undefined> {
  const read = v.safeParse(ConnectionSchema, (await store.get(CONNECTION_KEY))[CONNECTION_KEY]);
  return read.success ? read.output : undefined;
}

/** Remembers the relay, or forgets it. */
export async function saveConnection(store: KeyValueStore, connection: Connection | undefined): Promise<void> {
  if (connection) await store.set({ [CONNECTION_KEY]: connection });
  else await store.remove(CONNECTION_KEY);
}
