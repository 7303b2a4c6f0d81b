// Notes in SQLite, and how far each user has looked. A note stays with the conversation that it was written about, so that
// two that become one lose neither, and somebody who has not seen the other one's yet replaces only what stood under the
// name that he writes under. Runs inside the transactions of sqlite-journal.ts; it opens none.
import type { DatabaseSync } from 'node:sqlite';
import { DISPOSITIONS } from '@offhook/protocol';
import * as v from 'valibot';
import { optional, orNull } from './database.ts';
import type { ConversationNote, NoteWriting } from './store.ts';

const NoteRow = v.object({ text: v.string(), disposition: optional(v.picklist(DISPOSITIONS)) });

/** The notes of a database. */
export function notesIn(db: DatabaseSync) {
  const sql = statements(db);

  function of(ownerId: string): ConversationNote | undefined {
    const rows = sql.ofOwner.all({ ownerId }).map((row) => v.parse(NoteRow, row));
    const text = rows.flatMap((row) => (row.text === '' ? [] : [row.text])).join('\n');
    const disposition = rows.find((row) => row.disposition !== undefined)?.disposition;
    if (text === '' && disposition === undefined) return undefined;
    return { ...(text !== '' && { text }), ...(disposition && { disposition }) };
  }

  return {
    /** All that is shown with a conversation, its own first; undefined if that is nothing. */
    of,
    /** What was shown with one conversation is shown with another one from now on. */
    move(fromOwnerId: string, toOwnerId: string): void {
      sql.move.run(toOwnerId, fromOwnerId);
    },
    /** Remembers a writing's key; says whether it is a new one. */
    take({ userId, key, argsHash, writtenAt }: NoteWriting): 'new' | 'repeated' | 'key-reused' {
      const before = sql.key.get(userId, key)?.['argsHash'];
      if (before !== undefined) return before === argsHash ? 'repeated' : 'key-reused';
      sql.addKey.run(userId, key, argsHash, writtenAt);
      return 'new';
    },
    /**
     * Who has seen all notes of the whole conversation replaces them. Anybody else replaces what stands under the name
     * that he writes under, and what others wrote stays: a field that is being typed in stands still.
     */
    write({ conversationId, userId, text, base, disposition, writtenAt }: NoteWriting, ownerId: string): void {
      const place = { conversationId, ownerId };
      const hasSeenAll = conversationId === ownerId && base === (of(ownerId)?.text ?? '');
      if (text !== undefined && hasSeenAll) sql.clearOtherTexts.run(place);
      if (disposition !== undefined) sql.clearOtherDispositions.run(place);
      sql.write.run({
        ...place,
        text: orNull(text),
        disposition: orNull(disposition),
        keepsDisposition: disposition === undefined ? 1 : 0,
        userId,
        writtenAt,
      });
    },
    forgetKeys(before: string): void {
      sql.forgetKeys.run(before);
    },
    /** Up to when a user has looked at the journal. */
    mark(userId: string): string | undefined {
      return v.parse(v.optional(v.string()), sql.mark.get(userId)?.['until']);
    },
    moveMark(userId: string, until: string): boolean {
      return sql.moveMark.run(userId, until).changes > 0;
    },
  };
}

function statements(db: DatabaseSync) {
  return {
    ofOwner: db.prepare(
      `SELECT text, disposition FROM note WHERE ownerId = :ownerId
       ORDER BY conversationId <> :ownerId, writtenAt, conversationId`,
    ),
    move: db.prepare('UPDATE note SET ownerId = ? WHERE ownerId = ?'),
    key: db.prepare('SELECT argsHash FROM note_key WHERE userId = ? AND key = ?'),
    addKey: db.prepare('INSERT INTO note_key (userId, key, argsHash, createdAt) VALUES (?, ?, ?, ?)'),
    forgetKeys: db.prepare('DELETE FROM note_key WHERE createdAt < ?'),
    clearOtherTexts: db.prepare(
      "UPDATE note SET text = '' WHERE ownerId = :ownerId AND conversationId <> :conversationId",
    ),
    clearOtherDispositions: db.prepare(
      'UPDATE note SET disposition = NULL WHERE ownerId = :ownerId AND conversationId <> :conversationId',
    ),
    write: db.prepare(
      `INSERT INTO note (conversationId, ownerId, text, disposition, writtenBy, writtenAt)
       VALUES (:conversationId, :ownerId, coalesce(:text, ''), :disposition, :userId, :writtenAt)
       ON CONFLICT (conversationId) DO UPDATE SET
         ownerId = excluded.ownerId,
         text = coalesce(:text, text),
         disposition = CASE WHEN :keepsDisposition THEN disposition ELSE excluded.disposition END,
         writtenBy = excluded.writtenBy, writtenAt = excluded.writtenAt`,
    ),
    mark: db.prepare('SELECT until FROM journal_mark WHERE userId = ?'),
    moveMark: db.prepare(
      `INSERT INTO journal_mark (userId, until) VALUES (?, ?)
       ON CONFLICT (userId) DO UPDATE SET until = excluded.until WHERE excluded.until > journal_mark.until`,
    ),
  };
}
