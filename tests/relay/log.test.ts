// No full telephone number enters the log, whoever logs what in whatever form.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, type LogOptions, maskNumber, maskText } from '../../relay/src/log.ts';
import { logFile } from '../../relay/src/log-file.ts';

function aLog(options: Partial<LogOptions> = {}) {
  let text = '';
  const destination = {
    write(line: string) {
      text += line;
    },
  };
  return { log: createLog({ level: 'debug', destination, ...options }), text: () => text };
}

const digits = fc.integer({ min: 100_000_000, max: 999_999_999 }).map((number) => `49${number}`);
// The same number as people write it, with signs between the digits.
const written = fc
  .tuple(
    digits,
    fc.array(fc.constantFrom('', '', ' ', '-', '/', '.', ' / ', '\u00a0', ') ', ' ('), {
      minLength: 11,
      maxLength: 11,
    }),
  )
  .map(([number, signs]) => `+${[...number].map((digit, index) => digit + (index < 10 ? signs[index] : '')).join('')}`);

function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '');
}

describe('maskNumber', () => {
  test.each([
    ['+493023125042', '+49…042'],
    ['03023125042', '030…042'],
    ['23125042', '…42'],
    ['112', '112'],
    ['18', '18'],
  ])('%s becomes %s', (number, masked) => {
    expect(maskNumber(number)).toBe(masked);
  });
});

describe('maskText', () => {
  test.each([
    ['call from +49 (0) 30 / 231 25-042 to 18', 'call from +49…042 to 18'],
    ['tel:+493023125042;ext=7', 'tel:+49…042;ext=7'],
    ['０３０ ２３１２５０４２', '030…042'],
    ['٠٣٠٢٣١٢٥٠٤٢', '030…042'],
    ['0.3.0.2.3.1.2.5.0.4.2', '030…042'],
  ])('%j becomes %j', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  test.each([
    'listening on 127.0.0.1:8730',
    'since 2026-11-21T10:01:02.345Z',
    'peer 192.168.100.200',
    'took 12345 ms, code 4401, v0.1.0',
    'Error: x\n    at file.ts:120:15',
  ])('%j stays as it is', (text) => {
    expect(maskText(text)).toBe(text);
  });

  test('a number cannot hide as an address or a time', () => {
    expect(digitsOf(maskText('+49.30.231.250'))).not.toContain('4930231250');
    expect(digitsOf(maskText('030.231.250.42'))).not.toContain('03023125042');
    expect(digitsOf(maskText('+49 30 23 12.5.0.4 2'))).not.toContain('4930231250');
    expect(digitsOf(maskText('1493-02-31T25:04:29Z'))).not.toContain('149302312504');
  });
});

describe('the log', () => {
  test('whatever way a number takes into it, it comes out masked', () => {
    fc.assert(
      fc.property(written, (number) => {
        const { log, text } = aLog();
        const bare = digitsOf(number);
        log.info(`dialling ${number}`);
        log.info('dialling %s', number);
        log.info({ number, list: [{ deep: { number } }], [number]: 1, value: Number(bare) }, 'an order');
        log.error(new Error(`no answer from ${number}`, { cause: new Error(number) }));
        log.warn({ err: Object.assign(new Error('x'), { dialString: bare }) });
        log.child({ remote: number }).debug({ map: { toJSON: () => number } }, 'in a child');
        const lines = text().trim().split('\n');
        expect(lines).toHaveLength(6);
        for (const line of lines) {
          const withoutTime = line.replace(/"time":"[^"]+"/, '');
          expect(digitsOf(withoutTime)).not.toContain(bare);
          expect(withoutTime.replace(/[\s\p{Pd}().,/\u00a0]/gu, '')).not.toMatch(/\d{9}/);
          expect(() => JSON.parse(line)).not.toThrow();
        }
      }),
      { numRuns: 200 },
    );
  });

  test('what a line is about stays readable', () => {
    const { log, text } = aLog();
    log.info({ callId: 'cabcdef', durationMs: 123_456_789_012, bytes: 12 }, 'call ended');
    expect(JSON.parse(text())).toMatchObject({
      level: 'info',
      msg: 'call ended',
      callId: 'cabcdef',
      durationMs: 123_456_789_012,
    });
  });

  test('for people: one line a message, and no control characters of a caller in it', () => {
    const { log, text } = aLog({ format: 'text' });
    log.info({ name: 'Anna\u001b[31m\u202eSample', line: 18 }, 'call from +493023125042');
    expect(text()).toMatch(/^\d\d:\d\d:\d\d {2}info {3}call from \+49…042 {2}name=Anna \[31m Sample {2}line=18\n$/);
    log.error({ err: new Error('gone wrong') }, 'failed');
    expect(text()).toMatch(/failed\n {2}Error: gone wrong\n {6}at /);
  });

  test('the level decides what is written', () => {
    const { log, text } = aLog({ level: 'warn' });
    log.info('quiet');
    expect(text()).toBe('');
  });

  test('a log file belongs to its owner and has each line at once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'offhook-log-'));
    const path = join(folder, 'new', 'relay.log');
    createLog({ level: 'info', destination: logFile(path) }).info('call from +493023125042');
    expect(readFileSync(path, 'utf8')).toContain('call from +49…042');
    expect(statSync(path).mode & 0o077).toBe(0);
    rmSync(folder, { recursive: true });
  });
});
