// Changes of people are made whole or not at all, and a company that is removed leaves nothing behind in any table.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { PeopleEdit, Store } from '../../relay/src/store/store.ts';
import { AT, aCommand, aConversation, aLeg } from '../fakes/store-rows.ts';

let dataDir = '';
let store: Store;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-people-'));
  store = openSqliteStore(dataDir);
  await fill('stays');
  await fill('leaves');
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

/** A row of the tenant in every table; each holds the tenant's name somewhere. Both have a line 18. */
async function fill(name: string): Promise<void> {
  const [userId, lineId, groupId] = [`${name}.anna`, `${name}-line`, `${name}@sales`];
  const user = { userId, tenantId: name, login: 'anna', displayName: 'Anna Sample' };
  const edits: PeopleEdit[] = [
    { type: 'add-tenant', tenant: { tenantId: name, name: `${name} Ltd`, country: 'DE' } },
    { type: 'add-user', user },
    { type: 'put-grant', grant: { userId, lineId, rights: ['watch'], isOwn: true } },
    { type: 'add-group', group: { groupId, tenantId: name, name: 'sales' } },
    { type: 'join-group', groupId, userId },
    { type: 'put-group-grant', grant: { groupId, lineId: '*', rights: ['watch'] } },
    { type: 'restrict-source', tenantId: name, source: 'crm', isRestricted: true },
  ];
  await store.changePeople(edits);
  await store.saveLines([
    { lineId, tenantId: name, pbxId: `${name}-pbx`, lineKey: '18', extension: '18', name: 'Desk' },
  ]);
  await store.addDevice({ deviceId: `${name}-d`, userId, name: 'Sample', publicKey: '', origin: '', createdAt: AT });
  const conversationId = `${name}-v`;
  await store.recordCommand(aCommand({ userId, lineId, key: `${name}-k`, commandKey: `${name}-cmd` }));
  await store.saveConversation(
    aConversation({ conversationId, tenantId: name, legs: [aLeg({ lineId, callId: `${name}-c` })] }),
  );
  const writing = { userId, key: `${name}-n`, argsHash: 'h', conversationId, text: 'A sample', writtenAt: AT };
  await store.saveNote(writing);
  await store.takeCallBack({ conversationId, userId, name: 'Anna', takenAt: AT });
  await store.moveJournalMark(userId, AT);
  const gap = { gapId: `${name}-gap`, tenantId: name, pbxId: `${name}-pbx`, reason: 'relay' as const, startedAt: AT };
  await store.openGap(gap);
  await store.setHeard([{ pbxId: `${name}-pbx`, tenantId: name, until: AT }]);
  await store.addErasure({ tenantId: name, numberHash: 'hash', erasedAt: AT });
  await store.addKnownCountry({ userId, country: 'FR', confirmedAt: AT });
  const numbers = [{ number: '+493023125042' }];
  await store.replaceContacts(name, 'crm', [{ contactId: '1', name: 'Alma Sample', numbers }]);
  await store.putNumberContact({ tenantId: name, number: '+493023125043', contactId: 'crm:1', chosenAt: AT });
}

/** Every table with those of its rows that name the word, read by a connection of its own. */
function rowsNaming(word: string): Map<string, number> {
  const db = new DatabaseSync(join(dataDir, 'relay.db'), { readOnly: true });
  try {
    const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).all();
    return new Map(
      tables.map(({ name }) => {
        const rows = db.prepare(`SELECT * FROM "${String(name)}"`).all();
        return [String(name), rows.filter((row) => JSON.stringify(row).includes(word)).length];
      }),
    );
  } finally {
    db.close();
  }
}

// What is nobody's: a counter, what was changed by whom, and ids of devices that must stay out.
const SHARED = ['journal_cursor', 'audit', 'retired_device'];

