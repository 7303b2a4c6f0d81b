// Changes of who there is and who may what, in SQLite: groups, workstations, restricted contacts, whole companies. Each call
// is one transaction, so that a list that fails half way has changed nothing.
import type { DatabaseSync } from 'node:sqlite';
import { RIGHTS, wordsOf } from '@offhook/protocol';
import * as v from 'valibot';
import { jsonOf, orNull, transaction } from './database.ts';
import type { Group, PeopleEdit, Store, Workstation } from './store.ts';

type Groups = Pick<Store, 'groups' | 'restrictedSources' | 'workstations' | 'changePeople' | 'removeTenant'>;

const text = v.string();
const GroupRow = v.object({ groupId: text, tenantId: text, name: text });
const MemberRow = v.object({ groupId: text, userId: text });
const GrantRow = v.object({ groupId: text, lineId: text, rights: jsonOf(wordsOf(RIGHTS)) });
const SourceRow = v.object({ tenantId: text, source: text });
const WorkstationRow = v.object({ deviceId: text, userId: text, lineId: text });

/** The part of the store that changes people, and knows what they share. */
export function groupsIn(db: DatabaseSync): Groups {
  const sql = statements(db);
  return {
    async groups(): Promise<Group[]> {
      const members = Map.groupBy(
        sql.members.all().map((row) => v.parse(MemberRow, row)),
        ({ groupId }) => groupId,
      );
      const grants = Map.groupBy(
        sql.grants.all().map((row) => v.parse(GrantRow, row)),
        ({ groupId }) => groupId,
      );
      return sql.groups.all().map((row) => {
        const group = v.parse(GroupRow, row);
        const userIds = (members.get(group.groupId) ?? []).map(({ userId }) => userId);
        return { ...group, userIds, grants: grants.get(group.groupId) ?? [] };
      });
    },
    async restrictedSources() {
      return sql.restricted.all().map((row) => v.parse(SourceRow, row));
    },
    async workstations(): Promise<Workstation[]> {
      return sql.workstations.all().map((row) => v.parse(WorkstationRow, row));
    },
    async changePeople(edits) {
      transaction(db, () => {
        const tenantIds = new Set<string>();
        for (const edit of edits) {
          // Before and after: a user that is removed has no tenant any more, a new one had none.
          const before = tenantOf(sql, edit);
          carryOut(sql, edit);
          const tenantId = before ?? tenantOf(sql, edit);
          if (tenantId !== undefined) tenantIds.add(tenantId);
        }
        for (const tenantId of tenantIds) sql.raiseAclRev.run(tenantId);
      });
    },
    async removeTenant(tenantId) {
      transaction(db, () => {
        for (const statement of tenantRemoval(db)) statement.run({ tenantId });
      });
    },
  };
}

type Statements = ReturnType<typeof statements>;

function tenantOf(sql: Statements, edit: PeopleEdit): string | undefined {
  const row = tenantRow(sql, edit);
  return row === undefined ? undefined : v.parse(v.object({ tenantId: text }), row).tenantId;
}

function tenantRow(sql: Statements, edit: PeopleEdit): unknown {
  switch (edit.type) {
    case 'add-tenant':
      return edit.tenant;
    case 'suspend-tenant':
    case 'restrict-source':
    case 'retire-lines':
      return edit;
    case 'add-user':
      return edit.user;
    case 'put-grant':
      return sql.tenantOfUser.get(edit.grant.userId);
    case 'rename-user':
    case 'remove-user':
    case 'remove-grant':
      return sql.tenantOfUser.get(edit.userId);
    case 'add-group':
      return edit.group;
    case 'put-group-grant':
      return sql.tenantOfGroup.get(edit.grant.groupId);
    case 'remove-group':
    case 'join-group':
    case 'leave-group':
    case 'remove-group-grant':
      return sql.tenantOfGroup.get(edit.groupId);
    case 'set-workstation':
      return sql.tenantOfDevice.get(edit.deviceId);
    default:
      return edit satisfies never;
  }
}

