// How a device came to be: those of an identity provider come and go with the browser profiles that they are in. Frozen like
// every migration.
import type { Migration } from './migration.ts';

/** Version 6. */
export const deviceEnrolment: Migration = {
  version: 6,
  name: 'how devices were enrolled',
  sql: `
    -- 'sign-in', 'silent', or null: by a pairing code.
    ALTER TABLE device ADD COLUMN enrolledBy TEXT;
  `,
};
