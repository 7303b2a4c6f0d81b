// The tone of the sound test.
import { expect, test } from 'vitest';
import { playTone } from '#lib/tone.ts';

test('two tones, one after the other, and the sound device is given back', async () => {
  const played: [number, string][] = [];
  const log: string[] = [];
  const audio = {
    currentTime: 2,
    destination: 'speaker',
    createGain: () => ({ gain: { value: 1 }, connect: (to: unknown) => log.push(`gain to ${String(to)}`) }),
    createOscillator() {
      let end = () => {};
      return {
        frequency: { value: 0 },
        connect: () => undefined,
        start: (at: number) => played.push([at, 'start']),
        stop(at: number) {
          played.push([at, 'stop']);
          queueMicrotask(() => end());
        },
        addEventListener(_type: string, listener: () => void) {
          end = listener;
        },
      };
    },
    close: async () => log.push('closed'),
  };
  await playTone(audio as unknown as AudioContext); // the parts that are used
  expect(played).toEqual([
    [2, 'start'],
    [2.35, 'stop'],
    [2.35, 'start'],
    [2.7, 'stop'],
  ]);
  expect(log).toEqual(['gain to speaker', 'closed']);
});
