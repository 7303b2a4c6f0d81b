// The extension's words: t(key, params), typed by the English messages, which both languages share key by key. Works in
// pages, worker and content scripts through the browser's own i18n, and in tests and pictures through any other reader.
// Must never import the messages themselves: they would be in every content script.
import type messages from '../public/_locales/en/messages.json';

type Messages = typeof messages;

/** The key of a text in public/_locales. */
export type MessageKey = keyof Messages;

/** The parameters that a text needs, none for most. */
type ParamNames<Key extends MessageKey> = Messages[Key] extends { placeholders: infer Names } ? keyof Names : never;
type ParamsOf<Key extends MessageKey> = [ParamNames<Key>] extends [never]
  ? []
  : [params: Readonly<Record<ParamNames<Key>, string | number>>];

/** Answers the text of a key in the browser's language. What is filled in stays plain text. */
export type T = <Key extends MessageKey>(key: Key, ...params: ParamsOf<Key>) => string;

/** Keys without parameters: those that may be kept in tables. */
export type PlainKey = { [Key in MessageKey]: [ParamNames<Key>] extends [never] ? Key : never }[MessageKey];

/** Keys that exist as `…_one` and `…_other`. */
export type PluralKey = MessageKey extends infer Key ? (Key extends `${infer Base}_one` ? Base : never) : never;

/** Reads one text: the browser's `i18n.getMessage`, or a stand-in. Unknown keys give ''. */
export type GetMessage = (key: string, substitutions: string[]) => string;

/**
 * Makes a `t` of a reader. Placeholders are numbered in the alphabetical order of their names (a test checks it), so that
 * names can be used here without the messages being loaded. A key without text answers itself: visible, never empty.
 */
export function createT(getMessage: GetMessage): T {
  return (key, ...params) => {
    const values = Object.entries(params[0] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return (
      getMessage(
        key,
        values.map(([, value]) => String(value)),
      ) || key
    );
  };
}

/**
 * The text for a count, by the plural rules of the language in force: `…_one`, `…_few` and so on where the language's file
 * has them, else `…_other`.
 */
export function plural(t: T, key: PluralKey, count: number): string {
  // English has no keys for the forms of other languages: those are looked up by name.
  const read = t as (key: string, params: { count: number }) => string;
  const named = `${key}_${new Intl.PluralRules(t('locale')).select(count)}`;
  const text = read(named, { count });
  return text === named ? t(`${key}_other`, { count }) : text;
}

/** The browser's own texts, wherever this runs. */
export const t: T = createT((key, substitutions) => chrome.i18n.getMessage(key, substitutions));
