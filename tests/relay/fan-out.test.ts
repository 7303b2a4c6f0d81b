import { type Contact, type PhoneNumber, RIGHTS } from '@offhook/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Viewer } from '../../relay/src/access.ts';
import { createFanOut, type LineWatcher } from '../../relay/src/fan-out.ts';
import { createFeed } from '../../relay/src/feed.ts';
import { lineFor, type Sight, sightKeyOf, sightOf } from '../../relay/src/line-view.ts';
import { madeFrame } from '../../relay/src/made-frame.ts';
import { createOutlet } from '../../relay/src/outlet.ts';
import type { BoardLine } from '../../relay/src/switchboard.ts';
import { createWatchIndex } from '../../relay/src/watch-index.ts';
import { createFakeBoard } from '../fakes/board.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { aCall, aGrant, aLine, aViewer, BERLIN } from './builders.ts';

function aFanOut() {
  const clock = createFakeClock();
  const board = createFakeBoard();
  const fanOut = createFanOut({ ...board, clock, epoch: 'epoch-1', contactOf });
  const told: string[] = [];
  const watching = (name: string, viewer: Viewer) => {
    const watcher = aWatcher((line) => told.push(`${name} ${line.lineId}`));
    fanOut.watch(watcher, viewer);
    return watcher;
  };
  return { clock, board, fanOut, told, watching };
}

/** Hears of changes and takes no frame. */
function aWatcher(hear: (line: BoardLine, sight?: Sight) => unknown): LineWatcher {
  return {
    changed(line, sight) {
      hear(line, sight);
      return undefined;
    },
    take: () => undefined,
  };
}

function contactOf(_tenantId: string, number: PhoneNumber, hidden?: ReadonlySet<string>): Contact | undefined {
  if (number.kind !== 'e164' || hidden?.has('crm')) return undefined;
  return { contactId: 'crm:1', name: 'Sample contact', source: 'crm', match: 'exact' };
}

const watcherOf = (...lineIds: string[]) =>
  aViewer({ grants: lineIds.map((lineId) => aGrant('user-1', lineId, 'watch')) });

