// A number as somebody wrote it into a record → numbers in E.164, and whether it should be written otherwise. A number is
// never guessed into the directory: what could be another one is proposed to people, and left out.
import type { Location } from '@offhook/protocol';
import { type ReadNumber, readNumberWhy } from '@offhook/protocol/number';
import { countryOf, numberTypeOf } from '@offhook/protocol/number-type';

/** One number of a cell with what is to be said about it. */
export interface WrittenNumber {
  text: string;
  verdict: 'good' | 'doubtful' | 'failed';
  number?: string;
  reason?: string;
  proposal?: string;
}

const LONGEST_TEXT = 256;
const MOST_PARTS = 16;
const CUT_OFF = /^[0-9]+[.,]?[0-9]*E\+?[0-9]+$/i;

/** The numbers in a text such as `'030 23125001 / 0171 3920001'`, one or more, each with what is to be said about it. */
export function writtenNumbers(text: string, location: Location): WrittenNumber[] {
  return partsOf(text, location).map(({ part, read }) =>
    read.number.kind === 'e164' ? judged(part, read, location) : failed(part, read, location),
  );
}

/** The same numbers alone, for whoever has no use for the words; several times as fast. */
export function numbersIn(text: string, location: Location): string[] {
  return partsOf(text, location).flatMap(({ read: { number } }) => (number.kind === 'e164' ? [number.number] : []));
}

function partsOf(text: string, location: Location): { part: string; read: ReadNumber }[] {
  const short = text.slice(0, LONGEST_TEXT).trim();
  const whole = readNumberWhy(short, location);
  // The comma in `4,93E+11` is none between two numbers.
  if (whole.number.kind === 'e164' || CUT_OFF.test(short)) return [{ part: short, read: whole }];
  const parts = short
    .split(/[;|,\n]|\s\/\s/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length < 2) return [{ part: short, read: whole }];
  return parts.slice(0, MOST_PARTS).map((part) => ({ part, read: readNumberWhy(part, location) }));
}

function judged(text: string, { number, reading }: ReadNumber, location: Location): WrittenNumber {
  if (number.kind !== 'e164') return { text, verdict: 'failed', reason: NO_NUMBER };
  const found = { text, number: number.number };
  const doubtful = (reason: string): WrittenNumber => {
    const proposal = lasting(number.number, location);
    return { ...found, verdict: 'doubtful', reason, ...(proposal !== undefined && { proposal }) };
  };
  if (number.extension !== undefined) {
    return doubtful(`the extension ${number.extension} behind it is not kept`);
  }
  if (reading === 'local') return doubtful('has no area code: the one of the source was put before it');
  if (numberTypeOf(number.number) === 'unknown') return doubtful('as far as known, such numbers are not given out');
  if (/^\+\d{1,3}[\s./-]*0[1-9]/.test(text)) return doubtful('has a 0 behind the country code, which is not dialled');
  return { ...found, verdict: 'good' };
}

const NO_NUMBER = 'is no telephone number';

function failed(text: string, { number }: ReadNumber, location: Location): WrittenNumber {
  const reasonOf = (): { reason: string; proposal?: string } => {
    if (number.kind === 'service') return { reason: 'is a service number, not somebody’s' };
    if (number.kind === 'code') return { reason: 'is a code for the phone system, not a number' };
    if (CUT_OFF.test(text)) {
      return { reason: 'was cut off by a spreadsheet: its digits are lost' };
    }
    const mended = mendedNumber(text, location);
    if (mended !== undefined) return mended;
    if (number.kind === 'internal') return { reason: 'is too short for a public number' };
    return { reason: NO_NUMBER };
  };
  return { text, verdict: 'failed', ...reasonOf() };
}

// The usual slips, the surest first. What comes out is proposed only if it is a number that is really given out.
const SLIPS: readonly { reason: string; mend(text: string): string }[] = [
  {
    reason: 'has words around it',
    mend: (text) =>
      text
        .replace(/^[^0-9+(]+/, '')
        .replace(/[^0-9)]+$/, '')
        .replace(/\s*\([^0-9)]*\)\s*$/, ''),
  },
  { reason: 'has letters in place of digits', mend: (text) => text.replace(/[Oo]/g, '0').replace(/[lI|]/g, '1') },
];

function mendedNumber(text: string, location: Location): { reason: string; proposal?: string } | undefined {
  for (const { reason, mend } of SLIPS) {
    const mended = mend(text).trim();
    const proposal = mended === text ? undefined : givenOut(mended, location);
    if (proposal !== undefined) return { reason, proposal };
  }
  return withPrefix(text, location);
}

// `442079460018` is a number in London and one in Dortmund: which one, its owner knows. One of the own country with its code
// is meant so.
function withPrefix(text: string, location: Location): { reason: string; proposal?: string } | undefined {
  if (!/^[1-9]/.test(text)) return undefined;
  const national = givenOut(`0${text}`, location);
  const international = givenOut(`+${text}`, location);
  const isOwn = international !== undefined && countryOf(international) === location.country;
  if (national !== undefined && international !== undefined && !isOwn) {
    return { reason: 'has neither 0 nor + before it, and could be two numbers' };
  }
  if (international !== undefined) return { reason: 'has no + before the country code', proposal: international };
  return national === undefined ? undefined : { reason: 'has no 0 before the area code', proposal: national };
}

function givenOut(text: string, location: Location): string | undefined {
  if (!/[0-9]{3}/.test(text.replace(/\D/g, ''))) return undefined;
  const { number } = readNumberWhy(text, location);
  return number.kind === 'e164' && numberTypeOf(number.number) !== 'unknown'
    ? lasting(number.number, location)
    : undefined;
}

// What is proposed is written into the CRM and read again: then it must be the same. `+49 0 030 …` has one 0 too many, twice.
function lasting(number: string, location: Location): string | undefined {
  let last = number;
  for (let look = 0; look < 4; look += 1) {
    const { number: again } = readNumberWhy(last, location);
    if (again.kind !== 'e164') return undefined;
    if (again.number === last) return last;
    last = again.number;
  }
  return undefined;
}
