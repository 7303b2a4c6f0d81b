// Small tables beside the journal in SQLite: when nobody was listening, what users have confirmed, what was erased, who
// changed what. What they mean is decided elsewhere.
import type { DatabaseSync } from 'node:sqlite';
import { GAP_REASONS } from '@offhook/protocol';
import * as v from 'valibot';
import { jsonOf, optional, orNull, transaction } from './database.ts';
import type { Store } from './store.ts';

type Truth = Pick<
  Store,
  | 'knownCountries'
  | 'addKnownCountry'
  | 'gaps'
  | 'openGap'
  | 'closeGaps'
  | 'forgetGaps'
  | 'heard'
  | 'setHeard'
  | 'erasures'
  | 'addErasure'
  | 'addAudit'
  | 'audit'
>;

const text = v.string();
const KnownCountryRow = v.object({ userId: text, country: text });
const GapRow = v.object({
  gapId: text,
  tenantId: text,
  pbxId: text,
  reason: v.picklist(GAP_REASONS),
  startedAt: text,
  endedAt: optional(text),
});
const HeardRow = v.object({ pbxId: text, tenantId: text, until: text });
const ErasureRow = v.object({ tenantId: text, numberHash: text, erasedAt: text });
const AuditRow = v.object({
  at: text,
  actor: text,
  action: text,
  args: jsonOf(v.record(text, v.unknown())),
  outcome: text,
});

/** The part of the store that keeps them. */
export function truthIn(db: DatabaseSync): Truth {
  const sql = statements(db);
  return {
    async knownCountries() {
      return sql.countries.all().map((row) => v.parse(KnownCountryRow, row));
    },
    async addKnownCountry({ userId, country, confirmedAt }) {
      sql.addCountry.run(userId, country, confirmedAt);
    },
    async gaps(tenantId, limit) {
      return sql.gaps.all(tenantId, limit).map((row) => v.parse(GapRow, row));
    },
    async openGap({ gapId, tenantId, pbxId, reason, startedAt, endedAt }) {
      return transaction(db, () => {
        if (sql.openGapOf.get(pbxId) !== undefined) return false;
        sql.addGap.run(gapId, tenantId, pbxId, reason, startedAt, orNull(endedAt));
        return true;
      });
    },
    async closeGaps(pbxId, endedAt) {
      return Number(sql.closeGaps.run(endedAt, pbxId).changes);
    },
    async forgetGaps(tenantId, before) {
      sql.forgetGaps.run(tenantId, before);
    },
    async heard() {
      return sql.heard.all().map((row) => v.parse(HeardRow, row));
    },
    async setHeard(heard) {
      transaction(db, () => {
        for (const { pbxId, tenantId, until } of heard) sql.setHeard.run(pbxId, tenantId, until);
      });
    },
    async erasures() {
      return sql.erasures.all().map((row) => v.parse(ErasureRow, row));
    },
    async addErasure({ tenantId, numberHash, erasedAt }) {
      sql.addErasure.run(tenantId, numberHash, erasedAt);
    },
    async addAudit({ at, actor, action, args, outcome }) {
      sql.addAudit.run(at, actor, action, JSON.stringify(args), outcome);
    },
    async audit(limit) {
      return sql.audit.all(limit).map((row) => v.parse(AuditRow, row));
    },
  };
}

function statements(db: DatabaseSync) {
  return {
    countries: db.prepare('SELECT userId, country FROM known_country'),
    addCountry: db.prepare(
      'INSERT INTO known_country (userId, country, confirmedAt) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    gaps: db.prepare('SELECT * FROM gap WHERE tenantId = ? ORDER BY startedAt DESC, gapId LIMIT ?'),
    openGapOf: db.prepare('SELECT 1 FROM gap WHERE pbxId = ? AND endedAt IS NULL'),
    addGap: db.prepare(
      'INSERT INTO gap (gapId, tenantId, pbxId, reason, startedAt, endedAt) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    closeGaps: db.prepare('UPDATE gap SET endedAt = max(?, startedAt) WHERE pbxId = ? AND endedAt IS NULL'),
    forgetGaps: db.prepare('DELETE FROM gap WHERE tenantId = ? AND endedAt < ?'),
    heard: db.prepare('SELECT * FROM heard'),
    setHeard: db.prepare(
      `INSERT INTO heard (pbxId, tenantId, until) VALUES (?, ?, ?)
       ON CONFLICT (pbxId) DO UPDATE SET tenantId = excluded.tenantId, until = excluded.until`,
    ),
    erasures: db.prepare('SELECT * FROM erasure ORDER BY erasedAt'),
    addErasure: db.prepare(
      'INSERT INTO erasure (tenantId, numberHash, erasedAt) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    addAudit: db.prepare('INSERT INTO audit (at, actor, action, args, outcome) VALUES (?, ?, ?, ?, ?)'),
    audit: db.prepare('SELECT at, actor, action, args, outcome FROM audit ORDER BY id DESC LIMIT ?'),
  };
}
