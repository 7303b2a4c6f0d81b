// Says "Saved" beside the heading of what was just changed, and only once it is.
import { useState } from 'preact/hooks';
import { useWords } from './words.ts';

/** Wraps a change so that it is acknowledged; `word` stands where the acknowledgement is to be read. */
export function useSaved<Change>(onChange: (change: Change) => Promise<void>) {
  const { t } = useWords();
  const [saves, setSaves] = useState(0);
  return {
    async change(change: Change): Promise<void> {
      await onChange(change);
      setSaves((count) => count + 1);
    },
    word: (
      <span class="options__saved small" role="status">
        {saves > 0 && (
          <span class="options__saved-word" key={saves}>
            {t('options_saved')}
          </span>
        )}
      </span>
    ),
  };
}
