// How good a number finder is on labelled texts: what it finds, what it misses, and which texts without any number it
// leaves alone. For any finder that answers numbers in the spelling of the cases. By itself it prints totals only:
//   node tests/lib/numbers/evaluate.ts [--cases] [dev|unseen|known …]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type FindOptions, findNumbers } from '../../../lib/numbers/find.ts';

/** A labelled text. Numbers are `'+49…'`, `'+1… x42'`, `'fax +49…'` or `'internal 18'`, ascending in the text. */
export interface LabelledCase {
  region: string;
  screen: string;
  text: string;
  before?: string;
  internal?: { minDigits: number; maxDigits: number };
  expected: string[];
  /** Neither a hit nor an error. */
  optional?: string[];
}

/** Finds the numbers of a text, in the spelling of the cases. */
export type Finder = (text: string, options: FindOptions) => string[];

/** Counts over a set of cases; `confusers` are texts in which nothing is to be found. */
export interface Score {
  cases: number;
  expected: number;
  hits: number;
  wrong: number;
  confusers: number;
  leftAlone: number;
}

const FIXTURES = new URL('../../fixtures/numbers/', import.meta.url);

/** The cases of a set (`'dev'`, `'unseen'`, `'known'`) by language. */
export function casesOf(set: string): Map<string, LabelledCase[]> {
  const single = new URL(`${set}.jsonl`, FIXTURES);
  if (existsSync(single)) return new Map([[set, readCases(single)]]);
  const folder = new URL(`${set}/`, FIXTURES);
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return new Map(names.map((name) => [name.replace('.jsonl', ''), readCases(new URL(name, folder))]));
}

function readCases(file: URL): LabelledCase[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  // The project's own fixtures; a test reads each of them.
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as LabelledCase);
}

/** This project's finder. */
export const ours: Finder = (text, options) =>
  findNumbers(text, options).map(({ kind, number, extension }) => {
    const tail = extension === undefined ? '' : ` x${extension}`;
    return `${kind === 'phone' ? '' : `${kind} `}${number}${tail}`;
  });

/** What a finder makes of one case: what it found wrongly and what it missed. */
export function compare({ region, text, before, internal, expected, optional = [] }: LabelledCase, find: Finder) {
  const found = find(text, {
    country: region,
    ...(before === undefined ? {} : { before }),
    ...(internal === undefined ? {} : { internal }),
  });
  const missed = [...expected];
  const wrong: string[] = [];
  for (const number of found) {
    const at = missed.indexOf(number);
    if (at >= 0) missed.splice(at, 1);
    else if (!optional.includes(number)) wrong.push(number);
  }
  return { missed, wrong };
}

/** The counts over some cases. */
export function score(cases: readonly LabelledCase[], find: Finder): Score {
  const sum: Score = { cases: cases.length, expected: 0, hits: 0, wrong: 0, confusers: 0, leftAlone: 0 };
  for (const one of cases) {
    const { missed, wrong } = compare(one, find);
    sum.expected += one.expected.length;
    sum.hits += one.expected.length - missed.length;
    sum.wrong += wrong.length;
    if (one.expected.length > 0) continue;
    sum.confusers += 1;
    if (wrong.length === 0) sum.leftAlone += 1;
  }
  return sum;
}

/** Shares between 0 and 1. */
export function sharesOf({ expected, hits, wrong, confusers, leftAlone }: Score) {
  return {
    precision: hits + wrong === 0 ? 1 : hits / (hits + wrong),
    recall: expected === 0 ? 1 : hits / expected,
    leftAlone: confusers === 0 ? 1 : leftAlone / confusers,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));

function main(args: readonly string[]): void {
  const isVerbose = args.includes('--cases');
  for (const set of args.filter((arg) => !arg.startsWith('--'))) {
    const byLanguage = casesOf(set);
    for (const [language, cases] of byLanguage) {
      print(`${set} ${language}`, cases);
      // Nobody looks at unseen cases, or they are unseen no longer.
      if (isVerbose && set !== 'unseen') for (const one of cases) printErrors(one);
    }
    if (byLanguage.size > 1) print(`${set} all`, [...byLanguage.values()].flat());
  }
}

function print(name: string, cases: readonly LabelledCase[]): void {
  const counts = score(cases, ours);
  const { precision, recall, leftAlone } = sharesOf(counts);
  const shares = `precision ${precision.toFixed(3)} recall ${recall.toFixed(3)} left alone ${leftAlone.toFixed(3)}`;
  console.log(`${name.padEnd(14)} ${String(counts.cases).padStart(5)} cases  ${shares}`);
}

function printErrors(one: LabelledCase): void {
  const { missed, wrong } = compare(one, ours);
  if (missed.length + wrong.length === 0) return;
  const before = one.before === undefined ? '' : ` [${one.before}]`;
  console.log(`  ${one.region}${before} ${JSON.stringify(one.text)}\n     missed ${missed} wrong ${wrong}`);
}
