import type { Cursor, Line, ServerMessage } from '@offhook/protocol';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { aCall, aGrant, aLine, settled } from './builders.ts';
import { type Client, createRig, type RigOptions } from './session-rig.ts';

const RUNS = process.env['OFFHOOK_FULL'] === '1' ? 5_000 : 200;
const LINE_IDS = ['line-0', 'line-1', 'line-2', 'line-3'];

type Step =
  | { type: 'change'; line: number; isFat: boolean }
  | { type: 'grant'; line: number; isGranted: boolean }
  | { type: 'stall' }
  | { type: 'drain' }
  | { type: 'wait'; ms: number }
  | { type: 'subscribe' }
  | { type: 'reconnect'; isForgetful: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('change' as const), line: fc.nat(3), isFat: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('grant' as const), line: fc.nat(3), isGranted: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ type: 'stall' }) },
  { weight: 3, arbitrary: fc.constant<Step>({ type: 'drain' }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(1, 25, 300, 20_000) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ type: 'subscribe' }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('reconnect' as const), isForgetful: fc.boolean() }) },
);

// One line of these fills more than half a part.
const longNumber = { kind: 'raw', text: 'x'.repeat(250) } as const;
const fatCalls = Array.from({ length: 50 }, (_, n) =>
  aCall({
    callId: `call-${n}`,
    direction: 'outbound',
    dialled: longNumber,
    remote: { number: longNumber, name: 'y'.repeat(120) },
  }),
);
const seeing = (userId: string, lineId: string) => aGrant(userId, lineId, 'watch', 'see-numbers', 'see-names');

/** Plays the steps with one client; answers what was claimed too early and what is wrong at the end. */
async function faultsOf(steps: readonly Step[], plant: Partial<RigOptions> = {}): Promise<string[]> {
  const faults: string[] = [];
  let version = 0;
  const rig = createRig({
    users: { 'user-1': 'tenant-1' },
    grants: [seeing('user-1', 'line-0'), seeing('user-1', 'line-1')],
    onFrame: (one, message) => faults.push(...earlyClaims(one, message)),
    ...plant,
  });
  // Each state of a line has its version in its name.
  function change(line: number, { isFat }: { isFat: boolean }): void {
    version += 1;
    rig.board.set(aLine({ lineId: LINE_IDS[line]!, name: `v${version}`, calls: isFat ? fatCalls : [] }));
  }
  function earlyClaims(one: Client, message: ServerMessage): string[] {
    const isClaim = ['snapshot', 'delta', 'heartbeat'].includes(message.type) && !one.isAssembling;
    if (!isClaim || !one.cursor) return [];
    const { rev } = one.cursor;
    const aclRevNow = current.aclRev;
    // While grants were changed and the session has not looked again, the picture is of the rights before.
    if (one.cursor.aclRev !== aclRevNow) return [];
    return rig.board.lines('tenant-1').flatMap((line) => {
      const has = one.picture.get(line.lineId)?.name;
      const isMissing = current.granted.has(line.lineId) && line.rev <= rev && has !== line.name;
      return isMissing ? [`${message.type} claims ${rev} with ${line.lineId} as ${has} instead of ${line.name}`] : [];
    });
  }
  const current = { granted: new Set(['line-0', 'line-1']), aclRev: 1 };
  change(0, { isFat: false });
  change(2, { isFat: true });
  let client = await rig.connect('user-1');

  async function run(one: Step): Promise<void> {
    switch (one.type) {
      case 'change':
        return change(one.line, one);
      case 'grant': {
        const lineId = LINE_IDS[one.line]!;
        if (one.isGranted) current.granted.add(lineId);
        else current.granted.delete(lineId);
        if (one.isGranted) await rig.access.putGrant(seeing('user-1', lineId));
        else await rig.access.removeGrant('user-1', lineId);
        current.aclRev = (await rig.access.viewer('user-1'))?.aclRev ?? 0;
        return settled();
      }
      case 'stall':
        client.isStalled = true;
        return;
      case 'drain':
        client.isStalled = false;
        client.buffered = 0;
        return rig.clock.advance(25);
      case 'wait':
        await client.send({ type: 'ping', n: 1 });
        return rig.clock.advance(one.ms);
      case 'subscribe':
        return client.send({ type: 'subscribe', lines: ['*'], journal: false });
      case 'reconnect': {
        client.leave();
        const { picture, cursor } = client;
        const resume = one.isForgetful ? undefined : cursor && structuredClone(cursor);
        client = await rejoin(resume, one.isForgetful ? undefined : picture);
        return;
      }
      default:
        return one satisfies never;
    }
  }
  // What was known before is kept when the relay says that it still holds.
  async function rejoin(resume: Cursor | undefined, picture: Map<string, Line> | undefined): Promise<Client> {
    const one = await rig.connect('user-1', resume, ['*'], picture);
    const welcome = one.frames.find((message) => message.type === 'welcome');
    const first = one.frames.find((message) => message.type === 'snapshot' || message.type === 'delta');
    const isGood = resume !== undefined && resume.epoch === 'epoch-1' && resume.aclRev === current.aclRev;
    if (welcome?.resumed !== isGood) faults.push(`resumed is ${welcome?.resumed} for ${JSON.stringify(resume)}`);
    if (!isGood && first?.type !== 'snapshot') faults.push(`begins with ${first?.type}`);
    const rev = rig.board.rev('tenant-1');
    if (first?.type === 'delta' && first.rev !== rev) faults.push(`begins with a delta up to ${first.rev} of ${rev}`);
    return one;
  }
  for (const one of steps) {
    if (client.closed !== undefined) client = await rejoin(client.cursor, client.picture);
    await run(one);
  }
  if (client.closed !== undefined) client = await rejoin(client.cursor, client.picture);
  await run({ type: 'drain' });
  await settled();
  for (const line of rig.board.lines('tenant-1')) {
    const shown = client.picture.get(line.lineId)?.name;
    const shall = current.granted.has(line.lineId) ? line.name : undefined;
    if (shown !== shall) faults.push(`at the end ${line.lineId} is ${shown} instead of ${shall}`);
  }
  if (client.isAssembling) faults.push('the last snapshot never came whole');
  return faults;
}

