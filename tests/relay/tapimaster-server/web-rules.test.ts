// The matrix of who may ask over HTTP: every header that a browser sets by itself, beside what programs send.
import { describe, expect, it } from 'vitest';
import { judgeRequest } from '../../../relay/src/tapimaster-server/web-rules.ts';

const RULES = { hosts: new Set(['127.0.0.1', 'localhost']), origins: new Set(['https://crm.example']) };
const url = '/MakeCall%20100%20102';
const bearer = { authorization: 'Bearer sample-key' };
const judge = (headers: Record<string, string>, more: { method?: string; url?: string } = {}) =>
  judgeRequest({ method: 'GET', url, headers: { host: '127.0.0.1:2503', ...headers }, ...more }, RULES);

describe('without a key', () => {
  it.each([
    ['of a program of old', {}],
    ['of curl', { 'user-agent': 'curl/8.5.0', accept: '*/*' }],
    ['of Python', { 'user-agent': 'Python-urllib/3.13', 'accept-encoding': 'identity' }],
    ['of PowerShell', { 'user-agent': 'Mozilla/5.0 (Windows NT; Windows NT 10.0; de-DE) WindowsPowerShell/5.1.22621' }],
  ])('a request %s is a line, for who may ask so', (_, headers) => {
    expect(judge(headers)).toEqual({ type: 'line', line: 'MakeCall 100 102', key: undefined, origin: undefined });
  });

  it.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'https://crm.example' }],
    [{ referer: 'https://evil.example/' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'same-origin' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ 'sec-ch-ua': '"Chromium"' }],
    [{ 'accept-language': '' }],
    [{ 'accept-encoding': 'gzip, deflate' }],
    [{ accept: 'image/avif,image/webp,*/*' }],
    [{ cookie: 'a=b' }],
    [{ 'upgrade-insecure-requests': '1' }],
    [{ 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0' }],
  ])('a browser is refused: %j', (headers) => {
    expect(judge(headers)).toMatchObject({ type: 'refused', status: 403 });
  });

  it('nothing but GET is heard', () => {
    expect(judge({}, { method: 'POST' })).toMatchObject({ type: 'refused', status: 401 });
    for (const method of ['HEAD', 'PUT', 'OPTIONS', 'MakeCall']) {
      expect(judge({}, { method })).toMatchObject({ type: 'refused', status: 405 });
    }
  });
});

describe('with a key', () => {
  it.each(['GET', 'POST'])('a program may ask by %s', (method) => {
    expect(judge(bearer, { method })).toMatchObject({ type: 'line', key: 'sample-key' });
  });

  it('a page of a named origin may ask, any other one not, whatever it knows', () => {
    const page = { ...bearer, 'sec-fetch-site': 'cross-site', 'accept-language': 'de' };
    expect(judge({ ...page, origin: 'https://crm.example' })).toMatchObject({
      type: 'line',
      origin: 'https://crm.example',
    });
    expect(judge({ ...page, origin: 'https://crm.example.evil.example' })).toMatchObject({ status: 403 });
    expect(judge({ ...page, origin: 'http://crm.example' })).toMatchObject({ status: 403 });
    expect(judge(page)).toMatchObject({ status: 403 });
  });

  it('only a page of a named origin is told that it may send one', () => {
    const asking = { 'access-control-request-headers': 'authorization' };
    expect(judge({ ...asking, origin: 'https://crm.example' }, { method: 'OPTIONS' })).toMatchObject({
      type: 'preflight',
    });
    expect(judge({ ...asking, origin: 'https://evil.example' }, { method: 'OPTIONS' })).toMatchObject({ status: 403 });
  });
});

it.each(['evil.example:2503', 'evil.example', '127.0.0.1.evil.example:2503', '', '[::1'])(
  'a name that is pointed at this machine is refused: %j',
  (host) => {
    expect(judge({ ...bearer, host })).toMatchObject({ type: 'refused', status: 421 });
  },
);

it.each(['/', '/favicon.ico', '/MakeCall', '/%', '/Key%20sample-key%20Drop%20100', 'http://127.0.0.1/Drop%20100'])(
  'a path that is no command is refused: %s',
  (path) => {
    expect(judge(bearer, { url: path })).toMatchObject({ type: 'refused', status: 404 });
  },
);

it('a plus in an address is a plus', () => {
  expect(judge(bearer, { url: '/MakeCall%20100%20+493023125042' })).toMatchObject({
    line: 'MakeCall 100 +493023125042',
  });
});
