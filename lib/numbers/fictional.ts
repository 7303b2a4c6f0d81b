// Numbers that regulators keep free for films, books and samples. Nobody has them, so that the metadata calls some
// invalid; on a page they are numbers like any other, and every demo, manual and test is full of them.

/** Whether the digits of an E.164 number (without `+`) lie in a range that a regulator keeps for fiction. */
export function isFictional(e164Digits: string): boolean {
  if (e164Digits.charCodeAt(0) === ONE) return fits(NORTH_AMERICA, e164Digits);
  const ranges = RANGES[e164Digits.slice(0, KEY_LENGTH)];
  if (ranges === undefined) return false;
  for (const range of ranges.split(' ')) if (fits(range, e164Digits)) return true;
  return false;
}

// In all ranges `x` is any digit.
// North American Numbering Council, 555 Assignment Guidelines: 555-0100 to 555-0199 in every area.
const NORTH_AMERICA = '1xxx55501xx';

/** Whether some numbers that begin with these four digits (`4930`) are fictional: cheap. */
export function hasFictionalRanges(beginning: number): boolean {
  return beginning < 2000 || RANGES[beginning] !== undefined;
}

/** Ranges are known by their first four digits, so that most numbers are compared with nothing. */
export const KEY_LENGTH = 4;
const RANGES: Readonly<Partial<Record<string, string>>> = {
  // ARCEP, decision 2018-0881, numbers for audiovisual works.
  3319: '3319900xxxx',
  3326: '3326191xxxx',
  3335: '3335301xxxx',
  3346: '3346571xxxx',
  3353: '3353649xxxx',
  3363: '3363998xxxx',
  // ComReg, 020 91.
  3532: '3532091xxxxx',
  // Bundesnetzagentur, Mitteilung 148/2021, "Rufnummern für Medienproduktionen".
  4930: '493023125xxx',
  4969: '496990009xxx',
  4940: '494066969xxx',
  4922: '492214710xxx',
  4989: '498999998xxx',
  4915: '4915228817386 4915228895456 4915254599371',
  4917:
    '4917139200xx 491729925904 491729968532 491729973185 491729973186 491729980752 491749091317 491749464308' +
    ' 49176040690xx',
  // Ofcom, Telephone numbers for use in TV and radio drama programmes.
  4411: '441134960xxx 441144960xxx 441154960xxx 441164960xxx 441174960xxx 441184960xxx',
  4412: '441214960xxx',
  4413: '441314960xxx',
  4414: '441414960xxx',
  4415: '441514960xxx',
  4416: '441614960xxx 441632960xxx',
  4419: '441914980xxx',
  4420: '442079460xxx',
  4428: '442890180xxx 442896496xxx',
  4429: '442920180xxx',
  4430: '443069990xxx',
  4477: '447700900xxx',
  4480: '448081570xxx',
  4490: '449098790xxx',
  // Post- och telestyrelsen, numbers for books and films.
  4631: '463139006xx',
  4640: '464062804xx',
  4684: '468465004xx',
  4698: '469803192xx',
  4670: '467017406xx',
  // ACMA, Phone numbers for use in TV shows, films and creative works.
  6125: '6125550xxxx',
  6127: '6127010xxxx',
  6135: '6135550xxxx',
  6137: '6137010xxxx',
  6175: '6175550xxxx',
  6177: '6177010xxxx',
  6185: '6185550xxxx',
  6187: '6187010xxxx',
  6149: '61491570006 61491570110 61491570156 61491570157 61491570158 61491570159',
  6118: '611800160401 611800975707 611800975708 611800975709 611800975710 611800975711',
  6113: '611300975707 611300975708 611300975709 611300975710 611300975711',
};

const X = 120;
const ZERO = 48;
const ONE = 49;
const NINE = 57;

function fits(range: string, digits: string): boolean {
  if (range.length !== digits.length) return false;
  for (let index = 0; index < range.length; index += 1) {
    const wanted = range.charCodeAt(index);
    const given = digits.charCodeAt(index);
    if (wanted === X ? given < ZERO || given > NINE : wanted !== given) return false;
  }
  return true;
}
