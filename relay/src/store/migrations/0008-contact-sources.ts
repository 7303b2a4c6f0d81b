// How far the import of a contact source went, so that the next one asks for changes only; and by what else than numbers
// one person in several sources is known. Frozen like every migration.
import type { Migration } from './migration.ts';

/** Version 8. */
export const contactSources: Migration = {
  version: 8,
  name: 'marks of contact imports, e-mail addresses of contacts',
  sql: `
    ALTER TABLE contact ADD COLUMN emails TEXT;
    ALTER TABLE contact_source ADD COLUMN importedAt TEXT;
    ALTER TABLE contact_source ADD COLUMN mark TEXT;
  `,
};
