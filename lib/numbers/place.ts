// The room in which texts are read, one after the other: tables, words and what is known of the agent's country stay from
// one text to the next, since a page has thousands of them. Whatever belongs to one text is written anew for the next.
import type { Home, Place, Stretch } from './candidate.ts';
import type { FindOptions, FoundNumber } from './find.ts';
import { createGroups } from './groups.ts';
import { numberingPlanOf } from './numbering-plan.ts';
import { emptyReading, openingsOf } from './reading.ts';
import { lazyWords } from './words.ts';

/** A place, and what prepares it for the next text. */
export interface Reader {
  readonly place: Place;
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
    lastEnd: -1,
    lastEvidence: undefined,
    evidence: undefined,
    evidenceAt: -1,
    taken: 0,
    firstLineEnd: undefined,
    heads: undefined,
    headless: undefined,
    lastRule: '',
    isPlain: false,
  };
}

// One at a time: a page has one country.
function createHomes(): (options: FindOptions) => Home {
  let country = '';
  let home: Home = { plan: undefined, openings: ANY_DIGIT, codeOpening: 0 };
  return (options) => {
    if (options.country !== country) {
      const plan = numberingPlanOf(options.country);
      country = options.country;
      home = {
        plan,
        openings: plan ? openingsOf(plan) : ANY_DIGIT,
        codeOpening: plan ? 1 << Number(plan.callingCode.charAt(0)) : 0,
      };
    }
    // In its own area a number has no trunk prefix.
    return options.areaCode === undefined ? home : { ...home, openings: ANY_DIGIT };
  };
}
