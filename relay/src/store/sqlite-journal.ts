// Conversations and their legs in SQLite. What was saved is read back as it was; nothing is derived here.
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CAUSES, DIRECTIONS, PhoneNumberSchema } from '@offhook/protocol';
import * as v from 'valibot';
import { flag, jsonOf, jsonOrNull, optional, orNull, type Row, transaction } from './database.ts';
import { notesIn } from './sqlite-notes.ts';
import { removalIn } from './sqlite-removal.ts';
import type { Conversation, JournalLeg, Store } from './store.ts';

type Journal = Pick<
  Store,
  | 'saveConversation'
  | 'conversation'
  | 'conversationIdOf'
  | 'openConversations'
  | 'journalPage'
  | 'journalPageOf'
  | 'renewConversations'
  | 'journalSince'
  | 'journalSeq'
  | 'saveNote'
  | 'forgetNoteKeys'
  | 'journalMark'
  | 'moveJournalMark'
  | 'purgeJournal'
  | 'eraseConversations'
  | 'eachConversation'
  | 'takeCallBack'
  | 'dropCallBack'
>;

const text = v.string();
const ConversationRow = v.object({
  conversationId: text,
  tenantId: text,
  direction: v.picklist(DIRECTIONS),
  startedAt: text,
  mergedInto: optional(text),
  seq: v.number(),
});
const LegRow = v.object({
  callId: text,
  lineId: text,
  direction: v.picklist(DIRECTIONS),
  remote: jsonOf(v.object({ number: PhoneNumberSchema, name: v.optional(text) })),
  dialled: optional(jsonOf(PhoneNumberSchema)),
  groupName: optional(text),
  cause: optional(v.picklist(CAUSES)),
  startedAt: text,
  connectedAt: optional(text),
  endedAt: optional(text),
  isEstimated: flag,
  isPartial: flag,
});
const CallBackRow = v.object({ userId: text, name: text, takenAt: text });
const PlaceRow = v.object({ startedAt: text, conversationId: text });
interface Place extends v.InferOutput<typeof PlaceRow> {
  tenantId: string;
}
// Merges form a short chain; more steps than this are a ring, which no caller may be caught in.
const MOST_MERGES = 32;

/** The part of the store that keeps the journal. */
export function journalIn(db: DatabaseSync): Journal {
  const sql = statements(db);
  const notes = notesIn(db);
  const { wholeOf, openOf } = placesIn(sql);

  function withLegs(row: Row): Conversation {
    const conversation = v.parse(ConversationRow, row);
    const legs = sql.legs.all(conversation.conversationId).map(legOf);
    const note = notes.of(conversation.conversationId);
    const taken = sql.callBack.get(conversation.conversationId);
    return { ...conversation, legs, ...(note && { note }), ...(taken && { callBack: v.parse(CallBackRow, taken) }) };
  }

  function withId(conversationId: string): Conversation | undefined {
    const row = sql.conversation.get(conversationId);
    return row && withLegs(row);
  }

  function nextSeq(): number {
    return v.parse(v.number(), sql.nextSeq.get()?.['seq']);
  }

  const pageOfLines = pagesIn(sql, withLegs);

  return {
    ...removalIn(db, { withId, nextSeq, wholeOf, openOf }),
    async saveConversation({ conversationId, tenantId, direction, startedAt, mergedInto, legs }) {
      return transaction(db, () => {
        const seq = nextSeq();
        sql.save.run(conversationId, tenantId, direction, startedAt, orNull(mergedInto), seq);
        sql.removeLegs.run(conversationId);
        legs.forEach((leg, position) => {
          sql.addLeg.run(conversationId, position, ...columnsOf(leg));
        });
        const note = notes.of(conversationId);
        const taken = sql.callBack.get(conversationId);
        if (mergedInto !== undefined) {
          const whole = wholeOf(conversationId);
          if (note) notes.move(conversationId, whole);
          if (taken && openOf(conversationId) === whole) sql.moveCallBack.run(whole, conversationId);
        }
        return { seq, ...(note && { note }), ...(taken && { callBack: v.parse(CallBackRow, taken) }) };
      });
    },
    async saveNote(writing) {
      return transaction(db, () => {
        const changedId = openOf(writing.conversationId);
        if (changedId === undefined) return { type: 'unknown' };
        const known = notes.take(writing);
        if (known !== 'new') return { type: known };
        notes.write(writing, changedId);
        sql.raiseSeq.run(nextSeq(), changedId);
        return { type: 'kept', changedId };
      });
    },
    async forgetNoteKeys(before) {
      notes.forgetKeys(before);
    },
    async journalMark(userId) {
      return notes.mark(userId);
    },
    async moveJournalMark(userId, until) {
      return notes.moveMark(userId, until);
    },
    async conversation(conversationId) {
      return withId(conversationId);
    },
    async conversationIdOf(callId) {
      let row = sql.ofCall.get(callId);
      for (let step = 0; row !== undefined && step < MOST_MERGES; step += 1) {
        const { conversationId, mergedInto } = v.parse(ConversationRow, row);
        if (mergedInto === undefined) return conversationId;
        // A merge is saved part by part; the older part may not be there yet.
        row = sql.conversation.get(mergedInto);
        if (row === undefined) return mergedInto;
      }
      return undefined;
    },
    async openConversations() {
      return sql.open.all().map(withLegs);
    },
    async journalPage({ tenantId, lineIds, before, limit }) {
      const [startedAt, conversationId] = (before ?? '').split(' ', 2);
      // Behind every time there is: the newest page.
      const place = { tenantId, startedAt: startedAt || '~', conversationId: conversationId ?? '' };
      if (lineIds === 'all') return sql.page.all({ ...place, limit }).map(withLegs);
      return pageOfLines(place, lineIds, limit);
    },
    async journalPageOf({ tenantId, numbers, before, limit }) {
      const [startedAt, conversationId] = (before ?? '').split(' ', 2);
      const place = { tenantId, startedAt: startedAt || '~', conversationId: conversationId ?? '' };
      return sql.pageOfNumbers.all({ ...place, numbers: JSON.stringify(numbers), limit }).map(withLegs);
    },
    async renewConversations(conversationIds) {
      return transaction(db, () =>
        conversationIds.flatMap((id) => {
          sql.raiseSeq.run(nextSeq(), id);
          return withId(id) ?? [];
        }),
      );
    },
    async journalSince({ tenantId, seq, limit }) {
      return sql.since.all(tenantId, seq, limit).map(withLegs);
    },
    async journalSeq() {
      return v.parse(v.number(), sql.seq.get()?.['seq']);
    },
  };
}

