// Requests to a web server that has contacts: bounded in time and size, only to addresses that may be asked, and never
// carried off to another host. No password, and nothing of an answer, gets into an error's words.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { checkUrl, guardedLookup, type OpenHosts } from './addresses.ts';
import { ContactsError } from './source.ts';

export interface HttpAsk {
  method: 'GET' | 'POST' | 'PROPFIND' | 'REPORT';
  url: URL;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface HttpReply {
  status: number;
  /** Where it came from, after redirects within the host. */
  url: URL;
  text: string;
}

export interface HttpOptions {
  openHosts: OpenHosts;
  /** Of all answers together. */
  maxBytes: number;
  headers?: Readonly<Record<string, string>>;
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

/** Asks; rejects with ContactsError for what is no answer. Refusals (4xx, 5xx) are answers. */
export type Http = (ask: HttpAsk) => Promise<HttpReply>;

const TIMEOUT_MS = 60_000;
const MOST_REDIRECTS = 5;

/** Requests of one import, which share its allowance. */
export function createHttp(options: HttpOptions): Http {
  let bytes = 0;
  const count = (length: number): void => {
    bytes += length;
    if (bytes <= options.maxBytes) return;
    throw new ContactsError(
      `the answers are larger than ${options.maxBytes} bytes: raise limits.maxBytes if that is meant`,
    );
  };
  return async (ask) => {
    let url = ask.url;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      checkUrl(url, options.openHosts);
      const { location, ...reply } = await once({ ...ask, url }, options, count);
      if (location === undefined) return reply;
      const next = URL.parse(location, url.href);
      if (next?.origin !== url.origin) {
        throw new ContactsError(
          `${url.origin} sends on to ${next?.origin ?? 'no address'}, which is not followed: correct "url"`,
        );
      }
      url = next;
    }
    throw new ContactsError(`${ask.url.origin} sends on and on`);
  };
}

type Once = HttpReply & { location: string | undefined };

function once(ask: HttpAsk, options: HttpOptions, count: (length: number) => void): Promise<Once> {
  const { url, method, body } = ask;
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const late = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, late]) : late;
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      if (options.signal?.aborted) reject(options.signal.reason);
      else if (late.aborted) reject(new ContactsError(`${url.origin} did not answer within ${timeoutMs / 1000} s`));
      else reject(error instanceof ContactsError ? error : lostError(url, error));
    };
    const sent = request(
      url,
      {
        method,
        signal,
        agent: false,
        lookup: guardedLookup(options.openHosts),
        headers: { 'user-agent': 'offhook-relay', ...options.headers, ...ask.headers, ...lengthOf(body) },
      },
      (response) => {
        const { statusCode: status = 0, headers } = response;
        const decoder = new TextDecoder();
        let text = '';
        response.on('data', (chunk: Buffer) => {
          try {
            count(chunk.length);
            text += decoder.decode(chunk, { stream: true });
          } catch (error) {
            fail(error);
            sent.destroy();
          }
        });
        response.on('error', fail);
        response.on('end', () => {
          const location = status >= 300 && status < 400 ? headers.location : undefined;
          resolve({ status, url, text: text + decoder.decode(), location });
        });
      },
    );
    sent.on('error', fail);
    sent.end(body);
  });
}

function lengthOf(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}

function lostError(url: URL, cause: unknown): ContactsError {
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new ContactsError(`${url.host} cannot be reached${code}`, { cause });
}

/** What a refusal means for the administrator. */
export function refusal({ status, url }: Pick<HttpReply, 'status' | 'url'>, what: string): ContactsError {
  const words: Record<number, string> = {
    401: 'the credentials are not accepted: check them and the secret behind them',
    403: 'the credentials are accepted, but have no right to this',
    404: 'there is nothing at this address: check "url"',
    429: 'too many requests: ask less often ("every")',
  };
  return new ContactsError(`${url.host} answered ${what} with ${status}${words[status] ? `: ${words[status]}` : ''}`);
}
