// Everything about past calls, put together: the journal with its rules, its gaps, what is said of calls, and what leaves
// it again. relay.ts opens it before any phone system speaks.
import { join } from 'node:path';
import type { Location } from '@offhook/protocol';
import type { Logger } from 'pino';
import { type CallBacks, createCallBacks } from './call-backs.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { type Erasures, openErasures } from './erasures.ts';
import { type Gaps, openGaps } from './gaps.ts';
import { type Journal, openJournal } from './journal.ts';
import { createJournalMark, type JournalMark } from './journal-mark.ts';
import { type JournalSettings, keptSince, neverTest, USUAL_JOURNAL_SETTINGS } from './journal-settings.ts';
import { createNotes, type Notes } from './notes.ts';
import type { JournalLeg, Store } from './store/store.ts';

export interface JournalDeskOptions {
  config: Pick<Config, 'dataDir' | 'journal' | 'pbx'>;
  store: Store;
  clock: Clock;
  log: Logger;
  /** The extension of a line that is on the board. */
  extensionOf(lineId: string): string | undefined;
  tenantOf(lineId: string): string | undefined;
}

export interface JournalDesk {
  journal: Journal;
  gaps: Gaps;
  notes: Notes;
  mark: JournalMark;
  callBacks: CallBacks;
  erasures: Erasures;
  close(): Promise<void>;
}

const HOUSEKEEPING_MS = 3_600_000;

/** Opens the journal. What has become too old is taken out now and every hour. */
export async function openJournalDesk(options: JournalDeskOptions): Promise<JournalDesk> {
  const { config, store, clock, log } = options;
  const journal = await openJournal({ store, clock, log, isUnrecorded: unrecordedTest(options) });
  const systems = config.pbx.map(({ id, tenant }) => ({ pbxId: id, tenantId: tenant }));
  const gaps = await openGaps({ store, clock, log, systems });
  const file = join(config.dataDir, 'erasures.jsonl');
  const erasures = await openErasures({ store, journal, file, clock, log });
  const stopKeeping = keepNoLonger(options, { journal, gaps });
  return {
    journal,
    gaps,
    notes: createNotes({ journal, clock, log }),
    mark: createJournalMark({ store, clock, log }),
    callBacks: createCallBacks({ journal, clock, log }),
    erasures,
    async close() {
      stopKeeping();
      await gaps.close();
      await journal.close();
    },
  };
}

function settingsOf({ journal }: Pick<Config, 'journal'>, tenantId: string): JournalSettings {
  return journal.find(({ tenant }) => tenant === tenantId) ?? USUAL_JOURNAL_SETTINGS;
}

// One test a tenant, made of its rules once.
function unrecordedTest({
  config,
  extensionOf,
  tenantOf,
}: JournalDeskOptions): ((leg: JournalLeg) => boolean) | undefined {
  const tests = config.journal.flatMap((settings) => {
    const location = locationOf(config, settings.tenant);
    const test = location && neverTest(settings, { location, extensionOf });
    return test ? [[settings.tenant, test] as const] : [];
  });
  const byTenant = new Map(tests);
  if (byTenant.size === 0) return undefined;
  return (leg) => byTenant.get(tenantOf(leg.lineId))?.(leg) ?? false;
}

function locationOf({ pbx }: Pick<Config, 'pbx'>, tenantId: string | undefined): Location | undefined {
  return pbx.find(({ tenant }) => tenant === tenantId)?.location;
}

function keepNoLonger(
  { config, store, clock, log }: JournalDeskOptions,
  { journal, gaps }: Pick<JournalDesk, 'journal' | 'gaps'>,
): () => void {
  let cancel = () => {};
  const tidy = async () => {
    for (const { tenantId } of await store.tenants()) {
      const before = new Date(keptSince(settingsOf(config, tenantId), clock.now())).toISOString();
      const purged = await journal.purge(tenantId, before);
      await gaps.forget(tenantId, before);
      if (purged > 0)
        log.info({ tenant: tenantId, purged, before }, 'calls that are too old were taken out of the journal');
    }
  };
  const again = () => {
    tidy().catch((error: unknown) => log.error({ err: error }, 'old calls could not be taken out of the journal'));
    cancel = clock.after(HOUSEKEEPING_MS, again);
  };
  again();
  return () => cancel();
}
