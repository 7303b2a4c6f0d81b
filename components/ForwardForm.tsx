// Sets where calls of an own line go, and when; or takes it back. The relay reads the number and may refuse it.
import type { Forward, Line, PhoneNumber } from '@offhook/protocol';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { looksDiallable } from './line-search.ts';
import { useWords } from './words.ts';

export interface ForwardFormProps {
  line: Line;
  isDisabled: boolean;
  /** `to: null` takes the forwarding back. */
  onSet: (forward: { when: Forward['when']; to: PhoneNumber | null }) => void;
  onClose: () => void;
}

const WHEN: readonly Forward['when'][] = ['all', 'busy', 'noAnswer'];

/** When, and to which number. */
export function ForwardForm({ line, isDisabled, onSet, onClose }: ForwardFormProps) {
  const { t } = useWords();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [when, setWhen] = useState<Forward['when']>(line.forward?.when ?? 'all');
  const [text, setText] = useState('');
  const [isFaulty, setFaulty] = useState(false);
  // It was opened to be filled in.
  useEffect(() => input.current?.focus(), []);

  function submit(): void {
    setFaulty(!looksDiallable(text));
    if (looksDiallable(text) && !isDisabled) onSet({ when, to: { kind: 'raw', text: text.trim() } });
  }

  return (
    <form
      class="forward"
      aria-label={t('own_forward')}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <label class="unseen" for={`${id}-when`}>
        {t('forward_when')}
      </label>
      <select
        id={`${id}-when`}
        class="input"
        onChange={(event) => setWhen(WHEN.find((one) => one === event.currentTarget.value) ?? 'all')}
      >
        {WHEN.map((one) => (
          <option key={one} value={one} selected={one === when}>
            {t(`forward_when_${one}`)}
          </option>
        ))}
      </select>
      <label class="unseen" for={id}>
        {t('forward_to')}
      </label>
      <input
        id={id}
        ref={input}
        class="input"
        type="text"
        inputMode="tel"
        autocomplete="off"
        maxLength={128}
        placeholder={t('forward_to')}
        value={text}
        aria-invalid={isFaulty}
        aria-describedby={isFaulty ? `${id}-fault` : undefined}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setFaulty(false);
        }}
      />
      {isFaulty && (
        <p class="note note--error forward__fault" id={`${id}-fault`} role="alert">
          {t('forward_fault')}
        </p>
      )}
      <div class="forward__actions">
        <Button type="submit" kind="primary" label={t('forward_set')} isDisabled={isDisabled} />
        {line.forward && (
          <Button
            label={t('forward_clear')}
            isDisabled={isDisabled}
            onClick={() => onSet({ when: line.forward?.when ?? 'all', to: null })}
          />
        )}
        <Button kind="ghost" label={t('action_cancel')} onClick={onClose} />
      </div>
    </form>
  );
}
