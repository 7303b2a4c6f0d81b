// What a person has to confirm: each token for one order, once, within a minute; and every other way to start a call or to
// send one elsewhere, which the guard covers.
import type { Command, Location, PhoneNumber } from '@offhook/protocol';
import { locationOf } from '@offhook/protocol/location-settings';
import { describe, expect, test } from 'vitest';
import { createConfirmations } from '../../relay/src/confirmations.ts';
import { createGuard } from '../../relay/src/guard.ts';
import { prepareOrder } from '../../relay/src/order.ts';
import type { BoardLine } from '../../relay/src/switchboard.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { aCall, aLine, aMakeCall, aViewer, BERLIN } from './builders.ts';

const service = (number: string): PhoneNumber => ({ kind: 'service', number });
const e164 = (number: string): PhoneNumber => ({ kind: 'e164', number });
const LONDON = e164('+442079460018');

function aDesk({
  location = BERLIN,
  lines = [aLine({ calls: [aCall({ state: 'connected' })] }), aLine({ lineId: 'line-2' })],
  extensions = [],
  contacts = [],
}: {
  location?: Location;
  lines?: readonly BoardLine[];
  extensions?: string[];
  contacts?: string[];
} = {}) {
  const clock = createFakeClock();
  const learned = new Set<string>();
  const guard = createGuard({
    limits: { perHour: 120, burstPerMinute: 10 },
    clock,
    countries: { has: (...key) => learned.has(key.join()), learn: (...key) => void learned.add(key.join()) },
    inCallCodes: ['##'],
  });
  const rules = {
    guard,
    line: (lineId: string) => lines.find((line) => line.lineId === lineId),
    locationOf: () => location,
    hasLine: (_pbxId: string, extension: string) => extensions.includes(extension),
    isContact: (_tenantId: string, number: PhoneNumber) => number.kind === 'e164' && contacts.includes(number.number),
  };
  const grants = ['line-1', 'line-2'].map((lineId) => ({ lineId, rights: [], isOwn: true }));
  const viewerOf = (userId: string) => aViewer({ userId, grants: grants.map((grant) => ({ ...grant, userId })) });
  const give = (command: Command, userId = 'user-1') => prepareOrder(viewerOf(userId), command, rules);
  const ask = (command: Command, userId?: string): string => {
    const answer = give(command, userId);
    if (!('code' in answer)) throw new Error('it was not asked about');
    expect(answer.code).toBe('confirmation-needed');
    return String(answer.params?.['confirm']);
  };
  return { clock, guard, give, ask };
}

const onCall = {
  type: 'command',
  id: 'id',
  key: 'key',
  lineId: 'line-1',
  callId: 'call-1',
  deadlineMs: 5_000,
} as const;
const call = (number: PhoneNumber, confirm?: string, lineId = 'line-1') =>
  aMakeCall({ lineId, args: { number, ...(confirm !== undefined && { confirm }) } });

describe('an emergency call', () => {
  test('is asked about, and made with the token, past all limits', () => {
    const { give, ask } = aDesk();
    const prepared = give(call(service('112'), ask(call(service('112')))));
    expect(prepared).toMatchObject({ order: { dialString: '112' }, dials: false });
  });

  test('says what it is, and which number is dialled', () => {
    expect(aDesk().give(call(service('112')))).toMatchObject({ params: { reason: 'emergency', number: '112' } });
  });

  test('is left to the phone where a colleague has this extension', () => {
    expect(aDesk({ extensions: ['112'] }).give(call(service('112')))).toEqual({
      code: 'policy-blocked',
      params: { reason: 'emergency' },
    });
  });

  test('is not asked about on a line that cannot start calls', () => {
    const lines = [aLine({ capabilities: [] })];
    expect(aDesk({ lines }).give(call(service('112')))).toMatchObject({ code: 'not-supported' });
  });

  test('is no place to forward calls to', () => {
    const command: Command = { ...onCall, name: 'setForward', args: { when: 'all', to: service('112') } };
    expect(aDesk().give(command)).toEqual({ code: 'policy-blocked', params: { reason: 'forward' } });
  });
});

