// Contacts from a web service that answers JSON: where the list is, which part of an object is what and how the next page is
// asked for stand in the configuration. Nothing of an answer is trusted further than that.
import * as v from 'valibot';
import { type ContactSettings, contactsOf } from './contact-of.ts';
import { type FieldNames, mappingOf, namedParts, recordOf } from './fields.ts';
import { createHttp, type Http, refusal } from './http.ts';
import type { SourceRecord } from './record.ts';
import { type ContactSource, ContactsError, DEFAULT_LIMITS, type ReadLimits, type ReadOptions } from './source.ts';

export interface JsonOptions extends ContactSettings {
  url: string;
  /** Secrets included. Asked for at each import. */
  headers(): Readonly<Record<string, string>>;
  /** `'data.items'`; the answer itself without. */
  list?: string | undefined;
  fields: FieldNames;
  /** Path to the address of the next page. */
  next?: string | undefined;
  /** Or pages by number. */
  page?: { parameter: string; first: number } | undefined;
  privateHosts?: readonly string[] | undefined;
  limits?: Partial<ReadLimits> | undefined;
}

const MOST_PAGES = 10_000;

/** A contact source over a web service, all of which is read at each import. */
export function createJsonSource(options: JsonOptions): ContactSource {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return { read: (readOptions) => contactsOf(recordsOf(options, limits, readOptions), options, readOptions) };
}

async function* recordsOf(options: JsonOptions, limits: ReadLimits, told: ReadOptions): AsyncIterable<SourceRecord> {
  const parts = namedParts(options.fields);
  told.onMapping?.(mappingOf(parts));
  const http = createHttp({
    openHosts: new Set(options.privateHosts?.map((host) => host.toLowerCase())),
    maxBytes: limits.maxBytes,
    signal: told.signal,
    headers: { accept: 'application/json', ...options.headers() },
  });
  let count = 0;
  for await (const page of pagesOf(http, options)) {
    for (const item of page) {
      count += 1;
      if (count > limits.maxRows) {
        throw new ContactsError(`more than ${limits.maxRows} objects: raise limits.maxRows if that is meant`);
      }
      const textsAt = (path: string) => valuesAt(item, path).map((text) => text.slice(0, limits.maxFieldLength));
      yield recordOf({ line: count }, parts, {
        of: (place) => textsAt(parts[place]?.title ?? ''),
        fieldOf: (place) => parts[place]?.title ?? '',
        get: (path) => textsAt(path)[0],
      });
    }
  }
}

async function* pagesOf(http: Http, options: JsonOptions): AsyncIterable<readonly unknown[]> {
  const start = new URL(options.url);
  let url: URL | undefined = pageUrl(start, options.page, 0);
  const seen = new Set<string>();
  for (let page = 0; url; page += 1) {
    if (page >= MOST_PAGES || seen.has(url.href)) throw new ContactsError(`${start.host} names its pages in a circle`);
    seen.add(url.href);
    const reply = await http({ method: 'GET', url });
    if (reply.status !== 200) throw refusal(reply, `page ${page + 1}`);
    const body = bodyOf(reply.text, start);
    const list = options.list === undefined ? body : at(body, options.list);
    if (!Array.isArray(list)) {
      throw new ContactsError(`the answer of ${start.host} has no list at "${options.list ?? ''}": correct "list"`);
    }
    yield list;
    url = nextUrl({ body, url: reply.url, page, isEmpty: list.length === 0 }, options);
  }
}

function bodyOf(text: string, { host }: URL): unknown {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson()), text);
  if (!read.success) throw new ContactsError(`${host} answered with something that is no JSON`);
  return read.output;
}

function pageUrl(start: URL, page: JsonOptions['page'], index: number): URL {
  const url = new URL(start);
  if (page) url.searchParams.set(page.parameter, String(page.first + index));
  return url;
}

function nextUrl(
  { body, url, page, isEmpty }: { body: unknown; url: URL; page: number; isEmpty: boolean },
  options: JsonOptions,
): URL | undefined {
  if (options.page) return isEmpty ? undefined : pageUrl(new URL(options.url), options.page, page + 1);
  const [link = ''] = options.next === undefined ? [] : valuesAt(body, options.next);
  if (link === '') return undefined;
  const next = URL.parse(link, url.href);
  if (next?.origin === url.origin) return next;
  throw new ContactsError(
    `${url.host} names a next page elsewhere (${next?.host ?? 'no address'}), which is not followed`,
  );
}

function at(value: unknown, path: string): unknown {
  let here = value;
  for (const step of path.split('.')) {
    here = typeof here === 'object' && here !== null && Object.hasOwn(here, step) ? Reflect.get(here, step) : undefined;
  }
  return here;
}

/** The texts at a path: `'phones.0.number'`, `'phones.*.number'` for all of a list. Numbers are written out. */
export function valuesAt(value: unknown, path: string): string[] {
  let here: unknown[] = [value];
  for (const step of path.split('.')) {
    here = here.flatMap((one): unknown[] => {
      if (step === '*') return Array.isArray(one) ? one : [];
      const next = at(one, step);
      return next === undefined ? [] : [next];
    });
  }
  return here.flatMap((one) => (Array.isArray(one) ? one : [one])).flatMap(textsOf);
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'number' || typeof value === 'bigint' ? [String(value)] : [];
}
