// Calls that a phone system documents as not reported as a whole: that nobody answered them is then not known. Frozen like
// every migration.
import type { Migration } from './migration.ts';

/** Version 7. */
export const partialCalls: Migration = {
  version: 7,
  name: 'calls that are reported in part',
  sql: 'ALTER TABLE leg ADD COLUMN isPartial INTEGER NOT NULL DEFAULT 0;',
};
