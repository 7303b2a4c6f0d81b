// Whether a number can begin at some digits at all, by its country's habit: a zero, a plus, the country's own code. Cheap, and
// asked before anything else, since most digits of a page can begin none.
import { couldHaveCode, FEWEST_WITH_CODE, leadOf, type Place, readingOf } from './candidate.ts';
import { codeAt } from './characters.ts';

const ZERO = 0x30;
const PLUS = 0x2b;
const SPACE_SIGN = 0x20;
const BRACKET = 0x28;

/** Whether a number can begin with any of the groups that are not glued to others; on most of a page none can. */
export function isAnyReadable({ text, groups, home, rejected }: Place, from: number): boolean {
  if ((groups.openings & home.openings) !== 0 || rejected) return true;
  const mayHaveCode = (groups.openings & home.codeOpening) !== 0 && groups.digits >= FEWEST_WITH_CODE;
  return mayHaveCode || (from > 0 && hasPlusBefore(text, from));
}

/** Whether a number can begin with this group at all; cheap, and most groups of a page cannot. */
export function isReadable(place: Place, from: number, to: number): boolean {
  const { text, groups, home, rejected } = place;
  const start = groups.starts[from] ?? 0;
  if (((home.openings >> (codeAt(text, start) - ZERO)) & 1) === 1 || rejected) return true;
  // In a country with trunk prefixes only a plus, or a label and the country's code.
  return hasPlusBefore(text, start) || couldHaveCode(place, from, to);
}

// Whether a plus stands before the digits that begin at `start`, with a space or a bracket between.
function hasPlusBefore(text: string, start: number): boolean {
  for (let at = start - 1; at >= 0 && start - at < 4; at -= 1) {
    const code = text.charCodeAt(at);
    if (code === PLUS) return true;
    if (code !== SPACE_SIGN && code !== BRACKET) return false;
  }
  return false;
}

/** Whether these groups are a valid number as they are written, whatever stands around them. */
export function isWhole(place: Place, from: number, to: number): boolean {
  return readingOf(place, from, to, leadOf(place, from))?.isValid ?? false;
}
