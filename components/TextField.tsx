// One line of text with its label, and a hint below where one is needed.
import { useId } from 'preact/hooks';

export interface TextFieldProps {
  label: string;
  hint?: string;
  placeholder?: string;
  value: string;
  hasFault?: boolean;
  onInput: (text: string) => void;
}

/** A labelled field; nothing in it is remembered by the browser. */
export function TextField({ label, hint, placeholder, value, hasFault = false, onInput }: TextFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label class="field__label" for={id}>
        {label}
      </label>
      <input
        id={id}
        class="input"
        type="text"
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder}
        value={value}
        aria-invalid={hasFault}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {hint !== undefined && (
        <p class="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
