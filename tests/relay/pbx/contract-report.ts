// What a run of the contract has shown, kept beside it: one file for each subject, from which docs/phone-systems.md is
// made. A run that shows something else than the file says fails, so that the page never tells more than the tests do.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Claim } from '../../../relay/src/pbx/declaration.ts';

const FOLDER = join(import.meta.dirname, 'reports');

/** A file of `reports/`. */
export interface ContractReport {
  kind: string;
  /** What the contract was run against, in words. */
  subject: string;
  /** By `command/makeCall`, `event/ringback`, `cell/…`, `fault/…`: what a passed test has shown. */
  shown: Record<string, Claim['is']>;
}

/** Where a subject's report is. */
export function reportFile(kind: string, subjectId: string): string {
  return join(FOLDER, `${kind}.${subjectId}.json`);
}

/**
 * Compares what a complete run has shown with the file, or writes it when OFFHOOK_UPDATE_REPORT is 1. Throws when they
 * differ.
 */
export function keepReport(file: string, report: ContractReport): void {
  const shown = Object.fromEntries(Object.entries(report.shown).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = `${JSON.stringify({ ...report, shown }, undefined, 2)}\n`;
  if (process.env['OFFHOOK_UPDATE_REPORT'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  throw new Error(
    `${file} does not say what this run has shown. If it is meant to, run this test file with OFFHOOK_UPDATE_REPORT=1 ` +
      'and then node scripts/phone-systems.ts',
  );
}
