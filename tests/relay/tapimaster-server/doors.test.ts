// The server as programs see it: TCP, UDP and HTTP over real sockets, into the real command path.
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { aCall, aLine, settled } from '../builders.ts';
import { askOverHttp, sayOverTcp, sayOverUdp } from './callers.ts';
import { BY_ADDRESS, BY_KEY, KEY, startTapiMasterRig, type TapiMasterRig, type Written } from './rig.ts';

let rig: TapiMasterRig;
const start = async (...options: Parameters<typeof startTapiMasterRig>) => {
  rig = await startTapiMasterRig(...options);
};
afterEach(() => rig.close());

const DIALLED = 'makeCall 100 003023125042';

describe('over TCP', () => {
  it.each(['\r\n', '\n', '\r'])('a line that ends with %j is carried out and answered', async (end) => {
    await start(BY_ADDRESS);
    expect(await sayOverTcp(rig.tcp, `MakeCall 100 030 23125042${end}`)).toBe('OK done\r\n');
    expect(rig.told()).toEqual([DIALLED]);
  });

  it('several lines on one connection are carried out in their order', async () => {
    await start(BY_ADDRESS);
    expect(await sayOverTcp(rig.tcp, 'MakeCall 100 102\r\nForward 100 *\r\nForward 100\r\n', { lines: 3 })).toBe(
      'OK done\r\nOK done\r\nOK done\r\n',
    );
    expect(rig.told()).toEqual(['makeCall 100 102', 'setDnd 100', 'setForward 100', 'setDnd 100']);
  });

  it('a half line is not dialled when the connection ends, unless that is wanted', async () => {
    await start(BY_ADDRESS);
    expect(await sayOverTcp(rig.tcp, 'MakeCall 100 030231', { end: true })).toMatch(/^ERR not-understood .*line break/);
    expect(rig.told()).toEqual([]);
    await rig.close();
    await start({ ...BY_ADDRESS, acceptUnterminated: true });
    expect(await sayOverTcp(rig.tcp, 'MakeCall 100 03023125042', { end: true })).toBe('OK done\r\n');
  });

  it('nothing is looked for behind a line that is no command', async () => {
    await start(BY_ADDRESS);
    const stun = Buffer.concat([Buffer.from([0, 3, 0, 8, 0x21, 0x12]), Buffer.from('\r\nMakeCall 100 102\r\n')]);
    await sayOverTcp(rig.tcp, stun, { lines: 9 });
    await sayOverTcp(rig.tcp, 'USER anna\r\nMakeCall 100 102\r\n', { lines: 9 });
    await sayOverTcp(rig.tcp, `${'x'.repeat(5_000)}\r\nMakeCall 100 102\r\n`, { lines: 9 });
    expect(rig.told()).toEqual([]);
  });
});

describe('who keeps a connection without saying anything whole', () => {
  it.each(['', 'MakeCall 100 1', 'GET /MakeCall%20100%20102 HTTP/1.1\r\nX-Slow: '])('is cut: %j', async (said) => {
    await start(BY_ADDRESS);
    let isOver = false;
    const over = sayOverTcp(rig.tcp, said, { lines: 99 }).then(() => {
      isOver = true;
    });
    while (!isOver) {
      await settled();
      rig.clock.advance(1_000);
    }
    await over;
    expect(rig.told()).toEqual([]);
  });

  it('and no more than twenty of one address are held', async () => {
    await start(BY_ADDRESS);
    const held = Array.from({ length: 25 }, () =>
      connect({ port: rig.tcp, host: '127.0.0.1' }).on('error', () => undefined),
    );
    const refused = await new Promise<number>((resolve) => {
      let count = 0;
      for (const socket of held) {
        socket.on('close', () => {
          count += 1;
          if (count === 5) resolve(count);
        });
        socket.resume();
      }
    });
    expect(refused).toBe(5);
    for (const socket of held) socket.destroy();
  });
});

