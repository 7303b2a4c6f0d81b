// Lines as feeds see them, set by hand: what the switchboard promises (each change its own revision, told of at once)
// without a phone system behind it.
import type { FanOutOptions } from '../../relay/src/fan-out.ts';
import type { FeedContext } from '../../relay/src/feed.ts';
import type { BoardLine } from '../../relay/src/switchboard.ts';

export type FakeBoard = Pick<FanOutOptions, 'rev' | 'line' | 'changedSince' | 'onChange'> &
  Pick<FeedContext, 'lines'> & {
    /** Adds or changes a line; its `rev` is given here. */
    set(line: BoardLine): void;
    /** How many listen. */
    listeners(): number;
  };

/** An empty board. */
export function createFakeBoard(): FakeBoard {
  const lines = new Map<string, BoardLine>();
  const revs = new Map<string, number>();
  const listeners = new Set<(change: { tenantId: string; lineId: string }) => void>();
  const since = (tenantId: string, rev: number) =>
    [...lines.values()].filter((line) => line.tenantId === tenantId && line.rev > rev);
  return {
    set(line) {
      const rev = (revs.get(line.tenantId) ?? 0) + 1;
      revs.set(line.tenantId, rev);
      lines.set(line.lineId, { ...line, rev });
      for (const listener of [...listeners]) listener({ tenantId: line.tenantId, lineId: line.lineId });
    },
    rev: (tenantId) => revs.get(tenantId) ?? 0,
    line: (lineId) => lines.get(lineId),
    lines: (tenantId) => since(tenantId, 0),
    changedSince: since,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    listeners: () => listeners.size,
  };
}
