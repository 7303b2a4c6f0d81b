// An export that is done at once, for pictures.
import type { ExportJournal } from '#components/use-journal-export.ts';

/** Saves nothing, and says what a real one would. */
export const sampleExport: ExportJournal = async () => {
  return { type: 'saved', count: 1250, fileName: 'offhook-journal-2026-11-20.csv' };
};
