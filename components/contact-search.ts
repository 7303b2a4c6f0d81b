// Looks contacts up while a name or number is typed: one question after a pause, and only the answer to the text as it
// stands counts. What was found for a shorter text stays until then, so that the list does not flicker; it says for which
// text it was found, so that nobody takes it for what is typed now.
import type { FoundContact } from '@offhook/protocol';
import type { Requests } from '#lib/messages.ts';

type Answer = Requests['search']['answer'];

export interface ContactSearch {
  setText(text: string): void;
  close(): void;
}

/** What was found, and for which text. */
export interface FoundFor {
  /** As `searchedText` gives it. */
  text: string;
  matches: readonly FoundContact[];
}

export interface ContactSearchOptions {
  search(text: string): Promise<Answer>;
  onChange(found: FoundFor): void;
  debounceMs?: number;
}

// One letter matches half of the directory.
const MIN_LENGTH = 2;

/** A search without text. `onChange` hears each new result; after `close` nothing more. */
export function createContactSearch({ search, onChange, debounceMs = 150 }: ContactSearchOptions): ContactSearch {
  let text = '';
  let round = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(): Promise<void> {
    const asked = round;
    let matches: readonly FoundContact[] = [];
    try {
      const answer = await search(text);
      if (answer.type === 'found') ({ matches } = answer);
    } catch {
      // The worker was stopped on the way: nothing was found, and the next letter asks again.
    }
    if (asked === round) onChange({ text, matches });
  }

  return {
    setText(typed) {
      const next = searchedText(typed);
      if (next === text) return;
      if (text === '' || !next.startsWith(text)) onChange({ text: next, matches: [] });
      text = next;
      round += 1;
      clearTimeout(timer);
      if (text.length >= MIN_LENGTH) timer = setTimeout(() => void ask(), debounceMs);
    },
    close() {
      round += 1;
      clearTimeout(timer);
    },
  };
}

/** The part of what is typed that is searched for. */
export function searchedText(typed: string): string {
  return typed.trim().slice(0, 128);
}
