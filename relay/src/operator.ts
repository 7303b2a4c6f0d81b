// What the command line asks of the running relay. Whoever may open the control socket rules the relay and sees
// everything; orders still pass the guard and the ledger like everybody's.
import { randomUUID } from 'node:crypto';
import { type CommandOrder, type Location, RIGHTS } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Access, Viewer } from './access.ts';
import { audited } from './audit.ts';
import type { CommandReport, Commands } from './commands.ts';
import { type ContactCommandsOptions, contactHandlers } from './contact-commands.ts';
import { ControlError, type ControlHandlers } from './control.ts';
import type { ControlItem } from './control-commands.ts';
import type { Guard } from './guard.ts';
import { type JournalCommandsOptions, journalHandlers } from './journal-commands.ts';
import { lineHandlers } from './line-commands.ts';
import type { LineKeeper } from './line-keeper.ts';
import { lineFor, type ViewContext } from './line-view.ts';
import { type OperationsOptions, operationsHandlers } from './operations-commands.ts';
import { assignmentHandlers } from './people-assignment-commands.ts';
import { peopleHandlers } from './people-commands.ts';
import { groupHandlers } from './people-group-commands.ts';
import { userNamed } from './people-names.ts';
import { tenantHandlers } from './people-tenant-commands.ts';
import { policyHandlers } from './policy-commands.ts';
import type { Server } from './server.ts';
import type { SignIn } from './sign-in.ts';
import type { Device, Store, Tenant, User } from './store/store.ts';
import type { StoreProblem } from './store-watch.ts';
import type { BoardLine, Switchboard } from './switchboard.ts';

export interface OperatorOptions
  extends OperationsOptions,
    Pick<ContactCommandsOptions, 'contacts'>,
    Pick<JournalCommandsOptions, 'erasures' | 'contactOf' | 'locationsOf'> {
  /** The start page, as an agent opens it. */
  url: string;
  log: Logger;
  store: Store;
  access: Access;
  switchboard: Switchboard;
  lineKeeper: Pick<LineKeeper, 'differences' | 'accept' | 'named'>;
  commands: Commands;
  guard: Guard;
  signIn: SignIn;
  server: Pick<Server, 'sessions'>;
  storeProblem(): StoreProblem | undefined;
  locationOf(pbxId: string): Location;
  viewContext(): ViewContext;
  /** What the running configuration gives a tenant, `'phone system main'`. */
  configuredFor(tenantId: string): readonly string[];
}

const ORDER_DEADLINE_MS = 10_000;
const ALL_RIGHTS = new Set(RIGHTS);

/** The handlers of the control socket. */
export function operatorHandlers(options: OperatorOptions): ControlHandlers {
  const { store, switchboard } = options;

  const handlers: ControlHandlers = {
    ...peopleHandlers(options),
    ...assignmentHandlers(options),
    ...groupHandlers(options),
    ...contactHandlers(options),
    ...tenantHandlers(options),
    ...journalHandlers(options),
    ...lineHandlers(options),
    ...policyHandlers(options),
    ...operationsHandlers(options),
    async status(_args, { emit }) {
      const tenants = await store.tenants();
      const storeProblem = options.storeProblem();
      emit({
        version: options.version,
        url: options.url,
        lines: tenants.flatMap(({ tenantId }) => switchboard.lines(tenantId)).length,
        extensions: options.server.sessions().filter(({ viewer }) => viewer !== undefined).length,
        pbx: options.pbxStatus(),
        ...(storeProblem && { storeProblem }),
      });
    },
    async pair({ user: name }, { emit }) {
      const user = await userNamed(store, name);
      const { code, endsAt } = await options.signIn.issueCode(user.userId);
      const url = `${options.url}/#pair=${code.replace('-', '')}`;
      emit({ code, user: user.displayName, endsAt: new Date(endsAt).toISOString(), url });
    },
    async devices(_args, { emit }) {
      for (const device of await presentDevices(options, await store.devices())) emit(device);
    },
    async revoke({ device: deviceId }, { emit }) {
      await revoke(options, deviceId);
      const device = await store.device(deviceId);
      for (const item of await presentDevices(options, device ? [device] : [])) emit(item);
    },
    async lines(_args, { emit }) {
      for (const tenant of await store.tenants()) {
        for (const line of switchboard.lines(tenant.tenantId)) emit(present(options, tenant, line));
      }
    },
    async watch({ line: name }, { emit, signal }) {
      const { tenant, line } = await lineNamed(options, name);
      emit(present(options, tenant, line));
      const stop = switchboard.onChange(({ lineId }) => {
        const changed = lineId === line.lineId ? switchboard.line(lineId) : undefined;
        if (changed) emit(present(options, tenant, changed));
      });
      await aborted(signal);
      stop();
    },
    async call({ line: name, number: text }, { emit, signal }) {
      const { tenant, line } = await lineNamed(options, name);
      const verdict = options.guard.judge({ kind: 'raw', text }, options.locationOf(line.pbxId));
      const { promise: isOver, resolve } = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => resolve(), { once: true });
      const submit = (confirm?: string): Promise<void> => {
        const order: CommandOrder = { name: 'makeCall', args: { number: verdict.number, ...(confirm && { confirm }) } };
        const key = randomUUID();
        const given = { id: key, key, lineId: line.lineId, deadlineMs: ORDER_DEADLINE_MS };
        return options.commands.submit(operatorOf(tenant), { type: 'command', ...given, ...order }, (report) => {
          const token = confirm === undefined ? countryToken(report) : undefined;
          if (token !== undefined) return void submit(token);
          const { key: _, ...item } = report;
          emit({ ...item, ...(verdict.dialString !== undefined && { dialled: verdict.dialString }) });
          if (report.state === 'done' || report.state === 'failed' || report.state === 'unknown') resolve();
        });
      };
      await submit();
      await isOver;
    },
  };
  return audited(handlers, options);
}

