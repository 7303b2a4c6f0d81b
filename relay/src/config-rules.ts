// What a schema cannot see: keys of the configuration that contradict each other, or name what is not there.
import { locationProblems } from '@offhook/protocol/location-settings';
import * as v from 'valibot';
import { faultMessage } from './config-error.ts';
import { type ConfigFile, isLoopback } from './config-schema.ts';
import { sourceFaults } from './contacts/settings.ts';
import { oidcTenantFaults } from './oidc-settings.ts';
import { natureOf, pbxOptionsSchema } from './pbx/index.ts';
import { settingsFaults } from './tapimaster-server/settings.ts';

/** A fault between keys; `keys` leads to the one to change. */
export interface CrossFault {
  keys: readonly PropertyKey[];
  message: string;
}

/** Every contradiction in a configuration whose keys are right one by one. */
export function crossFaults(config: ConfigFile): CrossFault[] {
  return [
    listenerFaults,
    originFaults,
    optionFaults,
    locationFaults,
    idFaults,
    tenantFaults,
    signInFaults,
    seedFaults,
    tapiMasterFaults,
    sourcesFaults,
  ].flatMap((check) => check(config));
}

function tapiMasterFaults({ tapiMasterServer }: ConfigFile): CrossFault[] {
  if (tapiMasterServer === undefined) return [];
  return settingsFaults(tapiMasterServer).map(({ keys, message }) => ({
    keys: ['tapiMasterServer', ...keys],
    message,
  }));
}

function sourcesFaults({ contacts }: ConfigFile): CrossFault[] {
  return contacts.flatMap((source, index) =>
    sourceFaults(source).map(({ keys, message }) => ({ keys: ['contacts', index, ...keys], message })),
  );
}

function listenerFaults({ listen, health, tls }: ConfigFile): CrossFault[] {
  const faults: CrossFault[] = [];
  if (!isLoopback(listen.host) && tls === undefined) {
    faults.push({
      keys: ['listen'],
      message:
        `${listen.host} can be reached from other machines, which needs TLS: "relay tls init HOST" makes a certificate for ` +
        'tls.cert and tls.key; or listen on 127.0.0.1 and put a reverse proxy with TLS before it (its wss:// address goes ' +
        'into publicOrigins)',
    });
  }
  if (health !== undefined && !isLoopback(health.host)) {
    faults.push({
      keys: ['health'],
      message: `${health.host} can be reached from other machines: give it a loopback address, or ask "listen" for /healthz`,
    });
  }
  if (health !== undefined && health.port !== 0 && health.port === listen.port) {
    const message = `"listen" and "health" are both on port ${listen.port}: give one another port`;
    faults.push({ keys: ['health'], message });
  }
  return faults;
}

function originFaults({ publicOrigins = [], tls }: ConfigFile): CrossFault[] {
  if (tls === undefined) return [];
  return publicOrigins.flatMap((origin, index) => {
    if (origin.startsWith('wss:')) return [];
    return [{ keys: ['publicOrigins', index], message: 'should begin with wss://, since this relay has "tls"' }];
  });
}

function optionFaults({ pbx }: ConfigFile): CrossFault[] {
  return pbx.flatMap(({ kind, options }, index) => {
    const schema = pbxOptionsSchema(kind);
    const { issues = [] } = v.safeParse(schema, options);
    return issues.map((issue) => {
      const inside = (issue.path ?? []).map((step) => (typeof step.key === 'number' ? step.key : String(step.key)));
      return { keys: ['pbx', index, 'options', ...inside], message: faultMessage(issue, schema) };
    });
  });
}

function locationFaults({ pbx }: ConfigFile): CrossFault[] {
  return pbx.flatMap(({ kind, location }, index) =>
    locationProblems(location, natureOf(kind)).map(({ key, message }) => {
      return { keys: ['pbx', index, 'location', key], message };
    }),
  );
}