function pagesIn(
  sql: Pick<
    ReturnType<typeof statements>,
    'callsOfLines' | 'pageOfFew' | 'pageOfManyLines' | 'pageOfLines' | 'endOfStep'
  >,
  withLegs: (row: Row) => Conversation,
) {
  // Lines with few calls have these picked out; the calls of others are looked for among all, which may be a million, step
  // by step: calls go on meanwhile.
  return async (from: Place, lineIds: readonly string[], limit: number): Promise<Conversation[]> => {
    const found: Conversation[] = [];
    const few = { lineIds: JSON.stringify(lineIds), most: MOST_FEW };
    if (sql.callsOfLines.all(few).length < MOST_FEW) {
      return sql.pageOfFew.all({ ...from, limit, lineIds: few.lineIds }).map(withLegs);
    }
    const ofLines = lineIds.length > MOST_SOUGHT_LINES ? sql.pageOfManyLines : sql.pageOfLines;
    for (let place = from; ; await nextTurn()) {
      const step = { ...place, scanned: SCANNED_A_STEP, limit: limit - found.length, lineIds: few.lineIds };
      found.push(...ofLines.all(step).map(withLegs));
      const last = found.length < limit ? sql.endOfStep.get({ ...place, skipped: SCANNED_A_STEP - 1 }) : undefined;
      if (!last) return found;
      place = { ...from, ...v.parse(PlaceRow, last) };
    }
  };
}

function placesIn(sql: Pick<ReturnType<typeof statements>, 'conversation'>) {
  // The conversation that this one is part of by now; the last name that is there where a merge is half saved.
  function wholeOf(conversationId: string): string {
    let whole = conversationId;
    for (let step = 0; step < MOST_MERGES; step += 1) {
      const row = sql.conversation.get(whole);
      const into = row && v.parse(ConversationRow, row).mergedInto;
      if (into === undefined) return whole;
      whole = into;
    }
    return conversationId;
  }

  // The same, if there is something left to write at: what was erased is no part of anything, and keeps nothing new.
  function openOf(conversationId: string): string | undefined {
    const whole = wholeOf(conversationId);
    const row = sql.conversation.get(whole);
    return row && v.parse(ConversationRow, row).mergedInto === undefined ? whole : undefined;
  }

  return { wholeOf, openOf };
}

function columnsOf(leg: JournalLeg) {
  return [
    leg.callId,
    leg.lineId,
    leg.direction,
    JSON.stringify(leg.remote),
    jsonOrNull(leg.dialled),
    orNull(leg.group),
    orNull(leg.cause),
    leg.startedAt,
    orNull(leg.connectedAt),
    orNull(leg.endedAt),
    leg.isEstimated ? 1 : 0,
    leg.isPartial ? 1 : 0,
  ] as const;
}

function legOf(row: Row): JournalLeg {
  const { groupName, isPartial, ...leg } = v.parse(LegRow, row);
  return { ...leg, group: groupName, ...(isPartial && { isPartial }) };
}

// Few lines are sought one by one; with many (measured: 500 lines, 100,000 conversations), 4 ms a page instead of 45 when a
// conversation's own legs are read and compared.
const MOST_SOUGHT_LINES = 8;
const MOST_FEW = 500;
const SCANNED_A_STEP = 250;

