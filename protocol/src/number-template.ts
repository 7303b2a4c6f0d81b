// Web addresses with placeholders, `https://crm.example/new?phone={number}`: what an administrator writes once and relay
// or extension fill for each call. Callers' names and agents' notes come in here, so a value must never become anything
// but a value: not a path, not another host, not a script. Which number forms there are is decided in number-forms.ts.

/** The placeholders for a telephone number. */
export const NUMBER_KEYS = [
  'number',
  'number.plain',
  'number.national',
  'number.dialled',
  'number.display',
  'number.raw',
] as const;
export type NumberKey = (typeof NUMBER_KEYS)[number];

/** A template that cannot be filled. The message says what to change in it, in English, for administrators. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const PLACEHOLDER = /\{([^{}]*)\}/g;
// Host and port are spelled out: no placeholder, no user name, nothing that a browser would read as another host.
const ADDRESS = /^https?:\/\/(?:\[[0-9a-f:.]+\]|[^\s/?#@\\:[\]{}%]+)(?::[0-9]{1,5})?(?=[/?#]|$)/i;
// Browsers read a backslash as a slash.
const DOT_SEGMENT = /(?:^|[/\\])(?:\.|%2e){1,2}(?=[/\\]|$)/gi;

/**
 * The address with every `{key}` replaced by its value, percent-encoded so that it stays within its path segment, its
 * query parameter or its part of the fragment. A value that is undefined leaves its place empty. Throws TemplateError
 * for a template that `templateProblem` objects to, where the known keys are those of `values` (those with undefined
 * as well), and for a value that would lead to another path (`..` as a whole segment).
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string | undefined>>): string {
  const problem = templateProblem(template, Object.keys(values));
  if (problem !== undefined) throw new TemplateError(problem);
  const filled = template.replace(PLACEHOLDER, (_whole, key: string) => encodedValue(values[key] ?? ''));
  if (dotSegmentsIn(filled) > dotSegmentsIn(template)) {
    throw new TemplateError('a value would lead to another path: it consists of dots alone');
  }
  return filled;
}

/**
 * What is wrong with a template, as a text that fits behind the key that holds it (`'has the unknown placeholder {x}
 * (known: …)'`), or undefined.
 */
export function templateProblem(template: string, knownKeys: readonly string[]): string | undefined {
  if (!/^https?:\/\//i.test(template)) return 'should begin with https:// or http://';
  if (/[\s\p{Cc}]/u.test(template)) return 'has a blank or a control character: write %20 for a blank';
  const unknown = placeholdersOf(template).find((key) => !knownKeys.includes(key));
  if (unknown !== undefined) {
    const known = knownKeys.map((key) => `{${key}}`).join(', ');
    return `has the unknown placeholder {${unknown}} (known: ${known})`;
  }
  if (/[{}]/.test(template.replace(PLACEHOLDER, '')))
    return 'has a brace without its other half: write %7B for {, %7D for }';
  if (!ADDRESS.test(template)) {
    return 'should have a host without user name and without placeholder, such as https://crm.example/contacts/{number}';
  }
  return undefined;
}

/** The keys that a template asks for, in its order, each as often as it stands there. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map(([, key = '']) => key);
}

/**
 * A value percent-encoded for any place behind the host. What `encodeURIComponent` leaves as it is and RFC 3986 reserves
 * is encoded, too; half a surrogate pair becomes a replacement character.
 */
export function encodedValue(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function dotSegmentsIn(address: string): number {
  return pathOf(address).match(DOT_SEGMENT)?.length ?? 0;
}

function pathOf(address: string): string {
  return address.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
}
