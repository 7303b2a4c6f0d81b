// How numbers are written in real records: every country its own habits, and everybody theirs. Pure; E.164 in, text as
// somebody typed it out.

/** One country's numbers: how they are grouped, and the forms in which people write them down. */
interface Plan {
  pattern: RegExp;
  /** At home, in three parts that the page may put into elements of their own, divided by `|`. */
  home: string;
  /** Other ways of writing it at home. */
  alsoHome: readonly string[];
  abroad: string;
  alsoAbroad: readonly string[];
}

// `$1` the area, `$2`… the groups after it, as the pattern cuts them.
const PLANS: readonly Plan[] = [
  {
    pattern: /^\+49(171|176|30|40|89|69|221)(\d{4})(\d+)$/,
    home: '0$1| $2|$3',
    alsoHome: [],
    abroad: '+49 $1 $2$3',
    alsoAbroad: [],
  },
  {
    pattern: /^\+43(1)(\d{4})(\d{4})$/,
    home: '0$1|/$2|$3',
    alsoHome: ['(0$1) $2$3', '0$1 $2-$3'],
    abroad: '+43 $1 $2$3',
    alsoAbroad: ['+43 ($1) $2$3', '0043 $1 $2$3'],
  },
  {
    pattern: /^\+41(44)(\d{3})(\d\d)(\d\d)$/,
    home: '0$1| $2| $3 $4',
    alsoHome: ['0$1/$2 $3 $4'],
    abroad: '+41 $1 $2 $3 $4',
    alsoAbroad: ['+41 (0)$1 $2 $3 $4', '0041 $1 $2 $3 $4'],
  },
  {
    pattern: /^\+33(1)(\d\d)(\d\d)(\d\d)(\d\d)$/,
    home: '0$1| $2 $3| $4 $5',
    alsoHome: ['0$1.$2.$3.$4.$5'],
    abroad: '+33 $1 $2 $3 $4 $5',
    alsoAbroad: ['+33 (0)$1 $2 $3 $4 $5', '0033 $1 $2 $3 $4 $5'],
  },
  {
    pattern: /^\+44(20)(\d{4})(\d{4})$/,
    home: '0$1| $2| $3',
    alsoHome: ['(0$1) $2 $3'],
    abroad: '+44 $1 $2 $3',
    alsoAbroad: ['+44 (0)$1 $2 $3'],
  },
  {
    pattern: /^\+44(131|161|117)(\d{3})(\d{4})$/,
    home: '0$1| $2| $3',
    alsoHome: ['(0$1) $2 $3'],
    abroad: '+44 $1 $2 $3',
    alsoAbroad: ['+44 (0)$1 $2 $3'],
  },
  {
    pattern: /^\+39(02)(\d{4})(\d{4})$/,
    home: '$1| $2| $3',
    alsoHome: ['$1/$2$3'],
    abroad: '+39 $1 $2 $3',
    alsoAbroad: ['0039 $1 $2$3'],
  },
  {
    pattern: /^\+34(910)(\d\d)(\d\d)(\d\d)$/,
    home: '$1| $2 $3| $4',
    alsoHome: [],
    abroad: '+34 $1 $2 $3 $4',
    alsoAbroad: ['(+34) $1 $2 $3 $4', '0034 $1$2$3$4'],
  },
  {
    pattern: /^\+31(20)(\d{3})(\d\d)(\d\d)$/,
    home: '0$1|-$2| $3 $4',
    alsoHome: ['(0$1) $2 $3 $4'],
    abroad: '+31 $1 $2 $3 $4',
    alsoAbroad: ['+31 (0)$1 $2 $3 $4'],
  },
  {
    pattern: /^\+32(2)(\d{3})(\d\d)(\d\d)$/,
    home: '0$1|/$2|.$3.$4',
    alsoHome: ['0$1 $2 $3 $4'],
    abroad: '+32 $1 $2 $3 $4',
    alsoAbroad: ['+32 (0)$1 $2 $3 $4'],
  },
  {
    pattern: /^\+48(22)(\d{3})(\d\d)(\d\d)$/,
    home: '$1| $2| $3 $4',
    alsoHome: [],
    abroad: '+48 $1 $2 $3 $4',
    alsoAbroad: ['0048 $1 $2 $3 $4'],
  },
  {
    pattern: /^\+351(21)(\d{3})(\d{4})$/,
    home: '$1| $2| $3',
    alsoHome: [],
    abroad: '+351 $1 $2 $3',
    alsoAbroad: ['00351 $1 $2 $3'],
  },
  {
    pattern: /^\+46(8)(\d{3})(\d{3})(\d\d)$/,
    home: '0$1|-$2| $3 $4',
    alsoHome: [],
    abroad: '+46 $1 $2 $3 $4',
    alsoAbroad: ['+46 (0)$1-$2 $3 $4'],
  },
  {
    pattern: /^\+46(31)(\d{3})(\d\d)(\d\d)$/,
    home: '0$1|-$2| $3 $4',
    alsoHome: [],
    abroad: '+46 $1 $2 $3 $4',
    alsoAbroad: ['+46 (0)$1-$2 $3 $4'],
  },
  {
    pattern: /^\+45(\d\d)(\d\d)(\d\d)(\d\d)$/,
    home: '$1| $2| $3 $4',
    alsoHome: [],
    abroad: '+45 $1 $2 $3 $4',
    alsoAbroad: ['+45 $1$2$3$4'],
  },
  {
    pattern: /^\+1(\d{3})(\d{3})(\d{4})$/,
    home: '($1)| $2|-$3',
    alsoHome: ['$1-$2-$3', '$1.$2.$3'],
    abroad: '+1 $1 $2-$3',
    alsoAbroad: ['+1 ($1) $2-$3', '+1-$1-$2-$3'],
  },
  {
    pattern: /^\+61([2378])(\d{4})(\d{4})$/,
    home: '(0$1)| $2| $3',
    alsoHome: ['0$1 $2 $3'],
    abroad: '+61 $1 $2 $3',
    alsoAbroad: ['+61 (0)$1 $2 $3'],
  },
  {
    pattern: /^\+91(11)(\d{4})(\d{4})$/,
    home: '0$1| $2| $3',
    alsoHome: [],
    abroad: '+91 $1 $2 $3',
    alsoAbroad: ['+91-$1-$2$3', '0091 $1 $2$3'],
  },
];

