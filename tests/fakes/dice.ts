// Chance that can be repeated: the same seed throws the same numbers on every machine.

/** Throws whole numbers, and picks from lists. */
export interface Dice {
  /** 0 ≤ n < `sides`. */
  below(sides: number): number;
  pick<T>(list: readonly T[]): T;
  /** So many decimal digits. */
  digits(count: number): string;
}

/** Dice that throw the same sequence for the same seed (mulberry32). */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;

  function below(sides: number): number {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides);
  }

  return {
    below,
    pick<T>(list: readonly T[]): T {
      const picked = list[below(list.length)];
      if (picked === undefined) throw new Error('there is nothing to pick from');
      return picked;
    },
    digits: (count) => Array.from({ length: count }, () => below(10)).join(''),
  };
}
