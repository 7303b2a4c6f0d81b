// Confirmations, speakers, gaps and what is erased, through the relay as a process and real browsers' connections.
import { dirname, join } from 'node:path';
import type { JournalEntry, ServerMessage } from '@offhook/protocol';
import { afterEach, expect, test } from 'vitest';
import { codeIn, type LoneRelay, pairBrowser, runRelay, signInTo, startLoneRelay } from './process-rig.ts';
import type { WireClient, WireDevice } from './wire-client.ts';

let relay: LoneRelay;
afterEach(() => relay.close());

// A key proves itself to one address: a relay on another port needs another one.
const paired = async (user: string, url = relay.url): Promise<WireDevice> =>
  pairBrowser(url, codeIn(await relay.cli('pair', user)));

async function browserOf(user: string): Promise<WireClient> {
  const { client } = await signInTo(relay.url, await paired(user));
  await client.next('snapshot');
  await client.next('journal');
  return client;
}

async function entry(client: WireClient, holds: (entry: JournalEntry) => boolean): Promise<JournalEntry> {
  for (;;) {
    const { items } = await client.next('journal');
    for (const item of items) if (!('gone' in item) && holds(item)) return item;
  }
}

async function lineOf(client: WireClient, extension: string): Promise<string> {
  const frames = client.frames.flatMap((frame) => (frame.type === 'snapshot' ? frame.lines : []));
  const line = frames.find((one) => one.extension === extension);
  if (!line) throw new Error(`no line ${extension}`);
  return line.lineId;
}

const configFile = () => join(dirname(dirname(relay.controlPath)), 'relay.yaml');

const notified = (frames: readonly ServerMessage[]) =>
  frames.flatMap((frame) => (frame.type === 'notify' ? [`${frame.show ? '+' : '-'}${frame.reason}`] : []));

test('an emergency call is asked about, dialled once with its token, and never with the same token again', async () => {
  relay = await startLoneRelay();
  const ada = await browserOf('ada');
  const lineId = await lineOf(ada, '10');
  const order = (key: string, confirm?: string) => ({
    type: 'command',
    id: key,
    key,
    name: 'makeCall',
    lineId,
    args: { number: { kind: 'service', number: '112' }, ...(confirm !== undefined && { confirm }) },
    deadlineMs: 5_000,
  });
  const outcome = async (message: object): Promise<ServerMessage & { type: 'result' }> => {
    ada.send(message);
    for (;;) {
      const result = await ada.next('result');
      if (result.state !== 'accepted' && result.state !== 'sent') return result;
    }
  };
  const question = await outcome(order('k1'));
  expect(question).toMatchObject({ state: 'failed', code: 'confirmation-needed', params: { reason: 'emergency' } });
  const token = String(question.params?.['confirm']);
  expect(await outcome(order('k2', token))).toMatchObject({ state: 'done' });
  expect(await outcome(order('k3', token))).toMatchObject({ state: 'failed', code: 'confirmation-needed' });
  expect(relay.simulator.exchange.received().map(({ dialString }) => dialString)).toEqual(['112']);
  ada.socket.terminate();
});

test('of two browsers one announces the call, and what is dismissed there is cleared on the other one', async () => {
  relay = await startLoneRelay();
  const [desk, laptop] = [await browserOf('ada'), await browserOf('ada')];
  laptop.send({ type: 'see-journal', until: '2026-01-15T09:00:00.000Z' });
  await laptop.next('journal-seen');
  relay.simulator.exchange.callIn({ to: '10', from: '03023125042' });
  const { callId } = await laptop.next('notify');
  laptop.send({ type: 'seen', callId, action: 'shown' });
  laptop.send({ type: 'seen', callId, action: 'dismissed' });
  await desk.next('notify');
  expect([notified(laptop.frames), notified(desk.frames)]).toEqual([['+speaker'], ['-dismissed']]);
  for (const client of [desk, laptop]) client.socket.terminate();
});

test('a call that the group missed is taken on by one; a relay that was killed says when it did not listen', async () => {
  relay = await startLoneRelay();
  const [ada, ben] = [await browserOf('ada'), await browserOf('ben')];
  relay.simulator.exchange.callIn({ to: '90', from: '03023125042' });
  await entry(ben, () => true);
  relay.simulator.exchange.hands.farHangsUp('10');
  const missed = await entry(ada, ({ outcome }) => outcome === 'missed');
  ada.send({ type: 'call-back', id: 'm1', entryId: missed.entryId, take: true });
  const taken = await entry(ben, ({ callBack }) => callBack !== undefined);
  expect(taken).toMatchObject({
    entryId: missed.entryId,
    group: 'Sales',
    callBack: { by: 'Ada Sample', isMine: false },
  });

  relay.child.kill('SIGKILL');
  await relay.ended;
  const again = runRelay(['start', '--config', configFile()]);
  try {
    const [, url = ''] = await again.said(/relay listening on (\S+)/);
    const { client } = await signInTo(url, await paired('ada', url));
    const hasEnded = ({ gaps }: ServerMessage & { type: 'journal-gaps' }) => gaps[0]?.endedAt !== undefined;
    let told = await client.next('journal-gaps');
    while (!hasEnded(told)) told = await client.next('journal-gaps');
    expect(told.gaps).toMatchObject([{ reason: 'relay' }]);
    client.socket.terminate();
  } finally {
    again.child.kill('SIGKILL');
    await again.ended;
  }
  for (const one of [ada, ben]) one.socket.terminate();
});

test('what is kept of a number is exported, and erased for good; the audit says so without the number', async () => {
  relay = await startLoneRelay();
  const ada = await browserOf('ada');
  relay.simulator.exchange.callIn({ to: '10', from: '03023125042' });
  relay.simulator.exchange.hands.reject('10');
  const { entryId } = await entry(ada, ({ outcome }) => outcome === 'missed');
  const exported = () => relay.cli('journal', 'export', '--number', '030 23125042');
  expect(await exported()).toMatchObject([{ entryId, outcome: 'missed' }]);
  expect(await relay.cli('journal', 'erase', '+49 30 23125042')).toEqual([{ tenant: 'sample', erased: 1, running: 0 }]);
  expect((await ada.next('journal')).items).toEqual([{ entryId, gone: true }]);
  expect(await exported()).toEqual([]);
  const audit = await relay.cli('audit', '--limit', '50');
  expect(audit.map((record) => (record as { action: string }).action)).toEqual(
    expect.arrayContaining(['pair', 'exportJournal', 'eraseJournal']),
  );
  expect(JSON.stringify(audit)).not.toMatch(/2312/);
  ada.socket.terminate();
});

test('exported as CSV, a caller’s name is never a formula', async () => {
  relay = await startLoneRelay();
  const ada = await browserOf('ada');
  relay.simulator.exchange.callIn({ to: '10', from: '03023125042', name: '=HYPERLINK("https://bad.example","x")' });
  relay.simulator.exchange.hands.reject('10');
  await entry(ada, ({ outcome }) => outcome === 'missed');
  const run = runRelay(['journal', 'export', '--config', configFile()]);
  expect(await run.ended).toMatchObject({ code: 0 });
  const [head = '', row = ''] = run.out().split('\n');
  expect(head).toMatch(/^startedAt,answeredAt,endedAt,direction,outcome,number,name,/);
  expect(row).toContain(`,inbound,missed,+493023125042,"'=HYPERLINK(""https://bad.example"",""x"")",`);
  ada.socket.terminate();
});
