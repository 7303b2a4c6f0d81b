// A real store of one company, in a folder that goes with the test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSqliteStore } from '../../../relay/src/store/sqlite.ts';
import type { Store } from '../../../relay/src/store/store.ts';

/** A store with the tenant `default`, closed when the test is over. */
export async function createTenantStore(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'offhook-contacts-'));
  const store = openSqliteStore(folder);
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  await store.seed({
    tenants: [{ tenantId: 'default', name: 'Sample', country: 'DE' }],
    users: [],
    lines: [],
    grants: [],
  });
  return store;
}