describe('fan-out', () => {
  test('tells those who watch the line, and those who watch all, once each', () => {
    const { board, told, watching } = aFanOut();
    watching('some', watcherOf('line-1', 'line-2'));
    watching('other', watcherOf('line-2'));
    watching('all', watcherOf('*'));
    board.set(aLine({ lineId: 'line-1' }));
    expect(told).toEqual(['some line-1', 'all line-1']);
  });

  test('who is entered again is told by the new grants alone', () => {
    const { board, fanOut, told, watching } = aFanOut();
    const watcher = watching('one', watcherOf('line-1'));
    fanOut.watch(watcher, watcherOf('line-2'));
    board.set(aLine({ lineId: 'line-1' }));
    board.set(aLine({ lineId: 'line-2' }));
    expect(told).toEqual(['one line-2']);
  });

  test('who has left is told nothing', () => {
    const { board, fanOut, told, watching } = aFanOut();
    fanOut.unwatch(watching('one', watcherOf('line-1')));
    board.set(aLine({ lineId: 'line-1' }));
    expect(told).toEqual([]);
  });

  test('all who watch a line are asked before the first of them is sent anything', () => {
    const { board, fanOut } = aFanOut();
    const steps: string[] = [];
    for (const name of ['one', 'none', 'other']) {
      const frame = madeFrame(name);
      fanOut.watch(
        {
          changed() {
            steps.push(`asks ${name}`);
            return name === 'none' ? undefined : frame;
          },
          take: ({ text }) => void steps.push(`${text} takes its own`),
        },
        watcherOf('line-1'),
      );
    }
    board.set(aLine({ lineId: 'line-1' }));
    expect(steps).toEqual(['asks one', 'asks none', 'asks other', 'one takes its own', 'other takes its own']);
  });

  test('writes times as a Date does, whatever was written before', () => {
    const { fanOut } = aFanOut();
    const viewer = watcherOf('line-1');
    const times = fc.array(fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 59_990, max: 60_010 })));
    fc.assert(
      fc.property(times, (asked) => {
        const told = asked.map((asOf) => JSON.parse(fanOut.textFor(viewer, aLine({ lineId: 'line-1', asOf }))).asOf);
        expect(told).toEqual(asked.map((asOf) => new Date(asOf).toISOString()));
      }),
    );
  });

  test('those who see a line alike get one frame, who sees less gets another', () => {
    const { board, fanOut } = aFanOut();
    const frames: { text: string }[] = [];
    const rights = ['watch', 'see-numbers', 'see-names'] as const;
    for (const viewer of [
      aViewer({ grants: [aGrant('user-1', 'line-1', ...rights)] }),
      aViewer({ grants: [aGrant('user-1', 'line-1', ...rights), aGrant('user-1', 'line-2', 'control')] }),
      watcherOf('line-1'),
    ]) {
      const changed = (line: BoardLine) => frames.push(fanOut.deltaFor(sightOf(viewer, line.lineId), line));
      fanOut.watch(aWatcher(changed), viewer);
    }
    const remote = { number: { kind: 'e164', number: '+493023125042' } as const };
    board.set(aLine({ lineId: 'line-1', calls: [aCall({ remote })] }));
    expect(frames[1]).toBe(frames[0]);
    expect(frames[2]?.text).not.toContain('23125042');
    expect(frames[0]?.text).toContain('23125042');
  });

  test('who hides the same sources gets the same frame, and is told with the sight of the one who was entered', () => {
    const { board, fanOut } = aFanOut();
    const told: { sight: Sight | undefined; frame: object }[] = [];
    for (const hidden of [['crm'], ['crm'], []]) {
      const viewer = { ...watcherOf('line-1'), hiddenSources: new Set(hidden) };
      const changed = (line: BoardLine, sight?: Sight) =>
        told.push({ sight, frame: fanOut.deltaFor(sightOf(viewer, line.lineId), line) });
      fanOut.watch(aWatcher(changed), viewer);
    }
    board.set(aLine({ lineId: 'line-1' }));
    expect(told.map(({ sight }) => [...(sight?.hidden ?? ['none'])])).toEqual([['crm'], ['crm'], []]);
    expect(told[1]?.frame).toBe(told[0]?.frame);
    expect(told[2]?.frame).not.toBe(told[0]?.frame);
  });

  test('a feed that was entered with rights that do not hold any more shows by those that do', () => {
    const { board, clock, fanOut } = aFanOut();
    const frames: string[] = [];
    let viewer = aViewer({ grants: [aGrant('user-1', 'line-1', 'watch', 'see-numbers')] });
    const feed = createFeed({
      client: {
        get viewer() {
          return viewer;
        },
        isTaking: () => true,
        sendMade: ({ text }) => void frames.push(text),
      },
      sendText: () => undefined,
      outlet: createOutlet({ bufferedBytes: () => 0, clock, onStalled: () => undefined }),
      context: { ...board, clock, epoch: 'epoch-1', contactOf, locationOf: () => BERLIN, fanOut },
    });
    feed.subscribe(['*']);
    const remote = { number: { kind: 'e164', number: '+493023125042' } as const };
    const change = () => board.set(aLine({ lineId: 'line-1', calls: [aCall({ remote })] }));
    change();
    viewer = watcherOf('line-1');
    change();
    viewer = watcherOf('line-2');
    change();
    expect(frames.map((text) => text.includes('23125042'))).toEqual([true, false]);
  });

  test('a caller is looked up once for all who have the same sources', () => {
    const { clock, board } = aFanOut();
    let lookUps = 0;
    const counting = (...asked: Parameters<typeof contactOf>) => {
      lookUps += 1;
      return contactOf(...asked);
    };
    const fanOut = createFanOut({ ...board, clock, epoch: 'epoch-1', contactOf: counting });
    const hidden = new Set<string>();
    for (const right of ['see-numbers', 'see-names', 'control'] as const) {
      const viewer = { ...aViewer({ grants: [aGrant('user-1', 'line-1', 'watch', right)] }), hiddenSources: hidden };
      const changed = (line: BoardLine) => fanOut.deltaFor(sightOf(viewer, line.lineId), line);
      fanOut.watch(aWatcher(changed), viewer);
    }
    const remote = { number: { kind: 'e164', number: '+493023125042' } as const };
    board.set(aLine({ lineId: 'line-1', calls: [aCall({ remote })] }));
    expect(lookUps).toBe(1);
  });

  test('a frame says the revision of its line, and is the delta that it would be by itself', () => {
    const { board, clock, fanOut } = aFanOut();
    board.set(aLine({ lineId: 'line-1' }));
    board.set(aLine({ lineId: 'line-2', calls: [aCall()] }));
    const line = board.line('line-2')!; // just set
    const viewer = watcherOf('*');
    const lines = [lineFor(viewer, line, { now: clock.now(), contactOf })];
    expect(JSON.parse(fanOut.deltaFor(sightOf(viewer, 'line-2'), line).text)).toEqual({
      type: 'delta',
      epoch: 'epoch-1',
      rev: 2,
      lines,
    });
  });

  test('the age of a call is told as it is, within a twentieth of a second', () => {
    const { board, clock, fanOut } = aFanOut();
    board.set(aLine({ lineId: 'line-1', calls: [aCall({ since: clock.now() })] }));
    const age = () => {
      const read = JSON.parse(fanOut.textFor(watcherOf('*'), board.line('line-1')!)) as { calls: [{ ageMs: number }] };
      return read.calls[0].ageMs;
    };
    expect(age()).toBe(0);
    clock.advance(51);
    expect(age()).toBe(51);
  });

  test('a change that was not told of is told with the next one, in the order of revisions', () => {
    const board = createFakeBoard();
    const clock = createFakeClock();
    let tell: (change: { tenantId: string; lineId: string }) => void = () => undefined;
    const onChange = (listener: typeof tell) => {
      tell = listener;
      return () => undefined;
    };
    const fanOut = createFanOut({ ...board, onChange, clock, epoch: 'epoch-1', contactOf });
    const revs: number[] = [];
    fanOut.watch(
      aWatcher(({ rev }) => revs.push(rev)),
      watcherOf('*'),
    );
    expect(fanOut.toldRev('tenant-1')).toBe(0);
    for (const lineId of ['line-3', 'line-1', 'line-2']) board.set(aLine({ lineId }));
    tell({ tenantId: 'tenant-1', lineId: 'line-2' });
    expect(revs).toEqual([1, 2, 3]);
    expect(fanOut.toldRev('tenant-1')).toBe(3);
  });
});

