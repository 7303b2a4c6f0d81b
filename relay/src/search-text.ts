// How what people type is compared with names and numbers: without regard to case and accents, digits without their blanks,
// slashes and leading zeros. Pure; it decides nothing about who may find what.

const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const PLAIN = /^[\u0000-\u007f]*$/;
// Letters that Unicode does not take apart.
const SPELLED: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
const UMLAUTS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue' };

/** Words as they are compared: `'Müller-Lüdenscheidt, Dr.'` is `'muller ludenscheidt dr'`. */
export function folded(text: string): string {
  // Most names are plain, and there are many of them.
  if (PLAIN.test(text))
    return text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => SPELLED[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** All ways to compare the words: with umlauts as `a` and, where there are any, as `ae`. */
export function spellings(text: string): string[] {
  const plain = folded(text);
  if (PLAIN.test(text)) return [plain];
  const lower = text.normalize('NFC').toLowerCase();
  const spelled = lower.replace(/[äöü]/g, (letter) => UMLAUTS[letter] ?? letter);
  return spelled === lower ? [plain] : [plain, folded(spelled)];
}

/**
 * The digits to look for in a full number, if the text is a part of a number in any spelling (`'(030) 231-25'`,
 * `'0049 30'`): without what stands for a country or an area. At least three, or undefined.
 */
export function searchedDigits(text: string): string | undefined {
  const clean = text.normalize('NFKC').replace(INVISIBLE, '');
  if (!/^[\s0-9()+./\u2010-\u2015-]+$/.test(clean)) return undefined;
  // `+49 (0) 30` is written for both who call from abroad and who do not.
  const digits = clean
    .replace(/\(0\)/g, '')
    .replace(/[^0-9]/g, '')
    .replace(/^0+/, '');
  return digits.length >= 3 ? digits : undefined;
}