describe('who says much on one connection', () => {
  it('is not read on while what was said waits for its turn', async () => {
    await start(BY_ADDRESS);
    rig.answerWith(() => 'silent');
    const socket = connect({ port: rig.tcp, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    socket.write('MakeCall 100 102\r\n'.repeat(1_000_000));
    while (rig.orders.length === 0) await settled();
    for (let turn = 0; turn < 1_000 && socket.writableLength > 0; turn += 1) await settled();
    expect(socket.writableLength).toBeGreaterThan(0);
    socket.destroy();
  });

  it('is answered line by line, though no more is read than can be carried out', async () => {
    await start({ ...BY_ADDRESS, commandsPerMinute: 500 });
    const lines = Array.from({ length: 100 }, (_, at) => `MakeCall 100 ${200 + at}`);
    const answers = await sayOverTcp(rig.tcp, `${lines.join('\r\n')}\r\n`, { lines: 100 });
    expect(answers).toBe('OK done\r\n'.repeat(100));
    expect(rig.told()).toEqual(lines.map((line) => line.replace('MakeCall', 'makeCall')));
  });
});

describe('over HTTP on the same port', () => {
  it('GET dials for an address for which that is allowed', async () => {
    await start(BY_ADDRESS);
    expect(await askOverHttp(rig.tcp, '/MakeCall%20100%20030%2023125042')).toMatchObject({
      status: 200,
      body: 'OK done\r\n',
    });
    expect(rig.told()).toEqual([DIALLED]);
  });

  it('GET without a key does nothing where it was not allowed', async () => {
    await start({ ...BY_ADDRESS, callers: [{ user: 'anna', addresses: ['127.0.0.1'] }] });
    expect(await askOverHttp(rig.tcp, '/MakeCall%20100%20102')).toMatchObject({ status: 401 });
    expect(rig.told()).toEqual([]);
  });

  it('a key in a header is enough', async () => {
    await start(BY_KEY);
    const headers = { authorization: `Bearer ${KEY}` };
    expect(await askOverHttp(rig.tcp, '/MakeCall%20100%20102', { headers, method: 'POST' })).toMatchObject({
      status: 200,
    });
    expect(await askOverHttp(rig.tcp, '/MakeCall%20100%20102')).toMatchObject({ status: 401 });
    expect(rig.told()).toEqual(['makeCall 100 102']);
  });

  it('a command in the body of a request is no command', async () => {
    await start(BY_ADDRESS);
    const body = 'MakeCall 100 102\r\nMakeCall 100 102\r\n';
    for (const method of ['POST', 'GET', 'PUT']) {
      await askOverHttp(rig.tcp, '/', { method, body, headers: { 'content-type': 'text/plain' } });
    }
    expect(rig.told()).toEqual([]);
  });

  it('a named page may ask with a key, and is told so', async () => {
    await start({ ...BY_KEY, origins: ['https://crm.example'] });
    const origin = 'https://crm.example';
    const asked = await askOverHttp(rig.tcp, '/Drop%20100', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-headers': 'authorization' },
    });
    expect(asked).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': origin } });
    const headers = { origin, authorization: `Bearer ${KEY}`, 'sec-fetch-site': 'cross-site' };
    expect(await askOverHttp(rig.tcp, '/MakeCall%20100%20102', { headers })).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': origin },
    });
  });
});

describe('over UDP', () => {
  it('a datagram is carried out and answered', async () => {
    await start(BY_ADDRESS);
    expect(await sayOverUdp(rig.udp, 'MakeCall 100 030 23125042')).toBe('OK done\r\n');
    expect(rig.told()).toEqual([DIALLED]);
  });

  it('a datagram that the network doubled is carried out once', async () => {
    await start(BY_ADDRESS);
    const { createSocket } = await import('node:dgram');
    const socket = createSocket('udp4');
    const answer = new Promise((resolve) => socket.once('message', resolve));
    for (let times = 0; times < 3; times += 1) socket.send('MakeCall 100 102\r\n', rig.udp, '127.0.0.1');
    await answer;
    socket.close();
    // One more round trip: whatever was on its way is through.
    await sayOverUdp(rig.udp, 'Forward 100 *');
    expect(rig.told()).toEqual(['makeCall 100 102', 'setDnd 100']);
  });
});

