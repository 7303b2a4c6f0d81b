// A time in which nobody was listening: the journal says that calls may be missing, instead of nothing.
import type { JournalGap } from '@offhook/protocol';
import type { Words } from '#lib/words.ts';
import { Icon } from './icons.tsx';
import { useWords } from './words.ts';

/** One gap between the calls. */
export function JournalGapRow({ gap }: { gap: JournalGap }) {
  const words = useWords();
  const time = timeOf(gap, words);
  return (
    <li class="journal-gap small muted">
      <Icon name="warning" />
      <span>{words.t(gap.reason === 'pbx' ? 'journal_gap_pbx' : 'journal_gap_relay', { time })}</span>
    </li>
  );
}

function timeOf({ startedAt, endedAt }: JournalGap, { t, clock, moment, day }: Words): string {
  const from = Date.parse(startedAt);
  const now = Date.now();
  if (endedAt === undefined) return t('journal_gap_since', { from: clock(from) });
  const to = Date.parse(endedAt);
  const isOneDay = day(from, now) === day(to, now);
  const [begin, end] = isOneDay ? [clock(from), clock(to)] : [moment(from, now), moment(to, now)];
  return begin === end ? begin : `${begin} – ${end}`;
}
