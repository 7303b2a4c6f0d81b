// The list below the dial field: who might be meant, each with the number that would be called.
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';
import { type Age, LinePill } from './StatePill.tsx';
import type { Suggestion, Suggestions } from './use-suggestions.ts';
import { useWords } from './words.ts';

export interface SuggestionListProps {
  id: string;
  suggestions: Suggestions;
  age: Age;
  /** A click chooses; what is chosen is called from the field. */
  onPick: (suggestion: Suggestion) => void;
}

/** The id of an option's element, for `aria-activedescendant`. */
export function optionId(listId: string, { options }: Suggestions, key: string): string {
  return `${listId}-${options.findIndex((option) => option.key === key)}`;
}

/** A listbox; the focus stays in the field. */
export function SuggestionList({ id, suggestions, age, onPick }: SuggestionListProps) {
  const { t } = useWords();
  const list = useRef<HTMLDivElement>(null);
  const { options, highlighted } = suggestions;
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView?.({ block: 'nearest' });
  }, [highlighted?.key]);
  return (
    <div class="suggestions" role="listbox" id={id} aria-label={t('dial_suggestions')} ref={list}>
      {options.map((option) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys, as the combobox pattern says
        // biome-ignore lint/a11y/useFocusableInteractive: named by the field's aria-activedescendant
        <div
          key={option.key}
          role="option"
          class="suggestion"
          id={optionId(id, suggestions, option.key)}
          aria-selected={option.key === highlighted?.key}
          // The field keeps the focus, and with it the list stays open.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => suggestions.hasStood(option.key) && onPick(option)}
        >
          <Icon name={option.held ? 'people' : 'person'} />
          <span class="suggestion__who">
            <span class="one-line" title={option.name}>
              <bdi>{option.name}</bdi>
            </span>
            {option.company !== undefined && (
              <span class="one-line small muted" title={option.company}>
                <bdi>{option.company}</bdi>
              </span>
            )}
          </span>
          <Where suggestion={option} age={age} />
        </div>
      ))}
    </div>
  );
}

function Where({ suggestion: { number, label, held }, age }: { suggestion: Suggestion; age: Age }) {
  const words = useWords();
  if (held) {
    return (
      <span class="suggestion__where suggestion__where--line">
        <LinePill line={held.line} age={age} />
        <span class="suggestion__number">{held.line.extension}</span>
      </span>
    );
  }
  return (
    <span class="suggestion__where">
      <span class="suggestion__number">{words.number(number, { isKnown: true })}</span>
      {label !== undefined && (
        <span class="one-line small muted">
          <bdi>{label}</bdi>
        </span>
      )}
    </span>
  );
}