describe('while it is closed', () => {
  it('an order that is still being carried out is answered to nobody, and nothing breaks', async () => {
    await start(BY_ADDRESS);
    rig.answerWith(() => 'silent');
    const { createSocket } = await import('node:dgram');
    const socket = createSocket('udp4');
    socket.send('MakeCall 100 102\r\n', rig.udp, '127.0.0.1');
    while (rig.orders.length === 0) await settled();
    await rig.closeDoors();
    // Now the order is given up, and its reply is there.
    rig.clock.advance(4_000);
    await settled();
    socket.close();
  });
});

describe('who is calling', () => {
  it('a key means its user, over each way that has room for one', async () => {
    await start(BY_KEY);
    expect(await sayOverTcp(rig.tcp, `Key ${KEY} MakeCall 100 102\r\n`)).toBe('OK done\r\n');
    expect(await sayOverUdp(rig.udp, `Key ${KEY} MakeCall 100 102`)).toBe('OK done\r\n');
    expect(await sayOverTcp(rig.tcp, 'MakeCall 100 102\r\n')).toMatch(/^ERR caller-unknown/);
    expect(rig.told()).toHaveLength(2);
  });

  it('five wrong keys within a minute shut the address out, right ones included', async () => {
    await start(BY_KEY);
    for (let times = 0; times < 5; times += 1) {
      expect(await sayOverTcp(rig.tcp, `Key wrong${times} MakeCall 100 102\r\n`)).toMatch(/^ERR caller-unknown/);
    }
    expect(await sayOverTcp(rig.tcp, `Key ${KEY} MakeCall 100 102\r\n`)).toMatch(/^ERR rate-limited/);
    rig.clock.advance(60_001);
    expect(await sayOverTcp(rig.tcp, `Key ${KEY} MakeCall 100 102\r\n`)).toBe('OK done\r\n');
  });

  it.each([
    ['an address of nobody', [{ user: 'anna', addresses: ['192.168.1.0/24'] }]],
    ['an address of two', ['anna', 'ben'].map((user) => ({ user, addresses: ['127.0.0.0/8'] }))],
    ['a user who is not there', [{ user: 'carl', addresses: ['127.0.0.1'] }]],
  ])('%s dials nothing', async (_, callers) => {
    await start({ ...BY_ADDRESS, callers });
    expect(await sayOverTcp(rig.tcp, 'MakeCall 100 102\r\n')).toMatch(/^ERR (?:caller-unknown|not-permitted)/);
    expect(rig.told()).toEqual([]);
  });

  it('a key that is bound to addresses is good from there alone', async () => {
    await start({ ...BY_KEY, callers: [{ user: 'anna', key: 'secret:anna', addresses: ['192.168.1.18'] }] });
    expect(await sayOverTcp(rig.tcp, `Key ${KEY} MakeCall 100 102\r\n`)).toMatch(/^ERR caller-unknown/);
  });

  it('has the rights of the user and no others', async () => {
    await start(BY_ADDRESS);
    const say = (line: string) => sayOverTcp(rig.tcp, `${line}\r\n`);
    expect(await say('MakeCall 200 102')).toMatch(/^ERR line-unknown/);
    expect(await say('MakeCall 300 102')).toMatch(/^ERR not-permitted/);
    expect(await say('Pickup 100 200')).toMatch(/^ERR line-unknown/);
    expect(await say('Pickup 100 300')).toBe('OK done\r\n');
    expect(rig.told()).toEqual(['pickup 100']);
  });
});

describe('NNNNN', () => {
  const withTable: Written = { ...BY_ADDRESS, extensions: './FCTIIPEX.INI' };

  it('is the extension that the table gives the address', async () => {
    await start(withTable);
    writeFileSync(join(rig.dir, 'FCTIIPEX.INI'), '[Other]\r\n127.0.0.1=300\r\n[Extensions]\r\n127.0.0.1=200\r\n');
    expect(await askOverHttp(rig.tcp, '/MakeCall%20NNNNN%20102')).toMatchObject({ status: 403 });
    writeFileSync(join(rig.dir, 'FCTIIPEX.INI'), '; desks\r\n[extensions]\r\n127.0.0.1 = 100\r\n');
    expect(await askOverHttp(rig.tcp, '/MakeCall%20NNNNN%20102')).toMatchObject({ status: 200 });
    expect(rig.told()).toEqual(['makeCall 100 102']);
  });

  it('is the user’s own line where no table says it', async () => {
    await start(withTable);
    expect(await sayOverTcp(rig.tcp, 'MakeCall NNNNN 102\r\n')).toBe('OK done\r\n');
  });
});

