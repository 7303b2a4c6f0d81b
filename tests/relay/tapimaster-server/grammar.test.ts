import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_LINE, readLine } from '../../../relay/src/tapimaster-server/grammar.ts';

describe('a line that is a command', () => {
  it.each([
    ['MakeCall 100 102', { verb: 'makeCall', extension: '100', number: '102' }],
    ['makecall 100 +49 (30) 23125-042', { verb: 'makeCall', extension: '100', number: '+49 (30) 23125-042' }],
    ['MakeCall NNNNN 030/23125042', { verb: 'makeCall', extension: 'NNNNN', number: '030/23125042' }],
    ['MakeCall nnnnn 102', { verb: 'makeCall', extension: 'NNNNN', number: '102' }],
    ['Answer 100', { verb: 'answer', extension: '100' }],
    ['DROP 100', { verb: 'drop', extension: '100' }],
    ['Redirect 100 102', { verb: 'redirect', extension: '100', number: '102' }],
    ['Toggle 100', { verb: 'toggle', extension: '100' }],
    ['Transfer 100', { verb: 'transfer', extension: '100' }],
    ['Conference 100', { verb: 'conference', extension: '100' }],
    ['Pickup 100 102', { verb: 'pickup', extension: '100', ringing: '102' }],
    ['Forward 100 102', { verb: 'forward', extension: '100', number: '102' }],
    ['Forward 100 *', { verb: 'disturbNot', extension: '100' }],
    ['Forward 100', { verb: 'forwardOff', extension: '100' }],
    ['  Drop   100  ', { verb: 'drop', extension: '100' }],
  ])('%s', (line, wish) => {
    expect(readLine(line)).toEqual({ wish });
  });

  it('may name a key before it', () => {
    const wish = { verb: 'drop', extension: '100' };
    expect(readLine('Key sample-key Drop 100')).toEqual({ key: 'sample-key', wish });
  });
});

describe('a line that is none', () => {
  it.each([
    '',
    ' ',
    'Dial 100 102',
    'MakeCall',
    'MakeCall 100',
    'MakeCall 100 ',
    'MakeCall 100 abc',
    'MakeCall 100 102 103',
    'Pickup 100 *',
    'MakeCall 100 ( )',
    'MakeCall 100 102;ext=5',
    'MakeCall 100 102,,9',
    'MakeCall 100 ‪102',
    'MakeCall 100 １０２',
    'MakeCall anna 102',
    'MakeCall +49100 102',
    'MakeCall 1234567890123456 102',
    'Drop 100 102',
    'Answer 100 *',
    'Pickup 100',
    'Pickup 100 *8 9',
    'Redirect 100',
    'Forward 100 **x',
    'Forward *',
    'Forward',
    'Drop 100\r\nMakeCall 100 102',
    'Drop 100\nMakeCall 100 102',
    'Drop 100\u0000',
    'Drop\t100',
    'GET /MakeCall%20100%20102 HTTP/1.1',
    'Key Drop 100',
    'Key a b c Drop 100',
    `Drop 100${' '.repeat(LONGEST_LINE)}`,
  ])('%j', (line) => {
    expect(readLine(line)).toEqual({ fault: expect.any(String) });
  });
});

it('never throws, and what it reads has nothing but the signs of numbers in it', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'MakeCall',
      'redirect',
      'Forward',
      'Pickup',
      'Drop',
      'Key',
      '100',
      'NNNNN',
      '*',
      '+49',
      '\r',
      '\n',
      ' ',
    ),
    fc.string(),
    fc.string({ unit: 'binary' }),
  );
  const line = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(' '));
  fc.assert(
    fc.property(line, (text) => {
      const read = readLine(text);
      const { verb: _, ...rest } = 'fault' in read ? { verb: '' } : read.wish;
      for (const value of Object.values(rest)) expect(value).toMatch(/^(?:NNNNN|[+0-9*#()./ -]+)$/);
    }),
    { numRuns: 20_000 },
  );
});
