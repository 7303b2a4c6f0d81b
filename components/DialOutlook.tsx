// What will happen on Enter, or why nothing will; before all else that a call may be under way already.
import type { Line, NumberType } from '@offhook/protocol';
import { ConfirmQuestion } from './ConfirmQuestion.tsx';
import { type DiallerState, isNumberLike } from './dialler.ts';
import { Note } from './Note.tsx';
import { numberTypeText } from './number-type-text.ts';
import type { Suggestion } from './use-suggestions.ts';
import { useWords } from './words.ts';

export interface DialOutlookProps {
  state: DiallerState;
  line: Line | undefined;
  /** Whom the number belongs to, where a suggestion is chosen. */
  chosen: Suggestion | undefined;
  obstacle: string | undefined;
  /** `card`: it is a button that calls, and Enter is not spoken of. */
  place?: 'field' | 'card';
  onConfirm: () => void;
  onCancel: () => void;
}

/** One or two lines of words below the field. */
export function DialOutlook(props: DialOutlookProps) {
  const { state, line, chosen, obstacle, place = 'field', onConfirm, onCancel } = props;
  const words = useWords();
  const { t } = words;
  const { text, phase, preview, result, confirm } = state;
  if (result?.type === 'unknown') return <Note kind="error" text={words.error('outcome-unknown')} />;
  if (obstacle !== undefined) return <Note kind="quiet" text={obstacle} />;
  if (phase === 'calling') return <Note kind="quiet" text={t('dial_calling')} />;
  if (confirm !== undefined) {
    return (
      <ConfirmQuestion
        params={result?.type === 'failed' ? result.params : undefined}
        action={t('dial_confirm_action')}
        {...{ onConfirm, onCancel }}
      />
    );
  }
  if (result?.type === 'failed') return <Note kind="error" text={words.error(result.code, result.params)} />;
  if (phase === 'checking') return <p class="note patient">{t('dial_checking')}</p>;
  if (phase === 'idle' || !preview) {
    return <p class="note">{isName(text) ? t('dial_hint_name') : t('dial_hint')}</p>;
  }
  const isRefused = preview.decision === 'refused' || preview.dialled === undefined;
  if (isRefused) return <Note kind="quiet" text={words.error(preview.code ?? 'number-invalid', preview.params)} />;
  const digits = preview.dialled ?? '';
  const named = { digits, line: line?.extension ?? '' };
  const sentence = place === 'card' ? t('confirm_will_dial', named) : t('dial_preview', named);
  return <WillDial {...{ digits, sentence, line, chosen }} numberType={preview.numberType} />;
}

function isName(text: string): boolean {
  return text.trim() !== '' && !isNumberLike(text);
}

function WillDial({
  digits,
  sentence,
  numberType,
  line,
  chosen,
}: {
  digits: string;
  sentence: string;
  numberType: NumberType | undefined;
  line: Line | undefined;
  chosen: Suggestion | undefined;
}) {
  const { t } = useWords();
  const [before = '', ...after] = sentence.split(digits);
  const who = [numberTypeText(numberType, t), chosen?.name, chosen?.label, line?.device].filter(
    (part) => part !== undefined,
  );
  return (
    <div role="status">
      <p class="note">
        <span>
          {before}
          <b class="dial__digits">{digits}</b>
          {after.join(digits)}
        </span>
      </p>
      <p class="dial__who small muted one-line" title={who.join(' · ')}>
        {who.map((part, index) => (
          <span key={part}>
            {index > 0 && ' · '}
            <bdi>{part}</bdi>
          </span>
        ))}
      </p>
    </div>
  );
}
