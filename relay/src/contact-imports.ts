// Which contact sources the directory reads, and when: at the start, and anew when the configuration is. A source that
// cannot be read leaves the contacts of its last import in force; calls matter more than names.
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { ContactsConfig } from './config.ts';
import type { ContactSource } from './contacts/source.ts';
import { createDirectory, type Directory, type DirectorySource } from './directory.ts';
import type { LiveConfig } from './reload.ts';
import type { Store } from './store/store.ts';

export interface ContactImports {
  directory: Directory;
  /** Follows the configuration in force: imports every source, empties those that are no longer named. */
  readAnew(): void;
  close(): void;
}

/** Opens the directory. Only a source's very first import is waited for: later, the last one serves until the new one is in. */
export async function openContactImports(parts: {
  live: LiveConfig;
  clock: Clock;
  log: Logger;
  store: Store;
  openSource(entry: ContactsConfig): ContactSource;
}): Promise<ContactImports> {
  const { live, clock, log, store } = parts;
  const end = new AbortController();
  const locationOf = (tenantId: string) => live.config.pbx.find(({ tenant }) => tenant === tenantId)?.location;
  const sourcesNow = (): DirectorySource[] =>
    live.config.contacts.map((entry) => ({ id: entry.id, tenantId: entry.tenant, source: parts.openSource(entry) }));
  const sources = sourcesNow();
  const directory = createDirectory({ store, sources, clock, log, signal: end.signal, locationOf });
  const read = (id: string) =>
    directory.importSource(id).catch((error: unknown) => {
      if (end.signal.aborted) return;
      log.error({ err: error, source: id }, 'the contacts were not imported, those of the last import stay');
    });
  await directory.load();
  for (const { id, tenantId } of sources) {
    const imported = read(id);
    if (!(await store.contacts(tenantId)).some(({ source }) => source === id)) await imported;
  }
  // One after another: what a reload asks for must not be overtaken by what an earlier one did.
  let queue = Promise.resolve();
  return {
    directory,
    readAnew() {
      queue = queue.then(async () => {
        const named = sourcesNow();
        const gone = sources.filter(({ id }) => !named.some((one) => one.id === id));
        sources.splice(0, sources.length, ...named, ...gone.map((source) => ({ ...source, source: NOTHING })));
        for (const { id } of [...sources]) await read(id);
        sources.splice(named.length);
      });
    },
    close: () => end.abort(),
  };
}

const NOTHING: ContactSource = { read: async function* () {} };
