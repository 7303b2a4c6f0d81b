// What agents write about calls, how far they have looked at the journal, and what a source calls a contact's numbers.
// Frozen like every migration.
import type { Migration } from './migration.ts';

/** Version 2. */
export const notesAndLabels: Migration = {
  version: 2,
  name: 'notes, journal marks, labelled numbers',
  sql: `
    -- A note stays with the conversation that it was written about. ownerId is the conversation under which it is shown:
    -- the same one, or the older one that this one became part of.
    CREATE TABLE note (
      conversationId TEXT PRIMARY KEY REFERENCES conversation ON DELETE CASCADE,
      ownerId TEXT NOT NULL,
      text TEXT NOT NULL,
      disposition TEXT,
      writtenBy TEXT NOT NULL,
      writtenAt TEXT NOT NULL
    ) STRICT;
    CREATE INDEX note_owner ON note (ownerId);

    -- The same writing sent twice is one writing.
    CREATE TABLE note_key (
      userId TEXT NOT NULL,
      key TEXT NOT NULL,
      argsHash TEXT NOT NULL,
      createdAt TEXT NOT NULL,
      PRIMARY KEY (userId, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX note_key_age ON note_key (createdAt);

    -- Entries that started later are news to this user.
    CREATE TABLE journal_mark (
      userId TEXT PRIMARY KEY REFERENCES user ON DELETE CASCADE,
      until TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- ["+49…"] becomes [{"number": "+49…"}].
    UPDATE contact SET numbers =
      (SELECT json_group_array(json_object('number', value)) FROM json_each(contact.numbers))
  `,
};