describe('the guard', () => {
  it.each([
    ['112', 'confirmation-needed'],
    ['+43 1 234567890', 'confirmation-needed'],
    ['0900 1234567', 'policy-blocked'],
    ['*21*030231250#', 'policy-blocked'],
    ['+870 773 123456', 'policy-blocked'],
  ])('holds here, too: %s', async (number, code) => {
    await start(BY_ADDRESS);
    const answer = await sayOverTcp(rig.tcp, `MakeCall 100 ${number}\r\n`);
    expect(answer).toMatch(new RegExp(`^ERR ${code} `));
    expect(answer).not.toMatch(/confirm: /);
    expect(await sayOverTcp(rig.tcp, `Forward 100 ${number}\r\n`)).toMatch(/^ERR /);
    expect(rig.told()).toEqual([]);
  });

  it('says in words where a confirmation is possible', async () => {
    await start(BY_ADDRESS);
    expect(await sayOverTcp(rig.tcp, 'MakeCall 100 112\r\n')).toContain('dial it there');
  });
});

describe('what is answered', () => {
  it('calls of the line are found', async () => {
    await start(BY_ADDRESS);
    const calls = [aCall({ callId: 'talk', state: 'connected' }), aCall({ callId: 'ring', state: 'offering' })];
    rig.board.set(aLine({ lineId: 'line-100', lineKey: '100', extension: '100', calls }));
    expect(await sayOverTcp(rig.tcp, 'Redirect 100 102\r\n')).toBe('OK done\r\n');
    expect(rig.orders).toMatchObject([{ callKey: 'key of ring', dialString: '102' }]);
    expect(await sayOverTcp(rig.tcp, 'Toggle 100\r\n')).toMatch(/^ERR call-unknown .*one on hold/);
  });

  it('sent, where the phone system does not say how it came out', async () => {
    await start(BY_ADDRESS);
    rig.answerWith(() => {
      setImmediate(() => rig.clock.advance(4_001));
      return 'silent';
    });
    expect(await sayOverTcp(rig.tcp, 'MakeCall 100 102\r\n')).toBe('OK sent\r\n');
  });

  it('refused, where the phone system refuses', async () => {
    await start(BY_ADDRESS);
    rig.answerWith(() => ({ type: 'rejected', code: 'pbx-rejected', params: { cause: 'busy' } }));
    expect(await sayOverTcp(rig.tcp, 'MakeCall 100 102\r\n')).toBe(
      'ERR pbx-rejected the phone system refused (cause: busy)\r\n',
    );
  });

  it('unknown, where nobody knows', async () => {
    await start(BY_ADDRESS);
    rig.answerWith(() => {
      throw new Error('lost');
    });
    expect(await sayOverTcp(rig.tcp, 'MakeCall 100 102\r\n')).toMatch(/^UNKNOWN outcome-unknown /);
  });

  it('too many, beyond what one user may order in a minute', async () => {
    await start({ ...BY_ADDRESS, commandsPerMinute: 2 });
    expect(await sayOverTcp(rig.tcp, 'Forward 100 *\n'.repeat(4), { lines: 4 })).toMatch(
      /^OK done\r\nOK done\r\nERR rate-limited .*\r\nERR rate-limited/,
    );
  });
});

it('does not start with keys that can be guessed, or that two users share', async () => {
  await start(BY_KEY);
  await expect(startTapiMasterRig(BY_KEY, { keys: { anna: 'short' } })).rejects.toThrow(/shorter than 16/);
  const callers = ['anna', 'ben'].map((user) => ({ user, key: 'secret:anna' }));
  await expect(startTapiMasterRig({ ...BY_KEY, callers })).rejects.toThrow(/same as that of another caller/);
});

it('says which key of the configuration is at fault when a port is taken, and leaves nothing open', async () => {
  await start(BY_ADDRESS);
  const taken = startTapiMasterRig({ ...BY_ADDRESS, tcp: '127.0.0.1:0', udp: `127.0.0.1:${rig.udp}` });
  await expect(taken).rejects.toThrow(`tapiMasterServer.udp: port ${rig.udp} on 127.0.0.1 is in use`);
});
