// Companies, as the command line lists, adds, suspends and removes them. One that is removed leaves nothing behind, and no
// other company's connection notices; what was there can be written out first.
import type { Logger } from 'pino';
import type { Access } from './access.ts';
import type { Clock } from './clock.ts';
import { ControlError, type ControlHandlers } from './control.ts';
import { tenantNamed } from './people-names.ts';
import type { Store, Tenant } from './store/store.ts';
import type { Switchboard } from './switchboard.ts';

export interface TenantOptions {
  store: Pick<
    Store,
    'tenants' | 'users' | 'lines' | 'grants' | 'groups' | 'devices' | 'contacts' | 'eachConversation' | 'gaps'
  >;
  access: Pick<Access, 'change' | 'removeTenant'>;
  switchboard: Pick<Switchboard, 'lines'>;
  /** Phone systems, sources and the like that the running configuration gives this tenant. */
  configuredFor(tenantId: string): readonly string[];
  clock: Pick<Clock, 'now'>;
  log: Logger;
}

type TenantHandlers = Pick<
  ControlHandlers,
  'tenants' | 'addTenant' | 'suspendTenant' | 'exportTenant' | 'removeTenant'
>;

const MOST_GAPS = 10_000;

/** The handlers of `relay tenants …`. */
export function tenantHandlers(options: TenantOptions): TenantHandlers {
  const { store, access, clock, log } = options;
  return {
    async tenants(_args, { emit }) {
      for (const tenant of await store.tenants()) emit(await presented(options, tenant));
    },
    async addTenant(tenant, { emit }) {
      const isTaken = (await store.tenants()).some(({ tenantId }) => tenantId === tenant.tenantId);
      if (isTaken) throw new ControlError('refused', `there is a tenant ${tenant.tenantId} already`);
      await access.change([{ type: 'add-tenant', tenant }]);
      log.info({ tenant: tenant.tenantId }, 'tenant added');
      emit(await presented(options, tenant));
    },
    async suspendTenant({ tenant: name, isSuspended }, { emit }) {
      const { tenantId } = await tenantNamed(store, name);
      const suspendedAt = isSuspended ? new Date(clock.now()).toISOString() : undefined;
      await access.change([{ type: 'suspend-tenant', tenantId, suspendedAt }]);
      log.info({ tenant: tenantId, isSuspended }, 'tenant suspended, or let in again');
      emit(await presented(options, await tenantNamed(store, name)));
    },
    async exportTenant({ tenant: name }, { emit }) {
      await eachRow(options, await tenantNamed(store, name), (row) => emit({ line: JSON.stringify(row) }));
    },
    async removeTenant({ tenant: name }, { emit }) {
      const tenant = await tenantNamed(store, name);
      const { tenantId } = tenant;
      const configured = options.configuredFor(tenantId);
      if (configured.length > 0) {
        const what = configured.join(', ');
        throw new ControlError(
          'refused',
          `relay.yaml still has ${what} of ${tenantId}: take that out and restart first`,
        );
      }
      if ((await store.tenants()).length === 1) {
        throw new ControlError('refused', `${tenantId} is the only tenant: an empty relay needs an empty data folder`);
      }
      const shown = await presented(options, tenant);
      await access.removeTenant(tenantId);
      log.info({ tenant: tenantId }, 'tenant removed');
      emit(shown);
    },
  };
}

async function presented({ store, switchboard }: TenantOptions, { tenantId, name, country, suspendedAt }: Tenant) {
  const users = (await store.users()).filter((user) => user.tenantId === tenantId).length;
  const lines = switchboard.lines(tenantId).length;
  return { tenant: tenantId, name, country, users, lines, ...(suspendedAt !== undefined && { suspendedAt }) };
}

/** All that is kept of a tenant, row by row, each with its kind; public keys of browsers are of use to nobody else. */
async function eachRow({ store }: TenantOptions, tenant: Tenant, tell: (row: object) => void): Promise<void> {
  const { tenantId } = tenant;
  tell({ kind: 'tenant', ...tenant });
  const users = (await store.users()).filter((user) => user.tenantId === tenantId);
  const userIds = new Set(users.map(({ userId }) => userId));
  for (const user of users) tell({ kind: 'user', ...user });
  for (const grant of await store.grants()) if (userIds.has(grant.userId)) tell({ kind: 'grant', ...grant });
  for (const group of await store.groups()) if (group.tenantId === tenantId) tell({ kind: 'group', ...group });
  for (const line of await store.lines()) if (line.tenantId === tenantId) tell({ kind: 'line', ...line });
  for (const { publicKey: _, ...device } of await store.devices()) {
    if (userIds.has(device.userId)) tell({ kind: 'device', ...device });
  }
  for (const contact of await store.contacts(tenantId)) tell({ kind: 'contact', ...contact });
  for (const gap of await store.gaps(tenantId, MOST_GAPS)) tell({ kind: 'gap', ...gap });
  await store.eachConversation(tenantId, (conversation) => tell({ kind: 'conversation', ...conversation }));
}
