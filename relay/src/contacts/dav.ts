// What is asked of a CardDAV server: where its address books are, what changed in one, and some of its cards. Paths are
// compared as the server's own, decoded by nobody.
import { type DavResponse, type Multistatus, multistatusOf } from './dav-xml.ts';
import { type Http, type HttpReply, refusal } from './http.ts';
import { ContactsError } from './source.ts';

export interface Dav {
  http: Http;
  /** For words about faults. */
  host: string;
}

export interface Book {
  url: URL;
  name: string;
  canSync: boolean;
}

/** How far a book was read: the server's token, or each card's tag where it has none. */
export interface BookMark {
  token?: string | undefined;
  tags?: Record<string, string> | undefined;
}

export interface Changes {
  changed: string[];
  gone: string[];
  mark: BookMark;
}

const NAMESPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"';
const MOST_STEPS = 1_000;

function propfindBody(props: string): string {
  return `<?xml version="1.0" encoding="utf-8"?><D:propfind ${NAMESPACES}><D:prop>${props}</D:prop></D:propfind>`;
}

/** The address books behind an address: of a book, of an account, or of a server. Throws ContactsError where there is none. */
export async function booksOf(dav: Dav, start: URL, names: readonly string[] | undefined): Promise<Book[]> {
  const here = await described(dav, start);
  const own = here?.responses[0];
  const found = own?.types.has('addressbook') ? [bookOf(own, start)] : await booksOfAccount(dav, start, own);
  const wanted = names?.map((name) => name.toLowerCase());
  const books = found.filter(({ name, url }) => {
    const last = decodeURIComponent(url.pathname.replace(/\/$/, '').split('/').at(-1) ?? '');
    return !wanted || wanted.includes(name.toLowerCase()) || wanted.includes(last.toLowerCase());
  });
  if (books.length > 0) return books;
  const there = found.map(({ name }) => `"${name}"`).join(', ');
  throw new ContactsError(
    there === ''
      ? `there is no address book at ${start.href}: check "url" and the account`
      : `${dav.host} has no address book of that name: there are ${there}`,
  );
}

const DESCRIPTION =
  '<D:resourcetype/><D:displayname/><D:current-user-principal/><C:addressbook-home-set/><D:supported-report-set/>';

async function described(dav: Dav, url: URL): Promise<Multistatus | undefined> {
  const reply = await propfind(dav, url, { depth: '0', props: DESCRIPTION });
  if (reply.status === 401 || reply.status === 403) throw refusal(reply, 'the look for address books');
  return reply.status === 207 ? multistatusOf(reply.text) : undefined;
}

async function booksOfAccount(dav: Dav, start: URL, own: DavResponse | undefined): Promise<Book[]> {
  const homes = own?.hrefs.get('addressbook-home-set') ?? (await homesOf(dav, start, own));
  const books: Book[] = [];
  for (const home of homes) {
    const url = within(start, home);
    const reply = await propfind(dav, url, { depth: '1', props: DESCRIPTION });
    if (reply.status !== 207) throw refusal(reply, 'the list of address books');
    const found = multistatusOf(reply.text).responses.filter(({ types }) => types.has('addressbook'));
    books.push(...found.map((response) => bookOf(response, url)));
  }
  return books;
}

// From wherever the address leads, by way of the account to its home.
async function homesOf(dav: Dav, start: URL, own: DavResponse | undefined): Promise<readonly string[]> {
  const beginning = own ?? (await described(dav, new URL('/.well-known/carddav', start)))?.responses[0];
  const [principal] = beginning?.hrefs.get('current-user-principal') ?? [];
  if (principal === undefined) return [];
  const account = await described(dav, within(start, principal));
  return account?.responses[0]?.hrefs.get('addressbook-home-set') ?? [];
}

function bookOf({ href, texts, reports }: DavResponse, base: URL): Book {
  const url = within(base, href);
  return { url, name: texts.get('displayname') || url.pathname, canSync: reports.has('sync-collection') };
}

