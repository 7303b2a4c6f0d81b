// Whatever is asked, by whichever command: what reaches a phone system is digits, star, hash and plus, and never a premium
// number. Each string goes the way of a real order: as a frame that is read, then past access and guard.
import { type Location, type PhoneNumber, readClientMessage } from '@offhook/protocol';
import { locationOf } from '@offhook/protocol/location-settings';
import { isServiceNumber } from '@offhook/protocol/service-numbers';
import fc from 'fast-check';
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { expect, test } from 'vitest';
import { createGuard } from '../../../relay/src/guard.ts';
import { type PreparedOrder, prepareOrder, type Refusal } from '../../../relay/src/order.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { aCall, aLine, aViewer, BERLIN } from '../builders.ts';
import { HOSTILE_DIAL_STRINGS, isPremiumByTable, premiumNumbers } from './dial-strings.ts';

const isFull = process.env['OFFHOOK_FULL'] === '1';
const GENERATED = isFull ? 1_000_000 : 5_000;
const PREMIUM_PER_REGION = isFull ? 50 : 3;

const PLACES: readonly Location[] = [
  BERLIN,
  locationOf({ country: 'DE', areaCode: '30' }),
  locationOf({ country: 'DE', areaCode: '30', outsideLine: '0', format: 'international' }),
  locationOf({ country: 'US', areaCode: '212', outsideLine: '9' }),
  locationOf({ country: 'GB', areaCode: '20', outsideLine: '9' }),
  locationOf({ country: 'FR', format: 'internationalWithoutPlus' }),
  locationOf({ country: 'CH', areaCode: '44', internal: { minDigits: 2, maxDigits: 5 } }),
];
const DIALLING = ['makeCall', 'redirect', 'setForward'] as const;
type Dialling = (typeof DIALLING)[number];

const clock = createFakeClock();
const guard = createGuard({ limits: { perHour: 1e9, burstPerMinute: 1e9 }, clock });
const line = aLine({ calls: [aCall(), aCall({ callId: 'call-2' })] });

/** What would be handed to the phone system, or why nothing. */
function ordered(frame: object, location: Location, calls = line.calls): PreparedOrder | Refusal {
  const read = readClientMessage(JSON.stringify(frame));
  if (!read.ok) return { code: read.code };
  if (read.message.type !== 'command') throw new Error('not a command');
  return prepareOrder(aViewer(), read.message, {
    guard,
    line: () => ({ ...line, calls }),
    hasLine: () => false,
    isContact: () => false,
    locationOf: () => location,
  });
}

function frameOf(name: Dialling, number: PhoneNumber, confirm?: string): object {
  const confirmed = confirm === undefined ? {} : { confirm };
  const args = name === 'makeCall' ? { number, ...confirmed } : { to: number, ...confirmed };
  const more = name === 'setForward' ? { when: 'all' } : {};
  const call = name === 'redirect' ? { callId: 'call-1' } : {};
  const envelope = { type: 'command', id: 'm1', key: 'k1', lineId: 'line-1', deadlineMs: 5_000, ...call };
  return { ...envelope, name, args: { ...args, ...more } };
}

/** The dial string of an order, asked again with its token where a question came first. */
function dialledBy(name: Dialling, number: PhoneNumber, location: Location) {
  const first = ordered(frameOf(name, number), location);
  if (!('code' in first)) return { order: first.order, isConfirmed: false };
  const token = first.code === 'confirmation-needed' ? first.params?.['confirm'] : undefined;
  if (token === undefined) return undefined;
  const second = ordered(frameOf(name, number, String(token)), location);
  return 'code' in second ? undefined : { order: second.order, isConfirmed: true };
}

