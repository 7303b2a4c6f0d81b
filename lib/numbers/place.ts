// The room in which texts are read, one after the other: tables, words and what is known of the agent's country stay from
// one text to the next, since a page has thousands of them. Whatever belongs to one text is written anew for the next.
import type { Home, Place, Stretch } from './candidate.ts';
import type { FindOptions, FoundNumber } from './find.ts';
import { createGroups } from './groups.ts';
import { gatePattern, skipPattern } from './native-gate.ts';
import { type NumberingPlan, numberingPlanOf } from './numbering-plan.ts';
import { emptyReading, openingsOf } from './reading.ts';
import { createSameWords } from './same-words.ts';
import { hasVanity } from './short.ts';
import { lazyWords } from './words.ts';

/** A place, and what prepares it for the next text. */
export interface Reader {
  readonly place: Place;
  /** What is known of the agent's country; asking again is free. */
  homeOf(options: FindOptions): Home;
  begin(text: string, options: FindOptions, rejected: Stretch[] | undefined): void;
  /** Answers what was found, and keeps neither it nor the text. */
  end(): FoundNumber[];
}

const ANY_DIGIT = 0b11_1111_1111;

/** An empty place. */
export function createReader(): Reader {
  const homeOf = createHomes();
  const nothing: FoundNumber[] = [];
  const place = emptyPlace(homeOf({ country: '' }), nothing);
  return {
    place,
    homeOf,
    begin(text, options, rejected) {
      const home = homeOf(options);
      place.text = text;
      place.options = options;
      place.plan = home.plan;
      place.home = home;
      place.found = nothing;
      place.rejected = rejected;
      place.lastEnd = -1;
      place.lastEvidence = undefined;
      place.evidenceAt = -1;
      place.toldByWords = -1;
      place.taken = 0;
      place.firstLineEnd = undefined;
      place.heads = undefined;
      place.headless = undefined;
      place.lastRule = '';
      place.isPlain = false;
    },
    end() {
      const { found } = place;
      place.text = '';
      place.found = nothing;
      return found.length === 0 ? [] : found;
    },
  };
}

function emptyPlace(home: Home, found: FoundNumber[]): Place {
  const groups = createGroups();
  return {
    text: '',
    options: { country: '' },
    plan: undefined,
    home,
    found,
    rejected: undefined,
    groups,
    lead: { start: 0, shown: 0, hasPlus: false },
    digits: { values: groups.values, from: 0, to: 0 },
    span: { start: 0, end: 0 },
    reading: emptyReading(),
    words: lazyWords(),
    sameWords: createSameWords(),
    lastEnd: -1,
    lastEvidence: undefined,
    evidence: undefined,
    evidenceAt: -1,
    toldByWords: -1,
    taken: 0,
    firstLineEnd: undefined,
    heads: undefined,
    headless: undefined,
    lastRule: '',
    isPlain: false,
  };
}

// One at a time: a page has one country. In its own area a number has no trunk prefix.
function createHomes(): (options: FindOptions) => Home {
  let country = '';
  let home = homeIn(undefined, { isInArea: false });
  let area: Home | undefined;
  return (options) => {
    const isSame = options.country === country;
    if (isSame && options.areaCode === undefined) return home;
    if (!isSame) {
      country = options.country;
      home = homeIn(numberingPlanOf(country), { isInArea: false });
      area = undefined;
    }
    if (options.areaCode === undefined) return home;
    area ??= homeIn(home.plan, { isInArea: true });
    return area;
  };
}

function homeIn(plan: NumberingPlan | undefined, { isInArea }: { isInArea: boolean }): Home {
  const openings = plan && !isInArea ? openingsOf(plan) : ANY_DIGIT;
  const codeOpening = plan ? 1 << Number(plan.callingCode.charAt(0)) : 0;
  const beginnings = { openings, codeOpening, hasVanity: plan !== undefined && hasVanity(plan) };
  let skip: RegExp | undefined;
  return {
    plan,
    openings,
    codeOpening,
    gate: gatePattern(beginnings),
    skip() {
      skip ??= skipPattern(beginnings);
      return skip;
    },
  };
}
