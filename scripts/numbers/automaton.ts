// Turns the regular expressions of libphonenumber's metadata into one small automaton per calling code, so that the
// extension validates a number by walking a table instead of trying patterns. Runs when the tables are generated,
// never in the browser. It must refuse what it does not understand: a pattern read wrongly is a wrong number dialled.

/** What the metadata says about one region: the patterns that decide whether, and whose, a national number is. */
export interface RegionRules {
  country: string;
  general: string;
  /** Patterns by type of number; `undefined` where the metadata has no types and the general pattern decides. */
  types: readonly TypeRule[] | undefined;
  /** Digits that tell the regions of one calling code apart; where given, they alone decide whose a number is. */
  leadingDigits: string | undefined;
}

/** One type of number: its pattern, and the lengths that national numbers of it may have. */
export interface TypeRule {
  pattern: string;
  lengths: readonly number[];
}

/** What is known in a state: whose number the digits read so far are (-1: nobody's), and whether they are one. */
export interface Verdict {
  owner: number;
  isValid: boolean;
}

/** State 0 is the dead end, state 1 the start; `next` holds ten states for each. */
export interface Automaton {
  verdicts: Verdict[];
  next: number[][];
}

// National numbers are never longer: libphonenumber refuses them.
const MAX_NATIONAL_LENGTH = 17;

