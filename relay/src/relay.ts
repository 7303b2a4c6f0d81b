// The relay as a whole: the one place that names implementations and puts the parts together, in the order in which they
// must start and stop.
import { randomBytes } from 'node:crypto';
import type { Contact, Location, PhoneNumber } from '@offhook/protocol';
import type { Logger } from 'pino';
import { type Access, createAccess } from './access.ts';
import { callIdOf, lineIdOf } from './call-ids.ts';
import type { Clock } from './clock.ts';
import { type Commands, createCommands } from './commands.ts';
import type { Config, Environment } from './config.ts';
import { secretReaderOf } from './config-outside.ts';
import { configuredFor, entryFormsOf, locationsOf } from './config-parts.ts';
import { type ContactDesk, openContactDesk } from './contact-desk.ts';
import type { ContactImports } from './contact-imports.ts';
import { openContactSource, openLiveFacts } from './contacts/index.ts';
import { controlPath, createControlServer, prepareDataDir } from './control.ts';
import { dialPlansFor } from './dial-plans.ts';
import { createFanOut } from './fan-out.ts';
import type { FeedContext } from './feed.ts';
import { createGuard, type Guard, isDoNotCall } from './guard.ts';
import { keepHouse } from './housekeeping.ts';
import { type JournalDesk, openJournalDesk } from './journal-desk.ts';
import { entryOf } from './journal-entry.ts';
import { createJournalFanOut } from './journal-fan-out.ts';
import type { JournalFeedContext } from './journal-feed.ts';
import { openKnownCountries } from './known-countries.ts';
import { createLineKeeper, type LineKeeper } from './line-keeper.ts';
import { type Listeners, openListeners } from './listeners.ts';
import type { LogLevels, LogPart } from './log-levels.ts';
import { openOidc } from './oidc.ts';
import { operatorHandlers } from './operator.ts';
import { openDriver } from './pbx/index.ts';
import { openPhoneSystems, type PhoneSystems } from './phone-systems.ts';
import { createReloader, type LiveConfig, type ReloadReport } from './reload.ts';
import { seedOf } from './seed.ts';
import type { Server } from './server.ts';
import { createSignIn } from './sign-in.ts';
import { openSqliteStore } from './store/sqlite.ts';
import type { Store } from './store/store.ts';
import { type StoreProblem, watchStore } from './store-watch.ts';
import { createSwitchboard, type Switchboard } from './switchboard.ts';
import { openTapiMasterServer } from './tapimaster-server/server.ts';
import { createTrace, type Trace } from './trace.ts';
import { RELAY_VERSION } from './version.ts';

export interface Relay {
  /** The start page, `'http://127.0.0.1:8730'`. */
  url: string;
  /** Takes over what changed in the configuration. Throws what `load` threw, with nothing changed. */
  reload(): ReloadReport;
  close(): Promise<void>;
}

export interface RelayParts {
  clock: Clock;
  log: Logger;
  levels: LogLevels;
  /** Where secrets of the form `env:NAME` are. */
  env: Environment;
  /** Reads the configuration anew, for a reload. Throws ConfigError. */
  load(): Config;
}

const OUTCOME_TIMEOUT_MS = 10_000;

