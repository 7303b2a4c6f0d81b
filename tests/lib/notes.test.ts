// What agents write about calls: never lost, sent once, by whatever worker lives then.
import { describe, expect, test } from 'vitest';
import { anEntry } from '../components/builders.ts';
import { settled } from '../fakes/worker-world.ts';
import { ONLINE, restarted, result, setUp } from './notes-rig.ts';

describe('a note that is written', () => {
  test('is stored before it is answered for, at every keystroke', async () => {
    const { world, notes } = setUp();
    for (const text of ['W', 'Wa', 'Wants']) {
      await notes.write('c1', { text });
      expect(world.store.items.get('notes')).toMatchObject({ c1: { edits: { text } } });
    }
  });

  test('is sent once, after a pause in the typing', async () => {
    const { world, notes } = setUp();
    for (const text of ['W', 'Wants', 'Wants an offer.']) {
      await notes.write('c1', { text });
      world.clock.advance(500);
    }
    expect(world.sent).toEqual([]);
    world.clock.advance(100);
    expect(world.sent).toEqual([{ type: 'note', id: 'key-1', key: 'key-1', entryId: 'c1', text: 'Wants an offer.' }]);
  });

  test('is a draft until the relay has kept it', async () => {
    const { world, notes } = setUp();
    await notes.write('c1', { text: 'Wants an offer.' });
    world.clock.advance(600);
    expect(notes.drafts(ONLINE)).toEqual({ c1: { text: 'Wants an offer.', state: 'saving' } });
    notes.onMessage(result('key-1'));
    expect(notes.drafts(ONLINE)).toEqual({});
    expect(world.kept).toEqual([{ type: 'kept', entryId: 'c1', text: 'Wants an offer.' }]);
    await settled();
    expect(world.store.items.get('notes')).toEqual({});
  });

  test('only says that it waits while the relay is away', async () => {
    const { notes } = setUp();
    await notes.write('c1', { disposition: 'callBack' });
    expect(notes.drafts({ isOnline: false })).toEqual({ c1: { disposition: 'callBack', state: 'waiting' } });
  });

  test('in two parts goes in one, and what was left out is left alone', async () => {
    const { world, notes } = setUp();
    await notes.write('c1', { text: 'Wants an offer.' });
    await notes.write('c1', { disposition: 'callBack' });
    world.clock.advance(600);
    expect(world.sent).toMatchObject([{ text: 'Wants an offer.', disposition: 'callBack' }]);
    await notes.write('c2', { text: '' });
    world.clock.advance(600);
    expect(world.sent.at(-1)).toEqual({ type: 'note', id: 'key-2', key: 'key-2', entryId: 'c2', text: '' });
  });

  test('further while it is on its way follows it, and never overtakes', async () => {
    const { world, notes } = setUp();
    await notes.write('c1', { text: 'one' });
    world.clock.advance(600);
    await notes.write('c1', { text: 'one two' });
    world.clock.advance(600);
    expect(world.sent.map(({ text }) => text)).toEqual(['one']);
    notes.onMessage(result('key-1'));
    expect(world.sent.map(({ text, key }) => [text, key])).toEqual([
      ['one', 'key-1'],
      ['one two', 'key-2'],
    ]);
    expect(notes.drafts(ONLINE)['c1']?.text).toBe('one two');
  });

  test('about two calls goes on its own way for each', async () => {
    const { world, notes } = setUp();
    await notes.write('c1', { text: 'one' });
    await notes.write('c2', { text: 'two' });
    world.clock.advance(600);
    notes.onMessage(result('key-2'));
    expect(Object.keys(notes.drafts(ONLINE))).toEqual(['c1']);
    expect(world.sent).toHaveLength(2);
  });

  test('fast is written to storage one at a time, and the last one wins', async () => {
    const { world, notes } = setUp();
    let running = 0;
    let writes = 0;
    const { set } = world.store;
    world.store.set = async (items) => {
      running += 1;
      writes += 1;
      expect(running).toBe(1);
      await settled();
      await set(items);
      running -= 1;
    };
    await Promise.all(Array.from({ length: 50 }, (_none, count) => notes.write('c1', { text: 'x'.repeat(count) })));
    expect(writes).toBeLessThanOrEqual(3);
    expect(world.store.items.get('notes')).toMatchObject({ c1: { edits: { text: 'x'.repeat(49) } } });
  });

  test('goes to the relay although the storage is full', async () => {
    const { world, notes } = setUp();
    world.store.set = () => Promise.reject(new Error('full'));
    await notes.write('c1', { text: 'one' });
    world.clock.advance(600);
    expect(world.sent).toHaveLength(1);
  });
});

