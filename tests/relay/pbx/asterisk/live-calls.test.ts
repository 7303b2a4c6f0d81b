// The everyday of a phone system, on a real Asterisk 16 with real SIP phones: calls by click and by hand, answered and not.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { asteriskRoot } from '../../../../scripts/asterisk/root.ts';
import {
  type Ground,
  type Live,
  OUTSIDE,
  OUTSIDE_DIALLED,
  openForwardingPhone,
  openGround,
  openLive,
} from './live-rig.ts';

const root = await asteriskRoot({ say: (text) => console.log(text) });
const missing = 'missing' in root ? `skipped: ${root.missing}` : undefined;

describe.skipIf(missing !== undefined)(`a real Asterisk (${missing ?? 'Debian 11'}): calls`, () => {
  let ground: Ground;
  let live: Live;
  beforeAll(async () => {
    if (!('missing' in root)) ground = await openGround(root);
  });
  afterEach(async () => {
    await Promise.all([...Object.values(ground.phones), ground.outside].map((phone) => phone.tell('hangup')));
    for (const line of ['100', '101', '102', '103']) {
      await live.company.shows('idle again', line, ({ calls }) => calls.every(({ state }) => state === 'ended'));
    }
    await live.close();
  });
  afterAll(() => ground?.close());

  it('01 click to dial: own phone first, then the far end; connected only when that answers', async () => {
    live = await openLive(ground);
    const { commandKey } = await live.dial('100', '101');
    await live.company.untilLeg({ lineKey: '100', state: 'prompting' });
    expect(await ground.phones['100'].tell('listcalls')).toContain('sip:101@'); // the own phone shows the target
    await ground.phones['100'].tell('accept');
    await live.company.untilLeg({ lineKey: '101', state: 'offering' });
    await live.company.untilLeg({ lineKey: '100', state: 'ringback' });
    expect(live.story('100')).not.toContain('connected');
    expect(await ground.phones['101'].tell('listcalls')).toContain('sip:100@'); // and the far end shows us
    await ground.phones['101'].tell('accept');
    await live.company.untilLeg({ lineKey: '100', state: 'connected' });
    await ground.phones['101'].tell('hangup');
    const ended = await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(live.story('100')).toEqual(['initiated', 'prompting', 'dialing', 'ringback', 'connected', 'ended: normal']);
    expect(ended).toMatchObject({ direction: 'internal', dialled: '101', commandKey });
    expect(await live.company.untilOutcome(commandKey)).toMatchObject({ state: 'done', callKey: ended.callKey });
    const [entry] = await live.company.entries('100');
    expect(entry).toMatchObject({ outcome: 'answered', remote: { number: { kind: 'internal', number: '101' } } });
    expect(entry?.isEstimated).toBe(false);
  });

  it('a trunk gets our own number as ours, never the one that was clicked', async () => {
    live = await openLive(ground);
    await live.dial('100', OUTSIDE_DIALLED);
    await live.company.untilLeg({ lineKey: '100', state: 'prompting' });
    expect(await ground.phones['100'].tell('listcalls')).toContain(`sip:${OUTSIDE_DIALLED}@`);
    await ground.phones['100'].tell('accept');
    await live.company.untilLeg({ lineKey: '100', state: 'ringback' });
    expect(await ground.outside.tell('listcalls')).toContain('sip:100@');
    await ground.outside.tell('accept');
    const leg = await live.company.untilLeg({ lineKey: '100', state: 'connected' });
    expect(leg).toMatchObject({ direction: 'outbound', remote: { number: OUTSIDE_DIALLED } });
    const { commandKey } = await live.onCall(leg, { name: 'drop', args: {} });
    expect(await live.company.untilOutcome(commandKey)).toMatchObject({ state: 'done' });
    expect(await live.company.untilLeg({ lineKey: '100', state: 'ended' })).toMatchObject({ cause: 'normal' });
    expect(await live.company.entries('100')).toMatchObject([
      { outcome: 'answered', remote: { number: { kind: 'e164', number: '+493023125042' } } },
    ]);
  });

  it('02 the own phone declines: nobody is called', async () => {
    live = await openLive(ground);
    await live.dial('100', '101');
    await live.company.untilLeg({ lineKey: '100', state: 'prompting' });
    await ground.phones['100'].tell('hangup');
    await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(live.story('100').at(-1)).toBe('ended: ownPhoneNotAnswered');
    expect(live.story('101')).toEqual([]);
    expect(await live.company.entries('100')).toMatchObject([{ outcome: 'failed', cause: 'ownPhoneNotAnswered' }]);
  });

  it('an own phone that sends calls elsewhere: nobody is rung there, and nobody is called', async () => {
    const { forwardPort, sipPort } = ground.server;
    const forwarding = await openForwardingPhone(forwardPort, { target: '103', sipServerPort: sipPort });
    live = await openLive(ground);
    await live.order({
      lineKey: '104',
      dialString: OUTSIDE_DIALLED,
      order: { name: 'makeCall', args: { number: { kind: 'raw', text: OUTSIDE_DIALLED } } },
    });
    await live.company.untilLeg({ lineKey: '104', state: 'ended' });
    expect(live.story('103')).toEqual([]);
    expect(forwarding.calls()).toBeGreaterThan(0);
    expect(await ground.outside.tell('listcalls')).not.toContain('INCOMING');
    expect(live.story('104').at(-1)).toMatch(/^ended/);
    expect(live.story('104')).not.toContain('connected');
    forwarding.close();
  });

  it('03 nobody lifts the own phone: nobody is called', async () => {
    live = await openLive(ground, { ownPhoneSeconds: 5 });
    await live.dial('100', '101');
    const ended = await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(ended.cause).toBe('ownPhoneNotAnswered');
    expect(live.story('101')).toEqual([]);
  });

  it('04 the far end is busy or declines', async () => {
    live = await openLive(ground);
    await live.dial('100', '101');
    await live.company.untilLeg({ lineKey: '100', state: 'prompting' });
    await ground.phones['100'].tell('accept');
    await live.company.untilLeg({ lineKey: '101', state: 'offering' });
    await ground.phones['101'].tell('hangup');
    await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    await live.company.untilLeg({ lineKey: '101', state: 'ended' });
    expect(live.story('100').at(-1)).toBe('ended: busy');
    expect(live.story('101')).toEqual(['offering', 'ended: rejected']);
    expect(await live.company.entries('100')).toMatchObject([{ outcome: 'busy' }]);
    expect(await live.company.entries('101')).toMatchObject([{ outcome: 'missed' }]);
  });

  it('06 a number that the dial plan does not know: no phone rings', async () => {
    live = await openLive(ground);
    expect((await live.dial('100', '199')).result).toEqual({ type: 'rejected', code: 'number-invalid' });
    expect(live.story('100')).toEqual([]);
  });

  it('08 a colleague calls, we answer, the colleague hangs up', async () => {
    live = await openLive(ground);
    await ground.phones['101'].tell('dial', '100');
    await live.company.untilLeg({ lineKey: '100', state: 'offering' });
    await ground.phones['100'].tell('accept');
    await live.company.untilLeg({ lineKey: '101', state: 'connected' });
    await ground.phones['101'].tell('hangup');
    await live.company.untilLeg({ lineKey: '101', state: 'ended' });
    await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(live.story('100')).toEqual(['offering', 'connected', 'ended: normal']);
    expect(live.story('101')).toEqual(['dialing', 'ringback', 'connected', 'ended: normal']);
    const [ours] = await live.company.entries('100');
    const [theirs] = await live.company.entries('101');
    expect(ours).toMatchObject({ outcome: 'answered', remote: { name: 'Bob', number: { number: '101' } } });
    expect(theirs?.conversationId).toBe(ours?.conversationId);
  });

  it('09 a colleague gives up: a missed call here, an unanswered one there', async () => {
    live = await openLive(ground);
    await ground.phones['101'].tell('dial', '100');
    await live.company.untilLeg({ lineKey: '100', state: 'offering' });
    await ground.phones['101'].tell('hangup');
    await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(live.story('100')).toEqual(['offering', 'ended: cancelled']);
    await live.company.untilLeg({ lineKey: '101', state: 'ended' });
    expect(await live.company.entries('100')).toMatchObject([{ outcome: 'missed' }]);
    expect(await live.company.entries('101')).toMatchObject([{ outcome: 'noAnswer' }]);
  });

  it('26 somebody outside calls: the number is theirs', async () => {
    live = await openLive(ground);
    await ground.outside.tell('dial', `sip:100@127.0.0.1:${ground.server.sipPort}`);
    const leg = await live.company.untilLeg({ lineKey: '100', state: 'offering' });
    expect(leg).toMatchObject({ direction: 'inbound', remote: { number: OUTSIDE }, dialled: '100' });
    await ground.phones['100'].tell('accept');
    await live.company.untilLeg({ lineKey: '100', state: 'connected' });
    await ground.outside.tell('hangup');
    await live.company.untilLeg({ lineKey: '100', state: 'ended' });
    expect(await live.company.entries('100')).toMatchObject([
      { direction: 'inbound', outcome: 'answered', remote: { number: { kind: 'e164', number: '+493023125042' } } },
    ]);
  });

  it('23 a second call waits while the first one is spoken in', async () => {
    live = await openLive(ground);
    await ground.phones['101'].tell('dial', '100');
    await live.company.untilLeg({ lineKey: '100', state: 'offering' });
    await ground.phones['100'].tell('accept');
    await live.company.untilLeg({ lineKey: '100', state: 'connected' });
    await ground.phones['102'].tell('dial', '100');
    await live.company.shows('busy and ringing', '100', ({ state }) => state === 'busyRinging');
    await ground.phones['102'].tell('hangup');
    await live.company.shows('busy', '100', ({ state }) => state === 'busy');
  });

  it('27 a conference room, an announcement or an echo is somebody who answers, once Asterisk says so', async () => {
    live = await openLive(ground);
    await live.dial('102', '600');
    await live.company.untilLeg({ lineKey: '102', state: 'prompting' });
    await ground.phones['102'].tell('accept');
    await live.company.untilLeg({ lineKey: '102', state: 'connected' });
    expect(live.story('102')).toEqual(['initiated', 'prompting', 'dialing', 'connected']);
  });

  it('an order that asks the phone to lift by itself says so in the header', async () => {
    live = await openLive(ground, { autoAnswer: 'callInfo' });
    await ground.server.console('pjsip set logger on');
    await live.dial('100', '101');
    await live.company.untilLeg({ lineKey: '100', state: 'prompting' });
    await ground.server.console('pjsip set logger off');
    expect(ground.server.log()).toContain('Call-Info: <sip:offhook>;answer-after=0');
  });

  it('07 an order for a line without a phone fails, and 24 the line shows it', async () => {
    live = await openLive(ground, { lines: { 199: { name: 'Nobody', devices: ['PJSIP/199'] } } });
    const { commandKey } = await live.company.order({
      lineKey: '199',
      dialString: '101',
      order: { name: 'makeCall', args: { number: { kind: 'internal', number: '101' } } },
    });
    expect(await live.company.untilOutcome(commandKey)).toMatchObject({
      state: 'failed',
      params: { cause: 'unreachable' },
    });
  });

  it('25 a manager’s user without the rights offers no orders, and none is carried out', async () => {
    live = await openLive(ground, {}, 'watcher');
    expect(live.company.line('100').capabilities).toEqual([]);
    expect((await live.dial('100', '101')).result).toMatchObject({ type: 'rejected', code: 'not-supported' });
    await ground.phones['101'].tell('dial', '100');
    await live.company.untilLeg({ lineKey: '100', state: 'offering' });
  });
});
