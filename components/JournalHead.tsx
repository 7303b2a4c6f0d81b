// What stands over the list of past calls: the search, the choice of missed calls, and the export of what they find.
import { Button } from './Button.tsx';
import { Icon } from './icons.tsx';
import type { JournalChoice } from './journal-rows.ts';
import { Note } from './Note.tsx';
import { type ExportJournal, type JournalExport, useJournalExport } from './use-journal-export.ts';
import { filterOf } from './use-journal-pages.ts';
import { useWords } from './words.ts';

export interface JournalHeadProps {
  choice: JournalChoice;
  onChange: (patch: Partial<JournalChoice>) => void;
  /** Undefined where the view cannot save files. */
  onExport: ExportJournal | undefined;
  /** Whether there is anything to export. */
  hasRows: boolean;
}

/** Search, filter and export, and how far an export is: told page by page, so the list below must not be drawn for it. */
export function JournalHead({ choice, onChange, onExport, hasRows }: JournalHeadProps) {
  const { t } = useWords();
  const exporting = useJournalExport(onExport);

  function change(patch: Partial<JournalChoice>): void {
    // What was said of an export was about another choice.
    exporting?.end();
    onChange(patch);
  }

  return (
    <>
      <div class="journal__head">
        <label class="journal-search">
          <span class="unseen">{t('journal_search')}</span>
          <Icon name="search" />
          <input
            class="input journal-search__input"
            type="search"
            autocomplete="off"
            spellcheck={false}
            maxLength={128}
            placeholder={t('journal_search')}
            value={choice.text}
            onInput={(event) => change({ text: event.currentTarget.value })}
          />
        </label>
        <button
          type="button"
          class="journal__missed"
          aria-pressed={choice.shows === 'missed'}
          onClick={() => change({ shows: choice.shows === 'missed' ? 'all' : 'missed' })}
        >
          {t('journal_filter_missed')}
        </button>
        {exporting && (
          <Button
            kind="ghost"
            shows="icon"
            icon="save"
            label={t('export_action')}
            isDisabled={!hasRows || exporting.phase.type === 'running'}
            onClick={() => exporting.start(filterOf(choice))}
          />
        )}
      </div>
      {exporting && exporting.phase.type !== 'idle' && <ExportState exporting={exporting} />}
    </>
  );
}

function ExportState({ exporting }: { exporting: JournalExport }) {
  const words = useWords();
  const { t, plural } = words;
  const { phase, end } = exporting;
  if (phase.type === 'idle') return null;
  const isRunning = phase.type === 'running';
  return (
    <div class="journal__export small">
      {isRunning && <span class="muted">{plural('export_progress', phase.count)}</span>}
      {phase.type === 'saved' && (
        <Note kind="done" text={`${plural('export_done', phase.count)} · ${phase.fileName}`} />
      )}
      {phase.type === 'failed' && <Note kind="error" text={`${t('export_failed')} ${words.error(phase.code)}`} />}
      {isRunning ? (
        <Button label={t('action_cancel')} onClick={end} />
      ) : (
        <Button kind="ghost" shows="icon" icon="cross" label={t('action_dismiss')} onClick={end} />
      )}
    </div>
  );
}
