// The administrator's page tells every placeholder of a form's address, and none that does not exist.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRY_KEYS } from '@offhook/protocol';
import { expect, test } from 'vitest';

test('the placeholders of activities and times are told, each once', () => {
  const admin = readFileSync(join(import.meta.dirname, '../../docs/admin.md'), 'utf8');
  const section = admin.split(/^## /m).find((part) => part.startsWith('Activities and times\n')) ?? '';
  const cells = section.split('\n').flatMap((row) => (row.startsWith('| `{') ? [row.split('|')[1] ?? ''] : []));
  const told = cells.flatMap((cell) => [...cell.matchAll(/\{([^}]+)\}/g)].map(([, key]) => key));
  expect(told.toSorted()).toEqual([...ENTRY_KEYS].toSorted());
});
