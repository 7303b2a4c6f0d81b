import { expect, test } from 'vitest';
import { readPairingCode, readPairingLink } from '#lib/pairing-link.ts';

test.each([
  ['http://127.0.0.1:8730/#pair=ABCDEFGH', 'http://127.0.0.1:8730', 'ABCDEFGH'],
  ['  https://relay.example/#pair=abc-defgh  ', 'https://relay.example', 'ABCDEFGH'],
  ['https://relay.example/start?x=1#pair=ABCDEFGH&y=2', 'https://relay.example', 'ABCDEFGH'],
  ['wss://relay.example:8443/v1', 'https://relay.example:8443', undefined],
  ['ws://127.0.0.1:8730', 'http://127.0.0.1:8730', undefined],
  ['https://relay', 'https://relay', undefined],
  ['relay.example', 'https://relay.example', undefined],
  ['relay:8730', 'https://relay:8730', undefined],
  ['127.0.0.1:8730', 'http://127.0.0.1:8730', undefined],
  ['localhost:8730', 'http://localhost:8730', undefined],
  ['[::1]:8730', 'http://[::1]:8730', undefined],
  ['https://user:secret@relay.example/#pair=SHORT', 'https://relay.example', undefined],
])('%s is the relay %s with the code %s', (text, relayUrl, code) => {
  expect(readPairingLink(text)).toEqual({ relayUrl, code });
});

test.each([
  '',
  '   ',
  'ABC-DEFGH',
  'ABCDEFGH',
  'hello there',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'https://',
  'ftp://relay.example',
])('%j is no relay', (text) => {
  expect(readPairingLink(text)).toBeUndefined();
});

test.each([
  ['abc-defgh', 'ABCDEFGH'],
  [' ABC DEF GH ', 'ABCDEFGH'],
  ['ABCDEFG', undefined],
  ['ABCDEFGHI', undefined],
  ['ABC-DEF/H', undefined],
])('the code %j reads as %s', (text, code) => {
  expect(readPairingCode(text)).toBe(code);
});
