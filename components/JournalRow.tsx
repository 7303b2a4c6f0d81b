// One past call as a row: who, how it came out, when; its note, and what can be done about it now. Dials nothing but the
// number that it shows, on a click.
import type { JournalEntry, Line } from '@offhook/protocol';
import { useState } from 'preact/hooks';
import type { JournalState } from '#lib/journal.ts';
import type { Desk, Send } from '#lib/messages.ts';
import { Button } from './Button.tsx';
import { CallBack } from './CallBack.tsx';
import { EntryFormButtons, OpenedForms } from './EntryFormButtons.tsx';
import { Icon } from './icons.tsx';
import { dispositionOf, draftOf, iconOf, noteOf, rowTextOf } from './journal-rows.ts';
import { NoteField } from './NoteField.tsx';
import { OrderNote } from './OrderNote.tsx';
import { Parts } from './Parts.tsx';
import type { Orders } from './use-orders.ts';
import { useWords } from './words.ts';

export interface JournalRowProps {
  entry: JournalEntry;
  desk: Desk;
  /** `panel`: the ways to the CRM's forms are beside the note; `page`: in the row itself. */
  density: 'panel' | 'page';
  /** Whether it is a missed call of this agent's at which nobody has looked yet. */
  isNews: boolean;
  send: Send;
  orders: Orders;
  canOrder: boolean;
  /** The line to call back on; undefined where there is none that can. */
  callLine: Line | undefined;
  /** Which own line it was, where there are several. */
  lineName: string | undefined;
}

/** A row of the journal. */
export function JournalRow(props: JournalRowProps) {
  const { entry, desk, isNews, send, orders, lineName } = props;
  const words = useWords();
  const { t } = words;
  const [isWriting, setIsWriting] = useState(false);
  const { title, parts } = rowTextOf(entry, words, { lineName });
  const key = `entry:${entry.entryId}`;
  const direction = t(`direction_${entry.direction}`);
  return (
    <li
      class={`journal-row journal-row--${entry.outcome ?? 'running'}${isNews ? ' journal-row--news' : ''}`}
      data-entry-id={entry.entryId}
    >
      <div class="journal-row__main">
        <span class="journal-row__icon" title={direction}>
          <Icon name={iconOf(entry)} />
          <span class="unseen">{direction}</span>
        </span>
        <div class="journal-row__who">
          <span class="journal-row__line">
            <RowName entry={entry} title={title} send={send} />
            {isNews && <span class="journal-row__new">{t('journal_new')}</span>}
          </span>
          <Parts class="journal-row__details small muted" parts={parts} />
        </div>
        <time class="journal-row__time small muted" dateTime={entry.startedAt}>
          {words.clock(Date.parse(entry.startedAt))}
        </time>
        <RowActions {...props} orderKey={key} isWriting={isWriting} onWrite={() => setIsWriting(!isWriting)} />
      </div>
      <CallBack {...{ entry, send }} canOrder={props.canOrder} />
      {isWriting ? (
        <RowNote {...props} onDone={() => setIsWriting(false)} />
      ) : (
        <RowKept entry={entry} desk={desk} onWrite={() => setIsWriting(true)} />
      )}
      <OrderNote order={orders.of(key)} onDismiss={() => orders.dismiss(key)} />
    </li>
  );
}

function RowName({ entry, title, send }: { entry: JournalEntry; title: string; send: Send }) {
  const { t } = useWords();
  const url = entry.remote.contact?.url;
  if (url === undefined) {
    return (
      <span class="journal-row__name one-line" title={title}>
        <bdi>{title}</bdi>
      </span>
    );
  }
  return (
    <button
      type="button"
      class="journal-row__name journal-row__name--link one-line"
      title={t('journal_open_contact', { name: title })}
      onClick={() => void send('open-contact', { entryId: entry.entryId, url })}
    >
      <bdi>{title}</bdi>
    </button>
  );
}

interface RowActionsProps extends JournalRowProps {
  orderKey: string;
  isWriting: boolean;
  onWrite: () => void;
}

function RowActions(props: RowActionsProps) {
  const { entry, desk, density, send, orders, canOrder, callLine, orderKey, isWriting, onWrite } = props;
  const words = useWords();
  const { t } = words;
  const { number } = entry.remote;
  const isDiallable = number.kind === 'e164' || number.kind === 'internal';
  const shown = words.number(number, { isKnown: entry.remote.contact !== undefined });
  return (
    <span class="journal-row__actions">
      <button
        type="button"
        class="button button--ghost button--icon"
        title={t('journal_write_note')}
        aria-label={t('journal_write_note')}
        aria-expanded={isWriting}
        onClick={onWrite}
      >
        <Icon name="note" />
      </button>
      {density === 'page' && <EntryFormButtons {...{ desk, send, entry }} entryId={entry.entryId} shows="icon" />}
      {isDiallable && callLine ? (
        <Button
          kind="ghost"
          shows="icon"
          icon="phone"
          label={t('journal_call', { number: shown })}
          isDisabled={!canOrder || orders.of(orderKey)?.type === 'pending'}
          onClick={() =>
            orders.give({
              key: orderKey,
              lineId: callLine.lineId,
              order: { name: 'makeCall', args: { number } },
            })
          }
        />
      ) : (
        <span class="journal-row__no-call" />
      )}
    </span>
  );
}

function RowNote({ entry, desk, density, send, onDone }: JournalRowProps & { onDone: () => void }) {
  const { t } = useWords();
  return (
    <fieldset
      class="journal-row__writing"
      aria-label={t('journal_write_note')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone();
      }}
    >
      <NoteField
        entryId={entry.entryId}
        note={entry.note}
        disposition={entry.disposition}
        draft={draftOf(entry, desk.journal)}
        send={send}
      />
      <div class="journal-row__ways">
        {density === 'panel' && <EntryFormButtons {...{ desk, send, entry }} entryId={entry.entryId} shows="label" />}
        <Button label={t('action_done')} onClick={onDone} />
      </div>
    </fieldset>
  );
}

// What was written, on one line; a click goes on writing.
function RowKept({ entry, desk, onWrite }: { entry: JournalEntry; desk: Desk; onWrite: () => void }) {
  const { journal } = desk;
  const { t } = useWords();
  const note = noteOf(entry, journal);
  const disposition = dispositionOf(entry, journal);
  const isOpened = wasOpened(entry, journal);
  if (note === '' && disposition === undefined && !isOpened) return null;
  return (
    <div class="journal-row__kept">
      {disposition !== undefined && (
        <span class={`pill pill--${disposition === 'callBack' ? 'ringing' : 'quiet'}`}>
          {t(`disposition_${disposition}`)}
        </span>
      )}
      {note !== '' && (
        <button type="button" class="journal-row__note one-line small" title={note} onClick={onWrite}>
          <bdi>{note}</bdi>
        </button>
      )}
      {isOpened && <OpenedForms desk={desk} entryId={entry.entryId} />}
    </div>
  );
}

function wasOpened({ entryId }: JournalEntry, { openedForms = [] }: JournalState): boolean {
  return openedForms.some((one) => one.entryId === entryId);
}
