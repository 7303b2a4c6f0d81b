// Tenants, users and grants in a database in memory: the part of the store that access reads and changes, as it really is.
import { DatabaseSync } from 'node:sqlite';
import type { AccessStore } from '../../relay/src/access.ts';
import { MIGRATIONS } from '../../relay/src/store/migrations/all.ts';
import { groupsIn } from '../../relay/src/store/sqlite-groups.ts';
import { peopleIn } from '../../relay/src/store/sqlite-people.ts';
import type { Grant, Store, Tenant, User } from '../../relay/src/store/store.ts';

export type FakePeople = AccessStore & Pick<Store, 'addDevice' | 'device'>;

/** People with the given grants. */
export function createFakePeople(people: { tenants: Tenant[]; users: User[]; grants?: Grant[] }): FakePeople {
  const db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true });
  for (const { sql } of MIGRATIONS) db.exec(sql);
  const store = { ...peopleIn(db), ...groupsIn(db) };
  const { tenants, users, grants = [] } = people;
  // Nothing in it is awaited: the rows are there when it returns.
  void store.seed({ tenants, users, lines: [], grants });
  return store;
}
