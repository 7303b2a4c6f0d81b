// The finder with nothing that makes it fast: every digit is read, and nothing is remembered. For tests that hold the short
// ways to it; never a second finder.
import { plainText } from '#lib/numbers/characters.ts';
import type { FindOptions, FoundNumber } from '#lib/numbers/find.ts';
import { nextNumber } from '#lib/numbers/gate.ts';
import { createReader } from '#lib/numbers/place.ts';
import type { SameWords } from '#lib/numbers/same-words.ts';
import { IS_UNUSUAL, readStretch } from '#lib/numbers/stretch.ts';

const FORGETFUL: SameWords = {
  readNumber: () => -1,
  evidenceAt: () => undefined,
  noteBefore: () => undefined,
  noteBehind: () => undefined,
};

/** What `findNumbers` has to answer. */
export function readTheLongWay(written: string, options: FindOptions): FoundNumber[] {
  const { place, begin, end } = createReader();
  Object.assign(place, { sameWords: FORGETFUL });
  const read = (source: string) => {
    begin(source, options, undefined);
    for (let at = nextNumber(source, 0); at >= 0; at = nextNumber(source, at)) {
      at = readStretch(place, at);
      if (at === IS_UNUSUAL) return false;
    }
    return true;
  };
  if (read(written)) return end();
  const plain = plainText(written);
  read(plain.text);
  return end().map((found) => ({
    ...found,
    start: plain.originalOffset(found.start),
    end: plain.originalOffset(found.end - 1) + 1,
  }));
}
