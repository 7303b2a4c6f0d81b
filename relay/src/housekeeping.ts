// What the relay forgets by itself: orders and keys of notes that nobody can ask about any longer. Calls are not its
// business: how long those are kept is each company's own decision (journal-desk.ts).
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Store } from './store/store.ts';

const COMMAND_KEEP_MS = 24 * 3_600_000;
const HOUSEKEEPING_MS = 3_600_000;

/** Forgets what need not be known any longer, now and every hour. */
export function keepHouse({
  store,
  clock,
  log,
}: {
  store: Pick<Store, 'forgetCommands' | 'forgetNoteKeys'>;
  clock: Clock;
  log: Logger;
}): () => void {
  let cancel: () => void;
  const tidy = () => {
    const before = new Date(clock.now() - COMMAND_KEEP_MS).toISOString();
    Promise.all([store.forgetCommands(before), store.forgetNoteKeys(before)]).catch((error: unknown) => {
      log.error({ err: error }, 'old orders could not be forgotten');
    });
    cancel = clock.after(HOUSEKEEPING_MS, tidy);
  };
  tidy();
  return () => cancel();
}
