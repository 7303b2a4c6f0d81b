// Browsers by the hundred that stop reading, vanish without a word, or come back all at once, and proxies on the way that
// cut what is quiet: nobody costs the others anything, and whoever is back has the truth.
import { afterEach, describe, expect, test } from 'vitest';
import { createTcpProxy, type TcpProxy } from '../../fakes/tcp-proxy.ts';
import { aCall, aGrant, aLine, settled } from '../builders.ts';
import { type Rig, startRig } from '../server-rig.ts';
import { createRig } from '../session-rig.ts';
import type { WireClient } from '../wire-client.ts';

const isFull = process.env['OFFHOOK_FULL'] === '1';
const STALLED = isFull ? 1_000 : 100;
const COMING_BACK = isFull ? 5_000 : 200;
const LINES = 20;
const MOST_QUEUED_BYTES = 262_144;

let rig: Rig | undefined;
let proxy: TcpProxy | undefined;
afterEach(async () => {
  await proxy?.close();
  await rig?.close();
  [rig, proxy] = [undefined, undefined];
});

const aBusyLine = (n: number, name: string, calls = 8) =>
  aLine({
    lineId: `line-${n}`,
    lineKey: String(n),
    extension: String(n),
    name,
    calls: Array.from({ length: calls }, (_, call) => aCall({ callId: `call-${n}-${call}` })),
  });

describe(`${STALLED} browsers that stop reading`, () => {
  test('have at most 256 KiB waiting each, are cut, and cost a healthy one nothing', async () => {
    const people = createRig({ users: { 'user-1': 'tenant-1' }, grants: [aGrant('user-1', '*', 'watch')] });
    for (let n = 0; n < LINES; n += 1) people.board.set(aBusyLine(n, 'before'));
    const healthy = await people.connect('user-1');
    const stalled = [];
    for (let n = 0; n < STALLED; n += 1) stalled.push(await people.connect('user-1'));
    for (const client of stalled) client.isStalled = true;
    let most = 0;
    for (let round = 0; stalled.some(({ closed }) => closed === undefined) && round < 200; round += 1) {
      for (let n = 0; n < LINES; n += 1) people.board.set(aBusyLine(n, `round ${round}`));
      // Some go on asking while they read nothing.
      for (const client of stalled)
        if (client.closed === undefined && round % 4 === 0) void client.send({ type: 'ping', n: round });
      await settled();
      people.clock.advance(1_000);
      void healthy.send({ type: 'ping', n: round });
      most = Math.max(most, ...stalled.map(({ buffered }) => buffered));
    }
    expect(most).toBeLessThanOrEqual(MOST_QUEUED_BYTES);
    expect(new Set(stalled.map(({ closed }) => closed))).toEqual(new Set(['slow-consumer']));
    expect(healthy.closed).toBeUndefined();
    expect([...healthy.picture.values()].map(({ name }) => name)).toEqual(
      people.board.lines('tenant-1').map(({ name }) => name),
    );
  });

  test('never have more than 256 KiB waiting, also when they ask for page after page', async () => {
    const people = createRig({ users: { 'user-1': 'tenant-1' }, grants: [aGrant('user-1', '*', 'watch')] });
    const client = await people.connect('user-1');
    client.isStalled = true;
    for (let n = 0; client.closed === undefined && n < 20_000; n += 1) {
      await client.send({ type: 'ping', n });
      expect(client.buffered).toBeLessThanOrEqual(MOST_QUEUED_BYTES);
    }
    expect(client.closed).toBe('slow-consumer');
  });
});

/** Signs in as somebody who has a picture already, over one of many addresses; comes again when there is no room yet. */
async function comeBack(office: Rig, { device, resume, address }: Coming): Promise<WireClient> {
  for (;;) {
    const client = office.connect({}, { localAddress: address });
    const challenge = await client.next('challenge').catch(() => undefined);
    if (!challenge) continue;
    client.send(office.helloOf(device, device.proof(challenge.nonce), resume));
    await client.next('welcome');
    client.send({ type: 'subscribe', lines: ['*'], journal: false });
    return client;
  }
}

interface Coming {
  device: Awaited<ReturnType<Rig['pairedDevice']>>;
  resume?: { epoch: string; rev: number; aclRev: number };
  address: string;
}

