// What the company set for its browsers by managed policy (storage.managed, public/managed-schema.json), and the settings
// that hold in the end: defaults, the company's, the agent's, what the company locked. Policy configures; it can never
// give Offhook access to a site, only the agent or the browser's administrator can.
import * as v from 'valibot';
import { type KeyValueStore, loadChoices, SettingFields, type Settings, withDefaults } from './settings.ts';
import { readRuleSite, type SiteRule, type SiteRules, StrictSiteRuleSchema, withRule } from './site-rules.ts';

/** What a company can set, and therefore lock. */
export const POLICY_NAMES = [
  'relay',
  'signIn',
  'country',
  'takesTelLinks',
  'notifies',
  'showsCallerWindow',
  'opensContact',
  'rings',
  'sites',
] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

/** The company's word, as far as it can be read. */
export interface Policy {
  /** The relay's start page, `'https://relay.example'`. */
  relay?: string | undefined;
  /** `oidc`: agents sign in with the company's account, by themselves where that is possible. */
  signIn?: 'oidc' | undefined;
  values: Partial<
    Pick<Settings, 'country' | 'takesTelLinks' | 'notifies' | 'showsCallerWindow' | 'opensContact' | 'rings'>
  >;
  sites: SiteRules;
  /** What agents cannot change. */
  locked: readonly PolicyName[];
}

/** The settings that hold, with what the company said of them. */
export interface SettingsInForce extends Settings {
  /** The agent's own rules for sites, without the company's. */
  ownRules: SiteRules;
  policy: Policy;
}

/** Where settings are stored; Firefox refuses `managed` where there is no policy. */
export interface SettingAreas {
  local: KeyValueStore;
  managed?: { get(keys: null): Promise<Record<string, unknown>> } | undefined;
}

/** No company, no policy. */
export const NO_POLICY: Policy = { values: {}, sites: {}, locked: [] };

/** Under which the company's last word is stored. */
export const POLICY_KEY = 'policy';
const PATIENCE_MS = 40;

const RelaySchema = v.pipe(
  v.string(),
  v.transform((address) => URL.parse(address.trim().replace(/^ws(s?):/i, 'http$1:'))),
  v.check((url) => url !== null && /^https?:$/.test(url.protocol)),
  v.transform((url) => url?.origin ?? ''),
);
const SiteNameSchema = v.object({ site: v.string() });

/** The settings that hold in this browser now. */
export async function settingsInForce(areas: SettingAreas): Promise<SettingsInForce> {
  const [choices, policy] = await Promise.all([loadChoices(areas.local), loadPolicy(areas)]);
  return inForce(choices, policy);
}

// Chromium answers about managed policies only some seconds after it was started; no call and no page waits for that.
// Until then the last word that is known holds. A newer one is stored beside the settings, which tells everybody.
async function loadPolicy({ local, managed }: SettingAreas): Promise<Policy> {
  if (!managed) return NO_POLICY;
  const known = (await local.get(POLICY_KEY))[POLICY_KEY] ?? {};
  const asked = managed.get(null).catch(() => ({}));
  void asked.then((said) => remember(local, known, said)).catch(() => undefined);
  return readPolicy(await soon(asked, known));
}

async function remember(local: KeyValueStore, known: unknown, said: Record<string, unknown>): Promise<void> {
  if (JSON.stringify(said) !== JSON.stringify(known)) await local.set({ [POLICY_KEY]: said });
}

async function soon<Answer>(asked: Promise<Answer>, otherwise: Answer): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), PATIENCE_MS);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

/** Reads a policy; what cannot be read is left out alone, so that one slip does not take the rest away. */
export function readPolicy(stored: unknown): Policy {
  if (!v.is(v.record(v.string(), v.unknown()), stored)) return NO_POLICY;
  const { relay, signIn, locked, sites, ...others } = stored;
  const readRelay = v.safeParse(RelaySchema, relay);
  const { country, takesTelLinks, notifies, showsCallerWindow, opensContact, rings } = SettingFields;
  const fields = { country, takesTelLinks, notifies, showsCallerWindow, opensContact, rings };
  const values = Object.entries(fields).flatMap(([name, schema]) => {
    const read = v.safeParse(schema, others[name]);
    return read.success ? [[name, read.output]] : [];
  });
  return {
    ...(readRelay.success && { relay: readRelay.output }),
    ...(signIn === 'oidc' && { signIn }),
    // Each field was read by its own schema.
    values: Object.fromEntries(values) as Policy['values'],
    sites: Object.fromEntries(listOf(sites).flatMap(readSite)),
    locked: POLICY_NAMES.filter((name) => listOf(locked).includes(name)),
  };
}

/** Settings by who may say what: the company's locked word, the agent's, the company's, the defaults. */
export function inForce(choices: Partial<Settings>, policy: Policy): SettingsInForce {
  const locked = Object.fromEntries(Object.entries(policy.values).filter(([name]) => isLocked(policy, name)));
  const { siteRules = {} } = choices;
  return {
    ...withDefaults({ ...policy.values, ...choices, ...locked }),
    siteRules: isLocked(policy, 'sites') ? { ...siteRules, ...policy.sites } : { ...policy.sites, ...siteRules },
    ownRules: siteRules,
    policy,
  };
}

/** Whether the company alone decides about something. A name that it locked without a value says nothing. */
export function isLocked({ locked, relay, signIn, values }: Policy, name: string): boolean {
  if (!locked.some((one) => one === name)) return false;
  if (name === 'signIn') return signIn !== undefined;
  return name === 'sites' || (name === 'relay' ? relay !== undefined : Object.hasOwn(values, name));
}

/** Whether this browser may be paired with a relay, given by its start page or its socket's address. */
export function mayPairWith(policy: Policy, relayUrl: string): boolean {
  const asked = v.safeParse(RelaySchema, relayUrl);
  return !isLocked(policy, 'relay') || (asked.success && asked.output === policy.relay);
}

/** The relay at which this browser is to sign in by itself; undefined where the company does not want that. */
export function silentRelayOf({ relay, signIn }: Policy): string | undefined {
  return signIn === 'oidc' ? relay : undefined;
}

/** Whether the company alone decides about a site. */
export function isLockedSite(policy: Policy, site: string): boolean {
  return isLocked(policy, 'sites') && Object.hasOwn(policy.sites, site);
}

/**
 * The agent's own rules after a change of what holds on a site: where the company has a rule that may be changed, the
 * agent's starts from it.
 */
export function changedRules(
  { ownRules: own, policy }: SettingsInForce,
  site: string,
  change: Partial<SiteRule>,
): SiteRules {
  const start = own[site] ?? policy.sites[site];
  const base = start === undefined ? own : { ...own, [site]: start };
  const rules = withRule(base, site, change);
  // Saying nothing would let the company's rule hold again.
  const isSilent = !Object.hasOwn(rules, site) && Object.hasOwn(policy.sites, site);
  return isSilent ? { ...rules, [site]: { state: 'on' } } : rules;
}

function readSite(entry: unknown): [string, SiteRule][] {
  const named = v.safeParse(SiteNameSchema, entry);
  const site = named.success ? readRuleSite(named.output.site) : undefined;
  if (site === undefined || !v.is(v.record(v.string(), v.unknown()), entry)) return [];
  const { site: _name, ...said } = entry;
  const rule = v.safeParse(StrictSiteRuleSchema, said);
  return rule.success ? [[site, rule.output]] : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
