import { CAUSES, ERROR_CODES } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import { type AnyErrorCode, causeText, errorText } from '#lib/error-text.ts';
import { type Language, tOf } from '../components/test-words.ts';

const OWN_CODES = ['relay-unreachable', 'not-paired', 'no-line', 'site-not-enabled', 'browser-failed'] as const;
const CODES: readonly AnyErrorCode[] = [...ERROR_CODES, ...OWN_CODES];

describe.each<Language>(['en', 'de'])('in %s', (language) => {
  test.each(CODES)('%s has words of its own, and shows no code', (code) => {
    const text = errorText(tOf(language), code);
    expect(text).toMatch(/^\p{Lu}.*[.!]$/u);
    expect(text).not.toContain('error_');
    expect(text).not.toContain(code.includes('-') ? code : `${code}:`);
  });

  test('no two codes share their words', () => {
    expect(new Set(CODES.map((code) => errorText(tOf(language), code))).size).toBe(CODES.length);
  });

  test.each(CAUSES.filter((cause) => cause !== 'normal'))('the cause %s has words', (cause) => {
    expect(causeText(tOf(language), cause)).toMatch(/\.$/);
  });
});

test('a normal end needs no words', () => {
  expect([causeText(tOf('en'), 'normal'), causeText(tOf('en'), undefined)]).toEqual([undefined, undefined]);
});

test.each([
  ['policy-blocked', { reason: 'premium' }, 'premium-rate'],
  ['policy-blocked', { reason: 'satellite' }, 'satellite'],
  ['policy-blocked', { reason: 'emergency' }, 'emergency numbers on the phone'],
  ['policy-blocked', { reason: 'service' }, 'short number'],
  ['policy-blocked', { reason: 'code' }, '*21#'],
  ['pbx-rejected', { cause: 'busy' }, 'Your line is busy'],
  ['pbx-rejected', { cause: 'unreachable' }, 'No phone is logged in'],
  ['pbx-rejected', { cause: 'credentials' }, 'check its credentials'],
  ['pbx-rejected', { cause: 'permission' }, 'have it enabled'],
  ['pbx-rejected', { cause: 'invalidNumber' }, 'does not accept this number'],
  ['rate-limited', { limit: 10, windowSeconds: 60 }, '10 calls a minute'],
  ['rate-limited', { limit: 120, windowSeconds: 3600 }, '120 calls an hour'],
] as const)('%s with %j is told more exactly', (code, params, words) => {
  expect(errorText(tOf('en'), code, params)).toContain(words);
});

test.each([
  ['policy-blocked', { reason: 'something newer' }],
  ['policy-blocked', { reason: 'constructor' }],
  ['pbx-rejected', { cause: '__proto__' }],
  ['rate-limited', { limit: 5, windowSeconds: 7 }],
  ['rate-limited', { limit: '<b>5</b>', windowSeconds: 60 }],
] as const)('parameters that this side does not know fall back to the plain words: %s %j', (code, params) => {
  expect(errorText(tOf('en'), code, params)).toBe(errorText(tOf('en'), code));
});
