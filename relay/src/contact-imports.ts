// Which contact sources the directory reads, and when: at the start, anew when the configuration is, on demand, and each at
// its own interval. A source that cannot be read leaves the contacts of its last import in force; calls matter more than names.
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { ContactsConfig } from './config.ts';
import type { ImportReport, ImportTold } from './contact-import.ts';
import type { ContactSource } from './contacts/source.ts';
import { createDirectory, type Directory, type DirectoryOptions, type DirectorySource } from './directory.ts';
import type { LiveConfig } from './reload.ts';
import type { Store } from './store/store.ts';

/** How a source stands. Times in ISO 8601. */
export interface SourceState {
  id: string;
  tenantId: string;
  kind: ContactsConfig['kind'];
  contacts: number;
  numbers: number;
  importedAt?: string;
  nextAt?: string;
  /** Records that were read so far, while it is being imported. */
  running?: { records: number; total?: number };
  /** Why the last import failed. */
  problem?: string;
}

export interface ContactImports {
  directory: Directory;
  /** Follows the configuration in force: imports every source, empties those that are no longer named. */
  readAnew(): void;
  /** Imports one source now, after those that are under way. Rejects as the import does; `undefined` for an unknown source. */
  sync(id: string, told: ImportTold): Promise<ImportReport> | undefined;
  states(): Promise<SourceState[]>;
  close(): void;
}

interface Parts {
  live: LiveConfig;
  clock: Clock;
  log: Logger;
  store: Store;
  openSource(entry: ContactsConfig): ContactSource;
  /** Whom numbers belong to by the word of agents, and when they were last spoken with. */
  chosen?: DirectoryOptions['chosen'];
  recent?: DirectoryOptions['recent'];
  /** From 0 to 1: spreads the imports of many relays. */
  random?: () => number;
}

interface Course {
  failures: number;
  problem?: string | undefined;
  running?: { records: number; total?: number } | undefined;
  nextAt?: number | undefined;
  cancel?: (() => void) | undefined;
}

const USUAL_INTERVAL_MS = 3_600_000;
const FIRST_RETRY_MS = 60_000;
const JITTER = 0.1;

/** Opens the directory. Only a file's very first import is waited for: later, the last one serves until the new one is in. */
export async function openContactImports(parts: Parts): Promise<ContactImports> {
  const { live, clock, log, store } = parts;
  const end = new AbortController();
  const locationOf = (tenantId: string) => live.config.pbx.find(({ tenant }) => tenant === tenantId)?.location;
  const sourcesNow = (): DirectorySource[] =>
    live.config.contacts.map((entry) => ({ id: entry.id, tenantId: entry.tenant, source: parts.openSource(entry) }));
  const sources = sourcesNow();
  const { chosen, recent } = parts;
  const directory = createDirectory({ store, sources, clock, log, signal: end.signal, locationOf, chosen, recent });
  const schedule = createSchedule(parts, { directory, end: end.signal });
  await directory.load();
  // Files first: what is waited for must not wait for a server.
  for (const { id, tenantId } of sources.filter((source) => isFile(live, source.id))) {
    const imported = schedule.read(id);
    const isFirst = !(await store.contacts(tenantId)).some(({ source }) => source === id);
    if (isFirst) await imported;
  }
  for (const { id } of sources.filter((source) => !isFile(live, source.id))) void schedule.read(id);
  return {
    directory,
    sync(id, told) {
      return sources.some((one) => one.id === id) ? schedule.queued(id, told) : undefined;
    },
    readAnew() {
      void schedule.next(async () => {
        const named = sourcesNow();
        const gone = sources.filter(({ id }) => !named.some((one) => one.id === id));
        sources.splice(0, sources.length, ...named, ...gone.map((source) => ({ ...source, source: NOTHING })));
        for (const { id } of [...sources]) await schedule.readNow(id);
        sources.splice(named.length);
        for (const { id } of gone) schedule.forget(id);
      });
    },
    states: () => Promise.all(live.config.contacts.map((entry) => stateOf(entry, { store, directory, schedule }))),
    close() {
      end.abort();
      schedule.close();
    },
  };
}