// A server that names an address elsewhere would be sent the account's password there.
function within(base: URL, href: string): URL {
  const url = URL.parse(href, base.href);
  if (url?.origin === base.origin) return url;
  throw new ContactsError(
    `${base.host} names an address elsewhere (${url?.host ?? 'no address'}), which is not followed`,
  );
}

function propfind({ http }: Dav, url: URL, { depth, props }: { depth: '0' | '1'; props: string }): Promise<HttpReply> {
  return http({ method: 'PROPFIND', url, headers: { ...XML, depth }, body: propfindBody(props) });
}

const XML = { 'content-type': 'application/xml; charset=utf-8' };

/** What changed in a book since the mark; everything without one. Undefined where the server does not know the mark any more. */
export async function changesOf(dav: Dav, book: Book, mark: BookMark): Promise<Changes | undefined> {
  const isNew = mark.token === undefined && mark.tags === undefined;
  if (book.canSync && mark.tags === undefined) {
    const synced = await syncedChanges(dav, book, mark.token ?? '');
    if (synced || !isNew) return synced;
  }
  return mark.token === undefined ? comparedChanges(dav, book, mark.tags) : undefined;
}

async function syncedChanges(dav: Dav, book: Book, since: string): Promise<Changes | undefined> {
  const changed = new Set<string>();
  const gone = new Set<string>();
  let token = since;
  // A server may answer in parts: 507 for the book itself, and a token to go on from.
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const body =
      `<?xml version="1.0" encoding="utf-8"?><D:sync-collection ${NAMESPACES}><D:sync-token>${escaped(token)}</D:sync-token>` +
      '<D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>';
    const reply = await dav.http({ method: 'REPORT', url: book.url, headers: { ...XML, depth: '0' }, body });
    if (reply.status === 401) throw refusal(reply, 'the list of changes');
    if (reply.status !== 207) return undefined;
    const { responses, syncToken } = multistatusOf(reply.text);
    if (syncToken === undefined) return undefined;
    for (const { href, status } of responses) {
      const path = within(book.url, href).pathname;
      if (path === book.url.pathname) continue;
      (status === 404 ? gone : changed).add(path);
      (status === 404 ? changed : gone).delete(path);
    }
    token = syncToken;
    if (!responses.some(({ status }) => status === 507))
      return { changed: [...changed], gone: [...gone], mark: { token } };
  }
  throw new ContactsError(`${dav.host} tells of changes without end`);
}

async function comparedChanges(dav: Dav, book: Book, tags: BookMark['tags'] = {}): Promise<Changes> {
  const reply = await propfind(dav, book.url, { depth: '1', props: '<D:getetag/><D:resourcetype/>' });
  if (reply.status !== 207) throw refusal(reply, 'the list of cards');
  const now: Record<string, string> = {};
  for (const { href, texts, types } of multistatusOf(reply.text).responses) {
    const path = within(book.url, href).pathname;
    if (path !== book.url.pathname && !types.has('collection')) now[path] = texts.get('getetag') ?? '';
  }
  const changed = Object.keys(now).filter((path) => now[path] === '' || now[path] !== tags[path]);
  return { changed, gone: Object.keys(tags).filter((path) => now[path] === undefined), mark: { tags: now } };
}

/** Some cards of a book; those that went meanwhile are left out. */
export async function cardTextsOf(
  dav: Dav,
  book: Book,
  paths: readonly string[],
): Promise<{ path: string; text: string }[]> {
  const hrefs = paths.map((path) => `<D:href>${escaped(path)}</D:href>`).join('');
  const body =
    `<?xml version="1.0" encoding="utf-8"?><C:addressbook-multiget ${NAMESPACES}><D:prop><D:getetag/><C:address-data/></D:prop>` +
    `${hrefs}</C:addressbook-multiget>`;
  const reply = await dav.http({ method: 'REPORT', url: book.url, headers: { ...XML, depth: '1' }, body });
  if (reply.status !== 207) throw refusal(reply, 'some cards');
  return multistatusOf(reply.text).responses.flatMap(({ href, texts }) => {
    const text = texts.get('address-data');
    return text === undefined ? [] : [{ path: within(book.url, href).pathname, text }];
  });
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
