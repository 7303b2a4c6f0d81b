// Which account of the identity provider a user is, once it has signed in. Frozen like every migration.
import type { Migration } from './migration.ts';

/** Version 10. */
export const userAccounts: Migration = {
  version: 10,
  name: 'accounts of users at the identity provider',
  sql: `
    -- Issuer and subject with a blank between; null: none has signed in yet.
    ALTER TABLE user ADD COLUMN account TEXT;
  `,
};
