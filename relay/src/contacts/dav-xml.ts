// What a CardDAV server answers (RFC 4918 multistatus) → plain data. XML from outside: no entities of its own, bounded depth,
// nothing is fetched that it names.
import { SaxesParser } from 'saxes';
import { ContactsError } from './source.ts';

/** One resource of an answer. */
export interface DavResponse {
  href: string;
  /** Of the resource itself, where the server says one: 404 for a card that is gone. */
  status?: number;
  /** By local name: `getetag`, `address-data`, `displayname` … */
  texts: ReadonlyMap<string, string>;
  /** Addresses by the property that names them: `addressbook-home-set`, `current-user-principal`. */
  hrefs: ReadonlyMap<string, readonly string[]>;
  /** `collection`, `addressbook`. */
  types: ReadonlySet<string>;
  /** What the server can do with a collection: `sync-collection`. */
  reports: ReadonlySet<string>;
}

export interface Multistatus {
  responses: DavResponse[];
  syncToken?: string;
  /** Local names of preconditions that failed, `valid-sync-token`. */
  errors: string[];
}

interface Open {
  href: string;
  status: number | undefined;
  texts: Map<string, string>;
  hrefs: Map<string, string[]>;
  types: Set<string>;
  reports: Set<string>;
}

const MOST_DEPTH = 32;

/** Reads one answer. Throws ContactsError for what is no XML. */
export function multistatusOf(xml: string): Multistatus {
  const found: Multistatus = { responses: [], errors: [] };
  const parser = new SaxesParser({ xmlns: true });
  const path: string[] = [];
  let text = '';
  let response: Open | undefined;
  let propStatus = '';
  let pending: (() => void)[] = [];
  let fault: string | undefined;

  parser.on('error', (error) => {
    fault ??= error.message;
  });
  parser.on('doctype', () => {
    fault ??= 'it has a document type of its own';
  });
  parser.on('opentag', ({ local }) => {
    path.push(local);
    if (path.length > MOST_DEPTH) fault ??= 'it is too deep';
    text = '';
    if (local === 'response') response = emptyResponse();
    if (local === 'propstat') [propStatus, pending] = ['', []];
    const parent = path.at(-2);
    if (parent === 'resourcetype' && response) response.types.add(local);
    if (parent === 'report' && response) response.reports.add(local);
    if (parent === 'error') found.errors.push(local);
  });
  const add = (piece: string): void => {
    text += piece;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', ({ local }) => {
    path.pop();
    const [parent, above] = [path.at(-1), path.at(-2)];
    const value = text.trim();
    if (local === 'sync-token' && parent === 'multistatus') found.syncToken = value;
    if (!response) return;
    const here = response;
    if (local === 'href' && parent === 'response') here.href = value;
    else if (local === 'href' && above === 'prop') keep(here.hrefs, parent ?? '', value);
    else if (local === 'status' && parent === 'response') here.status = statusOf(value);
    else if (local === 'status' && parent === 'propstat') propStatus = value;
    else if (parent === 'prop' && above === 'propstat') pending.push(() => here.texts.set(local, value));
    // Only what the server has: a propstat with 404 names properties that are not there.
    if (local === 'propstat' && (statusOf(propStatus) ?? 200) < 300) for (const take of pending) take();
    if (local !== 'response') return;
    const { status, ...rest } = here;
    found.responses.push({ ...rest, ...(status !== undefined && { status }) });
    response = undefined;
  });
  parser.write(xml).close();
  if (fault !== undefined) throw new ContactsError(`the server answered with something that cannot be read: ${fault}`);
  return found;
}

function emptyResponse(): Open {
  return { href: '', status: undefined, texts: new Map(), hrefs: new Map(), types: new Set(), reports: new Set() };
}

function keep(map: Map<string, string[]>, key: string, value: string): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

// `HTTP/1.1 404 Not Found`
function statusOf(text: string): number | undefined {
  const status = Number(/^HTTP\/\S+ (\d{3})/.exec(text)?.[1]);
  return Number.isNaN(status) ? undefined : status;
}
