// One of an agent's devices announces a call, and never none: who is asked first, who takes over, and what is cleared.
import type { ServerMessage } from '@offhook/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDeviceCopies } from '../../relay/src/device-copies.ts';
import { createSpeakers, type SpeakingSession } from '../../relay/src/speakers.ts';
import { createFakeBoard } from '../fakes/board.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { aCall, aGrant, aLine, aViewer, SILENT } from './builders.ts';

type Device = SpeakingSession & { frames: ServerMessage[]; isOver: boolean };

function aSession(deviceId: string, viewer = aViewer()): Device {
  const frames: ServerMessage[] = [];
  return { deviceId, viewer, isOver: false, frames, send: (message) => void frames.push(message) };
}

/** What a device was told of calls: `+` show, `-` clear. */
const told = ({ frames }: Device) =>
  frames.flatMap((frame) => (frame.type === 'notify' ? [`${frame.show ? '+' : '-'}${frame.reason}`] : []));

function aFloor() {
  const clock = createFakeClock();
  const board = createFakeBoard();
  const speakers = createSpeakers({ ...board, clock });
  const ring = (...callIds: string[]) => board.set(aLine({ calls: callIds.map((callId) => aCall({ callId })) }));
  const join = (deviceId: string, viewer = aViewer()) => {
    const session = aSession(deviceId, viewer);
    speakers.joined(session);
    return session;
  };
  const leave = (session: Device) => {
    session.isOver = true;
    speakers.left(session);
  };
  return { clock, board, speakers, ring, join, leave };
}

describe('a call that rings', () => {
  test('is announced by the device that was used last, and by no other one that shows it in time', () => {
    const { clock, speakers, ring, join } = aFloor();
    const [desk, laptop] = [join('desk'), join('laptop')];
    speakers.used(desk);
    clock.advance(1_000);
    speakers.used(laptop);
    ring('call-1');
    speakers.seen(laptop, 'call-1', 'shown');
    clock.advance(60_000);
    expect([told(desk), told(laptop)]).toEqual([[], ['+speaker']]);
  });

  test('is taken over after two seconds by the next one, and after four by all that are left', () => {
    const { clock, speakers, ring, join } = aFloor();
    const devices = ['a', 'b', 'c', 'd'].map((name) => join(name));
    speakers.used(devices[2]!);
    ring('call-1');
    const all = () => devices.map((device) => told(device).length);
    expect(all()).toEqual([0, 0, 1, 0]);
    clock.advance(1_999);
    expect(all()).toEqual([0, 0, 1, 0]);
    clock.advance(1);
    expect(all()).toEqual([1, 0, 1, 0]);
    expect(told(devices[0]!)).toEqual(['+takeover']);
    clock.advance(2_000);
    expect(all()).toEqual([1, 1, 1, 1]);
  });

  test('is not taken over once it has stopped ringing', () => {
    const { clock, ring, join } = aFloor();
    const [first, second] = [join('a'), join('b')];
    ring('call-1');
    ring();
    clock.advance(10_000);
    expect([told(first), told(second)]).toEqual([['+speaker'], []]);
  });

  test('is cleared everywhere when it was dismissed or opened anywhere, and taken over by nobody', () => {
    for (const action of ['dismissed', 'opened'] as const) {
      const { clock, speakers, ring, join, leave } = aFloor();
      const [first, second, third] = [join('a'), join('b'), join('c')];
      ring('call-1');
      speakers.seen(first, 'call-1', action);
      clock.advance(10_000);
      expect([told(first), told(second), told(third)]).toEqual([['+speaker'], [`-${action}`], [`-${action}`]]);
      leave(first);
      expect([told(second), told(third)]).toEqual([[`-${action}`], [`-${action}`]]);
      // Who comes while it still rings hears that it was dealt with.
      expect(told(join('d'))).toEqual([`-${action}`]);
    }
  });

  test('is announced by a device that comes while it rings, when nobody was there or the speaker has gone', () => {
    const { ring, join, leave } = aFloor();
    ring('call-1');
    const first = join('a');
    expect(told(first)).toEqual(['+speaker']);
    const second = join('b');
    expect(told(second)).toEqual([]);
    leave(first);
    expect(told(second)).toEqual(['+takeover']);
  });

  test('is found by an agent who comes back without a look at the lines of all others', () => {
    const clock = createFakeClock();
    const board = createFakeBoard();
    const speakers = createSpeakers({ ...board, clock, lines: () => expect.unreachable('thousands come at once') });
    board.set(aLine({ calls: [aCall({ callId: 'call-1' })] }));
    const session = aSession('a');
    speakers.joined(session);
    expect(told(session)).toEqual(['+speaker']);
  });

  test('is announced again to a speaker that comes back: its notification may not have been drawn', () => {
    const { ring, join, leave, speakers } = aFloor();
    const first = join('a');
    ring('call-1');
    speakers.seen(first, 'call-1', 'shown');
    leave(first);
    expect(told(join('a'))).toEqual(['+speaker']);
  });

  test('each call has a speaker of its own, and each agent whose line it is', () => {
    const { ring, join } = aFloor();
    const own = (userId: string) =>
      aViewer({ userId, grants: [{ userId, lineId: 'line-1', rights: [], isOwn: true }] });
    const [ada, ben] = [join('a', own('ada')), join('b', own('ben'))];
    const watcher = join('c', aViewer({ userId: 'cleo', grants: [aGrant('cleo', 'line-1', 'watch', 'control')] }));
    ring('call-1', 'call-2');
    expect([told(ada), told(ben), told(watcher)]).toEqual([['+speaker', '+speaker'], ['+speaker', '+speaker'], []]);
  });

  test('another company hears nothing of it', () => {
    const { ring, join } = aFloor();
    const stranger = join('x', aViewer({ tenantId: 'tenant-2' }));
    ring('call-1');
    expect(told(stranger)).toEqual([]);
  });

  test('the use of a device is remembered over its reconnects', () => {
    const { speakers, ring, join, leave } = aFloor();
    const desk = join('desk');
    speakers.used(desk);
    leave(desk);
    const [laptop, back] = [join('laptop'), join('desk')];
    ring('call-1');
    expect([told(laptop), told(back)]).toEqual([[], ['+speaker']]);
  });
});