test('two viewers whose sight has the same key see the same, whoever they are', () => {
  const grants = fc.record({
    rights: fc.subarray([...RIGHTS]),
    isOwn: fc.boolean(),
    hidden: fc.subarray(['crm', 'b']),
  });
  const remote = { number: { kind: 'e164', number: '+493023125042' } as const, name: 'Sample caller' };
  const line = aLine({ lineId: 'line-1', calls: [aCall({ remote })], forward: { when: 'all', to: remote.number } });
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(grants, fc.string({ minLength: 1, maxLength: 5 }), ({ rights, isOwn, hidden }, userId) => {
      const grant = { ...aGrant(userId, 'line-1', ...rights), isOwn };
      const base = aViewer({ userId, grants: [grant] });
      const viewer = { ...base, hiddenSources: new Set(hidden) };
      const key = sightKeyOf(sightOf(viewer, 'line-1'));
      const text = JSON.stringify(lineFor(viewer, line, { now: 0, contactOf }));
      expect(seen.get(key) ?? text).toBe(text);
      seen.set(key, text);
    }),
    { numRuns: 500 },
  );
  expect(seen.size).toBeGreaterThan(20);
});

test('an index names everybody once, however many of the lines somebody watches', () => {
  const index = createWatchIndex<string>();
  index.set('both', watcherOf('line-1', 'line-2'));
  index.set('all', watcherOf('*'));
  const namesOf = (tenantId: string, lineIds: string[]) => {
    const names: string[] = [];
    index.each(tenantId, lineIds, (name) => names.push(name));
    return names;
  };
  expect(namesOf('tenant-1', ['line-1', 'line-2'])).toEqual(['both', 'all']);
  expect(namesOf('tenant-1', ['line-2'])).toEqual(['both', 'all']);
  expect(namesOf('tenant-2', ['line-3'])).toEqual([]);
});

// RFC 6455, section 5.2.
test.each([0, 125, 126, 65_535, 65_536])('a frame of %i bytes has the head that its length asks for', (length) => {
  const { wire } = madeFrame('x'.repeat(length));
  const short = wire.readUInt8(1);
  const told = short < 126 ? short : short === 126 ? wire.readUInt16BE(2) : Number(wire.readBigUInt64BE(2));
  expect([wire.readUInt8(0), told]).toEqual([0x81, length]);
  expect(wire.length).toBe(length + (length < 126 ? 2 : length < 65_536 ? 4 : 10));
  expect(short < 126).toBe(length < 126);
  expect(short === 127).toBe(length > 65_535);
});

test('a frame holds the text as UTF-8, whatever characters are in it', () => {
  const { text, wire } = madeFrame('{"name":"Jörg Müßig ☎","n":1}');
  expect(wire.subarray(2).toString()).toBe(text);
});
