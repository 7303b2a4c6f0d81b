// Tenants, users, lines, grants and devices in SQLite. Small tables that are read whole.
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { RIGHTS, wordsOf } from '@offhook/protocol';
import * as v from 'valibot';
import { flag, jsonOf, optional, orNull, transaction } from './database.ts';
import type { Device, Grant, Store, StoredLine, Tenant, User } from './store.ts';

type People = Pick<
  Store,
  | 'seed'
  | 'tenants'
  | 'user'
  | 'users'
  | 'bindAccount'
  | 'forgetAccount'
  | 'lines'
  | 'saveLines'
  | 'grants'
  | 'aclRev'
  | 'addDevice'
  | 'device'
  | 'devices'
  | 'touchDevice'
  | 'revokeDevice'
  | 'removeDevices'
>;

const text = v.string();
const TenantRow = v.object({ tenantId: text, name: text, country: text, suspendedAt: optional(text) });
const UserRow = v.object({ userId: text, tenantId: text, login: text, displayName: text });
const LineRow = v.object({ lineId: text, tenantId: text, pbxId: text, lineKey: text, extension: text, name: text });
const GrantRow = v.object({ userId: text, lineId: text, rights: jsonOf(wordsOf(RIGHTS)), isOwn: flag });
const DeviceRow = v.object({
  deviceId: text,
  userId: text,
  name: text,
  publicKey: text,
  origin: text,
  createdAt: text,
  lastSeenAt: optional(text),
  revokedAt: optional(text),
  lineId: optional(text),
  enrolledBy: optional(v.picklist(['sign-in', 'silent'])),
});

const TOUCH_PAUSE_MS = 250;

/** The part of the store that knows people and their lines. */
export function peopleIn(db: DatabaseSync): People {
  const sql = statements(db);

  function insertGrant({ userId, lineId, rights, isOwn }: Grant): void {
    sql.putGrant.run(userId, lineId, JSON.stringify(rights), isOwn ? 1 : 0);
  }

  function insertLine({ lineId, tenantId, pbxId, lineKey, extension, name }: StoredLine): void {
    sql.putLine.run(lineId, tenantId, pbxId, lineKey, extension, name);
  }

  // Thousands that come back in one moment are one write: each by itself would wait for the disk.
  const touched = new Map<string, string>();
  let touching = Promise.resolve();
  let touchedAt = Number.NEGATIVE_INFINITY;
  function writeTouched(): void {
    touchedAt = performance.now();
    const devices = [...touched];
    touched.clear();
    transaction(db, () => {
      for (const [deviceId, at] of devices) sql.touchDevice.run(at, deviceId);
    });
  }

  return {
    async seed({ tenants, users, lines, grants }) {
      return transaction(db, () => {
        if (sql.tenants.get() !== undefined) return false;
        for (const { tenantId, name, country } of tenants) sql.addTenant.run(tenantId, name, country);
        for (const user of users) sql.addUser.run(user.userId, user.tenantId, user.login, user.displayName);
        for (const line of lines) insertLine(line);
        for (const grant of grants) insertGrant(grant);
        return true;
      });
    },
    async tenants(): Promise<Tenant[]> {
      return sql.tenants.all().map((row) => v.parse(TenantRow, row));
    },
    async user(userId): Promise<User | undefined> {
      const row = sql.user.get(userId);
      return row === undefined ? undefined : v.parse(UserRow, row);
    },
    async users(): Promise<User[]> {
      return sql.users.all().map((row) => v.parse(UserRow, row));
    },
    async bindAccount(userId, account) {
      sql.bindAccount.run(account, userId, account);
      return sql.accountOf.get(userId)?.['account'] === account;
    },
    async forgetAccount(userId) {
      return sql.forgetAccount.run(userId).changes > 0;
    },
    async lines(): Promise<StoredLine[]> {
      return sql.lines.all().map((row) => v.parse(LineRow, row));
    },
    async saveLines(lines) {
      transaction(db, () => {
        for (const line of lines) insertLine(line);
      });
    },
    async grants(): Promise<Grant[]> {
      return sql.grants.all().map((row) => v.parse(GrantRow, row));
    },
    async aclRev(tenantId) {
      return v.parse(v.number(), sql.aclRev.get(tenantId)?.['aclRev'] ?? 0);
    },
    async addDevice({ deviceId, userId, name, publicKey, origin, createdAt, lastSeenAt, revokedAt, enrolledBy }) {
      const times = [createdAt, orNull(lastSeenAt), orNull(revokedAt)];
      sql.addDevice.run(deviceId, userId, name, publicKey, origin, ...times, orNull(enrolledBy));
    },
    async device(deviceId): Promise<Device | undefined> {
      const row = sql.device.get(deviceId);
      return row === undefined ? undefined : v.parse(DeviceRow, row);
    },
    async devices(): Promise<Device[]> {
      return sql.devices.all().map((row) => v.parse(DeviceRow, row));
    },
    touchDevice(deviceId, at) {
      const isFirst = touched.size === 0;
      touched.set(deviceId, at);
      // The first one at once; what follows it closely is written together.
      if (isFirst) touching = pause(Math.max(0, touchedAt + TOUCH_PAUSE_MS - performance.now())).then(writeTouched);
      return touching;
    },
    async revokeDevice(deviceId, at) {
      return sql.revokeDevice.run(at, deviceId).changes > 0;
    },
    async removeDevices(deviceIds, at) {
      transaction(db, () => {
        for (const deviceId of deviceIds) {
          sql.retireRevoked.run(at, deviceId);
          sql.removeDevice.run(deviceId);
        }
      });
    },
  };
}

