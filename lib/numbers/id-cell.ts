// Cells that hold an id: a word, a sign that ties it to its digits, digits, and nothing else (`PO-01234567`, `RE/2026001`).
// Every long table has a column of them. The long way refuses them, too (a test asks both), but asks far more.
import { isNumberWord, wordOf } from './label-word.ts';
import type { Words } from './words.ts';

const ID = /^[A-Za-z]{2,14}[-/.][0-9]{6,}$/;
const LETTERS = /^[A-Za-z]+/;

/** Whether the text is an id, and its word none that names a phone. */
export function isIdCell(text: string, words: () => Words): boolean {
  if (!ID.test(text)) return false;
  const token = LETTERS.exec(text)?.[0] ?? '';
  if (isNumberWord(text, token, 0)) return true;
  const kind = wordOf(text, 0, token, words())?.kind;
  return kind !== 'phone' && kind !== 'fax' && kind !== 'extension';
}
