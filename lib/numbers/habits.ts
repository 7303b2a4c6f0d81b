// How people of a country group the digits of a number, where numbers have no trunk prefix that would give them away.
// Only asked for digits without any label; countries that are not listed may group as they like.

// Lengths of the groups, one digit each, longer ones in brackets; North America has one habit only.
const NORTH_AMERICAN = new Set('334 37 1334 137 (10) (11) 1(10)'.split(' '));
const NORTH_AMERICA = new Set(['US', 'CA', 'PR', 'DO', 'JM', 'TT', 'BS', 'BB', 'GU', 'VI', 'BM', 'KY']);
// Elsewhere any, within reason: people group as they please, and ids are rarely given away by their groups alone.
const FEWEST_DIGITS = 7;
const WITH_SHORT = new Set(['LU', 'AD', 'FO', 'GL']);
const MOST_GROUPS = 5;
// `(61) 9 9123-4567`, `(8 5) 212 3456`
const MOST_SINGLE = 2;

const LIKE_THOUSANDS = new Set(['LV', 'TN', 'LB', 'BW', 'SC']);

/** Whether people of `country` write digits in groups of these lengths: `'333'`, `'1(10)'`. */
export function isUsualGrouping(country: string, lengths: string): boolean {
  if (NORTH_AMERICA.has(country)) return NORTH_AMERICAN.has(lengths);
  // `13 11 14`
  if (country === 'AU' && lengths === '222') return true;
  // `(11)961234567`
  if (lengths.includes('(')) return lengths.length <= MOST_GROUPS;
  if (lengths.length > MOST_GROUPS) return false;
  let digits = 0;
  let single = 0;
  for (const length of lengths) {
    digits += Number(length);
    if (length === '1') single += 1;
  }
  return digits >= (WITH_SHORT.has(country) ? FEWEST_DIGITS - 1 : FEWEST_DIGITS) && single <= MOST_SINGLE;
}

/** Whether people of `country` write numbers as others write thousands: the Latvian `29 123 456`. */
export function isLikeThousands(country: string): boolean {
  return LIKE_THOUSANDS.has(country);
}