describe('a token', () => {
  test('is good once', () => {
    const { give, ask } = aDesk();
    const token = ask(call(service('112')));
    expect(give(call(service('112'), token))).toMatchObject({ order: { dialString: '112' } });
    expect(give(call(service('112'), token))).toMatchObject({ code: 'confirmation-needed' });
  });

  test('is good for a minute', () => {
    const { clock, give, ask } = aDesk();
    const [early, late] = [ask(call(service('112'))), ask(call(service('112')))];
    clock.advance(59_999);
    expect(give(call(service('112'), early))).toMatchObject({ order: { dialString: '112' } });
    clock.advance(1);
    expect(give(call(service('112'), late))).toMatchObject({ code: 'confirmation-needed' });
  });

  test('is no good for another number, and is used up by the attempt', () => {
    const { give, ask } = aDesk();
    const token = ask(call(service('112')));
    expect(give(call(service('110'), token))).toMatchObject({ code: 'confirmation-needed' });
    expect(give(call(service('112'), token))).toMatchObject({ code: 'confirmation-needed' });
  });

  test('is no good for another line', () => {
    const { give, ask } = aDesk();
    const token = ask(call(service('112')));
    expect(give(call(service('112'), token, 'line-2'))).toMatchObject({ code: 'confirmation-needed' });
  });

  test('is no good for another user', () => {
    const { give, ask } = aDesk();
    const token = ask(call(service('112')));
    expect(give(call(service('112'), token), 'user-2')).toMatchObject({ code: 'confirmation-needed' });
  });

  test('is no good for another order', () => {
    const { give, ask } = aDesk();
    const token = ask(call(LONDON));
    const redirect: Command = { ...onCall, name: 'redirect', args: { to: LONDON, confirm: token } };
    expect(give(redirect)).toMatchObject({ code: 'confirmation-needed', params: { reason: 'country' } });
  });

  test('for a call is no good for a forward to the same number', () => {
    const { give, ask } = aDesk();
    const forward: Command = {
      ...onCall,
      name: 'setForward',
      args: { when: 'all', to: LONDON, confirm: ask(call(LONDON)) },
    };
    expect(give({ ...forward, callId: undefined })).toMatchObject({ code: 'confirmation-needed' });
  });

  test('for one call that is sent on is no good for another one', () => {
    const { give, ask } = aDesk({ lines: [aLine({ calls: [aCall(), aCall({ callId: 'call-2' })] })] });
    const redirect = (callId: string, confirm?: string): Command => {
      return { ...onCall, callId, name: 'redirect', args: { to: LONDON, ...(confirm !== undefined && { confirm }) } };
    };
    expect(give(redirect('call-2', ask(redirect('call-1'))))).toMatchObject({ code: 'confirmation-needed' });
    expect(give(redirect('call-1', ask(redirect('call-1'))))).toMatchObject({ dials: true });
  });

  test('that was made up is no token', () => {
    expect(aDesk().give(call(service('112'), 'made-up'))).toMatchObject({ code: 'confirmation-needed' });
  });

  test('of a user who asks without end is the first to go, and nobody else’s', () => {
    const confirmations = createConfirmations({ clock: createFakeClock() });
    const order = { lineId: 'line-1', name: 'makeCall', dialString: '112' } as const;
    const others = confirmations.issue({ ...order, userId: 'user-2' });
    const first = confirmations.issue({ ...order, userId: 'user-1' });
    for (let count = 0; count < 20; count += 1) confirmations.issue({ ...order, userId: 'user-1' });
    expect(confirmations.take(first, { ...order, userId: 'user-1' })).toBe(false);
    expect(confirmations.take(others, { ...order, userId: 'user-2' })).toBe(true);
  });
});

describe('a country that is new to a user', () => {
  test('is asked about once', () => {
    const { guard, give, ask } = aDesk();
    const prepared = give(call(LONDON, ask(call(LONDON))));
    expect(prepared).toMatchObject({ dials: true, newCountry: 'GB' });
    guard.learn('user-1', 'GB');
    expect(give(call(e164('+442079460019')))).toMatchObject({ dials: true });
    expect(give(call(LONDON), 'user-2')).toMatchObject({ code: 'confirmation-needed', params: { country: 'GB' } });
  });

  test.each<[Location, PhoneNumber]>([
    [BERLIN, e164('+493023125042')],
    // Guernsey is dialled from London as a national call.
    [locationOf({ country: 'GB', areaCode: '20' }), e164('+441481250100')],
    [locationOf({ country: 'US', areaCode: '212' }), e164('+18005550199')],
    [BERLIN, { kind: 'internal', number: '18' }],
  ])('%#: the own one is never new', (location, number) => {
    expect(aDesk({ location }).give(call(number))).toMatchObject({ dials: true });
  });

  test('is not asked about where the company has a contact with this very number', () => {
    const { give } = aDesk({ contacts: ['+442079460018'] });
    expect(give(call(LONDON))).toMatchObject({ dials: true });
    expect(give(call(e164('+442079460019')))).toMatchObject({ code: 'confirmation-needed' });
  });

  test('is asked about behind a shared calling code, too', () => {
    const desk = aDesk({ location: locationOf({ country: 'US', areaCode: '212' }) });
    expect(desk.give(call(e164('+18765550100')))).toMatchObject({ params: { reason: 'country', country: 'JM' } });
  });
});