// A company's browsers come from many addresses.
const addressOf = (n: number) => `127.0.1.${1 + (n % 250)}`;

async function anOffice(): Promise<Rig> {
  const office = await startRig([aGrant('user-1', '*', 'watch')]);
  for (let n = 0; n < LINES; n += 1) office.board.set(aBusyLine(n, 'before', 1));
  rig = office;
  return office;
}

test(`${COMING_BACK} browsers vanish and come back at once: each has the lines as they are`, async () => {
  const office = await anOffice();
  const device = await office.pairedDevice('user-1');
  const first = await comeBack(office, { device, address: addressOf(0) });
  const { epoch, rev, aclRev } = await first.next('snapshot');
  for (let n = 0; n < 7; n += 1) office.board.set(aBusyLine(n, 'meanwhile', 1));
  const clients = await Promise.all(
    Array.from({ length: COMING_BACK }, (_, n) =>
      comeBack(office, { device, address: addressOf(n), ...(n % 2 === 0 && { resume: { epoch, rev, aclRev } }) }),
    ),
  );
  for (const [n, client] of clients.entries()) {
    const { lines } = await client.next(n % 2 === 0 ? 'delta' : 'snapshot');
    const names = lines.map((line) => ('gone' in line ? '' : `${line.lineId} ${line.name}`)).sort();
    const wanted = office.board.lines('tenant-1').filter((line) => n % 2 === 1 || line.rev > rev);
    expect(names).toEqual(wanted.map(({ lineId, name }) => `${lineId} ${name}`).sort());
  }
  expect(office.server.sessions()).toHaveLength(COMING_BACK + 1);
  // Gone without a word: the relay notices by their silence.
  for (const client of clients) client.socket.pause();
  office.clock.advance(45_000);
  expect(office.server.sessions()).toEqual([]);
});

describe.each([30_000, 60_000, 100_000])('a proxy that cuts what is quiet for %i ms', (idleMs) => {
  test('finds nothing to cut in an hour without a call', async () => {
    const office = await anOffice();
    let heardAt = office.clock.elapsed();
    let longest = 0;
    const heard = () => {
      longest = Math.max(longest, office.clock.elapsed() - heardAt);
      heardAt = office.clock.elapsed();
    };
    proxy = await createTcpProxy(office.server.port, heard);
    const device = await office.pairedDevice('user-1');
    const client = office.connect({}, { port: proxy.port });
    const { nonce } = await client.next('challenge');
    client.send(office.helloOf(device, device.proof(nonce)));
    await client.next('welcome');
    client.send({ type: 'subscribe', lines: ['*'], journal: false });
    await client.next('snapshot');
    for (let beat = 0; beat < 180; beat += 1) {
      office.clock.advance(20_000);
      await client.next('heartbeat');
      client.send({ type: 'ping', n: beat });
      await client.next('pong');
    }
    expect(longest).toBeLessThan(idleMs);
    expect(office.server.sessions()).toHaveLength(1);
  });

  test('cuts a dead line: it is noticed within 45 s, and what happened meanwhile is told once', async () => {
    const office = await anOffice();
    proxy = await createTcpProxy(office.server.port);
    const device = await office.pairedDevice('user-1');
    const client = office.connect({}, { port: proxy.port });
    const { nonce } = await client.next('challenge');
    client.send(office.helloOf(device, device.proof(nonce)));
    await client.next('welcome');
    client.send({ type: 'subscribe', lines: ['*'], journal: false });
    const { epoch, rev, aclRev } = await client.next('snapshot');
    proxy.freeze();
    office.board.set(aBusyLine(3, 'meanwhile', 1));
    office.clock.advance(Math.min(idleMs, 45_000));
    if (idleMs < 45_000) proxy.cut();
    while (office.server.sessions().length > 0) await settled();
    client.socket.terminate();
    const again = await comeBack(office, { device, resume: { epoch, rev, aclRev }, address: addressOf(1) });
    const { lines } = await again.next('delta');
    expect(lines).toMatchObject([{ lineId: 'line-3', name: 'meanwhile' }]);
    again.send({ type: 'ping', n: 1 });
    await again.next('pong');
    expect(again.frames.filter(({ type }) => type === 'delta' || type === 'snapshot')).toHaveLength(1);
    expect(office.server.sessions()).toHaveLength(1);
  });
});
