// Whatever is thrown at the server: it stays up, and nothing but [+0-9*#] ever reaches a driver. `npm run test:full` throws
// a hundred times as much.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { judgeRequest } from '../../../relay/src/tapimaster-server/web-rules.ts';
import { sayOverTcp, sayOverUdp } from './callers.ts';
import { startTapiMasterRig, type TapiMasterRig } from './rig.ts';

const isFull = process.env['OFFHOOK_FULL'] === '1';
const STREAMS = isFull ? 20_000 : 300;

let rig: TapiMasterRig;
beforeAll(async () => {
  rig = await startTapiMasterRig({
    ...{ tcp: '127.0.0.1:0', udp: '127.0.0.1:0', commandsPerMinute: 10_000 },
    callers: [{ user: 'anna', addresses: ['127.0.0.1'], plainGet: true }],
  });
});
afterAll(() => rig.close());

const verb = fc.constantFrom(
  'MakeCall',
  'MakeCall',
  'Forward',
  'Forward',
  'Redirect',
  'Pickup',
  'Drop',
  'Answer',
  'Toggle',
  'Key',
  'GET',
);
const extension = fc.constantFrom('100', '100', '100', 'NNNNN', '200', '*');
const number = fc.oneof(
  fc.integer({ min: 0, max: 999 }).map((last) => `030 23125${String(last).padStart(3, '0')}`),
  fc.stringMatching(/^[+0-9*#()./ -]{1,24}$/),
  fc.constantFrom(
    '102',
    '+493023125042',
    '112',
    '0900123456',
    '*21*0302312#',
    '102\r\nMakeCall 100 103',
    '102;ext=1',
    '10\u00002',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const line = fc.tuple(verb, extension, number).map((parts) => parts.join(' '));
const stream = fc.oneof(
  fc.array(line, { maxLength: 4 }).map((lines) => Buffer.from(lines.join('\r\n'))),
  line.map((one) => Buffer.from(`GET /${encodeURIComponent(one.toWellFormed())} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)),
  line.map((one) =>
    Buffer.from(`POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${one.length}\r\n\r\n${one}\r\n`),
  ),
  fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
);

it('nothing but [+0-9*#] reaches a driver, and the server stays up', async () => {
  await fc.assert(
    fc.asyncProperty(stream, async (bytes) => {
      rig.clock.advance(61_000);
      await sayOverTcp(rig.tcp, Buffer.concat([bytes, Buffer.from('\r\n')]), { lines: 99, end: true });
    }),
    { numRuns: STREAMS },
  );
  expect(rig.orders.length).toBeGreaterThan(STREAMS / 50);
  for (const { dialString, order } of rig.orders) {
    if ('number' in order.args || ('to' in order.args && order.args.to !== null)) expect(dialString).toBeDefined();
    expect(dialString ?? '').toMatch(/^[+0-9*#]*$/);
    expect(JSON.stringify(order.args)).not.toMatch(/\\[rnu]|;/);
  }
  rig.clock.advance(61_000);
  expect(await sayOverUdp(rig.udp, 'Forward 100 *')).toBe('OK done\r\n');
});

it('no request of a browser is a line without a key, whatever else is in it', () => {
  const signs = fc.constantFrom(
    ...(['origin', 'referer', 'cookie', 'accept-language', 'sec-fetch-site', 'sec-fetch-mode', 'sec-ch-ua'] as const),
  );
  const headers = fc.dictionary(fc.constantFrom('accept', 'user-agent', 'x-any', 'connection', 'host'), fc.string());
  fc.assert(
    fc.property(
      headers,
      signs,
      fc.string(),
      fc.constantFrom('GET', 'POST', 'OPTIONS', 'HEAD'),
      (all, sign, value, method) => {
        const request = { method, url: '/MakeCall%20100%20102', headers: { ...all, [sign]: value } };
        const rules = { hosts: new Set(['127.0.0.1']), origins: new Set<string>() };
        expect(judgeRequest(request, rules).type).toBe('refused');
      },
    ),
    { numRuns: isFull ? 200_000 : 5_000 },
  );
});
