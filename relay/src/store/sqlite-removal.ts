// Taking conversations out of the journal in SQLite: what has become too old, and what was erased. In short transactions,
// one after the other, so that calls are not kept waiting however much there is to take.
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as v from 'valibot';
import { transaction } from './database.ts';
import type { Conversation, Store } from './store.ts';

type Removal = Pick<
  Store,
  'purgeJournal' | 'eraseConversations' | 'eachConversation' | 'takeCallBack' | 'dropCallBack'
>;

interface Journal {
  withId(conversationId: string): Conversation | undefined;
  nextSeq(): number;
  wholeOf(conversationId: string): string;
  openOf(conversationId: string): string | undefined;
}

const IdRow = v.object({ conversationId: v.string() });
const CallBackRow = v.object({ userId: v.string(), name: v.string() });
/** Conversations a step: a few milliseconds of work. Writing takes longer than reading. */
const BATCH = 200;
const ERASE_BATCH = 20;

/** The part of the store that takes out of the journal, and that says who calls back. */
export function removalIn(db: DatabaseSync, { withId, nextSeq, wholeOf, openOf }: Journal): Removal {
  const sql = statements(db);
  const idsOf = (rows: readonly unknown[]) => rows.map((row) => v.parse(IdRow, row).conversationId);

  function oldOnes(tenantId: string, before: string, limit: number): string[] {
    const shown = idsOf(sql.old.all(tenantId, before, limit));
    return [...shown, ...idsOf(sql.oldGone.all(tenantId, before, limit - shown.length))];
  }

  // What is left says that it is no more, to browsers that come back later, and nothing else: not who, not when.
  function strip(conversationId: string, at: string): Conversation | undefined {
    sql.removeNotes.run(conversationId, conversationId);
    sql.removeCallBack.run(conversationId);
    sql.stripLegs.run({ conversationId, at });
    sql.stripConversation.run({ conversationId, at, seq: nextSeq() });
    return withId(conversationId);
  }

  return {
    async purgeJournal(tenantId, before, limit) {
      return transaction(db, () =>
        oldOnes(tenantId, before, limit).flatMap((id) => {
          const conversation = withId(id);
          sql.removeNotes.run(id, id);
          sql.remove.run(id);
          return conversation ?? [];
        }),
      );
    },
    async eraseConversations(conversationIds, at) {
      const erased: Conversation[] = [];
      for (let start = 0; start < conversationIds.length; start += ERASE_BATCH) {
        transaction(db, () => {
          for (const id of conversationIds.slice(start, start + ERASE_BATCH)) {
            const conversation = withId(id) && strip(id, at);
            if (conversation) erased.push(conversation);
          }
        });
        await nextTurn();
      }
      return erased;
    },
    async eachConversation(tenantId, visit) {
      for (let last = ''; ; ) {
        const ids = idsOf(sql.after.all(tenantId, last, BATCH));
        for (const id of ids) {
          const conversation = withId(id);
          if (conversation) visit(conversation);
          last = id;
        }
        if (ids.length < BATCH) return;
        await nextTurn();
      }
    },
    async takeCallBack({ conversationId, userId, name, takenAt }) {
      return transaction(db, () => {
        const whole = openOf(conversationId);
        if (whole === undefined) return { type: 'unknown' };
        const known = sql.callBack.get(whole);
        const before = known && v.parse(CallBackRow, known);
        if (before) return before.userId === userId ? { type: 'repeated' } : { type: 'taken', by: before.name };
        sql.takeCallBack.run(whole, userId, name, takenAt);
        sql.raiseSeq.run(nextSeq(), whole);
        return { type: 'kept', changedId: whole };
      });
    },
    async dropCallBack(conversationId, userId) {
      return transaction(db, () => {
        const whole = wholeOf(conversationId);
        if (sql.dropCallBack.run(whole, userId).changes === 0) return { type: 'repeated' };
        sql.raiseSeq.run(nextSeq(), whole);
        return { type: 'kept', changedId: whole };
      });
    },
  };
}

function statements(db: DatabaseSync) {
  const old = (condition: string) => `
    SELECT conversationId FROM conversation AS c WHERE tenantId = ? AND startedAt < ? AND ${condition}
      AND NOT EXISTS (SELECT 1 FROM leg WHERE leg.conversationId = c.conversationId AND endedAt IS NULL)
    LIMIT ?`;
  return {
    // Each by an index of its own. What still goes on stays.
    old: db.prepare(old('mergedInto IS NULL')),
    oldGone: db.prepare(old('mergedInto IS NOT NULL')),
    after: db.prepare(
      'SELECT conversationId FROM conversation WHERE tenantId = ? AND conversationId > ? ORDER BY conversationId LIMIT ?',
    ),
    remove: db.prepare('DELETE FROM conversation WHERE conversationId = ?'),
    removeNotes: db.prepare('DELETE FROM note WHERE conversationId = ? OR ownerId = ?'),
    removeCallBack: db.prepare('DELETE FROM call_back WHERE conversationId = ?'),
    stripLegs: db.prepare(
      `UPDATE leg SET remote = '{"number":{"kind":"hidden"}}', dialled = NULL, groupName = NULL, cause = NULL,
         startedAt = :at, connectedAt = NULL, endedAt = :at WHERE conversationId = :conversationId`,
    ),
    stripConversation: db.prepare(
      `UPDATE conversation SET startedAt = :at, mergedInto = conversationId, seq = :seq
       WHERE conversationId = :conversationId`,
    ),
    callBack: db.prepare('SELECT userId, name FROM call_back WHERE conversationId = ?'),
    takeCallBack: db.prepare('INSERT INTO call_back (conversationId, userId, name, takenAt) VALUES (?, ?, ?, ?)'),
    dropCallBack: db.prepare('DELETE FROM call_back WHERE conversationId = ? AND userId = ?'),
    raiseSeq: db.prepare('UPDATE conversation SET seq = ? WHERE conversationId = ?'),
  };
}
