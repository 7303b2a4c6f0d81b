// The relay wants something confirmed before it is done: the question stands where the order was given. Cancel has the
// focus and Escape is Cancel, so that a key that was pressed for something else confirms nothing.
import type { Params } from '@offhook/protocol';
import { useEffect, useRef } from 'preact/hooks';
import type { Words } from '#lib/words.ts';
import { Button } from './Button.tsx';
import { Note } from './Note.tsx';
import { useWords } from './words.ts';

export interface ConfirmQuestionProps {
  /** What the relay asks about: the parameters of its `confirmation-needed`. */
  params: Params | undefined;
  /** What the button does, where the number does not say it better. */
  action: string;
  onConfirm: () => void;
  onCancel: () => void;
}

/** One sentence, Cancel, and a button that says what it does. */
export function ConfirmQuestion({ params, action, onConfirm, onCancel }: ConfirmQuestionProps) {
  const words = useWords();
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  const number = numberIn(params);
  return (
    <fieldset
      class="confirm-question"
      aria-label={words.t('confirm_label')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onCancel();
      }}
    >
      <Note kind="error" text={confirmText(params, words)} />
      <span class="confirm-question__actions">
        <Button label={words.t('action_cancel')} buttonRef={cancel} onClick={onCancel} />
        <Button
          kind="danger"
          label={number === undefined ? action : words.t('confirm_call_number', { number })}
          onClick={onConfirm}
        />
      </span>
    </fieldset>
  );
}

/** What the relay wants to have confirmed, in words. */
function confirmText(params: Params | undefined, words: Pick<Words, 't' | 'country' | 'error'>): string {
  const { t } = words;
  const number = numberIn(params);
  const country = params?.['country'];
  if (number !== undefined)
    return t(params?.['reason'] === 'emergency' ? 'confirm_emergency' : 'confirm_service', { number });
  if (params?.['reason'] === 'do-not-call') return t('confirm_do_not_call');
  // A calling code of no country has no name.
  if (typeof country === 'string' && /^[A-Z]{2}$/.test(country)) {
    return t('confirm_country', { country: words.country(country) });
  }
  return typeof country === 'string' ? t('confirm_country', { country }) : words.error('confirmation-needed');
}

// It came over the wire: nothing but digits is drawn as a number.
function numberIn(params: Params | undefined): string | undefined {
  const number = params?.['number'];
  return typeof number === 'string' && /^[0-9]{2,8}$/.test(number) ? number : undefined;
}
