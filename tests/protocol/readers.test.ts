// The two readers treat every frame as hostile: whatever comes, the relay answers with a code and never throws, the
// extension gets a message, a skip or a ProtocolError, and nothing outside the frame changes.
import {
  ERROR_CODES,
  MAX_CLIENT_BYTES,
  MESSAGE_TYPES,
  ProtocolError,
  readClientMessage,
  readServerMessage,
} from '@offhook/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { goldenFrames, mutated, randomOf } from '../fakes/mutated-frames.ts';

const isFull = process.env['OFFHOOK_FULL'] === '1';
const MUTATED_FRAMES = isFull ? 1_000_000 : 100_000;
const RUNS = isFull ? 20_000 : 1000;

const clientFrames = goldenFrames('client');
const serverFrames = goldenFrames('server');

/** Fails unless a frame is read the way that callers rely on. */
function expectHarmless(frame: string): void {
  const read = readClientMessage(frame);
  if (read.ok) expect(MESSAGE_TYPES.client).toContain(read.message.type);
  else {
    expect(ERROR_CODES).toContain(read.code);
    expect(read.reason.length).toBeGreaterThan(0);
    expect(read.reason.length).toBeLessThanOrEqual(256);
  }
  try {
    const message = readServerMessage(frame);
    if (message) expect(MESSAGE_TYPES.server).toContain(message.type);
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: 'message-invalid' });
  }
}

describe('hostile frames', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const long = 'x'.repeat(MAX_CLIENT_BYTES);
  test.each([
    ['nothing', ''],
    ['a bare word', 'hello'],
    ['null', 'null'],
    ['a number', '1e999'],
    ['a list', '[{"type":"ping","n":1}]'],
    ['half a frame', '{"type":"ping",'],
    ['64 KiB of one letter', long],
    ['64 KiB in a string', JSON.stringify({ type: 'ping', n: 1, pad: long })],
    ['a type of 64 KiB', JSON.stringify({ type: long })],
    ['a command of 64 KiB', JSON.stringify({ type: 'command', name: long })],
    ['30,000 lists in each other', nested(30_000)],
    ['deep nesting in a field', `{"type":"ping","n":${nested(20_000)}}`],
    ['20,000 fields', JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`f${n}`, n])))],
    ['a type that is an object', '{"type":{"toString":"ping"}}'],
    ['a type from the prototype', '{"type":"constructor"}'],
    ['a lone surrogate', '{"type":"ping","n":1,"x":"\\ud800"}'],
    ['the same field twice', '{"type":"ping","type":"hello","n":1}'],
  ])('%s does no harm', (_, frame) => {
    expectHarmless(frame);
  });

  test.each(['__proto__', 'constructor', 'prototype'])('%s in a frame pollutes nothing', (field) => {
    const poison = '{"isAdmin":true,"polluted":"yes"}';
    const frames = [
      `{"type":"ping","n":1,"${field}":${poison}}`,
      `{"type":"error","code":"internal","params":{"${field}":"polluted"}}`,
      `{"type":"command","id":"m1","key":"k1","name":"answer","lineId":"l","args":{"${field}":${poison}},"deadlineMs":1}`,
      `{"${field}":{"type":"ping","n":1}}`,
    ];
    for (const frame of frames) {
      expectHarmless(frame);
      const read = readClientMessage(frame);
      if (read.ok) expect(Object.getPrototypeOf(read.message)).toBe(Object.prototype);
    }
    expect('polluted' in {}).toBe(false);
    expect('isAdmin' in {}).toBe(false);
  });

  test('a frame whose fields come from its prototype is refused', () => {
    expect(readClientMessage('{"__proto__":{"type":"ping","n":1}}').ok).toBe(false);
  });
});

describe('refused frames keep what their sender needs', () => {
  const command = { type: 'command', id: 'm1', key: 'k1', lineId: 'l1', deadlineMs: 1000 };
  test.each([
    [{ ...command, name: 'makeCall', args: { number: { kind: 'e164', number: '030 1' } } }, 'number-invalid'],
    [{ ...command, name: 'makeCall', args: { number: { kind: 'e164', number: '+4930\r\n' } } }, 'number-invalid'],
    [{ ...command, name: 'redirect', args: { to: { kind: 'code', code: '*21;drop' } } }, 'number-invalid'],
    [{ ...command, name: 'sendDtmf', args: { digits: '1;2' } }, 'message-invalid'],
    [{ ...command, name: 'makeCall', args: {} }, 'number-invalid'],
    [{ ...command, name: 'setDnd', args: { on: 'yes' } }, 'message-invalid'],
    [{ ...command, name: 'hold', args: {}, deadlineMs: 60_001 }, 'message-invalid'],
    [{ ...command, name: 'hold', args: {}, lineId: 'two words' }, 'message-invalid'],
    [{ ...command, name: 'levitate', args: {} }, 'not-supported'],
  ])('%j', (frame, code) => {
    expect(readClientMessage(JSON.stringify(frame))).toMatchObject({ ok: false, code, id: 'm1', key: 'k1' });
  });

  test('an id that is no id is not sent back', () => {
    const read = readClientMessage(JSON.stringify({ ...command, id: 'a b', name: 'hold', args: {} }));
    expect(read).toEqual({ ok: false, code: 'message-invalid', reason: expect.any(String), key: 'k1' });
  });
});

describe('properties', () => {
  test('no text makes a reader fail', () => {
    fc.assert(fc.property(fc.string({ maxLength: 500 }), expectHarmless), { numRuns: RUNS });
  });

  test('no JSON makes a reader fail', () => {
    const types = fc.constantFrom(...MESSAGE_TYPES.client, ...MESSAGE_TYPES.server);
    const frame = fc.oneof(
      fc.json(),
      fc.tuple(types, fc.dictionary(fc.string(), fc.jsonValue())).map(([type, fields]) => {
        return JSON.stringify({ ...fields, type });
      }),
    );
    fc.assert(fc.property(frame, expectHarmless), { numRuns: RUNS });
  });

  test('a field of a good frame may have any value', () => {
    const good = fc.constantFrom(...clientFrames, ...serverFrames);
    fc.assert(
      fc.property(good, fc.nat(), fc.jsonValue(), (text, at, value) => {
        const frame = JSON.parse(text);
        const fields = Object.keys(frame);
        frame[fields[at % fields.length] ?? 'type'] = value;
        expectHarmless(JSON.stringify(frame));
      }),
      { numRuns: RUNS },
    );
  });
});

test(`${MUTATED_FRAMES.toLocaleString('en')} mutated frames: each is read or refused, none throws`, () => {
  const seed = fc.sample(fc.integer(), 1)[0] ?? 1;
  const random = randomOf(seed);
  const frames = [...clientFrames, ...serverFrames];
  let read = 0;
  for (let round = 0; round < MUTATED_FRAMES; round += 1) {
    const frame = mutated(frames[random(frames.length)] ?? '', random);
    try {
      if (readClientMessage(frame).ok) read += 1;
      if (round % 4 === 0) readServerMessage(frame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) expect.fail(`seed ${seed}, frame ${JSON.stringify(frame)}: ${error}`);
    }
  }
  // Mutations must be mild enough that some frames still pass, or nothing behind the first check was tried.
  expect(read).toBeGreaterThan(MUTATED_FRAMES / 1000);
  expect(read).toBeLessThan(MUTATED_FRAMES);
});
