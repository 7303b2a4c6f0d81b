// Requests to NFON's API and to its token endpoint, with a time limit and a bound on what comes back. It knows nothing of
// calls. A redirect is a fault: passwords and tokens go to the configured host and nowhere else. No body, number or token
// gets into an error's words.
import type { Clock } from '../../clock.ts';
import { jsonIn } from './wire.ts';

/** One request. `what` is named when it goes wrong: `'the list of extensions'`. */
export interface Ask {
  what: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Readonly<Record<string, string>> | undefined;
  json?: unknown;
  form?: Readonly<Record<string, string>> | undefined;
}

/** Sends a request and answers the JSON that came back, undefined for none. Rejects with ApiError alone. */
export type Send = (ask: Ask) => Promise<unknown>;

/** Why a request failed. `arrived: 'no'`: it certainly did not get there. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** 0 where there was no answer. */
  readonly status: number;
  readonly arrived: 'yes' | 'no' | 'unknown';
  constructor(message: string, { status = 0, arrived = 'unknown', cause }: ApiErrorOptions = {}) {
    super(message, { cause });
    this.status = status;
    this.arrived = arrived;
  }
}

interface ApiErrorOptions {
  status?: number;
  arrived?: ApiError['arrived'];
  cause?: unknown;
}

export interface Http {
  send: Send;
  /** The response as it begins, its body unread; the signal ends it. Rejects with ApiError, also for a refusal. */
  begin(ask: Ask, signal?: AbortSignal): Promise<Response>;
}

export interface HttpOptions {
  /** `'offhook/0.1.0 (K1234)'`: NFON asks for it with every request. */
  userAgent: string;
  clock: Clock;
  signal: AbortSignal;
}

const ANSWER_TIMEOUT_MS = 10_000;
const MOST_BYTES = 8_000_000;
// What node:net says when nothing was sent yet: only while it looks up the name or connects. A connection that stands can
// break with the same codes, long after a request went out on it.
const BEFORE_SENDING = new Set(['connect', 'getaddrinfo']);
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);

/** Requests under one User-Agent; all end with the signal. */
export function createHttp(options: HttpOptions): Http {
  const begin = (ask: Ask, signal?: AbortSignal) => beginRequest(options, ask, signal);
  return {
    begin,
    async send(ask) {
      const { clock } = options;
      const over = new AbortController();
      const cancel = clock.after(ANSWER_TIMEOUT_MS, () => over.abort());
      try {
        const response = await begin(ask, over.signal);
        const text = await textOf(response, ask.what);
        if (text === '') return undefined;
        const json = jsonIn(text);
        if (json === undefined) throw new ApiError(`NFON answered ${ask.what} with something that is no JSON`);
        return json;
      } catch (error) {
        throw error instanceof ApiError ? error : lostError(ask.what, error);
      } finally {
        cancel();
      }
    },
  };
}

async function beginRequest({ userAgent, clock, signal }: HttpOptions, ask: Ask, own?: AbortSignal): Promise<Response> {
  const { what, method, url, json, form, headers } = ask;
  const late = new AbortController();
  const cancel = clock.after(ANSWER_TIMEOUT_MS, () => late.abort());
  const body = json !== undefined ? JSON.stringify(json) : form && new URLSearchParams(form).toString();
  const type = json !== undefined ? 'application/json' : 'application/x-www-form-urlencoded';
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.any([signal, late.signal, ...(own ? [own] : [])]),
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(body !== undefined && { 'content-type': type }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
    if (response.ok) return response;
    void response.body?.cancel().catch(() => undefined);
    throw refusalOf(what, response);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (!late.signal.aborted) throw lostError(what, error);
    throw new ApiError(`NFON did not answer ${what} within ${ANSWER_TIMEOUT_MS / 1000} s`, { cause: error });
  } finally {
    cancel();
  }
}

/**
 * What an answer that is no success means, for the administrator. 401 and 403 are two things with two remedies: wrong
 * credentials, and credentials without the right.
 */
function refusalOf(what: string, { status, headers }: Response): ApiError {
  const requestId = headers
    .get('x-request-id')
    ?.replace(/[^\w-]/g, '')
    .slice(0, 64);
  const tail = requestId ? `; NFON's request id is ${requestId}` : '';
  const options = { status, arrived: status >= 500 ? ('unknown' as const) : ('yes' as const) };
  if (status === 401) {
    const remedy = 'check "username" and the secret behind "password", or ask NFON for new credentials';
    return new ApiError(`NFON refused the credentials at ${what} (401): ${remedy}${tail}`, options);
  }
  if (status === 403) {
    const remedy = 'the CTI API has to be booked for this K-account, see docs/nfon.md';
    return new ApiError(`NFON knows the credentials but does not permit ${what} (403): ${remedy}${tail}`, options);
  }
  if (status >= 300 && status < 400) {
    return new ApiError(
      `NFON sent ${what} to another address (${status}), which is not followed: check "baseUrl"`,
      options,
    );
  }
  return new ApiError(`NFON answered ${what} with ${status}${tail}`, options);
}

function lostError(what: string, error: unknown): ApiError {
  const { code, syscall } = systemErrorIn(error) ?? {};
  const isBefore = code !== undefined && NEVER_SENT.has(code) && syscall !== undefined && BEFORE_SENDING.has(syscall);
  const arrived = isBefore ? 'no' : 'unknown';
  return new ApiError(`NFON could not be reached for ${what}${code ? ` (${code})` : ''}`, { arrived, cause: error });
}

// fetch wraps what happened: TypeError → its cause, which may be several tries in one.
function systemErrorIn(error: unknown): { code: string; syscall: string | undefined } | undefined {
  for (let one = error, depth = 0; one instanceof Error && depth < 4; depth += 1) {
    // Several tries in one have a code of their own, and no more.
    if ('code' in one && typeof one.code === 'string' && !(one instanceof AggregateError)) {
      return { code: one.code, syscall: 'syscall' in one ? String(one.syscall) : undefined };
    }
    one = one instanceof AggregateError ? one.errors[0] : one.cause;
  }
  return undefined;
}

/** The whole of an answer, up to a bound. Rejects with ApiError for more, and as fetch does when it breaks off. */
export async function textOf(response: Response, what: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_BYTES) throw new ApiError(`NFON answered ${what} with more than ${MOST_BYTES / 1e6} MB`);
  }
  return text + decoder.decode();
}