test('whatever devices do, a call that rings is announced within three seconds where one that works is there', () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant('join' as const), device: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ type: fc.constant('leave' as const), device: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ type: fc.constant('use' as const), device: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 3_000 }) }),
  );
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 30 }),
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      (steps, works) => {
        const { clock, speakers, ring, join, leave } = aFloor();
        const present = new Map<number, Device>();
        const shows = new Set<Device>();
        // A device that works shows what it is told to, and says so; one that does not is silent.
        const act = () => {
          for (const [device, session] of present) {
            const isTold = session.frames.some((frame) => frame.type === 'notify' && frame.show);
            if (works[device] && isTold && !shows.has(session)) {
              shows.add(session);
              speakers.seen(session, 'call-1', 'shown');
            }
          }
        };
        ring('call-1');
        for (const one of steps) {
          if (one.type === 'join' && !present.has(one.device)) present.set(one.device, join(`d${one.device}`));
          if (one.type === 'leave') {
            const session = present.get(one.device);
            present.delete(one.device);
            if (session) leave(session);
          }
          if (one.type === 'use') {
            const session = present.get(one.device);
            if (session) speakers.used(session);
          }
          if (one.type === 'wait') clock.advance(one.ms);
          act();
        }
        // From now on nothing comes or goes: with one silent device before a working one, two seconds are enough.
        for (let turn = 0; turn < 4; turn += 1) {
          clock.advance(1_000);
          act();
        }
        const hasWorking = [...present.keys()].some((device) => works[device]);
        if (hasWorking) expect([...present.values()].some((session) => shows.has(session))).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

describe('a device that is signed in twice', () => {
  const counts = ({ frames }: Device) =>
    frames.flatMap((frame) => (frame.type === 'device-sessions' ? [frame.sessions] : []));

  test('is told on every copy when the second has stood for a minute, and when it is gone again', () => {
    const clock = createFakeClock();
    const copies = createDeviceCopies({ clock, log: SILENT });
    const [first, second] = [aSession('a'), aSession('a')];
    copies.joined(first);
    copies.joined(second);
    clock.advance(59_999);
    expect(counts(first)).toEqual([]);
    clock.advance(1);
    expect([counts(first), counts(second)]).toEqual([[2], [2]]);
    second.isOver = true;
    copies.left(second);
    expect(counts(first)).toEqual([2, 1]);
    copies.close();
  });

  test('who reconnects again and again is no copy either: two must have stood for a minute at the same time', () => {
    const clock = createFakeClock();
    const copies = createDeviceCopies({ clock, log: SILENT });
    const [first, second, third] = [aSession('a'), aSession('a'), aSession('a')];
    copies.joined(first);
    clock.advance(100_000);
    copies.joined(second);
    clock.advance(45_000);
    first.isOver = true;
    copies.left(first);
    clock.advance(10_000);
    copies.joined(third);
    clock.advance(20_000);
    expect([first, second, third].flatMap(counts)).toEqual([]);
    clock.advance(40_000);
    expect([counts(second), counts(third)]).toEqual([[2], [2]]);
  });

  test('a reconnect beside a connection that is dead is no copy, nor is another device', () => {
    const clock = createFakeClock();
    const copies = createDeviceCopies({ clock, log: SILENT });
    const [dead, back, other] = [aSession('a'), aSession('a'), aSession('b')];
    for (const session of [dead, back, other]) copies.joined(session);
    clock.advance(45_000);
    dead.isOver = true;
    copies.left(dead);
    clock.advance(60_000);
    expect([dead, back, other].flatMap(counts)).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});
