// A stream of text → one vCard after the other, with its line. Never holds more than one card, and of that neither photos,
// sounds and keys nor cards within cards: a file of 50 MB is mostly pictures.
import { ContactsError } from './source.ts';

/** One card as it was written, its lines unfolded; `line` is where it begins, from 1. */
export interface CardText {
  line: number;
  lines: string[];
}

export interface CardLimits {
  /** Of an unfolded line. */
  maxFieldLength: number;
  /** Lines of a card. */
  maxFields: number;
  maxCards: number;
  /** For words about faults: the file, or the address. */
  from: string;
}

const DROPPED = /^(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY|X-[\w-]*(?:PHOTO|IMAGE|CERT)[\w-]*)[;:]/i;
const MOST_DEPTH = 8;

/** The cards of a text that comes in pieces. Throws ContactsError with the line for what is no vCard. */
export async function* cardsIn(chunks: AsyncIterable<string>, limits: CardLimits): AsyncIterable<CardText> {
  const collector = cardCollector(limits);
  for await (const { text, line } of unfolded(chunks, limits)) {
    const card = collector.take(text, line);
    if (card) yield card;
  }
  collector.end();
}

function cardCollector({ from, maxFields, maxCards }: CardLimits) {
  let card: CardText | undefined;
  let depth = 0;
  let count = 0;
  const fail = (line: number, why: string) => new ContactsError(`${from}:${line}: ${why}`, { line });

  function begin(line: number): void {
    depth += 1;
    if (depth > MOST_DEPTH) throw fail(line, `cards within cards, more than ${MOST_DEPTH} deep`);
    if (depth > 1) return;
    count += 1;
    if (count > maxCards) throw fail(line, `more than ${maxCards} cards: split the file, or raise limits.maxRows`);
    card = { line, lines: [] };
  }

  return {
    /** Takes one unfolded line; answers a card with its last one. */
    take(text: string, line: number): CardText | undefined {
      const upper = text.slice(0, 12).trim().toUpperCase();
      if (upper === 'BEGIN:VCARD') begin(line);
      else if (card === undefined && text.trim() !== '')
        throw fail(line, 'is no vCard: it should begin with BEGIN:VCARD');
      if (!card) return undefined;
      if (upper === 'END:VCARD') {
        depth -= 1;
        if (depth > 0) return undefined;
        const whole = { ...card, lines: [...card.lines, 'END:VCARD'] };
        card = undefined;
        return whole;
      }
      if (depth > 1 || text.trim() === '' || DROPPED.test(text)) return undefined;
      if (card.lines.length >= maxFields) throw fail(line, `a card with more than ${maxFields} lines`);
      card.lines.push(text);
      return undefined;
    },
    end() {
      if (card) throw fail(card.line, 'a card begins here and never ends');
    },
  };
}

interface Line {
  text: string;
  line: number;
}

// A line that begins with a blank goes on with the one before. vCard 2.1 goes on after `=` at the end of a line of
// quoted-printable text instead.
async function* unfolded(chunks: AsyncIterable<string>, limits: CardLimits): AsyncIterable<Line> {
  let whole: Line | undefined;
  for await (const { text, line } of linesIn(chunks, limits)) {
    const isMore = whole !== undefined && /^[ \t]/.test(text);
    const isSoft =
      whole !== undefined && /;(?:ENCODING=)?QUOTED-PRINTABLE[;:]/i.test(whole.text) && whole.text.endsWith('=');
    if (whole && (isMore || isSoft)) {
      if (DROPPED.test(whole.text)) continue;
      whole.text = isSoft ? whole.text.slice(0, -1) + text : whole.text + text.slice(1);
      checkLength(whole, limits);
      continue;
    }
    if (whole) yield whole;
    whole = { text, line };
  }
  if (whole) yield whole;
}

function checkLength({ text, line }: Line, { from, maxFieldLength }: CardLimits): void {
  if (text.length <= maxFieldLength || DROPPED.test(text)) return;
  throw new ContactsError(`${from}:${line}: a line longer than ${maxFieldLength} characters`, { line });
}

// Lines as they stand. Of a photo in one line, however long, the beginning is kept alone.
async function* linesIn(chunks: AsyncIterable<string>, limits: CardLimits): AsyncIterable<Line> {
  let rest = '';
  let line = 1;
  let isFirst = true;
  for await (const chunk of chunks) {
    const parts = (rest + (isFirst ? chunk.replace(/^\ufeff/, '') : chunk)).split('\n');
    isFirst = false;
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const text = part.replace(/\r$/, '');
      checkLength({ text, line }, limits);
      yield { text, line };
      line += 1;
    }
    if (rest.length > limits.maxFieldLength) {
      // The second half of a photo is a part of it.
      if (!DROPPED.test(rest) && !/^[ \t]/.test(rest)) checkLength({ text: rest, line }, limits);
      rest = rest.slice(0, limits.maxFieldLength);
    }
  }
  if (rest !== '') yield { text: rest.replace(/\r$/, ''), line };
}
