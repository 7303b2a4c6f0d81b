// The real texts of both languages for tests and pictures, read the way a browser reads them.
import { createT, type GetMessage, type T } from '#lib/i18n.ts';
import { createWords, type Words } from '#lib/words.ts';
import de from '../../public/_locales/de/messages.json' with { type: 'json' };
import en from '../../public/_locales/en/messages.json' with { type: 'json' };

interface Entry {
  message: string;
  placeholders?: Readonly<Record<string, { content: string }>>;
}

export type Language = 'en' | 'de';

/** All texts of a language by key. */
export const MESSAGES: Record<Language, Readonly<Record<string, Entry>>> = { en, de };

/** A stand-in for `chrome.i18n.getMessage`: placeholders are replaced once, what is filled in is not looked at again. */
export function readerOf(language: Language): GetMessage {
  return (key, substitutions) => {
    const entry = MESSAGES[language][key];
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
  return createWords({ t: tOf(language), country: 'DE', region: language === 'de' ? 'de-DE' : 'en-GB' });
}
