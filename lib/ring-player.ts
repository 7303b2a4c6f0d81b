// Plays a ringtone in a page of ours: the options page for a try, the page that rings in Chromium, the event page in
// Firefox. It ends by itself, should whoever started it be gone: no browser rings for ever.
import { loadRingFile } from './ring-files.ts';
import { type ToneChoice, type ToneName, toneWav } from './ring-tones.ts';
import type { RingPlayer } from './ringer.ts';

/** A sound of the page, as far as it is used. */
export interface Sound {
  loop: boolean;
  volume: number;
  play(): Promise<void>;
  pause(): void;
  setSinkId?(device: string): Promise<void>;
}

export interface RingPlayerOptions {
  /** Makes a sound that can be played; `release` gives its memory back. */
  open(bytes: Blob): { sound: Sound; release(): void };
  loadFile?: ((id: string) => Promise<Blob | undefined>) | undefined;
  after(delayMs: number, action: () => void): () => void;
}

const LONGEST_RING_MS = 180_000;

/** The player of one page. `set` rejects where the browser does not let it be heard. */
export function createRingPlayer({ open, loadFile = loadRingFile, after }: RingPlayerOptions): RingPlayer {
  let shown: string | undefined;
  let stop: (() => void) | undefined;
  let round = 0;

  function silence(): void {
    stop?.();
    stop = undefined;
    shown = undefined;
  }

  return {
    async set(ring) {
      const wanted = ring && JSON.stringify(ring);
      if (wanted === shown) return;
      round += 1;
      const mine = round;
      silence();
      if (!ring) return;
      shown = wanted;
      const bytes = await soundOf(ring.tone, loadFile);
      // Something else is wanted by now.
      if (mine !== round || !bytes) return;
      const { sound, release } = open(bytes);
      sound.loop = true;
      sound.volume = ring.volume;
      const cancel = after(LONGEST_RING_MS, silence);
      stop = () => {
        cancel();
        sound.pause();
        release();
      };
      // An output that is not plugged in any more: it is heard on the other one.
      if (ring.device !== undefined) await sound.setSinkId?.(ring.device).catch(() => undefined);
      if (mine !== round) return;
      try {
        await sound.play();
      } catch (error) {
        if (mine !== round) return;
        silence();
        throw error;
      }
    },
  };
}

/** A player on the page's own sounds. */
export function pageRingPlayer(after: RingPlayerOptions['after']): RingPlayer {
  return createRingPlayer({
    after,
    open(bytes) {
      const url = URL.createObjectURL(bytes);
      return { sound: new Audio(url), release: () => URL.revokeObjectURL(url) };
    },
  });
}

/** Whether this browser can play a file. */
export async function isSound(bytes: Blob): Promise<boolean> {
  const url = URL.createObjectURL(bytes);
  try {
    const audio = new Audio();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    audio.addEventListener('loadedmetadata', () => resolve(audio.duration > 0));
    audio.addEventListener('error', () => resolve(false));
    audio.src = url;
    return await promise;
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function soundOf(
  tone: ToneChoice,
  loadFile: (id: string) => Promise<Blob | undefined>,
): Promise<Blob | undefined> {
  if (tone === 'none') return undefined;
  if (!isOwn(tone)) return new Blob([toneWav(tone)], { type: 'audio/wav' });
  // A file that was removed: a call must be heard all the same.
  return (await loadFile(tone.slice('own:'.length))) ?? new Blob([toneWav('classic')], { type: 'audio/wav' });
}

function isOwn(tone: ToneName | `own:${string}`): tone is `own:${string}` {
  return tone.startsWith('own:');
}
