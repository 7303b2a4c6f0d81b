// Groups of users, contacts that not everybody finds, shared workstations, companies that are suspended. Frozen like every
// migration.
import type { Migration } from './migration.ts';

/** Version 4. */
export const groupsAndTenants: Migration = {
  version: 4,
  name: 'groups, restricted contacts, workstations, suspended tenants',
  sql: `
    CREATE TABLE people_group (
      groupId TEXT PRIMARY KEY,
      tenantId TEXT NOT NULL REFERENCES tenant,
      name TEXT NOT NULL,
      UNIQUE (tenantId, name)
    ) STRICT;

    CREATE TABLE group_member (
      groupId TEXT NOT NULL REFERENCES people_group ON DELETE CASCADE,
      userId TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
      PRIMARY KEY (groupId, userId)
    ) STRICT, WITHOUT ROWID;

    -- A group owns no line: calls ring for persons.
    CREATE TABLE group_grant (
      groupId TEXT NOT NULL REFERENCES people_group ON DELETE CASCADE,
      lineId TEXT NOT NULL,
      rights TEXT NOT NULL,
      PRIMARY KEY (groupId, lineId)
    ) STRICT, WITHOUT ROWID;

    -- Contacts of these sources are found only by users and groups with a grant on 'source:ID'.
    CREATE TABLE restricted_source (
      tenantId TEXT NOT NULL REFERENCES tenant,
      source TEXT NOT NULL,
      PRIMARY KEY (tenantId, source)
    ) STRICT, WITHOUT ROWID;

    -- Set on a shared workstation: whoever signs in there has this line.
    ALTER TABLE device ADD COLUMN lineId TEXT;
    ALTER TABLE tenant ADD COLUMN suspendedAt TEXT;

    -- Devices of users that were removed, so that a backup that is put back lets none of them in.
    CREATE TABLE retired_device (deviceId TEXT PRIMARY KEY, retiredAt TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
};