// Nobody looks further back in the calls with one customer.
const MOST_SOUGHT_LEGS = 2_000;

function statements(db: DatabaseSync) {
  const ofLines = (lineId: string) => `EXISTS (
    SELECT 1 FROM leg WHERE leg.conversationId = c.conversationId
      AND ${lineId} IN (SELECT value FROM json_each(:lineIds)))`;
  const places = `
    FROM conversation
    WHERE tenantId = :tenantId AND mergedInto IS NULL
      AND (startedAt, conversationId) < (:startedAt, :conversationId)
    ORDER BY startedAt DESC, conversationId DESC`;
  const page = (condition: string) => `
    SELECT * FROM (SELECT * ${places} LIMIT :scanned) AS c
    WHERE ${condition} ORDER BY startedAt DESC, conversationId DESC LIMIT :limit`;
  return {
    nextSeq: db.prepare('UPDATE journal_cursor SET seq = seq + 1 RETURNING seq'),
    seq: db.prepare('SELECT seq FROM journal_cursor'),
    raiseSeq: db.prepare('UPDATE conversation SET seq = ? WHERE conversationId = ?'),
    save: db.prepare(
      `INSERT INTO conversation (conversationId, tenantId, direction, startedAt, mergedInto, seq)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (conversationId) DO UPDATE SET
         tenantId = excluded.tenantId, direction = excluded.direction, startedAt = excluded.startedAt,
         mergedInto = excluded.mergedInto, seq = excluded.seq`,
    ),
    callBack: db.prepare('SELECT userId, name, takenAt FROM call_back WHERE conversationId = ?'),
    // Where both have one, that of the whole stays.
    moveCallBack: db.prepare('UPDATE OR IGNORE call_back SET conversationId = ? WHERE conversationId = ?'),
    removeLegs: db.prepare('DELETE FROM leg WHERE conversationId = ?'),
    addLeg: db.prepare(
      `INSERT INTO leg (conversationId, position, callId, lineId, direction, remote, dialled, groupName, cause,
         startedAt, connectedAt, endedAt, isEstimated, isPartial)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    legs: db.prepare('SELECT * FROM leg WHERE conversationId = ? ORDER BY position'),
    conversation: db.prepare('SELECT * FROM conversation WHERE conversationId = ?'),
    ofCall: db.prepare(
      `SELECT c.* FROM leg JOIN conversation AS c USING (conversationId)
       WHERE leg.callId = ? ORDER BY c.mergedInto IS NOT NULL, c.seq DESC LIMIT 1`,
    ),
    open: db.prepare(
      `SELECT * FROM conversation AS c WHERE mergedInto IS NULL
         AND EXISTS (SELECT 1 FROM leg WHERE leg.conversationId = c.conversationId AND endedAt IS NULL)
       ORDER BY startedAt, conversationId`,
    ),
    page: db.prepare(`SELECT * ${places} LIMIT :limit`),
    callsOfLines: db.prepare('SELECT 1 FROM leg WHERE lineId IN (SELECT value FROM json_each(:lineIds)) LIMIT :most'),
    // The plus keeps SQLite from going through all conversations of the tenant.
    pageOfFew: db.prepare(`
      SELECT * FROM conversation
      WHERE conversationId IN (
          SELECT conversationId FROM leg WHERE lineId IN (SELECT value FROM json_each(:lineIds)))
        AND +tenantId = :tenantId AND mergedInto IS NULL
        AND (+startedAt, conversationId) < (:startedAt, :conversationId)
      ORDER BY startedAt DESC, conversationId DESC LIMIT :limit`),
    endOfStep: db.prepare(`SELECT startedAt, conversationId ${places} LIMIT 1 OFFSET :skipped`),
    pageOfLines: db.prepare(page(ofLines('leg.lineId'))),
    // The plus keeps SQLite from looking up every line for every conversation.
    pageOfManyLines: db.prepare(page(ofLines('+leg.lineId'))),
    // By an index over exactly this expression, from the calls with a number on: there may be a million others.
    pageOfNumbers: db.prepare(
      `SELECT c.* FROM (
         SELECT DISTINCT conversationId FROM (
           SELECT leg.conversationId FROM json_each(:numbers) AS sought
           CROSS JOIN leg ON json_extract(leg.remote, '$.number.number') = sought.value
           ORDER BY leg.startedAt DESC LIMIT ${MOST_SOUGHT_LEGS})) AS found
       CROSS JOIN conversation AS c USING (conversationId)
       WHERE c.tenantId = :tenantId AND c.mergedInto IS NULL
         AND (c.startedAt, c.conversationId) < (:startedAt, :conversationId)
       ORDER BY c.startedAt DESC, c.conversationId DESC LIMIT :limit`,
    ),
    since: db.prepare('SELECT * FROM conversation WHERE tenantId = ? AND seq > ? ORDER BY seq LIMIT ?'),
  };
}