/** The smallest automaton that answers like libphonenumber does for all regions of one calling code, in their order. */
export function automatonOf(regions: readonly RegionRules[]): Automaton {
  const nfa = createNfa();
  const root = nfa.state();
  const isShared = regions.length > 1;
  const parts = regions.map((rules) => addRegion(nfa, root, rules, isShared));
  const minimal = createMinimalStates();
  const known = new Map<string, number>();
  const visit = (states: readonly number[], depth: number): number => {
    const key = `${depth}|${states.join(',')}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const verdict = verdictOf(parts, new Set(states), depth);
    const next = depth === MAX_NATIONAL_LENGTH ? undefined : DIGITS.map((digit) => follow(digit));
    const id = minimal.idOf(verdict, next);
    known.set(key, id);
    return id;

    function follow(digit: number): number {
      const reached = nfa.step(states, digit);
      return reached.length === 0 ? 0 : visit(reached, depth + 1);
    }
  };
  return minimal.startingAt(visit(nfa.closure([root]), 0));
}

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const ANY_DIGIT = 0b11_1111_1111;
const NOBODY: Verdict = { owner: -1, isValid: false };

interface RegionStates {
  country: string;
  general: number;
  types: { accepting: number; lengths: ReadonlySet<number> }[] | undefined;
  leading: number | undefined;
}

function addRegion(nfa: Nfa, root: number, rules: RegionRules, isShared: boolean): RegionStates {
  const types = rules.types?.map(({ pattern, lengths }) => ({
    accepting: nfa.add(parsePattern(pattern), root),
    lengths: new Set(lengths),
  }));
  let leading: number | undefined;
  if (isShared && rules.leadingDigits !== undefined) {
    leading = nfa.add(parsePattern(rules.leadingDigits), root);
    // They are a beginning: whatever follows does not change whose number it is.
    nfa.on(leading, ANY_DIGIT, leading);
  }
  return { country: rules.country, general: nfa.add(parsePattern(rules.general), root), types, leading };
}

/** As libphonenumber-js: the first region whose leading digits match, or, where it has none, whose patterns match. */
function verdictOf(regions: readonly RegionStates[], states: ReadonlySet<number>, length: number): Verdict {
  const isValidIn = ({ general, types }: RegionStates) =>
    states.has(general) &&
    (types?.some(({ accepting, lengths }) => states.has(accepting) && lengths.has(length)) ?? true);
  for (const [owner, region] of regions.entries()) {
    if (region.leading === undefined ? isValidIn(region) : states.has(region.leading)) {
      return { owner, isValid: isValidIn(region) };
    }
  }
  // A number that is nobody's is then tried in the region that the reader is in. The table has no room for that.
  const stray = regions.find(isValidIn);
  if (stray) throw new Error(`${stray.country}: a valid number without the region's leading digits`);
  return NOBODY;
}

interface MinimalStates {
  idOf(verdict: Verdict, next: readonly number[] | undefined): number;
  startingAt(start: number): Automaton;
}

/** Hands out one id for all states that answer the same whatever follows; needs them from the last digit to the first. */
function createMinimalStates(): MinimalStates {
  const verdicts: Verdict[] = [NOBODY];
  const nexts: number[][] = [DIGITS.map(() => 0)];
  const ids = new Map<string, number>();

  function idOf(verdict: Verdict, next: readonly number[] | undefined): number {
    const own = `${verdict.owner}${verdict.isValid ? '!' : ''}`;
    const isForever = next === undefined || next.every((id) => id === next[0] && isEndless(id, verdict));
    if (isForever && verdict.owner < 0) return 0;
    const key = isForever ? own : `${own}:${next.join()}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = verdicts.push(verdict) - 1;
    ids.set(key, id);
    nexts.push(isForever ? DIGITS.map(() => id) : [...next]);
    return id;
  }

  function isEndless(id: number, { owner, isValid }: Verdict): boolean {
    const same = verdicts[id]?.owner === owner && verdicts[id]?.isValid === isValid;
    return same && nexts[id]?.every((next) => next === id) === true;
  }

  // The first digit's state comes first, so that the written table reads from left to right.
  function startingAt(start: number): Automaton {
    const order = [0, start];
    const place = new Map(order.map((id, index) => [id, index]));
    for (const id of order) {
      for (const next of nexts[id] ?? []) if (!place.has(next)) place.set(next, order.push(next) - 1);
    }
    return {
      verdicts: order.map((id) => verdicts[id] ?? NOBODY),
      next: order.map((id) => (nexts[id] ?? []).map((next) => place.get(next) ?? 0)),
    };
  }

  return { idOf, startingAt };
}

type Pattern =
  | { type: 'digit'; mask: number }
  | { type: 'sequence' | 'choice'; parts: Pattern[] }
  | { type: 'repeat'; part: Pattern; min: number; max: number };

interface Nfa {
  state(): number;
  on(from: number, mask: number, to: number): void;
  /** Adds a pattern behind `from`; answers the state in which it has matched. */
  add(pattern: Pattern, from: number): number;
  closure(states: readonly number[]): number[];
  step(states: readonly number[], digit: number): number[];
}

function createNfa(): Nfa {
  const free: number[][] = [];
  const byDigit: { mask: number; to: number }[][] = [];

  function state(): number {
    byDigit.push([]);
    return free.push([]) - 1;
  }

  function on(from: number, mask: number, to: number): void {
    byDigit[from]?.push({ mask, to });
  }

  function join(from: number, to: number): void {
    free[from]?.push(to);
  }

  function add(pattern: Pattern, from: number): number {
    switch (pattern.type) {
      case 'sequence':
        return pattern.parts.reduce((at, part) => add(part, at), from);
      case 'digit':
        return through(from, pattern.mask);
      case 'choice':
        return choose(pattern.parts, from);
      case 'repeat':
        return repeat(pattern, from);
    }
  }

  function through(from: number, mask: number): number {
    const end = state();
    on(from, mask, end);
    return end;
  }

  function choose(parts: readonly Pattern[], from: number): number {
    const end = state();
    for (const part of parts) join(add(part, branch(from)), end);
    return end;
  }

  function repeat({ part, min, max }: Pattern & { type: 'repeat' }, from: number): number {
    const end = state();
    let at = branch(from);
    for (let count = 0; count < max; count += 1) {
      if (count >= min) join(at, end);
      at = add(part, at);
    }
    join(at, end);
    return end;
  }

  function branch(from: number): number {
    const start = state();
    join(from, start);
    return start;
  }

  function closure(states: readonly number[]): number[] {
    const all = new Set(states);
    for (const one of all) for (const next of free[one] ?? []) all.add(next);
    return [...all].sort((a, b) => a - b);
  }

  function step(states: readonly number[], digit: number): number[] {
    const reached = states.flatMap((one) => (byDigit[one] ?? []).filter(({ mask }) => (mask >> digit) & 1));
    return closure(reached.map(({ to }) => to));
  }

  return { state, on, add, closure, step };
}

/** Reads the part of the regular-expression language that the metadata uses: digits, `\d`, classes, groups, `|`, `?`, `{}`. */
function parsePattern(source: string): Pattern {
  let at = 0;
  const whole = choice();
  if (at < source.length) refuse();
  return whole;

  function choice(): Pattern {
    const parts = [sequence()];
    while (taken('|')) parts.push(sequence());
    return parts.length === 1 && parts[0] ? parts[0] : { type: 'choice', parts };
  }

  function sequence(): Pattern {
    const parts: Pattern[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated(atom()));
    return { type: 'sequence', parts };
  }

  function repeated(part: Pattern): Pattern {
    if (taken('?')) return { type: 'repeat', part, min: 0, max: 1 };
    const [written, least, most] = /^\{(\d+)(?:,(\d+))?\}/.exec(source.slice(at)) ?? [];
    if (written === undefined) return part;
    at += written.length;
    return { type: 'repeat', part, min: Number(least), max: Number(most ?? least) };
  }

  function atom(): Pattern {
    if (taken('\\d')) return { type: 'digit', mask: ANY_DIGIT };
    if (taken('(?:')) {
      const inner = choice();
      return taken(')') ? inner : refuse();
    }
    const written = /^(?:\d|\[(?:\d-\d|\d)+\])/.exec(source.slice(at))?.[0] ?? refuse();
    at += written.length;
    const digits = DIGITS.filter((digit) => new RegExp(written).test(String(digit)));
    return { type: 'digit', mask: digits.reduce((mask, digit) => mask | (1 << digit), 0) };
  }

  function taken(text: string): boolean {
    const isThere = source.startsWith(text, at);
    if (isThere) at += text.length;
    return isThere;
  }

  function refuse(): never {
    throw new Error(`the pattern ${source} holds something unknown at ${at}: teach scripts/numbers/automaton.ts`);
  }
}
