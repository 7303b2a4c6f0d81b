// Somebody sets the machine's time, an hour forward or back, in the middle of everything: nothing that lasts becomes longer
// or shorter by it, and no call in the journal ends before it began.

import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { createGuard } from '../../../relay/src/guard.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { aGrant, aLine, aMakeCall } from '../builders.ts';
import { aChange, journalRig } from '../journal-rig.ts';
import { type Rig, startRig } from '../server-rig.ts';
import { openPhoneStage } from './phone-stage.ts';

const HOUR_MS = 3_600_000;
const JUMPS: [string, number][] = [
  ['forward', HOUR_MS],
  ['back', -HOUR_MS],
];

let rig: Rig | undefined;
afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

async function aRig(): Promise<Rig> {
  rig = await startRig([
    { userId: 'user-1', lineId: 'line-1', rights: [], isOwn: true },
    aGrant('user-1', 'line-2', 'watch'),
  ]);
  rig.board.set(aLine());
  return rig;
}

describe.each(JUMPS)('an hour %s', (_way, jumpMs) => {
  test('a connection stays, its pulse goes on, and silence ends it when it would have', async () => {
    const { clock, signedIn, server } = await aRig();
    const client = await signedIn('user-1');
    client.send({ type: 'subscribe', lines: ['*'], journal: false });
    await client.next('snapshot');
    clock.jump(jumpMs);
    clock.advance(20_000);
    await client.next('heartbeat');
    clock.advance(24_999);
    expect(server.sessions()).toHaveLength(1);
    clock.advance(1);
    expect(await client.closed).toEqual({ code: 4500, reason: 'timeout' });
  });

  test('a pairing code lives ten minutes', async () => {
    const { clock, signIn } = await aRig();
    const first = await signIn.issueCode('user-1');
    const second = await signIn.issueCode('user-1');
    clock.jump(jumpMs);
    const { publicKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicKey = key.export({ type: 'spki', format: 'der' }).toString('base64url');
    clock.advance(599_999);
    const enrol = { publicKey, deviceName: 'Sample', origin: 'chrome-extension://sample', address: '192.0.2.1' };
    expect(await signIn.enrol({ ...enrol, code: first.code })).toMatchObject({ userId: 'user-1' });
    clock.advance(1);
    expect(await signIn.enrol({ ...enrol, code: second.code })).toEqual({ code: 'code-invalid' });
  });

  test('an allowance is neither given anew nor taken away', () => {
    const clock = createFakeClock();
    const { spend } = createGuard({ limits: { perHour: 3, burstPerMinute: 3 }, clock });
    for (let call = 0; call < 3; call += 1) expect(spend('user-1')).toBeUndefined();
    clock.jump(jumpMs);
    expect(spend('user-1')).toMatchObject({ code: 'rate-limited' });
    clock.advance(HOUR_MS);
    expect(spend('user-1')).toBeUndefined();
  });

  test.each([
    ['in time is carried out', 4_000, 'sent'],
    ['too late is not', 5_001, 'failed'],
  ])('an order that is recorded %s', async (_what, tookMs, state) => {
    const { clock, signedIn, orders, store } = await aRig();
    const client = await signedIn('user-1');
    const { recordCommand } = store;
    store.recordCommand = (record) => {
      clock.jump(jumpMs);
      clock.advance(tookMs);
      return recordCommand(record);
    };
    client.send(aMakeCall({ deadlineMs: 5_000 }));
    expect(await client.next('result')).toMatchObject({ state: 'accepted' });
    expect(await client.next('result')).toMatchObject({ state });
    expect(orders).toHaveLength(state === 'sent' ? 1 : 0);
  });

  test('the phone system is not taken for silent, and real silence is noticed', async () => {
    const stage = await openPhoneStage();
    try {
      stage.exchange.callIn({ to: '10', from: '03023125042' });
      await stage.converged();
      const mark = stage.told.length;
      stage.clock.jump(jumpMs);
      const tenSeconds = stage.clock.elapsed() + 10_000;
      await stage.until('some pings', () => stage.clock.elapsed() >= tenSeconds);
      expect(stage.told.slice(mark)).toEqual([]);
      stage.proxy.freeze();
      expect(await stage.until('unknown lines', stage.isUnknown)).toBeLessThanOrEqual(10_000);
      await stage.converged();
    } finally {
      await stage.close();
    }
  });

  test('a call in the journal begins, is answered and ends in this order', async () => {
    const { journal, store, clock } = await journalRig();
    journal.legChanged(aChange({ since: clock.now() }));
    clock.jump(jumpMs);
    const connectedSince = clock.now();
    journal.legChanged(aChange({ state: 'connected', connectedSince }));
    clock.jump(-2 * jumpMs);
    journal.legChanged(aChange({ state: 'ended', connectedSince, endedAt: clock.now() }));
    await journal.drained();
    const [leg] = store.saves.at(-1)?.legs ?? [];
    const times = [leg?.startedAt, leg?.connectedAt, leg?.endedAt];
    expect(times.every((time) => time !== undefined)).toBe(true);
    expect(times).toEqual([...times].sort());
    // Nobody claims to know how long it was.
    expect(leg?.isEstimated).toBe(true);
    await journal.close();
  });
});
