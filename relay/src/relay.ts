// The relay as a whole: the one place that names implementations and puts the parts together, in the order in which they
// must start and stop.
import { randomBytes } from 'node:crypto';
import type { Contact, Location, PhoneNumber } from '@offhook/protocol';
import fastify from 'fastify';
import type { Logger } from 'pino';
import { createAccess } from './access.ts';
import { callIdOf, lineIdOf } from './call-ids.ts';
import type { Clock } from './clock.ts';
import { type Commands, createCommands } from './commands.ts';
import { type Config, publicOriginsOf } from './config.ts';
import { listenError } from './config-error.ts';
import type { ContactContext } from './contact-requests.ts';
import { openContactSource } from './contacts/index.ts';
import { controlPath, createControlServer, prepareDataDir } from './control.ts';
import { dialPlansFor } from './dial-plans.ts';
import { createDirectory, type Directory } from './directory.ts';
import { createGuard, type Guard } from './guard.ts';
import { type Journal, openJournal } from './journal.ts';
import { entryOf } from './journal-entry.ts';
import type { JournalFeedContext } from './journal-feed.ts';
import { createJournalMark } from './journal-mark.ts';
import { createNotes } from './notes.ts';
import { operatorHandlers } from './operator.ts';
import { openDriver } from './pbx/index.ts';
import { openPhoneSystems, type PhoneSystems } from './phone-systems.ts';
import { seedOf } from './seed.ts';
import { type Server, startServer } from './server.ts';
import { createSignIn } from './sign-in.ts';
import { openSqliteStore } from './store/sqlite.ts';
import type { Store } from './store/store.ts';
import { createSwitchboard, type Switchboard } from './switchboard.ts';
import { RELAY_VERSION } from './version.ts';

export interface Relay {
  /** The start page, `'http://127.0.0.1:8730'`. */
  url: string;
  close(): Promise<void>;
}

export interface RelayParts {
  clock: Clock;
  log: Logger;
}

const OUTCOME_TIMEOUT_MS = 10_000;
const COMMAND_KEEP_MS = 24 * 3_600_000;
const HOUSEKEEPING_MS = 3_600_000;

