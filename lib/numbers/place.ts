// The room in which texts are read, one after the other: tables, words and what is known of the agent's country stay from
// one text to the next, since a page has thousands of them. Whatever belongs to one text is written anew for the next.
import type { Home, Place, Stretch } from './candidate.ts';
import type { FindOptions, FoundNumber } from './find.ts';
import { createGroups } from './groups.ts';
import { asMachineCode } from './machine-code.ts';
import { gatePattern, skipPattern } from './native-gate.ts';
import { type NumberingPlan, numberingPlanOf } from './numbering-plan.ts';
import { emptyReading, openingsOf } from './reading.ts';
import { createSameWords } from './same-words.ts';
import { vanityPrefixOf } from './short.ts';
import { prepareWholeNumbers } from './whole-number.ts';
import { lazyWords } from './words.ts';

/** A place, and what prepares it for the next text. */
export interface Reader {
  readonly place: Place;
  /** The country that was asked for last, and what is known of it. */
  readonly homes: { readonly country: string; readonly home: Home };
  /** What is known of the agent's country. */
  homeOf(options: FindOptions): Home;
  begin(text: string, options: FindOptions, rejected: Stretch[] | undefined): void;
  /** Answers what was found, and keeps neither it nor the text. */
  end(): FoundNumber[];
}

const ANY_DIGIT = 0b11_1111_1111;

/** An empty place. */
export function createReader(): Reader {
  const homes = createHomes();
  const homeOf = homes.of;
  const nothing: FoundNumber[] = [];
  const place = emptyPlace(homeOf({ country: '' }), nothing);
  return {
    place,
    homes,
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
function createHomes() {
  let area: Home | undefined;
  const homes = {
    country: '',
    home: homeIn(undefined, { isInArea: false }),
    of(options: FindOptions): Home {
      if (options.country !== homes.country) {
        homes.country = options.country;
        homes.home = homeIn(numberingPlanOf(options.country), { isInArea: false });
        area = undefined;
      }
      if (options.areaCode === undefined) return homes.home;
      area ??= homeIn(homes.home.plan, { isInArea: true });
      return area;
    },
  };
  return homes;
}

function homeIn(plan: NumberingPlan | undefined, { isInArea }: { isInArea: boolean }): Home {
  const openings = plan && !isInArea ? openingsOf(plan) : ANY_DIGIT;
  const codeOpening = plan ? 1 << Number(plan.callingCode.charAt(0)) : 0;
  const beginnings = { openings, codeOpening, vanity: plan ? vanityPrefixOf(plan) : '' };
  let skip: RegExp | undefined;
  let isSkipMade = false;
  if (plan) prepareWholeNumbers();
  return {
    plan,
    openings,
    codeOpening,
    gate: plan ? asMachineCode(gatePattern(beginnings)) : gatePattern(beginnings),
    skip() {
      if (!isSkipMade) skip = skipPattern(beginnings);
      isSkipMade = true;
      return skip;
    },
  };
}
