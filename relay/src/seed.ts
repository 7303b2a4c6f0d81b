// The `seed` block of relay.yaml as rows for an empty database: tenants, users, their lines and grants. A database that
// has a tenant already is never touched by it.
import type { Right } from '@offhook/protocol';
import { RIGHTS } from '@offhook/protocol';
import { type Config, DEFAULT_TENANT } from './config.ts';
import type { Grant, Seed, Tenant } from './store/store.ts';

type SeedUser = Config['seed']['users'][number];

/** How a line's id is made from its phone system and the phone system's own key. */
export type LineIdOf = (pbxId: string, lineKey: string) => string;

/**
 * The rows of a configuration's seed. A user's own lines carry every right; `watch`, `control`, `pickup`, `seeNumbers`
 * and `seeNames` add rights on others, each of which includes `watch`. Without `seed.tenants` there is one, `default`.
 */
export function seedOf(config: Config, lineIdOf: LineIdOf): Seed {
  const tenants = tenantsOf(config);
  const onlyTenant = tenants[0]?.tenantId ?? DEFAULT_TENANT;
  const named = { config, lineIdOf };
  return {
    tenants,
    users: config.seed.users.map((user) => ({
      userId: userIdOf(user.tenant ?? onlyTenant, user.login),
      tenantId: user.tenant ?? onlyTenant,
      login: user.login,
      displayName: user.name,
    })),
    lines: config.seed.lines.map(({ pbx, key, extension, name }) => ({
      lineId: lineIdOf(pbx, key),
      tenantId: config.pbx.find((one) => one.id === pbx)?.tenant ?? onlyTenant,
      pbxId: pbx,
      lineKey: key,
      extension,
      name,
    })),
    grants: config.seed.users.flatMap((user) =>
      grantsOf(user, named).map((grant) => ({ ...grant, userId: userIdOf(user.tenant ?? onlyTenant, user.login) })),
    ),
  };
}

function tenantsOf({ seed, pbx }: Config): Tenant[] {
  if (seed.tenants.length === 0) {
    return [{ tenantId: DEFAULT_TENANT, name: 'Company', country: pbx[0]?.location.country ?? 'DE' }];
  }
  return seed.tenants.map(({ id, name, country }) => ({ tenantId: id, name, country }));
}

/** The id of a tenant's user. A tenant's id has no dot, so that no two users share an id. */
export function userIdOf(tenantId: string, login: string): string {
  return `${tenantId}.${login}`;
}

interface Named {
  config: Config;
  lineIdOf: LineIdOf;
}

function grantsOf(user: SeedUser, named: Named): Omit<Grant, 'userId'>[] {
  const own = [...(user.line === undefined ? [] : [user.line]), ...user.lines].map((line) => idOfNamed(line, named));
  const extra: [Right, '*' | string[]][] = [
    ['watch', user.watch],
    ['control', user.control],
    ['pickup', user.pickup],
    ['see-numbers', user.seeNumbers],
    ['see-names', user.seeNames],
  ];
  const rightsOn = new Map<string, Set<Right>>();
  for (const [right, lines] of extra) {
    const ids = lines === '*' ? ['*'] : lines.map((line) => idOfNamed(line, named));
    for (const lineId of ids) rightsOn.set(lineId, (rightsOn.get(lineId) ?? new Set<Right>(['watch'])).add(right));
  }
  for (const lineId of own) rightsOn.set(lineId, new Set(RIGHTS));
  return [...rightsOn].map(([lineId, rights]) => ({
    lineId,
    rights: RIGHTS.filter((right) => rights.has(right)),
    isOwn: own.includes(lineId),
  }));
}

// `18` is the line with that extension among seed.lines, else the key 18 of the only phone system.
function idOfNamed(name: string, { config, lineIdOf }: Named): string {
  const [before, after] = name.split('/', 2);
  const pbxId = after === undefined ? (config.pbx[0]?.id ?? '') : (before ?? '');
  const wanted = after ?? name;
  const seeded = config.seed.lines.find((line) => line.pbx === pbxId && line.extension === wanted);
  return lineIdOf(pbxId, seeded?.key ?? wanted);
}