describe('other ways to send a call elsewhere', () => {
  const dear = aCall({
    callId: 'call-2',
    direction: 'outbound',
    state: 'held',
    remote: { number: e164('+499001234567') },
  });
  const desk = () => aDesk({ lines: [aLine({ calls: [aCall({ state: 'connected' }), dear] })] });

  test.each(['transfer', 'conference'] as const)('%s never joins somebody with a premium number', (name) => {
    const command: Command = { ...onCall, name, args: { otherCallId: 'call-2' } };
    expect(desk().give(command)).toEqual({ code: 'policy-blocked', params: { reason: 'premium' } });
  });

  test('redirect never hands a premium number on, whoever it goes to', () => {
    const calls = [aCall({ ...dear, callId: 'call-1', state: 'connected' }), aCall({ callId: 'in' })];
    const redirect = (callId: string): Command => ({
      ...{ ...onCall, callId, name: 'redirect' },
      args: { to: e164('+493023125042') },
    });
    const { give } = aDesk({ lines: [aLine({ calls })] });
    expect(give(redirect('call-1'))).toEqual({ code: 'policy-blocked', params: { reason: 'premium' } });
    expect(give(redirect('in'))).toMatchObject({ dials: true });
  });

  test('toggle only goes from one to the other', () => {
    const command: Command = { ...onCall, name: 'toggle', args: { otherCallId: 'call-2' } };
    expect(desk().give(command)).toMatchObject({ dials: false });
  });

  test('who calls us from abroad may be transferred', () => {
    const calls = [
      aCall({ state: 'connected', remote: { number: LONDON } }),
      aCall({ callId: 'call-2', state: 'held' }),
    ];
    const command: Command = { ...onCall, name: 'transfer', args: { otherCallId: 'call-2' } };
    expect(aDesk({ lines: [aLine({ calls })] }).give(command)).toMatchObject({ dials: false });
  });
});

describe('keys in a call', () => {
  const press = (digits: string): Command => ({ ...onCall, name: 'sendDtmf', args: { digits } });

  test('are pressed while the far end listens', () => {
    expect(aDesk().give(press('12#'))).toMatchObject({ order: { order: { args: { digits: '12#' } } } });
  });

  test.each(['initiated', 'prompting', 'dialing', 'ringback', 'offering', 'held'] as const)(
    'go nowhere while the call is %s: they would be dialled on',
    (state) => {
      const lines = [aLine({ calls: [aCall({ state })] })];
      expect(aDesk({ lines }).give(press('1'))).toMatchObject({ code: 'not-supported' });
    },
  );

  test('are never a code that sends the call elsewhere, at once or one by one', () => {
    const { give } = aDesk();
    const blocked = { code: 'policy-blocked', params: { reason: 'code' } };
    expect(give(press('##0900123456'))).toEqual(blocked);
    expect(give(press('#'))).not.toEqual(blocked);
    expect(give(press('#'))).toEqual(blocked);
    expect(give(press('5'))).not.toEqual(blocked);
    expect(give(press('#'))).not.toEqual(blocked);
  });

  test('are not more than somebody presses', () => {
    const { clock, give } = aDesk();
    for (let count = 0; count < 5; count += 1)
      expect(give(press('123456789012345678901234567890'))).toHaveProperty('line');
    expect(give(press('1'))).toMatchObject({ code: 'rate-limited' });
    clock.advance(60_001);
    expect(give(press('1'))).toHaveProperty('line');
  });
});

test('twenty questions of one user are open at a time, and the oldest makes room for one more', () => {
  const confirmations = createConfirmations({ clock: createFakeClock() });
  const order = (n: number) =>
    ({ userId: 'user-1', lineId: 'line-1', name: 'makeCall', dialString: `0302312500${n}` }) as const;
  const tokens = Array.from({ length: 21 }, (_, n) => confirmations.issue(order(n)));
  expect(tokens.map((token, n) => confirmations.take(token, order(n)))).toEqual([false, ...Array(20).fill(true)]);
});
