// Sorts labelled number cases into those to develop with and those that nobody looks at: `node scripts/numbers/split-cases.ts
// new/de.jsonl …` adds each case to tests/fixtures/numbers/{dev,unseen}/<file>. Where a case goes is decided by its text
// alone, so that nobody can choose; a case that is there already is left where it is.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const SEED = 'offhook numbers 1';
const FIXTURES = join(import.meta.dirname, '../../tests/fixtures/numbers');

/** Where a case belongs: a third is kept unseen. */
export function placeOf({ region, text }: { region: string; text: string }): 'dev' | 'unseen' {
  const hash = createHash('sha256').update(`${SEED}\n${region}\n${text}`).digest();
  return hash.readUInt32BE(0) % 3 === 0 ? 'unseen' : 'dev';
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

function split(file: string): void {
  const name = basename(file);
  const counts = { dev: 0, unseen: 0 };
  for (const place of ['dev', 'unseen'] as const) {
    const target = join(FIXTURES, place, name);
    const known = new Set(linesOf(target));
    const added = linesOf(file).filter((line) => {
      // The writer's own file; the evaluation checks the shape of every case.
      const labelled = JSON.parse(line) as { region: string; text: string };
      return placeOf(labelled) === place && !known.has(line);
    });
    counts[place] = added.length;
    writeFileSync(target, `${[...known, ...added].join('\n')}\n`);
  }
  console.log(`${name}: ${counts.dev} to dev, ${counts.unseen} to unseen`);
}

if (import.meta.main) for (const file of process.argv.slice(2)) split(file);
