// The word that ends before an offset, as people write it (`Kd.-Nr.`, `Tel./Fax`, `Varenr.`), and what it says of the
// digits behind it. One word at a time: what several words say together is put together in evidence.ts.
import { codeAt, isDigit, isLetter } from './characters.ts';
import { plainWord } from './spelling.ts';
import type { Word, Words } from './words.ts';

const REACH = 44;
const NOUNS = new Set('number nummer numero número numéro cislo szam numeris numurs'.split(' ').map(plainWord));
const ABBREVIATIONS = new Set('nr num n č br št'.split(' '));
const NUMBER_ENDS =
  /(?:nummern?|nrn?|numbers?|no|numer[oi]?|zahl|code|zeichen|ids?|kennung|key|schlussel|r[eé][fk]|rif|\bn)$/;
const COMPOUND_ENDS = new RegExp(
  '(?:nummer|nr|kod|code|kennung|zeichen|nommer|number|numero|tunnus|koodi|szam|azonosito|numurs|番号|編號|编号|号码|號碼|号|號|번호)$'.normalize(
    'NFD',
  ),
);
const KEY_ENDS = /[a-z](?:Ids?|IDs?|No|Nr|Num|Number|Code|Refs?|Key|Token|Hash)$/;
const LONGEST_LAST = 5;
const KLAPPE: Word = { kind: 'extension', reason: '' };
const ENDS_PHRASE: Word = { kind: 'filler', reason: 'phrase' };
const CONNECTORS = new Set('u und and et e y en i og och or oder ou o lub of eller'.split(' '));

/** What the token that begins at `start` says, as a whole, with the words before it, or by its telling part. */
export function wordOf(text: string, start: number, token: string, words: Words): Word | undefined {
  // Austrian "Kl." (Klappe); in the north `kl.` is a time.
  if (token === 'Kl') return KLAPPE;
  const alone = words.remembered(token, wordAlone);
  if (alone !== ENDS_PHRASE) return alone;
  const plain = plainWord(token);
  return wordOrPart(token, phraseAt(text, start, plain, words) ?? words.labelOf(plain, '', ''), words);
}

// What the token says wherever it stands; not that of one that words before it may be a phrase with.
function wordAlone(token: string, words: Words): Word | undefined {
  const plain = plainWord(token);
  return words.endsPhrase(plain) ? ENDS_PHRASE : wordOrPart(token, words.labelOf(plain, '', ''), words);
}

