// A million contacts in a process of their own: how long the relay takes to tell whose number it is, beside one indexed
// SELECT in the same process over the same database. Argument: how many contacts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { viewerOf } from '../../../relay/src/access.ts';
import { systemClock } from '../../../relay/src/clock.ts';
import { contactsFor } from '../../../relay/src/contact-requests.ts';
import { createDirectory } from '../../../relay/src/directory.ts';
import { createLog } from '../../../relay/src/log.ts';
import { openDatabase } from '../../../relay/src/store/database.ts';
import { openSqliteStore } from '../../../relay/src/store/sqlite.ts';
import { answerQuestions, sharedNow } from './child.ts';

/** Makes the company, or times one lookup after the other. */
export type ContactQuestion = { ask: 'open' } | { ask: 'offhook' | 'select'; lookups: number };
/** Milliseconds for each lookup on the average; of `open`, until the directory was ready. */
export type ContactAnswer = number;

const TENANT = 'sample';
const USER = { userId: 'sample.ada', tenantId: TENANT, login: 'ada', displayName: 'Ada Sample' };
const LINE = 'line-1';
const count = Number(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), 'offhook-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

// In one statement each: what is measured is finding, not writing.
const FILL = `
  INSERT INTO tenant (tenantId, name, country) VALUES ('${TENANT}', 'Sample company', 'DE');
  INSERT INTO contact_source (tenantId, source, generation) VALUES ('${TENANT}', 'crm', 1);
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})
    INSERT INTO contact (tenantId, source, generation, contactId, name, company, url, numbers)
    SELECT '${TENANT}', 'crm', 1, 'c' || i, 'Sample person ' || i, 'Sample company ' || (i / 20),
      'https://crm.example/contacts/' || i, printf('[{"number":"+4930231%07d","label":"office"}]', i) FROM n;
  CREATE TABLE bench_number (number TEXT PRIMARY KEY, id INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO bench_number SELECT numbers ->> '$[0].number', id FROM contact;`;

async function open() {
  const store = openSqliteStore(folder);
  const db = openDatabase(join(folder, 'relay.db'));
  db.exec(`PRAGMA synchronous = OFF; BEGIN; ${FILL} COMMIT;`);
  const log = createLog({ level: 'silent', destination: { write: () => undefined } });
  const directory = createDirectory({ store, sources: [], clock: systemClock, log });
  const startedAt = sharedNow();
  await directory.load();
  const tookMs = sharedNow() - startedAt;
  const viewer = viewerOf(
    { user: USER, tenant: { tenantId: TENANT, name: 'Sample company', country: 'DE' }, aclRev: 1 },
    [{ userId: USER.userId, lineId: LINE, rights: ['watch', 'see-numbers', 'see-names'], isOwn: true }],
  );
  const context = {
    directory,
    lines: () => [{ lineId: LINE, extension: '10', name: 'Ada Sample' }],
    line: () => ({ tenantId: TENANT }),
  };
  const select = db.prepare('SELECT c.* FROM bench_number AS n JOIN contact AS c USING (id) WHERE n.number = ?');
  return { directory, viewer, context, select, tookMs };
}

let opened: Awaited<ReturnType<typeof open>> | undefined;

answerQuestions<ContactQuestion>(async (question) => {
  opened ??= await open();
  if (question.ask === 'open') return opened.tookMs;
  const { viewer, context, select } = opened;
  const startedAt = sharedNow();
  for (let n = 0; n < question.lookups; n += 1) {
    // A stride that is prime to the count, so that no place is warm.
    const number = `+4930231${String((n * 7_919 + 13) % count).padStart(7, '0')}`;
    const found =
      question.ask === 'select'
        ? select.get(number)?.['name']
        : (await contactsFor(viewer, { type: 'lookup', id: 'l1', number: { kind: 'e164', number } }, context))
            .matches[0]?.contact.name;
    if (found === undefined) throw new Error('a contact was not found');
  }
  return (sharedNow() - startedAt) / question.lookups;
});
