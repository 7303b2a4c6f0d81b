// What every driver owes the relay, as tests. A driver's test file hands in its declaration and a subject: the driver over
// a phone system, or a loopback fake of one, whose phones and outside world the tests play. What the declaration says is
// tested both ways; what was shown is kept in reports/, from which docs/phone-systems.md is made.
import { afterAll, describe, it } from 'vitest';
import type { Claim, PbxDeclaration } from '../../../relay/src/pbx/declaration.ts';
import { type Show, testCells, testColleagues } from './contract-cells.ts';
import { testCommands } from './contract-commands.ts';
import { testEvents } from './contract-events.ts';
import { testFaults, testLives } from './contract-faults.ts';
import { checkHistory, playAtRandom } from './contract-history.ts';
import { keepReport, reportFile } from './contract-report.ts';
import { openStage } from './contract-stage.ts';
import type { Subject } from './contract-subject.ts';

/** A driver with a subject to test it on. */
export interface DriverUnderTest {
  kind: string;
  /** Names the report's file, `'fake-ami'`. */
  subjectId: string;
  /** What the phone system is, in words for docs/phone-systems.md: `'a loopback fake of AMI'`. */
  subject: string;
  /** The driver's own; narrower where this subject lacks something that others have. */
  declaration: PbxDeclaration;
  openSubject(): Promise<Subject>;
  /** Whether there is a wire that can break. Default: there is. */
  hasWire?: boolean;
  /** How long it is played with at random at most: a real phone system goes in its own time. Default: as long as it takes. */
  playsForMs?: number;
}

/** Runs the contract for one driver over one subject. */
export function describeDriver(tested: DriverUnderTest): void {
  const { kind, subject, subjectId, declaration, openSubject, hasWire = true, playsForMs = Infinity } = tested;
  const shown: Record<string, Claim['is']> = {};
  let planned = 0;
  let passed = 0;
  const plan = (title: string, run: () => Promise<void>) => {
    planned += 1;
    it(title, async () => {
      await run();
      passed += 1;
    });
  };
  const show: Show = (key, title, body) =>
    plan(title, async () => {
      const stage = await openStage(declaration, openSubject);
      try {
        const found = await body(stage);
        await stage.subject.settled();
        checkHistory(stage);
        shown[key] = found ?? 'yes';
      } finally {
        await stage.close();
      }
    });

  describe(`${kind} over ${subject}`, () => {
    // A run of some of the tests shows nothing of the others.
    afterAll(() => {
      if (passed === planned) keepReport(reportFile(kind, subjectId), { kind, subject, shown });
    });
    testCells(show);
    testColleagues(show);
    testCommands(show, declaration);
    testEvents(show, declaration);
    testLives(show);
    if (hasWire) testFaults(show);
    plan('never takes a state back, whatever is done at random, and ends with everything over', async () => {
      await playAtRandom(declaration, openSubject, { longestMs: playsForMs });
      shown['rule/no-backward-states'] = 'yes';
    });
  });
}