describe('what the writer saw when he began', () => {
  test('goes with the note, and is that of the first letter that the relay does not have', async () => {
    const { world, notes } = setUp();
    await notes.write('c1', { text: 'ab', base: 'a' });
    // The field was left and taken up again, and showed what was not sent yet.
    await notes.write('c1', { text: 'abc', base: 'ab' });
    world.clock.advance(600);
    expect(world.sent).toMatchObject([{ text: 'abc', base: 'a' }]);
    notes.onMessage(result('key-1', { state: 'failed', code: 'not-permitted' }));
    await notes.write('c1', { text: 'abcd', base: 'abc' });
    world.clock.advance(600);
    expect(world.sent.at(-1)).toMatchObject({ text: 'abcd', base: 'a' });
    notes.onMessage(result('key-2'));
    await notes.write('c1', { text: 'abcde', base: 'abcd' });
    world.clock.advance(600);
    expect(world.sent.at(-1)).toMatchObject({ text: 'abcde', base: 'abcd' });
  });

  test('is no part of the draft, nor of an outcome alone, and never makes a frame too large', async () => {
    const { world, notes } = setUp();
    await notes.write('c1', { disposition: 'callBack' });
    await notes.write('c1', { text: 'b', base: '\u0001'.repeat(8192) });
    expect(notes.drafts(ONLINE)).toEqual({ c1: { text: 'b', disposition: 'callBack', state: 'saving' } });
    world.clock.advance(600);
    expect(world.sent[0]).not.toHaveProperty('base');
    notes.onMessage(result('key-1'));
    expect(world.kept).toEqual([{ type: 'kept', entryId: 'c1', text: 'b', disposition: 'callBack' }]);
  });

  test('where the relay told the entry anew, its word on the whole of it holds', async () => {
    const { world, notes } = setUp();
    await notes.write('c1', { text: 'ab', base: 'a' });
    world.clock.advance(600);
    notes.onMessage({
      type: 'journal',
      cursor: '2',
      items: [anEntry({ entryId: 'c1', note: 'ab\nbeside' })],
      more: false,
    });
    notes.onMessage(result('key-1'));
    expect([world.kept, notes.drafts(ONLINE)]).toEqual([[], {}]);
  });
});

describe('at the end of the call, or of the view', () => {
  test('what waits for a pause is sent at once, and not again after it', async () => {
    const { world, notes } = setUp();
    await notes.write('c1', { text: 'one' });
    await notes.write('c2', { text: 'two' });
    notes.flush('c1');
    expect(world.sent.map(({ entryId }) => entryId)).toEqual(['c1']);
    notes.flush();
    world.clock.advance(600);
    expect(world.sent.map(({ entryId }) => entryId)).toEqual(['c1', 'c2']);
  });

  test('without anything written nothing is sent', () => {
    const { world, notes } = setUp();
    notes.flush('c1');
    notes.flush();
    expect(world.sent).toEqual([]);
  });
});

describe('while the relay is away', () => {
  test('it is sent as soon as it is back', async () => {
    const { world, notes } = setUp();
    world.isOnline = false;
    await notes.write('c1', { text: 'one' });
    world.clock.advance(600);
    world.isOnline = true;
    notes.onSignedIn();
    expect(world.sent).toMatchObject([{ text: 'one', key: 'key-1' }]);
  });

  test('what was on its way is asked about under the same key', async () => {
    const { world, notes } = setUp();
    await notes.write('c1', { text: 'one' });
    world.clock.advance(600);
    notes.onSignedIn();
    notes.onSignedIn();
    expect(new Set(world.sent.map((message) => JSON.stringify(message))).size).toBe(1);
    notes.onMessage(result('key-1'));
    notes.onSignedIn();
    expect(world.sent).toHaveLength(3);
  });
});

