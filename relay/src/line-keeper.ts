// Keeps the lines of the relay in step with those of its phone systems: what is new, renamed or vanished is taken over by
// rule, or waits until an administrator accepts it. It stands between phone systems and switchboard: a line that waits is
// on no board, and neither are its calls. It decides nothing about rights.
import type { Logger } from 'pino';
import { e164Of, equalNames, lineNameOf } from './line-names.ts';
import type { Driver, DriverEvent, LineReport } from './pbx/driver.ts';
import type { Store, StoredLine } from './store/store.ts';
import type { Switchboard } from './switchboard.ts';

/** How lines of one phone system are named and kept in step. */
export interface LineRules {
  name: string;
  /** What comes before an extension in its public number, `'+493023125'`. */
  mainNumber?: string | undefined;
  new: 'accept' | 'ask';
  renamed: 'accept' | 'ask';
  vanished: 'keep' | 'retire';
}

/** A line as a phone system names it. */
export interface NamedLine {
  lineKey: string;
  extension: string;
  name: string;
}

/** A phone system whose lines are kept. */
export interface KeptPbx {
  pbxId: string;
  tenantId: string;
  tenantName: string;
  rules: LineRules;
  lines: readonly StoredLine[];
}

/** Where relay and phone system differ. `line` is what the relay has, for a new one what the phone system says. */
export interface LineDifference {
  pbxId: string;
  change: 'new' | 'renamed' | 'vanished';
  line: NamedLine;
  /** What the phone system calls a renamed line now. */
  now?: NamedLine | undefined;
}

export interface LineKeeperOptions {
  switchboard: Pick<Switchboard, 'handle' | 'applySnapshot' | 'removeLine'>;
  store: Pick<Store, 'saveLines'>;
  /** Takes lines out of the store, and every grant on them. */
  retireLines(tenantId: string, lineIds: readonly string[]): Promise<void>;
  lineIdOf(pbxId: string, lineKey: string): string;
  log: Logger;
}

export interface LineKeeper extends Pick<Switchboard, 'handle' | 'applySnapshot'> {
  /** Takes a phone system in; answers its lines as the board shall call them. */
  attach(pbx: KeptPbx): StoredLine[];
  /** In the order of phone systems, then extensions. */
  differences(): LineDifference[];
  /** Takes differences over, whatever the rules say; those named that are none any more are left out. */
  accept(differences: readonly LineDifference[]): Promise<void>;
  /** Whether the phone system has a line with this extension, accepted or not: it rings when that is dialled. */
  hasExtension(pbxId: string, extension: string): boolean;
  /** Every line as it would be called, by the pattern in force or another one. */
  named(pattern?: string): { pbxId: string; extension: string; name: string }[];
  /** Lines of the tenant were taken off the board: who watched them has to look anew. */
  onRetired(listener: (tenantId: string) => void): () => void;
}

// A phone system that has lost its configuration, or answers half, must not take a company's lines away by rule.
const FEW_LINES = 3;

interface Kept extends Omit<KeptPbx, 'lines'> {
  accepted: Map<string, NamedLine>;
  /** Undefined until the first snapshot. */
  reported: Map<string, LineReport> | undefined;
  warnedOf: string;
  /** Settles when the last retirement is written down; undefined while none is under way. */
  retiring: Promise<unknown> | undefined;
}

interface Keeping extends LineKeeperOptions {
  tellRetired(tenantId: string): void;
}

