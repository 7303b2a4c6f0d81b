// Whom a number belongs to by the word of an agent; the calls with a number, for the history with a customer; and what a
// source says of a contact beyond name and numbers. Frozen like every migration.
import type { Migration } from './migration.ts';

/** Version 9. */
export const numberContacts: Migration = {
  version: 9,
  name: 'contacts that agents chose for numbers, calls by number, facts about contacts',
  sql: `
    CREATE TABLE number_contact (
      tenantId TEXT NOT NULL REFERENCES tenant,
      number TEXT NOT NULL,
      contactId TEXT NOT NULL,
      chosenAt TEXT NOT NULL,
      PRIMARY KEY (tenantId, number, contactId)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX leg_number ON leg (json_extract(remote, '$.number.number'), startedAt);
    ALTER TABLE contact ADD COLUMN about TEXT;
  `,
};
