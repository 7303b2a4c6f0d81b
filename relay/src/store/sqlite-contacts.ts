// Contacts in SQLite. Half a million rows come and go without the relay standing still: an import is written in short
// transactions under a new generation, and one small write at the end makes it visible, whole or not at all.
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as v from 'valibot';
import { jsonOf, jsonOrNull, optional, orNull, transaction } from './database.ts';
import type { NumberContact } from './number-contacts.ts';
import type { ContactImportMark, Store, StoredContact } from './store.ts';

type Contacts = Pick<
  Store,
  'replaceContacts' | 'contacts' | 'contactImport' | 'numberContacts' | 'putNumberContact' | 'removeNumberContact'
>;

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
  about: optional(
    jsonOf(
      v.object({
        facts: v.optional(v.array(v.object({ label: text, text }))),
        vip: v.optional(v.boolean()),
        doNotCall: v.optional(v.boolean()),
      }),
    ),
  ),
});
const NumberContactRow = v.object({ tenantId: text, number: text, contactId: text, chosenAt: text });
const ImportRow = v.object({ importedAt: optional(text), mark: optional(text) });
const SourceRow = v.object({ source: text, generation: v.number() });
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
        for (const contact of contacts.slice(start, start + BATCH_ROWS)) {
          const { contactId, name, company, url, numbers, emails, about } = contact;
          const texts = [contactId, name, orNull(company), orNull(url)] as const;
          const lists = [JSON.stringify(numbers), jsonOrNull(emails), jsonOrNull(about)] as const;
          sql.add.run(tenantId, source, generation, ...texts, ...lists);
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
      for (const row of sql.sources.all(tenantId)) {
        const { source, generation } = v.parse(SourceRow, row);
        let lastId = 0;
        for (;;) {
          const rows = sql.contacts.all(tenantId, source, generation, lastId, BATCH_ROWS);
          for (const { id, about, ...contact } of rows.map((one) => v.parse(ContactRow, one))) {
            found.push({ ...contact, ...(about && { about }) });
            lastId = id;
          }
          if (rows.length < BATCH_ROWS) break;
          await nextTurn();
        }
      }
      return found;
    },
    ...chosenIn(sql),
  };
}

function chosenIn(
  sql: ReturnType<typeof statements>,
): Pick<Contacts, 'numberContacts' | 'putNumberContact' | 'removeNumberContact'> {
  return {
    async numberContacts() {
      return sql.chosen.all().map((row): NumberContact => v.parse(NumberContactRow, row));
    },
    async putNumberContact({ tenantId, number, contactId, chosenAt }) {
      sql.choose.run(tenantId, number, contactId, chosenAt);
    },
    async removeNumberContact({ tenantId, number, contactId }) {
      return Number(sql.unchoose.run({ tenantId, number, contactId: orNull(contactId) }).changes);
    },
  };
}

function statements(db: DatabaseSync) {
  return {
    nextGeneration: db.prepare(
      'SELECT coalesce(max(generation), 0) + 1 AS generation FROM contact WHERE tenantId = ? AND source = ?',
    ),
    add: db.prepare(
      `INSERT INTO contact (tenantId, source, generation, contactId, name, company, url, numbers, emails, about)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    publish: db.prepare(
      `INSERT INTO contact_source (tenantId, source, generation, importedAt, mark) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (tenantId, source) DO UPDATE
         SET generation = excluded.generation, importedAt = excluded.importedAt, mark = excluded.mark`,
    ),
    imported: db.prepare('SELECT importedAt, mark FROM contact_source WHERE tenantId = ? AND source = ?'),
    chosen: db.prepare('SELECT * FROM number_contact ORDER BY chosenAt DESC, contactId'),
    choose: db.prepare(
      `INSERT INTO number_contact (tenantId, number, contactId, chosenAt) VALUES (?, ?, ?, ?)
       ON CONFLICT (tenantId, number, contactId) DO UPDATE SET chosenAt = excluded.chosenAt`,
    ),
    unchoose: db.prepare(
      `DELETE FROM number_contact
       WHERE tenantId = :tenantId AND number = :number AND (:contactId IS NULL OR contactId = :contactId)`,
    ),
    removeOld: db.prepare(
      `DELETE FROM contact WHERE id IN
         (SELECT id FROM contact WHERE tenantId = ? AND source = ? AND generation < ? LIMIT ?)`,
    ),
    // In the order in which they were imported.
    sources: db.prepare(
      `SELECT s.source, s.generation FROM contact_source AS s WHERE s.tenantId = ?
       ORDER BY (SELECT min(c.id) FROM contact AS c
         WHERE c.tenantId = s.tenantId AND c.source = s.source AND c.generation = s.generation)`,
    ),
    // Straight along the index, however many there are (measured: a million took minutes when each step looked for its
    // place among all of the tenant's).
    contacts: db.prepare(
      `SELECT id, source, contactId, name, company, url, numbers, emails, about FROM contact
       WHERE tenantId = ? AND source = ? AND generation = ? AND id > ? ORDER BY id LIMIT ?`,
    ),
  };
}
