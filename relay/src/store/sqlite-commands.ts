// Orders in SQLite: each recorded once, each moved forward by compare-and-set. An order never goes back to a state in
// which it could be sent (again), whatever a caller asks for.
import type { DatabaseSync } from 'node:sqlite';
import { COMMANDS, ERROR_CODES, ParamsSchema } from '@offhook/protocol';
import * as v from 'valibot';
import { jsonOf, jsonOrNull, optional, orNull, transaction } from './database.ts';
import type { CommandRecord, Store } from './store.ts';

type Commands = Pick<Store, 'recordCommand' | 'advanceCommand' | 'command' | 'settleCommands' | 'forgetCommands'>;
type State = CommandRecord['state'];

const text = v.string();
const CommandRow: v.GenericSchema<unknown, CommandRecord> = v.object({
  userId: text,
  key: text,
  commandKey: text,
  name: v.picklist(COMMANDS),
  lineId: text,
  argsHash: text,
  state: v.picklist(['recorded', 'sent', 'done', 'failed', 'unknown']),
  code: optional(v.picklist(ERROR_CODES)),
  params: optional(jsonOf(ParamsSchema)),
  callId: optional(text),
  createdAt: text,
});

// From which states a state may be reached. `unknown` may still learn its outcome, `done` and `failed` are final.
const BEFORE: Record<State, readonly State[]> = {
  recorded: [],
  sent: ['recorded'],
  unknown: ['recorded', 'sent'],
  done: ['recorded', 'sent', 'unknown'],
  failed: ['recorded', 'sent', 'unknown'],
};

/** The part of the store that keeps orders. */
export function commandsIn(db: DatabaseSync): Commands {
  const sql = statements(db);
  return {
    async recordCommand(record) {
      return transaction(db, () => {
        const isNew = sql.record.run(...columnsOf(record)).changes > 0;
        return { isNew, record: v.parse(CommandRow, sql.byKey.get(record.userId, record.key)) };
      });
    },
    async advanceCommand(commandKey, from, to) {
      const allowed = from.filter((state) => BEFORE[to.state].includes(state));
      const { changes } = sql.advance.run(
        to.state,
        orNull(to.code),
        jsonOrNull(to.params),
        orNull(to.callId),
        commandKey,
        JSON.stringify(allowed),
      );
      return changes > 0;
    },
    async command(commandKey) {
      const row = sql.command.get(commandKey);
      return row === undefined ? undefined : v.parse(CommandRow, row);
    },
    async settleCommands() {
      return transaction(db, () => ({
        unknown: Number(sql.settleSent.run().changes),
        notSent: Number(sql.settleRecorded.run().changes),
      }));
    },
    async forgetCommands(before) {
      sql.forget.run(before);
    },
  };
}

function columnsOf(record: CommandRecord) {
  const { commandKey, userId, key, name, lineId, argsHash, state, code, params, callId, createdAt } = record;
  return [
    commandKey,
    userId,
    key,
    name,
    lineId,
    argsHash,
    state,
    orNull(code),
    jsonOrNull(params),
    orNull(callId),
    createdAt,
  ] as const;
}

function statements(db: DatabaseSync) {
  return {
    record: db.prepare(
      `INSERT INTO command
         (commandKey, userId, key, name, lineId, argsHash, state, code, params, callId, createdAt)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (userId, key) DO NOTHING`,
    ),
    byKey: db.prepare('SELECT * FROM command WHERE userId = ? AND key = ?'),
    command: db.prepare('SELECT * FROM command WHERE commandKey = ?'),
    // A call that is known already stays known when a later step does not name it.
    advance: db.prepare(
      `UPDATE command SET state = ?, code = ?, params = ?, callId = coalesce(?, callId)
       WHERE commandKey = ? AND state IN (SELECT value FROM json_each(?))`,
    ),
    settleSent: db.prepare("UPDATE command SET state = 'unknown', code = 'outcome-unknown' WHERE state = 'sent'"),
    settleRecorded: db.prepare("UPDATE command SET state = 'failed', code = 'timeout' WHERE state = 'recorded'"),
    forget: db.prepare('DELETE FROM command WHERE createdAt < ?'),
  };
}
