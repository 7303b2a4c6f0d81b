// `relay import tsecimp` and `relay export tsecimp` on the relay's side: a list of users and their lines is compared with
// what is so, told, and put in force as a whole or not at all.
import type { Logger } from 'pino';
import type { Access } from './access.ts';
import { ControlError, type ControlHandlers } from './control.ts';
import { planAssignments } from './people-assignment.ts';
import { tenantNamed } from './people-names.ts';
import type { Store, Tenant } from './store/store.ts';
import type { Switchboard } from './switchboard.ts';

export interface AssignmentOptions {
  store: Pick<Store, 'users' | 'tenants' | 'grants'>;
  access: Pick<Access, 'change'>;
  switchboard: Pick<Switchboard, 'lines'>;
  log: Logger;
}

/** The handlers of the lists of own lines. */
export function assignmentHandlers(options: AssignmentOptions): Pick<ControlHandlers, 'assignLines' | 'ownLines'> {
  const { store, access, switchboard, log } = options;

  async function groundOf({ tenantId }: Tenant) {
    const users = (await store.users()).filter((user) => user.tenantId === tenantId);
    return { tenantId, users, lines: switchboard.lines(tenantId), grants: await store.grants() };
  }

  return {
    async assignLines({ tenant, users, isDryRun }, { emit }) {
      const plan = planAssignments(users, await groundOf(await tenantNamed(store, tenant)));
      if (plan.faults.length > 0) throw new ControlError('refused', faultText(plan.faults));
      if (!isDryRun) {
        await access.change(plan.edits);
        log.info({ users: plan.changes.length, edits: plan.edits.length }, 'lines assigned by a list');
      }
      for (const { user, isNew, nameBefore, lines } of plan.changes) {
        const { login, displayName: name } = user;
        emit({ user: login, name, isNew, ...(nameBefore !== undefined && { nameBefore }), lines });
      }
    },
    async ownLines({ tenant }, { emit }) {
      const { users, lines, grants } = await groundOf(await tenantNamed(store, tenant));
      const count = new Map<string, number>();
      for (const { extension } of lines) count.set(extension, (count.get(extension) ?? 0) + 1);
      for (const { userId, login, displayName: name } of users) {
        const own = new Set(
          grants.filter((grant) => grant.isOwn && grant.userId === userId).map(({ lineId }) => lineId),
        );
        const named = lines
          .filter(({ lineId }) => own.has(lineId))
          .map(({ lineId, extension }) => ({ lineId, address: extension, isOnly: count.get(extension) === 1 }));
        emit({ user: login, name, lines: named });
      }
    },
  };
}

function faultText(faults: readonly { place: number; message: string }[]): string {
  const lines = faults.map(({ place, message }) => `line ${place}: ${message}`);
  return [...lines, 'nothing was changed'].join('\n');
}
