// How numbers are written in real records: everybody their own habit. Pure; E.164 in, text as somebody typed it out.

/** The number as its country's people write it at home, in parts that the page may put into elements of their own. */
export function nationalParts(e164: string): string[] {
  const groups =
    /^\+(?:(49)(30)(\d{4})(\d+)|(49)(171)(\d{4})(\d+)|(44)(20)(\d{4})(\d{4})|(33)(1)(\d{4})(\d{4})|(1)(\d{3})(\d{3})(\d{4}))$/
      .exec(e164)
      ?.slice(1)
      .filter((group) => group !== undefined);
  if (!groups) return [e164];
  const [country, area = '', first = '', last = ''] = groups;
  if (country === '1') return [`(${area})`, ` ${first}`, `-${last}`];
  if (country === '33') return [`0${area}`, ` ${pairs(first)}`, ` ${pairs(last)}`];
  return [`0${area}`, ` ${first}`, country === '44' ? ` ${last}` : last];
}

/** The number with its country code, in groups: `+49 30 23125007`. */
export function international(e164: string): string {
  const [area = '', ...rest] = nationalParts(e164);
  const country = /^\+(?:49|44|33|1)/.exec(e164)?.[0] ?? '';
  return `${country} ${area.replace(/[()]/g, '').replace(/^0/, '')}${rest.join('')}`;
}

/** One of several habits, chosen by `habit`: slash, hyphen, brackets, dots, or with country code. */
export function written(e164: string, habit: number): string {
  const parts = nationalParts(e164);
  if (e164.startsWith('+1') || e164.startsWith('+44')) return habit % 2 ? international(e164) : parts.join('');
  if (e164.startsWith('+33')) return international(e164);
  const [area = '', ...rest] = parts;
  const local = rest.join('').trim().replaceAll(' ', '');
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

function pairs(digits: string): string {
  return digits.replace(/(\d\d)(?=\d)/g, '$1 ');
}