test('a client that applies frames by the rules has the relay’s picture, and nothing is claimed too early', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
      expect(await faultsOf(steps)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

describe('feed: frames', () => {
  async function aRig(options: Partial<RigOptions> = {}) {
    const rig = createRig({
      users: { 'user-1': 'tenant-1', 'user-2': 'tenant-1' },
      grants: [seeing('user-1', '*'), aGrant('user-2', 'line-1', 'watch')],
      ...options,
    });
    for (const lineId of LINE_IDS) rig.board.set(aLine({ lineId }));
    return rig;
  }
  const types = (client: Client) => client.frames.map(({ type }) => type);

  test('a large snapshot goes to a slow but healthy client part by part', async () => {
    const rig = await aRig();
    for (const lineId of LINE_IDS) rig.board.set(aLine({ lineId, calls: fatCalls }));
    const client = await rig.connect('user-1', undefined, []);
    client.frames.length = 0;
    client.isStalled = true;
    await client.send({ type: 'subscribe', lines: ['*'], journal: false });
    expect(client.frames).toHaveLength(1);
    for (let part = 2; part <= LINE_IDS.length; part += 1) {
      client.buffered = 0;
      rig.clock.advance(25);
      expect(client.frames.at(-1)).toMatchObject({ type: 'snapshot', part, parts: LINE_IDS.length });
    }
    expect(client.closed).toBeUndefined();
    expect(client.picture.size).toBe(LINE_IDS.length);
  });

  test('a delta in several frames claims its revision with the last one', async () => {
    const rig = await aRig();
    const client = await rig.connect('user-1');
    const from = client.cursor?.rev ?? 0;
    client.frames.length = 0;
    client.buffered = 1;
    for (const lineId of LINE_IDS) rig.board.set(aLine({ lineId, calls: fatCalls }));
    client.buffered = 0;
    rig.clock.advance(25);
    const revs = client.frames.map((message) => (message.type === 'delta' ? message.rev : undefined));
    expect(revs).toEqual([from, from + LINE_IDS.length]);
  });

  test('a client that resumes and missed too much for one delta gets a snapshot in numbered parts', async () => {
    const rig = await aRig();
    const before = await rig.connect('user-1');
    before.leave();
    for (const lineId of LINE_IDS) rig.board.set(aLine({ lineId, name: 'changed', calls: fatCalls }));
    const client = await rig.connect('user-1', before.cursor, ['*'], before.picture);
    const parts = client.frames.map((message) => message.type === 'snapshot' && [message.part, message.parts]);
    expect(parts.slice(2)).toEqual(LINE_IDS.map((_, index) => [index + 1, LINE_IDS.length]));
    expect([...client.picture.values()].map(({ name }) => name)).toEqual(LINE_IDS.map(() => 'changed'));
    expect(client.cursor?.rev).toBe(rig.board.rev('tenant-1'));
  });

  test('behind a backlog, many changes of a line become one', async () => {
    const rig = await aRig();
    const client = await rig.connect('user-1');
    client.frames.length = 0;
    client.buffered = 1;
    for (let n = 0; n < 100; n += 1) rig.board.set(aLine({ lineId: 'line-1', name: `v${n}` }));
    expect(client.frames).toEqual([]);
    client.buffered = 0;
    rig.clock.advance(25);
    expect(client.frames).toMatchObject([{ type: 'delta', lines: [{ lineId: 'line-1', name: 'v99' }] }]);
  });

  test('a client that takes nothing any more is cut as a slow consumer', async () => {
    const rig = await aRig();
    const client = await rig.connect('user-1');
    client.buffered = 1;
    rig.board.set(aLine({ lineId: 'line-1', name: 'changed' }));
    rig.clock.advance(14_000);
    expect(client.closed).toBeUndefined();
    rig.clock.advance(2_000);
    expect(client.closed).toBe('slow-consumer');
  });

  test('a change of a line that is not granted sends nothing at all', async () => {
    const rig = await aRig();
    const client = await rig.connect('user-2');
    client.frames.length = 0;
    rig.board.set(aLine({ lineId: 'line-2', name: 'changed' }));
    expect(client.frames).toEqual([]);
  });

  test('a client that takes nothing is not told of lines that it does not want, and not cut for them', async () => {
    const rig = await aRig();
    const client = await rig.connect('user-1', undefined, ['line-1']);
    client.frames.length = 0;
    client.buffered = 1;
    rig.board.set(aLine({ lineId: 'line-2', name: 'changed' }));
    rig.clock.advance(16_000);
    client.buffered = 0;
    rig.clock.advance(25);
    expect(client.closed).toBeUndefined();
    expect(client.frames).toEqual([]);
  });

  test('lines that are not wanted leave no empty frame behind those that are', async () => {
    const rig = await aRig();
    const client = await rig.connect('user-1', undefined, ['line-0', 'line-1']);
    client.frames.length = 0;
    client.buffered = 1;
    for (const lineId of ['line-0', 'line-1']) rig.board.set(aLine({ lineId, calls: fatCalls }));
    rig.board.set(aLine({ lineId: 'line-2', name: 'changed' }));
    client.buffered = 0;
    rig.clock.advance(25);
    expect(client.frames).toMatchObject([{ type: 'delta', lines: [{ lineId: 'line-0' }, { lineId: 'line-1' }] }]);
  });

  test('a change that is told takes the place of a heartbeat', async () => {
    const rig = await aRig();
    const client = await rig.connect('user-1');
    rig.clock.advance(15_000);
    client.frames.length = 0;
    rig.board.set(aLine({ lineId: 'line-1', name: 'changed' }));
    rig.clock.advance(19_000);
    expect(types(client)).toEqual(['delta']);
    rig.clock.advance(1_000);
    expect(types(client)).toEqual(['delta', 'heartbeat']);
  });

  test('a heartbeat before the subscription claims nothing', async () => {
    const rig = await aRig();
    const cursor = { epoch: 'epoch-1', rev: 1, aclRev: 1 };
    const client = await rig.connect('user-1', cursor, ['line-9']);
    expect(client.frames.at(-1)).toMatchObject({ type: 'delta', rev: 4, lines: [] });
    const silent = await rig.connect('user-1', cursor, ['*'], undefined, { subscribes: false });
    rig.clock.advance(20_000);
    expect(silent.frames.at(-1)).toEqual({ type: 'heartbeat', epoch: 'epoch-1', rev: 0 });
  });

  test.each([
    ['the same place', {}, 'delta'],
    ['another epoch', { epoch: 'epoch-0' }, 'snapshot'],
    ['other grants', { aclRev: 7 }, 'snapshot'],
    ['a place that was never reached', { rev: 99 }, 'snapshot'],
  ])('a client that resumes from %s gets one %s', async (_what, parts, type) => {
    const rig = await aRig();
    const client = await rig.connect('user-1', { epoch: 'epoch-1', rev: 2, aclRev: 1, ...parts });
    expect(types(client)).toEqual(['challenge', 'welcome', type]);
    const last = client.frames.at(-1);
    const lines = last?.type === 'delta' || last?.type === 'snapshot' ? last.lines.length : 0;
    expect(lines).toBe(type === 'delta' ? 2 : 4);
  });

  test('a new grant brings its line at once, a revoked one takes it away', async () => {
    const rig = await aRig();
    const client = await rig.connect('user-2');
    await rig.access.putGrant(aGrant('user-2', 'line-2', 'watch'));
    await settled();
    expect([...client.picture.keys()]).toEqual(['line-1', 'line-2']);
    await rig.access.removeGrant('user-2', 'line-1');
    await settled();
    expect([...client.picture.keys()]).toEqual(['line-2']);
  });

  test('of two changes of grants at once, the later view holds', async () => {
    const slow: (() => void)[] = [];
    let isSlow = false;
    const rig = await aRig({
      plant: (access) => ({
        ...access,
        async viewer(userId) {
          const viewer = await access.viewer(userId);
          if (isSlow) await new Promise<void>((resolve) => void slow.push(resolve));
          return viewer;
        },
      }),
    });
    const client = await rig.connect('user-2');
    isSlow = true;
    await rig.access.putGrant(aGrant('user-2', 'line-2', 'watch'));
    await settled();
    await rig.access.removeGrant('user-2', 'line-1');
    await settled();
    // The later answer comes first.
    for (const resolve of slow.reverse()) {
      resolve();
      await settled();
    }
    expect([...client.picture.keys()]).toEqual(['line-2']);
  });

  test('a grant that is taken away while somebody signs in is not there after the sign-in', async () => {
    let revoke: (() => Promise<void>) | undefined;
    const rig = await aRig({
      plant: (access) => ({
        ...access,
        async viewer(userId) {
          const viewer = await access.viewer(userId);
          const first = revoke;
          revoke = undefined;
          await first?.();
          return viewer;
        },
      }),
    });
    revoke = () => rig.access.removeGrant('user-2', 'line-1');
    const client = await rig.connect('user-2');
    expect([...client.picture.keys()]).toEqual([]);
  });

  test('a place that held at the sign-in is asked for again at the subscription', async () => {
    const { board, access, connect } = createRig({
      users: { 'user-1': 'tenant-1' },
      grants: [aGrant('user-1', 'line-1', 'watch'), aGrant('user-1', 'line-2', 'watch')],
    });
    for (const lineId of ['line-1', 'line-2', 'line-3']) board.set(aLine({ lineId }));
    const first = await connect('user-1');
    first.leave();
    const again = await connect('user-1', first.cursor, ['*'], first.picture, { subscribes: false });
    await access.removeGrant('user-1', 'line-2');
    await access.putGrant(aGrant('user-1', 'line-3', 'watch'));
    await settled();
    await again.send({ type: 'subscribe', lines: ['*'], journal: false });
    expect(again.frames.at(-1)?.type).toBe('snapshot');
    expect([...again.picture.keys()].sort()).toEqual(['line-1', 'line-3']);
  });

  test('of a line that is granted while the extension is there, every later change is told', async () => {
    const rig = await aRig();
    const client = await rig.connect('user-2');
    await rig.access.putGrant(aGrant('user-2', 'line-3', 'watch'));
    await settled();
    client.frames.length = 0;
    rig.board.set(aLine({ lineId: 'line-3', name: 'changed' }));
    expect(types(client)).toEqual(['delta']);
    expect(client.picture.get('line-3')?.name).toBe('changed');
  });

  test('an extension that leaves is not listened for any more', async () => {
    const rig = await aRig();
    const before = rig.board.listeners();
    const client = await rig.connect('user-1');
    const unwatch = vi.spyOn(rig.context.feed.fanOut, 'unwatch');
    client.leave();
    expect(unwatch).toHaveBeenCalledOnce();
    expect(rig.board.listeners()).toBe(before);
    // What was made for many is kept for a second.
    rig.clock.advance(1_000);
    expect(rig.clock.pending()).toBe(0);
  });
});
