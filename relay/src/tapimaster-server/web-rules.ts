// Which requests may give an order over HTTP at all. GET that dials is what made TAPIMaster's interface dangerous: any page
// on the web can make a browser ask any address (<img src>). So a browser is only heard with a key in a header, which a page
// cannot send unasked, from a page that the administrator named; and a request without a key only if it is allowed for its
// address and does not look like a browser's. Pure.
import type { IncomingHttpHeaders } from 'node:http';
import { LONGEST_LINE } from './grammar.ts';

/** What of a request counts. */
export interface WebRequest {
  method: string;
  /** As in the request line: `'/MakeCall%20100%20102'`. */
  url: string;
  headers: IncomingHttpHeaders;
}

export interface WebRules {
  /** Names and addresses by which this server may be asked. */
  hosts: ReadonlySet<string>;
  origins: ReadonlySet<string>;
}

/**
 * `line`: to be carried out, without a key only for who may ask by plain GET. `preflight`: a browser asks whether it may
 * ask, and may. `refused`: it may not be asked so, with the words for it.
 */
export type WebVerdict =
  | { type: 'line'; line: string; key?: string | undefined; origin?: string | undefined }
  | { type: 'preflight'; origin: string }
  | { type: 'refused'; status: number; words: string };

const refused = (status: number, words: string): WebVerdict => ({ type: 'refused', status, words });

/** Judges a request. */
export function judgeRequest({ method, url, headers }: WebRequest, { hosts, origins }: WebRules): WebVerdict {
  // A name of an attacker's that was pointed at this machine. Programs of old send no Host at all; browsers always do.
  if (headers.host !== undefined && !hosts.has(hostIn(headers.host))) {
    return refused(421, 'this server is not asked by that name');
  }
  const { origin } = headers;
  if (origin !== undefined && !origins.has(origin)) return refused(403, 'no page of this origin may ask');
  if (method === 'OPTIONS') {
    return origin === undefined ? refused(405, 'GET and POST only') : { type: 'preflight', origin };
  }
  if (method !== 'GET' && method !== 'POST') return refused(405, 'GET and POST only');
  // What a browser sends for a page without naming the page: images, frames, links, forms.
  const site = headers['sec-fetch-site'];
  if (origin === undefined && site !== undefined && site !== 'none') return refused(403, 'no page may ask so');
  const key = keyIn(headers);
  if (key === undefined) {
    if (method !== 'GET') return refused(401, 'a key is needed: Authorization: Bearer KEY');
    const sign = browserSign(headers);
    if (sign !== undefined) return refused(403, `a browser is only heard with a key (${sign})`);
  }
  const line = lineIn(url);
  return line === undefined ? refused(404, 'the path is no command') : { type: 'line', line, key, origin };
}

// Each of these a page cannot keep its browser from sending, or it is in every request of some browser.
function browserSign(headers: IncomingHttpHeaders): string | undefined {
  const names = ['origin', 'referer', 'cookie', 'accept-language', 'upgrade-insecure-requests', 'purpose', 'dnt'];
  const named = Object.keys(headers).find((name) => names.includes(name) || name.startsWith('sec-'));
  if (named !== undefined) return named;
  if (/gzip|deflate|br\b/i.test(String(headers['accept-encoding'] ?? ''))) return 'accept-encoding';
  if (/text\/html|image\/|text\/css/i.test(headers.accept ?? '')) return 'accept';
  return /Chrome|Firefox|Safari|Edg|OPR|Trident|MSIE/i.test(headers['user-agent'] ?? '') ? 'user-agent' : undefined;
}

function keyIn(headers: IncomingHttpHeaders): string | undefined {
  return /^Bearer +([\x21-\x7e]{1,128})$/i.exec(headers.authorization ?? '')?.[1];
}

// Spaces are %20 and a plus is a plus: it belongs to numbers here.
function lineIn(url: string): string | undefined {
  if (!url.startsWith('/') || url.length > 3 * LONGEST_LINE) return undefined;
  try {
    const line = decodeURIComponent(url.slice(1));
    // A key in an address would stand in logs and histories.
    return /^[a-z]+ /i.test(line) && !/^key /i.test(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

function hostIn(header: string): string {
  return header.toLowerCase().replace(/:[0-9]{1,5}$/, '');
}
