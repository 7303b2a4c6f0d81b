// The last conversations with the person who calls, by whatever number and with whichever colleague, as far as this agent may
// know. Asked once for each caller; a call is shown without waiting for it.
import type { Call, JournalEntry } from '@offhook/protocol';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Desk, Send } from '#lib/messages.ts';
import { Button } from './Button.tsx';
import { Icon } from './icons.tsx';
import { iconOf, noteOf, outcomeText } from './journal-rows.ts';
import { Parts } from './Parts.tsx';
import { partyOf } from './party.ts';
import { useWords } from './words.ts';

const MOST_SHOWN = 3;
// The call itself may be among them.
const ASKED = MOST_SHOWN + 2;

export interface HistoryProps {
  call: Call;
  desk: Desk;
  send: Send;
  now: number;
  /** Opens the journal with what is found by these words; undefined where the view cannot. */
  onShowCalls: ((text: string) => void) | undefined;
}

/** The list below a call; nothing while there is none. */
export function History({ call, desk, send, now, onShowCalls }: HistoryProps) {
  const words = useWords();
  const { t } = words;
  const found = useHistory(call, send);
  const entries = found?.entries.filter(({ conversationId }) => conversationId !== call.conversationId) ?? [];
  if (entries.length === 0) return null;
  const { title } = partyOf(call.remote, words);
  const text = call.remote.contact?.name ?? title;
  const hasMore = found?.more === true || entries.length > MOST_SHOWN;
  return (
    <section class="history small" aria-label={t('history_heading')}>
      <h3 class="history__heading muted">{t('history_heading')}</h3>
      <ul class="history__list">
        {entries.slice(0, MOST_SHOWN).map((entry) => (
          <Past key={entry.entryId} {...{ entry, desk, now }} />
        ))}
      </ul>
      {hasMore && onShowCalls && (
        <Button kind="ghost" icon="journal" label={t('history_all')} onClick={() => onShowCalls(text)} />
      )}
    </section>
  );
}

function Past({ entry, desk, now }: { entry: JournalEntry; desk: Desk; now: number }) {
  const words = useWords();
  const direction = words.t(`direction_${entry.direction}`);
  const said = noteOf(entry, desk.journal) || outcomeText(entry, words);
  const parts = [words.moment(Date.parse(entry.startedAt), now), colleagueIn(entry, desk), said];
  return (
    <li class={`history__one history__one--${entry.outcome ?? 'running'}`}>
      <span class="history__icon" title={direction}>
        <Icon name={iconOf(entry)} />
        <span class="unseen">{direction}</span>
      </span>
      <Parts class="history__text" parts={parts.filter((part): part is string => part !== undefined && part !== '')} />
    </li>
  );
}

// Who spoke: the colleague whose line it was, or who answered instead. The agent's own calls need no name.
function colleagueIn({ lineId, answeredBy, outcome }: JournalEntry, { phone }: Desk): string | undefined {
  const line = phone.lines.find((held) => held.line.lineId === lineId)?.line;
  if (outcome === 'answeredElsewhere' && answeredBy !== undefined) return undefined;
  return line && !line.isOwn ? line.name : undefined;
}

interface Found {
  key: string;
  entries: readonly JournalEntry[];
  more: boolean;
}

function useHistory({ remote: { contact, number } }: Call, send: Send): Found | undefined {
  const contactId = contact?.match === 'exact' ? contact.contactId : undefined;
  const asked = number.kind === 'e164' ? number.number : undefined;
  const key = contactId ?? asked;
  const [found, setFound] = useState<Found>();
  const latest = useRef(send);
  latest.current = send;
  useEffect(() => {
    if (key === undefined) return;
    let isOver = false;
    const ask = async () => {
      const of = contactId === undefined ? { number: { kind: 'e164', number: key } as const } : { contactId };
      const answer = await latest.current('history', { ...of, limit: ASKED }).catch(() => undefined);
      if (!isOver && answer?.type === 'page') setFound({ key, entries: answer.entries, more: answer.more });
    };
    void ask();
    return () => {
      isOver = true;
    };
  }, [key]);
  return found !== undefined && found.key === key ? found : undefined;
}