test('a tenant that is removed is in no table any more, and the other one is as it was', async () => {
  const other = rowsNaming('stays');
  const empty = [...rowsNaming('leaves')].filter(([table, count]) => count === 0 && !SHARED.includes(table));
  // A table that is new must be filled above, or nobody knows whether it is emptied.
  expect(empty).toEqual([]);
  await store.removeTenant('leaves');
  expect([...rowsNaming('leaves')].filter(([, count]) => count > 0)).toEqual([]);
  expect(rowsNaming('stays')).toEqual(other);
});

test('a user that is removed leaves calls and notes, and nothing that would let anybody in', async () => {
  await store.changePeople([{ type: 'remove-user', userId: 'leaves.anna', at: AT }]);
  const left = [...rowsNaming('leaves.anna')].filter(([, count]) => count > 0).map(([table]) => table);
  // The order is forgotten after a day; who took it on to call back is part of the journal.
  expect(left.toSorted()).toEqual(['call_back', 'command', 'note']);
  expect((await store.conversation('leaves-v'))?.note?.text).toBe('A sample');
  expect(await store.device('leaves-d')).toBeUndefined();
  expect((await store.groups()).find(({ tenantId }) => tenantId === 'leaves')?.userIds).toEqual([]);
});

test('with a line that is retired every grant on it ends, of users, groups and workstations, and no other one', async () => {
  const grant = { groupId: 'stays@sales', rights: ['watch'] } as const;
  await store.changePeople([
    { type: 'put-group-grant', grant: { ...grant, lineId: 'stays-line' } },
    { type: 'put-grant', grant: { userId: 'stays.anna', lineId: 'other', rights: ['watch'], isOwn: false } },
    { type: 'set-workstation', deviceId: 'stays-d', lineId: 'stays-line' },
    { type: 'set-workstation', deviceId: 'leaves-d', lineId: 'leaves-line' },
  ]);
  const [stays, leaves] = [await store.aclRev('stays'), await store.aclRev('leaves')];
  await store.changePeople([{ type: 'retire-lines', tenantId: 'stays', lineIds: ['stays-line'] }]);
  const granted = [...(await store.grants()), ...(await store.groups()).flatMap(({ grants }) => grants)];
  expect(granted.map(({ lineId }) => lineId).toSorted()).toEqual(['*', '*', 'leaves-line', 'other']);
  expect(await store.workstations()).toMatchObject([{ deviceId: 'leaves-d' }]);
  expect((await store.lines()).map(({ lineId }) => lineId)).toEqual(['leaves-line']);
  expect(await store.conversation('stays-v')).toBeDefined();
  expect([await store.aclRev('stays'), await store.aclRev('leaves')]).toEqual([stays + 1, leaves]);
});

test('of changes of which one cannot be made, none is made', async () => {
  const before = [await store.users(), await store.grants(), await store.aclRev('stays')];
  const user = { userId: 'stays.ben', tenantId: 'stays', login: 'ben', displayName: 'Ben Sample' };
  const edits: PeopleEdit[] = [
    { type: 'add-user', user },
    { type: 'put-grant', grant: { userId: 'nobody', lineId: '*', rights: ['watch'], isOwn: false } },
  ];
  await expect(store.changePeople(edits)).rejects.toThrow(/FOREIGN KEY/);
  expect([await store.users(), await store.grants(), await store.aclRev('stays')]).toEqual(before);
});

test('many changes raise the revision of the tenants that are concerned, once', async () => {
  const [stays, leaves] = [await store.aclRev('stays'), await store.aclRev('leaves')];
  await store.changePeople([
    { type: 'leave-group', groupId: 'stays@sales', userId: 'stays.anna' },
    { type: 'set-workstation', deviceId: 'stays-d', lineId: 'stays-line' },
    { type: 'remove-group', groupId: 'stays@sales' },
  ]);
  expect([await store.aclRev('stays'), await store.aclRev('leaves')]).toEqual([stays + 1, leaves]);
});
