// What is known of a request that failed: whether it can have arrived at NFON.
import { afterEach, expect, it, vi } from 'vitest';
import { ApiError, createHttp } from '../../../../relay/src/pbx/nfon/http.ts';
import { createFakeClock } from '../../../fakes/clock.ts';

afterEach(() => vi.unstubAllGlobals());

const failure = (code: string, syscall: string) => Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
const several = (...errors: Error[]) => Object.assign(new AggregateError(errors), { code: 'ECONNREFUSED' });

it.each([
  ['nobody listens there', failure('ECONNREFUSED', 'connect'), 'no'],
  ['neither of two addresses answers', several(failure('ECONNREFUSED', 'connect')), 'no'],
  ['there is no such name', failure('ENOTFOUND', 'getaddrinfo'), 'no'],
  ['no connection comes about in time', failure('ETIMEDOUT', 'connect'), 'no'],
  ['a connection that stood falls silent', failure('ETIMEDOUT', 'read'), 'unknown'],
  ['the way to a connection that stood is gone', failure('EHOSTUNREACH', 'write'), 'unknown'],
  ['the connection is cut', failure('ECONNRESET', 'read'), 'unknown'],
])('%s', async (_, cause, arrived) => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed', { cause })));
  const { signal } = new AbortController();
  const http = createHttp({ userAgent: 'offhook/1 (K1234)', clock: createFakeClock(), signal });
  const error = await http
    .begin({ what: 'the order of a call', method: 'POST', url: 'https://nfon.example/calls', json: {} })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ arrived });
});