// The whole number was typed at the relay's own terminal: that is confirmation enough for a country or a person, not for 112.
function countryToken({ code, params }: CommandReport): string | undefined {
  const reason = params?.['reason'];
  const isCountry = code === 'confirmation-needed' && (reason === 'country' || reason === 'do-not-call');
  const token = params?.['confirm'];
  return isCountry && typeof token === 'string' ? token : undefined;
}

async function presentDevices(
  { store, server, switchboard }: OperatorOptions,
  devices: readonly Device[],
): Promise<ControlItem<'devices'>[]> {
  const users = await store.users();
  const isOneTenant = (await store.tenants()).length === 1;
  const live = server.sessions().filter(({ viewer }) => viewer !== undefined);
  const items = devices.map(({ deviceId, userId, name, origin, createdAt, lastSeenAt, revokedAt, lineId }) => {
    const user = users.find((one) => one.userId === userId);
    return {
      deviceId,
      user: !user || isOneTenant ? (user?.login ?? userId) : `${user.tenantId}/${user.login}`,
      name,
      browser: origin.startsWith('moz-extension:') ? ('firefox' as const) : ('chromium' as const),
      pairedAt: createdAt,
      ...(lastSeenAt !== undefined && { lastSeenAt }),
      ...(revokedAt !== undefined && { revokedAt }),
      ...(lineId !== undefined && { line: switchboard.line(lineId)?.extension ?? lineId }),
      sessions: live.filter((session) => session.deviceId === deviceId).length,
    };
  });
  const order = (item: (typeof items)[number]) => `${item.user} ${item.pairedAt}`;
  return items.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

// Recorded first: whoever signs in from now on is refused. Then every session that claims to be the device ends, those that
// are still signing in included.
async function revoke({ store, server, clock, log }: OperatorOptions, deviceId: string): Promise<void> {
  if (!(await store.device(deviceId))) {
    throw new ControlError('refused', `there is no device ${deviceId}: "relay devices" shows those there are`);
  }
  if (await store.revokeDevice(deviceId, new Date(clock.now()).toISOString())) {
    log.info({ device: deviceId }, 'device revoked');
  }
  for (const session of server.sessions()) if (session.deviceId === deviceId) session.end('revoked');
}

/** The person at the terminal, as a viewer of one tenant with every right. Not a user: it owns no line. */
function operatorOf(tenant: Tenant): Viewer {
  const user: User = { userId: 'operator', tenantId: tenant.tenantId, login: 'operator', displayName: 'Operator' };
  return {
    user,
    tenant,
    aclRev: 0,
    hiddenSources: new Set(),
    linesWith: () => 'all',
    rightsOn: () => ALL_RIGHTS,
    isOwn: () => false,
  };
}

function present(options: OperatorOptions, tenant: Tenant, line: BoardLine) {
  return lineFor(operatorOf(tenant), line, options.viewContext());
}

async function lineNamed(options: OperatorOptions, name: string): Promise<{ tenant: Tenant; line: BoardLine }> {
  const { store, switchboard } = options;
  const found = (await store.tenants()).flatMap((tenant) =>
    switchboard
      .lines(tenant.tenantId)
      .filter((line) => line.extension === name || line.lineId === name)
      .map((line) => ({ tenant, line })),
  );
  const [one, another] = found;
  if (!one) throw new ControlError('refused', `there is no line ${name}: "relay lines" shows those there are`);
  if (another) {
    const ids = found.map(({ line }) => `${line.lineId} (${line.pbxId})`).join(', ');
    throw new ControlError('refused', `several phone systems have a line ${name}: name it by its id, one of ${ids}`);
  }
  return one;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
