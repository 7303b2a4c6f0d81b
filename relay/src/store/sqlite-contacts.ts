// Contacts in SQLite. Half a million rows come and go without the relay standing still: an import is written in short
// transactions under a new generation, and one small write at the end makes it visible, whole or not at all.
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as v from 'valibot';
import { jsonOf, jsonOrNull, optional, orNull, transaction } from './database.ts';
import type { ContactImportMark, Store, StoredContact } from './store.ts';

type Contacts = Pick<Store, 'replaceContacts' | 'contacts' | 'contactImport'>;

const text = v.string();
const ContactRow = v.object({
  id: v.number(),
  source: text,
  contactId: text,
  name: text,
  company: optional(text),
  url: optional(text),
  numbers: jsonOf(v.array(v.object({ number: text, label: v.optional(text), isFax: v.optional(v.boolean()) }))),
  emails: optional(jsonOf(v.array(text))),
});
const ImportRow = v.object({ importedAt: optional(text), mark: optional(text) });
/** Rows a step: about 5 ms of work. */
const BATCH_ROWS = 1_000;

/** The part of the store that keeps contacts. */
export function contactsIn(db: DatabaseSync): Contacts {
  const sql = statements(db);
  let imports: Promise<void> = Promise.resolve();

  async function replace(
    { tenantId, source, imported = {} }: { tenantId: string; source: string; imported: ContactImportMark | undefined },
    contacts: readonly StoredContact[],
  ): Promise<void> {
    // Above whatever an import that was cut short has left behind.
    const generation = v.parse(v.number(), sql.nextGeneration.get(tenantId, source)?.['generation']);
    for (let start = 0; start < contacts.length; start += BATCH_ROWS) {
      transaction(db, () => {
        for (const { contactId, name, company, url, numbers, emails } of contacts.slice(start, start + BATCH_ROWS)) {
          const texts = [contactId, name, orNull(company), orNull(url)] as const;
          sql.add.run(tenantId, source, generation, ...texts, JSON.stringify(numbers), jsonOrNull(emails));
        }
      });
      await nextTurn();
    }
    sql.publish.run(tenantId, source, generation, orNull(imported.importedAt), orNull(imported.mark));
    while (sql.removeOld.run(tenantId, source, generation, BATCH_ROWS).changes > 0) await nextTurn();
  }

  return {
    async replaceContacts(tenantId, source, contacts, imported) {
      // One import after the other, so that no two write under one generation.
      const mine = imports.then(() => replace({ tenantId, source, imported }, contacts));
      imports = mine.catch(() => undefined);
      return mine;
    },
    async contactImport(tenantId, source) {
      const row = sql.imported.get(tenantId, source);
      return row && v.parse(ImportRow, row);
    },
    async contacts(tenantId) {
      const found: (StoredContact & { source: string })[] = [];
      let lastId = 0;
      for (;;) {
        const rows = sql.contacts.all(tenantId, lastId, BATCH_ROWS).map((row) => v.parse(ContactRow, row));
        for (const { id, ...contact } of rows) {
          found.push(contact);
          lastId = id;
        }
        if (rows.length < BATCH_ROWS) return found;
        await nextTurn();
      }
    },
  };
}

function statements(db: DatabaseSync) {
  return {
    nextGeneration: db.prepare(
      'SELECT coalesce(max(generation), 0) + 1 AS generation FROM contact WHERE tenantId = ? AND source = ?',
    ),
    add: db.prepare(
      `INSERT INTO contact (tenantId, source, generation, contactId, name, company, url, numbers, emails)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    publish: db.prepare(
      `INSERT INTO contact_source (tenantId, source, generation, importedAt, mark) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (tenantId, source) DO UPDATE
         SET generation = excluded.generation, importedAt = excluded.importedAt, mark = excluded.mark`,
    ),
    imported: db.prepare('SELECT importedAt, mark FROM contact_source WHERE tenantId = ? AND source = ?'),
    removeOld: db.prepare(
      `DELETE FROM contact WHERE id IN
         (SELECT id FROM contact WHERE tenantId = ? AND source = ? AND generation < ? LIMIT ?)`,
    ),
    contacts: db.prepare(
      `SELECT c.id, c.source, c.contactId, c.name, c.company, c.url, c.numbers, c.emails
       FROM contact AS c JOIN contact_source AS s
         ON s.tenantId = c.tenantId AND s.source = c.source AND s.generation = c.generation
       WHERE c.tenantId = ? AND c.id > ? ORDER BY c.id LIMIT ?`,
    ),
  };
}
