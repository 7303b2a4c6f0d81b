// A trace keeps order and time, ends by itself, stays within its bounds, and has no secret, number or name in it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTrace, redacted } from '../../relay/src/trace.ts';
import { createFakeClock } from '../fakes/clock.ts';

function aTrace() {
  const clock = createFakeClock();
  const trace = createTrace({ clock, now: clock.now });
  const note = (frame: unknown) => trace.note({ wire: 'pbx', way: 'in', who: 'main', frame });
  return { clock, trace, note };
}

describe('what is kept', () => {
  test('both wires in one order on one clock, from the start on', () => {
    const { clock, trace, note } = aTrace();
    note({ type: 'before' });
    trace.start(60_000);
    note({ type: 'leg' });
    clock.advance(12);
    trace.note({ wire: 'browser', way: 'out', who: 's1', frame: '{"type":"delta","rev":7}' });
    expect(trace.lines().map((line): unknown => JSON.parse(line))).toEqual([
      { ms: 0, wire: 'pbx', way: 'in', who: 'main', frame: { type: 'leg' } },
      { ms: 12, wire: 'browser', way: 'out', who: 's1', frame: { type: 'delta', rev: 7 } },
    ]);
  });

  test('it ends by itself, stays for an hour, and then is gone', () => {
    const { clock, trace, note } = aTrace();
    trace.start(60_000);
    note({ n: 1 });
    clock.advance(60_000);
    note({ n: 2 });
    expect(trace.state()).toMatchObject({ isOn: false, frames: 1 });
    clock.advance(3_600_000);
    expect(trace.state()).toEqual({ isOn: false, frames: 0, bytes: 0, lost: 0 });
  });

  test('stopping keeps it, starting anew forgets it and counts its time from then', () => {
    const { clock, trace, note } = aTrace();
    trace.start(60_000);
    note({ n: 1 });
    trace.stop();
    trace.stop();
    expect(trace.lines()).toHaveLength(1);
    trace.start(60_000);
    expect(trace.lines()).toHaveLength(0);
    clock.advance(59_999);
    expect(trace.state().isOn).toBe(true);
  });

  test('a flood is cut to 2,000 frames a second, an old frame makes room for a new one, and both are counted', () => {
    const { clock, trace, note } = aTrace();
    trace.start(3_600_000);
    for (let n = 0; n < 2_500; n += 1) note({ n });
    expect(trace.state()).toMatchObject({ frames: 2_000, lost: 500 });
    for (let second = 0; second < 30; second += 1) {
      clock.advance(1_000);
      for (let n = 0; n < 2_000; n += 1) note({ second, n });
    }
    const { frames, bytes } = trace.state();
    expect(frames).toBe(20_000);
    expect(bytes).toBe(trace.lines().join('').length);
    expect(trace.lines().at(-1)).toContain('"second":29,"n":1999');
  });

  test('no frame breaks it, whatever it is', () => {
    const { trace, note } = aTrace();
    trace.start(60_000);
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const trap = {
      get fails() {
        throw new Error('no');
      },
    };
    for (const frame of [
      undefined,
      null,
      '{"half',
      `{"type":"journal","x":"${'y'.repeat(20_000)}"}`,
      circle,
      trap,
      1n,
    ]) {
      expect(() => note(frame)).not.toThrow();
    }
    expect(trace.lines().join('\n')).toContain('{"type":"journal","bytes":20');
  });
});

describe('what is taken out', () => {
  const digits = fc.integer({ min: 100_000_000, max: 999_999_999 }).map((number) => `49${number}`);

  test('numbers, wherever they stand', () => {
    fc.assert(
      fc.property(digits, fc.constantFrom('remote', 'dialString', 'dialled', 'x'), (number, key) => {
        const frame = {
          [key]: `+${number}`,
          deep: [{ number: { kind: 'e164', number: `+${number}` } }],
          raw: Number(number),
        };
        expect(JSON.stringify(redacted({ ...frame, [number]: 1 }))).not.toContain(number);
      }),
    );
  });

  test('secrets, names and what people wrote; what a frame is about stays', () => {
    const frame = {
      type: 'enrol',
      code: 'BCDFGHJK',
      proof: 'abc',
      publicKey: 'key',
      device: { name: 'Sample browser' },
      command: { name: 'makeCall', args: { digits: '1234', confirm: 'token' } },
      note: 'Wants an offer',
      base: 'Wants nothing',
      items: [{ answeredBy: 'Erika Example', callBack: { by: 'Erika Example' }, group: 'Erika Example’s team' }],
      line: { device: 'Erika’s phone', label: 'Private' },
      result: { code: 'policy-blocked' },
      options: { password: 'hunter2' },
      capabilities: ['answer', 'drop'],
      since: 1_763_800_000_000,
      ageMs: 1_234_567,
      asOf: '2026-11-22T10:01:05.000Z',
    };
    expect(redacted(frame)).toEqual({
      type: 'enrol',
      code: '[secret]',
      proof: '[secret]',
      publicKey: '[secret]',
      device: { name: '[14 characters]' },
      command: { name: 'makeCall', args: { digits: '[secret]', confirm: '[secret]' } },
      note: '[14 characters]',
      base: '[13 characters]',
      items: [{ answeredBy: '[13 characters]', callBack: { by: '[13 characters]' }, group: '[20 characters]' }],
      line: { device: '[13 characters]', label: '[7 characters]' },
      result: { code: 'policy-blocked' },
      options: { password: '[secret]' },
      capabilities: ['answer', 'drop'],
      since: 1_763_800_000_000,
      ageMs: 1_234_567,
      asOf: '2026-11-22T10:01:05.000Z',
    });
  });

  test('all that a sign-in at the identity provider is made of', () => {
    const frames = [
      { type: 'sign-in', ticket: 'sample-ticket', url: 'https://id.example/authorize?state=sample-state' },
      { type: 'finish-sign-in', ticket: 'sample-ticket', answer: 'code=sample-code&state=sample-state' },
    ];
    for (const frame of frames) {
      expect(JSON.stringify(redacted(frame))).not.toContain('sample');
      expect(redacted(frame)).toMatchObject({ type: frame.type });
    }
  });
});
