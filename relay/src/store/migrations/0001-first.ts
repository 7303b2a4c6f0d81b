// The first schema: who there is, what may be seen, what was ordered, what was said on the phone, who the callers are.
// Frozen: a database out there was made by exactly these statements. Changes go into a new migration.
import type { Migration } from './migration.ts';

/** Version 1. */
export const firstSchema: Migration = {
  version: 1,
  name: 'first schema',
  sql: `
    CREATE TABLE tenant (
      tenantId TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      country TEXT NOT NULL,
      aclRev INTEGER NOT NULL DEFAULT 1
    ) STRICT;

    CREATE TABLE user (
      userId TEXT PRIMARY KEY,
      tenantId TEXT NOT NULL REFERENCES tenant,
      login TEXT NOT NULL,
      displayName TEXT NOT NULL,
      UNIQUE (tenantId, login)
    ) STRICT;

    CREATE TABLE line (
      lineId TEXT PRIMARY KEY,
      tenantId TEXT NOT NULL REFERENCES tenant,
      pbxId TEXT NOT NULL,
      lineKey TEXT NOT NULL,
      extension TEXT NOT NULL,
      name TEXT NOT NULL,
      UNIQUE (pbxId, lineKey)
    ) STRICT;

    -- lineId is no reference: '*' stands for all lines, and a grant may be there before its line is first reported.
    CREATE TABLE access_grant (
      userId TEXT NOT NULL REFERENCES user,
      lineId TEXT NOT NULL,
      rights TEXT NOT NULL,
      isOwn INTEGER NOT NULL,
      PRIMARY KEY (userId, lineId)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE device (
      deviceId TEXT PRIMARY KEY,
      userId TEXT NOT NULL REFERENCES user,
      name TEXT NOT NULL,
      publicKey TEXT NOT NULL,
      origin TEXT NOT NULL,
      createdAt TEXT NOT NULL,
      lastSeenAt TEXT,
      revokedAt TEXT
    ) STRICT;

    -- userId is no reference: the command line orders, too.
    CREATE TABLE command (
      commandKey TEXT PRIMARY KEY,
      userId TEXT NOT NULL,
      key TEXT NOT NULL,
      name TEXT NOT NULL,
      lineId TEXT NOT NULL,
      argsHash TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('recorded', 'sent', 'done', 'failed', 'unknown')),
      code TEXT,
      params TEXT,
      callId TEXT,
      createdAt TEXT NOT NULL,
      UNIQUE (userId, key)
    ) STRICT;
    CREATE INDEX command_open ON command (state) WHERE state IN ('recorded', 'sent');
    CREATE INDEX command_age ON command (createdAt);

    CREATE TABLE journal_cursor (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL) STRICT;
    INSERT INTO journal_cursor (id, seq) VALUES (1, 0);

    CREATE TABLE conversation (
      conversationId TEXT PRIMARY KEY,
      tenantId TEXT NOT NULL REFERENCES tenant,
      direction TEXT NOT NULL,
      startedAt TEXT NOT NULL,
      mergedInto TEXT,
      seq INTEGER NOT NULL UNIQUE
    ) STRICT;
    CREATE INDEX conversation_page ON conversation (tenantId, startedAt, conversationId) WHERE mergedInto IS NULL;
    CREATE INDEX conversation_since ON conversation (tenantId, seq);

    -- A call may stand in two conversations, one of them merged into the other.
    CREATE TABLE leg (
      conversationId TEXT NOT NULL REFERENCES conversation ON DELETE CASCADE,
      position INTEGER NOT NULL,
      callId TEXT NOT NULL,
      lineId TEXT NOT NULL,
      direction TEXT NOT NULL,
      remote TEXT NOT NULL,
      dialled TEXT,
      groupName TEXT,
      cause TEXT,
      startedAt TEXT NOT NULL,
      connectedAt TEXT,
      endedAt TEXT,
      isEstimated INTEGER NOT NULL,
      PRIMARY KEY (conversationId, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX leg_call ON leg (callId);
    CREATE INDEX leg_line ON leg (lineId, conversationId);
    CREATE INDEX leg_open ON leg (conversationId) WHERE endedAt IS NULL;

    -- An import writes under a new generation and becomes visible when its source's row names that generation.
    CREATE TABLE contact_source (
      tenantId TEXT NOT NULL REFERENCES tenant,
      source TEXT NOT NULL,
      generation INTEGER NOT NULL,
      PRIMARY KEY (tenantId, source)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE contact (
      id INTEGER PRIMARY KEY,
      tenantId TEXT NOT NULL REFERENCES tenant,
      source TEXT NOT NULL,
      generation INTEGER NOT NULL,
      contactId TEXT NOT NULL,
      name TEXT NOT NULL,
      company TEXT,
      url TEXT,
      numbers TEXT NOT NULL
    ) STRICT;
    CREATE INDEX contact_generation ON contact (tenantId, source, generation);
  `,
};