/** A keeper without phone systems. */
export function createLineKeeper(given: LineKeeperOptions): LineKeeper {
  const systems = new Map<string, Kept>();
  const listeners = new Set<(tenantId: string) => void>();
  const options: Keeping = {
    ...given,
    tellRetired: (tenantId) => {
      for (const listener of listeners) listener(tenantId);
    },
  };
  return {
    attach({ lines, ...pbx }) {
      const accepted = new Map(lines.map(({ lineKey, extension, name }) => [lineKey, { lineKey, extension, name }]));
      const kept: Kept = { ...pbx, accepted, reported: undefined, warnedOf: '', retiring: undefined };
      systems.set(pbx.pbxId, kept);
      return lines.map((line) => ({ ...line, name: shownName(kept, line) }));
    },
    handle(pbxId, event) {
      const kept = systems.get(pbxId);
      const passed = kept ? eventFor(kept, event, options) : event;
      if (passed) options.switchboard.handle(pbxId, passed);
    },
    applySnapshot(pbxId, snapshot) {
      const kept = systems.get(pbxId);
      if (!kept) return options.switchboard.applySnapshot(pbxId, snapshot);
      applySnapshot(kept, snapshot, options);
    },
    onRetired(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    differences: () => [...systems.values()].flatMap(differencesOf),
    async accept(differences) {
      for (const kept of systems.values()) {
        const mine = differences.filter(({ pbxId }) => pbxId === kept.pbxId);
        const written = takeOver(kept, mine, options);
        for (const { line } of mine) tellLine(kept, line.lineKey, options);
        await written;
      }
    },
    hasExtension(pbxId, extension) {
      const reported = systems.get(pbxId)?.reported?.values() ?? [];
      return [...reported].some((line) => line.extension === extension);
    },
    named: (pattern) =>
      [...systems.values()].flatMap((kept) =>
        [...kept.accepted.values()].map((line) => ({
          pbxId: kept.pbxId,
          extension: line.extension,
          name: shownName(kept, line, pattern),
        })),
      ),
  };
}

function applySnapshot(kept: Kept, snapshot: Awaited<ReturnType<Driver['snapshot']>>, options: Keeping): void {
  const { pbxId, rules } = kept;
  kept.reported = new Map(snapshot.lines.map((line) => [line.lineKey, line]));
  const found = differencesOf(kept);
  const byRule = found.filter(({ change }) => isByRule(change, rules));
  const vanished = byRule.filter(({ change }) => change === 'vanished');
  // So many at once are no decision of anybody.
  const isMost = vanished.length > FEW_LINES && vanished.length * 2 > kept.accepted.size;
  // A phone system without any line has lost them, however few they were.
  const isOdd = isMost || (vanished.length > 0 && snapshot.lines.length === 0);
  if (isOdd) {
    const words =
      'all or more than half of its lines have vanished: none is retired by rule, "relay lines diff" shows them';
    options.log.warn({ pbx: pbxId, vanished: vanished.length }, words);
  }
  const taken = isOdd ? byRule.filter(({ change }) => change !== 'vanished') : byRule;
  // The board has to know a line before its calls; what has to be written down is not waited for.
  takeOver(kept, taken, options).catch((error: unknown) => {
    options.log.error({ err: error, pbx: pbxId }, 'lines could not be remembered');
  });
  const waiting = differencesOf(kept).length;
  if (waiting > 0) options.log.info({ pbx: pbxId, waiting }, 'lines differ: see "relay lines diff"');
  warnOfEqualNames(kept, options.log);
  options.switchboard.applySnapshot(pbxId, {
    lines: snapshot.lines.flatMap((line) => reportFor(kept, line) ?? []),
    legs: snapshot.legs.filter(({ lineKey }) => isOnBoard(kept, lineKey)),
  });
}

function eventFor(kept: Kept, event: DriverEvent, options: Keeping): DriverEvent | undefined {
  if (event.type === 'leg') return isOnBoard(kept, event.leg.lineKey) ? event : undefined;
  if (event.type !== 'line') return event;
  const { line } = event;
  kept.reported?.set(line.lineKey, line);
  const difference = differenceAt(kept, line);
  if (difference && isByRule(difference.change, kept.rules)) {
    takeOver(kept, [difference], options).catch((error: unknown) => {
      options.log.error({ err: error, pbx: kept.pbxId }, 'a line could not be remembered');
    });
  }
  const report = reportFor(kept, line);
  return report && { type: 'line', line: report };
}

// A call may be told of before its line.
function isOnBoard({ accepted, rules }: Kept, lineKey: string): boolean {
  return accepted.has(lineKey) || rules.new === 'accept';
}

function isByRule(change: LineDifference['change'], rules: LineRules): boolean {
  return change === 'vanished' ? rules.vanished === 'retire' : rules[change] === 'accept';
}

function differencesOf(kept: Kept): LineDifference[] {
  const { reported, accepted, pbxId } = kept;
  if (!reported) return [];
  const changed = [...reported.values()].flatMap((line) => differenceAt(kept, line) ?? []);
  const vanished = [...accepted.values()]
    .filter(({ lineKey }) => !reported.has(lineKey))
    .map((line): LineDifference => ({ pbxId, change: 'vanished', line }));
  const byExtension = new Intl.Collator('en', { numeric: true });
  return [...changed, ...vanished].sort((a, b) => byExtension.compare(a.line.extension, b.line.extension));
}

// A report without a name says nothing about the name.
function differenceAt({ accepted, pbxId }: Kept, { lineKey, extension, name }: LineReport): LineDifference | undefined {
  const line = accepted.get(lineKey);
  if (!line) return { pbxId, change: 'new', line: { lineKey, extension, name } };
  const isSame = line.extension === extension && (name === '' || line.name === name);
  return isSame
    ? undefined
    : { pbxId, change: 'renamed', line, now: { lineKey, extension, name: name === '' ? line.name : name } };
}

// On the board at once, in the store as soon as that can: whoever awaits it knows that it will be there after a restart.
async function takeOver(
  kept: Kept,
  differences: readonly LineDifference[],
  { store, switchboard, lineIdOf, retireLines, tellRetired, log }: Keeping,
): Promise<void> {
  const { pbxId, tenantId, accepted } = kept;
  const current = differencesOf(kept);
  const wanted = differences.filter((one) =>
    kept.reported === undefined ? true : current.some((other) => other.change === one.change && sameLine(other, one)),
  );
  const saved: StoredLine[] = [];
  const removed: string[] = [];
  for (const { change, line, now } of wanted) {
    const lineId = lineIdOf(pbxId, line.lineKey);
    if (change === 'vanished') {
      accepted.delete(line.lineKey);
      switchboard.removeLine(pbxId, line.lineKey);
      removed.push(lineId);
      continue;
    }
    const named = now ?? line;
    accepted.set(line.lineKey, named);
    saved.push({ ...named, lineId, tenantId, pbxId });
  }
  if (removed.length > 0) tellRetired(tenantId);
  if (saved.length > 0) {
    // A line that has come back must not go with the one that it was.
    if (kept.retiring !== undefined) await kept.retiring;
    await store.saveLines(saved);
  }
  if (removed.length === 0) return;
  const retired = retireLines(tenantId, removed);
  const settled = retired.catch(() => undefined);
  kept.retiring = settled;
  await retired.finally(() => {
    if (kept.retiring === settled) kept.retiring = undefined;
  });
  log.info({ pbx: pbxId, lines: removed.length }, 'lines were retired, and the grants on them ended');
}

// What was accepted now is shown now.
function tellLine(kept: Kept, lineKey: string, { switchboard }: Keeping): void {
  const report = kept.reported?.get(lineKey);
  const passed = report && reportFor(kept, report);
  if (passed) switchboard.handle(kept.pbxId, { type: 'line', line: passed });
}

function sameLine(one: LineDifference, other: LineDifference): boolean {
  return one.pbxId === other.pbxId && one.line.lineKey === other.line.lineKey;
}

// A renamed line that waits goes on under its old name and extension.
function reportFor(kept: Kept, report: LineReport): LineReport | undefined {
  const line = kept.accepted.get(report.lineKey);
  return line && { ...report, extension: line.extension, name: shownName(kept, line) };
}

function shownName(
  { rules, tenantName }: Pick<Kept, 'rules' | 'tenantName'>,
  { extension, name }: Pick<NamedLine, 'extension' | 'name'>,
  pattern = rules.name,
): string {
  return lineNameOf(pattern, { extension, name, e164: e164Of(rules.mainNumber, extension), tenant: tenantName });
}

function warnOfEqualNames(kept: Kept, log: Logger): void {
  const named = [...kept.accepted.values()].map((line) => ({ ...line, name: shownName(kept, line) }));
  const equal = equalNames(named).map(({ extensions }) => extensions.join(' and '));
  const words = equal.join('; ');
  if (words !== '' && words !== kept.warnedOf) {
    log.warn(
      { pbx: kept.pbxId, lines: equal.slice(0, 20) },
      'several lines have the same name: see "relay lines names"',
    );
  }
  kept.warnedOf = words;
}
