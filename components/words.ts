// Hands the words to every view without passing them through each one. Views never build their own.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Words } from '#lib/words.ts';

/** Where an entrypoint puts the words for the views below it. */
export const WordsContext = createContext<Words | undefined>(undefined);

/** The words of this view. */
export function useWords(): Words {
  const words = useContext(WordsContext);
  if (!words) throw new Error('WordsContext is missing above this view');
  return words;
}
