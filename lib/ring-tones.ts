// The ringtones that come with the extension: made of a few sine waves when they are wanted, so that no sound file is
// shipped. Each is one round, to be repeated without a gap. Pure: makes bytes, plays nothing.

/** The tones that can be chosen, in the order of the list. */
export const TONE_NAMES = ['classic', 'soft', 'bell', 'double', 'low'] as const;
export type ToneName = (typeof TONE_NAMES)[number];

/** A chosen tone: one of ours, one of the agent's own files by its id (`'own:…'`), or none. */
export type ToneChoice = ToneName | 'none' | `own:${string}`;

interface Beat {
  atSeconds: number;
  seconds: number;
  /** All of them at once. */
  hertz: readonly number[];
  /** `held` keeps its loudness, `struck` dies away as a bell does. */
  manner: 'held' | 'struck';
}

const TONES: Record<ToneName, { seconds: number; beats: readonly Beat[] }> = {
  // The European ringing cadence: one second on, four off, here with a shorter pause.
  classic: { seconds: 4, beats: [{ atSeconds: 0, seconds: 1, hertz: [425, 850], manner: 'held' }] },
  soft: {
    seconds: 3,
    beats: [523, 659, 784].map((hertz, index) => struck(index * 0.25, 0.9, hertz)),
  },
  bell: { seconds: 2.4, beats: [struck(0, 1.1, 880, 1760), struck(0.3, 1.1, 880, 1760)] },
  // The British one: two short ones and a pause.
  double: { seconds: 3, beats: [held(0, 0.4, 400, 450), held(0.6, 0.4, 400, 450)] },
  low: { seconds: 3, beats: [held(0, 0.35, 220, 330), held(0.45, 0.35, 220, 330)] },
};

const RATE_HZ = 22_050;
const HEADER_BYTES = 44;
const BYTES_PER_SAMPLE = 2;
const HIGHEST = 32_767;
// Without it each beat begins and ends with a click.
const EDGE_SECONDS = 0.012;
const STRUCK_HALF_LIFE_SECONDS = 0.18;

/** One round of a tone as a WAV file: 16 bits, one channel. */
export function toneWav(name: ToneName): Uint8Array<ArrayBuffer> {
  const { seconds, beats } = TONES[name];
  const count = Math.round(seconds * RATE_HZ);
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + count * BYTES_PER_SAMPLE));
  writeHeader(view, count * BYTES_PER_SAMPLE);
  for (let at = 0; at < count; at += 1) {
    const sample = beats.reduce((sum, beat) => sum + levelOf(beat, at / RATE_HZ), 0);
    view.setInt16(HEADER_BYTES + at * BYTES_PER_SAMPLE, Math.round(Math.max(-1, Math.min(1, sample)) * HIGHEST), true);
  }
  return new Uint8Array(view.buffer);
}

function struck(atSeconds: number, seconds: number, ...hertz: number[]): Beat {
  return { atSeconds, seconds, hertz, manner: 'struck' };
}

function held(atSeconds: number, seconds: number, ...hertz: number[]): Beat {
  return { atSeconds, seconds, hertz, manner: 'held' };
}

function levelOf({ atSeconds, seconds, hertz, manner }: Beat, second: number): number {
  const into = second - atSeconds;
  const left = seconds - into;
  if (into < 0 || left <= 0) return 0;
  const edge = Math.min(1, into / EDGE_SECONDS, left / EDGE_SECONDS);
  const fade = manner === 'struck' ? 0.5 ** (into / STRUCK_HALF_LIFE_SECONDS) : 1;
  const wave = hertz.reduce((sum, one) => sum + Math.sin(2 * Math.PI * one * into), 0) / hertz.length;
  return 0.6 * edge * fade * wave;
}

// RIFF/WAVE, format 1 (PCM).
function writeHeader(view: DataView, dataBytes: number): void {
  const text = (at: number, letters: string) => {
    for (const [index, letter] of [...letters].entries()) view.setUint8(at + index, letter.charCodeAt(0));
  };
  text(0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE_HZ, true);
  view.setUint32(28, RATE_HZ * BYTES_PER_SAMPLE, true);
  view.setUint16(32, BYTES_PER_SAMPLE, true);
  view.setUint16(34, BYTES_PER_SAMPLE * 8, true);
  text(36, 'data');
  view.setUint32(40, dataBytes, true);
}