/** Why what is dialled should not have been; undefined when all is well. */
function faultOf(name: Dialling, number: PhoneNumber, location: Location): string | undefined {
  const dialled = dialledBy(name, number, location);
  if (!dialled) return undefined;
  const { dialString = '', order } = dialled.order;
  if (!/^[+0-9*#]{1,32}$/.test(dialString)) return `${name} hands over ${JSON.stringify(dialString)}`;
  const read = 'number' in order.args ? order.args.number : 'to' in order.args ? order.args.to : null;
  if (dialled.isConfirmed && !(read?.kind === 'service' && isServiceNumber(read.number, location.country))) {
    return `${name} confirms ${dialString}, which is no service number`;
  }
  const outside = location.outsideLine.local;
  const digits = dialString.startsWith(outside) ? dialString.slice(outside.length) : dialString;
  // As a phone in that country would have it (one of our own places), and as it was read.
  const isAsThere = location.format !== 'internationalWithoutPlus';
  const there = isAsThere ? parsePhoneNumberFromString(digits, location.country as 'DE')?.number : undefined;
  const isExtension = read?.kind === 'internal';
  if (there !== undefined && !isExtension && isPremiumByTable(there)) return `${name} dials ${there}, which is premium`;
  if (read?.kind === 'e164' && isPremiumByTable(read.number)) return `${name} dials ${read.number}, which is premium`;
  return undefined;
}

const readings = (text: string): PhoneNumber[] => [
  { kind: 'raw', text },
  { kind: 'e164', number: text },
  { kind: 'internal', number: text },
  { kind: 'service', number: text },
  { kind: 'code', code: text },
];

test(`${HOSTILE_DIAL_STRINGS.length} strings by every command, from every place: digits only, nothing dear`, () => {
  expect(HOSTILE_DIAL_STRINGS.length).toBeGreaterThanOrEqual(500);
  const faults = new Set<string>();
  let dialled = 0;
  for (const text of HOSTILE_DIAL_STRINGS) {
    for (const number of readings(text)) {
      for (const location of PLACES) {
        for (const name of DIALLING) {
          const fault = faultOf(name, number, location);
          if (fault !== undefined) faults.add(`${JSON.stringify(number).slice(0, 80)}: ${fault}`);
          else if (dialledBy(name, number, location)) dialled += 1;
        }
      }
    }
  }
  expect([...faults]).toEqual([]);
  // Ordinary numbers among them are dialled, or nothing would have been tried.
  expect(dialled).toBeGreaterThan(100);
});

test('keys in a call are keys, and none of the strings', () => {
  const passed = HOSTILE_DIAL_STRINGS.filter((digits) => {
    const frame = { type: 'command', id: 'm1', key: 'k1', lineId: 'line-1', callId: 'call-1', deadlineMs: 5_000 };
    const calls = [aCall({ state: 'connected' })];
    clock.advance(60_000);
    const prepared = ordered({ ...frame, name: 'sendDtmf', args: { digits } }, BERLIN, calls);
    return !('code' in prepared);
  });
  expect(passed.filter((digits) => !/^[0-9*#]{1,32}$/.test(digits))).toEqual([]);
});

test(`premium numbers of every region, ${PREMIUM_PER_REGION} each: none is dialled, from abroad or at home, by any command`, () => {
  const all = premiumNumbers(PREMIUM_PER_REGION, 20_261_122);
  expect(new Set(all.map(({ country }) => country)).size).toBeGreaterThan(80);
  const faults: string[] = [];
  for (const { country, number } of all) {
    const national = parsePhoneNumberFromString(number)?.formatNational() ?? number;
    const home = locationOf({ country, outsideLine: '0' });
    for (const name of DIALLING) {
      const tries: [PhoneNumber, Location][] = [
        [{ kind: 'e164', number }, BERLIN],
        [{ kind: 'raw', text: number }, BERLIN],
        [{ kind: 'e164', number }, home],
        [{ kind: 'raw', text: national }, home],
      ];
      for (const [given, location] of tries) {
        const dialled = dialledBy(name, given, location);
        const read = dialled && 'number' in dialled.order.order.args ? dialled.order.order.args.number : undefined;
        if (dialled && read?.kind !== 'service')
          faults.push(`${country} ${number} as ${JSON.stringify(given)} by ${name}`);
      }
    }
  }
  expect(faults).toEqual([]);
});

test('who dialled a premium number on the phone cannot hand it on', () => {
  const frame = { type: 'command', id: 'm1', key: 'k1', lineId: 'line-1', callId: 'call-1', deadlineMs: 5_000 };
  const passed = premiumNumbers(1, 7).filter(({ number }) => {
    const dear = aCall({ callId: 'call-2', direction: 'outbound', remote: { number: { kind: 'e164', number } } });
    return (['transfer', 'conference'] as const).some((name) => {
      const prepared = ordered({ ...frame, name, args: { otherCallId: 'call-2' } }, BERLIN, [aCall(), dear]);
      return !('code' in prepared) || prepared.code !== 'policy-blocked';
    });
  });
  expect(passed).toEqual([]);
});

const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength });
const callingCodes = [...new Set(getCountries().map((country) => getCountryCallingCode(country)))];
const signs = fc.constantFrom(
  '\r\n',
  ';',
  ',',
  'p',
  'w',
  '*',
  '#',
  '\u0000',
  '\u202e',
  '@',
  '&',
  '/',
  ' ',
  '-',
  '\uff10',
);
const generated: fc.Arbitrary<PhoneNumber> = fc.oneof(
  fc.tuple(fc.constantFrom(...callingCodes), digits(12)).map(([code, rest]): PhoneNumber => {
    return { kind: 'e164', number: `+${code}${rest}`.slice(0, 16) };
  }),
  fc
    .tuple(fc.constantFrom('', '0', '00', '+', '9', '011'), fc.constantFrom(...callingCodes), digits(12))
    .map((parts) => {
      return { kind: 'raw', text: parts.join('') } as const;
    }),
  fc
    .tuple(digits(12), signs, digits(8), signs, digits(4))
    .map((parts) => ({ kind: 'raw', text: parts.join('') }) as const),
  fc.string({ unit: 'grapheme', maxLength: 64 }).map((text) => ({ kind: 'raw', text }) as const),
  fc
    .tuple(fc.constantFrom('', '0', '9'), fc.constantFrom('112', '110', '911', '900', '0900', '118', '18'), digits(8))
    .map((parts) => ({ kind: 'internal', number: parts.join('') }) as const),
  digits(15).map((number) => ({ kind: 'service', number }) as const),
  digits(12).map((code) => ({ kind: 'code', code: `*21*${code}#` }) as const),
);

test(`${GENERATED} generated numbers by any command: digits only, nothing dear`, () => {
  fc.assert(
    fc.property(generated, fc.constantFrom(...PLACES), fc.constantFrom(...DIALLING), (number, location, name) => {
      expect(faultOf(name, number, location)).toBeUndefined();
    }),
    { numRuns: GENERATED },
  );
});
