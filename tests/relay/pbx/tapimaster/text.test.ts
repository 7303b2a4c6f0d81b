// The words and bytes of TAPIMaster's interface.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DriverOrder } from '../../../../relay/src/pbx/driver.ts';
import { encodeLine, lineFor, replyForLog } from '../../../../relay/src/pbx/tapimaster/text.ts';

const NUMBER = { kind: 'e164', number: '+493023125042' } as const;
const LINE = 'MakeCall 100 0003023125042';

it.each([
  ['crlf', '\r\n'],
  ['lf', '\n'],
  ['cr', '\r'],
  ['none', ''],
] as const)('with the line end %s', (terminator, end) => {
  expect(encodeLine(LINE, { terminator, encoding: 'windows-1252' })).toEqual(Buffer.from(`${LINE}${end}`));
});

it('in UTF-16 where that is wanted, and never with a character that no command has', () => {
  const encoded = encodeLine('Drop 100', { terminator: 'lf', encoding: 'utf-16le' });
  expect(encoded).toEqual(Buffer.from('Drop 100\n', 'utf16le'));
  for (const encoding of ['windows-1252', 'ascii', 'utf-16le'] as const) {
    for (const text of ['Drop 100\r\nDrop 102', 'Drop １００', 'Drop 100\u0000']) {
      expect(() => encodeLine(text, { terminator: 'lf', encoding })).toThrow(RangeError);
    }
  }
});

it.each([
  [{ name: 'setForward', args: { when: 'all', to: NUMBER } }, '102', 'Forward 100 102'],
  [{ name: 'setForward', args: { when: 'all', to: null } }, undefined, 'Forward 100'],
  [{ name: 'setDnd', args: { on: true } }, undefined, 'Forward 100 *'],
  [{ name: 'setDnd', args: { on: false } }, undefined, 'Forward 100'],
] as const)('%j', (order, dialString, line) => {
  expect(lineFor({ commandKey: 'c', lineKey: '100', order, dialString }, { own: '100' })).toBe(line);
});

it('goes into the log without its digits', () => {
  expect(replyForLog(Buffer.from('ERROR 03023125042\r\n\u0000busy'), { encoding: 'ascii' })).toBe(
    'ERROR ########### busy',
  );
});
it('nothing but a known verb and [+0-9*#] ever gets into a command', () => {
  const token = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[+0-9*#]{0,40}$/),
    fc.constantFrom('100', '*', '102\r\nMakeCall 100 0900', '102 103', '１０２', ''),
  );
  const order = fc.constantFrom<DriverOrder['order']>(
    { name: 'makeCall', args: { number: NUMBER } },
    { name: 'redirect', args: { to: NUMBER } },
    { name: 'setForward', args: { when: 'all', to: NUMBER } },
    { name: 'pickup', args: { lineId: 'x' } },
    { name: 'drop', args: {} },
  );
  fc.assert(
    fc.property(order, token, token, fc.option(token, { nil: undefined }), (asked, own, other, dialString) => {
      const line = lineFor({ commandKey: 'c', lineKey: own, order: asked, dialString }, { own, other });
      if (line !== undefined) expect(line).toMatch(/^[A-Z][A-Za-z]+ [0-9*#]+(?: [+0-9*#]*[0-9][+0-9*#]*)?$/);
    }),
    { numRuns: 20_000 },
  );
});