describe('a worker that dies', () => {
  test.each([
    ['before the pause was over', 100],
    ['after it was sent', 600],
  ])('%s loses nothing', async (_title, passedMs) => {
    const parts = setUp();
    const { world, notes } = parts;
    await notes.write('c1', { text: 'Wants an offer.', disposition: 'callBack' });
    world.clock.advance(passedMs);
    await settled();
    const next = await restarted(parts);
    expect(next.drafts(ONLINE)).toEqual({
      c1: { text: 'Wants an offer.', disposition: 'callBack', state: 'saving' },
    });
    // One and the same order, whoever sends it.
    expect(new Set(world.sent.map(({ key }) => key)).size).toBe(1);
    next.onMessage(result(world.sent[0]!.key));
    expect([next.drafts(ONLINE), world.kept.length]).toEqual([{}, 1]);
  });

  test('again and again, while somebody writes on, brings the last word', async () => {
    const parts = setUp();
    let { notes } = parts;
    const { world } = parts;
    for (const text of ['one', 'one two', 'one two three']) {
      await notes.write('c1', { text });
      world.clock.advance(600);
      await settled();
      notes = await restarted(parts);
    }
    notes.onMessage(result('key-1'));
    expect(world.sent.at(-1)).toMatchObject({ text: 'one two three', key: 'key-2' });
    notes.onMessage(result('key-2'));
    expect(notes.drafts(ONLINE)).toEqual({});
  });

  test('does not start the next one with storage that cannot be read', async () => {
    const parts = setUp();
    parts.world.store.get = () => Promise.reject(new Error('broken'));
    expect((await restarted(parts)).drafts(ONLINE)).toEqual({});
  });
});

