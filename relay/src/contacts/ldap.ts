// Contacts from an LDAP directory (OpenLDAP, Active Directory and others): one search, read page by page, since servers cut
// long answers off. What goes wrong there is told in words; the password goes over encrypted lines only.
import { readFileSync } from 'node:fs';
import {
  Client,
  type Entry,
  InvalidCredentialsError,
  NoSuchObjectError,
  ResultCodeError,
  SizeLimitExceededError,
} from 'ldapts';
import { aboutFields } from './about.ts';
import { type ContactSettings, contactsOf } from './contact-of.ts';
import { type FieldNames, mappingOf, namedParts, type Part, recordOf } from './fields.ts';
import type { SourceRecord } from './record.ts';
import { type ContactSource, ContactsError, DEFAULT_LIMITS, type ReadLimits, type ReadOptions } from './source.ts';

export interface LdapOptions extends ContactSettings {
  /** `'ldaps://ldap.example.com'` or `'ldap://…'`. */
  url: string;
  startTls?: boolean | undefined;
  /** File of the certificate of the authority that signed the server's. */
  ca?: string | undefined;
  /** Anonymous without. Asked for at each import. */
  credentials(): { bindDn: string; password: string } | undefined;
  base: string;
  /** As RFC 4515 writes it. */
  filter?: string | undefined;
  /** Attributes that must have exactly these values, whatever signs are in them. */
  where?: Readonly<Record<string, string>> | undefined;
  scope?: 'sub' | 'one' | undefined;
  pageSize?: number | undefined;
  fields?: FieldNames | undefined;
  limits?: Partial<ReadLimits> | undefined;
}

const TIMEOUT_MS = 30_000;
const PAGE_SIZE = 500;
const ATTRIBUTE = /^(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)+)(?:;[A-Za-z0-9-]+)*$/;

/** Which attribute is what where the configuration does not say: inetOrgPerson (RFC 2798) and Active Directory. */
const USUAL_FIELDS: FieldNames = {
  id: 'uid',
  name: ['displayName', 'cn'],
  firstName: 'givenName',
  lastName: 'sn',
  company: ['o', 'company'],
  email: 'mail',
  numbers: {
    telephoneNumber: '',
    otherTelephone: 'Other',
    mobile: 'Mobile',
    otherMobile: 'Other mobile',
    homePhone: 'Home',
    facsimileTelephoneNumber: 'Fax',
  },
};

/** A contact source over one subtree of a directory. */
export function createLdapSource(options: LdapOptions): ContactSource {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return { read: (readOptions) => contactsOf(recordsOf(options, limits, readOptions), options, readOptions) };
}

async function* recordsOf(options: LdapOptions, limits: ReadLimits, told: ReadOptions): AsyncIterable<SourceRecord> {
  const parts = namedParts({ ...USUAL_FIELDS, ...options.fields });
  told.onMapping?.(mappingOf(parts));
  const client = new Client(clientOptions(options));
  let count = 0;
  try {
    await signIn(client, options);
    for await (const { searchEntries } of client.searchPaginated(options.base, searchOf(options, parts))) {
      told.signal?.throwIfAborted();
      for (const entry of searchEntries) {
        count += 1;
        if (count > limits.maxRows) {
          throw new ContactsError(`more than ${limits.maxRows} entries: raise limits.maxRows, or narrow "filter"`);
        }
        yield recordOfEntry(entry, parts, { line: count, limits });
      }
    }
  } catch (error) {
    if (told.signal?.aborted || error instanceof ContactsError) throw error;
    throw errorOf(error, options, count);
  } finally {
    await client.unbind().catch(() => undefined);
  }
}

function clientOptions({ url, ca, startTls }: LdapOptions) {
  const tlsOptions = url.startsWith('ldaps:') && !startTls ? tlsOf(ca) : undefined;
  return { url, timeout: TIMEOUT_MS, connectTimeout: TIMEOUT_MS, ...(tlsOptions && { tlsOptions }) };
}

function tlsOf(ca: string | undefined) {
  if (ca === undefined) return {};
  try {
    return { ca: readFileSync(ca) };
  } catch (cause) {
    throw new ContactsError(`${ca} (ca) cannot be read`, { cause });
  }
}

async function signIn(client: Client, { startTls, ca, url, credentials }: LdapOptions): Promise<void> {
  if (startTls) await client.startTLS({ ...tlsOf(ca), servername: new URL(url).hostname });
  const known = credentials();
  if (known) await client.bind(known.bindDn, known.password);
}

// Only entries with a number are asked for, and of those what is needed.
function searchOf(options: LdapOptions, parts: readonly Part[]) {
  const { filter, where = {}, scope = 'sub', pageSize = PAGE_SIZE } = options;
  const about = aboutFields(options);
  const named = [...parts.map(({ title }) => title), ...about, ...Object.keys(where)];
  const odd = named.find((name) => !ATTRIBUTE.test(name));
  if (odd !== undefined) throw new ContactsError(`"${odd}" is no name of an attribute`);
  const numbers = parts.filter(({ field }) => field === 'number').map(({ title }) => `(${title}=*)`);
  const wanted = Object.entries(where).map(([name, value]) => `(${name}=${filterValue(value)})`);
  const attributes = new Set([...parts.map(({ title }) => title), ...about]);
  return {
    scope,
    filter: `(&${filter ?? `(|${numbers.join('')})`}${wanted.join('')})`,
    attributes: [...attributes],
    paged: { pageSize },
    timeLimit: TIMEOUT_MS / 1000,
  };
}

function recordOfEntry(
  entry: Entry,
  parts: readonly Part[],
  { line, limits }: { line: number; limits: ReadLimits },
): SourceRecord {
  // Attributes are named without regard to case; a server may answer in its own spelling.
  const byName = new Map(Object.entries(entry).map(([name, value]) => [name.toLowerCase(), value]));
  const textsOf = (name: string): string[] => {
    const value = byName.get(name.toLowerCase()) ?? [];
    const values: readonly (string | Buffer)[] = Array.isArray(value) ? value : [value];
    return values.slice(0, limits.maxFields).map((one) => String(one).slice(0, limits.maxFieldLength));
  };
  const record = recordOf({ line, place: entry.dn }, parts, {
    of: (place) => textsOf(parts[place]?.title ?? ''),
    fieldOf: (place) => parts[place]?.title ?? '',
    get: (name) => textsOf(name)[0],
  });
  return record.id.trim() === '' ? { ...record, key: entry.dn } : record;
}

function errorOf(cause: unknown, { url, base, credentials }: LdapOptions, count: number): ContactsError {
  const { host } = new URL(url);
  const say = (why: string) => new ContactsError(`${host}: ${why}`, { cause });
  if (cause instanceof InvalidCredentialsError) {
    return say('the password of "bindDn" is not accepted: check "bindDn" and the secret behind "password"');
  }
  if (cause instanceof SizeLimitExceededError) {
    const who = credentials() ? 'this account' : 'anonymous searches: give "bindDn" and "password", or';
    return say(`the server cuts off after ${count} entries for ${who}; raise its size limit there, or narrow "filter"`);
  }
  if (cause instanceof NoSuchObjectError) return say(`there is nothing at "${base}" (base), or no right to see it`);
  if (cause instanceof ResultCodeError) return say(`the server refused the search (${cause.name}, code ${cause.code})`);
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  const why = cause instanceof Error ? cause.message : String(cause);
  return say(code === '' ? why : `cannot be reached${code}`);
}

// A value within a filter of RFC 4515, so that it can mean nothing but itself.
function filterValue(text: string): string {
  return text.replace(/[\\*()\0]/g, (sign) => `\\${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
