// How people of a country group the digits of a number, where numbers have no trunk prefix that would give them away.
// Only asked for digits without any label; countries that are not listed may group as they like.

// Lengths of the groups, one digit each; without the trunk prefix (in North America and India with and without).
const GROUPINGS: Readonly<Partial<Record<string, string>>> = {
  US: '334 37 1334 137 (10) (11) 1(10)',
  ES: '12222 2223 324 333 3222 2322 36 27 234 243 (9) 45',
  PT: '2223 333 234 27 36 3222 2322 (9)',
  PL: '2223 333 2322 27 234 36 3222 (9)',
  DK: '2222 44 26 (8) 233 332',
  NO: '2222 323 (8) 26 44 35',
  IT: '',
  IN: '(10) 55 334 433 46 244 325 226 343 434 (11) 37 28 235 (12)',
  AU: '222 433 4222 (10)',
  CZ: '333 (9) 3222 36 234',
  GR: '46 55 28 37 334 2224 (10) 343 424 3322 2332',
};
const NORTH_AMERICA = new Set(['CA', 'PR', 'DO', 'JM', 'TT', 'BS', 'BB', 'GU', 'VI', 'BM', 'KY']);

const SETS = new Map<string, ReadonlySet<string>>(
  Object.entries(GROUPINGS).flatMap(([country, list]) => (list ? [[country, new Set(list.split(' '))] as const] : [])),
);

/** Whether people of `country` write digits in groups of these lengths: `'333'`, `'1(10)'`. */
export function isUsualGrouping(country: string, lengths: string): boolean {
  const known = SETS.get(NORTH_AMERICA.has(country) ? 'US' : country);
  return known ? known.has(lengths) : isUsualAnywhere(lengths);
}

// Seven digits or more in few groups.
function isUsualAnywhere(lengths: string): boolean {
  if (lengths.startsWith('(')) return true;
  let digits = 0;
  for (const length of lengths) digits += Number(length);
  return digits >= 7 && lengths.length <= 5;
}