function statements(db: DatabaseSync) {
  return {
    addTenant: db.prepare('INSERT INTO tenant (tenantId, name, country) VALUES (?, ?, ?)'),
    tenants: db.prepare('SELECT tenantId, name, country, suspendedAt FROM tenant ORDER BY tenantId'),
    addUser: db.prepare('INSERT INTO user (userId, tenantId, login, displayName) VALUES (?, ?, ?, ?)'),
    user: db.prepare('SELECT * FROM user WHERE userId = ?'),
    users: db.prepare('SELECT * FROM user ORDER BY tenantId, login'),
    bindAccount: db.prepare(
      `UPDATE user SET account = ? WHERE userId = ? AND account IS NULL
       AND NOT EXISTS (SELECT 1 FROM user AS other WHERE other.account = ?)`,
    ),
    accountOf: db.prepare('SELECT account FROM user WHERE userId = ?'),
    forgetAccount: db.prepare('UPDATE user SET account = NULL WHERE userId = ? AND account IS NOT NULL'),
    putLine: db.prepare(
      `INSERT INTO line (lineId, tenantId, pbxId, lineKey, extension, name) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (lineId) DO UPDATE SET
         tenantId = excluded.tenantId, pbxId = excluded.pbxId, lineKey = excluded.lineKey,
         extension = excluded.extension, name = excluded.name`,
    ),
    lines: db.prepare('SELECT * FROM line ORDER BY tenantId, extension, lineId'),
    putGrant: db.prepare(
      `INSERT INTO access_grant (userId, lineId, rights, isOwn) VALUES (?, ?, ?, ?)
       ON CONFLICT (userId, lineId) DO UPDATE SET rights = excluded.rights, isOwn = excluded.isOwn`,
    ),
    grants: db.prepare('SELECT * FROM access_grant ORDER BY userId, lineId'),
    aclRev: db.prepare('SELECT aclRev FROM tenant WHERE tenantId = ?'),
    addDevice: db.prepare(
      `INSERT INTO device (deviceId, userId, name, publicKey, origin, createdAt, lastSeenAt, revokedAt, enrolledBy)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    device: db.prepare('SELECT * FROM device WHERE deviceId = ?'),
    devices: db.prepare('SELECT * FROM device ORDER BY createdAt, deviceId'),
    touchDevice: db.prepare('UPDATE device SET lastSeenAt = ? WHERE deviceId = ?'),
    retireRevoked: db.prepare(
      `INSERT OR IGNORE INTO retired_device (deviceId, retiredAt)
       SELECT deviceId, ? FROM device WHERE deviceId = ? AND revokedAt IS NOT NULL`,
    ),
    removeDevice: db.prepare('DELETE FROM device WHERE deviceId = ?'),
    revokeDevice: db.prepare('UPDATE device SET revokedAt = ? WHERE deviceId = ? AND revokedAt IS NULL'),
  };
}