describe('what the relay refuses', () => {
  test.each([
    result('key-1', { state: 'failed', code: 'call-unknown' }),
    { type: 'error', id: 'key-1', code: 'call-unknown' } as const,
  ])('is said and kept: %j', async (refusal) => {
    const { world, notes } = setUp();
    await notes.write('c1', { text: 'one' });
    world.clock.advance(600);
    notes.onMessage(refusal);
    expect(notes.drafts(ONLINE)).toEqual({ c1: { text: 'one', state: { type: 'failed', code: 'call-unknown' } } });
    expect(world.kept).toEqual([]);
  });

  test('is tried again, as a new order, when more is written and at the next sign-in', async () => {
    const { world, notes } = setUp();
    await notes.write('c1', { text: 'one', disposition: 'callBack' });
    world.clock.advance(600);
    notes.onMessage(result('key-1', { state: 'failed', code: 'not-permitted' }));
    notes.onSignedIn();
    expect(world.sent.at(-1)).toMatchObject({ key: 'key-2', text: 'one', disposition: 'callBack' });
    notes.onMessage(result('key-2', { state: 'failed', code: 'not-permitted' }));
    await notes.write('c1', { text: 'one two' });
    world.clock.advance(600);
    expect(world.sent.at(-1)).toMatchObject({ key: 'key-3', text: 'one two', disposition: 'callBack' });
  });

  test.each(['internal', 'rate-limited'] as const)(
    'only for now (%s) is sent again under its key, ever more slowly',
    async (code) => {
      const { world, notes } = setUp();
      await notes.write('c1', { text: 'one' });
      world.clock.advance(600);
      for (const [count, pauseMs] of [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000].entries()) {
        notes.onMessage(result('key-1', { state: 'failed', code }));
        expect(notes.drafts(ONLINE)).toEqual({ c1: { text: 'one', state: 'saving' } });
        world.clock.advance(pauseMs - 1);
        expect(world.sent).toHaveLength(count + 1);
        world.clock.advance(1);
        expect(world.sent).toHaveLength(count + 2);
      }
      expect(new Set(world.sent.map(({ key }) => key))).toEqual(new Set(['key-1']));
      notes.onMessage(result('key-1'));
      world.clock.advance(600_000);
      expect([world.sent.length, notes.drafts(ONLINE)]).toEqual([8, {}]);
    },
  );

  test('because the relay’s disk is full stays, says so, and is sent again with what came since', async () => {
    const parts = setUp();
    const { world, notes } = parts;
    const refused = result('key-1', { state: 'failed', code: 'store-unavailable' });
    const failed = { type: 'failed', code: 'store-unavailable' };
    await notes.write('c1', { text: 'one' });
    world.clock.advance(600);
    notes.onMessage(refused);
    expect(notes.drafts(ONLINE)).toEqual({ c1: { text: 'one', state: failed } });
    expect(notes.drafts({ isOnline: false })).toEqual({ c1: { text: 'one', state: 'waiting' } });
    await notes.write('c1', { text: 'one two' });
    expect(notes.drafts(ONLINE)).toEqual({ c1: { text: 'one two', state: failed } });
    world.clock.advance(2_000);
    expect(world.sent.map(({ key, text }) => [key, text])).toEqual([
      ['key-1', 'one'],
      ['key-1', 'one'],
    ]);
    // A worker that starts meanwhile has both.
    const next = await restarted(parts);
    expect(next.drafts(ONLINE)).toEqual({ c1: { text: 'one two', state: failed } });
    next.onMessage(result('key-1'));
    expect(next.drafts(ONLINE)).toEqual({ c1: { text: 'one two', state: 'saving' } });
    next.onMessage(result('key-2'));
    expect([world.sent.at(-1)?.text, next.drafts(ONLINE)]).toEqual(['one two', {}]);
  });

  test('is not sent again once the pairing is over', async () => {
    const { world, notes } = setUp();
    await notes.write('c1', { text: 'one' });
    world.clock.advance(600);
    notes.onMessage(result('key-1', { state: 'failed', code: 'internal' }));
    notes.forget();
    world.clock.advance(600_000);
    expect(world.sent).toHaveLength(1);
  });

  test('is given up after a week', async () => {
    const parts = setUp();
    await parts.notes.write('c1', { text: 'one' });
    parts.world.clock.advance(7 * 24 * 3_600_000);
    expect((await restarted(parts)).drafts(ONLINE)).toEqual({});
  });

  test('a text that is too long for it is not sent, and said to be', async () => {
    const { world, notes } = setUp();
    await notes.write('c1', { text: 'ü'.repeat(4097) });
    world.clock.advance(600);
    expect(world.sent).toEqual([]);
    expect(notes.drafts(ONLINE)['c1']?.state).toEqual({ type: 'failed', code: 'too-large' });
    await notes.write('c1', { text: 'ü'.repeat(4096) });
    world.clock.advance(600);
    expect(world.sent).toHaveLength(1);
  });
});

test('answers about something else change nothing', async () => {
  const { world, notes } = setUp();
  await notes.write('c1', { text: 'one' });
  world.clock.advance(600);
  notes.onMessage(result('other'));
  notes.onMessage(result('key-1', { state: 'accepted' }));
  expect(notes.drafts(ONLINE)).toMatchObject({ c1: { state: 'saving' } });
});

test('the end of the pairing is the end of everything that was written', async () => {
  const { world, notes, start } = setUp();
  await notes.write('c1', { text: 'one' });
  notes.forget();
  world.clock.advance(600);
  await settled();
  const next = start();
  await next.restore();
  next.onSignedIn();
  expect([world.sent, next.drafts(ONLINE), notes.isAbout('c1')]).toEqual([[], {}, false]);
});

test('a conversation that was written about is known as such, also once it is kept', async () => {
  const { world, notes } = setUp();
  await notes.write('c1', { text: 'one' });
  world.clock.advance(600);
  notes.onMessage(result('key-1'));
  expect([notes.isAbout('c1'), notes.isAbout('c2')]).toEqual([true, false]);
});
