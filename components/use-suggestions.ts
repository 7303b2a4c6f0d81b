// Who might be meant by what is typed: colleagues at once, contacts when the relay has found them. What is highlighted
// stays highlighted while the list changes around it, and says since when it has been: nothing is dialled that has only
// just come under the key. What was found for another text is never highlighted by itself.
import type { FoundContact, PhoneNumber } from '@offhook/protocol';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Send } from '#lib/messages.ts';
import type { HeldLine } from '#lib/phone.ts';
import { type ContactSearch, createContactSearch, type FoundFor, searchedText } from './contact-search.ts';
import { isNumberLike, SEEN_MS } from './dialler.ts';
import { matchingLines, plainExtension } from './line-search.ts';

/** One number that could be called. */
export interface Suggestion {
  /** The same for the same number of the same person, whatever else is found. */
  key: string;
  name: string;
  company?: string | undefined;
  /** What the directory calls the number, `'Mobile'`. */
  label?: string | undefined;
  number: PhoneNumber;
  /** For a colleague: the line as it stands. */
  held?: HeldLine | undefined;
  /** Whether it was found for the text as it stands; what is left of a shorter one may be somebody else. */
  isMatch: boolean;
}

export interface Suggestions {
  options: readonly Suggestion[];
  /** Undefined while none is chosen. */
  highlighted: Suggestion | undefined;
  /** Moves by so many places; from none, to the first or last. */
  move(by: 1 | -1): void;
  highlight(key: string | undefined): void;
  /** Whether what is highlighted has been long enough to have been seen. */
  hasBeenSeen(): boolean;
  /** Whether this one has stood in its place long enough to have been aimed at. */
  hasStood(key: string): boolean;
}

const NOTHING_FOUND: FoundFor = { text: '', matches: [] };
const MOST_COLLEAGUES = 4;
const MOST_CONTACT_NUMBERS = 8;

export interface SuggestionsOptions {
  text: string;
  colleagues: readonly HeldLine[];
  send: Send;
  /** Nothing is looked for while nothing can be called. */
  isOn: boolean;
}

/** The suggestions for a text. */
export function useSuggestions({ text, colleagues, send, isOn }: SuggestionsOptions): Suggestions {
  const contacts = useContacts(isOn ? text : '', send);
  const options = useMemo(
    () => (isOn && text.trim() !== '' ? [...linesFor(text, colleagues), ...numbersOf(contacts, text)] : []),
    [isOn, text, colleagues, contacts],
  );
  const [chosen, setChosen] = useState<{ key: string | undefined; text: string }>();
  // A choice holds for the text that it was made for. A name alone cannot be dialled, so the first that has it is offered.
  const isChosen = chosen?.text === text && (chosen.key === undefined || options.some(({ key }) => key === chosen.key));
  const first = isNumberLike(text) ? undefined : options.find(({ isMatch }) => isMatch);
  const highlighted = isChosen ? options.find(({ key }) => key === chosen.key) : first;
  const since = useSince(options, highlighted?.key);

  function highlight(key: string | undefined): void {
    setChosen({ key, text });
  }
  return {
    options,
    highlighted,
    highlight,
    move(by) {
      const at = options.findIndex(({ key }) => key === highlighted?.key);
      const from = at === -1 && by === -1 ? 0 : at;
      highlight(options[(from + by + options.length) % Math.max(1, options.length)]?.key);
    },
    hasBeenSeen: () => highlighted !== undefined && performance.now() - since.highlighted.at >= SEEN_MS,
    hasStood: (key) => performance.now() - (since.places.get(key)?.at ?? Number.POSITIVE_INFINITY) >= SEEN_MS,
  };
}

interface Since {
  highlighted: { key: string | undefined; at: number };
  places: Map<string, { index: number; at: number }>;
}

// Since when each option stands where it stands, and what is highlighted is.
function useSince(options: readonly Suggestion[], key: string | undefined): Since {
  const since = useRef<Since>({ highlighted: { key: undefined, at: 0 }, places: new Map() });
  const now = performance.now();
  if (since.current.highlighted.key !== key) since.current.highlighted = { key, at: now };
  const before = since.current.places;
  since.current.places = new Map(
    options.map((option, index) => {
      const place = before.get(option.key);
      return [option.key, place?.index === index ? place : { index, at: now }];
    }),
  );
  return since.current;
}

function useContacts(text: string, send: Send): FoundFor {
  const [found, setFound] = useState<FoundFor>(NOTHING_FOUND);
  // The search outlives renders, `send` may not.
  const latestSend = useRef(send);
  latestSend.current = send;
  const kept = useRef<ContactSearch | undefined>(undefined);
  kept.current ??= createContactSearch({
    search: (asked) => latestSend.current('search', { text: asked }),
    onChange: setFound,
  });
  const search = kept.current;
  useEffect(() => search.setText(text), [search, text]);
  useEffect(() => () => search.close(), [search]);
  return found;
}

function linesFor(text: string, colleagues: readonly HeldLine[]): Suggestion[] {
  return matchingLines(colleagues, text)
    .flatMap((held): Suggestion[] => {
      const extension = plainExtension(held.line);
      if (extension === undefined) return [];
      const { lineId, name } = held.line;
      return [{ key: `line ${lineId}`, name, number: { kind: 'internal', number: extension }, held, isMatch: true }];
    })
    .slice(0, MOST_COLLEAGUES);
}

function numbersOf(found: FoundFor, text: string): Suggestion[] {
  const isAnswer = found.text === searchedText(text);
  return found.matches
    .flatMap(({ contact, numbers }) =>
      numbers
        .filter(({ number }) => number.kind === 'e164' || number.kind === 'internal')
        .map(({ number, label }, index) => ({
          key: `contact ${contact.contactId} ${index} ${JSON.stringify(number)}`,
          name: contact.name,
          company: contact.company,
          label,
          number,
          isMatch: isAnswer || isNamed(contact, text),
        })),
    )
    .slice(0, MOST_CONTACT_NUMBERS);
}

// Until the relay has answered: every word typed begins one of the name or the company. It knows more spellings than this.
function isNamed({ name, company = '' }: FoundContact['contact'], text: string): boolean {
  const named = wordsOf(`${name} ${company}`);
  return wordsOf(text).every((word) => named.some((one) => one.startsWith(word)));
}

function wordsOf(text: string): string[] {
  return text
    .toLocaleLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
