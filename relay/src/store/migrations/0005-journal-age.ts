// What has become too old is found without a look at every call. Frozen like every migration.
import type { Migration } from './migration.ts';

/** Version 5. */
export const journalAge: Migration = {
  version: 5,
  name: 'age of merged and erased calls',
  sql: `
    -- conversation_page has all others.
    CREATE INDEX conversation_gone ON conversation (tenantId, startedAt) WHERE mergedInto IS NOT NULL;
  `,
};