function carryOut(sql: Statements, edit: PeopleEdit): unknown {
  switch (edit.type) {
    case 'add-tenant':
      return sql.addTenant.run(edit.tenant.tenantId, edit.tenant.name, edit.tenant.country);
    case 'suspend-tenant':
      return sql.suspend.run(orNull(edit.suspendedAt), edit.tenantId);
    case 'add-user': {
      const { userId, tenantId, login, displayName } = edit.user;
      return sql.addUser.run(userId, tenantId, login, displayName);
    }
    case 'rename-user':
      return sql.renameUser.run(edit.displayName, edit.userId);
    case 'remove-user':
      sql.retireDevices.run(edit.at, edit.userId);
      for (const statement of sql.removeUser) statement.run(edit.userId);
      return undefined;
    case 'put-grant': {
      const { userId, lineId, rights, isOwn } = edit.grant;
      return sql.putGrant.run(userId, lineId, JSON.stringify(rights), isOwn ? 1 : 0);
    }
    case 'remove-grant':
      return sql.removeGrant.run(edit.userId, edit.lineId);
    default:
      return carryOutShared(sql, edit);
  }
}

type SharedEdit = Exclude<
  PeopleEdit,
  { type: `${'add' | 'suspend'}-tenant` | `${'add' | 'rename' | 'remove'}-user` | 'put-grant' | 'remove-grant' }
>;

function carryOutShared(sql: Statements, edit: SharedEdit): unknown {
  switch (edit.type) {
    case 'add-group':
      return sql.addGroup.run(edit.group.groupId, edit.group.tenantId, edit.group.name);
    case 'remove-group':
      return sql.removeGroup.run(edit.groupId);
    case 'join-group':
      return sql.join.run(edit.groupId, edit.userId);
    case 'leave-group':
      return sql.leave.run(edit.groupId, edit.userId);
    case 'put-group-grant':
      return sql.putGroupGrant.run(edit.grant.groupId, edit.grant.lineId, JSON.stringify(edit.grant.rights));
    case 'remove-group-grant':
      return sql.removeGroupGrant.run(edit.groupId, edit.lineId);
    case 'restrict-source':
      return (edit.isRestricted ? sql.restrict : sql.open).run(edit.tenantId, edit.source);
    case 'set-workstation':
      return sql.setWorkstation.run(orNull(edit.lineId), edit.deviceId);
    case 'retire-lines':
      for (const lineId of edit.lineIds) for (const statement of sql.retireLine) statement.run(lineId);
      return undefined;
    default:
      return edit satisfies never;
  }
}

