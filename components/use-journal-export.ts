// One export of the journal at a time: how far it is, what came of it, and its end when nobody may see the journal any more.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ExportOutcome, ExportRequest } from '#lib/journal-export.ts';
import type { JournalFilter } from '#lib/messages.ts';

/** Fetches and saves everything that a filter finds. */
export type ExportJournal = (request: ExportRequest) => Promise<ExportOutcome>;

/** `idle`: nothing was exported yet, or its message was put away. */
type ExportPhase =
  | { type: 'idle' }
  | { type: 'running'; count: number }
  | Exclude<ExportOutcome, { type: 'cancelled' }>;

export interface JournalExport {
  phase: ExportPhase;
  start(filter: JournalFilter | undefined): void;
  /** Ends what runs, and puts away what was said of the last one. */
  end(): void;
}

const IDLE: ExportPhase = { type: 'idle' };

/** The export of one list; undefined where the view cannot save files. */
export function useJournalExport(exportJournal: ExportJournal | undefined): JournalExport | undefined {
  const [phase, setPhase] = useState<ExportPhase>(IDLE);
  const running = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function run(filter: JournalFilter | undefined, by: ExportJournal): Promise<void> {
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    setPhase({ type: 'running', count: 0 });
    const outcome = await by({
      filter,
      signal: control.signal,
      onProgress: (count) => !control.signal.aborted && setPhase({ type: 'running', count }),
    });
    if (!control.signal.aborted) setPhase(outcome.type === 'cancelled' ? IDLE : outcome);
  }

  return (
    exportJournal && {
      phase,
      start: (filter) => void run(filter, exportJournal),
      end() {
        running.current?.abort();
        setPhase(IDLE);
      },
    }
  );
}
