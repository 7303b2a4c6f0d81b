// What the agent set, typed and with defaults. Stored values are read by schema, so that a field that an older or newer
// version wrote falls back to its default alone. What the company sets comes on top: policy.ts.
import * as v from 'valibot';
import { DEFAULT_RINGTONES, type Ringtones, RingtonesSchema } from './ringtone-settings.ts';
import { type SiteRules, StoredSiteRulesSchema } from './site-rules.ts';

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
  ringtones: DEFAULT_RINGTONES,
  defaultLineId: undefined,
  favourites: [],
  phones: {},
  siteRules: {},
} satisfies Settings;

/** What can be set, field by field. */
export const SettingFields = {
  country: v.pipe(v.string(), v.regex(/^[A-Z]{2}$/)),
  takesTelLinks: v.boolean(),
  notifies: v.boolean(),
  showsCallerWindow: v.boolean(),
  opensContact: v.picklist(['ring', 'answer', 'never']),
  opensContactVip: v.picklist(['ring', 'answer', 'never']),
  opensContactOutbound: v.picklist(['dial', 'answer', 'never']),
  rings: v.boolean(),
  quietUntil: v.number(),
  quietInFullScreen: v.boolean(),
  ringtones: RingtonesSchema,
  defaultLineId: v.string(),
  favourites: v.array(v.string()),
  phones: v.record(v.string(), v.string()),
  siteRules: StoredSiteRulesSchema,
} as const;

export interface Settings {
  /** ISO 3166 country by which numbers without country code are read; undefined until chosen: see `guessCountry`. */
  country: string | undefined;
  /** Whether a click on a phone link (`tel:`) dials. */
  takesTelLinks: boolean;
  /** Whether an incoming call shows a notification. */
  notifies: boolean;
  /** Whether an incoming call opens the caller window. */
  showsCallerWindow: boolean;
  /** When the contact of an inbound call opens in the CRM by itself. */
  opensContact: 'ring' | 'answer' | 'never';
  /** The same for contacts who matter most; undefined: as for all. */
  opensContactVip: 'ring' | 'answer' | 'never' | undefined;
  /** When the contact of a call that the agent makes opens by itself. */
  opensContactOutbound: 'dial' | 'answer' | 'never';
  /** Whether this browser rings, beside the phone. */
  rings: boolean;
  ringtones: Ringtones;
  /** Until when calls are not announced here, in milliseconds since 1970; undefined: they are. */
  quietUntil: number | undefined;
  /** Whether calls are not announced while a window of the browser is full-screen. */
  quietInFullScreen: boolean;
  /** The line that calls go out on where the agent did not choose another one. */
  defaultLineId: string | undefined;
  /** Lines of colleagues that stand first, in the agent's order. */
  favourites: readonly string[];
  /** Which phone of a line rings first for calls that are started there, by line; the usual one where none is named. */
  phones: Readonly<Record<string, string>>;
  /** What holds on single sites. */
  siteRules: SiteRules;
}

/** A storage area as far as it is needed here (`browser.storage.local`). */
export interface KeyValueStore {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
  remove(key: string): Promise<void>;
}

type Stored = Readonly<Record<string, unknown>>;

const KEY = 'settings';
const VERSION = 2;

// From each version to the next one, forwards only. What was stored before stays beside it, under `settingsBefore<version>`.
const MIGRATIONS: Readonly<Record<number, (stored: Stored) => Stored>> = { 1: toSiteRules };

/** What the agent chose, and nothing else. */
export async function loadChoices(store: KeyValueStore): Promise<Partial<Settings>> {
  const stored = migrated(await storedIn(store));
  const chosen = Object.entries(SettingFields).flatMap(([name, schema]) => {
    const read = v.safeParse(schema, stored[name]);
    return read.success ? [[name, read.output]] : [];
  });
  // Each field was read by its own schema.
  return Object.fromEntries(chosen) as Partial<Settings>;
}

/** The settings as they are stored, defaults filled in. */
export async function loadSettings(store: KeyValueStore): Promise<Settings> {
  return withDefaults(await loadChoices(store));
}

/** Choices with the defaults of everything else. */
export function withDefaults(choices: Partial<Settings>): Settings {
  return { ...DEFAULTS, ...choices };
}

/** Changes some settings and keeps the others, also those that only a newer version knows. */
export async function saveSettings(store: KeyValueStore, change: Partial<Settings>): Promise<Settings> {
  const before = await storedIn(store);
  const version = versionOf(before);
  if (version < VERSION && Object.keys(before).length > 0) await store.set({ [`${KEY}Before${VERSION}`]: before });
  const { version: _old, ...kept } = migrated(before);
  await store.set({ [KEY]: { ...kept, ...change, version: Math.max(version, VERSION) } });
  return loadSettings(store);
}

async function storedIn(store: KeyValueStore): Promise<Stored> {
  const stored = (await store.get(KEY))[KEY];
  return v.is(v.record(v.string(), v.unknown()), stored) ? stored : {};
}

function versionOf({ version = 1 }: Stored): number {
  return typeof version === 'number' ? version : 1;
}

function migrated(stored: Stored): Stored {
  let current = stored;
  for (let version = versionOf(stored); version < VERSION; version += 1) {
    current = MIGRATIONS[version]?.(current) ?? current;
  }
  return current;
}

// Version 1 knew paused sites alone, and stored the defaults as if somebody had chosen them: then the company's would
// never hold.
function toSiteRules({ pausedSites, ...others }: Stored): Stored {
  const defaults: Stored = DEFAULTS;
  const chosen = Object.entries(others).filter(([name, value]) => value !== defaults[name]);
  const paused = v.is(v.array(v.string()), pausedSites) ? pausedSites : [];
  const siteRules = Object.fromEntries(paused.map((site) => [site, { state: 'paused' }]));
  return { ...Object.fromEntries(chosen), ...(paused.length > 0 && { siteRules }) };
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
