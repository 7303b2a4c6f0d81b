// What makes the journal a truth that can be checked: when nobody was listening, who calls back, what was erased, who
// changed the rules. And the countries that each user has confirmed. Frozen like every migration.
import type { Migration } from './migration.ts';

/** Version 3. */
export const journalTruth: Migration = {
  version: 3,
  name: 'gaps, calls back, erasures, audit, confirmed countries',
  sql: `
    -- From when to when calls of a phone system may have gone by unheard. Without an end: still now.
    CREATE TABLE gap (
      gapId TEXT PRIMARY KEY,
      tenantId TEXT NOT NULL REFERENCES tenant,
      pbxId TEXT NOT NULL,
      reason TEXT NOT NULL CHECK (reason IN ('relay', 'pbx')),
      startedAt TEXT NOT NULL,
      endedAt TEXT
    ) STRICT;
    CREATE INDEX gap_page ON gap (tenantId, startedAt);
    CREATE INDEX gap_open ON gap (pbxId) WHERE endedAt IS NULL;

    -- Until when each phone system was surely listened to.
    CREATE TABLE heard (pbxId TEXT PRIMARY KEY, tenantId TEXT NOT NULL REFERENCES tenant, until TEXT NOT NULL)
      STRICT, WITHOUT ROWID;

    -- Who takes it on to call back after a call that the group missed.
    CREATE TABLE call_back (
      conversationId TEXT PRIMARY KEY REFERENCES conversation ON DELETE CASCADE,
      userId TEXT NOT NULL,
      name TEXT NOT NULL,
      takenAt TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Numbers that were erased, by their hash, so that a backup that is put back is cleaned again.
    CREATE TABLE erasure (
      tenantId TEXT NOT NULL REFERENCES tenant,
      numberHash TEXT NOT NULL,
      erasedAt TEXT NOT NULL,
      PRIMARY KEY (tenantId, numberHash, erasedAt)
    ) STRICT, WITHOUT ROWID;

    -- What was changed, by whom; append-only. args holds no number of a caller.
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY,
      at TEXT NOT NULL,
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      args TEXT NOT NULL,
      outcome TEXT NOT NULL
    ) STRICT;

    -- userId is no reference: the command line calls, too.
    CREATE TABLE known_country (
      userId TEXT NOT NULL,
      country TEXT NOT NULL,
      confirmedAt TEXT NOT NULL,
      PRIMARY KEY (userId, country)
    ) STRICT, WITHOUT ROWID;
  `,
};
