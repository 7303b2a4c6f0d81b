// What a line is called: the phone system's own name for it in the company's pattern, `{extension} {name}`. Pure. Who may
// read names is decided elsewhere; here they are only put together.

/** What a pattern may hold. */
export const LINE_NAME_KEYS = ['extension', 'name', 'e164', 'tenant'] as const;
type LineNameKey = (typeof LINE_NAME_KEYS)[number];

/** What a line's name is made from. `e164` is there where `mainNumber` is configured; `'+493023125018'`. */
export type LineNameParts = { extension: string; name: string; e164?: string | undefined; tenant: string };

const PLACEHOLDER = /\{([^{}]*)\}/g;
const LONGEST = 128;

/** What is wrong with a pattern, in words that fit behind its key; undefined when it can be used. */
export function lineNameProblem(pattern: string): string | undefined {
  const keys = [...pattern.matchAll(PLACEHOLDER)].map(([, key = '']) => key);
  const unknown = keys.find((key) => !isKey(key));
  if (unknown !== undefined) {
    return `has the unknown placeholder {${unknown}} (known: ${LINE_NAME_KEYS.map((key) => `{${key}}`).join(', ')})`;
  }
  if (/[{}]/.test(pattern.replace(PLACEHOLDER, ''))) return 'has a brace without its other half';
  if (!keys.some((key) => key !== 'tenant')) {
    return 'would call every line the same: use at least one of {extension}, {name} and {e164}';
  }
  return undefined;
}

/**
 * A line's name by a pattern, at most 128 characters. What is not known leaves its place empty, and empty brackets and
 * signs at the ends go with it; where nothing is left, the extension stays.
 */
export function lineNameOf(pattern: string, parts: LineNameParts): string {
  const filled = pattern.replace(PLACEHOLDER, (_whole, key: string) => (isKey(key) ? (parts[key] ?? '') : ''));
  const tidy = filled
    .replaceAll(/\(\s*\)|\[\s*\]|<\s*>/g, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[\s,;:·|/–-]+/, '')
    .replace(/[\s,;:·|/–-]+$/, '');
  return [...(tidy === '' ? parts.extension : tidy)].slice(0, LONGEST).join('');
}

/** Names that several lines have, each with their extensions; case and blanks at the ends make no difference. */
export function equalNames(
  lines: readonly { extension: string; name: string }[],
): { name: string; extensions: string[] }[] {
  const byName = new Map<string, { name: string; extensions: string[] }>();
  for (const { name, extension } of lines) {
    const key = name.trim().toLowerCase();
    const known = byName.get(key) ?? { name: name.trim(), extensions: [] };
    known.extensions.push(extension);
    byName.set(key, known);
  }
  return [...byName.values()].filter(({ name, extensions }) => name !== '' && extensions.length > 1);
}

/** The public number of an extension behind a main number, `'+493023125'` and `'18'`; undefined where that is none. */
export function e164Of(mainNumber: string | undefined, extension: string): string | undefined {
  const whole = `${mainNumber ?? ''}${extension}`;
  return mainNumber !== undefined && /^\+[1-9][0-9]{6,14}$/.test(whole) ? whole : undefined;
}

function isKey(key: string): key is LineNameKey {
  return LINE_NAME_KEYS.some((known) => known === key);
}