function wordOrPart(token: string, known: Word | undefined, words: Words): Word | undefined {
  // A `Mieter-Tel.` is a phone.
  const tail = token.lastIndexOf('-');
  if (tail > 0 && known?.kind === 'negative') {
    const last = words.labelOf(plainWord(token.slice(tail + 1)), '', '');
    if (last?.kind === 'phone' || last?.kind === 'fax') return last;
  }
  // `Telefon/Telefax` is both; a `Kontakt-ID` is an id.
  const isWhole = known && !(known.kind === 'fax' && /[/&+]/.test(token));
  if (isWhole && !(known.kind === 'hint' && token.includes('-') && isNumberCompound(token))) return known;
  const numbered = numberWord(token, words);
  if (numbered) return numbered;
  const parts = token.split(/[./&+'’-]+/).filter((part) => part !== '');
  if (parts.length < 2) return known ?? keyWord(token, words) ?? lastWord(token, words);
  const best = bestPart(
    token,
    parts.map((part) => words.labelOf(plainWord(part), '', '')),
  );
  return best ?? known;
}

// What the word says together with one or two words before it.
function phraseAt(text: string, start: number, plain: string, words: Words): Word | undefined {
  const before = previousWord(text, start);
  const beforeThat = before.start > 0 ? previousWord(text, before.start).word : '';
  return words.labelOf(plain, before.word, beforeThat);
}

/** Where the word begins that ends before `end`: letters, with signs between them; not before `low`. */
export function wordStart(text: string, end: number, low: number): number {
  let start = end;
  while (start > low) {
    if (isLetter(codeAt(text, start - 1))) start -= 1;
    else if (isJoint(text, start - 1, low)) start -= 1;
    else break;
  }
  return start;
}

/** Whether the token is a sign for "number": `Nr.`, `No.`; without its dot, `no` is a word of many languages. */
export function isNumberWord(text: string, token: string, start: number): boolean {
  const plain = plainWord(token);
  // At the end of a column's head, too: `Job no`.
  if (plain === 'no') return '.:'.includes(text.charAt(start + token.length));
  return ABBREVIATIONS.has(plain);
}

/** Whether the token is the word "number" itself. */
export function isNumberNoun(token: string): boolean {
  return NOUNS.has(plainWord(token));
}

/** Whether a phone word stands with the fax word at `faxStart`: `Tel./Fax`, `Phone & fax`, `tel. fax` are one number. */
export function isPairedWithPhone(text: string, faxStart: number, words: Words): boolean {
  let at = faxStart - 1;
  while (at >= 0 && ' /&+-.,'.includes(text.charAt(at))) at -= 1;
  if (at < 0 || !isLetter(codeAt(text, at))) return false;
  const start = wordStart(text, at + 1, Math.max(0, at - REACH));
  const token = text.slice(start, at + 1);
  if (CONNECTORS.has(token.toLowerCase())) return isPairedAcross(text, start, words);
  return words.labelOf(plainWord(token), '', '')?.kind === 'phone' || token === 'T';
}

function isPairedAcross(text: string, connectorStart: number, words: Words): boolean {
  let at = connectorStart - 1;
  while (at >= 0 && ' .'.includes(text.charAt(at))) at -= 1;
  const start = wordStart(text, at + 1, Math.max(0, at - REACH));
  return words.labelOf(plainWord(text.slice(start, at + 1)), '', '')?.kind === 'phone';
}

// "Varenr.", "V-nummer": a number of something; of a person's or an office's phone where its beginning says so.
function numberWord(token: string, words: Words): Word | undefined {
  const plain = plainWord(token);
  const end = COMPOUND_ENDS.exec(plain)?.index ?? 0;
  if (end < 1) return undefined;
  const head = words.labelOf(plain.slice(0, end), '', '')?.kind;
  if (head === 'fax' || head === 'extension') return { kind: head, reason: '' };
  return { kind: head === 'phone' ? head : 'negative', reason: 'number' };
}

// Scripts that write no spaces between words: `发我手机`, `ติดต่อโทร`.
function lastWord(token: string, words: Words): Word | undefined {
  const code = codeAt(token, token.length - 1);
  if (!(code >= 0x3040 && code < 0xa000) && !(code >= 0xe00 && code < 0xe80)) return undefined;
  for (let length = Math.min(LONGEST_LAST, token.length - 1); length > 1; length -= 1) {
    const word = words.labelOf(token.slice(-length), '', '');
    if (word) return word;
  }
  // `联系人王样本`: a name behind it.
  for (let length = Math.min(LONGEST_LAST, token.length - 1); length > 1; length -= 1) {
    const word = words.labelOf(token.slice(0, length), '', '');
    if (word) return word;
  }
  return undefined;
}

// A name that a program gave: `parcelId`, `refNo`, but `mobileNo`.
function keyWord(token: string, words: Words): Word | undefined {
  const end = KEY_ENDS.exec(token)?.index ?? 0;
  if (end < 1) return undefined;
  const head = words.labelOf(plainWord(token.slice(0, end + 1).replace(/^.*[a-z](?=[A-Z])/, '')), '', '');
  return head && (head.kind === 'phone' || head.kind === 'fax') ? head : { kind: 'negative', reason: 'number' };
}

// `tel/fax` is a phone; otherwise the end of a compound says what it is: an order-hotline is a hotline.
function bestPart(token: string, parts: readonly (Word | undefined)[]): Word | undefined {
  const isPhone = /[/&+]/.test(token) ? parts.find((part) => part?.kind === 'phone') : undefined;
  return isPhone ?? parts.findLast((part) => part && part.kind !== 'filler') ?? parts.findLast((part) => part);
}

function previousWord(text: string, start: number): { word: string; start: number } {
  let end = start;
  while (end > 0 && start - end < 3 && !isLetter(codeAt(text, end - 1))) {
    const code = codeAt(text, end - 1);
    if (isDigit(code) || code === 0x0a || code === 0x2c) return { word: '', start: 0 };
    end -= 1;
  }
  const from = wordStart(text, end, Math.max(0, end - REACH));
  return { word: plainWord(text.slice(from, end)), start: from };
}

// `.-/'’&` between letters, also a dot and a dash: `Kd.-Nr`.
function isJoint(text: string, at: number, low: number): boolean {
  const sign = text.charAt(at);
  if (at <= low || !".-/'’&".includes(sign)) return false;
  if (!isLetter(codeAt(text, at + 1)) && !(sign === '.' && '-/'.includes(text.charAt(at + 1)))) return false;
  const left = codeAt(text, at - 1);
  return isLetter(left) || (left === 0x2e && at - 1 > low && isLetter(codeAt(text, at - 2)));
}

/** Whether the word ends in a word for "number" or an id: "Kundennummer", "kundenr". */
export function isNumberCompound(token: string): boolean {
  return NUMBER_ENDS.test(plainWord(token));
}
