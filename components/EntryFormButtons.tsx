// "Enter activity" and "Enter time": the ways from a call to the CRM's own forms, for those that the company has set up.
// That a form was opened is said, so that nobody books a call twice; that it was saved is never claimed.
import type { EntryForm, JournalEntry } from '@offhook/protocol';
import { useState } from 'preact/hooks';
import type { Desk, Send } from '#lib/messages.ts';
import { Button } from './Button.tsx';
import type { IconName } from './icons.tsx';
import { Note } from './Note.tsx';
import { useWords } from './words.ts';

const ICONS: Record<EntryForm, IconName> = { activity: 'entry', time: 'clock', contact: 'person' };

export interface EntryFormButtonsProps {
  desk: Desk;
  send: Send;
  entryId: string;
  /** The entry as it is shown; where it is left out, the worker has it. */
  entry?: JournalEntry;
  /** `icon`: for a row; what was opened is said elsewhere then. */
  shows: 'label' | 'icon';
  onOpen?: () => void;
  /** The one form that is offered; without it, those in which a call is booked. */
  only?: EntryForm;
}

/** The buttons for a call, or nothing where the company has no forms. */
export function EntryFormButtons({ desk, send, entryId, entry, shows, onOpen, only }: EntryFormButtonsProps) {
  const words = useWords();
  const [hasFailed, setHasFailed] = useState(false);
  const forms = formsOf(desk).filter((form) => (only === undefined ? form !== 'contact' : form === only));
  if (forms.length === 0) return null;

  async function open(form: EntryForm): Promise<void> {
    setHasFailed(false);
    onOpen?.();
    const answer = await send('open-entry-form', { form, entryId, entry }).catch(() => undefined);
    setHasFailed(answer?.type !== 'done');
  }

  return (
    <div class={`entry-forms entry-forms--${shows}`}>
      {forms.map((form) => (
        <Button
          key={form}
          kind={shows === 'icon' ? 'ghost' : 'plain'}
          icon={ICONS[form]}
          shows={shows}
          label={words.t(`entry_${form}`)}
          onClick={() => void open(form)}
        />
      ))}
      {hasFailed && <Note kind="error" text={words.t('entry_failed')} />}
      {shows === 'label' && only === undefined && <OpenedForms desk={desk} entryId={entryId} />}
    </div>
  );
}

/** Which forms were opened for a call here, and when; nothing where none was. */
export function OpenedForms({ desk, entryId }: Pick<EntryFormButtonsProps, 'desk' | 'entryId'>) {
  const words = useWords();
  const opened = openedOf(desk, entryId);
  if (opened.length === 0) return null;
  return (
    <span class="entry-forms__opened small muted">
      {opened.map(({ form, at }) => words.t(`entry_${form}_opened`, { time: words.clock(at) })).join(' · ')}
    </span>
  );
}

/** The forms that the company has, in the order in which they are offered. */
function formsOf({ phone }: Desk): EntryForm[] {
  const { activity, time, contact } = phone.entryForms ?? {};
  return [
    ...(activity === undefined ? [] : (['activity'] as const)),
    ...(time === undefined ? [] : (['time'] as const)),
    ...(contact === undefined ? [] : (['contact'] as const)),
  ];
}

function openedOf({ journal }: Desk, entryId: string) {
  return journal.openedForms?.filter((one) => one.entryId === entryId) ?? [];
}