/** Starts a relay. Rejects with ConfigError, StoreError or ControlError, having left nothing running. */
export async function startRelay(config: Config, parts: RelayParts): Promise<Relay> {
  const { clock, log } = parts;
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
    const { store, problem } = watchStore(openSqliteStore(config.dataDir), { dataDir: config.dataDir, log });
    undo.push(() => store.close());
    await prepareStore(store, config, log);
    undo.push(keepHouse({ store, clock, log }));
    const trace = createTrace({ clock, now: () => performance.now() });
    const opening = { ...parts, config, live: { config }, trace, store, storeProblem: problem, undo };
    const doors = await openDoors(opening, await openCore(opening));
    return { ...doors, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function prepareStore(store: Store, config: Config, log: Logger): Promise<void> {
  if (await store.seed(seedOf(config, lineIdOf))) log.info('an empty database was filled from the seed');
  await addNewTenants(store, config, log);
  const settled = await store.settleCommands();
  if (settled.unknown + settled.notSent > 0) log.warn(settled, 'orders were under way when the relay stopped');
}

// A company that the configuration gives a phone system or contacts is there, or nothing of theirs could be kept.
async function addNewTenants(store: Store, config: Config, log: Logger): Promise<void> {
  const known = (await store.tenants()).map(({ tenantId }) => tenantId);
  const used = [...config.pbx, ...config.contacts].map(({ tenant }) => tenant);
  const { tenants } = seedOf(config, lineIdOf);
  const added = tenants.filter(({ tenantId }) => used.includes(tenantId) && !known.includes(tenantId));
  if (added.length === 0) return;
  await store.changePeople(added.map((tenant) => ({ type: 'add-tenant', tenant })));
  log.info({ tenants: added.map(({ tenantId }) => tenantId) }, 'tenants that are new in the configuration were added');
}

interface Opening extends RelayParts {
  /** As it was at the start. */
  config: Config;
  live: LiveConfig;
  trace: Trace;
  store: Store;
  storeProblem(): StoreProblem | undefined;
  undo: (() => unknown)[];
}

/** The relay without doors: what it knows, and what it is in touch with. */
interface Core {
  access: Access;
  switchboard: Switchboard;
  lineKeeper: LineKeeper;
  desk: JournalDesk;
  guard: Guard;
  systems: PhoneSystems;
  commands: Commands;
  contactDesk: ContactDesk;
  locationOf(pbxId: string): Location;
  contactOf(tenantId: string, number: PhoneNumber, hidden?: ReadonlySet<string>): Contact | undefined;
}

async function openCore(opening: Opening): Promise<Core> {
  const { config, live, clock, log, trace, store, undo } = opening;
  const part = (name: LogPart) => log.child({ part: name });
  const contactDesk = await openContactDesk({
    live,
    clock,
    log: part('contacts'),
    store,
    openSource: (entry) => openContactSource(entry, secretReaderOf(config, opening.env)),
    openLive: (entry) => openLiveFacts(entry, secretReaderOf(config, opening.env)),
  });
  undo.push(() => contactDesk.close());
  // Calls are told to the journal when there is a board to know their lines.
  let board: Switchboard | undefined;
  const desk = await openJournalDesk({
    ...{ config, store, clock },
    log: part('journal'),
    extensionOf: (lineId) => board?.line(lineId)?.extension,
    tenantOf: (lineId) => board?.line(lineId)?.tenantId,
  });
  undo.push(() => desk.close());
  const { journal, gaps } = desk;
  const locationOf = locationsOf(config);
  const access = createAccess({ store });
  const { switchboard, lineKeeper } = await openSwitchboard(opening, { access, journal, locationOf });
  board = switchboard;
  contactDesk.follow({ switchboard, journal });
  const guard = await openGuard(opening);
  const systems = openPhoneSystems({
    systems: config.pbx.map(({ id, kind, options }) => ({
      pbxId: id,
      open: (context) => openDriver({ kind, options }, context, secretReaderOf(config, opening.env)),
    })),
    switchboard: lineKeeper,
    clock,
    log: part('pbx'),
    trace,
    onLines(pbxId) {
      gaps.found(pbxId);
    },
    onLost: gaps.lost,
  });
  undo.push(() => systems.close());
  const commands = createCommands({
    store,
    guard,
    clock,
    log: part('commands'),
    locationOf,
    callIdOf,
    line: switchboard.line,
    hasLine: hasLineIn(config, { switchboard, lineKeeper }),
    isContact: (tenantId, number) => contactOf(tenantId, number)?.match === 'exact',
    isDoNotCall: (tenantId, number, hidden) => isDoNotCall(contactOf(tenantId, number, hidden)),
    send: systems.send,
    outcomeTimeoutMs: OUTCOME_TIMEOUT_MS,
  });
  undo.push(() => commands.close());
  switchboard.onOutcome(({ pbxId, outcome }) => {
    commands.settle(pbxId, outcome).catch((error: unknown) => log.error({ err: error }, 'an outcome was not recorded'));
  });
  const contactOf: Core['contactOf'] = (tenantId, number, hidden) =>
    contactDesk.imports.directory.match(tenantId, number, hidden)[0];
  return { access, switchboard, lineKeeper, desk, guard, systems, commands, contactDesk, locationOf, contactOf };
}

async function openGuard({ config, live, clock, log, store }: Opening): Promise<Guard> {
  const { newCountries, countries: usual, inCallCodes } = config.guard;
  const limits = {
    get perHour() {
      return live.config.guard.perHour;
    },
    get burstPerMinute() {
      return live.config.guard.burstPerMinute;
    },
  };
  const countries = newCountries === 'ask' ? await openKnownCountries({ store, clock, log, usual }) : undefined;
  return createGuard({ limits, clock, countries, inCallCodes });
}

// Those that wait to be accepted are on no board, and ring all the same.
function hasLineIn(config: Config, { switchboard, lineKeeper }: Pick<Core, 'switchboard' | 'lineKeeper'>) {
  return (pbxId: string, extension: string) => {
    if (lineKeeper.hasExtension(pbxId, extension)) return true;
    const tenantId = config.pbx.find(({ id }) => id === pbxId)?.tenant ?? '';
    return switchboard.lines(tenantId).some((line) => line.pbxId === pbxId && line.extension === extension);
  };
}

async function openSwitchboard(
  { config, clock, log, store, undo }: Opening,
  { access, journal, locationOf }: Pick<Core, 'access' | 'locationOf'> & Pick<JournalDesk, 'journal'>,
): Promise<Pick<Core, 'switchboard' | 'lineKeeper'>> {
  const epoch = randomBytes(9).toString('base64url');
  const switchboard = createSwitchboard({ clock, log, epoch, journal, locationOf });
  undo.push(() => switchboard.close());
  const retireLines = (tenantId: string, lineIds: readonly string[]) =>
    access.change([{ type: 'retire-lines', tenantId, lineIds }]);
  const lineKeeper = createLineKeeper({ switchboard, store, lineIdOf, retireLines, log });
  const storedLines = await store.lines();
  const tenants = await store.tenants();
  for (const { id: pbxId, tenant: tenantId, lines: rules } of config.pbx) {
    const tenantName = tenants.find((one) => one.tenantId === tenantId)?.name ?? '';
    const lines = storedLines.filter((line) => line.pbxId === pbxId);
    switchboard.attach({ pbxId, tenantId, lines: lineKeeper.attach({ pbxId, tenantId, tenantName, rules, lines }) });
  }
  return { switchboard, lineKeeper };
}

/** Opens the ways in, for browsers, machines and the command line, when there is something behind them. */
async function openDoors(opening: Opening, core: Core): Promise<Pick<Relay, 'url' | 'reload'>> {
  const { config, live, clock, log, trace, store, undo } = opening;
  const { access, switchboard, lineKeeper, desk, guard, systems, commands, contactDesk, locationOf, contactOf } = core;
  const contacts = contactDesk.imports;
  const version = RELAY_VERSION;
  lineKeeper.onRetired((tenantId) => {
    access.renew(tenantId).catch((error: unknown) => log.error({ err: error }, 'nobody was told of retired lines'));
  });
  const signIn = createSignIn({ store, clock });
  const feed = feedOf(switchboard, { clock, locationOf, contactOf });
  const journalFeed = journalFeedOf({ store, switchboard, contactOf, onConversation: desk.journal.onConversation });
  const serverLog = log.child({ part: 'server' satisfies LogPart });
  let sessions: Server['sessions'] = () => [];
  const isHere = (deviceId: string) => sessions().some((session) => session.deviceId === deviceId);
  const oidc = openOidc(opening, { store, access, signIn, isHere, log: serverLog });
  const listeners = await openListeners(opening, {
    log: serverLog,
    trace,
    canWrite: () => opening.storeProblem() === undefined,
    session: {
      version,
      clock,
      log: serverLog,
      signIn,
      oidc,
      access,
      entryFormsOf: (tenantId) => entryFormsOf(live.config, tenantId),
      dialPlansOf: (viewer) => dialPlansFor(viewer, { pbx: config.pbx, line: switchboard.line }),
      commands,
      guard,
      feed,
      journal: journalFeed,
      contacts: { directory: contacts.directory, lines: switchboard.lines, line: switchboard.line },
      choices: contactDesk.choices,
      facts: contactDesk.facts,
      history: contactDesk.historyOf({ ...switchboard, entryFor: journalFeed.entryFor }),
      notes: desk.notes,
      mark: desk.mark,
      callBacks: desk.callBacks,
      gaps: desk.gaps,
    },
  });
  const { server, url } = listeners;
  const tapiMaster = await openTapiMasterServer({
    ...{ settings: config.tapiMasterServer, file: config.file, readSecret: secretReaderOf(config, opening.env) },
    ...{ clock, log: serverLog, store, access, switchboard, commands },
  });
  undo.push(() => tapiMaster.close());
  sessions = server.sessions;
  const reload = createReloader({
    live,
    load: opening.load,
    log,
    prepare: (next) => prepareChanges(next, { opening, listeners, contacts }),
  });
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
      lineKeeper,
      commands,
      guard,
      signIn,
      server,
      ...{ pbxStatus: systems.status, storeProblem: opening.storeProblem },
      levels: opening.levels,
      trace,
      reload,
      configuration: () => ({ ...live.config, seed: undefined }),
      locationOf,
      erasures: contactDesk.erasingWith(desk.erasures),
      contacts,
      contactOf,
      locationsOf: (tenantId) => config.pbx.flatMap((pbx) => (pbx.tenant === tenantId ? [pbx.location] : [])),
      viewContext: () => ({ now: clock.now(), contactOf }),
      configuredFor: (tenantId) => configuredFor(live.config, tenantId),
    }),
    onError: (error) => log.error({ err: error }, 'a command of the command line failed'),
  });
  undo.push(() => control.close());
  return { url, reload };
}

