// What the command line asks of a running relay about itself: its configuration anew, how much it logs, a trace of its wires.
import type { Clock } from './clock.ts';
import { ConfigError } from './config-error.ts';
import { ControlError, type ControlHandlers } from './control.ts';
import { LOG_PARTS, type LogLevels } from './log-levels.ts';
import type { ReloadReport } from './reload.ts';
import { redacted, type Trace } from './trace.ts';

export interface OperationsOptions {
  version: string;
  clock: Clock;
  /** Throws ConfigError with everything as it was. */
  reload(): ReloadReport;
  levels: LogLevels;
  trace: Trace;
  pbxStatus(): string[];
  /** The configuration in force, for whoever reads a trace. */
  configuration(): object;
}

/** The handlers of `relay config reload`, `relay log` and `relay trace`. */
export function operationsHandlers(
  options: OperationsOptions,
): Pick<ControlHandlers, 'reload' | 'logLevels' | 'raiseLog' | 'traceStart' | 'traceStop' | 'traceBundle'> {
  const { clock, levels, trace } = options;
  return {
    async reload(_args, { emit }) {
      try {
        emit(options.reload());
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        throw new ControlError('refused', `${error.message}\nthe configuration before stays in force`);
      }
    },
    async logLevels(_args, { emit }) {
      emit(levelsOf(levels));
    },
    async raiseLog({ part, level, forMs }, { emit }) {
      levels.raise(part === 'all' ? LOG_PARTS : [part], level, forMs);
      emit(levelsOf(levels));
    },
    async traceStart({ forMs }, { emit }) {
      trace.start(forMs);
      emit(traceStateOf(trace));
    },
    async traceStop(_args, { emit }) {
      trace.stop();
      emit(traceStateOf(trace));
    },
    async traceBundle(_args, { emit }) {
      const state = traceStateOf(trace);
      if (state.startedAt === undefined) {
        throw new ControlError('refused', 'there is no trace: "relay trace start" begins one');
      }
      const { version, node, platform } = {
        version: options.version,
        node: process.version,
        platform: process.platform,
      };
      const head = { relay: version, node, platform, at: new Date(clock.now()).toISOString(), trace: state };
      const about = { pbx: options.pbxStatus(), config: redacted(options.configuration()) };
      emit({ line: JSON.stringify({ ...head, ...about }) });
      for (const line of trace.lines()) emit({ line });
    },
  };
}

function levelsOf(levels: LogLevels) {
  const raised = levels.raised().map(({ endsAt, ...one }) => ({ ...one, endsAt: new Date(endsAt).toISOString() }));
  return { usual: levels.usual(), raised };
}

function traceStateOf(trace: Trace) {
  const { startedAt, endsAt, ...state } = trace.state();
  return {
    ...state,
    ...(startedAt !== undefined && { startedAt: new Date(startedAt).toISOString() }),
    ...(endsAt !== undefined && { endsAt: new Date(endsAt).toISOString() }),
  };
}