type Schedule = ReturnType<typeof createSchedule>;

/** One import after the other; each source again when its time has come, sooner where it failed. */
function createSchedule({ live, clock, log, random = Math.random }: Parts, { directory, end }: Running) {
  const courses = new Map<string, Course>();
  let queue: Promise<unknown> = Promise.resolve();

  function courseOf(id: string): Course {
    const course = courses.get(id) ?? { failures: 0 };
    courses.set(id, course);
    return course;
  }

  function next<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = queue.then(work);
    queue = mine.catch(() => undefined);
    return mine;
  }

  async function importNow(id: string, told: ImportTold = {}): Promise<ImportReport> {
    end.throwIfAborted();
    const course = courseOf(id);
    course.cancel?.();
    Object.assign(course, { running: { records: 0 }, nextAt: undefined });
    try {
      const report = await directory.importSource(id, {
        ...told,
        onProgress(progress) {
          course.running = progress;
          told.onProgress?.(progress);
        },
      });
      if (!told.isDryRun) Object.assign(course, { failures: 0, problem: undefined });
      return report;
    } catch (error) {
      if (!told.isDryRun) {
        course.failures += 1;
        course.problem = error instanceof Error ? error.message : String(error);
      }
      throw error;
    } finally {
      course.running = undefined;
      plan(id, course);
    }
  }

  function plan(id: string, course: Course): void {
    course.cancel?.();
    course.nextAt = undefined;
    const delayMs = end.aborted ? undefined : delayOf(live, id, course.failures);
    if (delayMs === undefined) return;
    const spread = delayMs * (1 + JITTER * (2 * random() - 1));
    course.nextAt = clock.now() + spread;
    course.cancel = clock.after(spread, () => void read(id));
  }

  async function readNow(id: string): Promise<void> {
    try {
      await importNow(id);
    } catch (error) {
      if (end.aborted) return;
      log.error({ err: error, source: id }, 'the contacts were not imported, those of the last import stay');
    }
  }

  const read = (id: string) => next(() => readNow(id));

  return {
    next,
    read,
    readNow,
    queued: (id: string, told: ImportTold) => next(() => importNow(id, told)),
    courseOf,
    forget(id: string) {
      courses.get(id)?.cancel?.();
      courses.delete(id);
    },
    close() {
      for (const { cancel } of courses.values()) cancel?.();
    },
  };
}

interface Running {
  directory: Directory;
  end: AbortSignal;
}

// A file is read again when the configuration says so; what is elsewhere changes without a word.
function delayOf(live: LiveConfig, id: string, failures: number): number | undefined {
  const entry = live.config.contacts.find((one) => one.id === id);
  if (!entry) return undefined;
  const every = entry.every ?? (isFile(live, id) ? undefined : USUAL_INTERVAL_MS);
  if (failures === 0 || every === undefined) return every;
  return Math.min(every, FIRST_RETRY_MS * 2 ** (failures - 1));
}

function isFile(live: LiveConfig, id: string): boolean {
  const kind = live.config.contacts.find((one) => one.id === id)?.kind;
  return kind === 'csv' || kind === 'vcard';
}

async function stateOf(
  { id, tenant: tenantId, kind }: ContactsConfig,
  { store, directory, schedule }: { store: Store; directory: Directory; schedule: Schedule },
): Promise<SourceState> {
  const importedAt = (await store.contactImport(tenantId, id))?.importedAt;
  const { running, problem, nextAt } = schedule.courseOf(id);
  return {
    ...{ id, tenantId, kind, ...directory.sizeOf(tenantId, id) },
    ...(importedAt !== undefined && { importedAt }),
    ...(nextAt !== undefined && { nextAt: new Date(nextAt).toISOString() }),
    ...(running && { running }),
    ...(problem !== undefined && { problem }),
  };
}

const NOTHING: ContactSource = { read: async function* () {} };
