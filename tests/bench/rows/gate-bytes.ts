// The gate runs in every frame of every enabled site, so its size is a budget. A count, not a time: once is enough.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { freshStoreBuild, STORE_DIR } from '../../../scripts/stage/fresh-builds.ts';
import type { RowFamily } from '../row.ts';

const ID = 'gate-bytes';
const BUDGET_BYTES = 4096;

/** Size of the gate in the store build beside its budget. */
export const gateBytes: RowFamily = {
  rows: [{ id: ID, unit: 'bytes', ours: 'gate.js of the store build', reference: 'its budget' }],
  rounds: 1,
  warmUpRounds: 0,
  async open(ground) {
    await freshStoreBuild(ground);
    return {
      ours: async () => ({ [ID]: statSync(join(STORE_DIR, 'gate.js')).size }),
      reference: async () => ({ [ID]: BUDGET_BYTES }),
    };
  },
};