function idFaults(config: ConfigFile): CrossFault[] {
  const { tenants, users, lines } = config.seed;
  return [
    ...repeated(config.pbx, (pbx) => pbx.id, ['pbx'], 'id'),
    ...repeated(config.contacts, (source) => source.id, ['contacts'], 'id'),
    ...repeated(config.journal, (rules) => rules.tenant ?? tenants[0]?.id ?? '', ['journal'], 'tenant'),
    ...repeated(config.entryForms, (forms) => forms.tenant ?? tenants[0]?.id ?? '', ['entryForms'], 'tenant'),
    ...repeated(tenants, (tenant) => tenant.id, ['seed', 'tenants'], 'id'),
    ...repeated(users, (user) => `${user.tenant ?? ''} ${user.login}`, ['seed', 'users'], 'login'),
    ...repeated(lines, (line) => `${line.pbx} ${line.key}`, ['seed', 'lines'], 'key'),
  ];
}

function repeated<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  path: readonly PropertyKey[],
  key: string,
): CrossFault[] {
  return items.flatMap((item, index) => {
    const first = items.findIndex((other) => keyOf(other) === keyOf(item));
    if (first === index) return [];
    return [{ keys: [...path, index, key], message: `is the same as that of entry ${first + 1}` }];
  });
}

function tenantFaults({ pbx, contacts, journal, entryForms, seed }: ConfigFile): CrossFault[] {
  const known = seed.tenants.map((tenant) => tenant.id);
  const named = [
    ...pbx.map(({ tenant }, index) => ({ tenant, keys: ['pbx', index, 'tenant'] })),
    ...contacts.map(({ tenant }, index) => ({ tenant, keys: ['contacts', index, 'tenant'] })),
    ...journal.map(({ tenant }, index) => ({ tenant, keys: ['journal', index, 'tenant'] })),
    ...entryForms.map(({ tenant }, index) => ({ tenant, keys: ['entryForms', index, 'tenant'] })),
    ...seed.users.map(({ tenant }, index) => ({ tenant, keys: ['seed', 'users', index, 'tenant'] })),
  ];
  return named.flatMap(({ tenant, keys }) => {
    if (tenant === undefined) {
      return known.length > 1 ? [{ keys, message: `is missing: there are several tenants (${known.join(', ')})` }] : [];
    }
    if (known.includes(tenant)) return [];
    const remedy =
      known.length > 0 ? `known are ${known.join(', ')}` : 'seed.tenants is empty: add it there, or leave this out';
    return [{ keys, message: `"${tenant}" is not in seed.tenants (${remedy})` }];
  });
}

function signInFaults({ signIn: { oidc }, seed }: ConfigFile): CrossFault[] {
  const faults = oidc
    ? oidcTenantFaults(
        oidc,
        seed.tenants.map(({ id }) => id),
      )
    : [];
  return faults.map(({ keys, message }) => ({ keys: ['signIn', 'oidc', ...keys], message }));
}

function seedFaults({ pbx, seed }: ConfigFile): CrossFault[] {
  const ids = pbx.map((one) => one.id);
  const lines = seed.lines.flatMap((line, index) => unknownPbx(line.pbx, ids, ['seed', 'lines', index, 'pbx']));
  const users = seed.users.flatMap((user, index) =>
    namedLines(user).flatMap(({ line, keys }) => lineFaults(line, ids, ['seed', 'users', index, ...keys])),
  );
  return [...lines, ...users];
}

function namedLines(user: ConfigFile['seed']['users'][number]): { line: string; keys: PropertyKey[] }[] {
  const lists = ['lines', 'watch', 'control', 'pickup', 'seeNumbers', 'seeNames'] as const;
  return [
    ...(user.line === undefined ? [] : [{ line: user.line, keys: ['line'] }]),
    ...lists.flatMap((key) => {
      const list = user[key];
      return list === '*' ? [] : list.map((line, index) => ({ line, keys: [key, index] }));
    }),
  ];
}

function lineFaults(line: string, ids: readonly string[], keys: readonly PropertyKey[]): CrossFault[] {
  const slash = line.indexOf('/');
  if (slash >= 0) return unknownPbx(line.slice(0, slash), ids, keys);
  if (ids.length === 1) return [];
  const remedy =
    ids.length === 0 ? 'there is no phone system under "pbx"' : `say which phone system: "${ids[0]}/${line}"`;
  return [{ keys, message: `line "${line}": ${remedy}` }];
}

function unknownPbx(id: string, ids: readonly string[], keys: readonly PropertyKey[]): CrossFault[] {
  return ids.includes(id) ? [] : [{ keys, message: `"${id}" is not the id of a phone system under "pbx"` }];
}