/** The number as its country's people write it at home, in parts that the page may put into elements of their own. */
export function nationalParts(e164: string): string[] {
  const found = planOf(e164);
  return found ? filled(e164, found, found.home).split('|') : [e164];
}

/** The number with its country code, in groups: `+49 30 23125007`. */
export function international(e164: string): string {
  const found = planOf(e164);
  return found ? filled(e164, found, found.abroad) : e164;
}

/** As people at home write it, in one of their habits: `020 7946 0018`, `(020) 7946 0018`. */
export function homely(e164: string, habit: number): string {
  const found = planOf(e164);
  if (!found || e164.startsWith('+49')) return german(e164, habit);
  return filled(e164, found, pick([found.home.replaceAll('|', ''), ...found.alsoHome], habit));
}

/** As it stands in the records of a German company: its own numbers in every habit, others with their country code. */
export function written(e164: string, habit: number): string {
  const found = planOf(e164);
  if (!found || e164.startsWith('+49')) return german(e164, habit);
  return filled(e164, found, pick([found.abroad, ...found.alsoAbroad], habit));
}

/** Whether it is a mobile number, as far as this CRM's people have one. */
export function isMobile(e164: string): boolean {
  return /^\+491[567]/.test(e164);
}

function german(e164: string, habit: number): string {
  const [area = '', ...rest] = nationalParts(e164);
  const local = rest.join('').replaceAll(' ', '');
  switch (habit % 6) {
    case 0:
      return `${area}/${local}`;
    case 1:
      return `+49 (0) ${area.slice(1)} ${local}`;
    case 2:
      return `${area}-${local}`;
    case 3:
      return `(${area}) ${local.slice(0, 5)}-${local.slice(5)}`;
    case 4:
      return international(e164);
    default:
      return `${area} ${local.slice(0, 3)} ${local.slice(3, 5)} ${local.slice(5)}`;
  }
}

function planOf(e164: string): Plan | undefined {
  return PLANS.find(({ pattern }) => pattern.test(e164));
}

function filled(e164: string, { pattern }: Plan, form: string): string {
  return e164.replace(pattern, form);
}

function pick(forms: readonly string[], habit: number): string {
  return forms[habit % forms.length] ?? '';
}
