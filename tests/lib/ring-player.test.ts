// What is played, and that nothing rings for ever.
import { describe, expect, test } from 'vitest';
import { createHiddenPlayer, readRing } from '#lib/ring-page.ts';
import { createRingPlayer, type Sound } from '#lib/ring-player.ts';
import { TONE_NAMES, toneWav } from '#lib/ring-tones.ts';
import { createFakeClock } from '../fakes/clock.ts';

interface Played extends Sound {
  isPlaying: boolean;
  device?: string;
}

function setUp({ canPlay = true, file = undefined as Blob | undefined, hasOutput = true } = {}) {
  const clock = createFakeClock();
  const played: Played[] = [];
  const sizes: number[] = [];
  const player = createRingPlayer({
    after: clock.after,
    loadFile: async () => file,
    open(bytes) {
      sizes.push(bytes.size);
      const sound: Played = {
        loop: false,
        volume: 1,
        isPlaying: false,
        async play() {
          if (!canPlay) throw new Error('not allowed');
          sound.isPlaying = true;
        },
        pause() {
          sound.isPlaying = false;
        },
        async setSinkId(device) {
          if (!hasOutput) throw new Error('no such output');
          sound.device = device;
        },
      };
      played.push(sound);
      return { sound, release: () => undefined };
    },
  });
  return { player, played, sizes, clock };
}

describe('the player', () => {
  test('repeats the tone with volume and output as asked, and stops', async () => {
    const { player, played } = setUp();
    await player.set({ tone: 'soft', volume: 0.4, device: 'headset' });
    expect(played).toMatchObject([{ isPlaying: true, loop: true, volume: 0.4, device: 'headset' }]);
    await player.set(undefined);
    expect(played.map(({ isPlaying }) => isPlaying)).toEqual([false]);
  });

  test('goes on with the same ring, and changes over to another one', async () => {
    const { player, played } = setUp();
    const ring = { tone: 'soft', volume: 0.4 } as const;
    await player.set(ring);
    await player.set({ ...ring });
    expect(played).toHaveLength(1);
    await player.set({ ...ring, tone: 'bell' });
    expect(played.map(({ isPlaying }) => isPlaying)).toEqual([false, true]);
  });

  test('is silent at once when that is asked while it still loads', async () => {
    const { player, played } = setUp();
    const starting = player.set({ tone: 'own:1', volume: 1 });
    await player.set(undefined);
    await starting;
    expect(played.some(({ isPlaying }) => isPlaying)).toBe(false);
  });

  test('uses another output where the chosen one is gone, and says where it cannot be heard at all', async () => {
    const gone = setUp({ hasOutput: false });
    await gone.player.set({ tone: 'soft', volume: 1, device: 'headset' });
    expect(gone.played[0]?.isPlaying).toBe(true);
    await expect(setUp({ canPlay: false }).player.set({ tone: 'soft', volume: 1 })).rejects.toThrow('not allowed');
  });

  test('plays an own file, and a tone of ours where it was removed', async () => {
    const own = setUp({ file: new Blob(['12345']) });
    await own.player.set({ tone: 'own:1', volume: 1 });
    expect(own.sizes).toEqual([5]);
    const gone = setUp();
    await gone.player.set({ tone: 'own:1', volume: 1 });
    expect(gone.sizes).toEqual([toneWav('classic').byteLength]);
  });

  test('ends by itself after three minutes', async () => {
    const { player, played, clock } = setUp();
    await player.set({ tone: 'soft', volume: 1 });
    clock.advance(180_000);
    expect(played[0]?.isPlaying).toBe(false);
  });
});

describe('the hidden page', () => {
  function setUpPages() {
    const done: string[] = [];
    let current: string | undefined;
    const startWorker = () =>
      createHiddenPlayer({
        async create(url) {
          if (current !== undefined) throw new Error('Only a single offscreen document may be created');
          current = `chrome-extension://id/${url}`;
          done.push('create');
        },
        async close() {
          current = undefined;
          done.push('close');
        },
        current: async () => current,
      });
    return { startWorker, player: startWorker(), done, hash: () => current && new URL(current).hash };
  }

  test('is there for as long as it rings, and its address says what rings', async () => {
    const { player, done, hash } = setUpPages();
    const ring = { tone: 'bell', volume: 0.35, device: 'a b&c=d' } as const;
    await player.set(ring);
    expect(readRing(hash() ?? '')).toEqual(ring);
    await player.set(undefined);
    await player.set(undefined);
    expect(done).toEqual(['create', 'close']);
  });

  test('is neither begun anew nor left behind by the next worker', async () => {
    const { player, startWorker, done } = setUpPages();
    const ring = { tone: 'bell', volume: 0.35 } as const;
    await Promise.all([player.set(ring), player.set(ring)]);
    await startWorker().set(ring);
    expect(done).toEqual(['create']);
    await startWorker().set({ ...ring, tone: 'low' });
    await startWorker().set(undefined);
    expect(done).toEqual(['create', 'close', 'create', 'close']);
  });

  test.each(['', '#tone=gong&volume=1', '#tone=bell&volume=7', '#tone=own:../x&volume=1', '#volume=1'])(
    'plays nothing for %o',
    (hash) => {
      expect(readRing(hash)).toBeUndefined();
    },
  );
});

test.each(TONE_NAMES)('%s is a sound that is never cut off and begins and ends in silence', (name) => {
  const bytes = toneWav(name);
  const view = new DataView(bytes.buffer);
  const samples = Array.from({ length: (bytes.length - 44) / 2 }, (_none, at) => view.getInt16(44 + at * 2, true));
  expect(String.fromCharCode(...bytes.slice(0, 4), ...bytes.slice(8, 12))).toBe('RIFFWAVE');
  const highest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(highest).toBeGreaterThan(3_000);
  expect(highest).toBeLessThan(32_767);
  expect([samples[0], Math.abs(samples.at(-1) ?? 1)]).toEqual([0, 0]);
});
