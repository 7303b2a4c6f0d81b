// The letters of the manager interface: nothing that is sent can begin a line of its own, nothing that comes can break reading.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AmiMessage, createReader, encodeAction } from '../../../../relay/src/pbx/asterisk/wire.ts';

// Any letter of Latin-1, control characters among them.
const text = fc.string({ unit: fc.nat(0xff).map((code) => String.fromCharCode(code)), maxLength: 40 });

function readAll(chunks: readonly Buffer[]): { banner: string | undefined; messages: AmiMessage[]; floods: number } {
  const found: ReturnType<typeof readAll> = { banner: undefined, messages: [], floods: 0 };
  const read = createReader({
    onBanner: (line) => {
      found.banner = line;
    },
    onMessage: (message) => found.messages.push(message),
    onFlood: () => {
      found.floods += 1;
    },
  });
  for (const chunk of chunks) read(chunk);
  return found;
}

function cutInPieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

describe('actions', () => {
  it('are lines of key and value, several for a key with several values', () => {
    expect(encodeAction({ Action: 'Originate', Exten: '101', Nothing: undefined, Variable: ['a=1', 'b=2'] })).toBe(
      'Action: Originate\r\nExten: 101\r\nVariable: a=1\r\nVariable: b=2\r\n\r\n',
    );
  });

  it.each(['\r', '\n', '\r\nAction: Command', '\0', '\u0007'])('refuse a value with %j', (text) => {
    expect(() => encodeAction({ Action: 'Hangup', Channel: `PJSIP/100${text}` })).toThrow(/control character/);
    expect(() => encodeAction({ Action: 'Hangup', Variable: ['plain', text] })).toThrow(/control character/);
  });

  it('never hold more lines than they have values, whatever is in these', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (values) => {
        let bytes: string;
        try {
          bytes = encodeAction({ Action: 'Sample', Variable: values });
        } catch {
          return;
        }
        expect(bytes.split('\r\n')).toHaveLength(values.length + 3);
      }),
    );
  });
});

describe('messages', () => {
  const bytes = Buffer.from(
    'Asterisk Call Manager/5.0.4\r\nEvent: Newchannel\r\nCallerIDName: Jürgen Sämple\r\nEmpty: \r\n\r\n' +
      'Response: Success\r\nNote: a: b\r\n\r\n',
  );
  const whole = [
    { Event: 'Newchannel', CallerIDName: 'Jürgen Sämple', Empty: '' },
    { Response: 'Success', Note: 'a: b' },
  ];

  it('are read alike however they are cut', () => {
    for (let size = 1; size <= bytes.length; size += 1) {
      const { banner, messages } = readAll(cutInPieces(bytes, size));
      expect(banner).toBe('Asterisk Call Manager/5.0.4');
      expect(messages.map((message) => ({ ...message }))).toEqual(whole);
    }
  });

  it('of any bytes never throw, and never reach what objects have of themselves', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (rubbish) => {
        readAll([bytes, Buffer.from(rubbish)]);
      }),
    );
    const { messages } = readAll([Buffer.from('banner\r\n__proto__: x\r\nconstructor: y\r\n\r\n')]);
    expect(messages[0]?.['constructor']).toBe('y');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    expect(messages[0]?.['toString']).toBeUndefined();
  });

  it('without end are given up, once', () => {
    const flood = Buffer.alloc(700_000, 'a');
    expect(readAll([Buffer.from('banner\r\n'), flood, flood, flood, flood]).floods).toBe(1);
  });
});
