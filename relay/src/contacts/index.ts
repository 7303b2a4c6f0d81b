// Kind of a contact source → its implementation. The one place that names them.
import type { ContactsConfig } from '../config.ts';
import type { ReadSecret, SecretRef } from '../secret-ref.ts';
import { createCarddavSource } from './carddav.ts';
import { createCsvSource } from './csv.ts';
import { createJsonSource } from './json.ts';
import { createLdapSource } from './ldap.ts';
import { createLiveFacts } from './live-facts.ts';
import { createPostgresSource } from './postgres-query.ts';
import type { ContactSource, LiveSource } from './source.ts';
import { createSqliteSource } from './sqlite-query.ts';
import { createVcardSource } from './vcard.ts';

/** The source that a `contacts` entry of relay.yaml describes. Nothing is read yet; secrets are at each import. */
export function openContactSource(config: ContactsConfig, readSecret: ReadSecret): ContactSource {
  const secretOf = (ref: SecretRef | undefined) => (ref === undefined ? undefined : readSecret(ref));
  switch (config.kind) {
    case 'csv': {
      const { limits, ...settings } = config;
      return createCsvSource({ ...settings, ...given(limits) });
    }
    case 'vcard': {
      const { limits, ...settings } = config;
      return createVcardSource({ ...settings, ...given(limits) });
    }
    case 'ldap': {
      const { bindDn, password, limits, ...settings } = config;
      const credentials = () => (bindDn === undefined ? undefined : { bindDn, password: secretOf(password) ?? '' });
      return createLdapSource({ ...settings, limits: given(limits), credentials });
    }
    case 'carddav': {
      const { username, password, limits, ...settings } = config;
      const credentials = () => (username === undefined ? undefined : { username, password: secretOf(password) ?? '' });
      return createCarddavSource({ ...settings, limits: given(limits), credentials });
    }
    case 'sqlite': {
      const { timeoutSeconds, limits, ...settings } = config;
      return createSqliteSource({ ...settings, limits: given(limits), timeoutMs: inMs(timeoutSeconds) });
    }
    case 'postgres': {
      const { timeoutSeconds, password, limits, ...settings } = config;
      const timeoutMs = inMs(timeoutSeconds);
      return createPostgresSource({
        ...settings,
        limits: given(limits),
        timeoutMs,
        password: () => secretOf(password),
      });
    }
    case 'json': {
      const { headers = {}, limits, ...settings } = config;
      return createJsonSource({ ...settings, limits: given(limits), headers: () => headersOf(headers, readSecret) });
    }
    default:
      return config satisfies never;
  }
}

/** How the CRM behind a source is asked when somebody calls; undefined where it is not. */
export function openLiveFacts({ live }: ContactsConfig, readSecret: ReadSecret): LiveSource | undefined {
  if (!live) return undefined;
  const { url, facts, headers = {}, privateHosts, budgetMs, keepSeconds } = live;
  const ask = createLiveFacts({ url, facts, privateHosts, headers: () => headersOf(headers, readSecret) });
  return { budgetMs, keepMs: keepSeconds * 1000, ask };
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

// A limit that is not told is the usual one, not none.
function given<Limits extends object>(
  limits: Limits | undefined,
): { [Key in keyof Limits]?: NonNullable<Limits[Key]> } {
  const entries = Object.entries(limits ?? {}).filter(([, limit]) => limit !== undefined);
  // Object.fromEntries does not keep the keys' names.
  return Object.fromEntries(entries) as { [Key in keyof Limits]?: NonNullable<Limits[Key]> };
}

type Headers = NonNullable<Extract<ContactsConfig, { kind: 'json' }>['headers']>;

function headersOf(headers: Headers, readSecret: ReadSecret): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : `${value.before ?? ''}${readSecret(value.secret)}`,
    ]),
  );
}
