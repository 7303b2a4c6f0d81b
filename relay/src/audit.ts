// Who changed what: every command of the command line that is not a mere look is written down, with its outcome. Callers'
// numbers and secrets are no part of it. The list only grows; nothing in the relay takes a line out of it.
import { userInfo } from 'node:os';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { ControlError, type ControlHandlers } from './control.ts';
import type { ControlName } from './control-commands.ts';
import type { Store } from './store/store.ts';

export interface AuditOptions {
  store: Pick<Store, 'addAudit'>;
  clock: Clock;
  log: Logger;
  /** The account of whoever may open the control socket. */
  actor?: string;
}

// What only looks. A command that is new is a change until somebody says otherwise here.
const LOOKS: ReadonlySet<ControlName> = new Set<ControlName>([
  'status',
  'devices',
  'users',
  'grants',
  'groups',
  'sources',
  'tenants',
  'ownLines',
  'lines',
  'lineNames',
  'lineChanges',
  'journal',
  'watch',
  'callers',
  'audit',
  'logLevels',
]);
// Numbers of callers and of people that asked to be forgotten.
const HIDDEN_ARGS = ['number'];
const LONGEST_TEXT = 256;
const MOST_ENTRIES = 20;

// Every handler in one type: the arguments were read by the schema of their own command before.
type AnyHandler = (args: object, context: { emit(item: never): void; signal: AbortSignal }) => Promise<void>;

/** The same handlers, with a record of every change that was made or refused. */
export function audited(handlers: ControlHandlers, options: AuditOptions): ControlHandlers {
  const all = Object.entries<unknown>({ ...handlers }).map(([name, handler]) => {
    const isLook = [...LOOKS].some((look) => look === name);
    return [name, isLook ? handler : recorded(name, handler as AnyHandler, options)] as const; // see above
  });
  // The same names, each with its own handler behind it.
  return Object.fromEntries(all) as unknown as ControlHandlers;
}

function recorded(
  name: string,
  handler: AnyHandler,
  { store, clock, log, actor = userInfo().username }: AuditOptions,
): AnyHandler {
  const record = (args: object, outcome: string) =>
    store
      .addAudit({ at: new Date(clock.now()).toISOString(), actor, action: name, args: shown(args), outcome })
      .catch((error: unknown) => log.error({ err: error, action: name }, 'a change could not be written down'));
  return async (args, context) => {
    try {
      await handler(args, context);
    } catch (error) {
      await record(args, error instanceof ControlError ? error.message.slice(0, LONGEST_TEXT) : 'failed');
      throw error;
    }
    await record(args, 'done');
  };
}

function shown(args: object): Record<string, unknown> {
  const told = Object.entries(args).filter(([name]) => !HIDDEN_ARGS.includes(name));
  return Object.fromEntries(told.map(([name, value]) => [name, isLong(value) ? `${value.length} entries` : value]));
}

// A list of a whole company would fill the page of who looks.
function isLong(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > MOST_ENTRIES;
}
