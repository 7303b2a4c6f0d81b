// Orders for the isolation test: the relay's own command desk over a ledger in memory, before a phone system that counts
// what reaches it and carries nothing out.
import { DatabaseSync } from 'node:sqlite';
import { createCommands } from '../../relay/src/commands.ts';
import { createGuard } from '../../relay/src/guard.ts';
import { MIGRATIONS } from '../../relay/src/store/migrations/all.ts';
import { commandsIn } from '../../relay/src/store/sqlite-commands.ts';
import type { FakeBoard } from '../fakes/board.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { BERLIN, SILENT } from './builders.ts';

/** A desk; `commands` makes its command desk over a board. */
export function createOrderDesk() {
  let count = 0;
  let lines: FakeBoard | undefined;
  const db = new DatabaseSync(':memory:');
  for (const { sql } of MIGRATIONS) db.exec(sql);
  const clock = createFakeClock();
  const most = 1_000_000_000;
  return {
    /** How many orders reached the phone system. */
    sent: () => count,
    isThere: (lineId: string) => lines?.line(lineId) !== undefined,
    commands(board: FakeBoard) {
      lines = board;
      return createCommands({
        store: commandsIn(db),
        guard: createGuard({ limits: { perHour: most, burstPerMinute: most }, clock }),
        clock,
        log: SILENT,
        line: board.line,
        hasLine: () => false,
        isContact: () => true,
        locationOf: () => BERLIN,
        callIdOf: (_pbxId, callKey) => callKey,
        async send() {
          count += 1;
          return { type: 'rejected', code: 'pbx-rejected' };
        },
        outcomeTimeoutMs: 10_000,
      });
    },
  };
}
