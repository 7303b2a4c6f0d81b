// The extension's own words in the tour's language, so that the tour presses buttons by the names that agents read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageKey } from '#lib/i18n.ts';
import { ROOT } from '../stage/stage.ts';

/** The text of a key; `$NAME$` stays where a parameter would stand. */
export type TourWords = (key: MessageKey) => string;

/** The words of a language that has a folder in public/_locales. */
export function tourWords(language: string): TourWords {
  const file = join(ROOT, 'public', '_locales', language, 'messages.json');
  // Our own file, whose form a test checks.
  const messages = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { message: string }>;
  return (key) => messages[key]?.message ?? key;
}
