// The real texts of every language for tests and pictures, read the way a browser reads them. A language is a folder of
// public/_locales: one that is added there is found here.
import { createT, type GetMessage, type T } from '#lib/i18n.ts';
import { createWords, type Words } from '#lib/words.ts';

interface Entry {
  message: string;
  placeholders?: Readonly<Record<string, { content: string }>>;
}

type Messages = Readonly<Record<string, Entry>>;

const FILES: Record<string, Messages> = import.meta.glob('../../public/_locales/*/messages.json', {
  eager: true,
  import: 'default',
});

/** All texts by language and key; `en` is the one that the others follow. */
export const MESSAGES: Readonly<Record<string, Messages>> & { en: Messages } = {
  en: {},
  ...Object.fromEntries(Object.entries(FILES).map(([path, messages]) => [path.split('/').at(-2) ?? '', messages])),
};

/** The folder's name of a language in public/_locales, `'de'`. */
export type Language = string;

/** A stand-in for `chrome.i18n.getMessage`: placeholders are replaced once, what is filled in is not looked at again. */
export function readerOf(language: Language): GetMessage {
  return (key, substitutions) => {
    const entry = MESSAGES[language]?.[key];
    if (!entry) return '';
    return entry.message.replace(/\$([A-Z]+)\$/g, (_all, name: string) => {
      const position = Number(entry.placeholders?.[name.toLowerCase()]?.content.slice(1));
      return substitutions[position - 1] ?? '';
    });
  };
}

/** `t` in a language. */
export function tOf(language: Language): T {
  return createT(readerOf(language));
}

/** The words of an agent in Germany. */
export function wordsOf(language: Language): Words {
  return createWords({ t: tOf(language), country: 'DE', region: language === 'en' ? 'en-GB' : `${language}-DE` });
}
