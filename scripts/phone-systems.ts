// Writes docs/phone-systems.md from the drivers' declarations and the contract's reports. `--check` writes nothing and exits
// with 1 when the page is not what it would write.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { declarationOf, PBX_KINDS } from '../relay/src/pbx/index.ts';
import { phoneSystemsPage, type Report } from './phone-systems/page.ts';

const REPORTS = fileURLToPath(new URL('../tests/relay/pbx/reports/', import.meta.url));
const PAGE = fileURLToPath(new URL('../docs/phone-systems.md', import.meta.url));

const reports = readdirSync(REPORTS)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => JSON.parse(readFileSync(REPORTS + name, 'utf8')) as Report); // written by the contract alone
const page = phoneSystemsPage(
  PBX_KINDS.map((kind) => ({
    kind,
    declaration: declarationOf(kind),
    reports: reports.filter((report) => report.kind === kind),
  })),
);
if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) {
  console.error('docs/phone-systems.md is not up to date. Run node scripts/phone-systems.ts, and commit the result.');
  process.exitCode = 1;
}