function statements(db: DatabaseSync) {
  return {
    groups: db.prepare('SELECT groupId, tenantId, name FROM people_group ORDER BY tenantId, name'),
    members: db.prepare('SELECT groupId, userId FROM group_member ORDER BY groupId, userId'),
    grants: db.prepare('SELECT groupId, lineId, rights FROM group_grant ORDER BY groupId, lineId'),
    restricted: db.prepare('SELECT tenantId, source FROM restricted_source ORDER BY tenantId, source'),
    workstations: db.prepare('SELECT deviceId, userId, lineId FROM device WHERE lineId IS NOT NULL ORDER BY deviceId'),
    tenantOfUser: db.prepare('SELECT tenantId FROM user WHERE userId = ?'),
    tenantOfGroup: db.prepare('SELECT tenantId FROM people_group WHERE groupId = ?'),
    tenantOfDevice: db.prepare('SELECT tenantId FROM user JOIN device USING (userId) WHERE deviceId = ?'),
    raiseAclRev: db.prepare('UPDATE tenant SET aclRev = aclRev + 1 WHERE tenantId = ?'),
    addTenant: db.prepare('INSERT INTO tenant (tenantId, name, country) VALUES (?, ?, ?)'),
    suspend: db.prepare('UPDATE tenant SET suspendedAt = ? WHERE tenantId = ?'),
    addUser: db.prepare('INSERT INTO user (userId, tenantId, login, displayName) VALUES (?, ?, ?, ?)'),
    renameUser: db.prepare('UPDATE user SET displayName = ? WHERE userId = ?'),
    retireDevices: db.prepare(
      `INSERT OR IGNORE INTO retired_device (deviceId, retiredAt) SELECT deviceId, ? FROM device WHERE userId = ?`,
    ),
    removeUser: ['access_grant', 'device', 'journal_mark', 'known_country', 'note_key', 'group_member', 'user'].map(
      (table) => db.prepare(`DELETE FROM ${table} WHERE userId = ?`),
    ),
    putGrant: db.prepare(
      `INSERT INTO access_grant (userId, lineId, rights, isOwn) VALUES (?, ?, ?, ?)
       ON CONFLICT (userId, lineId) DO UPDATE SET rights = excluded.rights, isOwn = excluded.isOwn`,
    ),
    removeGrant: db.prepare('DELETE FROM access_grant WHERE userId = ? AND lineId = ?'),
    addGroup: db.prepare('INSERT INTO people_group (groupId, tenantId, name) VALUES (?, ?, ?)'),
    removeGroup: db.prepare('DELETE FROM people_group WHERE groupId = ?'),
    join: db.prepare('INSERT OR IGNORE INTO group_member (groupId, userId) VALUES (?, ?)'),
    leave: db.prepare('DELETE FROM group_member WHERE groupId = ? AND userId = ?'),
    putGroupGrant: db.prepare(
      `INSERT INTO group_grant (groupId, lineId, rights) VALUES (?, ?, ?)
       ON CONFLICT (groupId, lineId) DO UPDATE SET rights = excluded.rights`,
    ),
    removeGroupGrant: db.prepare('DELETE FROM group_grant WHERE groupId = ? AND lineId = ?'),
    restrict: db.prepare('INSERT OR IGNORE INTO restricted_source (tenantId, source) VALUES (?, ?)'),
    open: db.prepare('DELETE FROM restricted_source WHERE tenantId = ? AND source = ?'),
    retireLine: [
      'DELETE FROM access_grant WHERE lineId = ?',
      'DELETE FROM group_grant WHERE lineId = ?',
      'UPDATE device SET lineId = NULL WHERE lineId = ?',
      'DELETE FROM line WHERE lineId = ?',
    ].map((text) => db.prepare(text)),
    setWorkstation: db.prepare('UPDATE device SET lineId = ? WHERE deviceId = ?'),
  };
}

// In an order in which nothing refers to what is gone. Legs, members and grants of groups go with what they belong to.
function tenantRemoval(db: DatabaseSync) {
  const users = '(SELECT userId FROM user WHERE tenantId = :tenantId)';
  const conversations = '(SELECT conversationId FROM conversation WHERE tenantId = :tenantId)';
  const lines = '(SELECT lineId FROM line WHERE tenantId = :tenantId)';
  const byUser = ['access_grant', 'device', 'journal_mark', 'known_country', 'note_key'];
  const contacts = ['contact', 'contact_source', 'number_contact'];
  const byTenant = ['people_group', 'restricted_source', ...contacts, 'gap', 'heard', 'erasure'];
  return [
    `DELETE FROM note WHERE conversationId IN ${conversations}`,
    `DELETE FROM call_back WHERE conversationId IN ${conversations}`,
    `DELETE FROM leg WHERE conversationId IN ${conversations}`,
    'DELETE FROM conversation WHERE tenantId = :tenantId',
    `DELETE FROM command WHERE userId IN ${users} OR lineId IN ${lines}`,
    ...byUser.map((table) => `DELETE FROM ${table} WHERE userId IN ${users}`),
    ...byTenant.map((table) => `DELETE FROM ${table} WHERE tenantId = :tenantId`),
    'DELETE FROM line WHERE tenantId = :tenantId',
    'DELETE FROM user WHERE tenantId = :tenantId',
    'DELETE FROM tenant WHERE tenantId = :tenantId',
  ].map((sql) => db.prepare(sql));
}
