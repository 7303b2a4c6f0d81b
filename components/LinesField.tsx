// A list that is written one entry a line. It is taken over when the field is left, and only as a whole: a faulty line is
// named and nothing is lost meanwhile.
import { useEffect, useId, useState } from 'preact/hooks';
import { Note } from './Note.tsx';
import { useWords } from './words.ts';

export interface LinesFieldProps {
  label: string;
  hint: string;
  lines: readonly string[];
  mostCharacters: number;
  /** Whether an entry can be used; left out: every one can. */
  isGood?: (line: string) => boolean;
  /** Says what is wrong with an entry that cannot. */
  fault?: (line: string) => string;
  onChange: (lines: string[]) => void;
}

const MOST_LINES = 100;

/** A field of several lines. */
export function LinesField({ label, hint, lines, mostCharacters, isGood, fault, onChange }: LinesFieldProps) {
  const { t } = useWords();
  const id = useId();
  const stored = lines.join('\n');
  const [text, setText] = useState(stored);
  const [problem, setProblem] = useState<string>();
  // Changed elsewhere, or read from a file.
  useEffect(() => setText(stored), [stored]);

  function leave(): void {
    const written = [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
    const bad = written.find((line) => isGood?.(line) === false);
    const isTooMuch = written.length > MOST_LINES || written.some((line) => line.length > mostCharacters);
    const said = isTooMuch ? t('site_lines_too_many', { count: mostCharacters }) : bad && fault?.(bad);
    setProblem(said);
    if (said === undefined && written.join('\n') !== stored) onChange(written);
  }

  return (
    <div class="field">
      <label class="field__label" for={id}>
        {label}
      </label>
      <textarea
        id={id}
        class="input lines-field"
        rows={Math.min(6, Math.max(1, text.split('\n').length))}
        autocomplete="off"
        spellcheck={false}
        value={text}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-hint`}
        onInput={(event) => setText(event.currentTarget.value)}
        onBlur={leave}
      />
      <p class="field__hint" id={`${id}-hint`}>
        {hint}
      </p>
      {problem !== undefined && <Note kind="error" text={problem} />}
    </div>
  );
}
