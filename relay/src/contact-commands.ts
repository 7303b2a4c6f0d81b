// What the command line asks about contact sources: how they stand, and to read one now.
import type { ContactImports } from './contact-imports.ts';
import { ContactsError } from './contacts/source.ts';
import { ControlError, type ControlHandlers } from './control.ts';
import type { Store } from './store/store.ts';

export interface ContactCommandsOptions {
  store: Pick<Store, 'restrictedSources'>;
  contacts: Pick<ContactImports, 'sync' | 'states'>;
}

/** The handlers of `relay contacts list` and `relay contacts sync`. */
export function contactHandlers({
  store,
  contacts,
}: ContactCommandsOptions): Pick<ControlHandlers, 'sources' | 'syncSource'> {
  return {
    async sources(_args, { emit }) {
      const restricted = await store.restrictedSources();
      const states = await contacts.states();
      for (const { id, tenantId, ...state } of states) {
        const isRestricted = restricted.some((one) => one.tenantId === tenantId && one.source === id);
        emit({ tenant: tenantId, source: id, isRestricted, ...state });
      }
      for (const { tenantId, source } of restricted) {
        const isKnown = states.some((state) => state.tenantId === tenantId && state.id === source);
        if (!isKnown) emit({ tenant: tenantId, source, isRestricted: true });
      }
    },
    async syncSource({ source, isDryRun, isWhole }, { emit }) {
      try {
        const done = contacts.sync(source, {
          isDryRun,
          isWhole,
          onProgress: (progress) => emit({ source, progress }),
        });
        if (!done) {
          throw new ControlError(
            'refused',
            `there is no contact source ${source}: "relay contacts list" shows those there are`,
          );
        }
        emit({ source, report: await done });
      } catch (error) {
        if (!(error instanceof ContactsError)) throw error;
        throw new ControlError('refused', `${error.message}\nthe contacts of the last import stay`);
      }
    },
  };
}