/** Reads what may fail; the answer puts it in force. */
function prepareChanges(
  next: Config,
  { opening, listeners, contacts }: { opening: Opening; listeners: Listeners; contacts: ContactImports },
): () => void {
  const adapt = listeners.prepare(next);
  return () => {
    adapt();
    opening.levels.setUsual(next.log.level);
    contacts.readAnew();
  };
}

function feedOf(board: Switchboard, parts: Pick<FeedContext, 'clock' | 'locationOf' | 'contactOf'>): FeedContext {
  const { epoch, rev, lines, line, onChange } = board;
  return { epoch, rev, lines, line, onChange, ...parts, fanOut: createFanOut({ ...board, ...parts }) };
}

function journalFeedOf(parts: {
  store: Store;
  switchboard: Switchboard;
  contactOf(tenantId: string, number: PhoneNumber, hidden?: ReadonlySet<string>): Contact | undefined;
  onConversation: Parameters<typeof createJournalFanOut>[0];
}): JournalFeedContext {
  const { store, switchboard, contactOf, onConversation } = parts;
  return {
    since: store.journalSince,
    page: store.journalPage,
    seq: store.journalSeq,
    fanOut: createJournalFanOut(onConversation),
    entryFor: (viewer, conversation) =>
      entryOf(conversation, {
        userId: viewer.user.userId,
        rightsOn: viewer.rightsOn,
        contactOf: (number) => contactOf(viewer.tenant.tenantId, number, viewer.hiddenSources),
        lineName: (lineId) => (viewer.rightsOn(lineId).has('see-names') ? switchboard.line(lineId)?.name : undefined),
      }),
    watchedLines: (viewer) =>
      switchboard
        .lines(viewer.tenant.tenantId)
        .filter(({ lineId }) => viewer.rightsOn(lineId).has('watch'))
        .map(({ lineId }) => lineId),
  };
}
