// The spelling in which words are looked up: what differs between pages and says nothing (case, dots, dashes, accents) is
// left out. The generator of the label tables spells them alike.

const NOT_PLAIN = /[^a-z ]/;
const MARKS = /[\u0300-\u036f]/g;
const SIGNS = /[.:'’/&+°ºª#-]/g;
// Short words differ by an accent only: `nå` and `na`.
const LONGEST_SHORT = 3;

/** Lower case, without dots and dashes; words of more than three letters also without accents. */
export function plainWord(text: string): string {
  const lower = text.toLowerCase();
  if (!NOT_PLAIN.test(lower)) return lower;
  const plain = lower.replace(SIGNS, '').trim();
  if (plain.length <= LONGEST_SHORT) return plain;
  return plain.normalize('NFD').replace(MARKS, '').replaceAll('ß', 'ss').replaceAll('ł', 'l').replaceAll('ø', 'o');
}