/** Starts a relay. Rejects with ConfigError, StoreError or ControlError, having left nothing running. */
export async function startRelay(config: Config, { clock, log }: RelayParts): Promise<Relay> {
  const undo: (() => unknown)[] = [];
  // What fails to close must not keep the journal from being written and the store from being closed.
  const closeAll = async () => {
    for (const close of undo.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        log.error({ err: error }, 'a part of the relay could not be closed');
      }
    }
  };
  try {
    prepareDataDir(config.dataDir);
    const store = openSqliteStore(config.dataDir);
    undo.push(() => store.close());
    await prepareStore(store, config, log);
    undo.push(keepHouse({ store, clock, log }));
    const opening = { config, clock, log, store, undo };
    const url = await openDoors(opening, await openCore(opening));
    return { url, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function prepareStore(store: Store, config: Config, log: Logger): Promise<void> {
  if (await store.seed(seedOf(config, lineIdOf))) log.info('an empty database was filled from the seed');
  const settled = await store.settleCommands();
  if (settled.unknown + settled.notSent > 0) log.warn(settled, 'orders were under way when the relay stopped');
}

/** Forgets what need not be known any longer, now and every hour. */
function keepHouse({ store, clock, log }: { store: Store; clock: Clock; log: Logger }): () => void {
  let cancel: () => void;
  const tidy = () => {
    const before = new Date(clock.now() - COMMAND_KEEP_MS).toISOString();
    Promise.all([store.forgetCommands(before), store.forgetNoteKeys(before)]).catch((error: unknown) => {
      log.error({ err: error }, 'old orders could not be forgotten');
    });
    cancel = clock.after(HOUSEKEEPING_MS, tidy);
  };
  tidy();
  return () => cancel();
}

interface Opening extends RelayParts {
  config: Config;
  store: Store;
  undo: (() => unknown)[];
}

/** The relay without doors: what it knows, and what it is in touch with. */
interface Core {
  switchboard: Switchboard;
  journal: Journal;
  guard: Guard;
  systems: PhoneSystems;
  commands: Commands;
  directory: ContactContext['directory'];
  locationOf(pbxId: string): Location;
  contactOf(tenantId: string, number: PhoneNumber): Contact | undefined;
}

async function openCore(opening: Opening): Promise<Core> {
  const { config, clock, log, store, undo } = opening;
  const directory = await openDirectory(opening);
  const journal = await openJournal({ store, clock, log });
  undo.push(() => journal.close());
  const locationOf = locationsOf(config);
  const switchboard = await openSwitchboard(opening, { journal, locationOf });
  const guard = createGuard({ limits: config.guard, clock });
  const systems = openPhoneSystems({
    systems: config.pbx.map(({ id, kind, options }) => ({
      pbxId: id,
      open: (context) => openDriver(kind, options, context),
    })),
    switchboard,
    clock,
    log,
    onLines: (pbxId, reports) => rememberLines({ store, config, log }, pbxId, reports),
  });
  undo.push(() => systems.close());
  const commands = createCommands({
    store,
    guard,
    clock,
    log,
    locationOf,
    callIdOf,
    line: switchboard.line,
    send: systems.send,
    outcomeTimeoutMs: OUTCOME_TIMEOUT_MS,
  });
  undo.push(() => commands.close());
  switchboard.onOutcome(({ pbxId, outcome }) => {
    commands.settle(pbxId, outcome).catch((error: unknown) => log.error({ err: error }, 'an outcome was not recorded'));
  });
  const contactOf: Core['contactOf'] = (tenantId, number) => directory.match(tenantId, number)[0];
  return { switchboard, journal, guard, systems, commands, directory, locationOf, contactOf };
}

async function openSwitchboard(
  { config, clock, log, store, undo }: Opening,
  { journal, locationOf }: Pick<Core, 'journal' | 'locationOf'>,
): Promise<Switchboard> {
  const epoch = randomBytes(9).toString('base64url');
  const switchboard = createSwitchboard({ clock, log, epoch, journal, locationOf });
  undo.push(() => switchboard.close());
  const storedLines = await store.lines();
  for (const { id, tenant } of config.pbx) {
    const lines = storedLines.filter((line) => line.pbxId === id);
    switchboard.attach({ pbxId: id, tenantId: tenant, lines });
  }
  return switchboard;
}

/** Opens the ways in, for browsers, machines and the command line, when there is something behind them. */
async function openDoors({ config, clock, log, store, undo }: Opening, core: Core): Promise<string> {
  const { switchboard, journal, guard, systems, commands, directory, locationOf, contactOf } = core;
  const version = RELAY_VERSION;
  const access = createAccess({ store });
  const signIn = createSignIn({ store, clock });
  const feed = { ...feedOf(switchboard), clock, locationOf, contactOf };
  const journalFeed = journalFeedOf({ store, switchboard, contactOf, onConversation: journal.onConversation });
  const server = await bind(config, {
    log,
    session: {
      version,
      clock,
      log,
      signIn,
      access,
      entryFormsOf: entryFormsOf(config),
      dialPlansOf: (viewer) =>
        dialPlansFor(viewer, { pbx: config.pbx, lines: switchboard.lines(viewer.tenant.tenantId) }),
      commands,
      guard,
      feed,
      journal: journalFeed,
      contacts: { directory, lines: switchboard.lines },
      notes: createNotes({ journal, clock, log }),
      mark: createJournalMark({ store, clock, log }),
    },
  });
  undo.push(() => server.close());
  await openHealth(config, undo);
  const url = publicUrl(config, server.port);
  const control = await createControlServer({
    path: controlPath(config.dataDir),
    handlers: operatorHandlers({
      version,
      url,
      clock,
      log,
      store,
      access,
      switchboard,
      commands,
      guard,
      signIn,
      server,
      pbxStatus: systems.status,
      locationOf,
      viewContext: () => ({ now: clock.now(), contactOf }),
    }),
    onError: (error) => log.error({ err: error }, 'a command of the command line failed'),
  });
  undo.push(() => control.close());
  return url;
}

async function openDirectory({ config, clock, log, store, undo }: Opening): Promise<Directory> {
  const sources = config.contacts.map((entry) => ({
    id: entry.id,
    tenantId: entry.tenant,
    source: openContactSource(entry),
  }));
  const end = new AbortController();
  undo.push(() => end.abort());
  const { pbx } = config;
  const locationOf = (tenantId: string) => pbx.find(({ tenant }) => tenant === tenantId)?.location;
  const directory = createDirectory({ store, sources, clock, log, signal: end.signal, locationOf });
  await directory.load();
  for (const { id, tenantId } of sources) {
    // A source that cannot be read leaves the contacts of the last import in force; calls matter more than names.
    const imported = directory.importSource(id).catch((error: unknown) => {
      if (!end.signal.aborted)
        log.error({ err: error, source: id }, 'the contacts were not imported, those of the last import stay');
    });
    // Only the very first import is waited for: later the last one's names serve until the new one is in.
    const isFirst = !(await store.contacts(tenantId)).some(({ source }) => source === id);
    if (isFirst) await imported;
  }
  return directory;
}

function entryFormsOf({ entryForms }: Config) {
  const byTenant = new Map(entryForms.map(({ tenant, ...forms }) => [tenant, forms]));
  return (tenantId: string) => byTenant.get(tenantId);
}

function locationsOf(config: Config) {
  const byId = new Map(config.pbx.map(({ id, location }) => [id, location]));
  return (pbxId: string) => {
    const location = byId.get(pbxId);
    if (!location) throw new Error(`no phone system is called ${pbxId}`);
    return location;
  };
}

interface Remembering {
  store: Store;
  config: Config;
  log: Logger;
}

function rememberLines(
  { store, config, log }: Remembering,
  pbxId: string,
  reports: readonly { lineKey: string; extension: string; name: string }[],
): void {
  const tenantId = config.pbx.find(({ id }) => id === pbxId)?.tenant;
  if (tenantId === undefined) return;
  const lines = reports.map(({ lineKey, extension, name }) => {
    return { lineId: lineIdOf(pbxId, lineKey), tenantId, pbxId, lineKey, extension, name };
  });
  store.saveLines(lines).catch((error: unknown) => log.error({ err: error }, 'lines could not be remembered'));
}

async function bind(
  config: Config,
  parts: Omit<Parameters<typeof startServer>[0], 'host' | 'port' | 'extensionOrigins' | 'publicOrigins'>,
): Promise<Server> {
  const { listen, extensionOrigins } = config;
  const publicOrigins = (port: number) => publicOriginsOf(config, port);
  try {
    return await startServer({ ...parts, ...listen, extensionOrigins, publicOrigins });
  } catch (error) {
    throw listenError('listen', config.listen, error);
  }
}

/** The second listener tells machines that the relay lives, and nothing else. */
async function openHealth({ health }: Config, undo: Opening['undo']): Promise<void> {
  if (!health) return;
  const http = fastify({ logger: false, forceCloseConnections: true });
  http.get('/healthz', async () => ({ status: 'ok' }));
  undo.push(() => http.close());
  try {
    await http.listen(health);
  } catch (error) {
    throw listenError('health', health, error);
  }
}

function publicUrl(config: Config, port: number): string {
  const [origin = `ws://127.0.0.1:${port}`] = publicOriginsOf(config, port);
  return origin.replace(/^ws/, 'http');
}

function feedOf({ epoch, rev, lines, line, changedSince, onChange }: Switchboard) {
  return { epoch, rev, lines, line, changedSince, onChange };
}

function journalFeedOf(parts: {
  store: Store;
  switchboard: Switchboard;
  contactOf(tenantId: string, number: PhoneNumber): Contact | undefined;
  onConversation: JournalFeedContext['onConversation'];
}): JournalFeedContext {
  const { store, switchboard, contactOf, onConversation } = parts;
  return {
    since: store.journalSince,
    page: store.journalPage,
    seq: store.journalSeq,
    onConversation,
    entryFor: (viewer, conversation) =>
      entryOf(conversation, {
        rightsOn: viewer.rightsOn,
        contactOf: (number) => contactOf(viewer.tenant.tenantId, number),
        lineName: (lineId) => (viewer.rightsOn(lineId).has('see-names') ? switchboard.line(lineId)?.name : undefined),
      }),
    watchedLines: (viewer) =>
      switchboard
        .lines(viewer.tenant.tenantId)
        .filter(({ lineId }) => viewer.rightsOn(lineId).has('watch'))
        .map(({ lineId }) => lineId),
  };
}
