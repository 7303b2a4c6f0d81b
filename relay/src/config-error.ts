// Faults of the configuration in words: which key, on which line, what is wrong and what to write instead.
import type * as v from 'valibot';
import { type Document, isMap, isNode, isScalar, type LineCounter, type Node } from 'yaml';

/** One thing that is wrong. `path` as in `pbx[0].location.country`, `''` for the file itself; `line` counts from 1. */
export interface ConfigFault {
  path: string;
  message: string;
  line?: number | undefined;
}

/** The relay cannot start with this configuration. `path` is the first faulty key, `faults` has them all. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly path: string;
  readonly faults: readonly ConfigFault[];
  constructor(path: string, message: string, options?: ErrorOptions & { faults?: readonly ConfigFault[] }) {
    super(message, options);
    this.path = path;
    this.faults = options?.faults ?? [{ path, message }];
  }
}

/** A ConfigError that names all faults, one a line, each with file, line and key. */
export function configErrorOf(file: string, faults: readonly ConfigFault[]): ConfigError {
  const inOrder = faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const lines = inOrder.map(({ path, message, line }) => {
    const place = line === undefined ? file : `${file}:${line}`;
    return path === '' ? `${place}: ${message}` : `${place}: ${path}: ${message}`;
  });
  return new ConfigError(inOrder[0]?.path ?? '', lines.join('\n'), { faults: inOrder });
}

/**
 * What a listener's start failed with, as a ConfigError that names the key where the configuration is the reason
 * (port in use, no right to it, no such address), else the error itself.
 */
export function listenError(key: string, address: { host: string; port: number }, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const { host, port } = address;
  const words: Record<string, string> = {
    EADDRINUSE: `port ${port} on ${host} is in use by another program: end it, or give "${key}" another port`,
    EACCES: `no right to listen on port ${port}: ports below 1024 need more rights, give "${key}" a higher one`,
    EADDRNOTAVAIL: `${host} is not an address of this machine`,
  };
  const message = typeof code === 'string' ? words[code] : undefined;
  return message === undefined ? cause : new ConfigError(key, `${key}: ${message}`, { cause });
}

/** Where in the YAML text a path stands; the nearest parent that exists if the key is missing. */
export function lineOf(document: Document, counter: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = keyNodeAt(document, path.slice(0, length));
    if (node?.range) return counter.linePos(node.range[0]).line;
  }
  return undefined;
}

/** `['pbx', 0, 'kind']` → `'pbx[0].kind'`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

/** An issue of `schema` in words. Unknown keys get a suggestion, wrong values say what stood there. */
export function faultMessage(issue: v.BaseIssue<unknown>, schema: v.GenericSchema): string {
  const keys = (issue.path ?? []).map((step) => step.key);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return unknownKeyMessage(String(keys.at(-1)), knownKeysAt(schema, keys.slice(0, -1)));
  }
  if (issue.type === 'strict_object' && issue.received === 'undefined') return 'is missing';
  // valibot's own messages all begin so; any other one was written for this key.
  if (!issue.message.startsWith('Invalid ')) {
    return /^(?:should|is|has) /.test(issue.message) ? issue.message : `should be ${issue.message}`;
  }
  return `is ${receivedWords(issue.input)}, but should be ${expectedWords(issue)}`;
}

function unknownKeyMessage(key: string, known: readonly string[]): string {
  const near = known
    .map((name) => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (near && near.distance <= Math.max(2, Math.floor(near.name.length / 3))) {
    return `is not a known key (did you mean "${near.name}"?)`;
  }
  return `is not a known key (known here: ${known.join(', ')})`;
}

// A schema is walked as plain data: valibot keeps an object's keys in `entries`, a list's schema in `item`, and what
// `optional` wraps in `wrapped`.
function knownKeysAt(schema: unknown, path: readonly unknown[]): string[] {
  let here: unknown = unwrap(schema);
  for (const key of path) {
    const next = typeof key === 'number' ? fieldOf(here, 'item') : fieldOf(entriesOf(here), String(key));
    here = unwrap(next);
  }
  return Object.keys(entriesOf(here));
}

// Of a block with several kinds (`variant`) all kinds' keys are known; which one is meant is not looked at.
function entriesOf(schema: unknown): object {
  const kinds = fieldOf(schema, 'options');
  if (Array.isArray(kinds)) return Object.assign({}, ...kinds.map(entriesOf));
  const entries = fieldOf(schema, 'entries');
  return typeof entries === 'object' && entries !== null ? entries : {};
}

function unwrap(schema: unknown): unknown {
  const wrapped = fieldOf(schema, 'wrapped');
  return wrapped === undefined ? schema : unwrap(wrapped);
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function expectedWords(issue: v.BaseIssue<unknown>): string {
  const words: Record<string, string> = {
    string: 'a text (in quotes if it consists of digits)',
    number: 'a number',
    boolean: 'true or false',
    Object: 'a block of keys',
    Array: 'a list',
  };
  const expected = issue.expected ?? 'something else';
  return words[expected] ?? `one of ${expected.replace(/[()]/g, '').replaceAll(' | ', ', ')}`;
}

function receivedWords(input: unknown): string {
  if (input === undefined) return 'missing';
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a block of keys';
  return typeof input === 'string' ? `the text "${input.slice(0, 60)}"` : `the ${typeof input} ${String(input)}`;
}

function keyNodeAt(document: Document, path: readonly PropertyKey[]): Node | undefined {
  if (path.length === 0) return document.contents ?? undefined;
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(last));
    return isNode(pair?.key) ? pair.key : undefined;
  }
  const node: unknown = document.getIn([...path], true);
  return isNode(node) ? node : undefined;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(swap, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
