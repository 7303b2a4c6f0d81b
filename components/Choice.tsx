// One of several, with its label above and what it means below.
import { useId } from 'preact/hooks';
import { useWords } from './words.ts';

export interface ChoiceProps<Value extends string> {
  label: string;
  hint?: string | undefined;
  value: Value;
  options: readonly { value: Value; name: string }[];
  /** The company decided: shown, but not to be changed. */
  isLocked?: boolean;
  onChoose: (value: Value) => void;
}

/** A list to choose from; it takes effect at once. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, value, options, isLocked = false, onChoose } = props;
  const { t } = useWords();
  const id = useId();
  const hint = isLocked ? t('options_locked') : props.hint;
  return (
    <div class="field">
      <label class="field__label" for={id}>
        {label}
      </label>
      <select
        id={id}
        class="input options__choice"
        disabled={isLocked}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.currentTarget.value);
          if (chosen) onChoose(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.name}
          </option>
        ))}
      </select>
      {hint !== undefined && (
        <p class="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
