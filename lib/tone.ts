// The tone by which an agent finds out whether this browser can be heard.

const TONE_HZ = [880, 660];
const TONE_SECONDS = 0.35;
// Loud enough for a headset, not for the room.
const VOLUME = 0.15;

/** Plays two short tones; resolves when they are over. Call it inside a click: browsers are silent otherwise. */
export async function playTone(audio: AudioContext = new AudioContext()): Promise<void> {
  const gain = audio.createGain();
  gain.gain.value = VOLUME;
  gain.connect(audio.destination);
  const ends = TONE_HZ.map((hertz, index) => {
    const tone = audio.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(gain);
    tone.start(audio.currentTime + index * TONE_SECONDS);
    tone.stop(audio.currentTime + (index + 1) * TONE_SECONDS);
    return new Promise((resolve) => tone.addEventListener('ended', resolve, { once: true }));
  });
  await Promise.all(ends);
  await audio.close();
}
